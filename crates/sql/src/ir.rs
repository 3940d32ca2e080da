//! The closed form every statement takes between reading and printing.
//!
//! What these enums cannot say cannot run. One form serves twice: lowering makes it from a caller's text, names as written;
//! resolution makes it anew with the catalogue's names, every table cut down to what the caller may read, and that is what
//! is printed. The print is lowered again, and must give the resolved form: that is the self-check.

mod call;
mod ddl;
mod expr;
mod write;

use crate::name::Part;

pub(crate) use call::{Call, Frame, FrameBound, FrameUnit, Over, Window};
pub(crate) use ddl::{ColumnDefinition, Ddl, DefinedType};
pub(crate) use expr::{At, Binary, Branch, CastType, Expr, IsTest, Quantifier, Side, Trim, Unary, Unit};
pub(crate) use write::{Assignment, Conflict, ConflictAction, Delete, Insert, Source, TargetTable, Update};

/// A whole statement.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Body {
    Ddl(Ddl),
    Delete(Delete),
    Insert(Insert),
    Query(Query),
    Update(Update),
}

/// A query: what precedes its rows, its rows, and which of them.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Query {
    pub(crate) with: Option<With>,
    pub(crate) rows: RowSet,
    pub(crate) order: Vec<Order>,
    pub(crate) page: Page,
}

/// Which rows of an order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Page {
    pub(crate) limit: Option<u64>,
    pub(crate) offset: Option<u64>,
    /// Conditions from outside must not be tried on rows before they have passed the conditions inside. Each dialect has
    /// a form of its own for it (PostgreSQL `OFFSET 0`); `limit` and `offset` are empty then.
    pub(crate) fenced: bool,
}

/// Queries with names, visible in the query they precede.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct With {
    pub(crate) recursive: bool,
    pub(crate) queries: Vec<NamedQuery>,
}

/// One of them.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct NamedQuery {
    pub(crate) name: Part,
    pub(crate) columns: Vec<Part>,
    pub(crate) query: Query,
}

/// Where the rows of a query come from.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum RowSet {
    Combined {
        operation: SetOperation,
        all: bool,
        left: Box<RowSet>,
        right: Box<RowSet>,
    },
    /// A query in parentheses.
    Query(Box<Query>),
    Select(Box<Select>),
    Values(Vec<Vec<Expr>>),
}

/// How two sets of rows are combined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SetOperation {
    Except,
    Intersect,
    Union,
}

/// One SELECT.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Select {
    pub(crate) distinct: Distinct,
    pub(crate) outputs: Vec<Output>,
    /// Empty, or relations side by side (the comma).
    pub(crate) from: Vec<Relation>,
    pub(crate) filter: Option<Expr>,
    pub(crate) group: Vec<GroupTerm>,
    pub(crate) having: Option<Expr>,
    pub(crate) windows: Vec<(Part, Window)>,
}

/// Whether equal rows are said once.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Distinct {
    No,
    /// PostgreSQL's DISTINCT ON.
    On(Vec<Expr>),
    Rows,
}

/// What stands in the list of a SELECT. Once resolved, always `Expr` with a name.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Output {
    Expr {
        expr: Expr,
        name: Option<Part>,
    },
    /// `*`
    Star(At),
    /// `t.*`, `s.t.*`
    StarOf(Vec<Part>, At),
}

/// One term of GROUP BY.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum GroupTerm {
    Cube(Vec<Vec<Expr>>),
    Expr(Expr),
    Rollup(Vec<Vec<Expr>>),
    Sets(Vec<Vec<Expr>>),
}

/// What rows come from.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Relation {
    Derived {
        lateral: bool,
        query: Box<Query>,
        alias: Alias,
    },
    /// A function that gives rows: `generate_series(1, 10) AS "g"("n")`.
    Function {
        lateral: bool,
        call: Box<Call>,
        ordinality: bool,
        alias: Alias,
    },
    Join {
        kind: JoinKind,
        left: Box<Relation>,
        right: Box<Relation>,
        on: Match,
    },
    /// As written: any name. Resolved: without a schema a query of WITH, with one a table of the catalogue, and such a
    /// table stands only in the sub-select made for it, and as the target of a write.
    Table {
        name: Vec<Part>,
        alias: Option<Alias>,
        at: At,
    },
}

/// The name rows go by, and the names of their columns where those are given too.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Alias {
    pub(crate) name: Part,
    pub(crate) columns: Vec<Part>,
}

/// How two relations are joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum JoinKind {
    Cross,
    Full,
    Inner,
    Left,
    Right,
}

/// Which rows of a join belong together. Once resolved, `On` or `Nothing`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Match {
    Natural,
    Nothing,
    On(Expr),
    Using(Vec<(Part, At)>),
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
