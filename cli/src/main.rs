//! The `trigate` binary: reads the command line, runs one command, turns its outcome into an exit code.

mod args;
mod claims;
mod command;
mod databases;
mod demo;
mod document;
mod envoy;
mod failure;
mod instant;
mod launch;
mod output;
mod registry;
mod serving;
mod state;
mod supervise;
mod target;
mod telemetry;

use std::process::ExitCode;

use clap::Parser;

#[tokio::main]
async fn main() -> ExitCode {
    let cli = args::Cli::parse();
    let outcome = cli.command.run().await;
    telemetry::stop().await;
    failure::exit(outcome)
}
