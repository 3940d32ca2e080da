//! `trigate catalog`: what the servers offer, as the control plane last heard it, and who may use it.
//!
//! Nothing of a server's own text reaches the terminal as it stands.

use anyhow::{Context, bail};
use policy::catalogue::pretty::visible;
use proto::v1::{
    ExplainRequest, GetPolicyRequest, ListCatalogueRequest, ListPinsRequest, OfferKind, OfferedItem,
    OfferedServer, PinState, explain_request::Target,
};
use serde_json::{Value, json};

use crate::args::{Format, Shared};
use crate::output::{self, Sheet};
use crate::target::{Absent, Admin, answer};

/// Longest description in a table.
const EXCERPT: usize = 80;

/// What can be asked of the catalogue.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// List tools, prompts and resources
    List(List),
    /// Find what has all these words in its name, title or description
    Search(Search),
    /// Show a tool, prompt or resource: its definition, whether it is approved, who may use it
    Show(Show),
}

/// Options of `trigate catalog list`.
#[derive(Debug, clap::Args)]
pub(crate) struct List {
    /// Only this server
    #[arg(long)]
    server: Option<String>,
    #[command(flatten)]
    shared: Shared,
}

/// Options of `trigate catalog search`.
#[derive(Debug, clap::Args)]
pub(crate) struct Search {
    /// What to look for; upper and lower case are the same
    #[arg(required = true)]
    words: Vec<String>,
    /// Only this server
    #[arg(long)]
    server: Option<String>,
    #[command(flatten)]
    shared: Shared,
}

/// Options of `trigate catalog show`.
#[derive(Debug, clap::Args)]
pub(crate) struct Show {
    /// What to show, as SERVER.NAME
    #[arg(value_name = "SERVER.NAME")]
    name: String,
    #[command(flatten)]
    shared: Shared,
}

impl Command {
    /// Asks and prints the answer.
    pub(crate) async fn run(self) -> anyhow::Result<()> {
        match self {
            Command::List(List { server, shared }) => list(server, &[], &shared).await,
            Command::Search(Search { words, server, shared }) => list(server, &words, &shared).await,
            Command::Show(args) => args.run().await,
        }
    }
}

async fn catalogue(admin: &mut Admin, server: Option<String>) -> anyhow::Result<Vec<OfferedServer>> {
    let request = ListCatalogueRequest { server: server.unwrap_or_default() };
    Ok(answer(admin.client.list_catalogue(request).await)?.servers)
}

async fn list(server: Option<String>, words: &[String], shared: &Shared) -> anyhow::Result<()> {
    let mut admin = shared.target.connect(Absent::Refuse).await?;
    let servers = catalogue(&mut admin, server).await?;
    let wanted: Vec<String> = words.iter().map(|word| word.to_lowercase()).collect();
    let mut found = Vec::new();
    for server in &servers {
        for item in &server.items {
            let read = Item::read(&server.server, item);
            if read.has(&wanted) {
                found.push(read);
            }
        }
    }
    if shared.format.output == Format::Json {
        return Ok(output::json(&found.iter().map(Item::to_json).collect::<Value>())?);
    }
    let mut sheet = Sheet::new(&["server", "kind", "name", "title", "description"]);
    for item in &found {
        let line = item.description.split_whitespace().collect::<Vec<_>>().join(" ");
        let cut: String = line.chars().take(EXCERPT).collect();
        let cut = if cut.len() < line.len() { format!("{cut}…") } else { cut };
        sheet.row([
            item.server.to_owned(),
            item.kind.to_owned(),
            visible(item.name),
            visible(&item.title),
            visible(&cut),
        ]);
    }
    sheet.print(if words.is_empty() {
        "no server has said what it offers"
    } else {
        "nothing has these words"
    })?;
    for server in servers.iter().filter(|server| !server.failure.is_empty()) {
        eprintln!("`{}` does not answer: {}", server.server, visible(&server.failure));
    }
    Ok(())
}

/// One thing that a server offers.
struct Item<'a> {
    server: &'a str,
    kind: &'static str,
    name: &'a str,
    title: String,
    description: String,
    definition: Value,
}

impl<'a> Item<'a> {
    fn read(server: &'a str, item: &'a OfferedItem) -> Self {
        let definition: Value = serde_json::from_str(&item.definition).unwrap_or_default();
        let text = |key: &str| definition.get(key).and_then(Value::as_str).map(str::to_owned);
        let titled = definition.pointer("/annotations/title").and_then(Value::as_str).map(str::to_owned);
        Self {
            server,
            kind: kind(item.kind()),
            name: &item.name,
            title: text("title").or(titled).unwrap_or_default(),
            description: text("description").unwrap_or_default(),
            definition,
        }
    }

    /// Whether all words are somewhere in it.
    fn has(&self, words: &[String]) -> bool {
        let text =
            format!("{}.{}\n{}\n{}", self.server, self.name, self.title, self.description).to_lowercase();
        words.iter().all(|word| text.contains(word.as_str()))
    }

    fn to_json(&self) -> Value {
        json!({
            "server": self.server,
            "kind": self.kind,
            "name": self.name,
            "title": self.title,
            "description": self.description,
        })
    }
}

fn kind(kind: OfferKind) -> &'static str {
    match kind {
        OfferKind::Tool => "tool",
        OfferKind::Prompt => "prompt",
        OfferKind::Resource => "resource",
        OfferKind::Template => "template",
        OfferKind::Unspecified => "",
    }
}

impl Show {
    async fn run(self) -> anyhow::Result<()> {
        let (server, name) =
            self.name.split_once('.').context("write SERVER.NAME, such as tickets.create")?;
        let mut admin = self.shared.target.connect(Absent::Refuse).await?;
        let servers = catalogue(&mut admin, Some(server.to_owned())).await?;
        let items: Vec<Item<'_>> = servers
            .iter()
            .flat_map(|offered| offered.items.iter().map(|item| Item::read(&offered.server, item)))
            .filter(|item| item.name == name)
            .collect();
        if items.is_empty() {
            bail!(
                "server `{server}` is not known to offer `{name}`; `trigate catalog list --server {server}` says what it does"
            );
        }
        let mut told = Vec::new();
        for item in &items {
            let pin = if item.kind == "tool" { pin(&mut admin, server, name).await? } else { None };
            let roles = roles(&mut admin, item).await?;
            told.push((item, pin, roles));
        }
        if self.shared.format.output == Format::Json {
            let shown = told.iter().map(|(item, pin, roles)| {
                json!({
                    "server": item.server, "kind": item.kind, "name": item.name,
                    "definition": item.definition, "pin": pin, "roles": roles,
                })
            });
            return Ok(output::json(&shown.collect())?);
        }
        for (item, pin, roles) in &told {
            print(item, pin.as_deref(), roles)?;
        }
        Ok(())
    }
}

fn print(item: &Item<'_>, pin: Option<&str>, roles: &[String]) -> std::io::Result<()> {
    let line = |label: &str, value: &str| output::line(&format!("{label:<13}{value}"));
    line(item.kind, &visible(&format!("{}.{}", item.server, item.name)))?;
    if !item.title.is_empty() {
        line("title", &visible(&item.title))?;
    }
    if let Some(pin) = pin {
        line("pin", pin)?;
    }
    let none = if item.kind == "template" { "asked for each URI" } else { "none" };
    line("roles", if roles.is_empty() { none } else { "" }.trim_end())?;
    for role in roles {
        line("", role)?;
    }
    for text in item.description.lines() {
        line("", &visible(text))?;
    }
    for (label, key) in [("arguments", "inputSchema"), ("result", "outputSchema"), ("hints", "annotations")] {
        if let Some(value) = item.definition.get(key) {
            line(label, "")?;
            for text in format!("{value:#}").lines() {
                output::line(&format!("  {}", visible(text)))?;
            }
        }
    }
    Ok(())
}

/// How a tool stands to what was approved.
async fn pin(admin: &mut Admin, server: &str, tool: &str) -> anyhow::Result<Option<String>> {
    let request = ListPinsRequest { server: server.to_owned(), definitions: false };
    let pins = answer(admin.client.list_pins(request).await)?.servers;
    let found = pins.iter().flat_map(|server| server.tools.iter().map(move |pin| (&server.mode, pin)));
    let found = found.into_iter().find(|(_, pin)| pin.tool == tool);
    Ok(found.map(|(mode, pin)| {
        let state = match pin.state() {
            PinState::Approved => "approved",
            PinState::Changed => "changed since it was approved",
            PinState::New => "not approved",
            PinState::Gone => "approved, but gone",
            PinState::Refused | PinState::Unspecified => "refused for its name",
        };
        format!("{state} (pins: {mode})")
    }))
}

/// The roles that could use it with some arguments.
async fn roles(admin: &mut Admin, item: &Item<'_>) -> anyhow::Result<Vec<String>> {
    let name = item.name.to_owned();
    let target = match item.kind {
        "tool" => Target::Tool(name),
        "prompt" => Target::Prompt(name),
        "resource" => Target::Resource(name),
        // A template is no URI that a rule could be asked about.
        _ => return Ok(Vec::new()),
    };
    let text = answer(admin.client.get_policy(GetPolicyRequest { revision: 0 }).await)?.document;
    let mut allowed = Vec::new();
    for role in policy::parse(&text)?.document.roles.keys() {
        let request = ExplainRequest {
            role: role.clone(),
            server: item.server.to_owned(),
            target: Some(target.clone()),
            ..ExplainRequest::default()
        };
        let explained = answer(admin.client.explain(request).await)?;
        if explained.allowed {
            allowed.push(format!("{role} ({})", explained.rule));
        }
    }
    Ok(allowed)
}
