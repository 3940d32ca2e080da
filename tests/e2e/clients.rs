//! Real clients of both eras list and call tools through the gateway, on one URL at the same time, and tell a refusal from a
//! failure.

mod rmcp;

use std::path::PathBuf;
use std::process::{Command, Output};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use tests::document::Document;
use tests::fixture::{CREDENTIAL, Fixture};
use tests::gateway::{Gateway, Plan};
use tests::keys::Key;
use tests::workspace;

const MODERN: &str = "2026-07-28";
const LEGACY: &str = "2025-11-25";

struct Scene {
    _fixture: Fixture,
    gateway: Gateway,
}

fn scene() -> Result<Scene> {
    let fixture = Fixture::guarded()?;
    let document = Document::new()
        .server("fixture", fixture.url(), ", credential: { bearer: { env: FIXTURE_TOKEN } }")
        .role("reader", "tools: [{ allow: fixture.test_simple_text }, { allow: fixture.echo }]");
    let gateway = Plan::of(&document.text()).variable("FIXTURE_TOKEN", CREDENTIAL).workers(2).start()?;
    Ok(Scene { _fixture: fixture, gateway })
}

fn text_of(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// What a script of tests/clients finds: protocol, names listed, the answer of an allowed tool, the error of a denied one.
fn script(scene: &Scene, program: PathBuf, script: &str, options: &[&str]) -> Result<Value> {
    let output = Command::new(program)
        .arg(workspace::existing(script)?)
        .args([scene.gateway.url("/fixture/mcp")?, &Key::of("reader").text])
        .args(options)
        .output()?;
    ensure!(output.status.success(), "the client failed: {}", text_of(&output));
    serde_json::from_slice(&output.stdout).with_context(|| text_of(&output))
}

fn python(scene: &Scene, mode: &str) -> Result<Value> {
    script(scene, workspace::python()?, "tests/clients/python.py", &[mode])
}

fn typescript(scene: &Scene, package: &str, mode: &str) -> Result<Value> {
    let folder = workspace::existing(".tools/clients/node_modules/@modelcontextprotocol")?.join(package);
    script(scene, workspace::node()?, "tests/clients/typescript.mjs", &[&folder.to_string_lossy(), mode])
}

fn check(found: &Value, protocol: &str) -> Result<()> {
    let expected = json!({
        "protocol": protocol,
        "listed": ["test_simple_text", "echo"],
        "allowed": "This is a simple text response for testing.",
        "denied": 4030,
    });
    ensure!(*found == expected, "{found} instead of {expected}");
    Ok(())
}

fn inspector(scene: &Scene, era: &str, arguments: &[&str]) -> Result<Output> {
    let launcher = ".tools/node/node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js";
    // A folder of its own: two of them at once would share what it keeps.
    let folder = scene.gateway.folder().join(format!("inspector-{era}"));
    std::fs::create_dir_all(&folder)?;
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
        .current_dir(folder)
        .output()?;
    Ok(output)
}

fn inspector_works(scene: &Scene, era: &str) -> Result<()> {
    let listed = text_of(&inspector(scene, era, &["--method", "tools/list"])?);
    ensure!(listed.contains("test_simple_text") && !listed.contains("delete_everything"), "{listed}");
    let allowed =
        text_of(&inspector(scene, era, &["--method", "tools/call", "--tool-name", "test_simple_text"])?);
    ensure!(allowed.contains("This is a simple text response for testing."), "{allowed}");
    let denied = inspector(scene, era, &["--method", "tools/call", "--tool-name", "delete_everything"])?;
    ensure!(!denied.status.success() && !text_of(&denied).contains("deleted"), "{}", text_of(&denied));
    Ok(())
}

/// One client in one of its modes.
type Client = fn(&Scene) -> Result<()>;

const CLIENTS: [(&str, Client); 9] = [
    ("python, auto", |scene| check(&python(scene, "auto")?, MODERN)),
    ("python, legacy", |scene| check(&python(scene, "legacy")?, LEGACY)),
    ("typescript 2, auto", |scene| check(&typescript(scene, "client", "auto")?, MODERN)),
    ("typescript 2, as it comes", |scene| check(&typescript(scene, "client", "default")?, LEGACY)),
    ("typescript 1", |scene| check(&typescript(scene, "sdk", "default")?, LEGACY)),
    ("rmcp, auto", |scene| check(&rmcp::auto(scene.gateway.url("/fixture/mcp")?)?, MODERN)),
    ("rmcp, as it comes", |scene| check(&rmcp::default(scene.gateway.url("/fixture/mcp")?)?, LEGACY)),
    ("inspector, modern", |scene| inspector_works(scene, "modern")),
    ("inspector, legacy", |scene| inspector_works(scene, "legacy")),
];

#[test]
fn nine_clients_of_both_eras_work_on_one_url_at_the_same_time() -> Result<()> {
    let scene = &scene()?;
    std::thread::scope(|scope| {
        let running = CLIENTS.map(|(name, client)| (name, scope.spawn(move || client(scene))));
        let outcomes = running.map(|(name, client)| (name, client.join()));
        let failed: Vec<String> = outcomes
            .into_iter()
            .filter_map(|(name, outcome)| match outcome {
                Ok(Ok(())) => None,
                Ok(Err(error)) => Some(format!("{name}: {error:#}")),
                Err(_) => Some(format!("{name}: panicked")),
            })
            .collect();
        assert!(failed.is_empty(), "{}", failed.join("\n"));
    });
    Ok(())
}
