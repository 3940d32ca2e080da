//! Expressions with words of their own between their parts.

use crate::dialect::Dialect;
use crate::ir::{Branch, CastType, Expr, Side, Trim, Unit};

use super::Printer;

impl Printer {
    pub(super) fn array(&mut self, items: &[Expr]) {
        self.text("ARRAY[");
        self.list(items, Printer::expr);
        self.text("]");
    }

    pub(super) fn case(&mut self, operand: Option<&Expr>, branches: &[Branch], otherwise: Option<&Expr>) {
        self.text("CASE");
        if let Some(operand) = operand {
            self.text(" ");
            self.operand(operand);
        }
        for branch in branches {
            self.text(" WHEN ");
            if operand.is_some() {
                self.expr(&branch.when);
            } else {
                self.condition(&branch.when);
            }
            self.text(" THEN ");
            self.expr(&branch.then);
        }
        if let Some(otherwise) = otherwise {
            self.text(" ELSE ");
            self.expr(otherwise);
        }
        self.text(" END");
    }

    pub(super) fn cast(&mut self, operand: &Expr, ty: &CastType, lenient: bool) {
        self.text(if lenient { "TRY_CAST(" } else { "CAST(" });
        self.expr(operand);
        self.text(" AS ");
        self.cast_type(ty);
        self.text(")");
    }

    pub(super) fn convert(&mut self, operand: &Expr, (ty, style): (&CastType, u16), lenient: bool) {
        self.text(if lenient { "TRY_CONVERT(" } else { "CONVERT(" });
        self.cast_type(ty);
        self.text(", ");
        self.expr(operand);
        self.text(&format!(", {style})"));
    }

    pub(super) fn extract(&mut self, unit: Unit, from: &Expr) {
        self.text("EXTRACT(");
        self.text(self.dialect.unit(unit));
        self.text(" FROM ");
        self.expr(from);
        self.text(")");
    }

    pub(super) fn interval(&mut self, amount: &Expr, unit: Unit) {
        self.text("INTERVAL ");
        self.operand(amount);
        self.text(" ");
        self.text(self.dialect.unit(unit));
    }

    pub(super) fn trim(&mut self, trim: &Trim) {
        self.text("TRIM(");
        if let Some(side) = trim.side {
            self.text(match side {
                Side::Both => "BOTH ",
                Side::Leading => "LEADING ",
                Side::Trailing => "TRAILING ",
            });
        }
        if let Some(what) = trim.what.as_ref().filter(|_| self.dialect != Dialect::Sqlite) {
            self.operand(what);
            self.text(" ");
        }
        if trim.side.is_some() || (trim.what.is_some() && self.dialect != Dialect::Sqlite) {
            self.text("FROM ");
        }
        self.operand(&trim.from);
        if let Some(what) = trim.what.as_ref().filter(|_| self.dialect == Dialect::Sqlite) {
            self.text(", ");
            self.operand(what);
        }
        self.text(")");
    }
}
