//! What one role may see of one catalogue. Whatever is not permitted is not in it, so that unknown and
//! forbidden cannot be told apart by anything built on it.
//!
//! Entries add up. Grants match narrowly: a name without a schema is a table of the default schema.
//! Restrictions match widely: without a schema they hold in every schema, and case is ignored.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::catalogue::{Catalogue, Column, ForeignKey, Kind};
use crate::dialect::Dialect;
use crate::name::{Name, Part};
use crate::rights::{Mask, Operation, Rights};

use permitted::{Names, scoped, shown_keys};

mod permitted;
#[cfg(test)]
mod tests;

/// The permitted part of a catalogue.
#[derive(Clone, Debug)]
pub struct Scope {
    dialect: Dialect,
    home: String,
    max_rows: u64,
    max_affected: u64,
    raw_sql: bool,
    ddl: bool,
    unconditional_writes: bool,
    mask_key: String,
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
    /// The permitted columns in the database's order. A masked one is text, whatever it masks.
    pub columns: Vec<Column>,
    /// The relations of which both ends are permitted.
    pub foreign_keys: Vec<ForeignKey>,
    /// What the database says the table is for.
    pub comment: Option<String>,
    /// What stands in place of the columns named here.
    #[serde(skip)]
    pub(crate) masks: BTreeMap<String, Mask>,
    /// The conditions that a row must meet to exist, all of them.
    #[serde(skip)]
    pub(crate) rows: Vec<String>,
    /// Every column as it is, for the conditions on rows: they may speak of columns that the role cannot see.
    #[serde(skip)]
    pub(crate) every: Vec<Column>,
}

impl ScopedTable {
    /// What the role sees instead of the column, if not the column itself.
    pub fn mask(&self, column: &str) -> Option<&Mask> {
        self.masks.get(column)
    }

    /// The conditions that a row must meet to exist for the role, all of them, as written.
    pub fn row_rules(&self) -> &[String] {
        &self.rows
    }

    /// Whether the role may do this with the table.
    pub(crate) fn permits(&self, operation: Operation) -> bool {
        self.operations.contains(&operation)
    }
}

impl Scope {
    /// Cuts the catalogue down to what the rights permit.
    pub fn new(catalogue: &Catalogue, rights: &Rights) -> Scope {
        let dialect = catalogue.dialect;
        let names = Names::of(catalogue);
        let scoped = catalogue.tables.iter().filter_map(|table| scoped(table, rights, &names));
        let mut tables: Vec<ScopedTable> = scoped.collect();
        let keys: Vec<Vec<ForeignKey>> =
            tables.iter().map(|table| shown_keys(table, &tables, &names)).collect();
        for (table, keys) in tables.iter_mut().zip(keys) {
            table.foreign_keys = keys;
        }
        Scope {
            dialect,
            home: catalogue.home.clone(),
            max_rows: rights.max_rows,
            max_affected: rights.max_affected,
            raw_sql: rights.raw_sql,
            ddl: rights.ddl,
            unconditional_writes: rights.unconditional_writes,
            mask_key: rights.mask_key.clone(),
            tables,
        }
    }

    /// The engine the catalogue came from.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// The schema of tables whose schema is not named.
    pub fn home(&self) -> &str {
        &self.home
    }

    /// The most rows one answer may hold.
    pub fn max_rows(&self) -> u64 {
        self.max_rows
    }

    /// The most rows one statement may change.
    pub fn max_affected(&self) -> u64 {
        self.max_affected
    }

    /// Whether SQL text is taken.
    pub fn takes_sql(&self) -> bool {
        self.raw_sql
    }

    /// Whether the schema may be changed.
    pub fn takes_ddl(&self) -> bool {
        self.ddl
    }

    /// Whether an UPDATE or DELETE may do without a condition.
    pub(crate) fn takes_unconditional_writes(&self) -> bool {
        self.unconditional_writes
    }

    /// What hashed columns are hashed with.
    pub(crate) fn mask_key(&self) -> &str {
        &self.mask_key
    }

    /// The schema that a written name means, among those the role sees tables of.
    pub(crate) fn schema(&self, written: &Part) -> Option<&str> {
        let shown = self.tables.iter().map(|table| &table.schema).chain([&self.home]);
        written.find(shown, self.dialect, |schema| Some(schema.as_str())).map(String::as_str)
    }

    /// Every table, whatever may be done with it.
    pub fn all(&self) -> &[ScopedTable] {
        &self.tables
    }

    /// The tables with which the operation is permitted.
    pub fn tables(&self, operation: Operation) -> impl Iterator<Item = &ScopedTable> {
        self.tables.iter().filter(move |table| table.operations.contains(&operation))
    }

    /// The table a caller means by `name`: `orders`, `sales.orders`, `"Odd name"`.
    pub fn table(&self, name: &str) -> Option<&ScopedTable> {
        let exact = self.tables.iter().find(|table| table.label == name);
        exact.or_else(|| self.resolve(Name::parse(name).ok()?.parts(), |_| true))
    }

    /// The table a name means among those with which the operation is permitted.
    pub(crate) fn find(&self, name: &[Part], operation: Operation) -> Option<&ScopedTable> {
        self.resolve(name, |table| table.permits(operation))
    }

    /// The table a name means, whatever is permitted with it.
    pub(crate) fn named(&self, name: &[Part]) -> Option<&ScopedTable> {
        self.resolve(name, |_| true)
    }

    fn resolve(&self, name: &[Part], is_there: impl Fn(&ScopedTable) -> bool) -> Option<&ScopedTable> {
        let [table] = name else {
            let [schema, table] = name else { return None };
            return table.find(self.tables.iter(), self.dialect, |candidate| {
                let is_meant = schema.is(&candidate.schema, self.dialect) && is_there(candidate);
                is_meant.then_some(candidate.name.as_str())
            });
        };
        table.find(self.tables.iter(), self.dialect, |candidate| {
            (candidate.schema == self.home && is_there(candidate)).then_some(candidate.name.as_str())
        })
    }
}
