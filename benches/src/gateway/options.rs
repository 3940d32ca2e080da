//! What a person may choose.

use std::path::PathBuf;

use anyhow::{bail, ensure};
use clap::Parser;

use crate::gateway::plan::{MEASUREMENTS, Measurement};
use crate::gateway::stage::Variant;

/// Compare Envoy with our filter to Envoy without it and to Envoy's own MCP filter
#[derive(Debug, Parser)]
#[command(name = "gateway")]
pub struct Options {
    /// Envoy's binary
    #[arg(long, value_name = "PATH", default_value = ".tools/envoy/bin/envoy")]
    pub(crate) envoy: PathBuf,
    /// Our filter's module
    #[arg(long, value_name = "PATH", default_value = "target/debug/trigate_filter.wasm")]
    pub(crate) filter: PathBuf,
    /// The `trigate` binary, for the control plane
    #[arg(long, value_name = "PATH", default_value = "target/release/trigate")]
    pub(crate) trigate: PathBuf,
    /// Rounds: in each, every variant is measured once
    #[arg(long, default_value_t = 7)]
    pub(crate) rounds: usize,
    /// Seconds of each measurement
    #[arg(long, default_value_t = 3.0)]
    pub(crate) seconds: f64,
    /// Measure only these: a name, or the beginning of several
    #[arg(long, value_delimiter = ',', value_name = "NAMES")]
    pub(crate) only: Vec<String>,
    /// Variants to measure; `plain` is what the others are compared with
    #[arg(long, value_enum, value_delimiter = ',', default_value = "direct,plain,again,noop,native,trigate")]
    pub(crate) variants: Vec<Variant>,
    /// Order of the variants within rounds follows from this
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Where the figures go
    #[arg(long, value_name = "FILE", default_value = "target/bench/gateway.json")]
    pub(crate) json: PathBuf,
    /// Logs and state of the processes; emptied first
    #[arg(long, value_name = "DIR", default_value = "target/bench/gateway")]
    pub(crate) work: PathBuf,
    /// A page whose marked section is replaced by the tables
    #[arg(long, value_name = "FILE")]
    pub(crate) write_docs: Option<PathBuf>,
}

impl Options {
    /// The measurements that were asked for.
    pub(crate) fn measurements(&self) -> anyhow::Result<Vec<&'static Measurement>> {
        ensure!(self.rounds > 0 && self.seconds > 0.0, "--rounds and --seconds must be above 0");
        ensure!(
            self.variants.contains(&Variant::Plain),
            "--variants must hold `plain`: the others are compared with it"
        );
        let is_chosen = |name: &str, only: &str| match MEASUREMENTS.iter().any(|known| known.name == only) {
            true => name == only,
            false => name.starts_with(only),
        };
        let wanted = |name: &str| self.only.is_empty() || self.only.iter().any(|only| is_chosen(name, only));
        let chosen: Vec<_> = MEASUREMENTS.iter().filter(|measurement| wanted(measurement.name)).collect();
        if chosen.is_empty() {
            let names: Vec<_> = MEASUREMENTS.iter().map(|measurement| measurement.name).collect();
            bail!("--only names no measurement; there are {}", names.join(", "));
        }
        Ok(chosen)
    }
}
