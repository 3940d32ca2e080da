//! The demo: a shop's database, three roles on it, and a key for each.
//!
//! What it makes is kept in the state directory and left alone afterwards, so that what somebody tried is still there
//! the next time.

mod data;

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Context;
use policy::Document;
use proto::v1::CreateApiKeyRequest;
use rusqlite::Connection;

use crate::state::StateDir;
use crate::target::{Admin, answer};

/// The demo's database.
const DATABASE: &str = "demo.db";
/// Where the texts of its keys are kept, by role.
const KEYS: &str = "demo-keys.json";
/// The document, with a place for the database's URL.
const DOCUMENT: &str = include_str!("demo/trigate.yaml");
const SCHEMA: &str = include_str!("demo/schema.sql");

/// The document of the demo on this state directory.
pub(crate) fn document(state: &StateDir) -> String {
    let url = format!("sqlite://{}", state.file(DATABASE).display());
    DOCUMENT.replace("\"DATABASE-URL\"", &serde_json::Value::String(url).to_string())
}

/// Makes the database, unless it is there.
pub(crate) fn create_database(state: &StateDir) -> anyhow::Result<()> {
    let path = state.file(DATABASE);
    if path.exists() {
        return Ok(());
    }
    // Under another name until it is whole: a run that is cut off leaves no half database behind.
    let fresh = state.file("demo.db.new");
    let _ = std::fs::remove_file(&fresh);
    fill(&fresh).with_context(|| format!("cannot make the demo's database `{}`", path.display()))?;
    std::fs::rename(&fresh, &path).with_context(|| format!("cannot make `{}`", path.display()))
}

fn fill(path: &Path) -> rusqlite::Result<()> {
    let mut connection = Connection::open(path)?;
    let transaction = connection.transaction()?;
    transaction.execute_batch(SCHEMA)?;
    data::insert(&transaction)?;
    transaction.commit()
}

/// The texts of the demo's keys by role: those of an earlier run, and new ones for roles that never had one. A key that was
/// revoked since is left out, and not made anew.
pub(crate) async fn keys(
    state: &StateDir,
    admin: &mut Admin,
    document: &Document,
) -> anyhow::Result<BTreeMap<String, String>> {
    let mut known: BTreeMap<String, String> = match std::fs::read(state.file(KEYS)) {
        Ok(bytes) => serde_json::from_slice(&bytes).unwrap_or_default(),
        Err(_) => BTreeMap::new(),
    };
    let mut valid = BTreeMap::new();
    for role in document.roles.keys() {
        match known.get(role) {
            Some(text) if is_listed(text, document) => {
                valid.insert(role.clone(), text.clone());
            }
            Some(_) => {}
            None => {
                let name = format!("demo-{}", role.replace('_', "-"));
                let request =
                    CreateApiKeyRequest { role: role.clone(), name, expires: None, claims: Vec::new() };
                let created = answer(admin.client.create_api_key(request).await)?;
                known.insert(role.clone(), created.text.clone());
                valid.insert(role.clone(), created.text);
                state.write_json(KEYS, &serde_json::json!(known))?;
            }
        }
    }
    Ok(valid)
}

fn is_listed(text: &str, document: &Document) -> bool {
    let id = text.split('_').nth(1);
    document.keys.iter().any(|key| Some(key.id.as_str()) == id)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state() -> (tempfile::TempDir, StateDir) {
        let dir = tempfile::tempdir().unwrap();
        let state = StateDir::create(dir.path()).unwrap();
        (dir, state)
    }

    #[test]
    fn the_document_has_no_problem() {
        let (_dir, state) = state();
        let source = policy::parse(&document(&state)).unwrap();
        let problems = source.check();
        assert!(problems.is_empty(), "{problems}");
        let roles: Vec<&String> = source.document.roles.keys().collect();
        assert_eq!(roles, ["analytics_agent", "order_management_agent", "support_agent"]);
    }

    #[test]
    fn every_table_and_column_of_the_document_exists() {
        let (_dir, state) = state();
        create_database(&state).unwrap();
        let connection = Connection::open(state.file(DATABASE)).unwrap();
        let source = policy::parse(&document(&state)).unwrap();
        for grants in source.document.roles.values().flat_map(|role| role.databases.values()) {
            let tables = grants.tables.keys().map(|table| (table, None));
            let lists = grants.columns.iter().chain(&grants.deny_columns);
            let columns =
                lists.flat_map(|(table, columns)| columns.iter().map(move |column| (table, Some(column))));
            for (table, column) in tables.chain(columns) {
                let column = column.map_or("*".to_owned(), |column| format!("\"{column}\""));
                let sql = format!("SELECT {column} FROM \"{table}\"");
                connection.prepare(&sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
            }
        }
    }

    #[test]
    fn the_database_is_consistent_and_has_a_few_hundred_rows() {
        let (_dir, state) = state();
        create_database(&state).unwrap();
        let connection = Connection::open(state.file(DATABASE)).unwrap();
        let count = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
        assert_eq!(count("SELECT count(*) FROM customers"), 200);
        assert_eq!(count("SELECT count(*) FROM pragma_foreign_key_check"), 0);
        assert_eq!(count("SELECT count(*) FROM orders WHERE total_cents = 0"), 0);
        let wrong = "SELECT count(*) FROM orders o WHERE total_cents <>
            (SELECT sum(quantity * unit_price_cents) FROM order_items i WHERE i.order_id = o.id)";
        assert_eq!(count(wrong), 0);
    }

    #[test]
    fn what_was_changed_in_the_database_stays() {
        let (_dir, state) = state();
        create_database(&state).unwrap();
        let connection = Connection::open(state.file(DATABASE)).unwrap();
        connection.execute_batch("ALTER TABLE customers ADD COLUMN nickname TEXT").unwrap();
        create_database(&state).unwrap();
        connection.prepare("SELECT nickname FROM customers").unwrap();
    }
}
