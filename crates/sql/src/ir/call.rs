//! Calls of functions, and the windows they may have.

use crate::function::Function;
use crate::name::Part;

use super::expr::{At, Expr};
use super::{Distinct, Order};

/// A call of a function that the dialect's table has.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Call {
    pub(crate) function: &'static Function,
    pub(crate) arguments: Vec<Expr>,
    /// `count(*)`; there are no arguments then.
    pub(crate) star: bool,
    /// Only `No` and `Rows`.
    pub(crate) distinct: Distinct,
    /// The order within an aggregate: `string_agg(a, ',' ORDER BY b)`.
    pub(crate) order: Vec<Order>,
    /// WITHIN GROUP (ORDER BY …).
    pub(crate) within: Vec<Order>,
    /// `GROUP_CONCAT(a SEPARATOR ';')` of MySQL.
    pub(crate) separator: Option<Box<Expr>>,
    pub(crate) filter: Option<Box<Expr>>,
    pub(crate) over: Option<Over>,
    pub(crate) at: At,
}

/// The window of a call.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Over {
    Here(Window),
    Named(Part),
}

/// A window.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Window {
    /// The named window it extends.
    pub(crate) base: Option<Part>,
    pub(crate) partition: Vec<Expr>,
    pub(crate) order: Vec<Order>,
    pub(crate) frame: Option<Frame>,
}

/// The part of a partition that a row's value is made of.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Frame {
    pub(crate) unit: FrameUnit,
    pub(crate) start: FrameBound,
    pub(crate) end: Option<FrameBound>,
}

/// What a frame is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FrameUnit {
    Groups,
    Range,
    Rows,
}

/// Where a frame begins or ends.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum FrameBound {
    CurrentRow,
    Following(Box<Expr>),
    Preceding(Box<Expr>),
    UnboundedFollowing,
    UnboundedPreceding,
}
