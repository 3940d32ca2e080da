//! A statement as text: the only place where SQL is written.

use crate::dialect::Dialect;
use crate::ir::Body;
use crate::value::Value;

/// The text, and the values of its parameters in their order.
pub(crate) struct Printed {
    pub(crate) sql: String,
    pub(crate) values: Vec<Value>,
}

/// Prints the statement.
pub(crate) fn print(_body: &Body, _dialect: Dialect) -> Printed {
    Printed { sql: String::new(), values: Vec::new() }
}
