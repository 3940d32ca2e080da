//! The component schemas: one for the rows of each table, and those that every answer is made of.

use serde_json::{Map, Value, json};
use sql::ScopedTable;

use crate::tools::{column, listing};

/// Hex digits that tell apart what only differs in characters a name cannot have.
const DIGEST: usize = 10;

/// The name of a table's schema: letters, digits, `.`, `-` and `_` are all that a component's name may have.
pub(super) fn name(database: &str, label: &str) -> String {
    let may = |character: char| character.is_ascii_alphanumeric() || "._-".contains(character);
    let whole = format!("{database}.{label}");
    if whole.chars().all(may) {
        return whole;
    }
    let shown: String = whole.chars().map(|character| if may(character) { character } else { '_' }).collect();
    let digest: String = blake3::hash(whole.as_bytes()).to_hex().chars().take(DIGEST).collect();
    // No name of the form above has two of them in a row before a digest unless it is meant to.
    format!("{shown}..{digest}")
}

/// The rows of a table.
pub(super) fn row(table: &ScopedTable) -> Value {
    let mut schema = json!({ "type": "object", "properties": column::properties(&table.columns) });
    if let (Some(comment), Some(schema)) = (&table.comment, schema.as_object_mut()) {
        schema.insert("description".to_owned(), json!(comment));
    }
    schema
}

/// The name of the schema of what can be written to a table.
pub(super) fn written(name: &str) -> String {
    format!("{name}..write")
}

/// What can be written to a table.
pub(super) fn new_row(table: &ScopedTable) -> Value {
    json!({
        "type": "object",
        "properties": column::properties(listing::written(table)),
        "minProperties": 1,
        "additionalProperties": false,
    })
}

/// A reference to a schema.
pub(super) fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

/// An envelope around items.
pub(super) fn envelope(items: &Value) -> Value {
    json!({
        "type": "object",
        "properties": {
            "resource": { "type": "array", "items": items },
            "meta": reference("Meta"),
        },
        "required": ["resource", "meta"],
    })
}

/// The schemas that do not depend on the caller.
pub(super) fn fixed() -> Map<String, Value> {
    let integer = || json!({ "type": "integer", "minimum": 0 });
    let text = || json!({ "type": "string" });
    let meta = json!({
        "type": "object",
        "properties": {
            "count": integer(), "total": integer(), "limit": integer(), "offset": integer(), "affected": integer(),
            "took_ms": integer(), "next_cursor": text(), "hint": text(),
            "truncated": { "type": "boolean" }, "dry_run": { "type": "boolean" },
        },
        "required": ["took_ms"],
    });
    let error = json!({
        "type": "object",
        "properties": { "error": {
            "type": "object",
            "properties": {
                "code": { "type": "integer" },
                "message": text(),
                "context": {
                    "type": "object",
                    "properties": {
                        "reason": text(), "decision": text(), "missing": text(), "grant": text(), "place": text(),
                    },
                },
            },
            "required": ["code", "message", "context"],
        } },
        "required": ["error"],
    });
    let described = json!({
        "type": "object",
        "properties": {
            "database": text(), "name": text(), "kind": { "enum": ["table", "view"] }, "comment": text(),
            "operations": { "type": "array", "items": text() },
            "columns": { "type": "array", "items": { "type": "object" } },
            "foreign_keys": { "type": "array", "items": { "type": "object" } },
            "referenced_by": { "type": "array", "items": { "type": "object" } },
        },
        "required": ["database", "name", "kind", "columns"],
    });
    let members =
        [("Error", error), ("Meta", meta), ("Row", json!({ "type": "object" })), ("Table", described)];
    members.into_iter().map(|(name, schema)| (name.to_owned(), schema)).collect()
}
