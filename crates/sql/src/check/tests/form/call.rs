//! Calls of any form, and windows.

use crate::dialect::Dialect;
use crate::ir::{At, Call, Distinct, Expr, Frame, FrameBound, FrameUnit, Over, Window};
use crate::value::Value;

use super::Maker;

impl Maker<'_> {
    /// A call of nothing.
    pub(super) fn bare(&self, name: &str) -> Call {
        Call {
            function: self.function(name),
            arguments: Vec::new(),
            star: false,
            distinct: Distinct::No,
            order: Vec::new(),
            within: Vec::new(),
            separator: None,
            filter: None,
            over: None,
            at: At::default(),
        }
    }

    pub(super) fn call(&mut self) -> Call {
        match self.pick(6) {
            0 => Call { arguments: vec![self.expr()], ..self.bare("lower") },
            1 => Call { arguments: self.many(2, 2, Maker::expr), ..self.bare("coalesce") },
            2 => Call { star: true, ..self.bare("count") },
            3 => self.aggregate(),
            4 if !self.is(Dialect::Sqlite) => {
                let within = self.many(1, 0, Maker::order);
                Call { arguments: vec![self.leaf()], within, ..self.bare("percentile_cont") }
            }
            _ => self.joined(),
        }
    }

    fn aggregate(&mut self) -> Call {
        let filtered = matches!(self.dialect, Dialect::Postgres | Dialect::Sqlite);
        let filter = if filtered { self.maybe(|maker| Box::new(maker.condition())) } else { None };
        let distinct = if self.flag() { Distinct::Rows } else { Distinct::No };
        Call { arguments: vec![self.expr()], distinct, filter, ..self.bare("count") }
    }

    /// Texts of several rows put together.
    fn joined(&mut self) -> Call {
        match self.dialect {
            Dialect::MySql => {
                let order = self.many(0, 2, Maker::order);
                let separator = self.maybe(|maker| Box::new(Expr::Literal(Value::Untyped(maker.text(0)))));
                Call { arguments: vec![self.expr()], order, separator, ..self.bare("group_concat") }
            }
            Dialect::Postgres => {
                let order = self.many(0, 2, Maker::order);
                Call { arguments: vec![self.expr(), self.expr()], order, ..self.bare("string_agg") }
            }
            Dialect::SqlServer => {
                let within = self.many(0, 2, Maker::order);
                Call { arguments: vec![self.expr(), self.expr()], within, ..self.bare("string_agg") }
            }
            Dialect::Sqlite => Call { arguments: vec![self.expr(), self.expr()], ..self.bare("string_agg") },
        }
    }

    pub(super) fn window_call(&mut self) -> Call {
        let over = if self.flag() { Over::Named(self.part()) } else { Over::Here(self.window()) };
        let call = if self.flag() {
            self.bare("row_number")
        } else {
            Call { arguments: self.many(1, 2, Maker::expr), ..self.bare("lag") }
        };
        Call { over: Some(over), ..call }
    }

    pub(super) fn window(&mut self) -> Window {
        let units: &[FrameUnit] = match self.dialect {
            Dialect::MySql | Dialect::SqlServer => &[FrameUnit::Rows, FrameUnit::Range],
            Dialect::Postgres | Dialect::Sqlite => &[FrameUnit::Rows, FrameUnit::Range, FrameUnit::Groups],
        };
        Window {
            base: self.maybe(Maker::part),
            partition: self.many(0, 2, Maker::expr),
            order: self.many(0, 2, Maker::order),
            frame: self.maybe(|maker| {
                let unit = maker.one(units);
                let first = maker.pick(4);
                let start = maker.bound(first);
                let last = first.max(1) + maker.pick(5 - first.max(1));
                // Without an end it ends with the current row.
                let has_end = first > 2 || maker.pick(2) == 1;
                Frame { unit, start, end: has_end.then(|| maker.bound(last)) }
            }),
        }
    }

    /// The bounds in their order.
    fn bound(&mut self, place: usize) -> FrameBound {
        match place {
            0 => FrameBound::UnboundedPreceding,
            1 => FrameBound::Preceding(self.boxed()),
            2 => FrameBound::CurrentRow,
            3 => FrameBound::Following(self.boxed()),
            _ => FrameBound::UnboundedFollowing,
        }
    }
}
