//! What the tools' schemas are made of. Above a size they name no tables and no columns: a list that fills the model's
//! memory helps nobody, and `list_tables` can be searched.

use std::collections::BTreeSet;
use std::sync::Arc;

use rmcp::model::{JsonObject, Tool, ToolAnnotations};
use serde_json::{Value, json};
use sql::ScopedTable;

use super::ToolKind;
use super::listing::{Part, first_line};

/// More tables than this are not spelled out in a tool.
const MANY_TABLES: usize = 60;
/// More columns than this are not spelled out in a tool.
const MANY_COLUMNS: usize = 200;

/// The grammar of conditions, in one line.
const FILTER: &str = "Condition, e.g. status = 'open' AND total >= 100. Operators: = != < <= > >= IN, BETWEEN, LIKE, \
    CONTAINS, STARTS WITH, ENDS WITH, IS NULL, AND, OR, NOT, parentheses; strings in single quotes.";

/// What a tool does, for the annotations.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Nature {
    Adds,
    Changes,
    Reads,
}

impl Nature {
    fn of(tool: ToolKind) -> Self {
        match tool {
            ToolKind::Aggregate
            | ToolKind::DescribeTable
            | ToolKind::ListDatabases
            | ToolKind::ListTables
            | ToolKind::Query => Nature::Reads,
            ToolKind::Insert => Nature::Adds,
            ToolKind::Delete | ToolKind::RunSql | ToolKind::Update => Nature::Changes,
        }
    }
}

/// A tool under its name.
pub(super) fn tool(kind: ToolKind, name: String, title: String, about: String, input: Value) -> Tool {
    let nature = Nature::of(kind);
    let annotations = ToolAnnotations::with_title(title.as_str())
        .read_only(nature == Nature::Reads)
        .destructive(nature == Nature::Changes)
        .idempotent(nature == Nature::Reads || kind == ToolKind::Delete)
        .open_world(false);
    Tool::new(name, about, Arc::new(object(input)))
        .with_title(title)
        .with_annotations(annotations)
        .with_raw_output_schema(Arc::new(object(output(kind))))
}

/// The title of a tool.
pub(super) const fn title(kind: ToolKind) -> &'static str {
    match kind {
        ToolKind::Aggregate => "Aggregate rows",
        ToolKind::Delete => "Delete rows",
        ToolKind::DescribeTable => "Describe table",
        ToolKind::Insert => "Insert rows",
        ToolKind::ListDatabases => "List databases",
        ToolKind::ListTables => "List tables",
        ToolKind::Query => "Query rows",
        ToolKind::RunSql => "Run SQL",
        ToolKind::Update => "Update rows",
    }
}

/// Schema of what a tool gives.
fn output(kind: ToolKind) -> Value {
    let text = || json!({ "type": "string" });
    let rows = || json!({ "type": "array", "items": { "type": "object" } });
    let (properties, required) = match kind {
        ToolKind::Aggregate | ToolKind::Query => (read(), json!(["rows", "count", "truncated"])),
        ToolKind::Delete | ToolKind::Insert | ToolKind::Update => (
            json!({ "affected": { "type": "integer" }, "rows": rows(), "dry_run": { "type": "boolean" } }),
            json!(["affected"]),
        ),
        ToolKind::DescribeTable => (
            json!({
                "database": text(), "name": text(), "kind": text(), "comment": text(),
                "operations": { "type": "array", "items": text() },
                "columns": rows(), "foreign_keys": rows(), "referenced_by": rows(),
            }),
            json!(["database", "name", "kind", "operations", "columns", "foreign_keys", "referenced_by"]),
        ),
        ToolKind::ListDatabases => (json!({ "databases": rows() }), json!(["databases"])),
        ToolKind::ListTables => (
            json!({ "database": text(), "tables": rows(), "total": { "type": "integer" }, "next_cursor": text() }),
            json!(["database", "tables", "total"]),
        ),
        ToolKind::RunSql => {
            let mut properties = object(read());
            properties.insert("affected".to_owned(), json!({ "type": "integer" }));
            properties.insert("dry_run".to_owned(), json!({ "type": "boolean" }));
            (Value::Object(properties), json!([]))
        }
    };
    json!({ "type": "object", "properties": properties, "required": required })
}

fn read() -> Value {
    json!({
        "rows": { "type": "array", "items": { "type": "object" } },
        "count": { "type": "integer" },
        "truncated": { "type": "boolean" },
        "next_cursor": { "type": "string" },
        "hint": { "type": "string" },
    })
}

/// Schema of arguments: the given ones, and `database` where one has to be named.
pub(super) fn arguments(part: &Part<'_>, properties: Value, required: &[&str]) -> Value {
    let mut properties = object(properties);
    let mut required = required.to_vec();
    if part.names_databases() {
        let names: Vec<&str> = part.databases().collect();
        properties.insert(
            "database".to_owned(),
            json!({ "type": "string", "enum": names, "description": "Which database." }),
        );
        required.insert(0, "database");
    }
    closed(Value::Object(properties), &required)
}

/// Schema of an object that takes nothing but what is named.
pub(super) fn closed(properties: Value, required: &[&str]) -> Value {
    json!({
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

/// Schema of `table`.
pub(super) fn table(part: &Part<'_>) -> Value {
    let labels = part.labels();
    if labels.len() > MANY_TABLES {
        return json!({ "type": "string", "description": "A table or view; find it with `list_tables` and its `search`." });
    }
    json!({ "type": "string", "enum": labels, "description": "Table or view." })
}

/// The names of the columns, where they are few enough to be spelled out.
pub(super) fn names(part: &Part<'_>) -> Option<Vec<String>> {
    spelled_out(part, part.columns())
}

/// The same of those that can be written.
pub(super) fn written_names(part: &Part<'_>) -> Option<Vec<String>> {
    spelled_out(part, part.written_columns())
}

fn spelled_out(part: &Part<'_>, columns: BTreeSet<&str>) -> Option<Vec<String>> {
    let few = columns.len() <= MANY_COLUMNS && part.labels().len() <= MANY_TABLES;
    few.then(|| columns.into_iter().map(str::to_owned).collect())
}

/// Schema of a list of columns.
pub(super) fn columns(names: Option<&[String]>, about: &str) -> Value {
    let item = match names {
        Some(names) => json!({ "type": "string", "enum": names }),
        None => json!({ "type": "string" }),
    };
    json!({ "type": "array", "items": item, "description": about })
}

/// Schema of columns with values.
pub(super) fn values(names: Option<&[String]>) -> Value {
    match names {
        Some(names) => json!({ "type": "object", "propertyNames": { "enum": names }, "minProperties": 1 }),
        None => json!({ "type": "object", "minProperties": 1 }),
    }
}

/// Schema of a condition.
pub(super) fn filter() -> Value {
    json!({ "type": "string", "description": FILTER })
}

/// What columns of a conflict are for.
pub(super) const ON_CONFLICT: &str =
    "For rows that are there already by these columns: their other columns are updated.";

/// Schema of what groups add up to.
pub(super) fn expressions() -> Value {
    json!({
        "type": "array", "items": { "type": "string" }, "minItems": 1,
        "description":
            "E.g. status, count(*), sum(total) AS sales. Functions: count, sum, avg, min, max; count(DISTINCT x).",
    })
}

/// Schema of a condition on groups.
pub(super) fn having() -> Value {
    json!({ "type": "string", "description": "Condition on groups, e.g. sales > 100." })
}

/// Schema of an order.
pub(super) fn order() -> Value {
    json!({ "type": "string", "description": "E.g. total DESC, id." })
}

/// Schema of a limit.
pub(super) fn limit(most: u64) -> Value {
    json!({ "type": "integer", "minimum": 1, "maximum": most })
}

/// Schema of an offset.
pub(super) fn offset() -> Value {
    json!({ "type": "integer", "minimum": 0 })
}

/// Schema of a cursor.
pub(super) fn cursor() -> Value {
    json!({ "type": "string", "description": "`next_cursor` of the page before; all else as before." })
}

/// Schema of what makes a change a rehearsal.
pub(super) fn dry_run() -> Value {
    json!({ "type": "boolean", "description": "Only report what would change; it is rolled back." })
}

/// `orders(id, total): comment`, one table a line; nothing where that would be too much.
pub(super) fn in_words(part: &Part<'_>) -> String {
    let tables: Vec<(&str, &ScopedTable)> = part.tables().collect();
    let columns: usize = tables.iter().map(|(_, table)| table.columns.len()).sum();
    if columns > MANY_COLUMNS || tables.len() > MANY_TABLES {
        return format!(
            "\n{} tables; `list_tables` finds them, `describe_table` shows their columns.",
            tables.len()
        );
    }
    let mut text = String::from("\nTables and columns:");
    for (database, table) in tables {
        let database = if part.names_databases() { format!("{database}: ") } else { String::new() };
        let columns: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
        text.push_str(&format!("\n{database}{}({})", table.label, columns.join(", ")));
        if let Some(comment) = first_line(table.comment.as_deref()) {
            text.push_str(": ");
            text.push_str(comment);
        }
    }
    text
}

/// The members of an object.
pub(super) fn object(value: Value) -> JsonObject {
    match value {
        Value::Object(object) => object,
        _ => JsonObject::new(),
    }
}
