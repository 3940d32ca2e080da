//! What the entries of the rights leave of one table: operations, columns, masks, conditions on rows, relations.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalogue::{Catalogue, Column, ForeignKey, Table, Type};
use crate::dialect::Dialect;
use crate::rights::{Columns, Mask, Operation, Rights, TableRights};

use super::ScopedTable;

/// The catalogue's own names, to tell whether a written one is spelled exactly like one of them.
pub(super) struct Names<'a> {
    dialect: Dialect,
    home: &'a str,
    relations: BTreeSet<(&'a str, &'a str)>,
}

impl<'a> Names<'a> {
    pub(super) fn of(catalogue: &'a Catalogue) -> Names<'a> {
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

pub(super) fn scoped(table: &Table, rights: &Rights, names: &Names<'_>) -> Option<ScopedTable> {
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
pub(super) fn shown_keys(table: &ScopedTable, tables: &[ScopedTable], names: &Names<'_>) -> Vec<ForeignKey> {
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
