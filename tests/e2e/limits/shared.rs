//! Limits that several gateways share: counted by the control plane, and what an outage of that does.

use anyhow::Result;
use nix::sys::signal::Signal;
use serde_json::json;
use tests::agent::error_code;
use tests::document::Document;
use tests::gateway::{Gateway, Plan};
use tests::process::{signal_to, stop};
use tests::upstream::Upstream;

use super::{WORKERS, at_once, count};

fn scene(upstream: &Upstream, service: &str) -> Result<Gateway> {
    let limit = "{ quota: 20/day, per: role, shared: true }";
    let document = Document::new()
        .top(service)
        .server("s", &upstream.url(), "")
        .role("agent", &format!("tools: [{{ allow: s.echo, limit: {limit} }}, {{ allow: s.other }}]"));
    Plan::of(&document.text()).workers(WORKERS).start()
}

#[test]
fn the_control_plane_lets_exactly_the_count_through() -> Result<()> {
    let upstream = Upstream::echo()?;
    let gateway = scene(&upstream, "")?;
    let agent = gateway.modern("/s/mcp", "agent")?;
    let codes = at_once(&agent, 80)?;
    assert_eq!((count(&codes, 0), count(&codes, 4060)), (20, 60), "{codes:?}");
    assert_eq!(upstream.received().len(), 20);
    // The bodies that waited went on as they came.
    let whole = upstream
        .received()
        .iter()
        .all(|received| received.json().pointer("/params/name") == Some(&json!("echo")));
    assert!(whole);
    Ok(())
}

/// What a call gets, and one without a shared limit, while the control plane is stopped.
fn stopped(service: &str) -> Result<(u16, Option<i64>)> {
    let upstream = Upstream::echo()?;
    let gateway = scene(&upstream, service)?;
    let agent = gateway.modern("/s/mcp", "agent")?;
    agent.result("echo", json!({}))?;
    let id = gateway.child("control-plane --listen")?;
    stop(id)?;
    let asked = agent.send("tools/call", json!({"name": "echo", "arguments": {}}));
    let other = agent.send("tools/call", json!({"name": "other", "arguments": {}}));
    signal_to(id, Signal::SIGCONT)?;
    assert_eq!(other?.status, 200, "a call that nobody has to be asked about");
    let asked = asked?;
    Ok((asked.status, error_code(&asked.message()?)))
}

#[test]
fn an_outage_denies_where_nothing_else_is_said() -> Result<()> {
    assert_eq!(stopped("")?, (503, Some(4061)));
    Ok(())
}

#[test]
fn an_outage_allows_where_the_document_says_so() -> Result<()> {
    assert_eq!(stopped("rate_limit_service: { on_failure: allow }")?, (200, None));
    Ok(())
}

#[test]
fn a_cluster_that_is_not_there_is_an_outage() -> Result<()> {
    let upstream = Upstream::echo()?;
    let gateway = scene(&upstream, "rate_limit_service: { cluster: nowhere }")?;
    let agent = gateway.modern("/s/mcp", "agent")?;
    assert_eq!(count(&at_once(&agent, 5)?, 4061), 5);
    assert!(upstream.received().is_empty());
    Ok(())
}
