//! The public conformance suite finds the same through the gateway as directly: the gateway loses nothing.

use anyhow::Result;
use serde_json::json;
use tests::conformance::{run, scenario as run_scenario};
use tests::courier::Courier;
use tests::document::Document;
use tests::fixture::{CREDENTIAL, Fixture};
use tests::gateway::Plan;
use tests::keys::Key;
use tests::upstream::Upstream;
use tests::wait::{START, until};

/// Runs one requirement set both ways. The upstream wants its own credential, so that nothing passes beside the gateway.
fn check(requirements: &str) -> Result<()> {
    let open = Fixture::open()?;
    let direct = run(open.url(), requirements)?;
    assert!(direct.conformant, "the fixture itself fails {requirements}:\n{}", direct.summary);

    let guarded = Fixture::guarded()?;
    let courier = Courier::new()?;
    let document = Document::new()
        .top(&format!(
            "gateway: {{ allowed_hosts: [localhost, 127.0.0.1], allowed_origins: [\"{}\"] }}",
            courier.origin()
        ))
        .server("fixture", guarded.url(), ", credential: { bearer: { env: FIXTURE_TOKEN } }")
        .role("suite", "everything: true");
    let gateway = Plan::of(&document.text()).variable("FIXTURE_TOKEN", CREDENTIAL).start()?;
    let url = courier.carry(gateway.url("/fixture/mcp")?, &Key::of("suite").text)?;
    let through = run(&url, requirements)?;

    let lost: Vec<_> =
        direct.passes.iter().filter(|(check, count)| through.passes.get(check) < Some(*count)).collect();
    let why: Vec<_> = through
        .failures
        .iter()
        .filter(|failure| lost.iter().any(|((_, check), _)| failure.contains(check)))
        .collect();
    assert!(lost.is_empty(), "through the gateway these are lost: {lost:#?}\n{why:#?}");
    assert!(through.conformant, "through the gateway {requirements} is not met:\n{}", through.summary);
    Ok(())
}

#[test]
fn the_legacy_requirements_are_met_as_directly() -> Result<()> {
    check("2025-11-25")
}

#[test]
fn the_modern_requirements_are_met_as_directly() -> Result<()> {
    check("2026-07-28")
}

/// A server that fails a scenario of headers alone passes it behind the gateway, which holds the headers to the body.
fn check_headers(scenario: &str) -> Result<()> {
    let careless = Upstream::careless()?;
    let alone = run_scenario(&careless.url(), scenario)?;
    assert!(!alone.failures.is_empty(), "the server passes {scenario} by itself:\n{}", alone.summary);

    let courier = Courier::new()?;
    let document = Document::new()
        .top(&format!(
            "gateway: {{ allowed_hosts: [localhost, 127.0.0.1], allowed_origins: [\"{}\"] }}",
            courier.origin()
        ))
        .server("s", &careless.url(), "")
        .role("suite", "tools: [{ allow: s.query }]");
    let gateway = Plan::of(&document.text()).start()?;
    // Which arguments are repeated in headers the gateway knows once the server was asked what it offers.
    let agent = gateway.modern("/s/mcp", "suite")?;
    until("the gateway to know the tool", START, || {
        let call = json!({"name": "query", "arguments": {"region": "EU"}});
        Ok((agent.send("tools/call", call)?.status == 400).then_some(()))
    })?;
    let url = courier.carry(gateway.url("/s/mcp")?, &Key::of("suite").text)?;
    let through = run_scenario(&url, scenario)?;
    assert!(
        through.conformant && through.failures.is_empty() && through.passes.len() >= alone.passes.len(),
        "through the gateway {scenario} fails:\n{}\n{:#?}",
        through.summary,
        through.failures
    );
    Ok(())
}

#[test]
fn headers_are_validated_for_a_server_that_does_not() -> Result<()> {
    check_headers("http-header-validation")
}

#[test]
fn headers_of_arguments_are_validated_for_a_server_that_does_not() -> Result<()> {
    check_headers("http-custom-header-server-validation")
}
