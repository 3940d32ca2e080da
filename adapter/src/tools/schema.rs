//! What the tools' schemas are made of: the databases, tables and columns that the caller may read.

use std::collections::BTreeSet;
use std::sync::Arc;

use rmcp::model::{JsonObject, Tool, ToolAnnotations};
use serde_json::{Value, json};
use sql::{Operation, Scope};

/// More columns than this are not spelled out in a tool: the list itself would cost the model more than it helps.
const MANY_COLUMNS: usize = 200;

/// What can be read, database by database.
#[derive(Clone, Debug, Default)]
pub(crate) struct Listing {
    databases: Vec<Listed>,
}

#[derive(Clone, Debug)]
struct Listed {
    name: String,
    tables: Vec<(String, Vec<String>)>,
    max_rows: u64,
}

impl Listing {
    /// Adds the tables of one database. One without tables for this caller does not appear.
    pub(crate) fn add(&mut self, database: &str, scope: &Scope, operation: Operation) {
        let tables: Vec<_> = scope
            .tables(operation)
            .map(|table| {
                (table.label.clone(), table.columns.iter().map(|column| column.name.clone()).collect())
            })
            .collect();
        if !tables.is_empty() {
            self.databases.push(Listed { name: database.to_owned(), tables, max_rows: scope.max_rows() });
        }
    }

    /// The part of it that a tool is shown for.
    pub(crate) fn only(&self, keep: impl Fn(&str) -> bool) -> Self {
        Self { databases: self.databases.iter().filter(|listed| keep(&listed.name)).cloned().collect() }
    }

    /// Whether there is nothing to read.
    pub(crate) fn is_empty(&self) -> bool {
        self.databases.is_empty()
    }

    /// The largest row limit of any of the databases.
    pub(super) fn max_rows(&self) -> u64 {
        self.databases.iter().map(|listed| listed.max_rows).max().unwrap_or(0)
    }

    /// Schema of the `table` argument.
    pub(super) fn table(&self) -> Value {
        let tables: BTreeSet<&str> = self
            .databases
            .iter()
            .flat_map(|listed| listed.tables.iter().map(|(table, _)| table.as_str()))
            .collect();
        json!({ "type": "string", "enum": tables, "description": "Name of the table or view." })
    }

    /// Schema of a column's name.
    pub(super) fn column(&self) -> Value {
        let columns: BTreeSet<&str> = self.columns().collect();
        if columns.len() > MANY_COLUMNS {
            return json!({ "type": "string", "description": "A column; `describe_table` lists those of a table." });
        }
        let mut names: Vec<&str> = columns.into_iter().collect();
        names.push("*");
        json!({ "type": "string", "enum": names })
    }

    /// `orders(id, total)`, one table a line; nothing where that would be too much.
    pub(super) fn tables_in_words(&self) -> String {
        if self.columns().count() > MANY_COLUMNS {
            return String::new();
        }
        let several = self.databases.len() > 1;
        let mut text = String::from("\nTables and columns:");
        for listed in &self.databases {
            for (table, columns) in &listed.tables {
                let database = if several { format!("{}: ", listed.name) } else { String::new() };
                text.push_str(&format!("\n{database}{table}({})", columns.join(", ")));
            }
        }
        text
    }

    fn columns(&self) -> impl Iterator<Item = &str> {
        self.databases
            .iter()
            .flat_map(|listed| listed.tables.iter())
            .flat_map(|(_, columns)| columns.iter().map(String::as_str))
    }

    /// A schema of arguments: the given ones, and `database` where there are several.
    pub(super) fn arguments(&self, properties: Value, required: &[&str]) -> Arc<JsonObject> {
        let mut properties = object(properties);
        let mut required: Vec<&str> = required.to_vec();
        if self.databases.len() > 1 {
            let names: Vec<&str> = self.databases.iter().map(|listed| listed.name.as_str()).collect();
            let database = json!({ "type": "string", "enum": names, "description": "Which database." });
            properties.insert("database".to_owned(), database);
            // Without it `list_tables` lists all databases; nothing else has a sense without.
            if !required.is_empty() {
                required.insert(0, "database");
            }
        }
        Arc::new(object(json!({
            "type": "object",
            "properties": properties,
            "required": required,
            "additionalProperties": false,
        })))
    }
}

/// A tool that reads and changes nothing.
pub(super) fn reading(
    name: &'static str,
    title: &str,
    description: String,
    input: Arc<JsonObject>,
    output: Value,
) -> Tool {
    let annotations = ToolAnnotations::with_title(title)
        .read_only(true)
        .destructive(false)
        .idempotent(true)
        .open_world(false);
    Tool::new(name, description, input)
        .with_title(title)
        .with_annotations(annotations)
        .with_raw_output_schema(Arc::new(object(output)))
}

fn object(value: Value) -> JsonObject {
    match value {
        Value::Object(object) => object,
        _ => JsonObject::new(),
    }
}
