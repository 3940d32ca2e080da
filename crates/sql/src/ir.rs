//! The closed form every statement takes between reading and printing.
//!
//! What these enums cannot say cannot run. Names in here are the catalogue's, resolved; values are literals that
//! become parameters. Two statements are the same if these values are equal, which is what the self-check asks.

use crate::filter::Comparison;
use crate::value::Value;

/// A whole statement.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Body {
    Select(Select),
}

/// One SELECT.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Select {
    pub(crate) outputs: Vec<Output>,
    pub(crate) from: Relation,
    pub(crate) filter: Option<Expr>,
    pub(crate) order: Vec<Order>,
    /// How many rows are wanted; one more is asked for, to know whether there were more.
    pub(crate) limit: u64,
    pub(crate) offset: u64,
}

/// One column of the answer.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Output {
    pub(crate) expr: Expr,
    pub(crate) name: String,
}

/// What rows come from.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Relation {
    Base(Base),
}

/// A table of the catalogue, cut down to columns the caller may read.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Base {
    pub(crate) schema: String,
    pub(crate) table: String,
    pub(crate) columns: Vec<String>,
    pub(crate) alias: String,
}

/// What has a value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Expr {
    And(Vec<Expr>),
    AsText(Box<Expr>),
    Between { negated: bool, operand: Box<Expr>, low: Box<Expr>, high: Box<Expr> },
    Column { relation: String, name: String },
    Compare { operator: Comparison, left: Box<Expr>, right: Box<Expr> },
    In { negated: bool, operand: Box<Expr>, list: Vec<Expr> },
    Like { negated: bool, operand: Box<Expr>, pattern: Box<Expr> },
    Literal(Value),
    Not(Box<Expr>),
    Null { negated: bool, operand: Box<Expr> },
    Or(Vec<Expr>),
}

/// One term of the order.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Order {
    pub(crate) expr: Expr,
    pub(crate) direction: Direction,
    /// Said only of what can be NULL: an engine may not use an index for an order that speaks of NULLs.
    pub(crate) nulls: Option<Nulls>,
}

/// Which way an order runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    Ascending,
    Descending,
}

/// Where NULLs stand in an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Nulls {
    First,
    Last,
}
