//! A statement as text: the only place where SQL is written.
//!
//! Every form has one print, and lowering undoes it: that is what the self-check compares. Identifiers are always quoted,
//! `AS` is never left out, an operand that is not a name, a value or closed by itself stands in parentheses, and texts,
//! times and sizes are parameters. Equal values share one number, so that an expression of GROUP BY stays the expression it
//! is in the outputs; MySQL's `?` has no number and is bound as often as it stands. What a dialect has no words for is
//! printed all the same and does not read back.

mod call;
mod cast;
mod ddl;
mod expr;
mod like;
mod name;
mod operator;
mod order;
mod query;
mod relation;
mod select;
mod special;
mod value;
mod write;

use crate::dialect::Dialect;
use crate::ir::{Body, Expr};
use crate::value::Value;

/// The text, and the values of its parameters in their order.
pub(crate) struct Printed {
    pub(crate) sql: String,
    pub(crate) values: Vec<Value>,
}

/// Prints the statement.
pub(crate) fn print(body: &Body, dialect: Dialect) -> Printed {
    let mut printer = Printer::new(dialect);
    match body {
        Body::Ddl(ddl) => printer.ddl(ddl),
        Body::Delete(delete) => printer.delete(delete),
        Body::Insert(insert) => printer.insert(insert),
        Body::Query(query) => printer.query(query),
        Body::Update(update) => printer.update(update),
    }
    Printed { sql: printer.sql, values: printer.values }
}

/// Prints a condition alone.
pub(crate) fn condition(expr: &Expr, dialect: Dialect) -> Printed {
    let mut printer = Printer::new(dialect);
    printer.expr(expr);
    Printed { sql: printer.sql, values: printer.values }
}

/// The name in the quotes of the dialect.
pub(crate) fn quoted(name: &str, dialect: Dialect) -> String {
    let mut printer = Printer::new(dialect);
    printer.quoted(name);
    printer.sql
}

/// The text so far.
struct Printer {
    dialect: Dialect,
    sql: String,
    values: Vec<Value>,
    /// One for each of the values, to find equal ones quickly.
    digests: Vec<u64>,
    /// Within the assignments of MySQL's ON DUPLICATE KEY UPDATE.
    in_duplicate: bool,
    /// Where no expression has to equal another one: there a text without a type is a parameter of its own.
    apart: bool,
}

impl Printer {
    fn new(dialect: Dialect) -> Printer {
        Printer {
            dialect,
            sql: String::with_capacity(512),
            values: Vec::new(),
            digests: Vec::new(),
            in_duplicate: false,
            apart: false,
        }
    }

    fn text(&mut self, text: &str) {
        self.sql.push_str(text);
    }

    /// The items with commas between them.
    fn list<T>(&mut self, items: impl IntoIterator<Item = T>, mut item: impl FnMut(&mut Self, T)) {
        for (index, one) in items.into_iter().enumerate() {
            if index > 0 {
                self.text(", ");
            }
            item(self, one);
        }
    }

    /// The items in parentheses.
    fn closed<T>(&mut self, items: impl IntoIterator<Item = T>, item: impl FnMut(&mut Self, T)) {
        self.text("(");
        self.list(items, item);
        self.text(")");
    }
}

#[cfg(test)]
mod tests;
