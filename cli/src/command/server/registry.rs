//! `trigate server import` and `trigate server export`: to and from the registry's server.json.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use policy::Document;
use serde_json::json;

use super::{Shared, add, document, endpoints};
use crate::args::Format;
use crate::failure::Unacceptable;
use crate::output;
use crate::registry::ServerJson;
use crate::registry::export::{self, About};
use crate::registry::import::{self, Choices, Imported, Way};
use crate::target::Absent;

/// Longest document that is read.
const LONGEST: u64 = 4 << 20;

/// Options of `trigate server import`.
#[derive(Debug, clap::Args)]
pub(crate) struct Import {
    /// The server.json; - reads standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Name of the server here; the last part of its name in the registry by default
    #[arg(long)]
    name: Option<String>,
    /// A value it asks for: of an environment variable, an argument, or a variable in braces; may be given again
    #[arg(long, value_name = "NAME=VALUE", value_parser = add::pair)]
    set: Vec<(String, String)>,
    /// A secret it asks for that is in the store (`trigate credential set`); others are taken from the control plane's environment
    #[arg(long, value_name = "NAME[=STORED]", value_parser = add::reference)]
    stored: Vec<(String, String)>,
    /// Use a remote, even where there are packages
    #[arg(long, conflicts_with = "package")]
    remote: bool,
    /// Run the package of this registry (npm, pypi, oci, nuget), even where there is a remote
    #[arg(long, value_name = "REGISTRY")]
    package: Option<String>,
    /// Path of an endpoint to make in front of it
    #[arg(long, value_name = "PATH")]
    endpoint: Option<String>,
    /// Print the entry of `servers` and change nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    shared: Shared,
}

/// Options of `trigate server export`.
#[derive(Debug, clap::Args)]
pub(crate) struct Export {
    /// Name of the server
    name: String,
    /// Name in the registry, such as com.example/tickets; made of the URL's host by default
    #[arg(long, value_name = "NAME")]
    registry_name: Option<String>,
    /// What the server is for, in at most 100 characters
    #[arg(long, default_value = "")]
    description: String,
    /// Version of the entry in the registry
    #[arg(long, default_value = "1.0.0", value_name = "VERSION")]
    entry_version: String,
    /// Where agents reach the gateway; the document's gateway.public_url by default
    #[arg(long)]
    url: Option<String>,
    #[command(flatten)]
    shared: Shared,
}

impl Import {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        let shown = self.file.display().to_string();
        let json =
            ServerJson::read(&read(&self.file)?).with_context(|| format!("`{shown}` is no server.json"))?;
        let name = self.name.clone().unwrap_or_else(|| import::name_of(&json));
        let way = match (&self.package, self.remote) {
            (Some(registry), _) => Way::Package(registry.clone()),
            (None, true) => Way::Remote,
            (None, false) => Way::Any,
        };
        let stored: BTreeMap<String, String> = self.stored.iter().cloned().collect();
        let choices = Choices { name: &name, way: &way, given: &self.set, stored: &stored };
        let imported = import::import(&json, &choices).map_err(|problems| {
            Unacceptable::Question(format!("`{}` cannot be imported:\n{}", json.name, problems.join("\n")))
        })?;
        if self.dry_run {
            let mut document = Document::default();
            document.servers.insert(name, imported.server.clone());
            match self.shared.format.output {
                Format::Json => output::json(&serde_json::to_value(&document.servers)?)?,
                Format::Table => output::text(&document.to_yaml())?,
            }
            notes(&imported);
            return Ok(());
        }
        let mut admin = self.shared.target.connect(Absent::Create).await?;
        let revision = add::add(&mut admin, &name, &imported.server, self.endpoint.as_deref()).await?;
        add::tell(revision, &name, self.endpoint.as_deref(), self.shared.format.output)?;
        notes(&imported);
        Ok(())
    }
}

/// What is still to be seen to.
fn notes(imported: &Imported) {
    for (variable, about) in &imported.needs {
        let about = if about.is_empty() { String::new() } else { format!(": {}", output::printable(about)) };
        eprintln!("the control plane needs the environment variable `{variable}`{about}");
    }
    for note in &imported.notes {
        eprintln!("{}", output::printable(note));
    }
}

impl Export {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        let mut admin = self.shared.target.connect(Absent::Refuse).await?;
        let document = document(&mut admin).await?;
        let known = document.servers.contains_key(&self.name) || document.databases.contains_key(&self.name);
        let endpoints = endpoints(&document, &self.name);
        if !known {
            bail!("no server or database is named `{}`", self.name);
        }
        if endpoints.is_empty() {
            bail!("no endpoint leads to `{}`, so there is nothing that agents could be told", self.name);
        }
        let gateway = self.url.or(document.gateway.public_url);
        let gateway = gateway
            .context("where agents reach the gateway is not known: set gateway.public_url, or give --url")?;
        let description = match self.description.as_str() {
            "" => format!("{} behind a gateway", self.name),
            given if given.chars().count() > export::DESCRIPTION => {
                bail!("the registry takes descriptions of at most {} characters", export::DESCRIPTION)
            }
            given => given.to_owned(),
        };
        let name = self.registry_name.unwrap_or_else(|| export::name_of(&gateway, &self.name));
        let about = About { name, description, version: &self.entry_version, gateway: &gateway };
        // JSON is what it is, whatever the format of results.
        Ok(output::json(&json!(export::export(&about, &endpoints)))?)
    }
}

fn read(file: &Path) -> anyhow::Result<String> {
    let mut text = String::new();
    let read = if file == Path::new("-") {
        std::io::stdin().take(LONGEST).read_to_string(&mut text)
    } else {
        std::fs::File::open(file).and_then(|file| file.take(LONGEST).read_to_string(&mut text))
    };
    read.with_context(|| format!("cannot read `{}`", file.display()))?;
    Ok(text)
}
