//! `trigate pins`: what upstream servers offer, what of it is approved, and approving it.
//!
//! What is approved is what was shown: the digests of the definitions on the screen go back to the control plane, which
//! refuses where the server offers others by then. Nothing of a server's own text reaches the terminal as it stands.

use std::io::{BufRead, Write};

use anyhow::{Context, bail};
use policy::catalogue::pretty::visible;
use proto::v1::{
    ApprovePinsRequest, AskServersRequest, ListPinsRequest, PinState, RevokePinsRequest, ServerPins,
    ToolDigest, ToolPin,
};
use serde_json::{Value, json};

use crate::args::{Format, Shared};
use crate::command::pins::difference::{Color, Palette};
use crate::instant;
use crate::output::{self, Sheet};
use crate::target::{Absent, Admin, answer};

mod difference;

/// What can be done with pins.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Show what is new or changed, and approve it
    Approve(Approve),
    /// List the tools of the servers, and which are approved
    List(List),
    /// Take approvals back
    Revoke(Revoke),
    /// Show definitions beside those that were approved
    Show(Show),
}

/// Options of `trigate pins approve`.
#[derive(Debug, clap::Args)]
pub(crate) struct Approve {
    /// Only this server
    #[arg(long)]
    server: Option<String>,
    /// Only this tool; may be given again
    #[arg(long = "tool", value_name = "TOOL", requires = "server", group = "choice")]
    tools: Vec<String>,
    /// Everything that is new or changed; without it and without --tool, each is asked for by itself
    #[arg(long, group = "choice")]
    all: bool,
    /// Do not ask
    #[arg(long, short, requires = "choice")]
    yes: bool,
    #[command(flatten)]
    who: Who,
    /// Colours of the differences
    #[arg(long, value_enum, default_value_t = Color::Auto)]
    color: Color,
    #[command(flatten)]
    shared: Shared,
}

/// Options of `trigate pins list`.
#[derive(Debug, clap::Args)]
pub(crate) struct List {
    /// Only this server
    #[arg(long)]
    server: Option<String>,
    /// Have the servers asked first
    #[arg(long)]
    ask: bool,
    #[command(flatten)]
    shared: Shared,
}

/// Options of `trigate pins revoke`.
#[derive(Debug, clap::Args)]
pub(crate) struct Revoke {
    /// The server
    #[arg(long)]
    server: String,
    /// The tool; may be given again
    #[arg(long = "tool", value_name = "TOOL", required = true)]
    tools: Vec<String>,
    #[command(flatten)]
    who: Who,
    #[command(flatten)]
    shared: Shared,
}

/// Options of `trigate pins show`.
#[derive(Debug, clap::Args)]
pub(crate) struct Show {
    /// Only this server
    #[arg(long)]
    server: Option<String>,
    /// Only this tool; may be given again
    #[arg(long = "tool", value_name = "TOOL", requires = "server")]
    tools: Vec<String>,
    /// Colours of the differences
    #[arg(long, value_enum, default_value_t = Color::Auto)]
    color: Color,
    #[command(flatten)]
    shared: Shared,
}

#[derive(Debug, clap::Args)]
struct Who {
    /// Who does it, for the audit
    #[arg(long, value_name = "NAME", env = "USER", default_value = "operator", hide_env = true)]
    by: String,
}

impl Command {
    /// Does it and prints the outcome.
    pub(crate) async fn run(self) -> anyhow::Result<()> {
        match self {
            Command::Approve(args) => args.run().await,
            Command::List(args) => args.run().await,
            Command::Revoke(args) => args.run().await,
            Command::Show(args) => args.run().await,
        }
    }
}

impl List {
    async fn run(self) -> anyhow::Result<()> {
        let mut admin = self.shared.target.connect(Absent::Refuse).await?;
        if self.ask {
            let servers = self.server.iter().cloned().collect();
            answer(admin.client.ask_servers(AskServersRequest { servers }).await)?;
        }
        let servers = pins(&mut admin, self.server, false).await?;
        if self.shared.format.output == Format::Json {
            return Ok(output::json(&servers.iter().map(server_json).collect::<Value>())?);
        }
        let mut sheet = Sheet::new(&["server", "pins", "tool", "state", "digest", "approved by", "approved"]);
        for server in &servers {
            for tool in &server.tools {
                let approved = tool.approved.as_ref().map(|_| instant::for_people(tool.approved.as_ref()));
                sheet.row([
                    server.server.clone(),
                    server.mode.clone(),
                    visible(&tool.tool),
                    told(server, tool),
                    short(&tool.digest),
                    tool.approver.clone(),
                    approved.unwrap_or_default(),
                ]);
            }
        }
        sheet.print("no server has said what it offers")?;
        for server in servers.iter().filter(|server| !server.failure.is_empty() || server.answered.is_none())
        {
            eprintln!("{}", silence(server));
        }
        Ok(())
    }
}

impl Show {
    async fn run(self) -> anyhow::Result<()> {
        let mut admin = self.shared.target.connect(Absent::Refuse).await?;
        let servers = chosen(pins(&mut admin, self.server, true).await?, &self.tools)?;
        if self.shared.format.output == Format::Json {
            return Ok(output::json(&servers.iter().map(server_json).collect::<Value>())?);
        }
        let palette = Palette::of(self.color);
        for server in &servers {
            for tool in &server.tools {
                output::text(&difference::of(&server.server, tool, &palette))?;
            }
        }
        Ok(())
    }
}

impl Approve {
    async fn run(self) -> anyhow::Result<()> {
        let json = self.shared.format.output == Format::Json;
        if json && !self.yes {
            bail!("JSON leaves no room for a question: add --yes");
        }
        let mut admin = self.shared.target.connect(Absent::Refuse).await?;
        let servers = chosen(pins(&mut admin, self.server.clone(), true).await?, &self.tools)?;
        let servers: Vec<ServerPins> =
            servers.into_iter().filter_map(|server| self.pending(server)).collect();
        if servers.is_empty() {
            return if json {
                Ok(output::json(&json!({ "approved": 0 }))?)
            } else {
                Ok(output::line("nothing to approve")?)
            };
        }
        let palette = Palette::of(self.color);
        let mut approved = 0;
        for (server, tools) in self.agreed(&servers, &palette)? {
            let request = ApprovePinsRequest { server, tools, approver: self.who.by.clone() };
            approved += answer(admin.client.approve_pins(request).await)?.changed;
        }
        if json {
            return Ok(output::json(&json!({ "approved": approved }))?);
        }
        let told = match approved {
            0 => "nothing is approved".to_owned(),
            some => format!("approved: {some}"),
        };
        Ok(output::line(&told)?)
    }

    /// What whoever sits there agrees to: each by itself, or all together where all were named.
    fn agreed(
        &self,
        servers: &[ServerPins],
        palette: &Palette,
    ) -> anyhow::Result<Vec<(String, Vec<ToolDigest>)>> {
        let together = self.all || !self.tools.is_empty();
        let silent = self.shared.format.output == Format::Json;
        let mut agreed = Vec::new();
        for server in servers {
            let mut tools = Vec::new();
            for tool in &server.tools {
                if !silent {
                    output::text(&difference::of(&server.server, tool, palette))?;
                }
                if together || yes(&format!("Approve `{}`", output::printable(&tool.tool)))? {
                    tools.push(ToolDigest { tool: tool.tool.clone(), digest: tool.digest.clone() });
                }
            }
            if !tools.is_empty() {
                agreed.push((server.server.clone(), tools));
            }
        }
        let count: usize = agreed.iter().map(|(_, tools)| tools.len()).sum();
        let these =
            if count == 1 { "this definition".to_owned() } else { format!("these {count} definitions") };
        if together && !self.yes && !yes(&format!("Approve {these}"))? {
            agreed.clear();
        }
        Ok(agreed)
    }

    /// The part of a server that waits for approval. A name that looks like another has to be chosen by name.
    fn pending(&self, server: ServerPins) -> Option<ServerPins> {
        let waits = |tool: &ToolPin| match tool.state() {
            PinState::Changed | PinState::New => true,
            PinState::Refused => !self.tools.is_empty(),
            PinState::Approved | PinState::Gone | PinState::Unspecified => false,
        };
        if server.mode == "off" && self.server.is_none() {
            return None;
        }
        let tools: Vec<ToolPin> = server.tools.iter().filter(|tool| waits(tool)).cloned().collect();
        (!tools.is_empty()).then_some(ServerPins { tools, ..server })
    }
}

impl Revoke {
    async fn run(self) -> anyhow::Result<()> {
        let mut admin = self.shared.target.connect(Absent::Refuse).await?;
        let request = RevokePinsRequest { server: self.server, tools: self.tools, approver: self.who.by };
        let changed = answer(admin.client.revoke_pins(request).await)?.changed;
        match self.shared.format.output {
            Format::Json => output::json(&json!({ "revoked": changed }))?,
            Format::Table => output::line(&format!("taken back: {changed}"))?,
        }
        Ok(())
    }
}

async fn pins(
    admin: &mut Admin,
    server: Option<String>,
    definitions: bool,
) -> anyhow::Result<Vec<ServerPins>> {
    let request = ListPinsRequest { server: server.unwrap_or_default(), definitions };
    Ok(answer(admin.client.list_pins(request).await)?.servers)
}

/// The tools that were named; all where none was.
fn chosen(mut servers: Vec<ServerPins>, tools: &[String]) -> anyhow::Result<Vec<ServerPins>> {
    for name in tools {
        let known = servers.iter().any(|server| server.tools.iter().any(|tool| tool.tool == *name));
        if !known {
            bail!("there is no tool `{name}` on this server: `trigate pins list` has those there are");
        }
    }
    if !tools.is_empty() {
        servers.iter_mut().for_each(|server| server.tools.retain(|tool| tools.contains(&tool.tool)));
    }
    Ok(servers)
}

/// Asks, and takes everything but a yes for a no.
fn yes(question: &str) -> anyhow::Result<bool> {
    eprint!("{question}? [y/N] ");
    std::io::stderr().flush()?;
    let mut reply = String::new();
    std::io::stdin().lock().read_line(&mut reply).context("cannot read the reply")?;
    Ok(matches!(reply.trim(), "y" | "Y" | "yes"))
}

fn told(server: &ServerPins, tool: &ToolPin) -> String {
    match tool.state() {
        PinState::New if server.mode == "off" => "not pinned".to_owned(),
        PinState::Refused => format!("refused: {}", visible(&tool.flaw)),
        state => word(state).to_owned(),
    }
}

fn word(state: PinState) -> &'static str {
    match state {
        PinState::Approved => "approved",
        PinState::Changed => "changed",
        PinState::New => "new",
        PinState::Gone => "gone",
        PinState::Refused => "refused",
        PinState::Unspecified => "unknown",
    }
}

fn silence(server: &ServerPins) -> String {
    let name = &server.server;
    let failure = output::printable(&server.failure);
    match (server.answered.is_some(), failure.is_empty()) {
        (true, _) => format!("server `{name}` no longer says what it offers: {failure}"),
        (false, false) => format!("server `{name}` does not say what it offers: {failure}"),
        (false, true) => format!("server `{name}` was not asked yet"),
    }
}

/// Enough of a digest to tell it from others.
fn short(digest: &str) -> String {
    digest.trim_start_matches("blake3:").chars().take(12).collect()
}

fn server_json(server: &ServerPins) -> Value {
    json!({
        "server": server.server,
        "mode": server.mode,
        "era": server.era,
        "answered": instant::for_programs(server.answered.as_ref()),
        "failure": server.failure,
        "tools": server.tools.iter().map(tool_json).collect::<Value>(),
    })
}

fn tool_json(tool: &ToolPin) -> Value {
    json!({
        "tool": tool.tool,
        "state": word(tool.state()),
        "digest": tool.digest,
        "approved_digest": tool.approved_digest,
        "definition": tool.definition,
        "approved_definition": tool.approved_definition,
        "approver": tool.approver,
        "approved": instant::for_programs(tool.approved.as_ref()),
        "flaw": tool.flaw,
    })
}
