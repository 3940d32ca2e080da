//! The filter itself fails: the call is refused with a JSON-RPC error and counted, nothing passes, and the next calls work.
//!
//! The module under test is the shipped code with one thing more: a header says what is to fail and where (`filter/src/faults.rs`).

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use nix::sys::signal::Signal;
use serde_json::{Value, json};
use tests::agent::{Agent, error_code};
use tests::document::Document;
use tests::gateway::{Gateway, Plan};
use tests::http::{Request, Response, Url};
use tests::process::signal_to;
use tests::upstream::{Answer, Upstream};
use tests::wait::{SOON, START, until};
use tests::workspace;

struct Scene {
    gateway: Gateway,
    agent: Agent,
    admin: Url,
}

fn scene(upstream: &Upstream) -> Result<Scene> {
    let document = Document::new()
        .server("s", &upstream.url(), "")
        .role("agent", "tools: [{ allow: s.echo }], subscriptions: [{ allow: s.* }]");
    let (admin, filter) = (workspace::free_address()?, workspace::filter_with_faults()?);
    let gateway = Plan::of(&document.text())
        .workers(1)
        .envoy_admin(admin)
        .variable("TRIGATE_FILTER", &filter.to_string_lossy())
        .start()?;
    let agent = gateway.modern("/s/mcp", "agent")?;
    Ok(Scene { gateway, agent, admin: Url::parse(&format!("http://{admin}/"))? })
}

impl Scene {
    fn call(&self, tool: &str) -> Result<Response> {
        self.agent.send("tools/call", json!({"name": tool, "arguments": {}}))
    }

    /// A call whose exchange fails in that way.
    fn struck(&self, fault: &str) -> Request {
        self.agent
            .request("tools/call", json!({"name": "echo", "arguments": {}}))
            .header("X-Trigate-Fault", fault)
    }

    /// Waits until calls work, and says whether policy still holds.
    fn heals(&self) -> Result<()> {
        until("the filter to serve again", SOON, || Ok((self.call("echo")?.status == 200).then_some(())))?;
        let denied = self.call("other")?.message()?;
        ensure!(error_code(&denied) == Some(4030), "another tool is {denied}");
        Ok(())
    }

    /// One of Envoy's own counters.
    fn counter(&self, name: &str) -> Result<u64> {
        let url = Url { path: format!("/stats?filter=^{name}$"), ..self.admin.clone() };
        let said = Request::new("GET", "").send(&url)?.text();
        let value = said
            .trim()
            .strip_prefix(&format!("{name}: "))
            .with_context(|| format!("no `{name}` in `{said}`"))?;
        Ok(value.parse()?)
    }
}

#[test]
fn a_filter_that_fails_refuses_is_counted_and_serves_again() -> Result<()> {
    let upstream = Upstream::echo()?;
    let scene = scene(&upstream)?;
    let envoy = scene.gateway.child("envoy")?;
    let faults = [
        "panic request-head",
        "panic request-body",
        "trap request-body",
        "memory request-body",
        "stack request-body",
    ];
    for (failed, fault) in (1..).zip(faults) {
        upstream.forget();
        let response = scene.struck(fault).send(&scene.agent.url)?;
        let message = response.message()?;
        assert_eq!(
            (response.status, error_code(&message), message.get("jsonrpc"), message.get("id")),
            (503, Some(4038), Some(&json!("2.0")), Some(&Value::Null)),
            "{fault}: {message}"
        );
        assert!(upstream.received().is_empty(), "{fault}: the call passed");
        scene.heals().with_context(|| format!("after {fault}"))?;
        assert_eq!(scene.counter("wasm.trigate.vm_reload_success")?, failed, "{fault} is counted");
    }
    assert!(scene.counter("http.trigate.downstream_rq_5xx")? >= faults.len() as u64);
    assert_eq!(scene.gateway.child("envoy")?, envoy, "it is one Envoy all the time");
    Ok(())
}

#[test]
fn an_answer_during_which_the_filter_fails_does_not_pass() -> Result<()> {
    let upstream = Upstream::echo()?;
    let scene = scene(&upstream)?;
    for fault in ["trap response-body", "panic response-body"] {
        // The head was sent already: what is left is to break off.
        let answer = scene.struck(fault).send(&scene.agent.url);
        assert!(!answer.is_ok_and(|answer| answer.status == 200 && !answer.body.is_empty()), "{fault}");
        scene.heals().with_context(|| format!("after {fault}"))?;
    }
    Ok(())
}

#[test]
fn a_stream_under_way_ends_when_the_filter_fails() -> Result<()> {
    let upstream = Upstream::start(|received| {
        if received.json().get("method") == Some(&json!("tools/call")) {
            return Answer::json(
                &json!({"jsonrpc": "2.0", "id": 7, "result": {"content": [], "resultType": "complete"}}),
            );
        }
        Answer::stream(vec![(Duration::from_millis(50), b": still here\n\n".to_vec()); 400])
    })?;
    let scene = scene(&upstream)?;
    let listen = json!({"notifications": {"toolsListChanged": true}});
    let mut events = scene.agent.open("subscriptions/listen", listen)?.events();
    events.event()?.context("nothing on the stream")?;
    assert_eq!(scene.struck("trap request-body").send(&scene.agent.url)?.status, 503);
    // What has been on its way may still arrive; then the stream breaks off, long before its 400 pieces.
    let more = (0..100).take_while(|_| matches!(events.event(), Ok(Some(_)))).count();
    assert!(more < 100, "the stream outlives the filter that judged it");
    scene.heals()
}

#[test]
fn while_the_audit_buffer_is_full_calls_are_refused_and_afterwards_they_pass() -> Result<()> {
    let upstream = Upstream::echo()?;
    let document = Document::new()
        .top("audit: { arguments: full, on_full: refuse }")
        .server("s", &upstream.url(), "")
        .role("agent", "tools: [{ allow: s.echo }]");
    let gateway = Plan::of(&document.text()).workers(1).start()?;
    let agent = gateway.modern("/s/mcp", "agent")?;
    let arguments = json!({"name": "echo", "arguments": {"text": "x".repeat(60_000)}});
    let control_plane = gateway.child("control-plane")?;
    signal_to(control_plane, Signal::SIGSTOP)?;
    // 16 MiB hold fewer than 300 of these; the streams' own buffers take some more.
    let refused = (0..2_000).find_map(|_| match agent.send("tools/call", arguments.clone()) {
        Ok(response) if response.status == 200 => None,
        other => Some(other),
    });
    signal_to(control_plane, Signal::SIGCONT)?;
    let response = refused.context("2000 calls passed without one being recorded")??;
    assert_eq!((response.status, error_code(&response.message()?)), (503, Some(4035)), "{}", response.text());
    until("calls to pass again", START, || {
        Ok((agent.send("tools/call", arguments.clone())?.status == 200).then_some(()))
    })
}

/// What Envoy refuses without asking the filter, or after it.
#[test]
fn what_envoy_says_by_itself_is_a_json_rpc_error_too() -> Result<()> {
    let nobody = workspace::free_address()?;
    let document = Document::new()
        .server("s", &format!("http://{nobody}/mcp"), "")
        .role("agent", "tools: [{ allow: s.echo }]");
    let gateway = Plan::of(&document.text()).start()?;
    let agent = gateway.modern("/s/mcp", "agent")?;
    let call = agent.request("tools/call", json!({"name": "echo", "arguments": {}}));
    let check = |request: &Request, status, code| -> Result<()> {
        let response = request.send(&agent.url)?;
        let message = response.message()?;
        assert_eq!((response.status, error_code(&message)), (status, Some(code)), "{message}");
        assert_eq!(response.headers.media_type(), "application/json");
        Ok(())
    };
    check(&call, 503, 4039)?;
    check(&call.clone().header("x_api_key", "a"), 400, -32600)?;
    // The filter's own words stay its own.
    check(&call.without("authorization"), 401, 4010)
}
