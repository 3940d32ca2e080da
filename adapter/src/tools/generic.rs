//! The tools that take their table as an argument, as they are listed.

use rmcp::model::Tool;
use serde_json::{Value, json};
use sql::Dialect;

use super::ToolKind;
use super::listing::Part;
use super::schema;

/// A tool for what it can be used on.
pub(super) fn definition(kind: ToolKind, part: &Part<'_>) -> Tool {
    let (about, input) = match kind {
        ToolKind::Aggregate => aggregate(part),
        ToolKind::Delete => delete(part),
        ToolKind::DescribeTable => (
            "Describes one table or view: columns, types, keys, comments, and its relations to other tables."
                .to_owned(),
            schema::arguments(part, json!({ "table": schema::table(part) }), &["table"]),
        ),
        ToolKind::Insert => insert(part),
        ToolKind::ListDatabases => {
            ("Lists the databases you have rights in.".to_owned(), schema::closed(json!({}), &[]))
        }
        ToolKind::ListTables => list_tables(part),
        ToolKind::Query => query(part),
        ToolKind::RunSql => run_sql(part),
        ToolKind::Update => update(part),
    };
    schema::tool(kind, kind.name().to_owned(), schema::title(kind).to_owned(), about, input)
}

fn list_tables(part: &Part<'_>) -> (String, Value) {
    let input = json!({
        "search": { "type": "string", "description": "Part of a name or comment of the table, or of a column's name." },
        "limit": { "type": "integer", "minimum": 1, "maximum": 500, "default": 100 },
        "cursor": schema::cursor(),
    });
    let about = "Lists the tables and views you have rights on, with how many columns each has. A long list comes in pages.";
    (about.to_owned(), schema::arguments(part, input, &[]))
}

fn query(part: &Part<'_>) -> (String, Value) {
    let names = schema::names(part);
    let about = format!(
        "Reads rows of one table or view. Large integers and decimals come as strings, bytes as base64.{}",
        schema::in_words(part)
    );
    let input = json!({
        "table": schema::table(part),
        "fields": schema::columns(names.as_deref(), "Columns to return; all by default."),
        "filter": schema::filter(),
        "order": schema::order(),
        "limit": schema::limit(part.max_rows()),
        "offset": schema::offset(),
        "cursor": schema::cursor(),
    });
    (about, schema::arguments(part, input, &["table"]))
}

fn aggregate(part: &Part<'_>) -> (String, Value) {
    let names = schema::names(part);
    let input = json!({
        "table": schema::table(part),
        "fields": schema::expressions(),
        "group": schema::columns(names.as_deref(), "Columns whose equal values make one group."),
        "filter": schema::filter(),
        "having": schema::having(),
        "order": schema::order(),
        "limit": schema::limit(part.max_rows()),
        "offset": schema::offset(),
    });
    let about = "Counts and adds up rows of one table or view, by groups if wanted, so that rows need not be read one by one.";
    (about.to_owned(), schema::arguments(part, input, &["table", "fields"]))
}

fn insert(part: &Part<'_>) -> (String, Value) {
    let names = schema::names(part);
    let input = json!({
        "table": schema::table(part),
        "rows": { "type": "array", "items": schema::values(schema::written_names(part).as_deref()), "minItems": 1 },
        "on_conflict": schema::columns(names.as_deref(), schema::ON_CONFLICT),
        "returning": schema::columns(names.as_deref(), "Columns of the new rows to return."),
        "dry_run": schema::dry_run(),
    });
    ("Adds rows to one table, all or none.".to_owned(), schema::arguments(part, input, &["table", "rows"]))
}

fn update(part: &Part<'_>) -> (String, Value) {
    let names = schema::names(part);
    let input = json!({
        "table": schema::table(part),
        "filter": schema::filter(),
        "set": schema::values(schema::written_names(part).as_deref()),
        "returning": schema::columns(names.as_deref(), "Columns of the changed rows to return."),
        "dry_run": schema::dry_run(),
    });
    let about = "Changes the rows of one table that meet the filter, all or none.";
    (about.to_owned(), schema::arguments(part, input, &["table", "set"]))
}

fn delete(part: &Part<'_>) -> (String, Value) {
    let names = schema::names(part);
    let input = json!({
        "table": schema::table(part),
        "filter": schema::filter(),
        "returning": schema::columns(names.as_deref(), "Columns of the removed rows to return."),
        "dry_run": schema::dry_run(),
    });
    let about = "Removes the rows of one table that meet the filter, all or none.";
    (about.to_owned(), schema::arguments(part, input, &["table"]))
}

fn run_sql(part: &Part<'_>) -> (String, Value) {
    let engines: Vec<String> = part
        .dialects()
        .map(|(database, dialect)| match part.names_databases() {
            true => format!("{database}: {}", engine(dialect)),
            false => engine(dialect).to_owned(),
        })
        .collect();
    let about = format!(
        "Runs one SQL statement within your rights: SELECT with joins, sub-queries, CTEs and windows, and the changes you \
         may make. Engine: {}.{}",
        engines.join(", "),
        schema::in_words(part)
    );
    let input = json!({
        "sql": { "type": "string", "maxLength": 32768 },
        "params": {
            "type": "array",
            "description": "Values of the statement's parameters, in order: $1 (PostgreSQL), ? (MySQL, SQLite), @p1 (SQL Server).",
        },
        "dry_run": schema::dry_run(),
    });
    (about, schema::arguments(part, input, &["sql"]))
}

/// The name of an engine.
pub(super) const fn engine(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::MySql => "MySQL",
        Dialect::Postgres => "PostgreSQL",
        Dialect::SqlServer => "SQL Server",
        Dialect::Sqlite => "SQLite",
    }
}
