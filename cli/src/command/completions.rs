//! `trigate completions`: a script that completes commands and options in a shell.

use std::io::Write;

use clap::CommandFactory;
use clap_complete::Shell;

use crate::args::Cli;

/// Options of `trigate completions`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Shell to complete in
    shell: Shell,
}

impl Args {
    /// Prints the script.
    pub(crate) fn run(&self) -> anyhow::Result<()> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "trigate", &mut script);
        std::io::stdout().write_all(&script)?;
        Ok(())
    }
}
