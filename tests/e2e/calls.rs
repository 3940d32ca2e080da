//! What a role may call: exact names beat patterns, longer patterns beat shorter ones, deny wins a tie, nothing means no.

use anyhow::{Context, Result};
use serde_json::{Value, json};
use tests::agent::{Agent, error_code};
use tests::document::Document;
use tests::gateway::{Gateway, Plan};
use tests::lists;
use tests::upstream::{Answer, Upstream};

const NAMES: [&str; 8] = [
    "echo",
    "files.read",
    "files.write",
    "files.write.all",
    "mail_send",
    "mail_send_all",
    "mail_read",
    "unheard",
];

/// An upstream with those tools, each of which answers its own name.
fn upstream() -> Result<Upstream> {
    Upstream::start(|received| {
        let message = received.json();
        let tools: Vec<Value> =
            NAMES.iter().map(|name| json!({"name": name, "inputSchema": {"type": "object"}})).collect();
        let result = match message.get("method").and_then(Value::as_str) {
            Some("tools/list") => {
                json!({"tools": tools, "resultType": "complete", "ttlMs": 1000, "cacheScope": "public"})
            }
            _ => {
                json!({"content": [{"type": "text", "text": message.pointer("/params/name")}], "resultType": "complete"})
            }
        };
        Answer::json(&json!({"jsonrpc": "2.0", "id": message.get("id"), "result": result}))
    })
}

fn scene(rules: &str) -> Result<(Upstream, Gateway)> {
    let upstream = upstream()?;
    let document = Document::new()
        .server("s", &upstream.url(), "")
        .server("t", &upstream.url(), "")
        .role("agent", rules);
    let gateway = Plan::of(&document.text()).start()?;
    Ok((upstream, gateway))
}

/// Which tools answer, and which the list shows: the two must be one set, and only they reach the upstream.
fn check(rules: &str, expected: &[&str]) -> Result<()> {
    let (upstream, gateway) = scene(rules)?;
    let agent = gateway.modern("/s/mcp", "agent")?;
    let mut callable = Vec::new();
    for name in NAMES {
        let message = agent.call(name, json!({}))?;
        match error_code(&message) {
            None => callable.push(name),
            Some(code) => assert!((4030..4033).contains(&code), "{name}: {message}"),
        }
    }
    assert_eq!(callable, expected, "under {rules}");
    let reached: Vec<Value> = upstream
        .received()
        .iter()
        .map(|received| received.json().pointer("/params/name").cloned().unwrap_or_default())
        .collect();
    assert_eq!(reached, expected, "under {rules}");
    if !expected.is_empty() {
        assert_eq!(lists::tools(&agent)?, expected, "the list under {rules}");
    }
    Ok(())
}

#[test]
fn nothing_matches_means_no() -> Result<()> {
    check("tools: [{ allow: t.* }]", &[])
}

#[test]
fn an_exact_name_allows_that_tool_alone() -> Result<()> {
    check("tools: [{ allow: s.echo }]", &["echo"])
}

#[test]
fn a_deny_takes_tools_out_of_a_pattern() -> Result<()> {
    check(
        "tools: [{ allow: s.* }, { deny: s.mail_* }, { deny: s.files.write* }]",
        &["echo", "files.read", "unheard"],
    )
}

#[test]
fn the_more_specific_rule_counts_wherever_it_stands() -> Result<()> {
    check(
        "tools: [{ deny: s.mail_send_* }, { allow: s.mail_send }, { deny: s.mail_* }, { allow: s.* }]",
        &["echo", "files.read", "files.write", "files.write.all", "mail_send", "unheard"],
    )
}

#[test]
fn deny_wins_a_tie() -> Result<()> {
    check("tools: [{ allow: s.e*o }, { deny: s.e*h* }, { allow: s.mail_read }]", &["mail_read"])
}

#[test]
fn a_refusal_says_what_was_decided_and_what_is_missing() -> Result<()> {
    let (_upstream, gateway) = scene("tools: [{ allow: s.* }, { deny: s.mail_send }]")?;
    let agent = gateway.modern("/s/mcp", "agent")?;
    let response = agent.send("tools/call", json!({"name": "mail_send", "arguments": {}}))?;
    assert_eq!(response.status, 200, "a refusal by policy is an answer: {}", response.text());
    let message = response.message()?;
    assert_eq!(message.get("id"), Some(&json!(7)));
    assert_eq!(error_code(&message), Some(4030), "{message}");
    let data = message.pointer("/error/data").context("no data")?;
    assert!(data.get("decision").and_then(Value::as_str).is_some_and(|id| !id.is_empty()), "{data}");
    assert_eq!(data.get("rule"), Some(&json!("deny s.mail_send")), "{data}");
    Ok(())
}

#[test]
fn a_call_without_an_id_never_reaches_the_upstream() -> Result<()> {
    let (upstream, gateway) = scene("everything: true")?;
    for agent in [gateway.modern("/s/mcp", "agent")?, Agent::modern(gateway.url("/s/mcp")?, None)?] {
        let mut body = agent.body("tools/call", json!({"name": "echo", "arguments": {}}));
        body.as_object_mut().context("an object")?.remove("id");
        let status = agent.post(body.to_string()).send(&agent.url)?.status;
        assert!((400..500).contains(&status), "{status}");
    }
    assert!(upstream.received().is_empty());
    Ok(())
}

#[test]
fn a_path_that_is_no_endpoint_is_not_found() -> Result<()> {
    let (upstream, gateway) = scene("everything: true")?;
    let mut agent = gateway.modern("/s/mcp", "agent")?;
    for path in ["/", "/s", "/s/mcp/", "/s/mcp/x", "/S/mcp", "/s/mcp%2fx", "/s//mcp/../../other"] {
        path.clone_into(&mut agent.url.path);
        let status = agent.send("tools/call", json!({"name": "echo", "arguments": {}}))?.status;
        assert!(matches!(status, 400 | 404), "{path} got {status}");
    }
    assert!(upstream.received().is_empty());
    Ok(())
}
