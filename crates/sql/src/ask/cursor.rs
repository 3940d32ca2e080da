//! Where a page begins: after the row in which the page before ended, in the order of the query.
//!
//! A cursor holds the values of the order's columns in that row. Whatever is in it, it only adds a condition to those of the
//! query and of the role, so a forged one changes where the page begins and nothing else.

use crate::bind::{Bound, never};
use crate::catalogue::{Column, Type};
use crate::cursor;
use crate::dialect::Dialect;
use crate::filter::{Comparison, Literal};
use crate::ir::{Direction, Expr, IsTest};
use crate::lexer::{self, Placed, Token};
use crate::refusal::{Place, Refusal};
use crate::request::{Problem, Query};
use crate::value::{self, Value};

use super::read::Key;

/// How many columns an order may have for cursors to be made of them.
const MOST_KEYS: usize = 16;

/// Where a query stands among its pages.
pub(super) struct Position {
    /// Of a query that has cursors.
    pub(super) fingerprint: Option<u64>,
    /// What the rows of this page must meet to be after the page before.
    pub(super) after: Option<Expr>,
}

/// Where the query stands among its pages.
pub(super) fn position(query: &Query, bound: &Bound<'_>, keys: &[Key<'_>]) -> Result<Position, Refusal> {
    let refused = |problem| Refusal::Request { place: Place::Cursor, problem };
    let fingerprint = has_cursors(bound, keys).then(|| fingerprint(query, bound, keys));
    let Some(cursor) = &query.cursor else { return Ok(Position { fingerprint, after: None }) };
    let fingerprint = fingerprint.ok_or_else(|| refused(Problem::CursorUnknown))?;
    if query.offset.is_some_and(|offset| offset > 0) {
        return Err(refused(Problem::CursorOffset));
    }
    let foreign = || refused(Problem::CursorForeign);
    let cells = cursor::decode(fingerprint, cursor).ok_or_else(foreign)?;
    if cells.len() != keys.len() {
        return Err(foreign());
    }
    let ends: Option<Vec<End<'_>>> =
        keys.iter().zip(&cells).map(|(key, cell)| End::new(*key, cell, bound)).collect();
    let after = after(&ends.ok_or_else(foreign)?);
    Ok(Position { fingerprint: Some(fingerprint), after: Some(after) })
}

/// Whether the order tells every two rows apart, by values that come back from an answer as they were.
fn has_cursors(bound: &Bound<'_>, keys: &[Key<'_>]) -> bool {
    let is_key = |column: &Column| keys.iter().any(|key| key.column.name == column.name);
    let mut primary = bound.table.every.iter().filter(|column| column.primary_key).peekable();
    primary.peek().is_some()
        && primary.all(|column| is_key(column) && bound.table.mask(&column.name).is_none())
        && keys.len() <= MOST_KEYS
        && keys.iter().all(|key| comes_back(key.column, bound.dialect))
}

/// Whether a value of the column that was read from an answer is the same value to the engine, in the same order.
fn comes_back(column: &Column, dialect: Dialect) -> bool {
    let declared = column.type_name.to_ascii_lowercase();
    let begins = |words: &[&str]| words.iter().any(|word| declared.starts_with(word));
    match (dialect, column.ty) {
        (_, Type::Bytes | Type::Json) => false,
        // Four bytes of floating point have another value as eight.
        (Dialect::Postgres, Type::Real) => !begins(&["real", "float4"]),
        (Dialect::MySql, Type::Real) => !begins(&["float"]),
        (Dialect::SqlServer, Type::Real) => !begins(&["real"]),
        // Sorted by number, compared by name.
        (Dialect::MySql, Type::Text) => !begins(&["enum", "set"]),
        (Dialect::Postgres, Type::Other) => !declared.ends_with("[]"),
        (Dialect::MySql | Dialect::SqlServer, Type::Other) => false,
        _ => true,
    }
}

fn fingerprint(query: &Query, bound: &Bound<'_>, keys: &[Key<'_>]) -> u64 {
    let filter = query.filter.as_deref().map_or("", str::trim);
    let order = keys.iter().flat_map(|key| {
        let direction = if key.direction == Direction::Ascending { "asc" } else { "desc" };
        [key.column.name.as_str(), direction]
    });
    cursor::fingerprint([bound.table.label.as_str(), filter].into_iter().chain(order))
}

/// The value with which the page before ended, in one column of the order.
struct End<'a> {
    key: Key<'a>,
    column: Expr,
    dialect: Dialect,
    /// Nothing is NULL.
    value: Option<Value>,
}

impl<'a> End<'a> {
    fn new(key: Key<'a>, cell: &str, bound: &Bound<'_>) -> Option<End<'a>> {
        let value = match cell {
            "null" => None,
            _ => Some(value_of(&literal(cell)?, key.column.ty, bound.dialect)?),
        };
        Some(End { key, column: bound.reference(key.column), dialect: bound.dialect, value })
    }

    fn compared(&self, operator: Comparison, value: &Value) -> Expr {
        let right = Box::new(value::expression(value.clone(), self.dialect));
        Expr::Compare { operator, left: Box::new(self.column.clone()), right }
    }

    fn null(&self, negated: bool) -> Expr {
        Expr::Is { negated, operand: Box::new(self.column.clone()), test: IsTest::Null }
    }

    fn equal(&self) -> Expr {
        match &self.value {
            Some(value) => self.compared(Comparison::Equal, value),
            None => self.null(false),
        }
    }

    /// That the column is beyond the value, if anything can be: NULLs are the largest.
    fn beyond(&self) -> Option<Expr> {
        match (self.key.direction, &self.value) {
            (Direction::Ascending, None) => None,
            (Direction::Ascending, Some(value)) => {
                let greater = self.compared(Comparison::Greater, value);
                Some(if self.key.column.nullable {
                    Expr::Or(vec![greater, self.null(false)])
                } else {
                    greater
                })
            }
            (Direction::Descending, None) => Some(self.null(true)),
            (Direction::Descending, Some(value)) => Some(self.compared(Comparison::Less, value)),
        }
    }

    /// What holds of every row that is not before, in a form that an index on the column serves.
    fn bound(&self) -> Option<Expr> {
        let value = self.value.as_ref()?;
        match self.key.direction {
            Direction::Ascending if self.key.column.nullable => None,
            Direction::Ascending => Some(self.compared(Comparison::GreaterOrEqual, value)),
            Direction::Descending => Some(self.compared(Comparison::LessOrEqual, value)),
        }
    }
}

/// `(a > x) OR (a = x AND b > y)`
fn after(ends: &[End<'_>]) -> Expr {
    let mut equal: Vec<Expr> = Vec::new();
    let mut ways: Vec<Expr> = Vec::new();
    for end in ends {
        if let Some(beyond) = end.beyond() {
            ways.push(match equal.is_empty() {
                true => beyond,
                false => Expr::And(equal.iter().cloned().chain([beyond]).collect()),
            });
        }
        equal.push(end.equal());
    }
    let bound = ends.first().filter(|_| ways.len() > 1).and_then(End::bound);
    let rows = match (ways.len(), ways.pop()) {
        (0, _) | (_, None) => never(),
        (1, Some(only)) => only,
        (_, Some(last)) => Expr::Or(ways.into_iter().chain([last]).collect()),
    };
    match bound {
        None => rows,
        Some(bound) => Expr::And(vec![bound, rows]),
    }
}

/// The JSON text of a cell as a literal.
fn literal(cell: &str) -> Option<Literal> {
    match cell {
        "false" => Some(Literal::Boolean(false)),
        "true" => Some(Literal::Boolean(true)),
        _ if cell.starts_with('"') => serde_json::from_str(cell).ok().map(Literal::Text),
        _ => match lexer::tokens(cell).ok()?.as_slice() {
            [Placed { token: Token::Number(digits), .. }] => Some(Literal::Number(digits.clone())),
            _ => None,
        },
    }
}

/// The value as the engine sorts it. What travels as text is bound without a type, so that it gets the column's own.
fn value_of(literal: &Literal, ty: Type, dialect: Dialect) -> Option<Value> {
    let value = match dialect {
        Dialect::Sqlite => return Some(value::as_stored(literal)),
        Dialect::MySql | Dialect::Postgres | Dialect::SqlServer => value::typed(literal, ty, dialect)?,
    };
    Some(match value {
        Value::Date(text)
        | Value::Text(text)
        | Value::Time(text)
        | Value::Timestamp(text)
        | Value::TimestampTz(text)
        | Value::Uuid(text) => Value::Untyped(text),
        Value::Decimal(text) if dialect == Dialect::Postgres => Value::Untyped(text),
        value => value,
    })
}
