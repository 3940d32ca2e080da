//! A structured query, and how it becomes a statement within a scope.
//!
//! Only the scope is consulted: a table or column that is not in it cannot be named, sorted by or asked about,
//! whether it exists or not.

use std::collections::BTreeSet;

use crate::bind::Bound;
use crate::catalogue::Column;
use crate::check::{OutputColumn, Statement};
use crate::filter::parse_filter;
use crate::ir::{Base, Body, Direction, Expr, Nulls, Order, Output, Relation, Select};
use crate::lexer::SyntaxError;
use crate::name::Name;
use crate::order::parse_order;
use crate::refusal::{Place, Refusal};
use crate::request::Query;
use crate::rights::Operation;
use crate::scope::Scope;

/// Resolves the query within the scope.
pub(crate) fn plan(query: &Query, scope: &Scope) -> Result<Statement, Refusal> {
    let table = scope
        .table(&query.table)
        .filter(|table| table.operations.contains(&Operation::Read))
        .ok_or_else(|| Refusal::Table { table: shortened(&query.table) })?;
    let bound = Bound { table, dialect: scope.dialect() };
    let fields = fields(query, &bound)?;
    let filter = filter(query, &bound)?;
    let order = order(query, &bound)?;
    let offset = query.offset.unwrap_or(0);
    if i64::try_from(offset).is_err() {
        return Err(Refusal::Offset);
    }
    let outputs: Vec<Output> = fields
        .iter()
        .map(|column| Output { expr: bound.reference(column), name: column.name.clone() })
        .collect();
    let mut used = BTreeSet::new();
    let everything =
        outputs.iter().map(|output| &output.expr).chain(&filter).chain(order.iter().map(|o| &o.expr));
    everything.for_each(|expr| mark(expr, &mut used));
    let columns = table
        .columns
        .iter()
        .map(|column| column.name.clone())
        .filter(|name| used.contains(name.as_str()))
        .collect();
    let from = Relation::Base(Base {
        schema: table.schema.clone(),
        table: table.name.clone(),
        columns,
        alias: table.name.clone(),
    });
    // One row more than the limit is asked for, so the limit itself must leave room for it.
    let most = scope.max_rows().min(i64::MAX.unsigned_abs() - 1);
    let limit = query.limit.unwrap_or(most).min(most);
    let columns = fields
        .iter()
        .map(|column| OutputColumn { name: column.name.clone(), ty: column.ty, hidden: false })
        .collect();
    let body = Body::Select(Select { outputs, from, filter, order, limit, offset });
    Ok(Statement { body, columns, tables: vec![table.label.clone()] })
}

fn fields<'a>(query: &Query, bound: &Bound<'a>) -> Result<Vec<&'a Column>, Refusal> {
    let all: &'a [Column] = &bound.table.columns;
    if query.fields.is_empty() {
        return Ok(all.iter().collect());
    }
    let mut fields: Vec<&Column> = Vec::new();
    for (index, text) in query.fields.iter().enumerate() {
        let place = Place::Fields(index + 1);
        let named: Vec<&Column> = match text.as_str() {
            "*" => all.iter().collect(),
            _ => vec![field(text, bound, place)?],
        };
        for column in named {
            if fields.iter().any(|other| other.name == column.name) {
                return Err(Refusal::Repeated { place, column: column.name.clone() });
            }
            fields.push(column);
        }
    }
    Ok(fields)
}

/// A field is a value of its own, so a column's exact name needs no quotes even when it holds spaces or dots.
fn field<'a>(text: &str, bound: &Bound<'a>, place: Place) -> Result<&'a Column, Refusal> {
    if let Some(column) = bound.table.columns.iter().find(|column| column.name == text) {
        return Ok(column);
    }
    let unknown =
        |_: SyntaxError| Refusal::Column { place, column: shortened(text), table: bound.table.label.clone() };
    bound.column(&Name::parse(text).map_err(unknown)?, place)
}

fn filter(query: &Query, bound: &Bound<'_>) -> Result<Option<Expr>, Refusal> {
    let Some(text) = query.filter.as_deref().filter(|text| !text.trim().is_empty()) else { return Ok(None) };
    let syntax = |error: SyntaxError| Refusal::Syntax { place: Place::Filter(error.offset), error };
    bound.filter(&parse_filter(text).map_err(syntax)?).map(Some)
}

/// The order asked for, and then the primary key: without it, equal rows could change places between pages.
fn order(query: &Query, bound: &Bound<'_>) -> Result<Vec<Order>, Refusal> {
    let mut named: Vec<(&Column, Direction)> = Vec::new();
    if let Some(text) = query.order.as_deref().filter(|text| !text.trim().is_empty()) {
        let syntax = |error: SyntaxError| Refusal::Syntax { place: Place::Order(error.offset), error };
        for term in parse_order(text).map_err(syntax)? {
            let place = Place::Order(term.offset);
            let column = bound.column(&term.name, place)?;
            if named.iter().any(|(other, _)| other.name == column.name) {
                return Err(Refusal::Repeated { place, column: column.name.clone() });
            }
            if !column.ty.has_order() {
                return Err(Refusal::Mismatch { place, column: column.name.clone(), ty: column.ty });
            }
            named.push((column, term.direction));
        }
    }
    for column in bound.table.columns.iter().filter(|column| column.primary_key && column.ty.has_order()) {
        if !named.iter().any(|(other, _)| other.name == column.name) {
            named.push((column, Direction::Ascending));
        }
    }
    Ok(named
        .into_iter()
        .map(|(column, direction)| term(bound.reference(column), column, direction))
        .collect())
}

/// NULLs count as the largest value, on every engine.
fn term(expr: Expr, column: &Column, direction: Direction) -> Order {
    let nulls = column.nullable.then_some(match direction {
        Direction::Ascending => Nulls::Last,
        Direction::Descending => Nulls::First,
    });
    Order { expr, direction, nulls }
}

/// Gathers the columns an expression names.
fn mark<'a>(expr: &'a Expr, used: &mut BTreeSet<&'a str>) {
    match expr {
        Expr::And(all) | Expr::Or(all) => all.iter().for_each(|one| mark(one, used)),
        Expr::AsText(inner) | Expr::Not(inner) => mark(inner, used),
        Expr::Between { operand, .. }
        | Expr::In { operand, .. }
        | Expr::Like { operand, .. }
        | Expr::Null { operand, .. }
        | Expr::Compare { left: operand, .. } => mark(operand, used),
        Expr::Column { name, .. } => {
            used.insert(name);
        }
        Expr::Literal(_) => {}
    }
}

/// What a refusal repeats of a name: enough to know it by.
fn shortened(name: &str) -> String {
    name.chars().take(128).filter(|c| !c.is_control()).collect()
}
