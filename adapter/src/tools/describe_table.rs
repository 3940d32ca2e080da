//! `describe_table`: the columns of one table, with types, keys and comments.

use rmcp::model::{JsonObject, Tool};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sql::{Column, ForeignKey, Kind, Operation, Refusal, Scope, ScopedTable};

use super::schema::{self, Listing};
use super::{Answer, Content, ToolKind, arguments};
use crate::databases::Age;
use crate::failure::Failure;
use crate::session::Session;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Arguments {
    table: String,
}

#[derive(Serialize)]
struct Described<'a> {
    database: &'a str,
    name: &'a str,
    kind: Kind,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<&'a str>,
    columns: Vec<DescribedColumn<'a>>,
    foreign_keys: Vec<Reference<'a>>,
}

#[derive(Serialize)]
struct DescribedColumn<'a> {
    name: &'a str,
    #[serde(rename = "type")]
    type_name: &'a str,
    nullable: bool,
    primary_key: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<&'a str>,
}

#[derive(Serialize)]
struct Reference<'a> {
    columns: &'a [String],
    table: String,
    references: &'a [String],
}

/// The tool as it is listed.
pub(super) fn definition(listing: &Listing) -> Tool {
    let output = json!({
        "type": "object",
        "properties": {
            "database": { "type": "string" },
            "name": { "type": "string" },
            "kind": { "type": "string", "enum": ["table", "view"] },
            "comment": { "type": "string" },
            "columns": { "type": "array", "items": { "type": "object", "properties": {
                "name": { "type": "string" },
                "type": { "type": "string" },
                "nullable": { "type": "boolean" },
                "primary_key": { "type": "boolean" },
                "comment": { "type": "string" },
            }, "required": ["name", "type", "nullable", "primary_key"] } },
            "foreign_keys": { "type": "array", "items": { "type": "object", "properties": {
                "columns": { "type": "array", "items": { "type": "string" } },
                "table": { "type": "string" },
                "references": { "type": "array", "items": { "type": "string" } },
            } } },
        },
        "required": ["database", "name", "kind", "columns", "foreign_keys"],
    });
    schema::reading(
        ToolKind::DescribeTable.name(),
        "Describe table",
        "Describes one table or view: columns, types, keys and comments.".to_owned(),
        listing.arguments(json!({ "table": listing.table() }), &["table"]),
        output,
    )
}

/// Describes it.
pub(super) async fn run(session: &Session, database: &str, given: JsonObject) -> Result<Answer, Failure> {
    let Arguments { table } = arguments(ToolKind::DescribeTable, given)?;
    let scope = session.scope(database, Age::Now).await?;
    let found = scope.table(&table).filter(|table| table.operations.contains(&Operation::Read));
    let Some(found) = found else {
        return Err(Failure::Query(Refusal::Table { table: table.chars().take(128).collect() }));
    };
    let json = serde_json::to_vec(&describe(database, found, &scope)).unwrap_or_default();
    let (tables, rows) = (vec![found.label.clone()], found.columns.len() as u64);
    Ok(Answer { content: Content::Object(json), statement: String::new(), tables, rows })
}

fn describe<'a>(database: &'a str, table: &'a ScopedTable, scope: &Scope) -> Described<'a> {
    Described {
        database,
        name: &table.label,
        kind: table.kind,
        comment: table.comment.as_deref(),
        columns: table.columns.iter().map(column).collect(),
        foreign_keys: table.foreign_keys.iter().map(|key| reference(key, scope)).collect(),
    }
}

fn column(column: &Column) -> DescribedColumn<'_> {
    DescribedColumn {
        name: &column.name,
        type_name: &column.type_name,
        nullable: column.nullable,
        primary_key: column.primary_key,
        comment: column.comment.as_deref(),
    }
}

/// The table referred to, under the name by which callers know it.
fn reference<'a>(key: &'a ForeignKey, scope: &Scope) -> Reference<'a> {
    let home = scope.home();
    let table = match key.schema.as_deref() {
        Some(schema) if schema != home => format!("{schema}.{}", key.table),
        _ => key.table.clone(),
    };
    Reference { columns: &key.columns, table, references: &key.references }
}
