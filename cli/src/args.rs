//! The command line: what is shared by several commands, and all reading of the environment.
//!
//! A command's own options stand in its own file under `command/`.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use adapter::Bounds;
use clap::{Parser, ValueEnum};

use crate::command::Command;

/// The three gates between AI agents and the data they use.
#[derive(Debug, Parser)]
#[command(name = "trigate", version, arg_required_else_help = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Which control plane a command talks to.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct TargetArgs {
    /// URL of a running control plane; without it, the state directory's, running or not
    #[arg(long, global = true, env = "TRIGATE_CONTROL_PLANE", value_name = "URL")]
    pub(crate) control_plane: Option<String>,
    /// File with the administrator's token (or TRIGATE_TOKEN holds the token itself)
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) token_file: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) state: StateArgs,
}

/// Where a command keeps or finds its state.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct StateArgs {
    /// Directory of the store, tokens and logs
    #[arg(long, global = true, env = "TRIGATE_STATE_DIR", value_name = "DIR", default_value = ".trigate")]
    pub(crate) state_dir: PathBuf,
}

/// Bounds of what is asked of a database, whatever the role.
#[derive(Debug, Clone, Copy, clap::Args)]
pub(crate) struct BoundsArgs {
    /// Seconds after which a statement is cancelled at the database
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=3600))]
    statement_timeout: u64,
    /// Connections to each database
    #[arg(long, value_name = "NUMBER", default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..=200))]
    connections: u16,
}

impl BoundsArgs {
    /// As the adapter takes them.
    pub(crate) fn bounds(self) -> Bounds {
        Bounds {
            statement: Duration::from_secs(self.statement_timeout),
            connections: self.connections.into(),
            ..Bounds::default()
        }
    }
}

/// How a result is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// One JSON document, for programs
    Json,
    /// For people
    Table,
}

/// What carries gate 2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Host {
    /// A service beside Envoy, asked by Envoy's ext_proc filter
    ExtProc,
    /// The module within Envoy
    Wasm,
}

/// The option that chooses it.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct FormatArgs {
    /// Format of the result
    #[arg(long, short, global = true, value_enum, default_value_t = Format::Table)]
    pub(crate) output: Format,
}

/// What the verbs of administration have in common: whom they ask, and how they show the answer.
#[derive(Debug, clap::Args)]
pub(crate) struct Shared {
    #[command(flatten)]
    pub(crate) target: TargetArgs,
    #[command(flatten)]
    pub(crate) format: FormatArgs,
}

/// The administrator's token, where the environment holds one.
pub(crate) fn token_from_environment() -> Option<String> {
    std::env::var("TRIGATE_TOKEN").ok().filter(|token| !token.trim().is_empty())
}

/// The node token, where the environment holds one.
pub(crate) fn node_token_from_environment() -> Option<String> {
    std::env::var("TRIGATE_NODE_TOKEN").ok().filter(|token| !token.trim().is_empty())
}

/// A variable of the environment; one that is empty is none.
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// What every program of a server gets of this process's environment: where things are and how to speak, no secrets.
pub(crate) fn environment_of_programs() -> Vec<(&'static str, OsString)> {
    const PASSED: [&str; 10] =
        ["HOME", "LANG", "LC_ALL", "LOGNAME", "PATH", "SHELL", "TERM", "TMPDIR", "TZ", "USER"];
    PASSED.into_iter().filter_map(|name| Some((name, std::env::var_os(name)?))).collect()
}

/// Where programs are looked for.
pub(crate) fn search_path() -> Vec<PathBuf> {
    std::env::var_os("PATH").map(|path| std::env::split_paths(&path).collect()).unwrap_or_default()
}
