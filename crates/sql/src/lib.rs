//! May this statement run, and as what text? Structured queries today, SQL text later, on one IR.
//!
//! [`plan`] resolves a [`Query`] against a [`Scope`] (what one role may see of one catalogue) into a
//! [`Statement`]; [`check()`] prints it for one dialect, reads the print back and compares, and only then makes a
//! [`Checked`], the one value a database driver accepts. This crate knows no database connection and no caller:
//! the catalogue, the rights and the query come in as values. Its results go to the adapter.

mod ask;
mod bind;
mod catalogue;
mod check;
mod claims;
mod dialect;
mod filter;
mod function;
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
pub use check::{Checked, Effect, Guard, OutputColumn, Statement, Write, check};
pub use claims::{Claim, Claims};
pub use dialect::Dialect;
pub use filter::{Filter, parse_filter};
pub use lexer::{SyntaxError, SyntaxProblem};
pub use refusal::{Place, Refusal};
pub use request::{Delete, Insert, Query, RawSql, Request, Update};
pub use rights::{Columns, Mask, Operation, Rights, TableRights};
pub use scope::{Scope, ScopedTable};
pub use value::Bind;

/// Resolves a request within what its caller may see and do.
///
/// # Errors
/// It names or wants something that the caller may not, or cannot be read.
pub fn plan(request: &Request, scope: &Scope, claims: &Claims) -> Result<Statement, Refusal> {
    match request {
        Request::Query(query) => ask::query(query, scope, claims).and_then(|body| {
            resolve::resolve(body, resolve::Caller { scope, claims, origin: resolve::Origin::Request })
        }),
        Request::Delete(_) | Request::Insert(_) | Request::Sql(_) | Request::Update(_) => {
            Err(Refusal::Unverified)
        }
    }
}
