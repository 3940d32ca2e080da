//! The tools that are of one table each, as they are listed: `orders_query`, `orders_insert`.
//!
//! The table's comment is the tool's description, and the columns' comments are those of their schemas.

use rmcp::model::Tool;
use serde_json::{Value, json};
use sql::ScopedTable;

use super::ToolKind;
use super::listing::written;
use super::{column, schema};

/// The tool under its name.
pub(super) fn definition(kind: ToolKind, name: String, table: &ScopedTable, max_rows: u64) -> Tool {
    let names: Vec<String> = table.columns.iter().map(|column| column.name.clone()).collect();
    let input = match kind {
        ToolKind::Aggregate => aggregate(&names, max_rows),
        ToolKind::Delete => schema::closed(
            json!({
                "filter": schema::filter(),
                "returning": schema::columns(Some(&names), "Columns of the removed rows to return."),
                "dry_run": schema::dry_run(),
            }),
            &[],
        ),
        ToolKind::Insert => insert(table, &names),
        ToolKind::Update => schema::closed(
            json!({
                "filter": schema::filter(),
                "set": row(table, &[]),
                "returning": schema::columns(Some(&names), "Columns of the changed rows to return."),
                "dry_run": schema::dry_run(),
            }),
            &["set"],
        ),
        _ => query(&names, max_rows),
    };
    let title = format!("{}: {}", table.label, schema::title(kind));
    schema::tool(kind, name, title, about(kind, table), input)
}

fn about(kind: ToolKind, table: &ScopedTable) -> String {
    let what = match kind {
        ToolKind::Aggregate => "Counts and adds up rows of",
        ToolKind::Delete => "Removes rows of",
        ToolKind::Insert => "Adds rows to",
        ToolKind::Update => "Changes rows of",
        _ => "Reads rows of",
    };
    match &table.comment {
        Some(comment) => format!("{what} `{}`: {comment}", table.label),
        None => format!("{what} `{}`.", table.label),
    }
}

/// Schema of a row to write.
fn row(table: &ScopedTable, required: &[&str]) -> Value {
    let mut row = schema::closed(column::properties(written(table)), required);
    if let Some(row) = row.as_object_mut() {
        row.insert("minProperties".to_owned(), json!(1));
    }
    row
}

fn query(names: &[String], max_rows: u64) -> Value {
    schema::closed(
        json!({
            "fields": schema::columns(Some(names), "Columns to return; all by default."),
            "filter": schema::filter(),
            "order": schema::order(),
            "limit": schema::limit(max_rows),
            "offset": schema::offset(),
            "cursor": schema::cursor(),
        }),
        &[],
    )
}

fn aggregate(names: &[String], max_rows: u64) -> Value {
    schema::closed(
        json!({
            "fields": schema::expressions(),
            "group": schema::columns(Some(names), "Columns whose equal values make one group."),
            "filter": schema::filter(),
            "having": schema::having(),
            "order": schema::order(),
            "limit": schema::limit(max_rows),
            "offset": schema::offset(),
        }),
        &["fields"],
    )
}

fn insert(table: &ScopedTable, names: &[String]) -> Value {
    schema::closed(
        json!({
            "rows": { "type": "array", "items": row(table, &[]), "minItems": 1 },
            "on_conflict": schema::columns(Some(names), schema::ON_CONFLICT),
            "returning": schema::columns(Some(names), "Columns of the new rows to return."),
            "dry_run": schema::dry_run(),
        }),
        &["rows"],
    )
}
