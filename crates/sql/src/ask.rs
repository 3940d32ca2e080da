//! A structured request into the IR, its names those of the scope. Resolution then treats it like any other statement.

use crate::claims::Claims;
use crate::ir::Body;
use crate::refusal::Refusal;
use crate::request::Query;
use crate::scope::Scope;

/// The query as a statement over the tables of the scope.
pub(crate) fn query(_query: &Query, _scope: &Scope, _claims: &Claims) -> Result<Body, Refusal> {
    Err(Refusal::Unverified)
}
