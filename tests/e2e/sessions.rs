//! Legacy sessions live through the gateway: their id, their stream, their end.

use anyhow::{Context, Result};
use serde_json::{Value, json};
use tests::agent::{Agent, LEGACY, error_code};
use tests::document::Document;
use tests::fixture::Fixture;
use tests::gateway::{Gateway, Plan};
use tests::http::Request;
use tests::wait::{SOON, until};

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

/// Two callers, two endpoints on one server, two workers.
fn shared(rights: &str) -> Result<(Fixture, Gateway)> {
    let fixture = Fixture::open()?;
    let document = Document::new()
        .server("s", fixture.url(), "")
        .server("other", fixture.url(), "")
        .role("agent", rights)
        .role("eve", rights);
    Ok((fixture, Plan::of(&document.text()).workers(2).start()?))
}

/// The session ids that have reached the server.
fn sent(fixture: &Fixture) -> Result<Vec<String>> {
    let received = fixture.received()?;
    let ids =
        received.iter().filter_map(|request| request.headers().get("mcp-session-id").map(str::to_owned));
    Ok(ids.collect())
}

#[test]
fn the_client_holds_another_id_than_the_server_knows() -> Result<()> {
    let (fixture, gateway) = shared("everything: true")?;
    let agent = gateway.legacy("/s/mcp", "agent")?;
    let held = agent.session().context("no session")?;
    // Fresh connections: each worker opens what any other sealed.
    for _ in 0..10 {
        agent.result("echo", json!({"text": "a"}))?;
    }
    let sent = sent(&fixture)?;
    assert_eq!(sent.len(), 11);
    assert!(sent.iter().all(|id| id == sent.first().unwrap_or(id) && id != held), "{sent:?}");
    // What the server knows is of no use to a client.
    assert_eq!(agent.in_session(&sent.concat()).send("tools/list", json!({}))?.status, 404);
    let own = sent.first().context("no id")?;
    assert_eq!(agent.in_session(own).send("tools/list", json!({}))?.status, 404);
    Ok(())
}

#[test]
fn a_stolen_session_is_unknown_to_everybody_else_and_everywhere_else() -> Result<()> {
    let (fixture, gateway) = shared("everything: true")?;
    let agent = gateway.legacy("/s/mcp", "agent")?;
    let held = agent.session().context("no session")?.to_owned();
    let before = sent(&fixture)?.len();
    let thief = gateway.modern("/s/mcp", "eve")?.in_session(&held);
    let elsewhere = gateway.modern("/other/mcp", "agent")?.in_session(&held);
    for stranger in [&thief, &elsewhere, &agent.in_session("AAAA")] {
        let response = stranger.send("tools/list", json!({}))?;
        assert_eq!((response.status, error_code(&response.message()?)), (404, Some(4045)));
        for verb in ["GET", "DELETE"] {
            let request =
                stranger.with_identity(Request::new(verb, "").header("Accept", "text/event-stream"));
            assert_eq!(request.send(&stranger.url)?.status, 404, "{verb}");
        }
    }
    assert_eq!(sent(&fixture)?.len(), before, "something reached the server");
    agent.result("echo", json!({"text": "still mine"}))?;
    Ok(())
}

#[test]
fn sessions_outlast_a_new_key_and_end_when_an_operator_says_so() -> Result<()> {
    let (_fixture, gateway) = shared("everything: true")?;
    let agent = gateway.legacy("/s/mcp", "agent")?;
    let status = |agent: &Agent| Ok(agent.send("tools/list", json!({}))?.status);
    gateway.told(&["sessions", "rotate"])?;
    let next = until("sessions to be sealed with the new key", SOON, || {
        let next = gateway.legacy("/s/mcp", "agent")?;
        Ok((status(&next)? == 200).then_some(next))
    })?;
    assert_eq!((status(&agent)?, status(&next)?), (200, 200));
    gateway.told(&["sessions", "rotate", "--end-sessions"])?;
    until("all sessions to end", SOON, || {
        Ok((0..20)
            .map(|_| status(&agent))
            .collect::<Result<Vec<_>>>()?
            .iter()
            .all(|status| *status == 404)
            .then_some(()))
    })?;
    assert_eq!(status(&next)?, 404);
    assert_eq!(status(&gateway.legacy("/s/mcp", "agent")?)?, 200);
    Ok(())
}

#[test]
fn a_database_begins_no_session_and_takes_none_of_anybody() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("shop.db");
    rusqlite::Connection::open(&path)?.execute_batch("CREATE TABLE t (id INTEGER PRIMARY KEY);")?;
    let fixture = Fixture::open()?;
    let document = Document::new()
        .database("shop", &format!("sqlite://{}", path.display()))
        .server("s", fixture.url(), "")
        .role("agent", "everything: true, databases: { shop: { tables: { t: [read] } } }");
    let gateway = Plan::of(&document.text()).start()?;
    let agent = gateway.legacy("/shop/mcp", "agent")?;
    agent.result("query", json!({"table": "t"}))?;
    assert_eq!(agent.session(), Some(""), "the adapter is without state");
    let elsewhere = gateway.legacy("/s/mcp", "agent")?;
    for held in [elsewhere.session().context("no session")?, "made-up"] {
        let response = agent.in_session(held).send("tools/list", json!({}))?;
        assert_eq!((response.status, error_code(&response.message()?)), (404, Some(4045)));
    }
    Ok(())
}

#[test]
fn a_stray_session_of_a_modern_request_goes_nowhere() -> Result<()> {
    let (fixture, gateway) = shared("everything: true")?;
    let agent = gateway.modern("/s/mcp", "agent")?;
    let request = agent.request("tools/list", json!({})).header("Mcp-Session-Id", "stray");
    let response = request.send(&agent.url)?;
    assert_eq!((response.status, response.headers.get("mcp-session-id")), (200, None));
    assert_eq!(sent(&fixture)?, Vec::<String>::new());
    Ok(())
}
