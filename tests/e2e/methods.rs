//! Methods beside tools: each has rules of its own or is denied. Nothing slips by because it was not thought of.

use std::fs;

use anyhow::{Context, Result};
use serde_json::{Value, json};
use tests::agent::error_code;
use tests::audit::{at_least, text};
use tests::document::Document;
use tests::fixture::Fixture;
use tests::gateway::{Gateway, Plan};
use tests::http::Request;
use tests::upstream::Upstream;
use tests::wait::{SOON, until};

/// Requests that a role with tools alone must not get through.
fn beside_tools() -> Vec<(&'static str, Value)> {
    vec![
        ("prompts/get", json!({"name": "p"})),
        ("resources/read", json!({"uri": "test://r"})),
        ("resources/subscribe", json!({"uri": "test://r"})),
        ("resources/unsubscribe", json!({"uri": "test://r"})),
        (
            "completion/complete",
            json!({"ref": {"type": "ref/prompt", "name": "p"}, "argument": {"name": "a", "value": ""}}),
        ),
        (
            "completion/complete",
            json!({"ref": {"type": "ref/resource", "uri": "test://r"}, "argument": {"name": "a", "value": ""}}),
        ),
        ("subscriptions/listen", json!({"notifications": {"toolsListChanged": true}})),
        ("tasks/get", json!({"taskId": "1"})),
        ("tasks/update", json!({"taskId": "1"})),
        ("tasks/cancel", json!({"taskId": "1"})),
        ("tasks/list", json!({})),
        ("tasks/result", json!({"taskId": "1"})),
        ("skills/get", json!({"uri": "skill://s"})),
        ("resources/directory/read", json!({"uri": "test://r"})),
        ("sampling/createMessage", json!({})),
        ("unheard/of", json!({})),
        ("Tools/Call", json!({"name": "echo", "arguments": {}})),
    ]
}

fn scene(rules: &str) -> Result<(Upstream, Gateway)> {
    let upstream = Upstream::echo()?;
    let document = Document::new().server("s", &upstream.url(), "").role("agent", rules);
    let gateway = Plan::of(&document.text()).start()?;
    Ok((upstream, gateway))
}

#[test]
fn a_right_to_tools_is_a_right_to_tools_alone() -> Result<()> {
    let (upstream, gateway) = scene("tools: [{ allow: s.* }]")?;
    let agent = gateway.modern("/s/mcp", "agent")?;
    agent.result("echo", json!({}))?;
    upstream.forget();
    for (method, params) in beside_tools() {
        let message = agent.ask(method, params)?;
        assert!(error_code(&message).is_some_and(|code| (4030..4040).contains(&code)), "{method}: {message}");
    }
    assert!(upstream.received().is_empty(), "{:?}", upstream.received());
    Ok(())
}

#[test]
fn each_kind_of_right_opens_its_own_methods() -> Result<()> {
    let rights =
        "prompts: [{ allow: s.p }], resources: [{ allow: \"s.test://r\" }], completion: [{ allow: s.p }]";
    let (upstream, gateway) = scene(rights)?;
    let agent = gateway.modern("/s/mcp", "agent")?;
    let completion = |name: &str| json!({"ref": {"type": "ref/prompt", "name": name}, "argument": {"name": "a", "value": ""}});
    let cases = [
        ("prompts/get", json!({"name": "p"}), true),
        ("prompts/get", json!({"name": "q"}), false),
        ("resources/read", json!({"uri": "test://r"}), true),
        ("resources/read", json!({"uri": "test://r/../q"}), false),
        ("completion/complete", completion("p"), true),
        ("completion/complete", completion("q"), false),
        ("tools/call", json!({"name": "p", "arguments": {}}), false),
    ];
    for (method, params, allowed) in cases {
        upstream.forget();
        let message = agent.ask(method, params.clone())?;
        assert_eq!(error_code(&message).is_none(), allowed, "{method} {params}: {message}");
        assert_eq!(upstream.received().len(), usize::from(allowed), "{method} {params}");
    }
    Ok(())
}

#[test]
fn a_streams_right_is_a_right_of_its_own() -> Result<()> {
    let (upstream, gateway) = scene("tools: [{ allow: s.* }]")?;
    let agent = gateway.modern("/s/mcp", "agent")?;
    let request = agent.with_identity(Request::new("GET", "").header("Accept", "text/event-stream"));
    assert_eq!(request.send(&agent.url)?.status, 405);
    assert!(upstream.received().is_empty());
    Ok(())
}

#[test]
fn verbs_that_mcp_does_not_know_are_refused() -> Result<()> {
    let (upstream, gateway) = scene("everything: true")?;
    let agent = gateway.modern("/s/mcp", "agent")?;
    for verb in ["PUT", "PATCH", "OPTIONS", "HEAD"] {
        let request = agent.with_identity(Request::new(verb, ""));
        assert_eq!(request.open(&agent.url)?.status, 405, "{verb}");
    }
    for verb in ["GET", "DELETE"] {
        let request =
            agent.with_identity(Request::new(verb, "").header("MCP-Protocol-Version", "2026-07-28"));
        let response = request.send(&agent.url)?;
        assert_eq!((response.status, response.headers.get("allow")), (405, Some("POST")), "{verb}");
    }
    assert!(upstream.received().is_empty());
    Ok(())
}

#[test]
fn the_handshake_is_open_to_whoever_may_use_the_server() -> Result<()> {
    let (upstream, gateway) = scene("tools: [{ allow: s.echo }]")?;
    let agent = gateway.modern("/s/mcp", "agent")?;
    assert_eq!(error_code(&agent.ask("server/discover", json!({}))?), None);
    for method in ["initialize", "ping"] {
        let body =
            json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": {"protocolVersion": "2026-07-28"}});
        assert_eq!(agent.post(body.to_string()).send(&agent.url)?.status, 200, "{method}");
    }
    assert_eq!(upstream.received().len(), 3);
    Ok(())
}

#[test]
fn a_method_that_nobody_knows_is_allowed_by_its_name_alone() -> Result<()> {
    let (upstream, gateway) = scene("tools: [{ allow: s.* }], methods: [{ allow: s.skills/get }]")?;
    let agent = gateway.modern("/s/mcp", "agent")?;
    assert_eq!(error_code(&agent.ask("skills/get", json!({"uri": "skill://s"}))?), None);
    assert_eq!(error_code(&agent.ask("skills/list", json!({}))?), Some(4032));
    assert_eq!(upstream.received().len(), 1);
    Ok(())
}

#[test]
fn a_server_asks_of_the_client_what_the_role_consents_to() -> Result<()> {
    let fixture = Fixture::open()?;
    let document =
        Document::new().server("s", fixture.url(), "").role("mute", "tools: [{ allow: s.* }]").role(
            "agent",
            "tools: [{ allow: s.* }], asks: { s: { sampling: true, elicitation: { form: true } } }",
        );
    let gateway = Plan::of(&document.text()).start()?;
    let (mute, agent) = (gateway.modern("/s/mcp", "mute")?, gateway.modern("/s/mcp", "agent")?);
    let cases = [
        ("test_input_required_result_elicitation", true),
        ("test_input_required_result_sampling", true),
        ("test_input_required_result_list_roots", false),
    ];
    for (tool, consented) in cases {
        let refused = mute.call(tool, json!({}))?;
        assert_eq!(error_code(&refused), Some(4047), "{tool}: {refused}");
        assert!(refused.get("result").is_none(), "{tool}: {refused}");
        let asked = agent.call(tool, json!({}))?;
        let kind = asked.pointer("/result/resultType");
        assert_eq!(kind == Some(&Value::from("input_required")), consented, "{tool}: {asked}");
    }
    // Legacy: the question comes as a request on the call's own stream.
    let legacy = gateway.legacy("/s/mcp", "mute")?;
    let call = json!({"name": "test_sampling", "arguments": {"prompt": "hello"}});
    let mut events = legacy.open("tools/call", call.clone())?.events();
    let (message, _) = events.message()?.context("nothing on the stream")?;
    assert_eq!((message.get("id"), error_code(&message)), (Some(&json!(7)), Some(4047)), "{message}");
    let mut events = gateway.legacy("/s/mcp", "agent")?.open("tools/call", call)?.events();
    let (message, _) = events.message()?.context("nothing on the stream")?;
    assert_eq!(message.get("method"), Some(&Value::from("sampling/createMessage")), "{message}");
    let rows = at_least(&gateway, 4, &["--role", "mute", "--decision", "denied"])?;
    assert!(rows.iter().any(|row| text(row, "reason").contains("sampling: true")), "{rows:?}");
    Ok(())
}

#[test]
fn a_retry_with_answers_is_judged_like_a_first_call() -> Result<()> {
    let fixture = Fixture::open()?;
    let rights = "tools: [{ allow: s.* }], asks: { s: { elicitation: { form: true } } }";
    let document = Document::new().server("s", fixture.url(), "").role("agent", rights);
    let gateway = Plan::of(&document.text()).start()?;
    let agent = gateway.modern("/s/mcp", "agent")?;
    let asked = agent.call("test_input_required_result_request_state", json!({}))?;
    let state = asked.pointer("/result/requestState").and_then(Value::as_str).context("no state")?;
    let retry = json!({
        "name": "test_input_required_result_request_state", "arguments": {}, "requestState": state,
        "inputResponses": {"confirm": {"action": "accept", "content": {"ok": true}}}
    });
    let done = agent.ask("tools/call", retry.clone())?;
    assert_eq!(done.pointer("/result/content/0/text"), Some(&Value::from("state-ok")), "{done}");
    let narrower = document_without(&document);
    fs::write(gateway.folder().join("next.yaml"), narrower)?;
    let path = gateway.folder().join("next.yaml").display().to_string();
    gateway.told(&["policy", "apply", &path])?;
    until("the rule to be withdrawn", SOON, || {
        Ok((error_code(&agent.ask("tools/call", retry.clone())?) == Some(4030)).then_some(()))
    })
}

/// The document whose role may call another tool alone.
fn document_without(document: &Document) -> String {
    document.text().replace("allow: s.*", "allow: s.echo")
}
