//! `trigate db`: does a database answer, what is in it, what does a role see of it, and which grants does a login need.
//!
//! Looks at the database itself, with the URL and the roles of a file or of the store.

use std::path::PathBuf;

use adapter::{Bounds, Inspector, Tested};
use anyhow::Context;
use policy::{DatabaseRights, Document, RuleSet};
use proto::v1::GetPolicyRequest;
use serde_json::{Value, json};
use sql::{ScopedTable, Table};

use crate::args::{Format, FormatArgs, TargetArgs};
use crate::command::policy::read_valid;
use crate::failure::Unacceptable;
use crate::output::{self, Sheet};
use crate::target::{Absent, answer};

/// What can be asked about databases.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Show what a role sees of a database, and what it may do with it
    Describe(ForRole),
    /// Print the statements that give a login what a role needs, and no more
    Grants(ForRole),
    /// Show the tables, columns and keys that the login sees
    Schema(Schema),
    /// Connect, and say what is wrong with the login
    Test(Test),
}

/// Options of `trigate db describe` and `trigate db grants`.
#[derive(Debug, clap::Args)]
pub(crate) struct ForRole {
    /// Name of the database in the document
    name: String,
    /// The role; all that have rights in the database by default
    #[arg(long)]
    role: Option<String>,
    #[command(flatten)]
    shared: Shared,
}

/// Options of `trigate db schema`.
#[derive(Debug, clap::Args)]
pub(crate) struct Schema {
    /// Name of the database in the document
    name: String,
    /// One table
    #[arg(long)]
    table: Option<String>,
    #[command(flatten)]
    shared: Shared,
}

/// Options of `trigate db test`.
#[derive(Debug, clap::Args)]
pub(crate) struct Test {
    /// Name of the database in the document
    name: String,
    #[command(flatten)]
    shared: Shared,
}

#[derive(Debug, clap::Args)]
struct Shared {
    /// The document; that of the store by default
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(flatten)]
    target: TargetArgs,
    #[command(flatten)]
    format: FormatArgs,
}

impl Command {
    /// Asks and prints the answer.
    pub(crate) async fn run(self) -> anyhow::Result<()> {
        match self {
            Command::Describe(args) => args.describe().await,
            Command::Grants(args) => args.grants().await,
            Command::Schema(args) => args.run().await,
            Command::Test(args) => args.run().await,
        }
    }
}

impl Shared {
    async fn document(&self) -> anyhow::Result<Document> {
        let text = match &self.config {
            Some(file) => read_valid(file)?,
            None => {
                let mut admin = self.target.connect(Absent::Refuse).await?;
                answer(admin.client.get_policy(GetPolicyRequest { revision: 0 }).await)?.document
            }
        };
        Ok(policy::parse(&text)?.document)
    }
}

fn inspector(document: &Document, name: &str) -> anyhow::Result<Inspector> {
    let database = document.databases.get(name);
    let database = database.ok_or_else(|| Unacceptable::UnknownDatabase { database: name.to_owned() })?;
    let url = database.url.as_deref().unwrap_or_default();
    Inspector::open(url, Bounds::default()).with_context(|| format!("database `{name}`"))
}

impl ForRole {
    async fn describe(self) -> anyhow::Result<()> {
        let document = self.shared.document().await?;
        let inspector = inspector(&document, &self.name)?;
        let mut described = serde_json::Map::new();
        for (role, rights) in self.roles(&document)? {
            let scope =
                inspector.scope(&rights).await.with_context(|| format!("database `{}`", self.name))?;
            let mut tables: Vec<&ScopedTable> = scope.all().iter().collect();
            tables.sort_by(|one, other| one.label.cmp(&other.label));
            match self.shared.format.output {
                Format::Json => {
                    described.insert(role, json!({ "rights": rights_json(&rights), "tables": tables }));
                }
                Format::Table => print_role(&role, &rights, &tables)?,
            }
        }
        if self.shared.format.output == Format::Json {
            output::json(&Value::Object(described))?;
        }
        Ok(())
    }

    async fn grants(self) -> anyhow::Result<()> {
        let document = self.shared.document().await?;
        let inspector = inspector(&document, &self.name)?;
        let mut printed = serde_json::Map::new();
        for (role, rights) in self.roles(&document)? {
            let grants = inspector
                .grants(&rights, &role)
                .await
                .with_context(|| format!("database `{}`", self.name))?;
            match self.shared.format.output {
                Format::Json => {
                    printed.insert(role, json!(grants));
                }
                Format::Table => output::text(&grants)?,
            }
        }
        if self.shared.format.output == Format::Json {
            output::json(&Value::Object(printed))?;
        }
        Ok(())
    }

    /// The roles that are asked about, with their rights in the database.
    fn roles(&self, document: &Document) -> anyhow::Result<Vec<(String, DatabaseRights)>> {
        let rules = RuleSet::compile(document, 0)?;
        let asked: Vec<&String> = match &self.role {
            Some(role) if !document.roles.contains_key(role) => {
                return Err(Unacceptable::UnknownRole { role: role.clone() }.into());
            }
            Some(role) => vec![role],
            None => document.roles.keys().collect(),
        };
        let rights = asked.into_iter().filter_map(|role| {
            rules.database_rights(role, &self.name).map(|rights| (role.clone(), rights.clone()))
        });
        let rights: Vec<_> = rights.collect();
        if rights.is_empty() {
            return Err(Unacceptable::NoRights { database: self.name.clone() }.into());
        }
        Ok(rights)
    }
}

fn rights_json(rights: &DatabaseRights) -> Value {
    json!({
        "max_rows": rights.max_rows,
        "max_affected": rights.max_affected,
        "max_cost": rights.max_cost,
        "raw_sql": rights.raw_sql,
        "ddl": rights.ddl,
        "unconditional_writes": rights.unconditional_writes,
    })
}

fn print_role(role: &str, rights: &DatabaseRights, tables: &[&ScopedTable]) -> std::io::Result<()> {
    let word = |granted: bool| if granted { "yes" } else { "no" };
    output::line(&format!(
        "role {role}: {} rows an answer, {} rows a change, SQL text: {}, schema changes: {}",
        rights.max_rows,
        rights.max_affected,
        word(rights.raw_sql),
        word(rights.ddl)
    ))?;
    let mut sheet = Sheet::new(&["table", "operations", "columns", "rows"]);
    for table in tables {
        let operations: Vec<&str> = table.operations.iter().map(|operation| operation.name()).collect();
        let columns: Vec<String> = table
            .columns
            .iter()
            .map(|column| match table.mask(&column.name) {
                Some(mask) => format!("{} ({})", column.name, mask.name()),
                None => column.name.clone(),
            })
            .collect();
        let rules = table.row_rules();
        let rows = if rules.is_empty() { "all".to_owned() } else { rules.join(" and ") };
        sheet.row([table.label.clone(), operations.join(", "), columns.join(", "), rows]);
    }
    sheet.print("it sees no table")
}

impl Schema {
    async fn run(self) -> anyhow::Result<()> {
        let document = self.shared.document().await?;
        let inspector = inspector(&document, &self.name)?;
        let mut catalogue =
            inspector.catalogue().await.with_context(|| format!("database `{}`", self.name))?;
        if let Some(wanted) = &self.table {
            let home = catalogue.home.clone();
            catalogue.tables.retain(|table| {
                let schema = table.schema.as_deref().unwrap_or(&home);
                table.name == *wanted || format!("{schema}.{}", table.name) == *wanted
            });
            if catalogue.tables.is_empty() {
                anyhow::bail!("database `{}` has no table `{wanted}` that its login sees", self.name);
            }
        }
        match self.shared.format.output {
            Format::Json => output::json(&serde_json::to_value(&catalogue)?)?,
            Format::Table => catalogue.tables.iter().try_for_each(print_table)?,
        }
        Ok(())
    }
}

fn print_table(table: &Table) -> std::io::Result<()> {
    let schema = table.schema.as_deref().map_or(String::new(), |schema| format!("{schema}."));
    let comment = table.comment.as_deref().map_or(String::new(), |comment| format!("  {comment}"));
    output::line(&output::printable(&format!("{schema}{}{comment}", table.name)))?;
    let mut sheet = Sheet::new(&["column", "type", "null", "key", "refers to", "comment"]);
    for column in &table.columns {
        let refers = table.foreign_keys.iter().filter(|key| key.columns.contains(&column.name));
        let refers: Vec<String> =
            refers.map(|key| format!("{}({})", key.table, key.references.join(", "))).collect();
        sheet.row([
            column.name.clone(),
            column.type_name.clone(),
            if column.nullable { "null" } else { "" }.to_owned(),
            if column.primary_key { "primary" } else { "" }.to_owned(),
            refers.join(", "),
            column.comment.clone().unwrap_or_default(),
        ]);
    }
    sheet.print("no columns")?;
    output::line("")
}

impl Test {
    async fn run(self) -> anyhow::Result<()> {
        let document = self.shared.document().await?;
        let tested = inspector(&document, &self.name)?
            .test()
            .await
            .with_context(|| format!("database `{}`", self.name))?;
        match self.shared.format.output {
            Format::Json => output::json(&test_json(&tested))?,
            Format::Table => print_test(&self.name, &tested)?,
        }
        let allowed = document.databases.get(&self.name).is_some_and(|database| database.allow_unsafe_login);
        if !allowed && tested.findings.iter().any(|finding| finding.refuses) {
            return Err(Unacceptable::UnsafeLogin { database: self.name }.into());
        }
        Ok(())
    }
}

fn test_json(tested: &Tested) -> Value {
    let findings = tested.findings.iter().map(|finding| {
        json!({
            "refuses": finding.refuses,
            "what": finding.what,
            "why": finding.why,
            "remedy": finding.remedy,
        })
    });
    json!({
        "took_ms": u64::try_from(tested.took.as_millis()).unwrap_or(u64::MAX),
        "tables": tested.tables,
        "findings": findings.collect::<Value>(),
    })
}

fn print_test(name: &str, tested: &Tested) -> std::io::Result<()> {
    output::line(&format!(
        "{name} answers in {} ms; its login sees {} tables and views",
        tested.took.as_millis(),
        tested.tables
    ))?;
    for finding in &tested.findings {
        let word = if finding.refuses { "refused" } else { "warning" };
        output::line(&format!("{word}: the login {}: {}; {}", finding.what, finding.why, finding.remedy))?;
    }
    Ok(())
}
