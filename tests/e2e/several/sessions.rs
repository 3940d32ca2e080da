//! A server that does nothing without a session, behind an endpoint of several.

use std::process::Command;

use anyhow::Result;
use serde_json::json;
use tempfile::TempDir;
use tests::agent::error_code;
use tests::document::Document;
use tests::gateway::{Gateway, Plan};
use tests::http::Request;
use tests::lists;
use tests::process::Process;
use tests::upstream::Upstream;
use tests::wait::{self, SOON};
use tests::workspace;

use super::{legacy, text_of};

struct Scene {
    server: Process,
    gateway: Gateway,
    _folder: TempDir,
}

fn scene() -> Result<Scene> {
    let folder = tempfile::tempdir()?;
    let package = workspace::existing(".tools/clients/node_modules/@modelcontextprotocol/sdk")?;
    let mut command = Command::new(workspace::node()?);
    command.arg(workspace::existing("tests/clients/sessions.mjs")?).arg(package);
    let mut server = Process::start("a server with sessions", command, &folder.path().join("server.log"))?;
    let url = server.line("ready ")?;
    let other = Upstream::start(legacy)?;
    let document = Document::new()
        .server("counter", &url, "")
        .server("old", &other.url(), "")
        .shared("/mcp", &["counter", "old"])
        .role("reader", "tools: [{ allow: counter.* }, { allow: old.create }]");
    let gateway = Plan::of(&document.text()).workers(1).start()?;
    let agent = gateway.modern("/mcp", "reader")?;
    wait::until("the servers to be heard", SOON, || Ok((lists::tools(&agent)?.len() == 3).then_some(())))?;
    Ok(Scene { server, gateway, _folder: folder })
}

#[test]
fn each_client_counts_in_a_session_of_its_own() -> Result<()> {
    let scene = scene()?;
    let (one, two) = (scene.gateway.legacy("/mcp", "reader")?, scene.gateway.legacy("/mcp", "reader")?);
    assert!(one.session().is_some_and(|session| session.len() > 40));
    for (agent, expected) in [(&one, "1"), (&one, "2"), (&two, "1"), (&one, "3")] {
        let called = agent.call("counter__count", json!({}))?;
        assert_eq!(text_of(&called), Some(expected), "{called}");
        assert_eq!(text_of(&agent.call("old__create", json!({}))?), Some("created"));
    }
    // A modern client has no session of its own: the gate keeps one for it.
    let modern = scene.gateway.modern("/mcp", "reader")?;
    for expected in ["1", "2"] {
        let called = modern.call("counter__count", json!({}))?;
        assert_eq!(text_of(&called), Some(expected), "{called}");
        assert_eq!(called.pointer("/result/resultType"), Some(&json!("complete")));
    }
    Ok(())
}

#[test]
fn a_session_that_is_over_is_begun_anew() -> Result<()> {
    let scene = scene()?;
    let legacy = scene.gateway.legacy("/mcp", "reader")?;
    let modern = scene.gateway.modern("/mcp", "reader")?;
    modern.call("counter__count", json!({}))?;
    modern.call("counter__forget", json!({}))?;
    // The legacy client is told so by the server itself, and begins a session.
    let refused = legacy.send("tools/call", json!({"name": "counter__count", "arguments": {}}))?;
    assert_eq!(refused.status, 404);
    assert_eq!(error_code(&modern.call("counter__count", json!({}))?), Some(4045));
    assert_eq!(text_of(&modern.call("counter__count", json!({}))?), Some("1"));
    Ok(())
}

#[test]
fn the_end_of_a_session_reaches_its_server() -> Result<()> {
    let scene = scene()?;
    let agent = scene.gateway.legacy("/mcp", "reader")?;
    let ended = agent.with_identity(Request::new("DELETE", Vec::new())).send(&agent.url)?;
    assert_eq!(ended.status, 200);
    assert!(scene.server.output().contains("DELETE - named"), "{}", scene.server.output());
    let refused = agent.send("tools/call", json!({"name": "counter__count", "arguments": {}}))?;
    assert_eq!(refused.status, 404);
    Ok(())
}
