//! An Envoy that somebody already runs: the scenario of `envoy/existing`, proved by its own script.

use std::process::Command;

use anyhow::{Context, Result};
use tests::workspace;

#[test]
fn the_scenario_of_an_existing_envoy_holds() -> Result<()> {
    let output = Command::new("bash")
        .arg(workspace::existing("envoy/existing/verify.sh")?)
        .env("TRIGATE", workspace::trigate()?)
        .env("TRIGATE_FILTER", workspace::filter()?)
        .env("TRIGATE_ENVOY", workspace::envoy()?)
        .env("PYTHON", workspace::python()?)
        .env_remove("TRIGATE_TOKEN")
        .output()
        .context("running verify.sh")?;
    let said =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{said}");
    Ok(())
}
