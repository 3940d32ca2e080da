//! A structured request into the IR, its names those of the scope. Resolution then treats it like any other statement.

use crate::claims::Claims;
use crate::cursor::CursorPlan;
use crate::ir::Body;
use crate::refusal::Refusal;
use crate::request::Request;
use crate::scope::Scope;

/// A statement over the tables of the scope, and what the cursor of its next page is made of.
pub(crate) struct Asked {
    pub(crate) body: Body,
    pub(crate) cursor: Option<CursorPlan>,
}

/// The request as a statement.
pub(crate) fn body(_request: &Request, _scope: &Scope, _claims: &Claims) -> Result<Asked, Refusal> {
    Err(Refusal::Unverified)
}
