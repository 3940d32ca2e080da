//! `trigate server`: upstream servers of the document. Each change makes a new revision of it.

mod add;
mod check;
mod registry;

use std::collections::BTreeMap;

use policy::Document;
use policy::catalogue::pretty::visible;
use policy::document::{PinMode, Pins, SecretSource, Server};
use proto::v1::{GetPolicyRequest, ListCatalogueRequest, OfferKind, OfferedServer, RemoveServerRequest};
use serde_json::{Value, json};

use crate::args::{Format, Shared};
use crate::instant;
use crate::output::{self, Sheet};
use crate::target::{Absent, Admin, answer};

/// What can be done with servers.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Add a server by its URL, or by the command that runs it
    Add(add::Add),
    /// Ask a server now what it offers, and say what is wrong where it does not answer
    Check(check::Check),
    /// Print the registry's server.json for a server as this gateway offers it
    Export(registry::Export),
    /// Add the server that a registry's server.json describes
    Import(registry::Import),
    /// List the servers, how they are reached, and what was last heard of them
    List(List),
    /// Remove a server that nothing names any more
    Remove(Remove),
}

/// Options of `trigate server list`.
#[derive(Debug, clap::Args)]
pub(crate) struct List {
    #[command(flatten)]
    shared: Shared,
}

/// Options of `trigate server remove`.
#[derive(Debug, clap::Args)]
pub(crate) struct Remove {
    /// Name of the server
    name: String,
    /// Remove endpoints, rules and cases that name it as well
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    shared: Shared,
}

impl Command {
    /// Does it and prints the outcome.
    pub(crate) async fn run(self) -> anyhow::Result<()> {
        match self {
            Command::Add(args) => args.run().await,
            Command::Check(args) => args.run().await,
            Command::Export(args) => args.run().await,
            Command::Import(args) => args.run().await,
            Command::List(args) => args.run().await,
            Command::Remove(args) => args.run().await,
        }
    }
}

impl List {
    async fn run(self) -> anyhow::Result<()> {
        let mut admin = self.shared.target.connect(Absent::Refuse).await?;
        let document = document(&mut admin).await?;
        let offered = offered(&mut admin, "").await?;
        let listed: Vec<Value> = document
            .servers
            .iter()
            .map(|(name, server)| entry(&document, name, server, offered.get(name)))
            .collect();
        if self.shared.format.output == Format::Json {
            return Ok(output::json(&Value::Array(listed))?);
        }
        let mut sheet = Sheet::new(&[
            "server",
            "reached by",
            "credential",
            "pins",
            "endpoints",
            "era",
            "tools",
            "last answer",
        ]);
        for (name, server) in &document.servers {
            let heard = offered.get(name);
            sheet.row([
                name.clone(),
                reached(server),
                secrets(server),
                mode(server).to_owned(),
                endpoints(&document, name).join(", "),
                heard.map(|heard| heard.era.clone()).unwrap_or_default(),
                heard.map(|heard| count(heard, OfferKind::Tool).to_string()).unwrap_or_default(),
                heard.map(last_answer).unwrap_or_default(),
            ]);
        }
        Ok(sheet.print("the document has no servers: `trigate server add NAME URL` adds one")?)
    }
}

impl Remove {
    async fn run(self) -> anyhow::Result<()> {
        let mut admin = self.shared.target.connect(Absent::Refuse).await?;
        let request = RemoveServerRequest { name: self.name.clone(), force: self.force };
        let removed = answer(admin.client.remove_server(request).await)?;
        match self.shared.format.output {
            Format::Json => {
                output::json(&json!({ "revision": removed.revision, "removed": removed.removed }))?;
            }
            Format::Table => {
                output::line(&format!("server `{}` removed (revision {})", self.name, removed.revision))?;
                for place in &removed.removed {
                    output::line(&format!("removed with it: {place}"))?;
                }
            }
        }
        Ok(())
    }
}

/// The newest document.
async fn document(admin: &mut Admin) -> anyhow::Result<Document> {
    let got = answer(admin.client.get_policy(GetPolicyRequest { revision: 0 }).await)?;
    Ok(policy::parse(&got.document)?.document)
}

/// What the servers are known to offer, by server; all where none is named.
async fn offered(admin: &mut Admin, server: &str) -> anyhow::Result<BTreeMap<String, OfferedServer>> {
    let request = ListCatalogueRequest { server: server.to_owned() };
    let servers = answer(admin.client.list_catalogue(request).await)?.servers;
    Ok(servers.into_iter().map(|server| (server.server.clone(), server)).collect())
}

fn entry(document: &Document, name: &str, server: &Server, heard: Option<&OfferedServer>) -> Value {
    json!({
        "server": name,
        "url": server.url,
        "command": server.command,
        "openapi": server.openapi,
        "protobuf": server.protobuf,
        "credential": secrets(server),
        "pins": mode(server),
        "endpoints": endpoints(document, name),
        "era": heard.map(|heard| heard.era.as_str()).filter(|era| !era.is_empty()),
        "answered": heard.map(|heard| instant::for_programs(heard.answered.as_ref())),
        "failure": heard.map(|heard| heard.failure.as_str()).filter(|failure| !failure.is_empty()),
        "offers": heard.map(counts),
    })
}

/// How many of each kind a server offers.
fn counts(heard: &OfferedServer) -> Value {
    json!({
        "tools": count(heard, OfferKind::Tool),
        "prompts": count(heard, OfferKind::Prompt),
        "resources": count(heard, OfferKind::Resource),
        "templates": count(heard, OfferKind::Template),
    })
}

fn count(heard: &OfferedServer, kind: OfferKind) -> usize {
    heard.items.iter().filter(|item| item.kind() == kind).count()
}

fn last_answer(heard: &OfferedServer) -> String {
    match (&heard.answered, heard.failure.is_empty()) {
        (Some(_), true) => instant::for_people(heard.answered.as_ref()),
        (None, true) => "not asked yet".to_owned(),
        (_, false) => format!("fails: {}", visible(&heard.failure)),
    }
}

/// How a server is reached.
fn reached(server: &Server) -> String {
    match (&server.url, &server.command) {
        (Some(url), _) => url.clone(),
        (None, Some(command)) => command.join(" "),
        (None, None) => String::new(),
    }
}

/// Where the secrets of a server are kept; never the secrets.
fn secrets(server: &Server) -> String {
    let credential = server.credential.iter().map(|credential| kept(credential.source()));
    let variables = server.kept_variables().map(|(name, source)| format!("{name} from {}", kept(source)));
    credential.chain(variables).collect::<Vec<_>>().join(", ")
}

fn kept(source: &SecretSource) -> String {
    match source {
        SecretSource::Env(name) => format!("env {name}"),
        SecretSource::File(path) => format!("file {path}"),
        SecretSource::Stored(name) => format!("stored {name}"),
    }
}

fn mode(server: &Server) -> &'static str {
    match server.pins.map_or(PinMode::Off, Pins::mode) {
        PinMode::Off => "off",
        PinMode::Observe => "observe",
        PinMode::Enforce => "enforce",
    }
}

/// The endpoints in front of a server.
fn endpoints(document: &Document, server: &str) -> Vec<String> {
    let has = |servers: &Vec<String>| servers.iter().any(|name| name == server);
    document
        .endpoints
        .iter()
        .filter(|(_, endpoint)| has(&endpoint.servers))
        .map(|(path, _)| path.clone())
        .collect()
}
