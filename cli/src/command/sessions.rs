//! `trigate sessions`: the keys that legacy session ids are sealed with.

use proto::v1::RotateSessionKeysRequest;

use crate::args::TargetArgs;
use crate::output;
use crate::target::{Absent, answer};

/// Options of `trigate sessions`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    target: TargetArgs,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Make a new key for session ids; sessions sealed with the key before go on
    Rotate {
        /// End all sessions: clients then begin new ones
        #[arg(long)]
        end_sessions: bool,
    },
}

impl Args {
    /// Rotates the keys.
    pub(crate) async fn run(self) -> anyhow::Result<()> {
        let Command::Rotate { end_sessions } = self.command;
        let mut admin = self.target.connect(Absent::Refuse).await?;
        answer(admin.client.rotate_session_keys(RotateSessionKeysRequest { end_sessions }).await)?;
        output::line(match end_sessions {
            true => "session keys replaced; all sessions have ended",
            false => "session keys replaced; sessions that are open go on",
        })?;
        Ok(())
    }
}
