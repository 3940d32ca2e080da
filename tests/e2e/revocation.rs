//! A revoked key is refused by every worker within a second.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use serde_json::json;
use tests::document::Document;
use tests::gateway::{Gateway, Plan};
use tests::keys::Key;
use tests::upstream::{Answer, Upstream};

const WORKERS: u8 = 2;
/// Fresh connections in a row: the chance that one worker of two gets none of them is one in a million.
const MANY: usize = 20;

fn scene() -> Result<(Upstream, Gateway)> {
    let upstream = Upstream::echo()?;
    let document = Document::new()
        .server("s", &upstream.url(), "")
        .role("agent", "tools: [{ allow: s.echo }]")
        .role("other", "tools: [{ allow: s.echo }]");
    let gateway = Plan::of(&document.text()).workers(WORKERS).start()?;
    Ok((upstream, gateway))
}

#[test]
fn a_revoked_key_is_refused_by_every_worker_within_a_second() -> Result<()> {
    let (_upstream, gateway) = scene()?;
    let (agent, other) = (gateway.modern("/s/mcp", "agent")?, gateway.modern("/s/mcp", "other")?);
    let call = json!({"name": "echo", "arguments": {}});
    for _ in 0..MANY {
        assert_eq!(agent.send("tools/call", call.clone())?.status, 200);
    }
    gateway.told(&["apikey", "revoke", &Key::of("agent").id])?;
    let revoked = Instant::now();
    let mut last_success = revoked;
    let mut refused = 0;
    while refused < MANY {
        match agent.send("tools/call", call.clone()).map(|response| response.status) {
            Ok(200) => (last_success, refused) = (Instant::now(), 0),
            // The answer that was under way when the key was revoked is cut: it counts as neither.
            Err(_) => ensure!(refused == 0, "a refusal was cut"),
            Ok(status) => {
                assert_eq!(status, 401);
                refused += 1;
            }
        }
        assert!(revoked.elapsed() < Duration::from_secs(10), "the key is still admitted");
    }
    let took = last_success - revoked;
    assert!(
        took < Duration::from_secs(1),
        "the last call of the revoked key passed {took:?} after the revocation"
    );
    assert_eq!(other.send("tools/call", call)?.status, 200, "the other key still counts");
    Ok(())
}

#[test]
fn a_created_key_counts_within_a_second() -> Result<()> {
    let (_upstream, gateway) = scene()?;
    let created = gateway.json(&["apikey", "create", "--role", "agent", "--name", "late"])?;
    let made = Instant::now();
    let text = created
        .get("key")
        .or_else(|| created.get("text"))
        .and_then(serde_json::Value::as_str)
        .unwrap_or_default();
    let agent = tests::agent::Agent::modern(gateway.url("/s/mcp")?, Some(text))?;
    let mut admitted = 0;
    while admitted < MANY {
        let status = agent.send("tools/call", json!({"name": "echo", "arguments": {}}))?.status;
        admitted = if status == 200 { admitted + 1 } else { 0 };
        assert!(made.elapsed() < Duration::from_secs(5), "the new key is not admitted: {created}");
    }
    Ok(())
}

#[test]
fn an_open_stream_ends_with_the_key_it_was_opened_with() -> Result<()> {
    let note = |text: &str| {
        let params = json!({"level": "info", "data": text});
        let note = json!({"jsonrpc": "2.0", "method": "notifications/message", "params": params});
        format!("data: {note}\n\n").into_bytes()
    };
    let pause = Duration::from_secs(2);
    let upstream = Upstream::start(move |_| {
        Answer::stream(vec![(Duration::ZERO, note("before")), (pause, note("after")), (pause, note("later"))])
    })?;
    let document =
        Document::new().server("s", &upstream.url(), "").role("agent", "tools: [{ allow: s.echo }]");
    let gateway = Plan::of(&document.text()).workers(WORKERS).start()?;
    let call = json!({"name": "echo", "arguments": {}});
    let mut events = gateway.modern("/s/mcp", "agent")?.open("tools/call", call)?.events();
    let first = events.message()?.and_then(|(message, _)| message.pointer("/params/data").cloned());
    assert_eq!(first, Some("before".into()));
    gateway.told(&["apikey", "revoke", &Key::of("agent").id])?;
    let next = events.message();
    assert!(!matches!(next, Ok(Some(_))), "the stream goes on: {next:?}");
    Ok(())
}
