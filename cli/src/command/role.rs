//! `trigate role`: roles and their rights on databases. Each change makes a new revision of the document.

use anyhow::Context;
use proto::v1::{
    AddRoleRequest, ApplyPolicyResponse, DenyColumnsRequest, GrantRoleRequest, ListRolesRequest, Role,
};
use serde_json::{Value, json};

use crate::args::{Format, Shared};
use crate::output::{self, Sheet};
use crate::target::{Absent, answer};

/// What can be done with roles.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Add a role that may do nothing yet
    Add(Add),
    /// Take columns of a table out of a role's sight
    DenyColumns(DenyColumns),
    /// Let a role work on tables of a database
    Grant(Grant),
    /// List the roles with their rights
    List(List),
}

/// Options of `trigate role add`.
#[derive(Debug, clap::Args)]
pub(crate) struct Add {
    /// Name of the role
    role: String,
    /// What the role is for
    #[arg(long, default_value = "")]
    description: String,
    #[command(flatten)]
    shared: Shared,
}

/// Options of `trigate role grant`.
#[derive(Debug, clap::Args)]
pub(crate) struct Grant {
    /// Name of the role
    role: String,
    /// Name of the database in the document
    database: String,
    /// Tables, separated by commas
    #[arg(long, required = true, value_delimiter = ',', value_name = "TABLES")]
    tables: Vec<String>,
    /// read, insert, update, delete, write, or GET, POST, PATCH, PUT, DELETE; separated by commas
    #[arg(long, required = true, value_delimiter = ',', value_name = "VERBS", visible_alias = "operations")]
    verbs: Vec<String>,
    #[command(flatten)]
    shared: Shared,
}

/// Options of `trigate role deny-columns`.
#[derive(Debug, clap::Args)]
pub(crate) struct DenyColumns {
    /// Name of the role
    role: String,
    /// The table, as DATABASE.TABLE
    #[arg(value_name = "DATABASE.TABLE", value_parser = place)]
    table: Place,
    /// Columns, separated by commas
    #[arg(long, required = true, value_delimiter = ',', value_name = "COLUMNS")]
    columns: Vec<String>,
    #[command(flatten)]
    shared: Shared,
}

/// Options of `trigate role list`.
#[derive(Debug, clap::Args)]
pub(crate) struct List {
    #[command(flatten)]
    shared: Shared,
}

/// A table of a database. The name of a table may hold dots, that of a database may not.
#[derive(Debug, Clone)]
struct Place {
    database: String,
    table: String,
}

fn place(text: &str) -> Result<Place, String> {
    match text.split_once('.') {
        Some((database, table)) if !database.is_empty() && !table.is_empty() => {
            Ok(Place { database: database.to_owned(), table: table.to_owned() })
        }
        _ => Err("write DATABASE.TABLE, such as mydb.customers".to_owned()),
    }
}

impl Command {
    /// Does it and prints the outcome.
    pub(crate) async fn run(self) -> anyhow::Result<()> {
        match self {
            Command::Add(args) => args.run().await,
            Command::DenyColumns(args) => args.run().await,
            Command::Grant(args) => args.run().await,
            Command::List(args) => args.run().await,
        }
    }
}

impl Add {
    async fn run(self) -> anyhow::Result<()> {
        let mut admin = self.shared.target.connect(Absent::Create).await?;
        let request = AddRoleRequest { role: self.role.clone(), description: self.description };
        let applied = answer(admin.client.add_role(request).await)?;
        changed(self.shared.format.output, &applied, &format!("role `{}` added", self.role))
    }
}

impl Grant {
    async fn run(self) -> anyhow::Result<()> {
        let mut admin = self.shared.target.connect(Absent::Refuse).await?;
        let said = format!(
            "role `{}` may {} {} of `{}`",
            self.role,
            self.verbs.join(", "),
            self.tables.join(", "),
            self.database
        );
        let request = GrantRoleRequest {
            role: self.role,
            database: self.database,
            tables: self.tables,
            operations: self.verbs,
        };
        let applied = answer(admin.client.grant_role(request).await)?;
        changed(self.shared.format.output, &applied, &said)
    }
}

impl DenyColumns {
    async fn run(self) -> anyhow::Result<()> {
        let mut admin = self.shared.target.connect(Absent::Refuse).await?;
        let Place { database, table } = self.table;
        let said = format!(
            "role `{}` no longer sees {} of `{database}.{table}`",
            self.role,
            self.columns.join(", ")
        );
        let request = DenyColumnsRequest { role: self.role, database, table, columns: self.columns };
        let applied = answer(admin.client.deny_columns(request).await)?;
        changed(self.shared.format.output, &applied, &said)
    }
}

impl List {
    async fn run(self) -> anyhow::Result<()> {
        let mut admin = self.shared.target.connect(Absent::Refuse).await?;
        let roles = answer(admin.client.list_roles(ListRolesRequest {}).await)?.roles;
        match self.shared.format.output {
            Format::Json => output::json(&roles.iter().map(to_json).collect::<Value>())?,
            Format::Table => table(&roles)?,
        }
        Ok(())
    }
}

fn to_json(role: &Role) -> Value {
    json!({ "name": role.name, "description": role.description, "rights": role.rights })
}

fn table(roles: &[Role]) -> std::io::Result<()> {
    let mut sheet = Sheet::new(&["role", "description", "rights"]);
    for role in roles {
        sheet.row([role.name.clone(), role.description.clone(), role.rights.join("\n")]);
    }
    sheet.print("no roles yet: `trigate role add NAME` makes one")
}

/// Says what a change led to, for people or programs.
pub(crate) fn changed(format: Format, applied: &ApplyPolicyResponse, said: &str) -> anyhow::Result<()> {
    match format {
        Format::Json => output::json(&json!({ "revision": applied.revision, "changed": applied.changed })),
        Format::Table if applied.changed => output::line(&format!("{said} (revision {})", applied.revision)),
        Format::Table => {
            output::line(&format!("nothing to change: it is so already (revision {})", applied.revision))
        }
    }
    .context("cannot print")
}
