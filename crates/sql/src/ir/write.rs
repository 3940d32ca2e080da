//! Statements that change rows: one table each.

use crate::name::Part;

use super::{At, Expr, Output, Query, With};

/// The table a statement changes. Resolved: schema and name of the catalogue, and an alias where the dialect takes one.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TargetTable {
    pub(crate) name: Vec<Part>,
    pub(crate) alias: Option<Part>,
    pub(crate) at: At,
}

/// INSERT.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Insert {
    pub(crate) table: TargetTable,
    /// Always given once resolved.
    pub(crate) columns: Vec<(Part, At)>,
    pub(crate) source: Source,
    pub(crate) conflict: Option<Conflict>,
    /// RETURNING; OUTPUT in T-SQL.
    pub(crate) returning: Vec<Output>,
}

/// What is inserted.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Source {
    Query(Box<Query>),
    /// `Nothing` in a place stands for DEFAULT.
    Values(Vec<Vec<Option<Expr>>>),
}

/// What happens to a row that is there already.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Conflict {
    /// The columns that must be unique; empty in MySQL, which takes any unique key.
    pub(crate) columns: Vec<(Part, At)>,
    pub(crate) action: ConflictAction,
}

/// What to do then. In the assignments the new row is called `excluded`, in MySQL `VALUES(column)`:
/// both are `Expr::Column` with the relation `excluded`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum ConflictAction {
    Nothing,
    Update { assignments: Vec<Assignment>, filter: Option<Expr> },
}

/// `column = value`; no value stands for DEFAULT.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Assignment {
    pub(crate) column: Part,
    pub(crate) value: Option<Expr>,
    pub(crate) at: At,
}

/// UPDATE of one table.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Update {
    pub(crate) with: Option<With>,
    pub(crate) table: TargetTable,
    pub(crate) assignments: Vec<Assignment>,
    pub(crate) filter: Option<Expr>,
    pub(crate) returning: Vec<Output>,
}

/// DELETE from one table.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Delete {
    pub(crate) with: Option<With>,
    pub(crate) table: TargetTable,
    pub(crate) filter: Option<Expr>,
    pub(crate) returning: Vec<Output>,
}
