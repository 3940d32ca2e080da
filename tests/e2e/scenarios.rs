//! The scenarios of `envoy`, each proved by its own script on a real Envoy.

use std::process::Command;

use anyhow::{Context, Result};
use tests::workspace;

#[track_caller]
fn check(scenario: &str) -> Result<()> {
    let output = Command::new("bash")
        .arg(workspace::existing(&format!("envoy/{scenario}/verify.sh"))?)
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

#[test]
fn the_filter_in_an_existing_envoy() -> Result<()> {
    check("existing")
}

#[test]
fn the_external_processor() -> Result<()> {
    check("ext-proc")
}

#[test]
fn a_host_that_cannot_hold_heads() -> Result<()> {
    check("compat")
}

#[test]
fn the_filter_by_discovery() -> Result<()> {
    check("ecds")
}

#[test]
fn a_policy_in_the_configuration() -> Result<()> {
    check("snapshot")
}

#[test]
fn what_statistics_and_the_access_log_show() -> Result<()> {
    check("telemetry")
}
