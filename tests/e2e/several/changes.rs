//! Changes of lists, told to clients of an endpoint of several servers.

use std::fs;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use tempfile::TempDir;
use tests::agent::{Agent, error_code};
use tests::document::Document;
use tests::gateway::{Gateway, Plan};
use tests::http::{Open, Request};
use tests::keys::Key;
use tests::lists;
use tests::process::Process;
use tests::sse::Events;
use tests::upstream::{Answer, Upstream};
use tests::wait::{self, SOON};
use tests::workspace;

use super::legacy;

const SUBSCRIPTION: &str = "/params/_meta/io.modelcontextprotocol~1subscriptionId";

/// Two servers, one of which can come to have another tool.
struct Scene {
    document: Document,
    has_more: Arc<AtomicBool>,
    gateway: Gateway,
    _servers: [Upstream; 2],
}

impl Scene {
    fn start() -> Result<Self> {
        let has_more = Arc::new(AtomicBool::new(false));
        let more = Arc::clone(&has_more);
        let growing = Upstream::start(move |received| {
            let message = received.json();
            let is_list = message.get("method").and_then(Value::as_str) == Some("tools/list");
            if !is_list || !more.load(Ordering::SeqCst) {
                return legacy(received);
            }
            let names = ["create", "drop", "renew"];
            let tools = names.map(|name| json!({"name": name, "inputSchema": {"type": "object"}}));
            let result = json!({ "tools": tools });
            Answer::json(&json!({"jsonrpc": "2.0", "id": message.get("id"), "result": result}))
        })?;
        let other = Upstream::start(legacy)?;
        let listens = "subscriptions: [{ allow: growing.tools_list_changed }, { allow: growing.stream }]";
        let document = Document::new()
            .server("growing", &growing.url(), "")
            .server("other", &other.url(), "")
            .shared("/mcp", &["growing", "other"])
            .role("reader", &format!("tools: [{{ allow: growing.* }}, {{ allow: other.create }}], {listens}"))
            .role("modest", &format!("tools: [{{ allow: growing.create }}], {listens}"))
            .role("deaf", "tools: [{ allow: growing.* }]");
        let gateway = Plan::of(&document.text()).workers(2).start()?;
        let scene = Self { document, has_more, gateway, _servers: [growing, other] };
        scene.lists("reader", 3)?;
        Ok(scene)
    }

    /// Waits until a role's list has so many tools, wherever it is asked for.
    fn lists(&self, role: &str, count: usize) -> Result<()> {
        let agent = self.gateway.modern("/mcp", role)?;
        wait::until("the list", SOON, || {
            let lengths = (0..10).map(|_| Ok(lists::tools(&agent)?.len()));
            let lengths = lengths.collect::<Result<Vec<_>>>()?;
            Ok(lengths.iter().all(|length| *length == count).then_some(()))
        })
    }

    fn grow(&self) -> Result<()> {
        self.has_more.store(true, Ordering::SeqCst);
        self.gateway.told(&["pins", "list", "--ask"]).map(drop)
    }

    fn apply(&self, text: &str) -> Result<()> {
        let path = self.gateway.folder().join("next.yaml");
        fs::write(&path, text)?;
        self.gateway.told(&["policy", "apply", &path.to_string_lossy()]).map(drop)
    }

    /// A subscription to changes of the tools, acknowledged.
    fn subscribed(&self, role: &str) -> Result<Events> {
        let wanted = json!({"notifications": {"toolsListChanged": true}});
        let open = self.gateway.modern("/mcp", role)?.open("subscriptions/listen", wanted)?;
        ensure!(open.status == 200, "a subscription got {}", open.status);
        assert_eq!(open.headers.get("content-type"), Some("text/event-stream"));
        let mut events = open.events();
        let (first, _) = events.message()?.context("an acknowledgement")?;
        assert_eq!(first.get("method"), Some(&json!("notifications/subscriptions/acknowledged")));
        assert_eq!(first.pointer("/params/notifications"), Some(&json!({"toolsListChanged": true})));
        assert_eq!(first.pointer(SUBSCRIPTION), Some(&json!(7)));
        Ok(events)
    }
}

fn stream(agent: &Agent) -> Result<Open> {
    agent.with_identity(Request::new("GET", "").header("Accept", "text/event-stream")).open(&agent.url)
}

#[track_caller]
fn hears(events: &mut Events, id: Option<i64>) -> Result<()> {
    let (message, _) = events.message()?.context("a notification")?;
    assert_eq!(message.get("method"), Some(&json!("notifications/tools/list_changed")), "{message}");
    assert_eq!(message.pointer(SUBSCRIPTION), id.map(|id| json!(id)).as_ref());
    Ok(())
}

#[test]
fn both_eras_hear_that_a_server_has_another_tool() -> Result<()> {
    let scene = Scene::start()?;
    let mut modern = scene.subscribed("reader")?;
    let legacy = scene.gateway.legacy("/mcp", "reader")?;
    let open = stream(&legacy)?;
    assert_eq!((open.status, open.headers.get("content-type")), (200, Some("text/event-stream")));
    let mut older = open.events();
    scene.grow()?;
    hears(&mut modern, Some(7))?;
    hears(&mut older, None)?;
    assert!(lists::tools(&legacy)?.contains(&"growing__renew".to_owned()));
    Ok(())
}

#[test]
fn a_caller_hears_of_what_it_may_see_alone() -> Result<()> {
    let scene = Scene::start()?;
    let (mut reader, mut modest) = (scene.subscribed("reader")?, scene.subscribed("modest")?);
    scene.grow()?;
    hears(&mut reader, Some(7))?;
    let (text, own) = (scene.document.text(), "[{ allow: growing.create }]");
    scene.apply(&text.replace(own, "[{ allow: growing.create }, { allow: other.create }]"))?;
    hears(&mut modest, Some(7))?;
    scene.lists("modest", 2)?;
    // Had it heard of the server's new tool, there would be one more.
    scene.gateway.told(&["apikey", "revoke", &Key::of("modest").id])?;
    while let Ok(Some(event)) = modest.event() {
        assert_eq!(event.message(), None);
    }
    Ok(())
}

#[test]
fn a_revoked_key_ends_the_stream() -> Result<()> {
    let scene = Scene::start()?;
    let mut modern = scene.subscribed("reader")?;
    let mut older = stream(&scene.gateway.legacy("/mcp", "reader")?)?.events();
    scene.gateway.told(&["apikey", "revoke", &Key::of("reader").id])?;
    for events in [&mut modern, &mut older] {
        while let Ok(Some(event)) = events.event() {
            assert_eq!(event.message(), None, "a revoked key is told nothing");
        }
    }
    Ok(())
}

#[test]
fn who_may_not_listen_gets_no_stream() -> Result<()> {
    let scene = Scene::start()?;
    let wanted = json!({"notifications": {"toolsListChanged": true}});
    let deaf = scene.gateway.modern("/mcp", "deaf")?;
    assert_eq!(error_code(&deaf.ask("subscriptions/listen", wanted.clone())?), Some(4030));
    let stranger = Agent::modern(scene.gateway.url("/mcp")?, None)?;
    assert_eq!(stranger.send("subscriptions/listen", wanted)?.status, 401);
    assert_eq!(stream(&stranger)?.status, 401);
    let reader = scene.gateway.modern("/mcp", "reader")?;
    for hidden in [json!({"resourceSubscriptions": ["old://1"]}), json!({"promptsListChanged": true})] {
        let refused = reader.ask("subscriptions/listen", json!({ "notifications": hidden }))?;
        assert_eq!(error_code(&refused), Some(4030), "{refused}");
    }
    let deaf = scene.gateway.legacy("/mcp", "deaf")?;
    assert_eq!(stream(&deaf)?.status, 405);
    let thief = scene.gateway.legacy("/mcp", "reader")?.in_session("c3RvbGVu");
    assert_eq!(stream(&thief)?.status, 404);
    // Who names the stream's keeper as a server reaches nothing.
    let steered = reader.request("tools/list", json!({})).header("X-Trigate-Server", "trigate.changes");
    assert!(steered.send(&reader.url)?.message()?.pointer("/result/tools").is_some());
    Ok(())
}

#[test]
fn the_keeper_of_the_stream_opens_it_for_nobody_but_the_gateway() -> Result<()> {
    let scene = Scene::start()?;
    let envoy: Value = serde_json::from_slice(&fs::read(scene.gateway.state("envoy.json"))?)?;
    let clusters = envoy.pointer("/static_resources/clusters").and_then(Value::as_array);
    let adapter = clusters.and_then(|all| {
        let adapter = all.iter().find(|cluster| cluster.get("name") == Some(&json!("trigate_adapter")))?;
        let place = "/load_assignment/endpoints/0/lb_endpoints/0/endpoint/address/socket_address/port_value";
        adapter.pointer(place)?.as_u64()
    });
    let url = format!("http://127.0.0.1:{}/trigate.changes/mcp", adapter.context("the adapter's port")?);
    let wanted = json!({"notifications": {"toolsListChanged": true}});
    for (key, expected) in [(None, 401), (Some(Key::of("reader").text), 404)] {
        let agent = Agent::modern(&url, key.as_deref())?;
        assert_eq!(agent.send("subscriptions/listen", wanted.clone())?.status, expected);
        assert_eq!(stream(&agent)?.status, expected);
        let forged =
            agent.request("subscriptions/listen", wanted.clone()).header("X-Trigate-Assertion", "e30.AAAA");
        assert_eq!(forged.send(&agent.url)?.status, 401);
    }
    Ok(())
}

/// A real client that listens.
fn listener(gateway: &Gateway, mode: &str, folder: &TempDir) -> Result<Process> {
    let package = workspace::existing(".tools/clients/node_modules/@modelcontextprotocol/client")?;
    let mut command = Command::new(workspace::node()?);
    command.arg(workspace::existing("tests/clients/changes.mjs")?);
    command.args([gateway.url("/mcp")?, &Key::of("reader").text]).arg(package).arg(mode);
    Process::start("a client that listens", command, &folder.path().join(format!("{mode}.log")))
}

#[test]
fn a_real_client_of_either_era_asks_for_the_list_anew() -> Result<()> {
    let scene = Scene::start()?;
    let folder = tempfile::tempdir()?;
    let mut clients = Vec::new();
    for (mode, protocol) in [("auto", "2026-07-28"), ("default", "2025-11-25")] {
        let mut client = listener(&scene.gateway, mode, &folder)?;
        assert_eq!(client.line("ready ")?, protocol);
        clients.push(client);
    }
    // The older one opens its stream by itself, and says nothing of it.
    wait::until("both streams", SOON, || {
        let audit = scene.gateway.json(&["audit", "query", "--limit", "100"])?.to_string();
        Ok((audit.contains("subscriptions/listen") && audit.contains("\"GET\"")).then_some(()))
    })?;
    scene.grow()?;
    for client in &mut clients {
        assert_eq!(client.line("told ")?, "growing__create,growing__drop,growing__renew,other__create");
    }
    Ok(())
}
