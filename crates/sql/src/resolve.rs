//! Names as written into what the caller may see: every table becomes a sub-select of its permitted and masked columns under
//! the conditions on its rows, and every name one of those columns, or it is refused.

use crate::check::Statement;
use crate::claims::Claims;
use crate::ir::Body;
use crate::refusal::Refusal;
use crate::scope::Scope;

/// Whom a statement is resolved for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Caller<'a> {
    pub(crate) scope: &'a Scope,
    pub(crate) claims: &'a Claims,
    pub(crate) origin: Origin,
}

/// Where a statement comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// Made here from a structured request: its conditions compare columns with typed values and cannot fail on a row.
    Request,
    /// Lowered from a caller's SQL: its conditions can be anything, so rows must be cut out before they are tried.
    Text,
}

/// Resolves a statement.
pub(crate) fn resolve(_body: Body, _caller: Caller<'_>) -> Result<Statement, Refusal> {
    Err(Refusal::Unverified)
}
