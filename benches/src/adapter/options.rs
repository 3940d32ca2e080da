//! What a person may choose.

use std::path::PathBuf;

use clap::Parser;

/// Compare the adapter with the drivers alone and with other MCP servers for databases
#[derive(Debug, Parser)]
#[command(name = "adapter")]
pub struct Options {
    /// The `trigate` binary
    #[arg(long, value_name = "PATH", default_value = "target/release/trigate")]
    pub(crate) trigate: PathBuf,
    /// Where npm put the other servers; those that are not there are left out
    #[arg(long, value_name = "DIR", default_value = ".tools/peers/node_modules")]
    pub(crate) peers: PathBuf,
    /// Rounds: in each, every variant is measured once
    #[arg(long, default_value_t = 5)]
    pub(crate) rounds: usize,
    /// Seconds of each measurement
    #[arg(long, default_value_t = 2.0)]
    pub(crate) seconds: f64,
    /// Order of the variants within rounds follows from this
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Where the figures go
    #[arg(long, value_name = "FILE", default_value = "target/bench/adapter.json")]
    pub(crate) json: PathBuf,
    /// Logs, databases and state of the processes; emptied first
    #[arg(long, value_name = "DIR", default_value = "target/bench/adapter")]
    pub(crate) work: PathBuf,
    /// A page whose marked section is replaced by the tables
    #[arg(long, value_name = "FILE")]
    pub(crate) write_docs: Option<PathBuf>,
}
