//! Every decision leaves a row that answers who, what, when and why.

use anyhow::{Context, Result};
use serde_json::{Value, json};
use tests::agent::modern_headers;
use tests::audit::{at_least, text};
use tests::document::Document;
use tests::gateway::{Gateway, Plan};
use tests::keys::Key;
use tests::upstream::Upstream;

fn scene(top: &str) -> Result<(Upstream, Gateway)> {
    let upstream = Upstream::echo()?;
    let document = Document::new()
        .top(top)
        .server("s", &upstream.url(), "")
        .role("reader", "tools: [{ allow: s.echo }]")
        .role("other", "tools: [{ allow: s.echo }]");
    Ok((upstream, Plan::of(&document.text()).start()?))
}

fn find<'a>(rows: &'a [Value], field: &str, value: &str) -> Result<&'a Value> {
    rows.iter()
        .find(|row| text(row, field) == value)
        .with_context(|| format!("no row whose {field} is {value} in {rows:#?}"))
}

#[test]
fn a_row_says_who_asked_for_what_and_why_it_was_decided_so() -> Result<()> {
    let (_upstream, gateway) = scene("audit: { arguments: digest }")?;
    let agent = gateway.modern("/s/mcp", "reader")?;
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    let call = agent.request("tools/call", json!({"name": "echo", "arguments": {"password": "hunter2"}}));
    let response = call.header("traceparent", &format!("00-{trace}-00f067aa0ba902b7-01")).send(&agent.url)?;
    assert_eq!(response.status, 200);
    agent.call("erase", json!({}))?;
    let rows = at_least(&gateway, 2, &["--role", "reader"])?;

    let allowed = find(&rows, "decision", "allowed")?;
    let expected = [
        ("gate", "mcp"),
        ("subject", "reader-agent"),
        ("key_id", &Key::of("reader").id),
        ("role", "reader"),
        ("endpoint", "/s/mcp"),
        ("server", "s"),
        ("method", "tools/call"),
        ("name", "echo"),
        ("trace_id", trace),
        ("rule", "allow s.echo"),
        ("arguments", ""),
    ];
    for (field, value) in expected {
        assert_eq!(text(allowed, field), value, "{field} of {allowed:#}");
    }
    assert!(text(allowed, "arguments_digest").starts_with("blake3:"), "{allowed:#}");
    assert!(!text(allowed, "decision_id").is_empty() && !text(allowed, "time").is_empty());
    assert!(allowed.get("revision").and_then(Value::as_u64).is_some_and(|revision| revision > 0));

    let denied = find(&rows, "decision", "denied")?;
    assert_eq!((text(denied, "name"), denied.get("code")), ("erase", Some(&json!(4030))), "{denied:#}");
    assert_ne!(text(denied, "decision_id"), text(allowed, "decision_id"));
    Ok(())
}

#[test]
fn the_error_that_the_agent_sees_names_its_row() -> Result<()> {
    let (_upstream, gateway) = scene("")?;
    let message = gateway.modern("/s/mcp", "reader")?.call("erase", json!({}))?;
    let id = message.pointer("/error/data/decision").and_then(Value::as_str).context("no decision id")?;
    let rows = at_least(&gateway, 1, &["--decision-id", id])?;
    assert_eq!(rows.len(), 1);
    assert_eq!(rows.first().map(|row| text(row, "name")), Some("erase"));
    Ok(())
}

#[test]
fn lists_strangers_and_what_cannot_be_parsed_leave_rows_too() -> Result<()> {
    let (_upstream, gateway) = scene("")?;
    let agent = gateway.modern("/s/mcp", "reader")?;
    agent.ask("tools/list", json!({}))?;
    modern_headers(agent.post("[]"), "tools/call", None).send(&agent.url)?;
    let stranger = agent.request("tools/call", json!({"name": "echo"})).without("authorization");
    stranger.header("Authorization", &format!("Bearer {}", Key::of("nobody").text)).send(&agent.url)?;
    let listed = at_least(&gateway, 1, &["--role", "reader", "--decision", "allowed"])?;
    assert_eq!(listed.first().map(|row| text(row, "method")), Some("tools/list"));
    let unparsable = at_least(&gateway, 1, &["--role", "reader", "--decision", "denied"])?;
    assert_eq!(unparsable.first().map(|row| text(row, "rule")), Some("frame"));
    let unknown = at_least(&gateway, 1, &["--key-id", &Key::of("nobody").id])?;
    let stranger = unknown.first().context("no row")?;
    assert_eq!((text(stranger, "decision"), text(stranger, "subject")), ("denied", ""), "{stranger:#}");
    Ok(())
}

#[test]
fn arguments_are_kept_where_the_policy_says_so_with_secrets_struck() -> Result<()> {
    let (_upstream, gateway) = scene("audit: { arguments: full }")?;
    gateway.modern("/s/mcp", "reader")?.call("echo", json!({"city": "Oslo", "password": "hunter2"}))?;
    let rows = at_least(&gateway, 1, &["--name", "echo"])?;
    let kept = rows.first().map(|row| text(row, "arguments")).unwrap_or_default();
    assert!(kept.contains("Oslo") && !kept.contains("hunter2"), "{kept}");
    Ok(())
}

#[test]
fn questions_narrow_the_answer() -> Result<()> {
    let (_upstream, gateway) = scene("")?;
    gateway.modern("/s/mcp", "reader")?.call("echo", json!({}))?;
    gateway.modern("/s/mcp", "reader")?.call("erase", json!({}))?;
    gateway.modern("/s/mcp", "other")?.call("erase", json!({}))?;
    at_least(&gateway, 1, &["--name", "echo"])?;
    at_least(&gateway, 2, &["--name", "erase"])?;
    let count = |options: &[&str]| tests::audit::rows(&gateway, options).map(|rows| rows.len());
    assert_eq!(count(&["--role", "reader"])?, 2);
    assert_eq!(count(&["--role", "reader", "--decision", "denied"])?, 1);
    assert_eq!(count(&["--decision", "denied", "--name", "erase"])?, 2);
    assert_eq!(count(&["--role", "reader", "--until", "2000-01-01 00:00"])?, 0);
    assert_eq!(count(&["--role", "reader", "--since", "2000-01-01 00:00"])?, 2);
    assert_eq!(count(&["--role", "nobody"])?, 0);

    let table = gateway.told(&["audit", "query", "--role", "reader", "--decision", "denied"])?;
    assert!(table.contains("erase") && !table.contains("echo"), "{table}");
    let csv = gateway.told(&["audit", "query", "--role", "reader", "--output", "csv"])?;
    assert!(csv.lines().next().is_some_and(|heads| heads.starts_with("time,decision_id,")), "{csv}");
    assert_eq!(csv.lines().count(), 3, "{csv}");
    Ok(())
}
