//! `list_tables`: the tables and views of a database that the caller may read.

use rmcp::model::{JsonObject, Tool};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sql::{Kind, Operation, ScopedTable};

use super::schema::{self, Listing};
use super::{Answer, Content, ToolKind, arguments};
use crate::databases::Age;
use crate::failure::Failure;
use crate::session::Session;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Arguments {}

#[derive(Serialize)]
struct Tables<'a> {
    database: &'a str,
    tables: Vec<Summary<'a>>,
}

#[derive(Serialize)]
struct Summary<'a> {
    name: &'a str,
    kind: Kind,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<&'a str>,
    columns: Vec<&'a str>,
}

/// The tool as it is listed.
pub(super) fn definition(listing: &Listing) -> Tool {
    let output = json!({
        "type": "object",
        "properties": {
            "database": { "type": "string" },
            "tables": { "type": "array", "items": { "type": "object", "properties": {
                "name": { "type": "string" },
                "kind": { "type": "string", "enum": ["table", "view"] },
                "comment": { "type": "string" },
                "columns": { "type": "array", "items": { "type": "string" } },
            }, "required": ["name", "kind", "columns"] } },
        },
        "required": ["database", "tables"],
    });
    schema::reading(
        ToolKind::ListTables.name(),
        "List tables",
        "Lists the tables and views you may read, with the names of their columns.".to_owned(),
        listing.arguments(json!({}), &[]),
        output,
    )
}

/// Lists them.
pub(super) async fn run(session: &Session, database: &str, given: JsonObject) -> Result<Answer, Failure> {
    let Arguments {} = arguments(ToolKind::ListTables, given)?;
    let scope = session.scope(database, Age::Now).await?;
    let tables: Vec<Summary<'_>> = scope.tables(Operation::Read).map(summary).collect();
    let rows = tables.len() as u64;
    let json = serde_json::to_vec(&Tables { database, tables }).unwrap_or_default();
    Ok(Answer { content: Content::Object(json), statement: String::new(), tables: Vec::new(), rows })
}

fn summary(table: &ScopedTable) -> Summary<'_> {
    Summary {
        name: &table.label,
        kind: table.kind,
        comment: table.comment.as_deref(),
        columns: table.columns.iter().map(|column| column.name.as_str()).collect(),
    }
}
