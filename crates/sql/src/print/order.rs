//! Orders and windows.
//!
//! MySQL and SQL Server have no NULLS FIRST and NULLS LAST: there a term that says where NULLs stand is two terms, the first of
//! which asks whether the value is NULL.

use crate::dialect::Dialect;
use crate::ir::{Direction, Frame, FrameBound, FrameUnit, Nulls, Order, Over, Window};

use super::Printer;

impl Printer {
    /// ` ORDER BY …`, where there is an order.
    pub(super) fn order_by(&mut self, order: &[Order]) {
        if !order.is_empty() {
            self.text(" ORDER BY ");
            self.list(order, Printer::order);
        }
    }

    pub(super) fn order(&mut self, order: &Order) {
        if let Some(nulls) = order.nulls {
            self.nulls_before(order, nulls);
        }
        self.expr(&order.expr);
        self.text(match order.direction {
            Direction::Ascending => " ASC",
            Direction::Descending => " DESC",
        });
        self.text(match (self.dialect, order.nulls) {
            (Dialect::Postgres | Dialect::Sqlite, Some(Nulls::First)) => " NULLS FIRST",
            (Dialect::Postgres | Dialect::Sqlite, Some(Nulls::Last)) => " NULLS LAST",
            (Dialect::Postgres | Dialect::Sqlite, None) | (Dialect::MySql | Dialect::SqlServer, _) => "",
        });
    }

    fn nulls_before(&mut self, order: &Order, nulls: Nulls) {
        match self.dialect {
            Dialect::MySql => {
                self.text("(");
                self.operand(&order.expr);
                self.text(" IS NULL)");
            }
            Dialect::SqlServer => {
                self.text("CASE WHEN ");
                self.operand(&order.expr);
                self.text(" IS NULL THEN 1 ELSE 0 END");
            }
            Dialect::Postgres | Dialect::Sqlite => return,
        }
        self.text(match nulls {
            Nulls::First => " DESC, ",
            Nulls::Last => " ASC, ",
        });
    }

    pub(super) fn over(&mut self, over: &Over) {
        self.text(" OVER ");
        match over {
            Over::Here(window) => self.window(window),
            Over::Named(name) => self.name(name),
        }
    }

    pub(super) fn window(&mut self, window: &Window) {
        self.text("(");
        if let Some(base) = &window.base {
            self.name(base);
        }
        if !window.partition.is_empty() {
            self.text(" PARTITION BY ");
            self.list(&window.partition, Printer::expr);
        }
        self.order_by(&window.order);
        if let Some(frame) = &window.frame {
            self.frame(frame);
        }
        self.text(")");
    }

    fn frame(&mut self, frame: &Frame) {
        self.text(match frame.unit {
            FrameUnit::Groups => " GROUPS ",
            FrameUnit::Range => " RANGE ",
            FrameUnit::Rows => " ROWS ",
        });
        match &frame.end {
            Some(end) => {
                self.text("BETWEEN ");
                self.bound(&frame.start);
                self.text(" AND ");
                self.bound(end);
            }
            None => self.bound(&frame.start),
        }
    }

    fn bound(&mut self, bound: &FrameBound) {
        match bound {
            FrameBound::CurrentRow => self.text("CURRENT ROW"),
            FrameBound::Following(distance) => {
                self.operand(distance);
                self.text(" FOLLOWING");
            }
            FrameBound::Preceding(distance) => {
                self.operand(distance);
                self.text(" PRECEDING");
            }
            FrameBound::UnboundedFollowing => self.text("UNBOUNDED FOLLOWING"),
            FrameBound::UnboundedPreceding => self.text("UNBOUNDED PRECEDING"),
        }
    }
}
