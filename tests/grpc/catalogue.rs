//! The control plane asks servers what they offer: in either era, to the last page, and no further than it should.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use anyhow::{Context, Result};
use serde_json::{Value, json};
use tempfile::TempDir;
use tests::control_plane::ControlPlane;
use tests::document::Document;
use tests::fixture::{CREDENTIAL, Fixture};
use tests::upstream::{Answer, Received, Upstream};

/// A control plane under a document with one server, `s`.
struct Scene {
    folder: TempDir,
    control_plane: ControlPlane,
}

impl Scene {
    fn of(url: &str, more: &str) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let control_plane = ControlPlane::start(folder.path())?;
        let scene = Self { folder, control_plane };
        scene.apply(url, more)?;
        Ok(scene)
    }

    fn apply(&self, url: &str, more: &str) -> Result<()> {
        let document = Document::new().server("s", url, more).role("agent", "tools: [{ allow: s.* }]");
        self.control_plane.apply(self.folder.path(), &document.text())
    }

    /// What is known of the server once it was asked.
    fn asked(&self) -> Result<Value> {
        self.listed(&["pins", "list", "--ask"])
    }

    fn listed(&self, arguments: &[&str]) -> Result<Value> {
        let servers = self.control_plane.json(self.folder.path(), arguments)?;
        servers.get(0).cloned().context("the server is not listed")
    }
}

fn names(server: &Value) -> Vec<&str> {
    let tools = server.get("tools").and_then(Value::as_array);
    tools.into_iter().flatten().filter_map(|tool| tool.get("tool")?.as_str()).collect()
}

fn text<'a>(server: &'a Value, member: &str) -> &'a str {
    server.get(member).and_then(Value::as_str).unwrap_or_default()
}

fn result(received: &Received, result: &Value) -> Answer {
    Answer::json(&json!({"jsonrpc": "2.0", "id": received.json().get("id"), "result": result}))
}

fn error(received: &Received, status: u16, code: i64) -> Answer {
    let error = json!({"code": code, "message": "no such thing"});
    Answer::json(&json!({"jsonrpc": "2.0", "id": received.json().get("id"), "error": error})).status(status)
}

fn method(received: &Received) -> String {
    received.json().get("method").and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// A modern server with these pages of tools; the cursor of each is the number of the next.
fn paged(pages: Vec<Value>) -> Result<Upstream> {
    Upstream::start(move |received| match method(received).as_str() {
        "server/discover" => {
            result(received, &json!({"resultType": "complete", "capabilities": {"tools": {}}}))
        }
        "tools/list" => {
            let body = received.json();
            let cursor = body.pointer("/params/cursor").and_then(Value::as_str);
            let page = cursor.map_or(Ok(0), str::parse::<usize>).unwrap_or_default();
            result(received, pages.get(page).unwrap_or(&Value::Null))
        }
        _ => error(received, 404, -32601),
    })
}

#[test]
fn a_real_server_is_asked_as_the_gateway_would() -> Result<()> {
    let fixture = Fixture::guarded()?;
    let scene = Scene::of(fixture.url(), "")?;
    assert!(text(&scene.asked()?, "failure").contains("401"), "asked without the credential");
    let secret = scene.folder.path().join("secret");
    std::fs::write(&secret, CREDENTIAL)?;
    scene
        .apply(fixture.url(), &format!(", credential: {{ bearer: {{ file: \"{}\" }} }}", secret.display()))?;
    let server = scene.asked()?;
    assert_eq!((text(&server, "era"), text(&server, "failure")), ("modern", ""));
    assert!(names(&server).contains(&"test_simple_text") && names(&server).len() > 10, "{server}");
    Ok(())
}

#[test]
fn every_page_is_asked_for() -> Result<()> {
    let upstream = paged(vec![
        json!({"tools": [{"name": "a"}], "nextCursor": "1"}),
        json!({"tools": [], "nextCursor": "2"}),
        json!({"tools": [{"name": "b"}]}),
    ])?;
    let scene = Scene::of(&upstream.url(), "")?;
    assert_eq!(names(&scene.asked()?), ["a", "b"]);
    Ok(())
}

#[test]
fn a_server_that_leads_round_in_circles_is_left() -> Result<()> {
    let upstream = paged(vec![
        json!({"tools": [{"name": "a"}], "nextCursor": "1"}),
        json!({"tools": [{"name": "b"}], "nextCursor": "1"}),
    ])?;
    let server = Scene::of(&upstream.url(), "")?.asked()?;
    assert!(text(&server, "failure").contains("repeats a cursor"), "{server}");
    assert_eq!(names(&server), Vec::<&str>::new());
    Ok(())
}

#[test]
fn a_redirect_is_not_followed() -> Result<()> {
    let elsewhere = Upstream::echo()?;
    let target = elsewhere.url();
    let upstream = Upstream::start(move |_| {
        Answer::bytes("text/plain", Vec::new()).status(307).header("Location", &target)
    })?;
    let server = Scene::of(&upstream.url(), ", credential: { bearer: { env: PATH } }")?.asked()?;
    assert!(text(&server, "failure").contains("307"), "{server}");
    assert_eq!(elsewhere.asked(), 0, "the credential went elsewhere");
    Ok(())
}

#[test]
fn what_is_no_strict_answer_is_not_taken_in() -> Result<()> {
    let bodies: [(&str, Vec<u8>, &str); 4] = [
        (
            "application/json",
            br#"{"jsonrpc":"2.0","id":1,"result":{},"result":{"tools":[]}}"#.to_vec(),
            "result",
        ),
        ("application/json", vec![b' '; 9 * 1024 * 1024], "longer than"),
        ("text/html", b"<html>".to_vec(), "HTTP 200"),
        ("text/event-stream", b"data: {\"jsonrpc\":\"2.0\",\"method\":\"x\"}\n\n".to_vec(), "ended before"),
    ];
    for (media, body, expected) in bodies {
        let upstream = Upstream::start(move |_| Answer::bytes(media, body.clone()))?;
        let server = Scene::of(&upstream.url(), "")?.asked()?;
        assert!(text(&server, "failure").contains(expected), "{expected}: {server}");
    }
    Ok(())
}

#[test]
fn a_server_that_falls_silent_keeps_what_it_offered() -> Result<()> {
    let silent = Arc::new(AtomicUsize::new(0));
    let script = Arc::clone(&silent);
    let upstream =
        Upstream::start(move |received| match (script.load(Ordering::SeqCst), method(received).as_str()) {
            (0, "server/discover") => result(received, &json!({"capabilities": {}})),
            (0, "tools/list") => result(received, &json!({"tools": [{"name": "a"}]})),
            (0, _) => error(received, 404, -32601),
            _ => Answer::bytes("text/plain", b"gone".to_vec()).status(503),
        })?;
    let scene = Scene::of(&upstream.url(), "")?;
    assert_eq!(names(&scene.asked()?), ["a"]);
    silent.store(1, Ordering::SeqCst);
    let server = scene.asked()?;
    assert!(text(&server, "failure").contains("503"), "{server}");
    assert_eq!(names(&server), ["a"]);
    Ok(())
}

#[test]
fn another_url_is_another_server() -> Result<()> {
    let upstream = paged(vec![json!({"tools": [{"name": "a"}]})])?;
    let scene = Scene::of(&upstream.url(), "")?;
    assert_eq!(names(&scene.asked()?), ["a"]);
    scene.apply("http://127.0.0.1:1/mcp", "")?;
    let server = scene.asked()?;
    assert_eq!(names(&server), Vec::<&str>::new(), "what another URL offered says nothing of this one");
    assert!(text(&server, "failure").contains("127.0.0.1:1"), "{server}");
    Ok(())
}

#[test]
fn a_server_is_asked_by_itself_at_the_start_and_after_an_apply() -> Result<()> {
    let upstream = paged(vec![json!({"tools": [{"name": "a"}]})])?;
    let scene = Scene::of(&upstream.url(), "")?;
    tests::wait::until("the server to be asked", tests::wait::SOON, || {
        Ok((names(&scene.listed(&["pins", "list"])?) == ["a"]).then_some(()))
    })
}

#[test]
fn what_a_legacy_server_hands_out_is_shown_again_and_ended() -> Result<()> {
    let heads = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&heads);
    let upstream = Upstream::start(move |received| {
        let session = received.headers.get("mcp-session-id").unwrap_or_default().to_owned();
        let revision = received.headers.get("mcp-protocol-version").unwrap_or_default().to_owned();
        if let Ok(mut seen) = seen.lock() {
            seen.push(
                format!("{} {} {session} {revision}", received.method, method(received)).trim().to_owned(),
            );
        }
        match method(received).as_str() {
            "initialize" => {
                let greeting = json!({"protocolVersion": "2025-06-18", "capabilities": {"tools": {}}, "serverInfo": {"name": "s", "version": "1"}});
                result(received, &greeting).header("Mcp-Session-Id", "its-session")
            }
            "tools/list" => result(received, &json!({"tools": [{"name": "a"}]})),
            "notifications/initialized" => Answer::bytes("text/plain", Vec::new()).status(202),
            _ => error(received, 400, -32600),
        }
    })?;
    let scene = Scene::of(&upstream.url(), "")?;
    assert_eq!(names(&scene.asked()?), ["a"]);
    let heads = heads.lock().map(|heads| heads.clone()).unwrap_or_default();
    for expected in [
        "POST initialize",
        "POST notifications/initialized its-session 2025-06-18",
        "POST tools/list its-session 2025-06-18",
        "DELETE  its-session 2025-06-18",
    ] {
        assert!(heads.iter().any(|head| head == expected), "{expected} is not in {heads:?}");
    }
    Ok(())
}
