//! The real clients against an endpoint of several servers.

use std::path::PathBuf;
use std::process::{Command, Output};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use tests::gateway::Gateway;
use tests::keys::Key;
use tests::workspace;

/// All of them, one after the other.
pub(super) fn work(gateway: &Gateway) -> Result<()> {
    for (mode, protocol) in [("auto", "2026-07-28"), ("legacy", "2025-11-25")] {
        check(&script(gateway, workspace::python()?, "tests/clients/python.py", &[mode])?, protocol)?;
    }
    let folder = workspace::existing(".tools/clients/node_modules/@modelcontextprotocol")?;
    for (package, mode, protocol) in [
        ("client", "auto", "2026-07-28"),
        ("client", "default", "2025-11-25"),
        ("sdk", "default", "2025-11-25"),
    ] {
        let package = folder.join(package).to_string_lossy().into_owned();
        let found = script(gateway, workspace::node()?, "tests/clients/typescript.mjs", &[&package, mode])?;
        check(&found, protocol)?;
    }
    for era in ["modern", "legacy"] {
        let listed = inspector(gateway, era, &["--method", "tools/list"])?;
        ensure!(listed.contains("fixture__echo") && listed.contains("old__create"), "{listed}");
        let tool = ["--method", "tools/call", "--tool-name"];
        let called = inspector(gateway, era, &[&tool[..], &["old__create"]].concat())?;
        ensure!(called.contains("created"), "{called}");
    }
    Ok(())
}

fn script(gateway: &Gateway, program: PathBuf, script: &str, options: &[&str]) -> Result<Value> {
    let output = Command::new(program)
        .arg(workspace::existing(script)?)
        .args([gateway.url("/mcp")?, &Key::of("reader").text])
        .args(options)
        .arg("fixture__")
        .output()?;
    ensure!(output.status.success(), "{script} {options:?} failed: {}", text_of(&output));
    serde_json::from_slice(&output.stdout).with_context(|| text_of(&output))
}

fn check(found: &Value, protocol: &str) -> Result<()> {
    let expected = json!({
        "protocol": protocol,
        "listed": ["old__create", "fixture__test_simple_text", "fixture__echo"],
        "allowed": "This is a simple text response for testing.",
        "denied": 4030,
    });
    ensure!(*found == expected, "{found} instead of {expected}");
    Ok(())
}

fn inspector(gateway: &Gateway, era: &str, arguments: &[&str]) -> Result<String> {
    let launcher = ".tools/node/node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js";
    let output = Command::new(workspace::node()?)
        .arg(workspace::existing(launcher)?)
        .args(["--cli", gateway.url("/mcp")?, "--transport", "http", "--protocol-era", era])
        .args(["--format", "json", "-q", "--header"])
        .arg(format!("Authorization: Bearer {}", Key::of("reader").text))
        .args(arguments)
        .current_dir(gateway.folder())
        .output()?;
    Ok(text_of(&output))
}

fn text_of(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}
