//! May this statement run, and as what text? Structured queries today, SQL text later, on one IR.
//!
//! [`plan`] resolves a [`Query`] against a [`Scope`] (what one role may see of one catalogue) into a
//! [`Statement`]; [`check()`] prints it for one dialect, reads the print back and compares, and only then makes a
//! [`Checked`], the one value a database driver accepts. This crate knows no database connection and no caller:
//! the catalogue, the rights and the query come in as values. Its results go to the adapter.

mod ask;
mod bind;
mod cast;
mod catalogue;
mod check;
mod claims;
pub mod cursor;
mod dialect;
mod filter;
mod function;
mod grants;
mod ir;
mod lexer;
mod lower;
mod name;
mod order;
mod print;
mod refusal;
mod request;
mod resolve;
mod rights;
mod scope;
mod tokens;
mod value;

pub use catalogue::{Catalogue, Column, ForeignKey, Kind, Table, Type};
pub use check::{Checked, Checker, Effect, Guard, OutputColumn, Statement, Write, check};
pub use claims::{Claim, Claims};
pub use dialect::Dialect;
pub use filter::{Filter, parse_filter, parse_row_rule};
pub use grants::grants;
pub use lexer::{SyntaxError, SyntaxProblem};
pub use refusal::{Objection, Place, Refusal};
pub use request::{Delete, Insert, Problem, Query, RawSql, Request, Update};
pub use rights::{Access, Columns, Mask, Operation, Rights, TableRights};
pub use scope::{Scope, ScopedTable};
pub use value::Bind;

/// Resolves a request within what its caller may see and do.
///
/// # Errors
/// It names or wants something that the caller may not, or cannot be read.
pub fn plan(request: &Request, scope: &Scope, claims: &Claims) -> Result<Statement, Refusal> {
    match request {
        Request::Delete(_) | Request::Insert(_) | Request::Query(_) | Request::Update(_) => {
            let asked = ask::body(request, scope)?;
            let caller = resolve::Caller { scope, claims, origin: resolve::Origin::Request };
            Ok(Statement { cursor: asked.cursor, ..resolve::resolve(asked.body, caller)? })
        }
        Request::Sql(raw) => {
            let refused = |place, objection| Refusal::Statement { place, objection };
            if !scope.takes_sql() {
                return Err(refused(Place::Statement, Objection::RawSql));
            }
            let values = raw.values()?;
            let body = lower::lower(&raw.sql, lower::Author::Caller(&values), scope.dialect())
                .map_err(|foreign| refused(foreign.at.into(), Objection::Construct(foreign.what)))?;
            let caller = resolve::Caller { scope, claims, origin: resolve::Origin::Text };
            resolve::resolve(body, caller)
        }
    }
}
