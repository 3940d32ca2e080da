//! Values in and out: SQLite types values, not columns; the declared type decides only where it says more than the
//! stored class.

use rusqlite::ToSql;
use rusqlite::types::{ToSqlOutput, Value, ValueRef};
use sql::{Bind, Type};

use crate::cell;

/// Appends one value.
pub(super) fn write(value: ValueRef<'_>, ty: Type, out: &mut Vec<u8>) {
    match (value, ty) {
        (ValueRef::Null, _) => cell::null(out),
        (ValueRef::Integer(value @ (0 | 1)), Type::Boolean) => cell::boolean(out, value == 1),
        (ValueRef::Integer(value), Type::Decimal) => cell::plain(out, itoa::Buffer::new().format(value)),
        (ValueRef::Integer(value), _) => cell::integer(out, value),
        (ValueRef::Real(value), Type::Decimal) => cell::plain(out, &value.to_string()),
        (ValueRef::Real(value), _) => cell::double(out, value),
        (ValueRef::Text(value), Type::Json) => cell::document(out, &String::from_utf8_lossy(value)),
        (ValueRef::Text(value), _) => cell::text(out, &String::from_utf8_lossy(value)),
        (ValueRef::Blob(value), _) => cell::bytes(out, value),
    }
}

/// A bind of the checked statement as SQLite takes it.
pub(super) struct Bound<'a>(pub(super) &'a Bind);

impl ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self.0 {
            Bind::Bool(value) => ToSqlOutput::Owned(Value::Integer(i64::from(*value))),
            Bind::Bytes(value) => ToSqlOutput::Borrowed(ValueRef::Blob(value)),
            Bind::Integer(value) => ToSqlOutput::Owned(Value::Integer(*value)),
            Bind::Real(value) => ToSqlOutput::Owned(Value::Real(*value)),
            Bind::Text(value) => ToSqlOutput::Borrowed(ValueRef::Text(value.as_bytes())),
        })
    }
}
