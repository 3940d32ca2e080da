//! A JSON value as the column it goes into needs it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value as Json;

use crate::catalogue::{Column, Type};
use crate::dialect::Dialect;
use crate::filter::Literal;
use crate::ir::{CastType, Expr};
use crate::value::{self, Value};

/// The value as an expression, or nothing if the column cannot hold it.
pub(super) fn expression(json: &Json, column: &Column, dialect: Dialect) -> Option<Expr> {
    if json.is_null() {
        return Some(Expr::Literal(Value::Null));
    }
    if column.ty == Type::Json {
        return document(json, dialect);
    }
    if holds_bytes(column, dialect) {
        return STANDARD.decode(json.as_str()?).ok().map(Value::Bytes).map(Expr::Literal);
    }
    let is_array =
        column.ty == Type::Other && dialect == Dialect::Postgres && column.type_name.ends_with("[]");
    let value = match json {
        Json::Array(_) if is_array => Value::Untyped(array(json)?),
        Json::Array(_) | Json::Object(_) | Json::Null => return None,
        Json::Bool(value) => stored(&Literal::Boolean(*value), column.ty, dialect)?,
        Json::Number(number) => stored(&Literal::Number(digits(number)), column.ty, dialect)?,
        Json::String(text) => stored(&Literal::Text(text.clone()), column.ty, dialect)?,
    };
    Some(value::expression(value, dialect))
}

/// A whole number that was written with a fraction of zero is one.
fn digits(number: &serde_json::Number) -> String {
    let text = number.to_string();
    match text.strip_suffix(".0") {
        Some(whole) => whole.to_owned(),
        None => text,
    }
}

/// What is compared may be between two values that a column can hold; what is stored may not.
fn stored(literal: &Literal, ty: Type, dialect: Dialect) -> Option<Value> {
    let value = value::typed(literal, ty, dialect)?;
    match (ty, dialect, value) {
        (Type::Integer, _, value @ Value::Integer(_)) => Some(value),
        (Type::Integer, _, _) => None,
        // The engine reads it as the column's own type: a label, an address, an interval.
        (Type::Other, Dialect::Postgres, Value::Text(text)) => Some(Value::Untyped(text)),
        (_, _, value) => Some(value),
    }
}

fn document(json: &Json, dialect: Dialect) -> Option<Expr> {
    let text = json.to_string();
    // PostgreSQL keeps no NUL in any text, an escaped one in a document included.
    if dialect == Dialect::Postgres && text.contains("\\u0000") {
        return None;
    }
    let text = Expr::Literal(Value::Text(text));
    Some(match dialect {
        Dialect::Postgres => Expr::Cast { operand: Box::new(text), ty: CastType::Json, lenient: false },
        Dialect::MySql | Dialect::SqlServer | Dialect::Sqlite => text,
    })
}

/// SQLite has no type for bytes, only a word for columns that are meant for them.
fn holds_bytes(column: &Column, dialect: Dialect) -> bool {
    column.ty == Type::Bytes
        || (dialect == Dialect::Sqlite && column.type_name.to_ascii_lowercase().contains("blob"))
}

/// A list as PostgreSQL writes arrays.
fn array(json: &Json) -> Option<String> {
    Some(match json {
        Json::Array(items) => {
            let items: Option<Vec<String>> = items.iter().map(array).collect();
            format!("{{{}}}", items?.join(","))
        }
        Json::Bool(value) => value.to_string(),
        Json::Null => "NULL".to_owned(),
        Json::Number(number) => number.to_string(),
        Json::Object(_) => return None,
        Json::String(text) if text.contains('\0') => return None,
        Json::String(text) => format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")),
    })
}
