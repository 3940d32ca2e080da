//! A structured request into the IR, its names those of the scope. Resolution then treats it like any other statement.
//!
//! Only the scope is consulted: a table or column that is not in it cannot be named, sorted by or asked about,
//! whether it exists or not.

mod aggregate;
mod cursor;
mod field;
mod group;
mod json;
mod read;
mod write;

use crate::bind::{Binder, Bound, Names, part};
use crate::cursor::CursorPlan;
use crate::dialect::Dialect;
use crate::filter::parse_filter;
use crate::ir::{Alias, At, Body, Direction, Expr, Nulls, Order, Page, Relation};
use crate::lexer::SyntaxError;
use crate::order::{Term, parse_order};
use crate::refusal::{Place, Refusal};
use crate::request::{Query, Request};
use crate::scope::{Scope, ScopedTable};

/// A statement over the tables of the scope, and what the cursor of its next page is made of.
#[derive(Debug)]
pub(crate) struct Asked {
    /// The limit of a query in it is the caller's; resolution brings in the role's.
    pub(crate) body: Body,
    pub(crate) cursor: Option<CursorPlan>,
}

/// The request as a statement.
pub(crate) fn body(request: &Request, scope: &Scope) -> Result<Asked, Refusal> {
    let written = |body| Asked { body, cursor: None };
    match request {
        Request::Delete(delete) => write::delete(delete, scope).map(|delete| written(Body::Delete(delete))),
        Request::Insert(insert) => write::insert(insert, scope).map(|insert| written(Body::Insert(insert))),
        Request::Query(query) => read::query(query, scope),
        Request::Update(update) => write::update(update, scope).map(|update| written(Body::Update(update))),
        // SQL text is lowered, not asked.
        Request::Sql(_) => Err(Refusal::Unverified),
    }
}

fn table<'a>(name: &str, scope: &'a Scope) -> Result<&'a ScopedTable, Refusal> {
    scope.table(name).ok_or_else(|| Refusal::Table { table: shortened(name) })
}

/// The table as where rows come from, under its own name.
fn relation(table: &ScopedTable) -> Relation {
    let alias = Alias { name: part(&table.name), columns: Vec::new() };
    Relation::Table {
        name: vec![part(&table.schema), part(&table.name)],
        alias: Some(alias),
        at: At::default(),
    }
}

/// A condition as an expression, if there is one.
fn condition(
    text: Option<&str>,
    names: &dyn Names,
    dialect: Dialect,
    place: fn(usize) -> Place,
) -> Result<Option<Expr>, Refusal> {
    let Some(text) = text.filter(|text| !text.trim().is_empty()) else { return Ok(None) };
    let syntax = |error: SyntaxError| Refusal::Syntax { place: place(error.offset), error };
    let filter = parse_filter(text).map_err(syntax)?;
    Binder { names, dialect, claims: None, place }.filter(&filter).map(Some)
}

/// The condition on the rows of the table.
fn filter(text: Option<&str>, bound: &Bound<'_>) -> Result<Option<Expr>, Refusal> {
    condition(text, bound, bound.dialect, Place::Filter)
}

/// The terms of the order asked for.
fn terms(query: &Query) -> Result<Vec<Term>, Refusal> {
    let Some(text) = query.order.as_deref().filter(|text| !text.trim().is_empty()) else {
        return Ok(Vec::new());
    };
    parse_order(text).map_err(|error| Refusal::Syntax { place: Place::Order(error.offset), error })
}

/// NULLs count as the largest value, on every engine.
fn ordered(expr: Expr, direction: Direction, nullable: bool) -> Order {
    let nulls = nullable.then_some(match direction {
        Direction::Ascending => Nulls::Last,
        Direction::Descending => Nulls::First,
    });
    Order { expr, direction, nulls }
}

fn page(query: &Query) -> Result<Page, Refusal> {
    let offset = query.offset.filter(|offset| *offset > 0);
    if offset.is_some_and(|offset| i64::try_from(offset).is_err()) {
        return Err(Refusal::Offset);
    }
    Ok(Page { limit: query.limit, offset, fenced: false })
}

/// What a refusal repeats of a name: enough to know it by.
fn shortened(name: &str) -> String {
    name.chars().take(128).filter(|c| !c.is_control()).collect()
}

#[cfg(test)]
mod tests;
