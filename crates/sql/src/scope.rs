//! What one role may see of one catalogue. Whatever is not permitted is not in it, so that unknown and
//! forbidden cannot be told apart by anything built on it.
//!
//! Entries add up. Grants match narrowly: a name without a schema is a table of the default schema.
//! Restrictions match widely: without a schema they hold in every schema, and case is ignored.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::catalogue::{Catalogue, Column, ForeignKey, Kind, Table, Type};
use crate::dialect::Dialect;
use crate::name::{Name, Part};
use crate::rights::{Columns, Mask, Operation, Rights, TableRights};

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
    pub(crate) fn mask(&self, column: &str) -> Option<&Mask> {
        self.masks.get(column)
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

    /// The tables with which anything is permitted.
    pub(crate) fn every_table(&self) -> &[ScopedTable] {
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

/// The catalogue's own names, to tell whether a written one is spelled exactly like one of them.
struct Names<'a> {
    dialect: Dialect,
    home: &'a str,
    relations: BTreeSet<(&'a str, &'a str)>,
}

impl<'a> Names<'a> {
    fn of(catalogue: &'a Catalogue) -> Names<'a> {
        let home = catalogue.home.as_str();
        let relations = catalogue.tables.iter().map(|table| (schema_of(table, home), table.name.as_str()));
        Names { dialect: catalogue.dialect, home, relations: relations.collect() }
    }

    /// Whether the entry of the rights gives something on the table.
    fn grants(&self, entry: &str, schema: &str, table: &str) -> bool {
        match entry.split_once('.') {
            None => entry == "*" || (schema == self.home && self.table(entry, schema, table)),
            Some((first, "*")) => first == schema || self.dialect.folds_to(first, schema),
            Some((first, rest)) => {
                (first == schema || self.dialect.folds_to(first, schema)) && self.table(rest, schema, table)
            }
        }
    }

    fn table(&self, written: &str, schema: &str, table: &str) -> bool {
        let spelled_exactly = || self.relations.contains(&(schema, written));
        written == table || (self.dialect.folds_to(written, table) && !spelled_exactly())
    }
}

fn schema_of<'a>(table: &'a Table, home: &'a str) -> &'a str {
    table.schema.as_deref().unwrap_or(home)
}

fn scoped(table: &Table, rights: &Rights, names: &Names<'_>) -> Option<ScopedTable> {
    let dialect = names.dialect;
    let schema = schema_of(table, names.home);
    if dialect.is_system(schema, &table.name) {
        return None;
    }
    let granting = rights.tables.iter().filter(|(entry, _)| names.grants(entry, schema, &table.name));
    let operations: BTreeSet<Operation> =
        granting.flat_map(|(_, rights)| rights.operations.iter().copied()).collect();
    let all = rights.tables.iter();
    let restricting: Vec<&TableRights> =
        all.filter(|(entry, _)| restricts(entry, schema, &table.name)).map(|(_, rights)| rights).collect();
    let permitted = restricting
        .iter()
        .fold(table.columns.iter().collect(), |columns, rights| permitted(columns, table, rights, dialect));
    let masks = masks(table, &restricting);
    if operations.is_empty() || permitted.is_empty() {
        return None;
    }
    // A dot in the name would read as a schema's.
    let is_plain = schema == names.home && !table.name.contains('.');
    let label = if is_plain { table.name.clone() } else { format!("{schema}.{}", table.name) };
    Some(ScopedTable {
        label,
        schema: schema.to_owned(),
        name: table.name.clone(),
        kind: table.kind,
        operations,
        columns: permitted.into_iter().map(|column| seen(column, &masks)).collect(),
        foreign_keys: table.foreign_keys.clone(),
        comment: table.comment.clone(),
        masks,
        rows: restricting.iter().flat_map(|rights| rights.rows.iter().cloned()).collect(),
        every: table.columns.clone(),
    })
}

/// The masks of the table's columns; of several, the strictest.
fn masks(table: &Table, restricting: &[&TableRights]) -> BTreeMap<String, Mask> {
    let mask = |column: &Column| {
        let all = restricting.iter().flat_map(|rights| &rights.masks);
        let own = all.filter(|(name, _)| same(name, &column.name)).map(|(_, mask)| mask);
        own.max_by_key(|mask| mask.strictness()).map(|mask| (column.name.clone(), mask.clone()))
    };
    table.columns.iter().filter_map(mask).collect()
}

/// The column as the role sees it.
fn seen(column: &Column, masks: &BTreeMap<String, Mask>) -> Column {
    match masks.get(&column.name) {
        None => column.clone(),
        Some(mask) => Column {
            type_name: "text".to_owned(),
            ty: Type::Text,
            nullable: column.nullable || *mask == Mask::Null,
            ..column.clone()
        },
    }
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

/// The columns that the entry leaves of those given.
fn permitted<'a>(
    columns: Vec<&'a Column>,
    table: &Table,
    rights: &TableRights,
    dialect: Dialect,
) -> Vec<&'a Column> {
    let spelled_exactly = |written: &str| table.columns.iter().any(|column| column.name == written);
    let lists = |written: &str, stored: &str| {
        written == stored || (dialect.folds_to(written, stored) && !spelled_exactly(written))
    };
    let is_listed = |column: &Column| match &rights.columns {
        Columns::All => true,
        Columns::Only(names) => names.iter().any(|name| lists(name, &column.name)),
    };
    let is_denied = |column: &Column| rights.denied.iter().any(|name| same(name, &column.name));
    columns.into_iter().filter(|column| is_listed(column) && !is_denied(column)).collect()
}

fn same(written: &str, stored: &str) -> bool {
    written.to_lowercase() == stored.to_lowercase()
}

/// The relations of which the role may see both ends.
fn shown_keys(table: &ScopedTable, tables: &[ScopedTable], names: &Names<'_>) -> Vec<ForeignKey> {
    let dialect = names.dialect;
    let shows = |table: &ScopedTable, names: &[String]| {
        names.iter().all(|name| table.columns.iter().any(|column| dialect.quoted_is(name, &column.name)))
    };
    let is_shown = |key: &&ForeignKey| {
        let schema = key.schema.as_deref().unwrap_or(names.home);
        let is_target =
            |other: &&ScopedTable| other.schema == schema && dialect.quoted_is(&key.table, &other.name);
        let target = tables.iter().find(is_target);
        shows(table, &key.columns) && target.is_some_and(|target| shows(target, &key.references))
    };
    table.foreign_keys.iter().filter(is_shown).cloned().collect()
}

#[cfg(test)]
mod tests;
