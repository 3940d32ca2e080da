//! Conditions that cannot fail, whatever the row: the only ones that may stand beside conditions on rows in a change, where
//! an engine may try either first. A failure would tell of a row that the role cannot see.

use crate::catalogue::Type;
use crate::dialect::Dialect;
use crate::filter::Literal;
use crate::function::FunctionKind;
use crate::ir::{At, CastType, Expr};
use crate::refusal::{Objection, Refusal};
use crate::value::{self, Value};

use super::{Resolver, refused};

/// Bytes of a pattern; SQLite is told to take four times as many.
const LONGEST_PATTERN: usize = 1024;

impl Resolver<'_> {
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
                self.operand(operand)?.is_some() && ends_well(pattern, escape.unwrap_or('\\'))
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
            Dialect::MySql | Dialect::SqlServer => match (left, right) {
                (Family::Read(ty), Family::Written(text)) | (Family::Written(text), Family::Read(ty)) => {
                    value::typed(&Literal::Text(text), ty, self.dialect).is_some()
                }
                (Family::Read(ty), Family::Read(other)) => is_moment(ty) == is_moment(other),
                (Family::Written(_), Family::Text | Family::Written(_))
                | (Family::Text, Family::Written(_)) => true,
                (left, right) => left == right || left == Family::Any || right == Family::Any,
            },
        })
    }

    fn operand(&mut self, expr: &Expr) -> Result<Option<Family>, Refusal> {
        Ok(match expr {
            Expr::Call(call) if call.arguments.is_empty() && call.function.kind == FunctionKind::Scalar => {
                let name = call.function.name.to_ascii_lowercase();
                let is_clock = ["date", "now", "time"].iter().any(|word| name.contains(word));
                let family = if is_clock { Family::Read(Type::Timestamp) } else { Family::Text };
                (!call.function.traits.volatile).then_some(family)
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
                Value::Bytes(_) => Family::Text,
                Value::Date(text)
                | Value::Text(text)
                | Value::Time(text)
                | Value::Timestamp(text)
                | Value::TimestampTz(text)
                | Value::Untyped(text)
                | Value::Uuid(text) => Family::Written(text.clone()),
            }),
            _ => None,
        })
    }
}

/// Values that engines compare without reading a text as something else.
#[derive(PartialEq, Eq)]
enum Family {
    Any,
    Number,
    /// Of a type as which a text beside it is read, row by row.
    Read(Type),
    Text,
    /// A text that the statement writes out.
    Written(String),
}

fn is_moment(ty: Type) -> bool {
    matches!(ty, Type::Date | Type::Time | Type::Timestamp | Type::TimestampTz)
}

fn family(ty: Type) -> Family {
    match ty {
        Type::Boolean | Type::Decimal | Type::Integer | Type::Real => Family::Number,
        Type::Bytes | Type::Json | Type::Other | Type::Text => Family::Text,
        Type::Date | Type::Time | Type::Timestamp | Type::TimestampTz | Type::Uuid => Family::Read(ty),
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

/// A pattern that ends within an escape, or that is longer than SQLite takes, is an error on the first row it meets.
fn ends_well(pattern: &Expr, escape: char) -> bool {
    let (Expr::Literal(Value::Text(text)) | Expr::Literal(Value::Untyped(text))) = pattern else {
        return false;
    };
    text.len() <= LONGEST_PATTERN && text.chars().rev().take_while(|c| *c == escape).count() % 2 == 0
}
