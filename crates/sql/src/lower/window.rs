//! Windows and their frames.

use sqlparser::ast;

use crate::dialect::Dialect;
use crate::ir::{Frame, FrameBound, FrameUnit, Over, Window};
use crate::name::Part;

use super::{Foreign, Lowering, at, refuse};

/// Where a bound may stand, from the first row on; a frame without an end ends with the current row.
const UNBOUNDED_PRECEDING: u8 = 0;
const CURRENT_ROW: u8 = 2;
const UNBOUNDED_FOLLOWING: u8 = 4;

impl Lowering<'_> {
    pub(super) fn over(&self, over: &ast::WindowType) -> Result<Over, Foreign> {
        match over {
            ast::WindowType::NamedWindow(name) => self.part(name).map(Over::Named),
            ast::WindowType::WindowSpec(spec) => self.window(spec).map(Over::Here),
        }
    }

    pub(super) fn named_window(
        &self,
        window: &ast::NamedWindowDefinition,
    ) -> Result<(Part, Window), Foreign> {
        let ast::NamedWindowDefinition(name, expr) = window;
        match expr {
            ast::NamedWindowExpr::NamedWindow(other) => {
                refuse(format!("the window `{}` as another name for a window", other.value), at(other.span))
            }
            ast::NamedWindowExpr::WindowSpec(spec) => Ok((self.part(name)?, self.window(spec)?)),
        }
    }

    fn window(&self, spec: &ast::WindowSpec) -> Result<Window, Foreign> {
        let ast::WindowSpec { window_name, partition_by, order_by, window_frame } = spec;
        Ok(Window {
            base: window_name.as_ref().map(|name| self.part(name)).transpose()?,
            partition: self.exprs(partition_by)?,
            order: self.orders(order_by)?,
            frame: window_frame.as_ref().map(|frame| self.frame(frame)).transpose()?,
        })
    }

    fn frame(&self, frame: &ast::WindowFrame) -> Result<Frame, Foreign> {
        let ast::WindowFrame { units, start_bound, end_bound } = frame;
        let unit = match units {
            ast::WindowFrameUnits::Groups if matches!(self.dialect, Dialect::MySql | Dialect::SqlServer) => {
                return refuse("a frame in GROUPS", crate::ir::At::default());
            }
            ast::WindowFrameUnits::Groups => FrameUnit::Groups,
            ast::WindowFrameUnits::Range => FrameUnit::Range,
            ast::WindowFrameUnits::Rows => FrameUnit::Rows,
        };
        let (first, last) = (place(start_bound), end_bound.as_ref().map_or(CURRENT_ROW, place));
        if first > last || first == UNBOUNDED_FOLLOWING || last == UNBOUNDED_PRECEDING {
            return refuse("a frame that ends before it starts", crate::ir::At::default());
        }
        let end = end_bound.as_ref().map(|end| self.bound(end)).transpose()?;
        Ok(Frame { unit, start: self.bound(start_bound)?, end })
    }

    fn bound(&self, bound: &ast::WindowFrameBound) -> Result<FrameBound, Foreign> {
        Ok(match bound {
            ast::WindowFrameBound::CurrentRow => FrameBound::CurrentRow,
            ast::WindowFrameBound::Following(None) => FrameBound::UnboundedFollowing,
            ast::WindowFrameBound::Following(Some(amount)) => FrameBound::Following(self.boxed(amount)?),
            ast::WindowFrameBound::Preceding(None) => FrameBound::UnboundedPreceding,
            ast::WindowFrameBound::Preceding(Some(amount)) => FrameBound::Preceding(self.boxed(amount)?),
        })
    }
}

/// No engine takes a frame whose bounds are out of this order.
fn place(bound: &ast::WindowFrameBound) -> u8 {
    match bound {
        ast::WindowFrameBound::Preceding(None) => UNBOUNDED_PRECEDING,
        ast::WindowFrameBound::Preceding(Some(_)) => 1,
        ast::WindowFrameBound::CurrentRow => CURRENT_ROW,
        ast::WindowFrameBound::Following(Some(_)) => 3,
        ast::WindowFrameBound::Following(None) => UNBOUNDED_FOLLOWING,
    }
}
