//! Limits at a real Envoy with two workers: what passes in parallel, what runs at a time, what an operator sees of it.

mod shared;

use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::{Value, json};
use tests::agent::{Agent, error_code};
use tests::audit;
use tests::document::Document;
use tests::gateway::{Gateway, Plan};
use tests::http::Open;
use tests::upstream::{Answer, Upstream};
use tests::wait::{SOON, until};

const WORKERS: u8 = 2;

/// A gateway whose role has this limit on everything at `s`.
fn scene(upstream: &Upstream, limit: &str) -> Result<Gateway> {
    let document = Document::new()
        .server("s", &upstream.url(), "")
        .role("agent", &format!("tools: [{{ allow: s.*, limit: {limit} }}]"))
        .role("other", &format!("tools: [{{ allow: s.*, limit: {limit} }}]"));
    Plan::of(&document.text()).workers(WORKERS).start()
}

/// Codes of so many calls made at the same time, over connections of their own; 0 for one that passes.
fn at_once(agent: &Agent, calls: usize) -> Result<Vec<i64>> {
    thread::scope(|scope| {
        let call = || anyhow::Ok(error_code(&agent.call("echo", json!({}))?).unwrap_or_default());
        let calls: Vec<_> = (0..calls).map(|_| scope.spawn(call)).collect();
        calls.into_iter().map(|call| call.join().ok().context("a call panicked")?).collect()
    })
}

fn count(codes: &[i64], code: i64) -> usize {
    codes.iter().filter(|found| **found == code).count()
}

#[test]
fn of_parallel_calls_at_both_workers_exactly_the_burst_passes() -> Result<()> {
    let upstream = Upstream::echo()?;
    let gateway = scene(&upstream, "{ rate: 25/day, per: role }")?;
    let agent = gateway.modern("/s/mcp", "agent")?;
    let codes = at_once(&agent, 120)?;
    assert_eq!((count(&codes, 0), count(&codes, 4060)), (25, 95), "{codes:?}");
    assert_eq!(upstream.received().len(), 25);
    // Retries in parallel get no more, and another role has a bucket of its own.
    assert_eq!(count(&at_once(&agent, 30)?, 0), 0);
    assert_eq!(count(&at_once(&gateway.modern("/s/mcp", "other")?, 40)?, 0), 25);

    let rows = audit::at_least(&gateway, 190, &["--limit", "0"])?;
    let mut nodes: Vec<&str> = rows.iter().map(|row| audit::text(row, "node")).collect();
    nodes.sort_unstable();
    nodes.dedup();
    assert_eq!(nodes.len(), usize::from(WORKERS), "only {nodes:?} had calls to judge");
    Ok(())
}

#[test]
fn a_refused_call_learns_when_to_come_back_and_the_operator_why() -> Result<()> {
    let upstream = Upstream::echo()?;
    let gateway = scene(&upstream, "1/h")?;
    let agent = gateway.modern("/s/mcp", "agent")?;
    agent.result("echo", json!({}))?;
    let refused = agent.send("tools/call", json!({"name": "echo", "arguments": {}}))?;
    let message = refused.message()?;
    assert_eq!((refused.status, error_code(&message)), (200, Some(4060)), "{message}");
    let seconds: u64 = refused.headers.get("retry-after").context("no Retry-After")?.parse()?;
    assert!((3_590..=3_600).contains(&seconds), "{seconds}");
    let retry = message.pointer("/error/data/retryAfterMs").and_then(Value::as_u64);
    assert!(retry.is_some_and(|ms| ms.div_ceil(1_000) == seconds), "{message}");

    let rows = audit::at_least(&gateway, 1, &["--name", "echo", "--decision", "denied"])?;
    let row = rows.first().context("no row")?;
    assert_eq!(audit::text(row, "rule"), "limit 1/h of allow s.*");
    assert!(audit::text(row, "reason").contains("1 call an hour for each caller"), "{row}");

    let explained = gateway.json(&["explain", "--role", "agent", "--server", "s", "--tool", "echo"])?;
    assert_eq!(explained.get("limits"), Some(&json!(["1 call an hour for each caller, by allow s.*"])));
    Ok(())
}

#[test]
fn a_new_revision_keeps_the_count() -> Result<()> {
    let upstream = Upstream::echo()?;
    let gateway = scene(&upstream, "{ quota: 3/day }")?;
    let agent = gateway.modern("/s/mcp", "agent")?;
    assert_eq!(count(&at_once(&agent, 9)?, 0), 3);
    gateway.told(&["apikey", "create", "--role", "other", "--name", "another"])?;
    let another = gateway.modern("/s/mcp", "other")?;
    assert_eq!(count(&at_once(&another, 9)?, 0), 3);
    assert_eq!(count(&at_once(&agent, 9)?, 0), 0);
    Ok(())
}

#[test]
fn what_runs_at_a_time_is_bounded_until_it_ends_however_it_does() -> Result<()> {
    let upstream = Upstream::start(|_| {
        let first = b": still at it\n\n".to_vec();
        Answer::stream(vec![(Duration::ZERO, first.clone()), (SOON * 4, first)])
    })?;
    let gateway = scene(&upstream, "{ concurrent: 2, per: role }")?;
    let agent = gateway.modern("/s/mcp", "agent")?;
    let open = || agent.open("tools/call", json!({"name": "echo", "arguments": {}}));
    let passes = |call: &Open| call.headers.get("content-type") == Some("text/event-stream");
    let (one, two) = (open()?, open()?);
    assert_eq!(count(&at_once(&agent, 20)?, 4060), 20);
    // The client goes away: its slot is free for another, and for one only.
    drop(one);
    let mut three = None;
    until("a slot that is free again", SOON, || {
        three = Some(open()?).filter(passes);
        Ok(three.is_some().then_some(()))
    })?;
    assert_eq!(count(&at_once(&agent, 20)?, 4060), 20);
    drop((two, three));
    until("both slots", SOON, || {
        let (one, two) = (open()?, open()?);
        Ok((passes(&one) && passes(&two)).then_some(()))
    })?;
    Ok(())
}
