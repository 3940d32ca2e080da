//! Expressions.

use crate::dialect::Dialect;
use crate::ir::{Binary, Expr, IsTest, Quantifier, Query};
use crate::value::Value;

use super::Printer;
use super::like::Match;

impl Printer {
    /// An expression where nothing beside it can take a part of it away.
    pub(super) fn expr(&mut self, expr: &Expr) {
        match expr {
            Expr::And(all) => self.joined(all, " AND "),
            Expr::Array(items) => self.array(items),
            Expr::AtTimeZone { operand, zone } => self.pair(operand, " AT TIME ZONE ", zone),
            Expr::Between { negated, operand, low, high } => {
                self.pair(operand, if *negated { " NOT BETWEEN " } else { " BETWEEN " }, low);
                self.text(" AND ");
                self.operand(high);
            }
            Expr::Binary { operator, left, right } => self.binary(*operator, left, right),
            Expr::Call(call) => self.call(call),
            Expr::Case { operand, branches, otherwise } => {
                self.case(operand.as_deref(), branches, otherwise.as_deref());
            }
            Expr::Cast { operand, ty, lenient } => self.cast(operand, ty, *lenient),
            Expr::Column { name, at: _ } => self.column(name),
            Expr::Compare { operator, left, right } => {
                self.operand(left);
                self.comparison(*operator);
                self.operand(right);
            }
            Expr::Convert { operand, ty, style, lenient } => self.convert(operand, (ty, *style), *lenient),
            Expr::Distinct { negated, left, right } => self.distinct_from(*negated, left, right),
            Expr::Exists { negated, query } => {
                self.text(if *negated { "NOT EXISTS " } else { "EXISTS " });
                self.nested(query);
            }
            Expr::Extract { unit, from } => self.extract(*unit, from),
            Expr::In { negated, operand, list } => {
                self.operand(operand);
                self.text(if *negated { " NOT IN " } else { " IN " });
                self.closed(list, Printer::expr);
            }
            Expr::InQuery { negated, operand, query } => {
                self.operand(operand);
                self.text(if *negated { " NOT IN " } else { " IN " });
                self.nested(query);
            }
            Expr::Interval { amount, unit } => self.interval(amount, *unit),
            Expr::Is { negated, operand, test } => self.is(*negated, operand, *test),
            Expr::Like { negated, blind, operand, pattern, escape } => {
                self.like(&Match { negated: *negated, blind: *blind, operand, pattern, escape: *escape });
            }
            Expr::Literal(value) => self.literal(value),
            Expr::Not(inner) => self.not(inner),
            Expr::Or(all) => self.joined(all, " OR "),
            Expr::Quantified { operator, left, quantifier, right } => {
                self.operand(left);
                self.comparison(*operator);
                self.quantified(*quantifier, right);
            }
            Expr::Scalar(query) => self.nested(query),
            Expr::Trim(trim) => self.trim(trim),
            Expr::Tuple(items) => self.closed(items, Printer::expr),
            Expr::Unary { operator, operand } => {
                self.sign(*operator);
                self.bracketed(operand);
            }
            Expr::Unit(unit) => self.text(self.dialect.unit(*unit)),
        }
    }

    /// An expression beside an operator.
    pub(super) fn operand(&mut self, expr: &Expr) {
        if is_closed(expr) {
            self.expr(expr);
        } else {
            self.bracketed(expr);
        }
    }

    fn bracketed(&mut self, expr: &Expr) {
        self.text("(");
        self.expr(expr);
        self.text(")");
    }

    /// An expression where a condition stands. T-SQL takes no value there, so a boolean becomes a comparison.
    pub(super) fn condition(&mut self, expr: &Expr) {
        self.expr(expr);
        if self.dialect == Dialect::SqlServer && matches!(expr, Expr::Literal(Value::Boolean(_))) {
            self.text(" = CAST(1 AS BIT)");
        }
    }

    /// A condition beside AND or OR.
    fn joined(&mut self, all: &[Expr], word: &str) {
        for (index, one) in all.iter().enumerate() {
            if index > 0 {
                self.text(word);
            }
            if is_closed(one) && !matches!(one, Expr::Literal(Value::Boolean(_))) {
                self.expr(one);
            } else {
                self.text("(");
                self.condition(one);
                self.text(")");
            }
        }
    }

    /// In MySQL NOT of `a <=> b` is a form of its own, and reads back as that.
    fn not(&mut self, inner: &Expr) {
        self.text("NOT (");
        self.condition(inner);
        self.text(")");
    }

    /// The parser takes the NULL of `REGEXP NULL` for that of NOT NULL.
    fn binary(&mut self, operator: Binary, left: &Expr, right: &Expr) {
        self.operand(left);
        self.operator(operator);
        if matches!(right, Expr::Literal(Value::Null)) {
            self.bracketed(right);
        } else {
            self.operand(right);
        }
    }

    fn pair(&mut self, left: &Expr, word: &str, right: &Expr) {
        self.operand(left);
        self.text(word);
        self.operand(right);
    }

    pub(super) fn nested(&mut self, query: &Query) {
        self.text("(");
        self.query(query);
        self.text(")");
    }

    fn distinct_from(&mut self, negated: bool, left: &Expr, right: &Expr) {
        match (self.dialect, negated) {
            (Dialect::MySql, true) => self.pair(left, " <=> ", right),
            (Dialect::MySql, false) => {
                self.text("NOT (");
                self.pair(left, " <=> ", right);
                self.text(")");
            }
            (Dialect::Postgres | Dialect::SqlServer | Dialect::Sqlite, true) => {
                self.pair(left, " IS NOT DISTINCT FROM ", right);
            }
            (Dialect::Postgres | Dialect::SqlServer | Dialect::Sqlite, false) => {
                self.pair(left, " IS DISTINCT FROM ", right);
            }
        }
    }

    fn is(&mut self, negated: bool, operand: &Expr, test: IsTest) {
        self.operand(operand);
        self.text(if negated { " IS NOT " } else { " IS " });
        self.text(match test {
            IsTest::False => "FALSE",
            IsTest::Null => "NULL",
            IsTest::True => "TRUE",
            IsTest::Unknown => "UNKNOWN",
        });
    }

    /// A query has its own parentheses here, and no second pair: that would be an array that a query gives.
    fn quantified(&mut self, quantifier: Quantifier, right: &Expr) {
        self.text(match quantifier {
            Quantifier::All => "ALL ",
            Quantifier::Any => "ANY ",
        });
        match right {
            Expr::Scalar(query) => self.nested(query),
            array if is_closed(array) => self.bracketed(array),
            array => {
                self.text("(");
                self.bracketed(array);
                self.text(")");
            }
        }
    }
}

/// Whether an expression begins and ends in a way that no operator beside it can break open. A negative number brings its own
/// parentheses.
fn is_closed(expr: &Expr) -> bool {
    match expr {
        Expr::Array(_)
        | Expr::Call(_)
        | Expr::Case { .. }
        | Expr::Cast { .. }
        | Expr::Convert { .. }
        | Expr::Column { .. }
        | Expr::Exists { negated: false, .. }
        | Expr::Extract { .. }
        | Expr::Interval { .. }
        | Expr::Literal(_)
        | Expr::Scalar(_)
        | Expr::Trim(_)
        | Expr::Tuple(_)
        | Expr::Unit(_) => true,
        Expr::And(_)
        | Expr::AtTimeZone { .. }
        | Expr::Between { .. }
        | Expr::Binary { .. }
        | Expr::Compare { .. }
        | Expr::Distinct { .. }
        | Expr::Exists { negated: true, .. }
        | Expr::In { .. }
        | Expr::InQuery { .. }
        | Expr::Is { .. }
        | Expr::Like { .. }
        | Expr::Not(_)
        | Expr::Or(_)
        | Expr::Quantified { .. }
        | Expr::Unary { .. } => false,
    }
}
