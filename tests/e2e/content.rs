//! What a role receives: secrets and personal data are redacted, refused or counted, in both eras, in JSON and in streams.

use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::{Value, json};
use tests::agent::{Agent, error_code};
use tests::audit::{at_least, text};
use tests::document::Document;
use tests::gateway::{Gateway, Plan};
use tests::upstream::{Answer, Received, Upstream};

const RIGHTS: &str = "everything: true, content: { personal: redact, secrets: refuse, max_result: 20000, \
    arguments: refuse, tools: [ { pattern: s.watched, personal: observe } ] }";
const MAIL: &str = "alice@example.com";

/// A customer as a tool reports one: structured, and as text with an address that only its escape hides.
fn customer() -> Value {
    let structured = json!({ "name": "Alice", "email": MAIL, "card": 4_111_111_111_111_111_u64 });
    json!({
        "resultType": "complete",
        "content": [{ "type": "text", "text": structured.to_string().replace('@', "\\u0040") }],
        "structuredContent": structured,
    })
}

fn redacted() -> Value {
    json!({ "name": "Alice", "email": "[redacted:email]", "card": "[redacted:card]" })
}

/// A server whose tools answer as they are called.
fn answer(received: &Received) -> Answer {
    let message = received.json();
    let Some(id) = message.get("id") else { return Answer::bytes("text/plain", Vec::new()).status(202) };
    let whole = |result: Value| json!({ "jsonrpc": "2.0", "id": id, "result": result });
    let said =
        |text: &str| json!({ "resultType": "complete", "content": [{ "type": "text", "text": text }] });
    match message.pointer("/params/name").and_then(Value::as_str) {
        Some("json" | "watched") => Answer::json(&whole(customer())),
        Some("stream") => {
            let progress = json!({ "jsonrpc": "2.0", "method": "notifications/progress",
                "params": { "progressToken": "p", "progress": 1, "message": format!("reading {MAIL}") } });
            let events = format!("event: message\r\ndata: {progress}\r\n\r\ndata: {}\n\n", whole(customer()));
            // Pieces of seven bytes, so that every finding is cut somewhere.
            Answer::stream(
                events.as_bytes().chunks(7).map(|piece| (Duration::ZERO, piece.to_vec())).collect(),
            )
        }
        Some("key") => Answer::json(&whole(said("use AKIAIOSFODNN7EXAMPLE"))),
        Some("failing") => Answer::json(&json!({ "jsonrpc": "2.0", "id": id,
            "error": { "code": -32603, "message": format!("no such user {MAIL}"), "data": { "query": MAIL } } })),
        Some("long") => Answer::json(&whole(said(&"x".repeat(30_000)))),
        Some("page") => Answer::bytes("text/html", format!("<p>{MAIL}</p>").into_bytes()).status(500),
        _ => Answer::json(&whole(
            json!({ "protocolVersion": "2025-11-25", "capabilities": {}, "resultType": "complete",
            "serverInfo": { "name": "s", "version": "1" } }),
        )),
    }
}

fn scene() -> Result<(Upstream, Gateway)> {
    let upstream = Upstream::start(answer)?;
    let document = Document::new().server("s", &upstream.url(), "").role("agent", RIGHTS);
    Ok((upstream, Plan::of(&document.text()).start()?))
}

fn in_both_eras(gateway: &Gateway, check: impl Fn(&Agent) -> Result<()>) -> Result<()> {
    check(&gateway.modern("/s/mcp", "agent")?)?;
    check(&gateway.legacy("/s/mcp", "agent")?)
}

/// Whether a result has lost what it should, in both its forms.
fn is_redacted(message: &Value) -> Result<()> {
    let structured = message.pointer("/result/structuredContent").context("no structured content")?;
    let copy = message.pointer("/result/content/0/text").and_then(Value::as_str).context("no text")?;
    assert_eq!(structured, &redacted(), "{message}");
    assert_eq!(serde_json::from_str::<Value>(copy)?, redacted(), "{message}");
    Ok(())
}

#[test]
fn a_result_and_its_text_lose_the_same_in_both_eras_in_json_and_in_streams() -> Result<()> {
    let (_upstream, gateway) = scene()?;
    in_both_eras(&gateway, |agent| is_redacted(&agent.call("json", json!({}))?))?;
    in_both_eras(&gateway, |agent| {
        let response = agent.send(
            "tools/call",
            json!({ "name": "stream", "arguments": {}, "_meta": { "progressToken": "p" } }),
        )?;
        is_redacted(&response.message()?)?;
        let events = response.text();
        assert!(events.contains("reading [redacted:email]") && !events.contains("alice"), "{events}");
        Ok(())
    })
}

#[test]
fn what_a_role_must_not_receive_is_an_error_that_does_not_repeat_it() -> Result<()> {
    let (_upstream, gateway) = scene()?;
    in_both_eras(&gateway, |agent| {
        let response = agent.send("tools/call", json!({ "name": "key", "arguments": {} }))?;
        let message = response.message()?;
        assert_eq!((response.status, error_code(&message)), (200, Some(4057)), "{message}");
        assert!(response.text().contains("1 aws_key") && !response.text().contains("AKIA"), "{message}");
        let long = agent.call("long", json!({}))?;
        assert_eq!(error_code(&long), Some(4058), "{long}");
        Ok(())
    })
}

#[test]
fn errors_and_pages_of_a_server_are_looked_at_too() -> Result<()> {
    let (_upstream, gateway) = scene()?;
    let agent = gateway.modern("/s/mcp", "agent")?;
    let error = agent.call("failing", json!({}))?;
    assert_eq!(error.pointer("/error/message"), Some(&json!("no such user [redacted:email]")), "{error}");
    assert_eq!(error.pointer("/error/data/query"), Some(&json!("[redacted:email]")), "{error}");
    let page = agent.send("tools/call", json!({ "name": "page", "arguments": {} }))?;
    assert_eq!((page.status, error_code(&page.message()?)), (500, Some(4037)));
    assert!(!page.text().contains("alice"), "{}", page.text());
    Ok(())
}

#[test]
fn arguments_that_must_not_leave_never_reach_the_server() -> Result<()> {
    let (upstream, gateway) = scene()?;
    let agent = gateway.modern("/s/mcp", "agent")?;
    let refused = agent.call("json", json!({ "to": MAIL }))?;
    assert_eq!(error_code(&refused), Some(4059), "{refused}");
    assert!(upstream.received().iter().all(|request| !String::from_utf8_lossy(&request.body).contains(MAIL)));
    Ok(())
}

#[test]
fn the_audit_has_kinds_and_counts_under_the_decision_and_never_a_value() -> Result<()> {
    let (_upstream, gateway) = scene()?;
    let agent = gateway.modern("/s/mcp", "agent")?;
    let observed = agent.call("watched", json!({}))?;
    assert_eq!(observed.pointer("/result/structuredContent/email"), Some(&json!(MAIL)), "{observed}");
    agent.call("json", json!({}))?;
    agent.call("key", json!({}))?;

    let rows = at_least(&gateway, 3, &["--findings"])?;
    let of = |name: &str| {
        rows.iter().find(|row| text(row, "name") == name).with_context(|| format!("no row of {name}"))
    };
    let found = |mode: &str| json!([{ "kind": "card", "count": 2, "mode": mode }, { "kind": "email", "count": 2, "mode": mode }]);
    for (name, decision, findings) in [
        ("watched", "allowed", found("observe")),
        ("json", "allowed", found("redact")),
        ("key", "denied", json!([{ "kind": "aws_key", "count": 1, "mode": "refuse" }])),
    ] {
        let row = of(name)?;
        assert_eq!((text(row, "method"), text(row, "decision")), ("result", decision), "{row}");
        assert_eq!(row.get("findings"), Some(&findings), "{row}");
        let call = at_least(&gateway, 2, &["--decision-id", text(row, "decision_id")])?;
        assert!(
            call.iter().any(|row| text(row, "method") == "tools/call" && text(row, "decision") == "allowed")
        );
    }
    let all = format!("{:?}", at_least(&gateway, 6, &[])?);
    assert!(!all.contains("alice") && !all.contains("4111") && !all.contains("AKIA"), "{all}");
    Ok(())
}
