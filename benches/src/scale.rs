//! What size costs: the time of a decision, the memory of a policy, and the time until a revocation is in force.
//!
//! Decisions and memory are those of the engine itself, natively; revocations are those of a real control plane and a real
//! Envoy with two workers. docs/benchmarks.md says more.

mod decide;
mod documents;
mod memory;
mod revoke;
mod stage;

use std::fmt::Write;
use std::path::PathBuf;

use anyhow::Context;
use clap::Parser;
use peak_alloc::PeakAlloc;

use crate::page;
use crate::scale::documents::Size;

/// Compare large policies with a small one
#[derive(Debug, Parser)]
#[command(name = "scale")]
pub struct Options {
    /// Envoy's binary
    #[arg(long, value_name = "PATH", default_value = ".tools/envoy/bin/envoy")]
    envoy: PathBuf,
    /// Our filter's module
    #[arg(long, value_name = "PATH", default_value = "target/debug/trigate_filter.wasm")]
    filter: PathBuf,
    /// The `trigate` binary, for the control plane
    #[arg(long, value_name = "PATH", default_value = "target/release/trigate")]
    trigate: PathBuf,
    /// Rounds of the comparison of decisions
    #[arg(long, default_value_t = 15)]
    rounds: usize,
    /// Revocations under each policy
    #[arg(long, default_value_t = 100)]
    revocations: usize,
    /// Logs and state of the processes; emptied first
    #[arg(long, value_name = "DIR", default_value = "target/bench/scale")]
    work: PathBuf,
    /// A page whose marked section is replaced by the tables
    #[arg(long, value_name = "FILE")]
    write_docs: Option<PathBuf>,
}

/// Runs the benchmark and prints its tables; `heap` counts what is allocated.
pub fn run(options: &Options, heap: &PeakAlloc) -> anyhow::Result<()> {
    let mut text = String::new();
    let decisions = decide::compare(options.rounds)?;
    let _ = writeln!(
        text,
        "**Engine alone, natively**: a `tools/call` of 300 B, head to end of answer, takes {:.1} µs under {} and {:.1} µs under \
         {}, {:.2} [{:.2}–{:.2}] times as long in {} rounds.\n",
        decisions.small_us,
        Size::SMALL,
        decisions.large_us,
        Size::KEYS,
        decisions.ratio.median,
        decisions.ratio.min,
        decisions.ratio.max,
        options.rounds
    );
    let held = memory::of(Size::LARGE, heap)?;
    let _ = writeln!(
        text,
        "**Heap of one worker under {}**, counted natively: {:.1} MiB, and {:.1} MiB at most while the policy is read. Pointers \
         of wasm are half as large.\n",
        Size::LARGE,
        held.live_mib,
        held.peak_mib
    );
    let envoys = revoke::measure(options).context("revocations")?;
    text.push_str("| Envoy with two workers, under | its resident memory, MiB | from the return of `trigate apikey revoke` until every worker refuses the key, ms: p50, p99, max |\n|---|---|---|\n");
    for row in &envoys {
        let _ = writeln!(
            text,
            "| {} | {:.0} | {:.1}, {:.1}, {:.1} |",
            row.size, row.resident_mib, row.revoked_ms.0, row.revoked_ms.1, row.revoked_ms.2
        );
    }
    text.push_str("\n| aim | found | |\n|---|---|---|\n");
    let worst = envoys.iter().map(|row| row.revoked_ms.1).fold(0.0, f64::max);
    for (aim, found, met) in [
        (
            "a decision under the largest policy within 1.2 of the small one",
            format!("{:.2}", decisions.ratio.median),
            decisions.ratio.median <= 1.2,
        ),
        (
            "a worker below 32 MiB under the large policy",
            format!("{:.1} MiB at most", held.peak_mib),
            held.peak_mib < 32.0,
        ),
        ("a revocation at every worker within 100 ms (p99)", format!("{worst:.1} ms"), worst <= 100.0),
    ] {
        let _ = writeln!(text, "| {aim} | {found} | {} |", if met { "met" } else { "missed" });
    }
    println!("{text}");
    if let Some(file) = &options.write_docs {
        page::write_into(file, "bench-scale", &text)?;
    }
    Ok(())
}
