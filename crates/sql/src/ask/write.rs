//! Rows to add, to change and to remove.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json};

use crate::bind::{Bound, part};
use crate::catalogue::Column;
use crate::dialect::Dialect;
use crate::ir::{
    Assignment, At, Conflict, ConflictAction, Delete as Removal, Expr, Insert as Addition, Output, Source,
    TargetTable, Update as Change,
};
use crate::refusal::{Place, Refusal};
use crate::request::{Delete, Insert, Problem, Update};
use crate::scope::{Scope, ScopedTable};

use super::{field, filter, json, table};

/// The name by which the row that could not be added is known.
const EXCLUDED: &str = "excluded";

/// Rows to add as a statement.
pub(super) fn insert(insert: &Insert, scope: &Scope) -> Result<Addition, Refusal> {
    let table = table(&insert.table, scope)?;
    let bound = Bound::scoped(table, scope.dialect());
    let rows: Vec<Row> = insert
        .rows
        .iter()
        .enumerate()
        .map(|(index, row)| values(row, &bound, Place::Rows(index + 1)))
        .collect::<Result<_, _>>()?;
    let named: BTreeSet<usize> = rows.iter().flat_map(|row| row.keys().copied()).collect();
    if named.is_empty() {
        return Err(Refusal::Request { place: Place::Rows(1), problem: Problem::Empty });
    }
    let most = most_values(scope.dialect());
    if named.len() * rows.len() > most {
        return Err(Refusal::Request { place: Place::Rows(1), problem: Problem::TooMany(most) });
    }
    // SQLite has no word for a default, and a conflict would put defaults in the place of what is there.
    if scope.dialect() == Dialect::Sqlite || !insert.on_conflict.is_empty() {
        let ragged = |row: &Row| named.iter().any(|column| !row.contains_key(column));
        if let Some(index) = rows.iter().position(ragged) {
            return Err(Refusal::Request { place: Place::Rows(index + 1), problem: Problem::Ragged });
        }
    }
    let rows = rows.into_iter().map(|mut row| named.iter().map(|column| row.remove(column)).collect());
    let source = Source::Values(rows.collect());
    let is_named = |(index, _): &(usize, &Column)| named.contains(index);
    let columns: Vec<&Column> =
        table.columns.iter().enumerate().filter(is_named).map(|(_, column)| column).collect();
    Ok(Addition {
        table: target(table),
        conflict: conflict(insert, &columns, &bound)?,
        columns: columns.iter().map(|column| (part(&column.name), At::default())).collect(),
        source,
        returning: returning(&insert.returning, &bound)?,
    })
}

/// Rows to change as a statement.
pub(super) fn update(update: &Update, scope: &Scope) -> Result<Change, Refusal> {
    let table = table(&update.table, scope)?;
    let bound = Bound::scoped(table, scope.dialect());
    let mut row = values(&update.set, &bound, Place::Set)?;
    if row.is_empty() {
        return Err(Refusal::Request { place: Place::Set, problem: Problem::Empty });
    }
    let assigned = |(index, column): (usize, &Column)| {
        let value = row.remove(&index)?;
        Some(Assignment { column: part(&column.name), value: Some(value), at: At::default() })
    };
    Ok(Change {
        with: None,
        table: target(table),
        assignments: table.columns.iter().enumerate().filter_map(assigned).collect(),
        filter: filter(update.filter.as_deref(), &bound)?,
        returning: returning(&update.returning, &bound)?,
    })
}

/// Rows to remove as a statement.
pub(super) fn delete(delete: &Delete, scope: &Scope) -> Result<Removal, Refusal> {
    let table = table(&delete.table, scope)?;
    let bound = Bound::scoped(table, scope.dialect());
    Ok(Removal {
        with: None,
        table: target(table),
        filter: filter(delete.filter.as_deref(), &bound)?,
        returning: returning(&delete.returning, &bound)?,
    })
}

/// The values of a row by the places of their columns in the table.
type Row = BTreeMap<usize, Expr>;

fn values(row: &Map<String, Json>, bound: &Bound<'_>, place: Place) -> Result<Row, Refusal> {
    let mut values = Row::new();
    for (name, value) in row {
        let column = field::column(name, bound, place)?;
        let unfit = || Problem::Stored { column: column.name.clone(), ty: column.ty };
        let value = json::expression(value, column, bound.dialect)
            .ok_or_else(|| Refusal::Request { place, problem: unfit() })?;
        let index = bound.columns.iter().position(|other| other.name == column.name);
        if values.insert(index.unwrap_or_default(), value).is_some() {
            return Err(Refusal::Repeated { place, column: column.name.clone() });
        }
    }
    Ok(values)
}

/// How many values the engine takes in one statement, with some to spare.
fn most_values(dialect: Dialect) -> usize {
    match dialect {
        Dialect::SqlServer => 2_000,
        Dialect::MySql | Dialect::Postgres | Dialect::Sqlite => 10_000,
    }
}

/// What is there already gets the values of the new row.
fn conflict(insert: &Insert, columns: &[&Column], bound: &Bound<'_>) -> Result<Option<Conflict>, Refusal> {
    let mut unique: Vec<&Column> = Vec::new();
    for (index, text) in insert.on_conflict.iter().enumerate() {
        let place = Place::Conflict(index + 1);
        let column = field::column(text, bound, place)?;
        if unique.iter().any(|other| other.name == column.name) {
            return Err(Refusal::Repeated { place, column: column.name.clone() });
        }
        unique.push(column);
    }
    if unique.is_empty() {
        return Ok(None);
    }
    let is_other = |column: &&&Column| !unique.iter().any(|other| other.name == column.name);
    let assigned = |column: &&Column| {
        let new = Expr::Column { name: vec![part(EXCLUDED), part(&column.name)], at: At::default() };
        Assignment { column: part(&column.name), value: Some(new), at: At::default() }
    };
    let assignments: Vec<Assignment> = columns.iter().filter(is_other).map(assigned).collect();
    let action = match assignments.is_empty() {
        true => ConflictAction::Nothing,
        false => ConflictAction::Update { assignments, filter: None },
    };
    // MySQL takes any unique key for the one.
    let named = if bound.dialect == Dialect::MySql { Vec::new() } else { unique };
    let columns = named.iter().map(|column| (part(&column.name), At::default())).collect();
    Ok(Some(Conflict { columns, action }))
}

fn returning(fields: &[String], bound: &Bound<'_>) -> Result<Vec<Output>, Refusal> {
    if bound.dialect == Dialect::MySql && !fields.is_empty() {
        return Err(Refusal::Request { place: Place::Returning(1), problem: Problem::NoReturning });
    }
    let mut columns: Vec<&Column> = Vec::new();
    for (index, text) in fields.iter().enumerate() {
        let place = Place::Returning(index + 1);
        let named: Vec<&Column> = match text.as_str() {
            "*" => bound.columns.iter().collect(),
            _ => vec![field::column(text, bound, place)?],
        };
        for column in named {
            if columns.iter().any(|other| other.name == column.name) {
                return Err(Refusal::Repeated { place, column: column.name.clone() });
            }
            columns.push(column);
        }
    }
    let output =
        |column: &Column| Output::Expr { expr: bound.reference(column), name: Some(part(&column.name)) };
    Ok(columns.into_iter().map(output).collect())
}

fn target(table: &ScopedTable) -> TargetTable {
    TargetTable { name: vec![part(&table.schema), part(&table.name)], alias: None, at: At::default() }
}
