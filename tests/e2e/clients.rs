//! Real clients of both eras list and call tools through the gateway, and tell a refusal from a failure.

use std::process::{Command, Output};

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use tests::document::Document;
use tests::fixture::{CREDENTIAL, Fixture};
use tests::gateway::{Gateway, Plan};
use tests::keys::Key;
use tests::workspace;

struct Scene {
    _fixture: Fixture,
    gateway: Gateway,
}

fn scene() -> Result<Scene> {
    let fixture = Fixture::guarded()?;
    let document = Document::new()
        .server("fixture", fixture.url(), ", credential: { bearer: { env: FIXTURE_TOKEN } }")
        .role("reader", "tools: [{ allow: fixture.test_simple_text }, { allow: fixture.echo }]");
    let gateway = Plan::of(&document.text()).variable("FIXTURE_TOKEN", CREDENTIAL).start()?;
    Ok(Scene { _fixture: fixture, gateway })
}

fn text_of(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// What tests/clients/python.py finds: names listed, the answer of an allowed tool, the error of a denied one.
fn python(mode: &str) -> Result<Value> {
    let scene = scene()?;
    let output = Command::new(workspace::python()?)
        .arg(workspace::existing("tests/clients/python.py")?)
        .args([scene.gateway.url("/fixture/mcp")?, &Key::of("reader").text, mode])
        .output()?;
    ensure!(output.status.success(), "the client failed: {}", text_of(&output));
    serde_json::from_slice(&output.stdout).with_context(|| text_of(&output))
}

fn check(found: &Value) {
    assert_eq!(found.get("listed"), Some(&serde_json::json!(["test_simple_text", "echo"])), "{found}");
    assert_eq!(
        found.get("allowed"),
        Some(&Value::from("This is a simple text response for testing.")),
        "{found}"
    );
    assert_eq!(found.get("denied"), Some(&Value::from(4030)), "{found}");
}

#[test]
fn the_python_client_works_in_the_modern_era() -> Result<()> {
    let found = python("auto")?;
    check(&found);
    assert_eq!(found.get("protocol"), Some(&Value::from("2026-07-28")), "the client fell back: {found}");
    Ok(())
}

#[test]
fn the_python_client_works_in_the_legacy_era() -> Result<()> {
    let found = python("legacy")?;
    check(&found);
    assert_eq!(found.get("protocol"), Some(&Value::from("2025-11-25")), "{found}");
    Ok(())
}

fn inspector(scene: &Scene, era: &str, arguments: &[&str]) -> Result<Output> {
    let launcher = ".tools/node/node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js";
    let output = Command::new(workspace::node()?)
        .arg(workspace::existing(launcher)?)
        .args(["--cli", scene.gateway.url("/fixture/mcp")?, "--transport", "http", "--protocol-era", era])
        .args([
            "--format",
            "json",
            "-q",
            "--header",
            &format!("Authorization: Bearer {}", Key::of("reader").text),
        ])
        .args(arguments)
        .current_dir(scene.gateway.folder())
        .output()?;
    Ok(output)
}

fn inspector_works(era: &str) -> Result<()> {
    let scene = scene()?;
    let listed = text_of(&inspector(&scene, era, &["--method", "tools/list"])?);
    assert!(listed.contains("test_simple_text") && !listed.contains("delete_everything"), "{listed}");
    let allowed =
        text_of(&inspector(&scene, era, &["--method", "tools/call", "--tool-name", "test_simple_text"])?);
    assert!(allowed.contains("This is a simple text response for testing."), "{allowed}");
    let denied = inspector(&scene, era, &["--method", "tools/call", "--tool-name", "delete_everything"])?;
    assert!(!denied.status.success() && !text_of(&denied).contains("deleted"), "{}", text_of(&denied));
    Ok(())
}

#[test]
fn the_inspector_works_in_the_modern_era() -> Result<()> {
    inspector_works("modern")
}

#[test]
fn the_inspector_works_in_the_legacy_era() -> Result<()> {
    inspector_works("legacy")
}
