//! `trigate server add`: an entry of `servers`, made of options.

use std::collections::BTreeMap;

use policy::document::{Credential, HeaderCredential, PinMode, Pins, SecretSource, Server, Variable};
use proto::v1::AddServerRequest;
use serde_json::json;

use super::Shared;
use crate::args::Format;
use crate::output;
use crate::target::{Absent, Admin, answer};

/// Options of `trigate server add`.
#[derive(Debug, clap::Args)]
pub(crate) struct Add {
    /// Name of the server
    name: String,
    /// Where it is, http:// or https://
    #[arg(required_unless_present = "command", conflicts_with = "command")]
    url: Option<String>,
    /// The command that runs it, for a server on standard input and output
    #[arg(last = true, value_name = "COMMAND")]
    command: Vec<String>,
    /// A variable of the command's environment; may be given again
    #[arg(long, value_name = "NAME=VALUE", value_parser = pair, requires = "command")]
    env: Vec<(String, String)>,
    /// A variable that takes its value from the control plane's environment, by the same name or another
    #[arg(long, value_name = "NAME[=VARIABLE]", value_parser = reference, requires = "command")]
    env_from: Vec<(String, String)>,
    /// A variable that takes its value from the store (`trigate credential set`)
    #[arg(long, value_name = "NAME[=STORED]", value_parser = reference, requires = "command")]
    env_stored: Vec<(String, String)>,
    /// The directory the command runs in
    #[arg(long, value_name = "DIR", requires = "command")]
    cwd: Option<String>,
    #[command(flatten)]
    credential: CredentialArgs,
    /// Path of an endpoint to make in front of it, such as /tickets/mcp
    #[arg(long, value_name = "PATH")]
    endpoint: Option<String>,
    /// Hold its tools to the definitions that were approved
    #[arg(long, value_name = "MODE", value_parser = ["off", "observe", "enforce"])]
    pins: Option<String>,
    #[command(flatten)]
    shared: Shared,
}

/// What the gateway authenticates with at the server.
#[derive(Debug, clap::Args)]
struct CredentialArgs {
    /// The environment variable of the control plane that holds the server's credential
    #[arg(long, value_name = "VARIABLE", group = "kept", conflicts_with = "command")]
    credential_env: Option<String>,
    /// The file that holds it
    #[arg(long, value_name = "FILE", group = "kept", conflicts_with = "command")]
    credential_file: Option<String>,
    /// The name it is stored under (`trigate credential set`)
    #[arg(long, value_name = "NAME", group = "kept", conflicts_with = "command")]
    credential_stored: Option<String>,
    /// How it is sent: bearer, basic, assertion, or the name of a header
    #[arg(long, value_name = "HOW", default_value = "bearer", requires = "kept")]
    credential_as: String,
}

pub(super) fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("write NAME=VALUE".to_owned()),
    }
}

pub(super) fn reference(text: &str) -> Result<(String, String), String> {
    let (name, of) = text.split_once('=').unwrap_or((text, text));
    if name.is_empty() || of.is_empty() {
        return Err("write NAME, or NAME=OTHER".to_owned());
    }
    Ok((name.to_owned(), of.to_owned()))
}

impl CredentialArgs {
    fn credential(self) -> Option<Credential> {
        let source = match (self.credential_env, self.credential_file, self.credential_stored) {
            (Some(name), ..) => SecretSource::Env(name),
            (_, Some(path), _) => SecretSource::File(path),
            (.., Some(name)) => SecretSource::Stored(name),
            (None, None, None) => return None,
        };
        Some(match self.credential_as.as_str() {
            "bearer" => Credential::Bearer(source),
            "basic" => Credential::Basic(source),
            "assertion" => Credential::Assertion(source),
            name => Credential::Header(HeaderCredential { name: name.to_owned(), value: source }),
        })
    }
}

impl Add {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        let texts = self.env.into_iter().map(|(name, value)| (name, Variable::Text(value)));
        let from = self.env_from.into_iter().map(|(name, of)| (name, Variable::Kept(SecretSource::Env(of))));
        let stored =
            self.env_stored.into_iter().map(|(name, of)| (name, Variable::Kept(SecretSource::Stored(of))));
        let env: BTreeMap<String, Variable> = texts.chain(from).chain(stored).collect();
        let pins = self.pins.as_deref().map(|mode| match mode {
            "observe" => PinMode::Observe,
            "enforce" => PinMode::Enforce,
            _ => PinMode::Off,
        });
        let server = Server {
            url: self.url,
            command: (!self.command.is_empty()).then_some(self.command),
            env,
            cwd: self.cwd,
            credential: self.credential.credential(),
            pins: pins.map(Pins::Mode),
            ..Server::default()
        };
        let mut admin = self.shared.target.connect(Absent::Create).await?;
        let added = add(&mut admin, &self.name, &server, self.endpoint.as_deref()).await?;
        tell(added, &self.name, self.endpoint.as_deref(), self.shared.format.output)
    }
}

/// Adds a server to the newest document: the revision with it.
pub(super) async fn add(
    admin: &mut Admin,
    name: &str,
    server: &Server,
    endpoint: Option<&str>,
) -> anyhow::Result<u64> {
    let request = AddServerRequest {
        name: name.to_owned(),
        declaration: serde_json::to_string(server)?,
        endpoint: endpoint.unwrap_or_default().to_owned(),
    };
    Ok(answer(admin.client.add_server(request).await)?.revision)
}

/// Says that it was added, and what is still to do.
pub(super) fn tell(revision: u64, name: &str, endpoint: Option<&str>, format: Format) -> anyhow::Result<()> {
    if format == Format::Json {
        return Ok(output::json(&json!({ "server": name, "endpoint": endpoint, "revision": revision }))?);
    }
    output::line(&format!("server `{name}` added (revision {revision})"))?;
    if endpoint.is_none() {
        eprintln!("no endpoint leads to it yet: add one to `endpoints`, or use --endpoint next time");
    }
    eprintln!("no role may use it before a rule says so, such as `allow: {name}.*`");
    Ok(())
}
