//! Servers that are run: one process shared by all callers, through the real gateway; what becomes of it when it ends.

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use nix::sys::signal::Signal;
use serde_json::{Value, json};
use tests::agent::{Agent, error_code};
use tests::document::Document;
use tests::gateway::{Gateway, Plan};
use tests::http::{Request, Url};
use tests::keys::Key;
use tests::process::runs;
use tests::wait::{SOON, START, until};
use tests::workspace;

/// A secret of the gateway's own environment that no server is told.
const OTHERS: &str = "a-secret-that-is-none-of-a-servers-business";
const TOKEN: &str = "the-token-of-the-shared-server";

/// The server before 2026-07-28, by the TypeScript SDK.
fn shared() -> Result<String> {
    let node = workspace::node()?;
    let sdk = workspace::existing(".tools/node/node_modules/@modelcontextprotocol/sdk")?;
    let server = workspace::existing("tests/fixture/shared.cjs")?;
    Ok(format!(
        "command: [\"{}\", \"{}\"], cwd: /tmp, env: {{ SDK: \"{}\", LEVEL: low, TOKEN: {{ env: SHARED_TOKEN }} }}",
        node.display(),
        server.display(),
        sdk.display()
    ))
}

/// The modern one, by the Python SDK.
fn modern() -> Result<String> {
    let (python, fixture) = (workspace::python()?, workspace::existing("tests/fixture")?);
    Ok(format!("command: [\"{}\", \"{}\", --stdio]", python.display(), fixture.display()))
}

fn gateway() -> Result<Gateway> {
    let document = Document::new()
        .program("old", &shared()?)
        .program("new", &modern()?)
        .role("agent", "tools: [{ allow: old.* }, { allow: new.* }]")
        .role("guest", "tools: [{ allow: old.echo }]");
    Plan::of(&document.text()).variable("SHARED_TOKEN", TOKEN).variable("OTHERS", OTHERS).start()
}

/// What a tool of the shared server said.
fn said(agent: &Agent, tool: &str, arguments: Value) -> Result<Value> {
    let result = agent.result(tool, arguments)?;
    let text = result.pointer("/content/0/text").and_then(Value::as_str).context("no text")?;
    Ok(serde_json::from_str(text)?)
}

fn pid(agent: &Agent) -> Result<u32> {
    let pid = said(agent, "who", json!({}))?.get("pid").and_then(Value::as_u64).context("no pid")?;
    Ok(u32::try_from(pid)?)
}

#[test]
fn clients_share_one_process_and_keep_their_ids_and_tokens() -> Result<()> {
    let gateway = gateway()?;
    let agent = gateway.legacy("/old/mcp", "agent")?;
    let who = said(&agent, "who", json!({}))?;
    let variables = who.get("variables").and_then(Value::as_array).context("no variables")?;
    let known = [
        "HOME", "LANG", "LC_ALL", "LEVEL", "LOGNAME", "PATH", "SDK", "SHELL", "TERM", "TMPDIR", "TOKEN",
        "TZ", "USER",
    ];
    assert!(variables.iter().all(|name| name.as_str().is_some_and(|name| known.contains(&name))), "{who}");
    assert_eq!(
        (&who["level"], &who["token"], &who["folder"]),
        (&json!("low"), &json!(TOKEN), &json!("/tmp"))
    );

    // Every request of these agents has the id 7.
    let agents: Vec<Agent> = (0..6).map(|_| gateway.legacy("/old/mcp", "agent")).collect::<Result<_>>()?;
    let pids = agents.iter().map(pid).collect::<Result<Vec<_>>>()?;
    assert!(pids.iter().all(|pid| *pid == pids[0]), "{pids:?}");
    let threads: Vec<_> = agents
        .into_iter()
        .enumerate()
        .map(|(number, agent)| {
            thread::spawn(move || -> Result<()> {
                for turn in 0..5 {
                    let text = format!("{number}-{turn}");
                    assert_eq!(said(&agent, "echo", json!({ "text": text }))?, json!(text));
                }
                let token = if number % 2 == 0 { json!("mine") } else { json!(number) };
                let meta = json!({ "progressToken": token });
                let steps = 2 + number;
                let params = json!({ "name": "count", "arguments": { "to": steps }, "_meta": meta });
                let response = agent.send("tools/call", params)?.text();
                let told = response.matches(&format!("\"progressToken\":{token}")).count();
                ensure!(told == steps && response.contains("\"id\":7"), "{told} of {steps}: {response}");
                ensure!(response.matches("notifications/progress").count() == steps, "{response}");
                Ok(())
            })
        })
        .collect();
    for thread in threads {
        thread.join().map_err(|_| anyhow::anyhow!("a client panicked"))??;
    }

    // What cannot be shared is refused: by the server that finds nobody to ask, and to the client.
    assert!(said(&agent, "ask", json!({}))?.as_str().is_some_and(|text| text.starts_with("no: ")));
    let guest = gateway.legacy("/old/mcp", "guest")?;
    assert_eq!(error_code(&guest.call("who", json!({}))?), Some(4030));
    Ok(())
}

#[test]
fn a_modern_server_is_passed_through_and_both_are_in_the_catalogue() -> Result<()> {
    let gateway = gateway()?;
    let agent = gateway.modern("/new/mcp", "agent")?;
    let result = agent.result("test_simple_text", json!({}))?;
    assert_eq!(result["content"][0]["type"], "text", "{result}");
    let meta = json!({ "progressToken": "mine" });
    let params = json!({ "name": "test_tool_with_progress", "arguments": {}, "_meta": meta });
    let response = agent.send("tools/call", params)?.text();
    assert!(response.contains("\"progressToken\":\"mine\"") && response.contains("\"id\":7"), "{response}");
    let unknown = agent.send("no/such", json!({}))?;
    assert_eq!(unknown.status, 200, "the gateway's own refusal: {}", unknown.text());

    let checked = gateway.json(&["server", "check"])?;
    let eras: Vec<_> = checked.as_array().context("no list")?.iter().map(|server| &server["era"]).collect();
    assert_eq!(eras, [&json!("modern"), &json!("legacy")], "{checked}");
    let listed = gateway.told(&["catalog", "list", "--server", "old"])?;
    for tool in ["who", "echo", "count"] {
        assert!(listed.contains(tool), "{listed}");
    }
    assert!(gateway.told(&["catalog", "search", "tool", "ECHO"])?.contains("echo"));
    let shown = gateway.json(&["catalog", "show", "old.echo"])?;
    assert_eq!(shown[0]["definition"]["inputSchema"]["properties"]["text"]["type"], "string", "{shown}");
    let roles = shown[0]["roles"].as_array().context("no roles")?.len();
    assert_eq!(roles, 2, "{shown}");
    Ok(())
}

#[test]
fn a_process_that_ends_answers_at_once_and_is_started_again() -> Result<()> {
    let mut gateway = gateway()?;
    let agent = gateway.legacy("/old/mcp", "agent")?;
    let first = pid(&agent)?;
    let waiting = gateway.legacy("/old/mcp", "agent")?;
    let began = Instant::now();
    let waiting = thread::spawn(move || waiting.call("wait", json!({})));
    thread::sleep(Duration::from_millis(300));
    assert_eq!(error_code(&agent.call("end", json!({}))?), Some(4039));
    let told = waiting.join().map_err(|_| anyhow::anyhow!("a client panicked"))??;
    assert_eq!(error_code(&told), Some(4039), "{told}");
    assert!(began.elapsed() < Duration::from_secs(20), "the call waited for {:?}", began.elapsed());
    // The session goes on: it is the gateway's and the client's, and the new process was greeted by the bridge.
    let second = until("the server to run again", SOON, || Ok(pid(&agent).ok()))?;
    assert_ne!(first, second);
    let log = fs::read_to_string(gateway.state("server-old.log"))?;
    assert!(
        log.contains("a line on standard error") && log.contains("ending because a call said so"),
        "{log}"
    );

    gateway.process().signal(Signal::SIGINT)?;
    gateway.process().ended(START)?;
    until("the server to be gone", SOON, || Ok((!runs(second)?).then_some(())))?;
    Ok(())
}

#[test]
fn a_killed_gateway_leaves_no_server() -> Result<()> {
    let mut gateway = gateway()?;
    let pid = pid(&gateway.legacy("/old/mcp", "agent")?)?;
    gateway.process().signal(Signal::SIGKILL)?;
    until("the server to be gone", SOON, || Ok((!runs(pid)?).then_some(())))
}

#[test]
fn nobody_but_the_gateway_reaches_it_and_gateways_do_not_know_how_it_is_run() -> Result<()> {
    let gateway = gateway()?;
    pid(&gateway.legacy("/old/mcp", "agent")?)?;
    let envoy = fs::read_to_string(gateway.state("envoy.json"))?;
    for secret in ["shared.cjs", TOKEN, OTHERS] {
        assert!(!envoy.contains(secret), "`{secret}` is in Envoy's configuration");
    }
    let envoy: Value = serde_json::from_str(&envoy)?;
    let clusters = envoy["static_resources"]["clusters"].as_array().context("no clusters")?;
    let adapter =
        clusters.iter().find(|cluster| cluster["name"] == "trigate_adapter").context("no adapter")?;
    let port = adapter
        .pointer("/load_assignment/endpoints/0/lb_endpoints/0/endpoint/address/socket_address/port_value")
        .context("no port")?;
    let url = format!("http://127.0.0.1:{port}/old/mcp");
    let call = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "who", "arguments": {}}});
    let request = Request::new("POST", call.to_string()).header("Content-Type", "application/json");
    let stranger = request.send(&Url::parse(&url)?)?;
    assert_eq!(stranger.status, 401, "{}", stranger.text());
    let key = format!("Bearer {}", Key::of("agent").text);
    let direct = request.header("Authorization", &key).send(&Url::parse(&url)?)?;
    assert_eq!(direct.status, 403, "{}", direct.text());
    assert!(direct.text().contains("gateway only"), "{}", direct.text());
    Ok(())
}

#[test]
fn servers_come_and_go_by_commands() -> Result<()> {
    let gateway = Plan::of(&Document::new().role("agent", "everything: true").text())
        .variable("SHARED_TOKEN", TOKEN)
        .start()?;
    let sdk = workspace::existing(".tools/node/node_modules/@modelcontextprotocol/sdk")?;
    let sdk = format!("SDK={}", sdk.display());
    let (node, server) = (workspace::node()?, workspace::existing("tests/fixture/shared.cjs")?);
    let (node, server) = (node.display().to_string(), server.display().to_string());
    let added = gateway.told(&[
        "server",
        "add",
        "old",
        "--endpoint",
        "/old/mcp",
        "--env",
        &sdk,
        "--env-from",
        "TOKEN=SHARED_TOKEN",
        "--",
        &node,
        &server,
    ])?;
    assert!(added.contains("server `old` added"), "{added}");
    let checked = until("the server to answer", SOON, || {
        let checked = gateway.run(&["server", "check", "old", "--output", "json"])?;
        Ok(checked.status.success().then(|| String::from_utf8_lossy(&checked.stdout).into_owned()))
    })?;
    assert!(checked.contains("\"tools\": 6"), "{checked}");
    let listed = gateway.json(&["server", "list"])?;
    assert_eq!(listed[0]["endpoints"], json!(["/old/mcp"]), "{listed}");
    assert_eq!(listed[0]["credential"], "TOKEN from env SHARED_TOKEN", "{listed}");
    assert!(!listed.to_string().contains(TOKEN), "{listed}");

    gateway.told(&["server", "add", "lost", "http://127.0.0.1:1/mcp", "--credential-env", "SHARED_TOKEN"])?;
    let lost = gateway.run(&["server", "check", "lost"])?;
    let told = String::from_utf8_lossy(&lost.stdout).into_owned();
    assert!(lost.status.code() == Some(3) && told.contains("no connection to `127.0.0.1:1`"), "{told}");
    gateway.told(&["server", "add", "absent", "--", "/nowhere/program"])?;
    let absent = until("the failure to be told", SOON, || {
        let absent = gateway.run(&["server", "check", "absent"])?;
        let told = String::from_utf8_lossy(&absent.stdout).into_owned();
        Ok(told.contains("cannot be started").then_some(told))
    })?;
    assert!(absent.contains("/nowhere/program") && absent.contains("server-absent.log"), "{absent}");

    let refused = gateway.run(&["server", "remove", "old"])?;
    let told = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(refused.status.code() == Some(3) && told.contains("endpoints[\"/old/mcp\"]"), "{told}");
    let exported = gateway.json(&["server", "export", "old", "--url", "https://gw.example.com"])?;
    assert_eq!(exported["remotes"][0]["url"], "https://gw.example.com/old/mcp", "{exported}");
    let gone = gateway.told(&["server", "remove", "old", "--force"])?;
    assert!(gone.contains("removed with it: endpoints"), "{gone}");
    Ok(())
}
