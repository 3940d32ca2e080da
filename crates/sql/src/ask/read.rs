//! Rows of one table, and the pages they come in.

use crate::bind::{Bound, part};
use crate::catalogue::Column;
use crate::cursor::HIDDEN;
use crate::filter::Subject;
use crate::ir::{Body, Direction, Distinct, Expr, Output, Query as Rows, RowSet, Select};
use crate::name::Name;
use crate::refusal::{Place, Refusal};
use crate::request::Query;
use crate::rights::Operation;
use crate::scope::Scope;

use super::cursor::{Position, position};
use super::field::{self, Field};
use super::{Asked, filter, group, ordered, page, relation, shortened, terms};

/// A column of the answer, and the name it has there.
struct Shown<'a> {
    column: &'a Column,
    name: String,
}

/// A column that decides the order.
#[derive(Clone, Copy)]
pub(super) struct Key<'a> {
    pub(super) column: &'a Column,
    pub(super) direction: Direction,
}

/// The query as a statement.
pub(super) fn query(query: &Query, scope: &Scope) -> Result<Asked, Refusal> {
    let table = scope
        .table(&query.table)
        .filter(|table| table.permits(Operation::Read))
        .ok_or_else(|| Refusal::Table { table: shortened(&query.table) })?;
    let bound = Bound::scoped(table, scope.dialect());
    if group::is_grouped(query, &bound) {
        return group::query(query, &bound);
    }
    let shown = fields(query, &bound)?;
    let mut conditions: Vec<Expr> = filter(query.filter.as_deref(), &bound)?.into_iter().collect();
    let keys = order(query, &bound, &shown)?;
    let Position { fingerprint, after } = position(query, &bound, &keys)?;
    conditions.extend(after);
    let mut outputs: Vec<Output> =
        shown.iter().map(|shown| output(&bound, shown.column, &shown.name)).collect();
    let cursor = fingerprint.map(|fingerprint| super::CursorPlan {
        fingerprint,
        columns: keys.iter().map(|key| place_of(key.column, &shown, &mut outputs, &bound)).collect(),
    });
    let select = Select {
        distinct: Distinct::No,
        outputs,
        from: vec![relation(table)],
        filter: joined(conditions),
        group: Vec::new(),
        having: None,
        windows: Vec::new(),
    };
    let order = keys
        .iter()
        .map(|key| ordered(bound.reference(key.column), key.direction, key.column.nullable))
        .collect();
    let rows = Rows { with: None, rows: RowSet::Select(Box::new(select)), order, page: page(query)? };
    Ok(Asked { body: Body::Query(rows), cursor })
}

fn output(bound: &Bound<'_>, column: &Column, name: &str) -> Output {
    Output::Expr { expr: bound.reference(column), name: Some(part(name)) }
}

/// Where in the answer the column is. One that is not there is added, hidden by the first character of its name.
fn place_of(column: &Column, shown: &[Shown<'_>], outputs: &mut Vec<Output>, bound: &Bound<'_>) -> usize {
    shown.iter().position(|shown| shown.column.name == column.name).unwrap_or_else(|| {
        let place = outputs.len();
        outputs.push(output(bound, column, &format!("{HIDDEN}{place}")));
        place
    })
}

fn joined(mut conditions: Vec<Expr>) -> Option<Expr> {
    if conditions.len() < 2 { conditions.pop() } else { Some(Expr::And(conditions)) }
}

fn fields<'a>(query: &Query, bound: &Bound<'a>) -> Result<Vec<Shown<'a>>, Refusal> {
    let all = || bound.columns.iter().map(|column| Shown { column, name: column.name.clone() });
    if query.fields.is_empty() {
        return Ok(all().collect());
    }
    let mut fields: Vec<Shown<'_>> = Vec::new();
    for (index, text) in query.fields.iter().enumerate() {
        let place = Place::Fields(index + 1);
        let named: Vec<Shown<'_>> =
            if text == "*" { all().collect() } else { vec![shown(text, bound, place)?] };
        for field in named {
            if fields.iter().any(|other| other.name == field.name) {
                return Err(Refusal::Repeated { place, column: field.name });
            }
            fields.push(field);
        }
    }
    Ok(fields)
}

fn shown<'a>(text: &str, bound: &Bound<'a>, place: Place) -> Result<Shown<'a>, Refusal> {
    if let Some(column) = field::exactly(text, bound) {
        return Ok(Shown { column, name: column.name.clone() });
    }
    let Field { subject, alias } = field::parse(text, bound, place)?;
    // A query with an aggregate among its fields is a grouped one and does not come here.
    let Subject::Column(name) = subject else { return Err(Refusal::Unverified) };
    let column = bound.column(&name, place)?;
    Ok(Shown { column, name: alias.unwrap_or_else(|| column.name.clone()) })
}

/// The order asked for, and then the primary key: without it, equal rows could change places between pages.
fn order<'a>(query: &Query, bound: &Bound<'a>, shown: &[Shown<'a>]) -> Result<Vec<Key<'a>>, Refusal> {
    let mut keys: Vec<Key<'_>> = Vec::new();
    for term in terms(query)? {
        let place = Place::Order(term.offset);
        let column = match &term.subject {
            Subject::Aggregate(aggregate) => {
                let problem = crate::request::Problem::InOrder(aggregate.written());
                return Err(Refusal::Request { place, problem });
            }
            Subject::Column(name) => match renamed(name, shown) {
                Some(column) => column,
                None => bound.column(name, place)?,
            },
        };
        if keys.iter().any(|key| key.column.name == column.name) {
            return Err(Refusal::Repeated { place, column: column.name.clone() });
        }
        if !column.ty.has_order() {
            return Err(Refusal::Mismatch { place, column: column.name.clone(), ty: column.ty });
        }
        keys.push(Key { column, direction: term.direction });
    }
    for column in bound.columns.iter().filter(|column| column.primary_key && column.ty.has_order()) {
        if !keys.iter().any(|key| key.column.name == column.name) {
            keys.push(Key { column, direction: Direction::Ascending });
        }
    }
    Ok(keys)
}

/// The column that has this name in the answer and another one in its table.
fn renamed<'a>(name: &Name, shown: &[Shown<'a>]) -> Option<&'a Column> {
    let [only] = name.parts() else { return None };
    let field = shown.iter().find(|field| field.name == only.text && field.column.name != field.name)?;
    Some(field.column)
}
