//! What keeps changes within the rows of the role: which conditions may stand beside those on rows, which values may decide
//! whether a new row is the role's, and the queries that count what would not be.

use crate::catalogue::{Column, Type};
use crate::dialect::Dialect;
use crate::filter::{Comparison, Literal};
use crate::function;
use crate::ir::{
    Alias, At, Body, Branch, Distinct, Expr, Output, Page, Query, Relation, RowSet, Select, With,
};
use crate::name::Part;
use crate::refusal::{Objection, Refusal};
use crate::scope::ScopedTable;
use crate::value::{self, Value};

use super::join::all;
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
                    let written = name.text.to_lowercase();
                    assigned.iter().any(|other| other.text.to_lowercase() == written)
                });
                let is_old = self.dialect != Dialect::MySql || !is_assigned;
                is_old && self.column(name, *at)?.ty == column.ty
            }
            _ => false,
        };
        match stays {
            true => Ok(()),
            false => Err(new_row(table, Some(&column.name))),
        }
    }
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
        | (Value::Uuid(_), Type::Uuid) => true,
        // Blanks at the end may be cut off where the column has a length, and do not count where it is of fixed length.
        (Value::Text(text) | Value::Untyped(text), Type::Text | Type::Other) => {
            dialect == Dialect::Sqlite || !text.ends_with(char::is_whitespace)
        }
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

#[cfg(test)]
mod tests;
