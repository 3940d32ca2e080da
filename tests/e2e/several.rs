//! Several servers behind one endpoint, through the real Envoy: real clients list and call, each call reaches its server, and
//! one that is dead takes nobody down.

mod changes;
mod clients;
mod sessions;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use tests::agent::{Agent, error_code};
use tests::document::Document;
use tests::fixture::{CREDENTIAL, Fixture};
use tests::gateway::{Gateway, Plan};
use tests::lists;
use tests::upstream::{Answer, Received, Upstream};
use tests::wait::{self, SOON};
use tests::workspace;

const RIGHTS: &str = "tools: [{ allow: fixture.test_simple_text }, { allow: fixture.echo }, { allow: old.* }, { deny: old.drop }, \
    { allow: gone.* }], prompts: [{ allow: fixture.test_simple_prompt }], \
    resources: [{ allow: \"fixture.test://static-*\" }, { allow: \"old.*\" }]";

/// The fixture, a server of the older era, and one that is not there.
struct Scene {
    fixture: Fixture,
    old: Upstream,
    gateway: Gateway,
}

impl Scene {
    fn start() -> Result<Self> {
        let (fixture, old) = (Fixture::guarded()?, Upstream::start(legacy)?);
        let gone = format!("http://{}/mcp", workspace::free_address()?);
        let document = Document::new()
            .server("fixture", fixture.url(), ", credential: { bearer: { env: FIXTURE_TOKEN } }")
            .server("old", &old.url(), "")
            .server("gone", &gone, "")
            .shared("/mcp", &["old", "gone", "fixture"])
            .role("reader", RIGHTS)
            .role("guest", "tools: [{ allow: old.create }]");
        let gateway = Plan::of(&document.text()).variable("FIXTURE_TOKEN", CREDENTIAL).workers(2).start()?;
        let scene = Self { fixture, old, gateway };
        let agent = scene.modern()?;
        wait::until(
            "the servers to be heard",
            SOON,
            || Ok((lists::tools(&agent)?.len() == 3).then_some(())),
        )?;
        scene.old.forget();
        Ok(scene)
    }

    fn modern(&self) -> Result<Agent> {
        self.gateway.modern("/mcp", "reader")
    }

    fn legacy(&self) -> Result<Agent> {
        self.gateway.legacy("/mcp", "reader")
    }
}

/// A server that knows nothing of the modern era, and keeps no sessions.
fn legacy(received: &Received) -> Answer {
    let message = received.json();
    let Some(id) = message.get("id") else { return Answer::bytes("text/plain", Vec::new()).status(202) };
    let result = match message.get("method").and_then(Value::as_str).unwrap_or_default() {
        "initialize" => json!({
            "protocolVersion": "2025-06-18", "capabilities": {"tools": {}, "resources": {}},
            "serverInfo": {"name": "old", "version": "1"}, "instructions": "Ask nicely."
        }),
        "tools/list" => json!({"tools": [
            {"name": "drop", "inputSchema": {"type": "object"}},
            {"name": "create", "title": "Cr\u{e9}er", "inputSchema": {"type": "object"}, "_meta": {"x": 1}}
        ]}),
        "resources/list" => json!({"resources": [{"uri": "old://1", "name": "one"}]}),
        "resources/templates/list" => json!({"resourceTemplates": []}),
        "resources/read" => json!({"contents": [{"uri": "old://1", "text": "first"}]}),
        "tools/call" => json!({"content": [{"type": "text", "text": "created"}]}),
        _ => {
            let error = json!({"code": -32601, "message": "no such method"});
            return Answer::json(&json!({"jsonrpc": "2.0", "id": id, "error": error}));
        }
    };
    Answer::json(&json!({"jsonrpc": "2.0", "id": id, "result": result}))
}

fn text_of(message: &Value) -> Option<&str> {
    message.pointer("/result/content/0/text").and_then(Value::as_str)
}

#[test]
fn both_eras_list_and_call_all_that_is_theirs() -> Result<()> {
    let scene = Scene::start()?;
    for agent in [scene.modern()?, scene.legacy()?] {
        let listed = lists::tools(&agent)?;
        assert_eq!(listed, ["old__create", "fixture__test_simple_text", "fixture__echo"]);
        let called = agent.call("fixture__test_simple_text", json!({}))?;
        assert_eq!(text_of(&called), Some("This is a simple text response for testing."), "{called}");
        let called = agent.call("old__create", json!({}))?;
        assert_eq!(text_of(&called), Some("created"), "{called}");
        assert_eq!(error_code(&agent.call("old__drop", json!({}))?), Some(4030));
        assert_eq!(error_code(&agent.call("nobody__create", json!({}))?), Some(-32602));
        let read = agent.ask("resources/read", json!({"uri": "old://1"}))?;
        assert_eq!(read.pointer("/result/contents/0/text"), Some(&json!("first")), "{read}");
        let read = agent.ask("resources/read", json!({"uri": "test://static-text"}))?;
        assert!(read.pointer("/result/contents/0/text").is_some(), "{read}");
        let prompt = agent.ask("prompts/get", json!({"name": "fixture__test_simple_prompt"}))?;
        assert!(prompt.pointer("/result/messages").is_some(), "{prompt}");
    }
    let guest = scene.gateway.modern("/mcp", "guest")?;
    assert_eq!(lists::tools(&guest)?, ["old__create"]);
    assert_eq!(error_code(&guest.call("fixture__echo", json!({}))?), Some(4031));
    Ok(())
}

#[test]
fn each_server_gets_its_own_words_and_its_own_credential() -> Result<()> {
    let scene = Scene::start()?;
    scene.modern()?.call("old__create", json!({"name": "old__create"}))?;
    let request = scene
        .modern()?
        .request("tools/call", json!({"name": "fixture__echo", "arguments": {"message": "m"}}))
        .header("X-Trigate-Server", "old");
    request.send(&scene.modern()?.url)?;
    let received = scene.old.received();
    let [call] = received.as_slice() else { panic!("{received:?}") };
    assert_eq!(call.json().pointer("/params/name"), Some(&json!("create")));
    assert_eq!(call.json().pointer("/params/arguments/name"), Some(&json!("old__create")));
    assert_eq!(call.headers.get("mcp-protocol-version"), Some("2025-06-18"));
    for absent in ["authorization", "mcp-name", "mcp-method", "x-trigate-server"] {
        assert_eq!(call.headers.get(absent), None, "{absent}");
    }
    let received = scene.fixture.received()?;
    let call = received.last().context("the call of the fixture")?;
    let bearer = format!("Bearer {CREDENTIAL}");
    assert_eq!(call.headers().get("authorization"), Some(bearer.as_str()));
    assert_eq!(call.headers().get("mcp-name"), Some("echo"));
    assert_eq!(call.headers().get("x-trigate-server"), None);
    Ok(())
}

#[test]
fn a_dead_server_takes_nobody_down() -> Result<()> {
    let mut scene = Scene::start()?;
    let agent = scene.modern()?;
    let before = lists::tools(&agent)?;
    assert_eq!(error_code(&agent.call("gone__any", json!({}))?), Some(4039));
    scene.fixture.kill()?;
    assert_eq!(lists::tools(&agent)?, before);
    assert_eq!(error_code(&agent.call("fixture__echo", json!({"message": "m"}))?), Some(4039));
    assert_eq!(text_of(&agent.call("old__create", json!({}))?), Some("created"));
    Ok(())
}

#[test]
fn answers_stream_as_they_come() -> Result<()> {
    let scene = Scene::start()?;
    let params =
        json!({"name": "fixture__echo", "arguments": {"message": "hello"}, "_meta": {"progressToken": 1}});
    let answer = scene.modern()?.ask("tools/call", params)?;
    ensure!(answer.get("result").is_some(), "{answer}");
    Ok(())
}

#[test]
fn a_database_stands_beside_servers() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("shop.db");
    rusqlite::Connection::open(&path)?.execute_batch(
        "CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT); INSERT INTO customers VALUES (1, 'Ada');
         CREATE TABLE payroll (id INTEGER PRIMARY KEY, salary INTEGER);",
    )?;
    let old = Upstream::start(legacy)?;
    let document = Document::new()
        .database("shop", &format!("sqlite://{}", path.display()))
        .server("old", &old.url(), "")
        .shared("/mcp", &["old", "shop"])
        .role(
            "reader",
            "tools: [{ allow: old.create }, { allow: shop.query }, { allow: shop.list_tables }], \
             databases: { shop: { tables: { customers: [read] } } }",
        )
        .role("guest", "tools: [{ allow: old.create }]");
    let gateway = Plan::of(&document.text()).start()?;
    for agent in [gateway.modern("/mcp", "reader")?, gateway.legacy("/mcp", "reader")?] {
        wait::until("the database to be heard", SOON, || {
            Ok((lists::tools(&agent)?.len() == 3).then_some(()))
        })?;
        assert_eq!(lists::tools(&agent)?, ["old__create", "shop__list_tables", "shop__query"]);
        let answer = agent.result("shop__query", json!({"table": "customers"}))?;
        assert!(answer.to_string().contains("Ada"), "{answer}");
        let refused = agent.call("shop__query", json!({"table": "payroll"}))?;
        assert_eq!(refused.pointer("/result/isError"), Some(&json!(true)), "{refused}");
        assert_eq!(error_code(&agent.call("shop__delete", json!({"table": "customers"}))?), Some(4030));
    }
    assert_eq!(lists::tools(&gateway.modern("/mcp", "guest")?)?, ["old__create"]);
    Ok(())
}

#[test]
fn real_clients_of_both_eras_work() -> Result<()> {
    let scene = Scene::start()?;
    clients::work(&scene.gateway)
}
