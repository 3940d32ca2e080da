//! Calls of functions, with all that can stand in and after their parentheses.

use crate::dialect::Dialect;
use crate::ir::{Call, Distinct, Expr};

use super::Printer;

impl Printer {
    /// PostgreSQL looks a name up along a path that others may write to; words of its grammar are not looked up.
    pub(super) fn call(&mut self, call: &Call) {
        let traits = &call.function.traits;
        if self.dialect == Dialect::Postgres && !traits.keyword && !traits.bare {
            self.text("pg_catalog.");
        }
        self.text(call.function.name);
        if !(traits.bare && call.arguments.is_empty()) {
            self.arguments(call);
        }
        if !call.within.is_empty() {
            self.text(" WITHIN GROUP (ORDER BY ");
            self.list(&call.within, Printer::order);
            self.text(")");
        }
        if let Some(filter) = &call.filter {
            self.text(" FILTER (WHERE ");
            self.condition(filter);
            self.text(")");
        }
        if let Some(over) = &call.over {
            self.over(over);
        }
    }

    fn arguments(&mut self, call: &Call) {
        self.text("(");
        if call.distinct != Distinct::No {
            self.text("DISTINCT ");
        }
        if call.star {
            self.text("*");
        }
        self.list(&call.arguments, Printer::expr);
        self.order_by(&call.order);
        if let Some(separator) = &call.separator {
            self.text(" SEPARATOR ");
            self.separator(separator);
        }
        self.text(")");
    }

    /// MySQL takes only a text that is written out.
    fn separator(&mut self, separator: &Expr) {
        match separator {
            Expr::Literal(value) => self.inline(value),
            other => self.expr(other),
        }
    }
}
