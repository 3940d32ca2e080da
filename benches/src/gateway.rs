//! The gateway benchmark: Envoy in several variants between the load generator and the upstream, in one run.
//!
//! Absolute figures of a shared machine drift by tens of per cent within minutes. So every variant is measured in every
//! round, in shuffled order, and what is reported are ratios to plain Envoy of the same round. docs/benchmarks.md says
//! more.

pub(crate) mod envoy;
mod options;
mod plan;
pub(crate) mod plane;
pub(crate) mod probe;
mod report;
mod round;
pub(crate) mod stage;
mod summary;

use std::fs;

use anyhow::Context;

pub use crate::gateway::options::Options;
use crate::gateway::report::Report;
use crate::gateway::stage::Stage;
use crate::page;

/// Runs the benchmark, prints its tables and writes them where the options say.
pub fn run(options: &Options) -> anyhow::Result<()> {
    let measurements = options.measurements()?;
    let stage = Stage::set(options)?;
    stage.probe()?;
    let memory = round::memory(&stage, options)?;
    let rounds = round::all(&stage, options, &measurements)?;
    let report = Report::new(&stage, options, memory, summary::of(&rounds))?;
    stage.strike(options)?;
    let markdown = report.markdown();
    println!("{markdown}");
    let parent = options.json.parent().context("the JSON file has no directory")?;
    fs::create_dir_all(parent)?;
    fs::write(&options.json, serde_json::to_string_pretty(&report.json(&rounds))?)
        .with_context(|| format!("cannot write {}", options.json.display()))?;
    if let Some(file) = &options.write_docs {
        page::write_into(file, "bench-gateway", &markdown)?;
    }
    Ok(())
}
