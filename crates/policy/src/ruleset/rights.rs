//! Rights inside one database: what the adapter scopes every statement by. Which entries are about a table is for `sql`
//! to say, which knows the catalogue and how the engine compares names.

use std::collections::{BTreeMap, BTreeSet};

use crate::document::{DatabaseGrants, Mask, TableOperation};
use crate::problem::{Problems, did_you_mean, member};

/// Most rows of one answer, where the document does not say.
pub const DEFAULT_MAX_ROWS: u64 = 1000;
/// Most rows one statement may change, where the document does not say.
pub const DEFAULT_MAX_AFFECTED: u64 = 100;

/// What one role may do inside one database.
///
/// Entries add up: a table has what every entry about it grants, and lacks what any entry about it takes away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatabaseRights {
    /// By table, as written: `table`, `schema.table`, `schema.*` or `*`.
    pub tables: BTreeMap<String, TableRights>,
    /// Most rows of one answer.
    pub max_rows: u64,
    /// Most rows one statement may change.
    pub max_affected: u64,
    /// Most that the database may estimate a statement to cost, in its own unit.
    pub max_cost: Option<u64>,
    /// Whether rows may be changed or removed without a condition.
    pub unconditional_writes: bool,
    /// Whether SQL text is accepted.
    pub raw_sql: bool,
    /// Whether the schema may be changed.
    pub ddl: bool,
}

/// What one entry grants and takes away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableRights {
    /// What may be done with rows.
    pub operations: BTreeSet<TableOperation>,
    /// Columns that may exist for the role.
    pub columns: Columns,
    /// Columns that do not exist for the role, whatever `columns` says.
    pub denied: BTreeSet<String>,
    /// What the role sees in place of columns.
    pub masks: BTreeMap<String, Mask>,
    /// The condition rows must meet to exist for the role, as written.
    pub rows: Option<String>,
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
    /// Takes over what a role was granted, reporting what cannot mean anything.
    pub(crate) fn compile(grants: &DatabaseGrants, path: &str, problems: &mut Problems) -> DatabaseRights {
        report(grants, path, problems);
        let names = grants
            .tables
            .keys()
            .chain(grants.columns.keys())
            .chain(grants.deny_columns.keys())
            .chain(grants.mask_columns.keys())
            .chain(grants.rows.keys());
        DatabaseRights {
            tables: names.map(|name| (name.clone(), TableRights::compile(grants, name))).collect(),
            max_rows: grants.max_rows.unwrap_or(DEFAULT_MAX_ROWS),
            max_affected: grants.max_affected.unwrap_or(DEFAULT_MAX_AFFECTED),
            max_cost: grants.max_cost,
            unconditional_writes: grants.unconditional_writes,
            raw_sql: grants.raw_sql,
            ddl: grants.ddl,
        }
    }
}

impl TableRights {
    fn compile(grants: &DatabaseGrants, name: &str) -> TableRights {
        let verbs = grants.tables.get(name).into_iter().flatten();
        let denied = grants.deny_columns.get(name).into_iter().flatten();
        TableRights {
            operations: verbs.flat_map(|verb| verb.operations().iter().copied()).collect(),
            columns: grants
                .columns
                .get(name)
                .map_or(Columns::All, |columns| Columns::Only(columns.iter().cloned().collect())),
            denied: denied.cloned().collect(),
            masks: grants.mask_columns.get(name).cloned().unwrap_or_default(),
            rows: grants.rows.get(name).cloned(),
        }
    }
}

fn report(grants: &DatabaseGrants, path: &str, problems: &mut Problems) {
    for (field, most, what) in [
        ("max_rows", grants.max_rows, "every answer would be empty"),
        (
            "max_affected",
            grants.max_affected,
            "nothing could be changed; leave the operation out of `tables`",
        ),
        ("max_cost", grants.max_cost, "nothing could run"),
    ] {
        if most == Some(0) {
            problems.add(member(path, field), format!("expected 1 or more: with 0 {what}"));
        }
    }
    let lists = [("columns", &grants.columns), ("deny_columns", &grants.deny_columns)];
    let columns = lists.iter().flat_map(|(field, lists)| lists.keys().map(move |name| (*field, name)));
    let masks = grants.mask_columns.keys().map(|name| ("mask_columns", name));
    let rows = grants.rows.keys().map(|name| ("rows", name));
    let restricted: Vec<(&str, &String)> = columns.chain(masks).chain(rows).collect();
    for (field, name) in grants.tables.keys().map(|name| ("tables", name)).chain(restricted.iter().copied()) {
        let schema =
            name.strip_suffix(".*").or_else(|| name.strip_suffix('*').filter(|rest| rest.is_empty()));
        if name.trim() != name || schema.unwrap_or(name).contains('*') {
            let message =
                format!("`{name}` is no table; expected `table`, `schema.table`, `schema.*` or `*`");
            problems.add(member(&member(path, field), name), message);
        }
    }
    report_columns(&lists, path, problems);
    for (table, masks) in &grants.mask_columns {
        let place = member(&member(path, "mask_columns"), table);
        for column in masks.keys().filter(|column| !is_name(column)) {
            problems.add(member(&place, column), no_column(column));
        }
    }
    for (table, _) in grants.rows.iter().filter(|(_, condition)| condition.trim().is_empty()) {
        problems.add(
            member(&member(path, "rows"), table),
            "expected a condition, such as `region = claims.region`",
        );
    }
    for (field, name) in restricted.into_iter().filter(|(_, name)| !is_granted(grants, name)) {
        let hint = did_you_mean(name, grants.tables.keys().map(String::as_str));
        let message = format!("`tables` grants nothing on table `{name}`{hint}");
        problems.add(member(&member(path, field), name), message);
    }
}

/// A pattern among columns would match none, and what was meant to be denied would be open.
fn report_columns(fields: &[(&str, &BTreeMap<String, Vec<String>>)], path: &str, problems: &mut Problems) {
    for (field, lists) in fields {
        for (table, columns) in *lists {
            let list = member(&member(path, field), table);
            for (place, column) in columns.iter().enumerate().filter(|(_, column)| !is_name(column)) {
                problems.add(format!("{list}[{place}]"), no_column(column));
            }
        }
    }
}

fn no_column(column: &str) -> String {
    format!("`{column}` is no column; expected its whole name, patterns are not read here")
}

fn is_name(column: &str) -> bool {
    !column.is_empty() && column.trim() == column && !column.contains('*')
}

/// Whether any grant may be about the table. Schemas are left aside: which one is the default is not known here.
pub(crate) fn is_granted(grants: &DatabaseGrants, name: &str) -> bool {
    let own = |name: &str| name.rsplit('.').next().unwrap_or(name).to_lowercase();
    let wanted = own(name);
    grants
        .tables
        .keys()
        .map(|granted| own(granted))
        .any(|granted| granted == "*" || wanted == "*" || granted == wanted)
}
