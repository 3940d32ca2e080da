//! What one role may see of one catalogue. Whatever is not permitted is not in it, so that unknown and
//! forbidden cannot be told apart by anything built on it.
//!
//! Entries add up. Grants match narrowly: a name without a schema is a table of the default schema.
//! Restrictions match widely: without a schema they hold in every schema, and case is ignored.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::catalogue::{Catalogue, Column, ForeignKey, Kind, Table};
use crate::dialect::Dialect;
use crate::name::Name;
use crate::rights::{Columns, Operation, Rights, TableRights};

/// The permitted part of a catalogue.
#[derive(Clone, Debug)]
pub struct Scope {
    dialect: Dialect,
    max_rows: u64,
    tables: Vec<ScopedTable>,
}

/// A table with the permitted columns only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ScopedTable {
    /// How callers name it: `orders`, or `sales.orders` outside the default schema.
    pub label: String,
    /// The schema, always known here.
    pub schema: String,
    /// The name as the database spells it.
    pub name: String,
    /// Table or view.
    pub kind: Kind,
    /// What the role may do with it.
    pub operations: BTreeSet<Operation>,
    /// The permitted columns in the database's order.
    pub columns: Vec<Column>,
    /// The relations of which both ends are permitted.
    pub foreign_keys: Vec<ForeignKey>,
    /// What the database says the table is for.
    pub comment: Option<String>,
}

impl Scope {
    /// Cuts the catalogue down to what the rights permit.
    pub fn new(catalogue: &Catalogue, rights: &Rights) -> Scope {
        let dialect = catalogue.dialect;
        let mut tables: Vec<ScopedTable> =
            catalogue.tables.iter().filter_map(|table| scoped(table, rights, dialect)).collect();
        let shown: Vec<ScopedTable> = tables.clone();
        for table in &mut tables {
            let own: Vec<String> = table.columns.iter().map(|column| column.name.clone()).collect();
            table.foreign_keys.retain(|key| {
                key.columns.iter().all(|column| own.contains(column)) && shows_target(&shown, key, dialect)
            });
        }
        Scope { dialect, max_rows: rights.max_rows, tables }
    }

    /// The engine the catalogue came from.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// The most rows one answer may hold.
    pub fn max_rows(&self) -> u64 {
        self.max_rows
    }

    /// The tables with which the operation is permitted.
    pub fn tables(&self, operation: Operation) -> impl Iterator<Item = &ScopedTable> {
        self.tables.iter().filter(move |table| table.operations.contains(&operation))
    }

    /// The table a caller means by `name`: `orders`, `sales.orders`, `"Odd name"`.
    pub fn table(&self, name: &str) -> Option<&ScopedTable> {
        let exact = self.tables.iter().find(|table| table.label == name);
        exact.or_else(|| self.resolve(&Name::parse(name).ok()?))
    }

    fn resolve(&self, name: &Name) -> Option<&ScopedTable> {
        let [table] = name.parts() else {
            let [schema, table] = name.parts() else { return None };
            return table.find(self.tables.iter(), self.dialect, |candidate| {
                schema.is(&candidate.schema, self.dialect).then_some(candidate.name.as_str())
            });
        };
        let home = self.dialect.default_schema();
        table.find(self.tables.iter(), self.dialect, |candidate| {
            (candidate.schema == home).then_some(candidate.name.as_str())
        })
    }
}

fn scoped(table: &Table, rights: &Rights, dialect: Dialect) -> Option<ScopedTable> {
    let schema = table.schema.as_deref().unwrap_or(dialect.default_schema());
    if dialect.is_system(schema, &table.name) {
        return None;
    }
    let granting = rights.tables.iter().filter(|(entry, _)| grants(entry, schema, table, dialect));
    let operations: BTreeSet<Operation> =
        granting.flat_map(|(_, rights)| rights.operations.iter().copied()).collect();
    let restricting: Vec<&TableRights> = rights
        .tables
        .iter()
        .filter(|(entry, _)| restricts(entry, schema, &table.name))
        .map(|(_, rights)| rights)
        .collect();
    let columns: Vec<Column> = table
        .columns
        .iter()
        .filter(|column| restricting.iter().all(|rights| permits(rights, &column.name, dialect)))
        .cloned()
        .collect();
    if operations.is_empty() || columns.is_empty() {
        return None;
    }
    let label = match schema == dialect.default_schema() {
        true => table.name.clone(),
        false => format!("{schema}.{}", table.name),
    };
    Some(ScopedTable {
        label,
        schema: schema.to_owned(),
        name: table.name.clone(),
        kind: table.kind,
        operations,
        columns,
        foreign_keys: table.foreign_keys.clone(),
        comment: table.comment.clone(),
    })
}

/// Whether the entry gives something on the table. An exact name without a schema is the default schema's.
fn grants(entry: &str, schema: &str, table: &Table, dialect: Dialect) -> bool {
    let is = |written: &str, stored: &str| written == stored || dialect.folds_to(written, stored);
    if entry == "*" || (schema == dialect.default_schema() && is(entry, &table.name)) {
        return true;
    }
    entry
        .split_once('.')
        .is_some_and(|(first, rest)| is(first, schema) && (rest == "*" || is(rest, &table.name)))
}

/// Whether the entry's column rules hold for the table.
fn restricts(entry: &str, schema: &str, table: &str) -> bool {
    if entry == "*" || same(entry, table) {
        return true;
    }
    entry
        .split_once('.')
        .is_some_and(|(first, rest)| same(first, schema) && (rest == "*" || same(rest, table)))
}

fn permits(rights: &TableRights, column: &str, dialect: Dialect) -> bool {
    let listed = match &rights.columns {
        Columns::All => true,
        Columns::Only(names) => names.iter().any(|name| name == column || dialect.folds_to(name, column)),
    };
    listed && !rights.denied.iter().any(|name| same(name, column))
}

fn same(written: &str, stored: &str) -> bool {
    written.to_lowercase() == stored.to_lowercase()
}

fn shows_target(tables: &[ScopedTable], key: &ForeignKey, dialect: Dialect) -> bool {
    let schema = key.schema.as_deref().unwrap_or(dialect.default_schema());
    let target =
        tables.iter().find(|table| table.schema == schema && dialect.quoted_is(&key.table, &table.name));
    target.is_some_and(|table| {
        key.references
            .iter()
            .all(|name| table.columns.iter().any(|column| dialect.quoted_is(name, &column.name)))
    })
}
