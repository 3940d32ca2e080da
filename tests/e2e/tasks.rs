//! Tasks belong to who began them: the server gets its own id, another caller gets nothing.

use anyhow::{Context, Result};
use serde_json::{Value, json};
use tests::agent::{Agent, error_code, modern_headers};
use tests::document::Document;
use tests::gateway::{Gateway, Plan};
use tests::upstream::{Answer, Upstream};

/// A server with one task, which says by what id it was asked.
fn scene() -> Result<(Upstream, Gateway)> {
    let upstream = Upstream::start(|received| {
        let message = received.json();
        let asked = message.pointer("/params/taskId").and_then(Value::as_str).unwrap_or("t-1");
        let result = json!({"resultType": "task", "taskId": asked, "status": "working"});
        Answer::json(&json!({"jsonrpc": "2.0", "id": message.get("id"), "result": result}))
    })?;
    let rights = "tools: [{ allow: s.* }], tasks: [{ allow: s.* }]";
    let document = Document::new().server("s", &upstream.url(), "").role("agent", rights).role("eve", rights);
    let gateway = Plan::of(&document.text()).workers(2).start()?;
    Ok((upstream, gateway))
}

fn ask(agent: &Agent, method: &str, params: Value) -> Result<Value> {
    let named = params.get("taskId").or(params.get("name")).and_then(Value::as_str).map(str::to_owned);
    let mut body = agent.body(method, params);
    let capabilities = body
        .pointer_mut("/params/_meta/io.modelcontextprotocol~1clientCapabilities")
        .context("no capabilities in the body")?;
    *capabilities = json!({"extensions": {"io.modelcontextprotocol/tasks": {}}});
    modern_headers(agent.post(body.to_string()), method, named.as_deref()).send(&agent.url)?.message()
}

#[test]
fn a_task_is_known_to_who_began_it_alone() -> Result<()> {
    let (upstream, gateway) = scene()?;
    let (agent, eve) = (gateway.modern("/s/mcp", "agent")?, gateway.modern("/s/mcp", "eve")?);
    let begun = ask(&agent, "tools/call", json!({"name": "slow", "arguments": {}}))?;
    let held = begun.pointer("/result/taskId").and_then(Value::as_str).context("no task")?.to_owned();
    assert_ne!(held, "t-1", "{begun}");
    upstream.forget();
    for _ in 0..5 {
        let followed = ask(&agent, "tasks/get", json!({"taskId": held}))?;
        assert_eq!(followed.pointer("/result/taskId"), Some(&Value::from(held.as_str())), "{followed}");
    }
    for received in upstream.received() {
        assert_eq!(received.json().pointer("/params/taskId"), Some(&Value::from("t-1")));
        assert_eq!(received.headers.get("mcp-name"), Some("t-1"));
    }
    assert_eq!(upstream.received().len(), 5);
    upstream.forget();
    for id in [held.as_str(), "t-1"] {
        let stolen = ask(&eve, "tasks/get", json!({"taskId": id}))?;
        assert_eq!(error_code(&stolen), Some(4049), "{stolen}");
    }
    assert_eq!(error_code(&ask(&agent, "tasks/cancel", json!({"taskId": "t-1"}))?), Some(4049));
    assert!(upstream.received().is_empty());
    Ok(())
}
