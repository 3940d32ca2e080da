//! A statement as text: the only place where SQL is written.
//!
//! Every identifier is quoted and qualified, `AS` is never left out, every operand of AND, OR and NOT stands in
//! parentheses, every value is a parameter. Each table becomes a sub-select of the columns that are used, all of
//! them permitted, so that no other column can be meant by anything outside it.

use std::fmt::Write;

use crate::dialect::Dialect;
use crate::filter::{Comparison, ESCAPE};
use crate::ir::{Base, Body, Direction, Expr, Nulls, Order, Relation, Select};
use crate::value::Value;

/// The text, and the values of its parameters in their order.
pub(crate) struct Printed {
    pub(crate) sql: String,
    pub(crate) values: Vec<Value>,
}

/// Prints the statement.
pub(crate) fn print(body: &Body, dialect: Dialect) -> Printed {
    let mut printer = Printer { dialect, sql: String::with_capacity(256), values: Vec::new() };
    match body {
        Body::Select(select) => printer.select(select),
    }
    Printed { sql: printer.sql, values: printer.values }
}

struct Printer {
    dialect: Dialect,
    sql: String,
    values: Vec<Value>,
}

impl Printer {
    fn select(&mut self, select: &Select) {
        self.text("SELECT ");
        for (index, output) in select.outputs.iter().enumerate() {
            self.separate(index, ", ");
            self.expr(&output.expr);
            self.text(" AS ");
            self.name(&output.name);
        }
        self.text(" FROM ");
        match &select.from {
            Relation::Base(base) => self.base(base),
        }
        if let Some(filter) = &select.filter {
            self.text(" WHERE ");
            self.expr(filter);
        }
        for (index, order) in select.order.iter().enumerate() {
            self.text(if index == 0 { " ORDER BY " } else { ", " });
            self.order(order);
        }
        self.text(" LIMIT ");
        self.count(select.limit.saturating_add(1));
        if select.offset > 0 {
            self.text(" OFFSET ");
            self.count(select.offset);
        }
    }

    fn base(&mut self, base: &Base) {
        self.text("(SELECT ");
        for (index, column) in base.columns.iter().enumerate() {
            self.separate(index, ", ");
            self.qualified(&base.alias, column);
            self.text(" AS ");
            self.name(column);
        }
        self.text(" FROM ");
        self.qualified(&base.schema, &base.table);
        self.text(" AS ");
        self.name(&base.alias);
        self.text(") AS ");
        self.name(&base.alias);
    }

    fn expr(&mut self, expr: &Expr) {
        match expr {
            Expr::And(all) => self.joined(all, " AND "),
            Expr::AsText(inner) => {
                self.text("CAST(");
                self.expr(inner);
                self.text(" AS TEXT)");
            }
            Expr::Between { negated, operand, low, high } => {
                self.expr(operand);
                self.text(if *negated { " NOT BETWEEN " } else { " BETWEEN " });
                self.expr(low);
                self.text(" AND ");
                self.expr(high);
            }
            Expr::Column { relation, name } => self.qualified(relation, name),
            Expr::Compare { operator, left, right } => {
                self.expr(left);
                self.text(sign(*operator));
                self.expr(right);
            }
            Expr::In { negated, operand, list } => {
                self.expr(operand);
                self.text(if *negated { " NOT IN (" } else { " IN (" });
                for (index, value) in list.iter().enumerate() {
                    self.separate(index, ", ");
                    self.expr(value);
                }
                self.text(")");
            }
            Expr::Like { negated, operand, pattern } => {
                self.like(operand, pattern, if *negated { " NOT " } else { " " })
            }
            Expr::Literal(value) => self.parameter(value.clone()),
            Expr::Not(inner) => {
                self.text("NOT ");
                self.operand(inner);
            }
            Expr::Null { negated, operand } => {
                self.expr(operand);
                self.text(if *negated { " IS NOT NULL" } else { " IS NULL" });
            }
            Expr::Or(all) => self.joined(all, " OR "),
        }
    }

    fn joined(&mut self, all: &[Expr], word: &str) {
        for (index, one) in all.iter().enumerate() {
            self.separate(index, word);
            self.operand(one);
        }
    }

    fn operand(&mut self, expr: &Expr) {
        self.text("(");
        self.expr(expr);
        self.text(")");
    }

    fn like(&mut self, operand: &Expr, pattern: &Expr, before: &str) {
        self.expr(operand);
        self.text(before);
        self.text(self.dialect.like());
        self.text(" ");
        self.expr(pattern);
        self.text(" ESCAPE '");
        self.sql.push(ESCAPE);
        self.text("'");
    }

    fn order(&mut self, order: &Order) {
        self.expr(&order.expr);
        self.text(match order.direction {
            Direction::Ascending => " ASC",
            Direction::Descending => " DESC",
        });
        self.text(match order.nulls {
            None => "",
            Some(Nulls::First) => " NULLS FIRST",
            Some(Nulls::Last) => " NULLS LAST",
        });
    }

    /// A number of rows. Planning keeps it within the engines' range; beyond it the read-back would differ.
    fn count(&mut self, rows: u64) {
        self.parameter(Value::Integer(i64::try_from(rows).unwrap_or(i64::MAX)));
    }

    fn parameter(&mut self, value: Value) {
        let casts = self.dialect.casts(&value);
        self.values.push(value);
        self.text(&"CAST(".repeat(casts.len()));
        let sign = self.dialect.parameter_sign();
        // Writing to a string cannot fail.
        let _ = write!(self.sql, "{sign}{}", self.values.len());
        for cast in casts {
            self.text(" AS ");
            self.text(cast);
            self.text(")");
        }
    }

    fn qualified(&mut self, qualifier: &str, name: &str) {
        self.name(qualifier);
        self.text(".");
        self.name(name);
    }

    fn name(&mut self, name: &str) {
        self.text("\"");
        self.text(&name.replace('"', "\"\""));
        self.text("\"");
    }

    fn separate(&mut self, index: usize, separator: &str) {
        if index > 0 {
            self.text(separator);
        }
    }

    fn text(&mut self, text: &str) {
        self.sql.push_str(text);
    }
}

/// The operator with its blanks.
fn sign(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Equal => " = ",
        Comparison::Greater => " > ",
        Comparison::GreaterOrEqual => " >= ",
        Comparison::Less => " < ",
        Comparison::LessOrEqual => " <= ",
        Comparison::NotEqual => " <> ",
    }
}
