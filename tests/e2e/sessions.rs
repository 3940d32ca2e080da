//! Legacy sessions live through the gateway: their id, their stream, their end.

use anyhow::{Context, Result};
use serde_json::{Value, json};
use tests::agent::{Agent, LEGACY};
use tests::document::Document;
use tests::fixture::Fixture;
use tests::gateway::{Gateway, Plan};
use tests::http::Request;

fn scene(rights: &str) -> Result<(Fixture, Gateway)> {
    let fixture = Fixture::open()?;
    let document = Document::new().server("s", fixture.url(), "").role("agent", rights);
    let gateway = Plan::of(&document.text()).start()?;
    Ok((fixture, gateway))
}

#[test]
fn a_session_ends_with_delete_and_is_then_unknown() -> Result<()> {
    let (_fixture, gateway) = scene("everything: true")?;
    let agent = gateway.legacy("/s/mcp", "agent")?;
    agent.result("echo", json!({"text": "a"}))?;
    let end = agent.with_identity(Request::new("DELETE", ""));
    assert_eq!(end.send(&agent.url)?.status, 200);
    assert_eq!(agent.send("tools/list", json!({}))?.status, 404);
    Ok(())
}

#[test]
fn an_interrupted_stream_is_taken_up_again() -> Result<()> {
    let (_fixture, gateway) = scene("everything: true")?;
    let agent = gateway.legacy("/s/mcp", "agent")?;
    let mut events =
        agent.open("tools/call", json!({"name": "test_reconnection", "arguments": {}}))?.events();
    let mut last = None;
    while let Some(event) = events.event()? {
        last = event.raw.lines().find_map(|line| line.strip_prefix("id: ").map(str::to_owned)).or(last);
        assert!(
            event.message().is_none_or(|message| message.get("result").is_none()),
            "the stream was not interrupted"
        );
    }
    let resume = Request::new("GET", "")
        .header("Accept", "text/event-stream")
        .header("Last-Event-ID", &last.context("no event id")?);
    let mut again = agent.with_identity(resume).open(&agent.url)?.events();
    let (message, _) = again.message()?.context("nothing on the stream")?;
    assert_eq!(message.pointer("/result/content/0/text"), Some(&Value::from("reconnected")), "{message}");
    Ok(())
}

#[test]
fn a_replayed_list_is_filtered_like_the_first() -> Result<()> {
    let (_fixture, gateway) = scene("tools: [{ allow: s.echo }], subscriptions: [{ allow: s.stream }]")?;
    let agent = gateway.legacy("/s/mcp", "agent")?;
    let mut events = agent.open("tools/list", json!({}))?.events();
    let opening = events.event()?.context("no opening event")?;
    let id =
        opening.raw.lines().find_map(|line| line.strip_prefix("id: ")).context("no event id")?.to_owned();
    while events.event()?.is_some() {}
    let resume = Request::new("GET", "").header("Accept", "text/event-stream").header("Last-Event-ID", &id);
    let mut again = agent.with_identity(resume).open(&agent.url)?.events();
    let (message, _) = again.message()?.context("nothing on the stream")?;
    assert_eq!(tests::lists::names(&message, "tools", "name")?, ["echo"]);
    Ok(())
}

#[test]
fn initialize_is_legacy_whatever_revision_it_names() -> Result<()> {
    let (_fixture, gateway) = scene("everything: true")?;
    let agent: Agent = gateway.modern("/s/mcp", "agent")?;
    let params = json!({"protocolVersion": "2026-07-28", "capabilities": {}, "clientInfo": {"name": "n", "version": "1"}});
    let body = json!({"id": 0, "method": "initialize", "params": params, "jsonrpc": "2.0"});
    let response = agent.post(body.to_string()).send(&agent.url)?;
    let message = response.message()?;
    assert_eq!(message.pointer("/result/protocolVersion"), Some(&Value::from(LEGACY)), "{message}");
    assert_eq!(message.get("id"), Some(&json!(0)));
    assert!(response.headers.get("mcp-session-id").is_some());
    Ok(())
}
