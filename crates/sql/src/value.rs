//! A literal as the column it is compared with needs it: typed, checked and bound.
//!
//! What the column's type cannot hold is refused here, with the place, and never reaches the database, whose
//! error could say more than the caller may know.

use crate::catalogue::Type;
use crate::dialect::Dialect;
use crate::filter::Literal;
use crate::ir::{CastType, Expr};

mod calendar;

/// What a driver binds to one parameter, in the parameters' order.
#[derive(Clone, Debug, PartialEq)]
pub enum Bind {
    /// A boolean.
    Bool(bool),
    /// Bytes.
    Bytes(Vec<u8>),
    /// A whole number.
    Integer(i64),
    /// A floating point number.
    Real(f64),
    /// A string; also what travels as text and is cast in the statement.
    Text(String),
}

/// A literal with its type.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Boolean(bool),
    Bytes(Vec<u8>),
    Date(String),
    Decimal(String),
    Integer(i64),
    Null,
    /// A number of a caller's SQL, perhaps with a minus. Its digits are printed, not bound: what a number means there
    /// (`round(x, 2)`, `day + 7`) depends on the type that the engine itself gives it.
    Number(String),
    Real(f64),
    Text(String),
    Time(String),
    Timestamp(String),
    TimestampTz(String),
    /// A string of a caller's SQL, bound without a cast: the engine takes its type from what stands around it, as it
    /// does with a string literal.
    Untyped(String),
    Uuid(String),
}

impl Value {
    /// What the driver gets; nothing for what is printed.
    pub(crate) fn bind(&self) -> Option<Bind> {
        match self {
            Value::Boolean(value) => Some(Bind::Bool(*value)),
            Value::Bytes(bytes) => Some(Bind::Bytes(bytes.clone())),
            Value::Integer(value) => Some(Bind::Integer(*value)),
            Value::Null | Value::Number(_) => None,
            Value::Real(value) => Some(Bind::Real(*value)),
            Value::Date(text)
            | Value::Decimal(text)
            | Value::Text(text)
            | Value::Time(text)
            | Value::Timestamp(text)
            | Value::TimestampTz(text)
            | Value::Untyped(text)
            | Value::Uuid(text) => Some(Bind::Text(text.clone())),
        }
    }
}

/// The value where the engine compares it or stores it. Engines that would take the text of a number for a floating point one
/// are told that it is exact.
pub(crate) fn expression(value: Value, dialect: Dialect) -> Expr {
    let most = match dialect {
        Dialect::MySql => MYSQL_DIGITS,
        Dialect::SqlServer => SQLSERVER_DIGITS,
        Dialect::Postgres | Dialect::Sqlite => return Expr::Literal(value),
    };
    match &value {
        Value::Decimal(text) => {
            let ty = CastType::Numeric(Some(most), Some(fraction_of(text)));
            Expr::Cast { operand: Box::new(Expr::Literal(value)), ty, lenient: false }
        }
        _ => Expr::Literal(value),
    }
}

/// How many digits the engine's exact numbers have at most.
const MYSQL_DIGITS: u64 = 65;
const SQLSERVER_DIGITS: u64 = 38;
/// How many of them MySQL has after the point.
const MOST_FRACTION: u64 = 30;

fn fraction_of(digits: &str) -> u64 {
    let fraction = digits.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    u64::try_from(fraction).unwrap_or(MOST_FRACTION).min(MOST_FRACTION)
}

/// The literal as a value of the type, or nothing if it cannot be one.
pub(crate) fn typed(literal: &Literal, ty: Type, dialect: Dialect) -> Option<Value> {
    match ty {
        Type::Bytes | Type::Json => None,
        Type::Boolean => boolean(literal),
        Type::Integer => integer(literal, dialect),
        Type::Decimal => decimal(literal, dialect),
        Type::Real => real(literal),
        Type::Text => text(literal),
        Type::Other if dialect.is_strictly_typed() => text(literal),
        Type::Date | Type::Time | Type::Timestamp | Type::TimestampTz | Type::Uuid
            if dialect.is_strictly_typed() =>
        {
            shaped(literal, ty, dialect)
        }
        Type::Date | Type::Other | Type::Time | Type::Timestamp | Type::TimestampTz | Type::Uuid => {
            Some(as_stored(literal))
        }
    }
}

fn boolean(literal: &Literal) -> Option<Value> {
    match literal {
        Literal::Boolean(value) => Some(Value::Boolean(*value)),
        Literal::Number(text) | Literal::Text(text) => match text.to_ascii_lowercase().as_str() {
            "1" | "true" => Some(Value::Boolean(true)),
            "0" | "false" => Some(Value::Boolean(false)),
            _ => None,
        },
    }
}

/// Whole numbers; a number with a fraction can still be compared with a column of whole ones.
fn integer(literal: &Literal, dialect: Dialect) -> Option<Value> {
    match literal {
        Literal::Boolean(value) => Some(Value::Integer(i64::from(*value))),
        Literal::Number(text) | Literal::Text(text) => match text.parse::<i64>() {
            Ok(value) => Some(Value::Integer(value)),
            Err(_) if text.contains(['.', 'e']) => decimal(literal, dialect),
            Err(_) => None,
        },
    }
}

/// Exact where the engine is: SQLite stores what it cannot hold as an integer in floating point anyway.
fn decimal(literal: &Literal, dialect: Dialect) -> Option<Value> {
    let text = number_text(literal)?;
    let most = match dialect {
        // Digits without end, and powers of ten as well.
        Dialect::Postgres => return Some(Value::Decimal(text.to_owned())),
        Dialect::MySql => MYSQL_DIGITS,
        Dialect::SqlServer => SQLSERVER_DIGITS,
        Dialect::Sqlite => 0,
    };
    let is_plain = !text.contains(['e', 'E']) && fraction_of(text) < MOST_FRACTION;
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    if is_plain && u64::try_from(digits).is_ok_and(|digits| digits <= most) {
        return Some(Value::Decimal(text.to_owned()));
    }
    text.parse::<i64>().ok().map(Value::Integer).or_else(|| real(literal))
}

fn real(literal: &Literal) -> Option<Value> {
    number_text(literal)?.parse::<f64>().ok().filter(|number| number.is_finite()).map(Value::Real)
}

/// The digits of a number, given as one or in quotes.
fn number_text(literal: &Literal) -> Option<&str> {
    match literal {
        Literal::Boolean(_) => None,
        Literal::Number(text) => Some(text),
        Literal::Text(text) => {
            let is_number = matches!(
                crate::lexer::tokens(text).as_deref(),
                Ok([crate::lexer::Placed { token: crate::lexer::Token::Number(number), .. }]) if number == text
            );
            is_number.then_some(text)
        }
    }
}

fn text(literal: &Literal) -> Option<Value> {
    match literal {
        Literal::Boolean(_) => None,
        // No engine but SQLite has a NUL in its texts.
        Literal::Number(text) | Literal::Text(text) => {
            (!text.contains('\0')).then(|| Value::Text(text.clone()))
        }
    }
}

/// A date, a time or a UUID in the one form that every session setting of the engine reads alike.
fn shaped(literal: &Literal, ty: Type, dialect: Dialect) -> Option<Value> {
    let Literal::Text(text) = literal else { return None };
    match ty {
        Type::Date => calendar::is_date(text).then(|| Value::Date(text.clone())),
        Type::Time => calendar::is_time(text).then(|| Value::Time(text.clone())),
        Type::Timestamp => calendar::is_timestamp(text).then(|| match dialect {
            Dialect::SqlServer => Value::Timestamp(calendar::complete(text)),
            Dialect::MySql | Dialect::Postgres | Dialect::Sqlite => Value::Timestamp(text.clone()),
        }),
        Type::TimestampTz => zoned(text, dialect).map(Value::TimestampTz),
        _ => is_uuid(text).then(|| Value::Uuid(text.clone())),
    }
}

/// Without a zone the answer would depend on the session's, so UTC is said for it. MySQL reads no zones: its sessions are in
/// UTC, and so is what they are given.
fn zoned(text: &str, dialect: Dialect) -> Option<String> {
    let text = match text {
        _ if calendar::is_zoned(text) => text.to_owned(),
        _ if calendar::is_timestamp(text) => format!("{}Z", calendar::complete(text)),
        _ => return None,
    };
    match dialect {
        Dialect::MySql => calendar::utc(&text),
        Dialect::Postgres | Dialect::SqlServer | Dialect::Sqlite => Some(text),
    }
}

/// Engines that store any value in any column compare with what was given.
pub(crate) fn as_stored(literal: &Literal) -> Value {
    match literal {
        Literal::Boolean(value) => Value::Boolean(*value),
        Literal::Text(text) => Value::Text(text.clone()),
        Literal::Number(text) => match (text.parse::<i64>(), text.parse::<f64>()) {
            (Ok(whole), _) => Value::Integer(whole),
            (_, Ok(real)) => Value::Real(real),
            _ => Value::Text(text.clone()),
        },
    }
}

fn is_uuid(text: &str) -> bool {
    let lengths = text.split('-').map(str::len);
    lengths.eq([8, 4, 4, 4, 12]) && text.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}
