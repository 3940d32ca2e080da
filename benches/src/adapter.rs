//! The adapter benchmark: one question, asked of the drivers alone, of our tools, and of other MCP servers for databases.
//!
//! All run at once and are measured in turns, in shuffled order, every one in every round; what counts are ratios within a
//! round and CPU time of the server's process. docs/benchmarks.md says more.

mod options;
mod peers;
mod plan;
mod probe;
mod report;
mod round;
mod stage;

use anyhow::Context;

pub use crate::adapter::options::Options;
use crate::adapter::stage::Stage;
use crate::page;

/// Runs the benchmark, prints its tables and writes them where the options say.
pub fn run(options: &Options) -> anyhow::Result<()> {
    let stage = Stage::set(options)?;
    let outcomes = round::all(&stage, options)?;
    let memory = stage.memory()?;
    let markdown = report::markdown(options, &outcomes, &memory);
    println!("{markdown}");
    let parent = options.json.parent().context("the JSON file has no directory")?;
    std::fs::create_dir_all(parent)?;
    std::fs::write(&options.json, serde_json::to_string_pretty(&report::json(&outcomes, &memory))?)
        .with_context(|| format!("cannot write {}", options.json.display()))?;
    if let Some(file) = &options.write_docs {
        page::write_into(file, "bench-adapter", &markdown)?;
    }
    Ok(())
}
