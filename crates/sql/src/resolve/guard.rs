//! What keeps changes within the rows of the role: which conditions may stand beside those on rows, which values may decide
//! whether a new row is the role's, and the queries that count what would not be.

use crate::catalogue::{Column, Type};
use crate::dialect::Dialect;
use crate::filter::{Comparison, Literal};
use crate::function::{self, FunctionKind};
use crate::ir::{
    Alias, At, Body, Branch, CastType, Distinct, Expr, Output, Page, Query, Relation, RowSet, Select, With,
};
use crate::name::Part;
use crate::refusal::{Objection, Refusal};
use crate::scope::ScopedTable;
use crate::value::{self, Value};

use super::relation::all;
use super::table::columns_of;
use super::write::Target;
use super::{Resolver, expr::call, quoted, refused, walk};

/// The new values of columns.
pub(super) type Image = Vec<(String, Expr)>;

impl<'a> Resolver<'a> {
    /// The columns that decide whether a row is the role's.
    pub(super) fn deciding(&mut self, table: &'a ScopedTable) -> Result<Vec<&'a str>, Refusal> {
        let rules = self.rules(table)?;
        let mut parts = 0;
        Ok(rules.iter().flat_map(|rule| columns_of(rule, table, &mut parts)).collect())
    }

    /// Refuses a value for a deciding column that could be another one once it is stored: only a literal of the column's
    /// own type, or another column of it, is the same before and after.
    pub(super) fn deciding_value(
        &mut self,
        table: &'a ScopedTable,
        column: &Column,
        value: Option<&Expr>,
        assigned: &[Part],
    ) -> Result<(), Refusal> {
        let stays = match value {
            Some(Expr::Literal(value)) => is_stored_as_it_is(value, column, self.dialect),
            Some(Expr::Column { name, at }) => {
                // MySQL assigns from left to right, so a column that is assigned may already be another.
                let is_assigned = name.last().is_some_and(|name| {
                    assigned.iter().any(|other| other.text.eq_ignore_ascii_case(&name.text))
                });
                let is_new = name.len() == 2 && name.first().is_some_and(|part| part.text == "excluded");
                (is_new || !is_assigned) && self.column(name, *at)?.ty == column.ty
            }
            _ => false,
        };
        match stays {
            true => Ok(()),
            false => Err(new_row(table, Some(&column.name))),
        }
    }

    /// Refuses a condition that could fail on a row outside the role's. Its failure would tell of that row.
    pub(super) fn plain(&mut self, condition: &Expr, table: &str) -> Result<(), Refusal> {
        let is_plain = match condition {
            Expr::And(list) | Expr::Or(list) => {
                return list.iter().try_for_each(|one| self.plain(one, table));
            }
            Expr::Not(inner) => return self.plain(inner, table),
            Expr::Between { negated: _, operand, low, high } => {
                self.are_comparable(operand, low)? && self.are_comparable(operand, high)?
            }
            Expr::Column { name, at } => self.column(name, *at)?.ty == Type::Boolean,
            Expr::Compare { operator: _, left, right } | Expr::Distinct { negated: _, left, right } => {
                self.are_comparable(left, right)?
            }
            Expr::In { negated: _, operand, list } => {
                let mut fits = true;
                for item in list {
                    fits = fits && self.are_comparable(operand, item)?;
                }
                fits
            }
            Expr::Is { negated: _, operand, test: _ } => matches!(**operand, Expr::Column { .. }),
            Expr::Like { negated: _, blind: _, operand, pattern, escape } => {
                self.are_comparable(operand, pattern)? && ends_well(pattern, escape.unwrap_or('\\'))
            }
            Expr::Literal(Value::Boolean(_)) => true,
            _ => false,
        };
        match is_plain {
            true => Ok(()),
            false => Err(refused(At::default(), Objection::Guarded(table.to_owned()))),
        }
    }

    /// Whether comparing the two cannot fail, whatever the row.
    fn are_comparable(&mut self, left: &Expr, right: &Expr) -> Result<bool, Refusal> {
        let (Some(left), Some(right)) = (self.operand(left)?, self.operand(right)?) else { return Ok(false) };
        Ok(match self.dialect {
            // Types are settled before any row is read, or there are none.
            Dialect::Postgres | Dialect::Sqlite => true,
            // A text that is compared with a number is read as one, row by row.
            Dialect::MySql | Dialect::SqlServer => {
                left == right || left == Family::Any || right == Family::Any
            }
        })
    }

    fn operand(&mut self, expr: &Expr) -> Result<Option<Family>, Refusal> {
        Ok(match expr {
            Expr::Call(call) if call.arguments.is_empty() && call.function.kind == FunctionKind::Scalar => {
                (!call.function.traits.volatile).then_some(Family::Text)
            }
            Expr::Cast { operand, ty, lenient: _ } => match (&**operand, literal_type(ty)) {
                (Expr::Literal(Value::Untyped(text)), Some(ty)) => {
                    let literal = Literal::Text(text.clone());
                    value::typed(&literal, ty, self.dialect).map(|_| family(ty))
                }
                _ => None,
            },
            Expr::Column { name, at } => Some(family(self.column(name, *at)?.ty)),
            Expr::Literal(value) => Some(match value {
                Value::Boolean(_)
                | Value::Integer(_)
                | Value::Decimal(_)
                | Value::Number(_)
                | Value::Real(_) => Family::Number,
                Value::Null => Family::Any,
                Value::Bytes(_)
                | Value::Date(_)
                | Value::Text(_)
                | Value::Time(_)
                | Value::Timestamp(_)
                | Value::TimestampTz(_)
                | Value::Untyped(_)
                | Value::Uuid(_) => Family::Text,
            }),
            _ => None,
        })
    }
}

/// Values that engines compare without reading a text as a number.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Family {
    Any,
    Number,
    Text,
}

fn family(ty: Type) -> Family {
    match ty {
        Type::Boolean | Type::Decimal | Type::Integer | Type::Real => Family::Number,
        Type::Bytes
        | Type::Date
        | Type::Json
        | Type::Other
        | Type::Text
        | Type::Time
        | Type::Timestamp
        | Type::TimestampTz
        | Type::Uuid => Family::Text,
    }
}

/// The types a literal is cast to by its own syntax: `DATE '2026-01-31'`.
fn literal_type(ty: &CastType) -> Option<Type> {
    match ty {
        CastType::Date => Some(Type::Date),
        CastType::Time => Some(Type::Time),
        CastType::DateTime | CastType::Timestamp => Some(Type::Timestamp),
        CastType::TimestampTz => Some(Type::TimestampTz),
        CastType::Uuid => Some(Type::Uuid),
        _ => None,
    }
}

/// A pattern that ends within an escape is an error, on the first row it meets.
fn ends_well(pattern: &Expr, escape: char) -> bool {
    let (Expr::Literal(Value::Text(text)) | Expr::Literal(Value::Untyped(text))) = pattern else {
        return false;
    };
    text.chars().rev().take_while(|c| *c == escape).count() % 2 == 0
}

/// Whether the column holds the literal just as it is compared here: no rounding, no reading of text.
fn is_stored_as_it_is(value: &Value, column: &Column, dialect: Dialect) -> bool {
    match (value, column.ty) {
        (Value::Null, _)
        | (Value::Boolean(_), Type::Boolean)
        | (Value::Bytes(_), Type::Bytes)
        | (Value::Date(_), Type::Date)
        | (Value::Integer(_), Type::Integer | Type::Decimal | Type::Real)
        | (Value::Real(_), Type::Real)
        | (Value::Time(_), Type::Time)
        | (Value::Timestamp(_), Type::Timestamp)
        | (Value::TimestampTz(_), Type::TimestampTz)
        | (Value::Uuid(_), Type::Uuid)
        | (Value::Text(_) | Value::Untyped(_), Type::Text | Type::Other) => true,
        (Value::Number(digits), Type::Integer | Type::Boolean) => digits.parse::<i64>().is_ok(),
        (Value::Number(digits) | Value::Decimal(digits), Type::Decimal) => {
            let digits_after = digits.split_once('.').map_or(0, |(_, fraction)| fraction.len());
            !digits.contains(['e', 'E'])
                && scale(&column.type_name, dialect).is_none_or(|most| digits_after <= most)
        }
        (Value::Number(_), Type::Real) => true,
        // A text is stored as what the type makes of it, and compared so where types are settled.
        (Value::Untyped(text), ty) if dialect != Dialect::Sqlite => {
            value::typed(&Literal::Text(text.clone()), ty, dialect).is_some()
        }
        // Without types of its own, SQLite keeps what it is given.
        (
            Value::Text(_) | Value::Untyped(_),
            Type::Date | Type::Time | Type::Timestamp | Type::TimestampTz | Type::Uuid,
        ) => dialect == Dialect::Sqlite,
        _ => false,
    }
}

/// How many digits after the point the column keeps; nothing where it keeps all.
fn scale(type_name: &str, dialect: Dialect) -> Option<usize> {
    let written = type_name.split_once('(').and_then(|(_, rest)| rest.split_once(')'));
    let said =
        written.and_then(|(digits, _)| digits.split_once(',').map(|(_, scale)| scale.trim().parse().ok()));
    match (said, dialect) {
        (Some(scale), _) => Some(scale.unwrap_or(0)),
        (None, Dialect::Postgres | Dialect::Sqlite) if written.is_none() => None,
        (None, _) => Some(0),
    }
}

/// The new value of a column as it is compared: a literal with the column's type, which nothing around it may give it.
pub(super) fn compared(value: &Expr, name: &str, table: &ScopedTable, dialect: Dialect) -> Expr {
    let column = table.every.iter().find(|column| column.name == name);
    if let (Expr::Literal(Value::Untyped(text)), Some(column)) = (value, column)
        && let Some(typed) = value::typed(&Literal::Text(text.clone()), column.ty, dialect)
    {
        return Expr::Literal(typed);
    }
    value.clone()
}

/// A new row that does not say enough for it to be known as the role's.
pub(super) fn new_row(table: &ScopedTable, column: Option<&str>) -> Refusal {
    let is_permitted = |name: &&str| table.columns.iter().any(|column| column.name == *name);
    let column = column.filter(is_permitted).map(str::to_owned);
    refused(At::default(), Objection::NewRow { table: table.label.clone(), column })
}

/// Puts something else in place of the columns of a condition on rows.
pub(super) fn replace(expr: &mut Expr, with: &mut dyn FnMut(&Part) -> Option<Expr>) {
    if let Expr::Column { name, at: _ } = expr {
        if let Some(new) = name.last().and_then(&mut *with) {
            *expr = new;
        }
        return;
    }
    for child in walk::children_mut(expr) {
        replace(child, with);
    }
}

/// The target as where rows come from.
pub(super) fn table(target: &Target<'_>) -> Relation {
    let alias = Alias { name: quoted(&target.printed), columns: Vec::new() };
    Relation::Table { name: target.ir.name.clone(), alias: Some(alias), at: At::default() }
}

/// A query that counts the rows that meet the conditions and not the last one.
pub(super) fn outside(
    (with, from): (Option<With>, Relation),
    mut conditions: Vec<Expr>,
    kept: Expr,
    dialect: Dialect,
) -> Result<Body, Refusal> {
    conditions.push(Expr::Compare {
        operator: Comparison::Equal,
        left: Box::new(is_outside(kept)),
        right: Box::new(number("1")),
    });
    let mut count = call(function::find(dialect, "count"), Vec::new())?;
    if let Expr::Call(call) = &mut count {
        call.star = true;
    }
    Ok(counting(with, count, vec![from], Some(all(conditions))))
}

/// A query that gives 0 if the condition holds, and 1 otherwise.
pub(super) fn unless(kept: Expr) -> Body {
    counting(None, is_outside(kept), Vec::new(), None)
}

/// What is not known to hold does not hold.
fn is_outside(kept: Expr) -> Expr {
    let branches = vec![Branch { when: kept, then: number("0") }];
    Expr::Case { operand: None, branches, otherwise: Some(Box::new(number("1"))) }
}

fn counting(with: Option<With>, output: Expr, from: Vec<Relation>, filter: Option<Expr>) -> Body {
    let select = Select {
        distinct: Distinct::No,
        outputs: vec![Output::Expr { expr: output, name: Some(quoted("outside")) }],
        from,
        filter,
        group: Vec::new(),
        having: None,
        windows: Vec::new(),
    };
    let rows = RowSet::Select(Box::new(select));
    Body::Query(Query { with, rows, order: Vec::new(), page: Page::default() })
}

fn number(digits: &str) -> Expr {
    Expr::Literal(Value::Number(digits.to_owned()))
}
