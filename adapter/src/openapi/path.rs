//! The paths and verbs.

use serde_json::{Map, Value, json};
use sql::{Operation, ScopedTable};

use super::schemas::{envelope, reference, written};
use crate::tools::ToolKind;

/// A table for which verbs are described.
pub(super) struct Table<'a> {
    pub(super) database: &'a str,
    pub(super) table: &'a ScopedTable,
    /// The name of its schema.
    pub(super) schema: &'a str,
    pub(super) max_rows: u64,
}

/// A name as a path has it.
pub(super) fn segment(name: &str) -> String {
    let mut segment = String::with_capacity(name.len());
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            segment.push(char::from(byte));
        } else {
            segment.push_str(&format!("%{byte:02X}"));
        }
    }
    segment
}

/// The answer of whatever is refused.
pub(super) fn refused() -> Value {
    json!({ "description": "Refused, or failed.", "content": body(&reference("Error")) })
}

fn body(schema: &Value) -> Value {
    json!({ "application/json": { "schema": schema } })
}

/// A verb with an answer.
fn verb(summary: &str, tag: &str, status: &str, schema: &Value) -> Map<String, Value> {
    let responses = json!({
        status: { "description": "Done.", "content": body(schema) },
        "default": { "$ref": "#/components/responses/Refused" },
    });
    let verb = json!({ "summary": summary, "tags": [tag], "responses": responses });
    match verb {
        Value::Object(verb) => verb,
        _ => Map::new(),
    }
}

fn parameter(name: &str, schema: &Value, about: &str) -> Value {
    json!({ "name": name, "in": "query", "required": false, "schema": schema, "description": about })
}

fn text(name: &str, about: &str) -> Value {
    parameter(name, &json!({ "type": "string" }), about)
}

fn flag(name: &str, about: &str) -> Value {
    parameter(name, &json!({ "type": "boolean" }), about)
}

fn filters() -> [Value; 2] {
    [
        text("filter", "Condition, such as: status = 'open' AND total >= 100."),
        text("ids", "Primary keys with commas between them."),
    ]
}

pub(super) fn databases() -> Value {
    Value::Object(verb("The databases.", "databases", "200", &envelope(&reference("Row"))))
}

pub(super) fn tables(database: &str) -> Value {
    let mut verb = verb("The tables.", database, "200", &envelope(&reference("Row")));
    let parameters = [
        text("search", "Part of a name or comment of the table, or of a column's name."),
        parameter("limit", &json!({ "type": "integer", "minimum": 1, "maximum": 500 }), "Tables on a page."),
        text("cursor", "`next_cursor` of the page before."),
    ];
    verb.insert("parameters".to_owned(), json!(parameters));
    Value::Object(verb)
}

pub(super) fn schema(database: &str) -> Value {
    Value::Object(verb("What all tables are made of.", database, "200", &envelope(&reference("Table"))))
}

pub(super) fn sql(database: &str) -> Value {
    let mut verb = verb("Runs one SQL statement.", database, "200", &envelope(&reference("Row")));
    let schema = json!({
        "type": "object",
        "properties": {
            "sql": { "type": "string", "maxLength": 32768 },
            "params": { "type": "array" },
            "dry_run": { "type": "boolean" },
        },
        "required": ["sql"],
        "additionalProperties": false,
    });
    verb.insert("requestBody".to_owned(), json!({ "required": true, "content": body(&schema) }));
    Value::Object(verb)
}

impl Table<'_> {
    /// What it is made of.
    pub(super) fn describe(&self) -> Value {
        let summary = format!("What `{}` is made of.", self.table.label);
        Value::Object(verb(&summary, self.database, "200", &reference("Table")))
    }

    /// One of its rows, where rows have ids.
    pub(super) fn by_id(&self) -> Option<Value> {
        let mut keys = self.table.columns.iter().filter(|column| column.primary_key);
        let (Some(_), None) = (keys.next(), keys.next()) else { return None };
        let summary = format!("One row of `{}` by its primary key.", self.table.label);
        let mut verb = verb(&summary, self.database, "200", &reference(self.schema));
        let id = json!({ "name": "id", "in": "path", "required": true, "schema": { "type": "string" } });
        let fields = text("fields", "Columns with commas between them.");
        verb.insert("parameters".to_owned(), json!([id, fields]));
        Some(json!({ "get": verb }))
    }

    /// The verbs that its operations permit, as far as `shows` does.
    pub(super) fn verbs(&self, shows: impl Fn(ToolKind) -> bool) -> Map<String, Value> {
        let may = |operation, tool| self.table.operations.contains(&operation) && shows(tool);
        let mut verbs = Map::new();
        if may(Operation::Read, ToolKind::Query) {
            verbs.insert("get".to_owned(), self.get());
        }
        if may(Operation::Insert, ToolKind::Insert) {
            verbs.insert("post".to_owned(), self.post());
        }
        if may(Operation::Update, ToolKind::Update) {
            for name in ["patch", "put"] {
                verbs.insert(
                    name.to_owned(),
                    self.change("Changes rows of", Some(&reference(&written(self.schema)))),
                );
            }
        }
        if may(Operation::Delete, ToolKind::Delete) {
            verbs.insert("delete".to_owned(), self.change("Removes rows of", None));
        }
        verbs
    }

    fn verb(&self, what: &str, status: &str) -> Map<String, Value> {
        let summary = format!("{what} `{}`.", self.table.label);
        verb(&summary, self.database, status, &envelope(&reference(self.schema)))
    }

    fn get(&self) -> Value {
        let mut verb = self.verb("Rows of", "200");
        if let Some(content) = verb
            .get_mut("responses")
            .and_then(|responses| responses.pointer_mut("/200/content")?.as_object_mut())
        {
            content.insert("application/x-ndjson".to_owned(), json!({ "schema": reference(self.schema) }));
        }
        let [filter, ids] = filters();
        let count = json!({ "type": "integer", "minimum": 0 });
        let limit = json!({ "type": "integer", "minimum": 1, "maximum": self.max_rows, "default": 25 });
        let parameters = [
            text("fields", "Columns, or expressions such as SUM(total) AS sales, with commas between them."),
            filter,
            ids,
            text("group", "Columns whose equal values make one group."),
            text("having", "Condition on groups."),
            text("order", "Such as: total DESC, id."),
            parameter("limit", &limit, "Rows at most."),
            parameter("offset", &count, "Rows to skip."),
            text("cursor", "`next_cursor` of the page before."),
            flag("include_count", "Also say how many rows there are on all pages."),
        ];
        verb.insert("parameters".to_owned(), json!(parameters));
        Value::Object(verb)
    }

    fn post(&self) -> Value {
        let mut verb = self.verb("Adds rows to", "201");
        let row = reference(&written(self.schema));
        let many = json!({ "type": "array", "items": row });
        let enveloped = json!({
            "type": "object", "properties": { "resource": many }, "required": ["resource"],
        });
        let schema = json!({ "anyOf": [row, many, enveloped] });
        verb.insert("requestBody".to_owned(), json!({ "required": true, "content": body(&schema) }));
        let parameters = [
            text("on_conflict", "Columns by which rows may be there already; those are updated."),
            text("returning", "Columns of the new rows to return."),
            flag("dry_run", "Only report what would change."),
        ];
        verb.insert("parameters".to_owned(), json!(parameters));
        Value::Object(verb)
    }

    fn change(&self, what: &str, set: Option<&Value>) -> Value {
        let mut verb = self.verb(what, "200");
        let [filter, ids] = filters();
        let parameters = [
            filter,
            ids,
            text("returning", "Columns of these rows to return."),
            flag("dry_run", "Only report what would change."),
        ];
        verb.insert("parameters".to_owned(), json!(parameters));
        if let Some(set) = set {
            verb.insert("requestBody".to_owned(), json!({ "required": true, "content": body(set) }));
        }
        Value::Object(verb)
    }
}
