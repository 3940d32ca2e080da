//! Control plane and upstream are killed and come back, again and again, while agents call: nothing that is denied passes,
//! nothing is lost from the audit and nothing is in it twice.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail, ensure};
use nix::sys::signal::Signal;
use serde_json::{Value, json};
use tests::agent::{Agent, error_code};
use tests::audit;
use tests::document::Document;
use tests::fixture::{Fixture, Recorded};
use tests::gateway::{Gateway, Plan};
use tests::process::signal_to;
use tests::wait::{START, until};
use tests::workspace;

/// How a call ended that was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// By the server.
    Done,
    /// By the gate, which says no.
    Denied,
    /// By Envoy, which did not find the server.
    Unreachable,
    /// Not to the end: the server died over it.
    BrokenOff,
}

/// What the agents have seen, by the number that each call carried.
#[derive(Default)]
struct Log {
    next: AtomicU64,
    stop: AtomicBool,
}

impl Log {
    /// Calls until told to stop: every third time what is denied.
    fn call(&self, agent: &Agent) -> Result<BTreeMap<u64, Outcome>> {
        let mut seen = BTreeMap::new();
        while !self.stop.load(Ordering::SeqCst) {
            let number = self.next.fetch_add(1, Ordering::SeqCst);
            let tool = if number.is_multiple_of(3) { "delete_everything" } else { "echo" };
            let outcome = outcome(agent, tool, number)?;
            ensure!((outcome == Outcome::Denied) == (tool == "delete_everything"), "`{tool}` is {outcome:?}");
            seen.insert(number, outcome);
        }
        Ok(seen)
    }
}

fn outcome(agent: &Agent, tool: &str, number: u64) -> Result<Outcome> {
    let params = json!({"name": tool, "arguments": {"text": format!("call {number}")}});
    let open = agent.open("tools/call", params).context("Envoy is gone")?;
    let status = open.status;
    let Ok(message) = open.whole().and_then(|response| response.message()) else {
        return Ok(Outcome::BrokenOff);
    };
    Ok(match (status, error_code(&message)) {
        // All calls have one id: the text tells whose answer this is.
        (200, None) => {
            ensure!(
                message.to_string().contains(&format!("\"call {number}\"")),
                "call {number} got {message}"
            );
            Outcome::Done
        }
        (200, Some(4030)) => Outcome::Denied,
        (_, Some(4039)) => Outcome::Unreachable,
        _ => bail!("a call got {status}: {message}"),
    })
}

/// An upstream that dies and comes back at one address, with what it has received over its lives.
struct Mortal {
    port: String,
    alive: Option<Fixture>,
    received: Vec<Recorded>,
}

impl Mortal {
    fn born() -> Result<Self> {
        let port = workspace::free_address()?.port().to_string();
        let alive = Some(Fixture::start(&["--port", &port])?);
        Ok(Self { port, alive, received: Vec::new() })
    }

    fn dies(&mut self) -> Result<()> {
        let mut fixture = self.alive.take().context("it is dead")?;
        fixture.kill()?;
        self.received.extend(fixture.received()?);
        Ok(())
    }

    fn returns(&mut self) -> Result<()> {
        self.alive = Some(Fixture::start(&["--port", &self.port])?);
        Ok(())
    }
}

fn kill_control_plane(gateway: &Gateway) -> Result<()> {
    let first = gateway.child("control-plane")?;
    signal_to(first, Signal::SIGKILL)?;
    until("another control plane", START, || {
        Ok(gateway.child("control-plane").ok().filter(|id| *id != first).map(drop))
    })
}

/// What happens while the agents call.
fn rounds(gateway: &Gateway, upstream: &mut Mortal, log: &Log) -> Result<()> {
    let more = |count: u64| {
        let until_then = log.next.load(Ordering::SeqCst) + count;
        until("the load", START, || Ok((log.next.load(Ordering::SeqCst) >= until_then).then_some(())))
    };
    for _ in 0..2 {
        more(60)?;
        kill_control_plane(gateway)?;
        more(60)?;
        upstream.dies()?;
        more(60)?;
        upstream.returns()?;
        more(60)?;
        // Both at once, and the server back first.
        upstream.dies()?;
        kill_control_plane(gateway)?;
        upstream.returns()?;
    }
    more(60)
}

/// The number that a call's arguments carry.
fn number(arguments: &Value) -> Option<u64> {
    arguments.get("text")?.as_str()?.strip_prefix("call ")?.parse().ok()
}

#[test]
fn while_everything_dies_but_envoy_nothing_denied_passes_and_nothing_is_lost_or_doubled() -> Result<()> {
    let mut upstream = Mortal::born()?;
    let url = upstream.alive.as_ref().map(|fixture| fixture.url().to_owned()).context("an upstream")?;
    let document = Document::new()
        .top("audit: { arguments: full }")
        .server("s", &url, "")
        .role("agent", "tools: [{ allow: s.echo }]");
    let gateway = Plan::of(&document.text()).workers(2).start()?;
    let (agent, envoy) = (gateway.modern("/s/mcp", "agent")?, gateway.child("envoy")?);
    let log = Log::default();
    let seen = std::thread::scope(|scope| {
        let agents = [scope.spawn(|| log.call(&agent)), scope.spawn(|| log.call(&agent))];
        let outcome = rounds(&gateway, &mut upstream, &log);
        log.stop.store(true, Ordering::SeqCst);
        let mut seen = BTreeMap::new();
        for agent in agents {
            seen.extend(agent.join().map_err(|_| anyhow!("an agent panicked"))??);
        }
        outcome.map(|()| seen)
    })?;
    let count = |outcome| seen.values().filter(|seen| **seen == outcome).count();
    assert!(count(Outcome::Done) > 100 && count(Outcome::Denied) > 100, "{} calls show nothing", seen.len());
    assert!(count(Outcome::Unreachable) > 0, "the server's absence was not felt");
    assert_eq!(gateway.child("envoy")?, envoy, "it is one Envoy all the time");

    upstream.dies()?;
    let mut arrived = BTreeSet::new();
    for request in &upstream.received {
        let body: Value = serde_json::from_slice(&request.body()?)?;
        let Some(number) = body.pointer("/params/arguments").and_then(number) else { continue };
        assert!(arrived.insert(number), "call {number} arrived twice");
        assert_ne!(seen.get(&number), Some(&Outcome::Denied), "call {number} was denied and arrived");
    }
    let done = seen.iter().filter(|(_, outcome)| **outcome == Outcome::Done);
    assert!(done.into_iter().all(|(number, _)| arrived.contains(number)), "an answer without a question");
    recorded(&gateway, &seen)
}

/// Every call that was answered has one row, and says what the agent was told.
fn recorded(gateway: &Gateway, seen: &BTreeMap<u64, Outcome>) -> Result<()> {
    let rows = until("all rows", Duration::from_secs(30), || {
        let rows = audit::rows(gateway, &["--role", "agent", "--limit", "0"])?;
        Ok((rows.len() >= seen.len()).then_some(rows))
    })?;
    let ids: BTreeSet<&str> = rows.iter().map(|row| audit::text(row, "decision_id")).collect();
    assert_eq!(
        (rows.len(), ids.len()),
        (seen.len(), seen.len()),
        "one row for each call, and one id for each row"
    );
    let mut told = BTreeMap::new();
    for row in &rows {
        let arguments: Value = serde_json::from_str(audit::text(row, "arguments"))?;
        let number = number(&arguments).with_context(|| format!("a row without its number: {row}"))?;
        assert_eq!(told.insert(number, audit::text(row, "decision")), None, "call {number} has two rows");
    }
    for (number, outcome) in seen {
        let expected = if *outcome == Outcome::Denied { "denied" } else { "allowed" };
        assert_eq!(told.get(number), Some(&expected), "call {number} was {outcome:?}");
    }
    Ok(())
}
