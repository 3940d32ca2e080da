//! The public conformance suite, run against any URL: which checks pass.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use crate::workspace;

/// A scenario's check, and how often it passed: some run once per case.
pub type Passes = BTreeMap<(String, String), usize>;

/// What one run found.
#[derive(Debug)]
pub struct Outcome {
    /// Checks that passed, in scored scenarios and others.
    pub passes: Passes,
    /// Checks that failed.
    pub failures: Vec<String>,
    /// Whether the suite calls the requirement set met.
    pub conformant: bool,
    /// Its summary.
    pub summary: String,
}

#[derive(Deserialize)]
struct Check {
    id: String,
    status: String,
    #[serde(rename = "errorMessage")]
    message: Option<String>,
}

/// Runs the requirement set of one protocol revision.
pub fn run(url: &str, requirements: &str) -> Result<Outcome> {
    suite(url, &["--requirements", requirements])
}

/// Runs one scenario of the modern revision.
pub fn scenario(url: &str, name: &str) -> Result<Outcome> {
    suite(url, &["--scenario", name, "--spec-version", "2026-07-28"])
}

fn suite(url: &str, chosen: &[&str]) -> Result<Outcome> {
    let folder = tempfile::tempdir()?;
    let suite =
        workspace::existing(".tools/node/node_modules/@modelcontextprotocol/conformance/dist/index.js")?;
    // The rebinding scenario runs only against the name `localhost` or a loopback address without TLS.
    let output = Command::new(workspace::node()?)
        .arg(suite)
        .args(["server", "--url", url])
        .args(chosen)
        .arg("-o")
        .arg(folder.path())
        .output()
        .context("running the conformance suite")?;
    let summary = String::from_utf8_lossy(&output.stdout).into_owned();
    let (passes, failures) = read(folder.path())?;
    ensure!(
        !passes.is_empty(),
        "the suite ran nothing: {summary}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(Outcome { passes, failures, conformant: output.status.success(), summary })
}

fn read(folder: &Path) -> Result<(Passes, Vec<String>)> {
    let (mut passes, mut failures) = (Passes::new(), Vec::new());
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let scenario = scenario_of(&name);
        let text =
            fs::read(entry.path().join("checks.json")).with_context(|| format!("the checks of `{name}`"))?;
        for check in serde_json::from_slice::<Vec<Check>>(&text)? {
            match check.status.as_str() {
                "SUCCESS" => *passes.entry((scenario.clone(), check.id)).or_default() += 1,
                "FAILURE" | "WARNING" => {
                    failures.push(format!("{scenario}: {}: {}", check.id, check.message.unwrap_or_default()));
                }
                _ => {}
            }
        }
    }
    Ok((passes, failures))
}

/// The scenario in a folder name, `server-<scenario>-<time>`.
fn scenario_of(folder: &str) -> String {
    const TIME: usize = "-2026-07-28T09-44-00-000Z".len();
    let name = folder.strip_prefix("server-").unwrap_or(folder);
    name.get(..name.len().saturating_sub(TIME)).unwrap_or(name).to_owned()
}
