//! Which statement it is.

use sqlparser::ast::{self, Spanned};

use crate::ir::Body;

use super::{Foreign, Lowering, at, refuse};

impl Lowering<'_> {
    pub(super) fn statement(&self, statement: &ast::Statement) -> Result<Body, Foreign> {
        match statement {
            ast::Statement::Query(query) => self.query(query).map(Body::Query),
            other => refuse("a statement of this kind", at(other.span())),
        }
    }
}
