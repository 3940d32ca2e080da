//! Rights inside one database, resolved: what the adapter scopes every statement by.

use std::collections::{BTreeMap, BTreeSet};

use crate::document::{DatabaseGrants, TableOperation};
use crate::problem::{Problems, did_you_mean, member};

/// Most rows of one answer, where the document does not say.
pub const DEFAULT_MAX_ROWS: u64 = 1000;

/// The table that stands for every table that is not named.
pub const ANY_TABLE: &str = "*";

/// What one role may do inside one database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatabaseRights {
    /// Rights by table, as written; `*` stands for every table that is not here.
    pub tables: BTreeMap<String, TableRights>,
    /// Most rows of one answer.
    pub max_rows: u64,
    /// Whether SQL text is accepted.
    pub raw_sql: bool,
    /// Whether the schema may be changed.
    pub ddl: bool,
}

/// What one role may do with one table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableRights {
    /// What may be done with its rows.
    pub operations: BTreeSet<TableOperation>,
    /// Columns that may exist for the role.
    pub columns: Columns,
    /// Columns that do not exist for the role, whatever `columns` says.
    pub denied: BTreeSet<String>,
}

/// Columns that may exist for a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Columns {
    /// All of them.
    All,
    /// These.
    Only(BTreeSet<String>),
}

impl DatabaseRights {
    /// The rights on a table: its own or, where it has none, those of `*`.
    #[must_use]
    pub fn table(&self, name: &str) -> Option<&TableRights> {
        self.tables.get(name).or_else(|| self.tables.get(ANY_TABLE))
    }

    /// Resolves what a role was granted, reporting grants that cannot mean anything.
    pub(crate) fn compile(grants: &DatabaseGrants, path: &str, problems: &mut Problems) -> DatabaseRights {
        report(grants, path, problems);
        let names = grants.tables.keys().chain(grants.columns.keys()).chain(grants.deny_columns.keys());
        let tables = names.filter_map(|name| Some((name.clone(), TableRights::compile(grants, name)?))).collect();
        DatabaseRights {
            tables,
            max_rows: grants.max_rows.unwrap_or(DEFAULT_MAX_ROWS),
            raw_sql: grants.raw_sql,
            ddl: grants.ddl,
        }
    }
}

impl TableRights {
    /// Each part by itself: the grant of the table or of `*`, its list of columns or that of `*`, and both lists of
    /// denied columns. None where nothing is granted.
    fn compile(grants: &DatabaseGrants, name: &str) -> Option<TableRights> {
        let verbs = grants.tables.get(name).or_else(|| grants.tables.get(ANY_TABLE))?;
        let only = grants.columns.get(name).or_else(|| grants.columns.get(ANY_TABLE));
        let denied = [grants.deny_columns.get(name), grants.deny_columns.get(ANY_TABLE)];
        Some(TableRights {
            operations: verbs.iter().flat_map(|verb| verb.operations().iter().copied()).collect(),
            columns: only.map_or(Columns::All, |columns| Columns::Only(columns.iter().cloned().collect())),
            denied: denied.into_iter().flatten().flatten().cloned().collect(),
        })
    }
}

fn report(grants: &DatabaseGrants, path: &str, problems: &mut Problems) {
    if grants.max_rows == Some(0) {
        problems.add(member(path, "max_rows"), "expected 1 or more: with 0 every answer would be empty");
    }
    for name in grants.tables.keys().filter(|name| name.contains('*') && *name != ANY_TABLE) {
        let place = member(&member(path, "tables"), name);
        problems.add(place, "expected the name of a table, or `*` for every table that is not named");
    }
    for (field, lists) in [("columns", &grants.columns), ("deny_columns", &grants.deny_columns)] {
        let lost = |table: &&String| {
            *table != ANY_TABLE && !grants.tables.contains_key(*table) && !grants.tables.contains_key(ANY_TABLE)
        };
        for table in lists.keys().filter(lost) {
            let place = member(&member(path, field), table);
            let hint = did_you_mean(table, grants.tables.keys().map(String::as_str));
            problems.add(place, format!("no right on table `{table}` is granted under `tables`{hint}"));
        }
    }
}
