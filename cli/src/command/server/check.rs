//! `trigate server check`: a server is asked now, by the control plane and with the gateway's credential.

use std::path::Path;

use policy::document::Server;
use proto::v1::{AskServersRequest, AskedServer, OfferKind, OfferedServer};
use serde_json::json;

use super::{Shared, count, counts, document, offered, secrets};
use crate::args::Format;
use crate::failure::Unacceptable;
use crate::output::{self, Sheet};
use crate::target::{Absent, answer};

/// Options of `trigate server check`.
#[derive(Debug, clap::Args)]
pub(crate) struct Check {
    /// Name of the server; all by default
    name: Option<String>,
    #[command(flatten)]
    shared: Shared,
}

impl Check {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        let state = self.shared.target.state.state_dir.clone();
        let mut admin = self.shared.target.connect(Absent::Refuse).await?;
        let servers = self.name.iter().cloned().collect();
        let asked = answer(admin.client.ask_servers(AskServersRequest { servers }).await)?.servers;
        let document = document(&mut admin).await?;
        let offered = offered(&mut admin, self.name.as_deref().unwrap_or_default()).await?;
        let nothing = Server::default();
        let checks: Vec<_> = asked
            .iter()
            .map(|asked| {
                let server = document.servers.get(&asked.server).unwrap_or(&nothing);
                (asked, server, offered.get(&asked.server))
            })
            .collect();
        match self.shared.format.output {
            Format::Json => {
                let told = checks.iter().map(|(asked, server, heard)| {
                    let failure = (!asked.failure.is_empty()).then(|| sentence(asked, server, &state));
                    json!({
                        "server": asked.server,
                        "ok": asked.failure.is_empty(),
                        "failure": failure,
                        "milliseconds": asked.milliseconds,
                        "credential": credential(asked, server),
                        "era": heard.map(|heard| heard.era.as_str()).filter(|_| asked.failure.is_empty()),
                        "offers": heard.filter(|_| asked.failure.is_empty()).map(counts),
                    })
                });
                output::json(&told.collect())?;
            }
            Format::Table => print(&checks, &state)?,
        }
        let failed = asked.iter().filter(|asked| !asked.failure.is_empty()).count();
        if failed > 0 {
            return Err(Unacceptable::Question(format!(
                "{failed} of {} servers did not pass the check",
                asked.len()
            ))
            .into());
        }
        Ok(())
    }
}

fn print(checks: &[(&AskedServer, &Server, Option<&OfferedServer>)], state: &Path) -> std::io::Result<()> {
    let mut sheet =
        Sheet::new(&["server", "answers", "era", "tools", "prompts", "resources", "credential", "took"]);
    for (asked, server, heard) in checks {
        let heard = heard.filter(|_| asked.failure.is_empty());
        let number = |kind| heard.map(|heard| count(heard, kind).to_string()).unwrap_or_default();
        sheet.row([
            asked.server.clone(),
            if asked.failure.is_empty() { "yes" } else { "no" }.to_owned(),
            heard.map(|heard| heard.era.clone()).unwrap_or_default(),
            number(OfferKind::Tool),
            number(OfferKind::Prompt),
            number(OfferKind::Resource),
            credential(asked, server).to_owned(),
            format!("{} ms", asked.milliseconds),
        ]);
    }
    sheet.print("the document has no servers")?;
    for (asked, server, _) in checks.iter().filter(|(asked, ..)| !asked.failure.is_empty()) {
        output::line(&format!("\n{}", output::printable(&sentence(asked, server, state))))?;
    }
    Ok(())
}

/// What became of the credential.
fn credential(asked: &AskedServer, server: &Server) -> &'static str {
    match (&server.credential, asked.failure.is_empty()) {
        (None, _) => "none",
        (Some(_), true) => "accepted",
        (Some(_), false) if is_refused(asked) => "refused",
        (Some(_), false) => "not shown",
    }
}

/// Whether the server said that it does not take who asks.
fn is_refused(asked: &AskedServer) -> bool {
    ["HTTP 401", "HTTP 403"].iter().any(|status| asked.failure.contains(status))
}

/// What is wrong, and what to do about it.
fn sentence(asked: &AskedServer, server: &Server, state: &Path) -> String {
    let AskedServer { server: name, failure, .. } = asked;
    let advice = match (is_refused(asked), &server.credential, &server.command) {
        (true, None, _) => {
            format!("; it wants a credential: give `servers.{name}.credential`")
        }
        (true, Some(_), _) => format!("; it does not take the credential ({})", secrets(server)),
        (false, _, Some(_)) => {
            let log = state.join(format!("server-{name}.log"));
            format!("; what its program said is in `{}`", log.display())
        }
        (false, ..) => String::new(),
    };
    format!("`{name}`: {failure}{advice}")
}
