//! `trigate apikey`: the keys agents connect with. A key's text is printed once, when it is made.

use jiff::Timestamp;
use proto::v1::{
    ApiKey, Claim, CreateApiKeyRequest, CreateApiKeyResponse, ListApiKeysRequest, RevokeApiKeyRequest,
};
use serde_json::{Value, json};

use crate::args::{Format, Shared};
use crate::claims;
use crate::command::role::changed;
use crate::instant;
use crate::output::{self, Sheet};
use crate::target::{Absent, answer};

/// What can be done with keys.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Make a key for a role and print it, once
    Create(Create),
    /// List the keys, without their text
    List(List),
    /// Revoke a key: every connected gateway refuses it within a second
    Revoke(Revoke),
}

/// Options of `trigate apikey create`.
#[derive(Debug, clap::Args)]
pub(crate) struct Create {
    /// Role the key acts in
    #[arg(long)]
    role: String,
    /// Name of who holds it, for the audit
    #[arg(long)]
    name: String,
    /// When it ends: a time, or a span from now such as 90d
    #[arg(long, value_name = "TIME", value_parser = instant::future)]
    expires: Option<Timestamp>,
    /// What rules on rows may compare with, such as region=EU; a name given again makes a list
    #[arg(long = "claim", value_name = "NAME=VALUE", value_parser = claims::pair)]
    claims: Vec<Claim>,
    #[command(flatten)]
    shared: Shared,
}

/// Options of `trigate apikey list`.
#[derive(Debug, clap::Args)]
pub(crate) struct List {
    #[command(flatten)]
    shared: Shared,
}

/// Options of `trigate apikey revoke`.
#[derive(Debug, clap::Args)]
pub(crate) struct Revoke {
    /// Id of the key: the 12 characters after `tg_`
    id: String,
    #[command(flatten)]
    shared: Shared,
}

impl Command {
    /// Does it and prints the outcome.
    pub(crate) async fn run(self) -> anyhow::Result<()> {
        match self {
            Command::Create(args) => args.run().await,
            Command::List(args) => args.run().await,
            Command::Revoke(args) => args.run().await,
        }
    }
}

impl Create {
    async fn run(self) -> anyhow::Result<()> {
        let mut admin = self.shared.target.connect(Absent::Refuse).await?;
        let expires = self.expires.map(instant::to_proto);
        let request = CreateApiKeyRequest { role: self.role, name: self.name, expires, claims: self.claims };
        let created = answer(admin.client.create_api_key(request).await)?;
        match self.shared.format.output {
            Format::Json => output::json(&created_json(&created))?,
            Format::Table => {
                eprintln!("this key is shown once; only its digest is kept:");
                output::line(&created.text)?;
            }
        }
        Ok(())
    }
}

impl List {
    async fn run(self) -> anyhow::Result<()> {
        let mut admin = self.shared.target.connect(Absent::Refuse).await?;
        let keys = answer(admin.client.list_api_keys(ListApiKeysRequest {}).await)?.keys;
        match self.shared.format.output {
            Format::Json => output::json(&keys.iter().map(to_json).collect::<Value>())?,
            Format::Table => table(&keys)?,
        }
        Ok(())
    }
}

impl Revoke {
    async fn run(self) -> anyhow::Result<()> {
        let mut admin = self.shared.target.connect(Absent::Refuse).await?;
        let applied = answer(admin.client.revoke_api_key(RevokeApiKeyRequest { id: self.id.clone() }).await)?;
        changed(self.shared.format.output, &applied, &format!("key `{}` revoked", self.id))
    }
}

fn to_json(key: &ApiKey) -> Value {
    json!({
        "id": key.id,
        "name": key.name,
        "role": key.role,
        "expires": instant::for_programs(key.expires.as_ref()),
    })
}

fn created_json(created: &CreateApiKeyResponse) -> Value {
    let mut value = created.key.as_ref().map_or_else(|| json!({}), to_json);
    if let Value::Object(members) = &mut value {
        members.insert("key".to_owned(), json!(created.text));
        members.insert("revision".to_owned(), json!(created.revision));
    }
    value
}

fn table(keys: &[ApiKey]) -> std::io::Result<()> {
    let mut sheet = Sheet::new(&["id", "name", "role", "expires"]);
    for key in keys {
        let expires = match &key.expires {
            Some(_) => instant::for_people(key.expires.as_ref()),
            None => "never".to_owned(),
        };
        sheet.row([key.id.clone(), key.name.clone(), key.role.clone(), expires]);
    }
    sheet.print("no keys yet: `trigate apikey create --role ROLE --name NAME` makes one")
}
