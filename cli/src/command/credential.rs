//! `trigate credential`: secrets of upstream servers, sealed in the control plane's store.
//!
//! A secret comes from standard input or a prompt that does not show it; never from the command line, which every process
//! on the machine can read.

use std::io::{IsTerminal, Read, Write, stderr, stdin};

use anyhow::Context;
use nix::sys::termios::{LocalFlags, SetArg, tcgetattr, tcsetattr};
use proto::v1::{ListCredentialsRequest, RemoveCredentialRequest, SetCredentialRequest, StoredCredential};
use serde_json::{Value, json};

use crate::args::{Format, FormatArgs, TargetArgs};
use crate::instant;
use crate::output::{self, Sheet};
use crate::target::{Absent, answer};

/// Most bytes that are read; the control plane accepts fewer.
const MOST: u64 = 64 * 1024;

/// What can be done with stored credentials.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Store a secret under a name, in place of the one before; it is read from standard input, or asked for
    Set(Name),
    /// List the names, and the servers that use them
    List(List),
    /// Remove a secret: gateways refuse calls to servers that use it
    Remove(Name),
}

/// Options of `trigate credential set` and `trigate credential remove`.
#[derive(Debug, clap::Args)]
pub(crate) struct Name {
    /// The name that `credential: { bearer: { stored: NAME } }` refers to
    name: String,
    #[command(flatten)]
    target: TargetArgs,
}

/// Options of `trigate credential list`.
#[derive(Debug, clap::Args)]
pub(crate) struct List {
    #[command(flatten)]
    target: TargetArgs,
    #[command(flatten)]
    format: FormatArgs,
}

impl Command {
    /// Does it and says so.
    pub(crate) async fn run(self) -> anyhow::Result<()> {
        match self {
            Command::Set(Name { name, target }) => {
                let secret =
                    tokio::task::spawn_blocking(secret).await.context("cannot read the secret")??;
                let mut admin = target.connect(Absent::Create).await?;
                answer(
                    admin.client.set_credential(SetCredentialRequest { name: name.clone(), secret }).await,
                )?;
                output::line(&format!("stored `{name}`"))?;
            }
            Command::List(List { target, format }) => {
                let mut admin = target.connect(Absent::Refuse).await?;
                let listed =
                    answer(admin.client.list_credentials(ListCredentialsRequest {}).await)?.credentials;
                match format.output {
                    Format::Json => output::json(&listed.iter().map(to_json).collect::<Value>())?,
                    Format::Table => table(&listed)?,
                }
            }
            Command::Remove(Name { name, target }) => {
                let mut admin = target.connect(Absent::Refuse).await?;
                answer(admin.client.remove_credential(RemoveCredentialRequest { name: name.clone() }).await)?;
                output::line(&format!("removed `{name}`"))?;
            }
        }
        Ok(())
    }
}

/// The secret from standard input: all of what is piped in, or one line that the terminal does not show.
fn secret() -> anyhow::Result<Vec<u8>> {
    let input = stdin();
    if !input.is_terminal() {
        let mut secret = Vec::new();
        input.take(MOST).read_to_end(&mut secret).context("cannot read the secret from standard input")?;
        return Ok(secret);
    }
    let before = tcgetattr(&input).context("cannot ask for the secret")?;
    let mut hidden = before.clone();
    hidden.local_flags.remove(LocalFlags::ECHO);
    write!(stderr(), "secret: ")?;
    tcsetattr(&input, SetArg::TCSAFLUSH, &hidden).context("cannot ask for the secret")?;
    let mut line = String::new();
    let read = input.read_line(&mut line);
    // Whatever came of it, the terminal shows again what is typed.
    let restored = tcsetattr(&input, SetArg::TCSAFLUSH, &before);
    writeln!(stderr())?;
    read.context("cannot read the secret")?;
    restored.context("cannot set the terminal back")?;
    Ok(line.into_bytes())
}

fn to_json(credential: &StoredCredential) -> Value {
    json!({
        "name": credential.name,
        "stored": instant::for_programs(credential.stored.as_ref()),
        "servers": credential.servers,
    })
}

fn table(listed: &[StoredCredential]) -> std::io::Result<()> {
    let mut sheet = Sheet::new(&["name", "stored", "used by"]);
    for credential in listed {
        let stored = instant::for_people(credential.stored.as_ref());
        sheet.row([credential.name.clone(), stored, credential.servers.join(", ")]);
    }
    sheet.print("nothing is stored yet: `trigate credential set NAME` does")
}
