//! Streams are streams: what the server sends arrives when it is sent, and a client that leaves is missed at once.

use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::{Value, json};
use tests::agent::Agent;
use tests::document::Document;
use tests::fixture::Fixture;
use tests::gateway::{Gateway, Plan};
use tests::upstream::{Answer, Upstream};
use tests::wait::until;

fn scene(url: &str) -> Result<Gateway> {
    Plan::of(&Document::new().server("s", url, "").role("agent", "everything: true").text()).start()
}

fn progress_comes_first(agent: &Agent) -> Result<()> {
    let params = json!({"name": "wait", "arguments": {"seconds": 1}, "_meta": {"progressToken": "p"}});
    let mut events = agent.open("tools/call", params)?.events();
    let (first, at) = events.message()?.context("no progress")?;
    assert_eq!(first.get("method"), Some(&Value::from("notifications/progress")), "{first}");
    let (last, then) = events.message()?.context("no result")?;
    assert!(last.get("result").is_some(), "{last}");
    let between = then - at;
    assert!(
        between > Duration::from_millis(700),
        "progress was held back: it came {between:?} before the result"
    );
    Ok(())
}

#[test]
fn progress_arrives_before_the_result_in_both_eras() -> Result<()> {
    let fixture = Fixture::open()?;
    let gateway = scene(fixture.url())?;
    progress_comes_first(&gateway.modern("/s/mcp", "agent")?)?;
    progress_comes_first(&gateway.legacy("/s/mcp", "agent")?)
}

#[test]
fn a_subscription_is_acknowledged_and_hears_of_changes() -> Result<()> {
    let fixture = Fixture::open()?;
    let gateway = scene(fixture.url())?;
    let agent = gateway.modern("/s/mcp", "agent")?;
    let mut events =
        agent.open("subscriptions/listen", json!({"notifications": {"toolsListChanged": true}}))?.events();
    let (first, _) = events.message()?.context("no acknowledgement")?;
    assert_eq!(
        first.get("method"),
        Some(&Value::from("notifications/subscriptions/acknowledged")),
        "{first}"
    );
    agent.result("test_trigger_tool_change", json!({}))?;
    let (change, _) = events.message()?.context("no change")?;
    assert_eq!(change.get("method"), Some(&Value::from("notifications/tools/list_changed")), "{change}");
    Ok(())
}

#[test]
fn a_list_that_comes_as_a_stream_is_filtered_as_it_comes() -> Result<()> {
    let note = "data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":{\"progressToken\":1,\"progress\":1}}\n\n";
    let list = "data: {\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{\"tools\":[{\"name\":\"echo\"},{\"name\":\"secret\"}]}}\n\n";
    let pause = Duration::from_secs(1);
    let upstream = Upstream::start(move |_| {
        Answer::stream(vec![(Duration::ZERO, note.as_bytes().to_vec()), (pause, list.as_bytes().to_vec())])
    })?;
    let document =
        Document::new().server("s", &upstream.url(), "").role("agent", "tools: [{ allow: s.echo }]");
    let gateway = Plan::of(&document.text()).start()?;
    let mut events = gateway.modern("/s/mcp", "agent")?.open("tools/list", json!({}))?.events();
    let (_, first) = events.message()?.context("no progress")?;
    let (message, then) = events.message()?.context("no list")?;
    assert_eq!(tests::lists::names(&message, "tools", "name")?, ["echo"]);
    assert!(then - first > pause / 2, "the stream was held back");
    Ok(())
}

#[test]
fn the_upstream_learns_that_the_client_left() -> Result<()> {
    let upstream = Upstream::start(|_| {
        let alive = (Duration::from_millis(50), b": still here\n\n".to_vec());
        Answer::stream(vec![alive; 400])
    })?;
    let gateway = scene(&upstream.url())?;
    let agent = gateway.modern("/s/mcp", "agent")?;
    let mut events =
        agent.open("subscriptions/listen", json!({"notifications": {"toolsListChanged": true}}))?.events();
    events.event()?.context("nothing on the stream")?;
    assert_eq!(upstream.abandoned(), 0);
    drop(events);
    until("the upstream to miss its client", Duration::from_secs(1), || {
        Ok((upstream.abandoned() == 1).then_some(()))
    })
}

/// Longer than Envoy's default for a whole answer, 15 seconds, which would end a stream that nobody took it from.
const QUIET: Duration = Duration::from_secs(16);

#[test]
fn a_quiet_subscription_outlasts_the_proxys_timeouts() -> Result<()> {
    let note = |method: &str| {
        format!("data: {{\"jsonrpc\":\"2.0\",\"method\":\"notifications/{method}\",\"params\":{{}}}}\n\n")
            .into_bytes()
    };
    let upstream = Upstream::start(move |_| {
        Answer::stream(vec![
            (Duration::ZERO, note("subscriptions/acknowledged")),
            (QUIET, note("tools/list_changed")),
        ])
    })?;
    let gateway = scene(&upstream.url())?;
    let listen = json!({"notifications": {"toolsListChanged": true}});
    let mut events = gateway.modern("/s/mcp", "agent")?.open("subscriptions/listen", listen)?.events();
    let (first, began) = events.message()?.context("no acknowledgement")?;
    assert_eq!(first.get("method"), Some(&Value::from("notifications/subscriptions/acknowledged")));
    let (second, heard) = events.message()?.context("the stream was cut")?;
    assert_eq!(second.get("method"), Some(&Value::from("notifications/tools/list_changed")));
    assert!(heard - began >= QUIET - Duration::from_secs(1));
    Ok(())
}
