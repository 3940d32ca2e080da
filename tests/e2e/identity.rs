//! Who asks: without one good key nothing passes, and no credential crosses the gateway in either direction.

use anyhow::{Context, Result};
use serde_json::json;
use tests::agent::{Agent, error_code};
use tests::document::Document;
use tests::gateway::{Gateway, Plan};
use tests::http::{Request, Response};
use tests::keys::Key;
use tests::upstream::Upstream;

const OWN: &str = "own-credential-of-the-server";

fn scene() -> Result<(Upstream, Gateway)> {
    let upstream = Upstream::echo()?;
    let document = Document::new()
        .server("tools", &upstream.url(), ", credential: { bearer: { env: TOOLS_TOKEN } }")
        .server("plain", &upstream.url(), "")
        .role("reader", "tools: [{ allow: tools.echo }, { allow: plain.echo }]")
        .role("other", "tools: [{ allow: tools.echo }]")
        .expired_role("past", "tools: [{ allow: tools.echo }]");
    let gateway = Plan::of(&document.text()).variable("TOOLS_TOKEN", OWN).start()?;
    Ok((upstream, gateway))
}

/// A call of `echo` by an agent without a key: tests add what they send as one.
fn bare_call(gateway: &Gateway) -> Result<(Agent, Request)> {
    let agent = Agent::modern(gateway.url("/tools/mcp")?, None)?;
    let request = agent.request("tools/call", json!({"name": "echo", "arguments": {}}));
    Ok((agent, request))
}

#[track_caller]
fn check_refused(case: &str, response: &Response) -> Result<()> {
    assert_eq!(response.status, 401, "{case}: {}", response.text());
    let message = response.message()?;
    assert_eq!(message.get("jsonrpc"), Some(&json!("2.0")), "{case}: {message}");
    assert_eq!(error_code(&message), Some(4010), "{case}: {message}");
    let challenge =
        response.headers.get("www-authenticate").with_context(|| format!("{case}: no challenge"))?;
    assert!(challenge.starts_with("Bearer "), "{case}: {challenge}");
    Ok(())
}

#[test]
fn without_one_good_key_nothing_passes() -> Result<()> {
    let (upstream, gateway) = scene()?;
    let (agent, request) = bare_call(&gateway)?;
    let bearer = |key: &str| request.clone().header("Authorization", &format!("Bearer {key}"));
    let good = Key::of("reader").text;
    let wrong_secret = format!("{}b", good.get(..good.len() - 1).unwrap_or_default());
    let cases = [
        ("no key", request.clone()),
        ("an empty key", bearer("")),
        ("a key that is none", bearer("not-a-key")),
        ("a key in upper case", bearer(&good.to_uppercase())),
        ("another scheme", request.clone().header("Authorization", "Basic dXNlcjpwYXNz")),
        ("an unknown key", bearer(&Key::of("nobody").text)),
        ("a known key with another secret", bearer(&wrong_secret)),
        ("an expired key", bearer(&Key::of("past").text)),
        ("two different keys in two headers", bearer(&good).header("X-API-Key", &Key::of("other").text)),
        (
            "two different keys in one header",
            bearer(&good).header("Authorization", &format!("Bearer {}", Key::of("other").text)),
        ),
        ("a good key beside a bad one", bearer(&good).header("X-API-Key", "not-a-key")),
    ];
    for (case, request) in &cases {
        check_refused(case, &request.send(&agent.url)?)?;
    }
    assert!(upstream.received().is_empty(), "something reached the upstream: {:?}", upstream.received());
    Ok(())
}

#[test]
fn a_key_in_the_address_is_no_key() -> Result<()> {
    let (upstream, gateway) = scene()?;
    let (mut agent, request) = bare_call(&gateway)?;
    agent.url.path = format!("{}?api_key={}", agent.url.path, Key::of("reader").text);
    let status = request.send(&agent.url)?.status;
    assert!(matches!(status, 400 | 401), "{status}");
    assert!(upstream.received().is_empty());
    Ok(())
}

#[test]
fn every_verb_wants_a_key() -> Result<()> {
    let (upstream, gateway) = scene()?;
    let (agent, _) = bare_call(&gateway)?;
    for verb in ["GET", "DELETE"] {
        let request = Request::new(verb, "")
            .header("Accept", "text/event-stream")
            .header("Mcp-Session-Id", "of-somebody");
        check_refused(verb, &request.send(&agent.url)?)?;
    }
    assert!(upstream.received().is_empty());
    Ok(())
}

#[test]
fn the_upstream_sees_its_own_credential_and_never_the_agents() -> Result<()> {
    let (upstream, gateway) = scene()?;
    let (agent, request) = bare_call(&gateway)?;
    let key = Key::of("reader").text;
    let ways = [
        request.clone().header("Authorization", &format!("Bearer {key}")),
        request.clone().header("X-API-Key", &key),
        request.clone().header("authorization", &format!("bearer {key}")).header("x-api-key", &key),
    ];
    for request in &ways {
        let forged =
            request.clone().header("X-Trigate-Assertion", "forged").header("x-trigate-role", "everything");
        let response = forged.send(&agent.url)?;
        assert_eq!(response.status, 200, "{}", response.text());
    }
    for received in upstream.received() {
        let credentials: Vec<&str> = received.headers.all("authorization").collect();
        assert_eq!(credentials, [format!("Bearer {OWN}")]);
        let lines = format!("{:?}", received.headers);
        assert!(!lines.contains(&key) && !lines.contains("x-api-key"), "{lines}");
        assert!(!lines.contains("forged") && !lines.contains("x-trigate-role"), "{lines}");
    }
    assert_eq!(upstream.received().len(), ways.len());
    Ok(())
}

#[test]
fn a_server_without_a_credential_gets_none() -> Result<()> {
    let (upstream, gateway) = scene()?;
    gateway.modern("/plain/mcp", "reader")?.result("echo", json!({}))?;
    let received = upstream.received();
    let request = received.first().context("nothing reached the upstream")?;
    assert_eq!(request.headers.get("authorization"), None);
    Ok(())
}
