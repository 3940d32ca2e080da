//! The names of tools that are of one table: `orders_query`.
//!
//! A name says the database (where several are at hand), the schema (where it is not the default one), the table and what
//! to do. Two tables never share one: parts are joined by `-`, which no part has, and a table whose name is not plain gets
//! a digest of it after `--`. So a rule on a name stays true whatever other tables come and go.

use policy::document::ToolShape;
use sql::{Scope, ScopedTable};

use super::ask::Place;
use super::listing::every;
use super::{Needs, ToolKind};
use crate::databases::Age;
use crate::session::Session;

/// What MCP clients take for a name at most.
const LONGEST: usize = 64;
/// Hex digits of a digest.
const DIGEST: usize = 10;

/// The tool's name for a table; `database` where several databases are at hand.
pub(super) fn of(database: Option<&str>, label: &str, tool: ToolKind) -> String {
    let suffix = tool.name();
    let room = LONGEST - suffix.len() - 1;
    let plain = joined(database, label).filter(|name| name.len() <= room);
    let head = plain.unwrap_or_else(|| digested(database, label, room));
    format!("{head}_{suffix}")
}

/// `database-schema-table` of plain parts.
fn joined(database: Option<&str>, label: &str) -> Option<String> {
    let parts: Vec<&str> = database.into_iter().chain(label.split('.')).collect();
    let most = if database.is_some() { 3 } else { 2 };
    (parts.len() <= most && parts.iter().all(|part| is_plain(part))).then(|| parts.join("-"))
}

fn is_plain(part: &str) -> bool {
    !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// As much of the names as fits, for people, and a digest that makes it one of a kind.
fn digested(database: Option<&str>, label: &str, room: usize) -> String {
    let whole = format!("{}\0{label}", database.unwrap_or_default());
    let digest: String = blake3::hash(whole.as_bytes()).to_hex().chars().take(DIGEST).collect();
    let shown = whole.trim_start_matches('\0').chars().map(|character| match character {
        character if character.is_ascii_alphanumeric() => character,
        _ => '_',
    });
    let shown: String = shown.take(room - DIGEST - 2).collect();
    format!("{shown}--{digest}")
}

/// The tool of a name, and the table it is of.
pub(super) async fn find(session: &Session, name: &str) -> Option<(ToolKind, Option<Place>)> {
    let is_of = |tool: &ToolKind| {
        tool.is_per_table() && name.strip_suffix(tool.name()).is_some_and(|head| head.ends_with('_'))
    };
    let tool = ToolKind::ALL.into_iter().find(is_of)?;
    let databases = session.databases();
    let several = databases.len() > 1;
    for database in databases {
        if session.tool_shape(database) != ToolShape::PerTable {
            continue;
        }
        // One that does not answer has no tools at the moment.
        let Ok(scope) = session.scope(database, Age::Fresh).await else { continue };
        if let Some(table) = table_of(&scope, several.then_some(database), name, tool) {
            let place = Place { database: database.to_owned(), table: table.label.clone() };
            return Some((tool, Some(place)));
        }
    }
    None
}

fn table_of<'a>(
    scope: &'a Scope,
    database: Option<&str>,
    name: &str,
    tool: ToolKind,
) -> Option<&'a ScopedTable> {
    let is_it = |table: &&ScopedTable| {
        let may = match tool.needs() {
            Needs::Operation(operation) => table.operations.contains(&operation),
            _ => false,
        };
        may && of(database, &table.label, tool) == name
    };
    let head = name.strip_suffix(tool.name())?.strip_suffix('_')?;
    // Most names say the table in full; only the others are looked for.
    let label = database.map_or(Some(head), |database| head.strip_prefix(database)?.strip_prefix('-'));
    let quick = label.and_then(|label| scope.table(&label.replacen('-', ".", 1)));
    quick.filter(is_it).or_else(|| every(scope).into_iter().find(is_it))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[track_caller]
    fn check(database: Option<&str>, label: &str, expected: &str) {
        assert_eq!(of(database, label, ToolKind::Query), expected);
    }

    #[test]
    fn plain_names_are_said_in_full() {
        check(None, "orders", "orders_query");
        check(None, "sales.orders", "sales-orders_query");
        check(Some("shop"), "orders", "shop-orders_query");
        check(Some("shop"), "sales.orders", "shop-sales-orders_query");
    }

    #[test]
    fn names_are_within_what_clients_take() {
        for label in ["Bestellungen für 2026", "sales.a.b", "", &"x".repeat(200), "--", "日本"] {
            for database in [None, Some("shop")] {
                for tool in ToolKind::ALL.into_iter().filter(|tool| tool.is_per_table()) {
                    let name = of(database, label, tool);
                    assert!(name.len() <= LONGEST, "{name}");
                    assert!(
                        name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-'),
                        "{name}"
                    );
                }
            }
        }
    }

    #[test]
    fn no_two_tables_share_a_name() {
        let long = "x".repeat(90);
        let labels = [
            "a_b",
            "a.b",
            "a-b",
            "a b",
            "A_b",
            "a.b.c",
            "a_b_c",
            "a--b",
            "ä",
            "ö",
            "_",
            "a_query",
            "a",
            &long,
            &format!("{long}y"),
        ];
        let names: BTreeSet<String> = labels.iter().map(|label| of(None, label, ToolKind::Query)).collect();
        assert_eq!(names.len(), labels.len(), "{names:?}");
    }
}
