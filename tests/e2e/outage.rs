//! Without the control plane, what runs goes on and loses nothing; what has never had a policy denies everything.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use nix::sys::signal::Signal;
use serde_json::json;
use tests::agent::{Agent, error_code};
use tests::audit;
use tests::document::Document;
use tests::gateway::{Plan, trigate};
use tests::keys::Key;
use tests::process::{Process, signal_to};
use tests::upstream::Upstream;
use tests::wait::{START, until};

fn document(upstream: &Upstream) -> String {
    Document::new().server("s", &upstream.url(), "").role("agent", "tools: [{ allow: s.echo }]").text()
}

/// Calls in two threads until told to stop; every call has to succeed. The number of calls is the number of rows to find.
fn under_load(agent: &Agent, meanwhile: impl FnOnce() -> Result<()>) -> Result<usize> {
    let (stop, made) = (AtomicBool::new(false), AtomicUsize::new(0));
    let load = || -> Result<()> {
        while !stop.load(Ordering::SeqCst) {
            let response = agent.send("tools/call", json!({"name": "echo", "arguments": {}}))?;
            ensure!(response.status == 200, "a call under load got {}: {}", response.status, response.text());
            made.fetch_add(1, Ordering::SeqCst);
        }
        Ok(())
    };
    std::thread::scope(|scope| {
        let loads = [scope.spawn(load), scope.spawn(load)];
        let enough =
            |count| until("the load", START, || Ok((made.load(Ordering::SeqCst) >= count).then_some(())));
        let outcome =
            enough(50).and_then(|()| meanwhile()).and_then(|()| enough(made.load(Ordering::SeqCst) + 50));
        stop.store(true, Ordering::SeqCst);
        for load in loads {
            load.join().map_err(|_| anyhow::anyhow!("the load panicked"))??;
        }
        outcome
    })?;
    Ok(made.load(Ordering::SeqCst))
}

#[test]
fn calls_go_on_without_the_control_plane_and_every_one_is_recorded() -> Result<()> {
    let upstream = Upstream::echo()?;
    let gateway = Plan::of(&document(&upstream)).workers(2).start()?;
    let agent = gateway.modern("/s/mcp", "agent")?;
    let first = gateway.child("control-plane")?;
    let calls = under_load(&agent, || {
        signal_to(first, Signal::SIGKILL)?;
        // The supervisor starts another: calls must go on before, while and after it does.
        until("another control plane", START, || {
            Ok(gateway.child("control-plane").ok().filter(|id| *id != first))
        })?;
        until("its answer", START, || Ok(gateway.run(&["role", "list"])?.status.success().then_some(())))
    })?;
    let rows = until("all rows", START, || {
        let rows = audit::rows(&gateway, &["--name", "echo", "--limit", "0"])?;
        Ok((rows.len() >= calls).then_some(rows))
    })?;
    let mut ids: Vec<&str> = rows.iter().map(|row| audit::text(row, "decision_id")).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!((rows.len(), ids.len()), (calls, calls), "one row for each call, none lost, none twice");
    // The policy reaches the workers again, too.
    gateway.told(&["apikey", "revoke", &Key::of("agent").id])?;
    until("the revocation", Duration::from_secs(15), || {
        let statuses = (0..10)
            .map(|_| agent.send("tools/call", json!({"name": "echo"})).map(|response| response.status));
        Ok(statuses.collect::<Result<Vec<_>>>()?.iter().all(|status| *status == 401).then_some(()))
    })
}

#[test]
fn a_stopped_control_plane_is_no_outage_either() -> Result<()> {
    let upstream = Upstream::echo()?;
    let gateway = Plan::of(&document(&upstream)).start()?;
    let agent = gateway.modern("/s/mcp", "agent")?;
    let id = gateway.child("control-plane")?;
    // It keeps its connections and answers nothing.
    signal_to(id, Signal::SIGSTOP)?;
    let silent = (0..100).try_for_each(|_| {
        let status = agent.send("tools/call", json!({"name": "echo", "arguments": {}}))?.status;
        ensure!(status == 200, "{status}");
        Ok(())
    });
    signal_to(id, Signal::SIGCONT)?;
    silent?;
    let rows = audit::at_least(&gateway, 100, &["--name", "echo", "--limit", "0"])?;
    assert_eq!(rows.len(), 100);
    Ok(())
}

/// Envoy alone, as `trigate up` configured it, while the control plane is away: nobody has a policy for it.
#[test]
fn an_envoy_without_a_policy_denies_everything_and_heals_by_itself() -> Result<()> {
    let upstream = Upstream::echo()?;
    let mut gateway = Plan::of(&document(&upstream)).start()?;
    let (agent, control_plane) = (gateway.modern("/s/mcp", "agent")?, gateway.connect.control_plane.clone());
    let command = gateway.envoy_alone()?;
    upstream.forget();
    let mut envoy = Process::start("Envoy", command, &gateway.folder().join("alone.log"))?;
    let response = until("Envoy to listen", START, || {
        envoy.running()?;
        Ok(agent.send("tools/call", json!({"name": "echo", "arguments": {}})).ok())
    })?;
    assert_eq!(response.status, 503, "{}", response.text());
    let message = response.message()?;
    assert_eq!(
        (message.get("jsonrpc"), error_code(&message)),
        (Some(&json!("2.0")), Some(4034)),
        "{message}"
    );
    assert!(upstream.received().is_empty());

    let address = control_plane.strip_prefix("http://").context("the control plane's address")?;
    let mut command = trigate(gateway.folder())?;
    command.args(["control-plane", "--listen", address]);
    let _control_plane = Process::start("the control plane", command, &gateway.folder().join("late.log"))?;
    until("Envoy to heal", START, || {
        let response = agent.send("tools/call", json!({"name": "echo", "arguments": {}}))?;
        Ok((response.status == 200).then_some(()))
    })
}

#[test]
fn a_dead_envoy_is_started_again() -> Result<()> {
    let upstream = Upstream::echo()?;
    let gateway = Plan::of(&document(&upstream)).start()?;
    let agent = gateway.modern("/s/mcp", "agent")?;
    signal_to(gateway.child("envoy")?, Signal::SIGKILL)?;
    until("Envoy to serve again", START, || {
        let response = agent.send("tools/call", json!({"name": "echo", "arguments": {}}));
        Ok(response.ok().filter(|response| response.status == 200).map(drop))
    })
}
