//! OpenAPI 3.1 of what one caller may do by REST: its databases, tables, columns and verbs, and nothing else.

mod path;
mod schemas;

use serde_json::{Map, Value, json};

use crate::tools::ToolKind;
use crate::tools::listing::{Listed, Listing, every};

/// The document. `shows` says whether the caller may use a tool on a table of a database.
pub(crate) fn document(listing: &Listing, shows: impl Fn(&str, ToolKind, &str) -> bool) -> Value {
    let mut paths = Map::new();
    let mut components = schemas::fixed();
    paths.insert("/api/v1".to_owned(), json!({ "get": path::databases() }));
    for listed in listing.databases() {
        add(listed, &shows, &mut paths, &mut components);
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Trigate databases",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "What the key of this request may read and change. Another key, another document.",
        },
        "security": [{ "bearer": [] }, { "key": [] }],
        "paths": paths,
        "components": {
            "schemas": components,
            "responses": { "Refused": path::refused() },
            "securitySchemes": {
                "bearer": { "type": "http", "scheme": "bearer" },
                "key": { "type": "apiKey", "in": "header", "name": "X-API-Key" },
            },
        },
    })
}

fn add(
    listed: &Listed,
    shows: &impl Fn(&str, ToolKind, &str) -> bool,
    paths: &mut Map<String, Value>,
    components: &mut Map<String, Value>,
) {
    let database = listed.name.as_str();
    let root = format!("/api/v1/{}", path::segment(database));
    if shows(database, ToolKind::ListTables, "") {
        paths.insert(format!("{root}/_table"), json!({ "get": path::tables(database) }));
    }
    if shows(database, ToolKind::DescribeTable, "") {
        paths.insert(format!("{root}/_schema"), json!({ "get": path::schema(database) }));
    }
    if listed.scope.takes_sql() && shows(database, ToolKind::RunSql, "") {
        paths.insert(format!("{root}/_sql"), json!({ "post": path::sql(database) }));
    }
    for table in every(&listed.scope) {
        let name = schemas::name(database, &table.label);
        let about = path::Table { database, table, schema: &name, max_rows: listed.scope.max_rows() };
        let segment = path::segment(&table.label);
        if shows(database, ToolKind::DescribeTable, &table.label) {
            paths.insert(format!("{root}/_schema/{segment}"), json!({ "get": about.describe() }));
        }
        let verbs = about.verbs(|tool| shows(database, tool, &table.label));
        if verbs.is_empty() {
            continue;
        }
        let is_read = verbs.contains_key("get");
        if verbs.len() > usize::from(is_read) {
            components.insert(schemas::written(&name), schemas::new_row(table));
        }
        paths.insert(format!("{root}/_table/{segment}"), Value::Object(verbs));
        if let Some(by_id) = about.by_id().filter(|_| is_read) {
            paths.insert(format!("{root}/_table/{segment}/{{id}}"), by_id);
        }
        components.insert(name.clone(), schemas::row(table));
    }
}

#[cfg(test)]
mod tests;
