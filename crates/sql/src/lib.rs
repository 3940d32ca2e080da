//! May this statement run, and as what text? Structured queries today, SQL text later, on one IR.
//!
//! [`plan`] resolves a [`Query`] against a [`Scope`] (what one role may see of one catalogue) into a
//! [`Statement`]; [`check()`] prints it for one dialect, reads the print back and compares, and only then makes a
//! [`Checked`], the one value a database driver accepts. This crate knows no database connection and no caller:
//! the catalogue, the rights and the query come in as values. Its results go to the adapter.

mod bind;
mod catalogue;
mod check;
mod dialect;
mod filter;
mod ir;
mod lexer;
mod lower;
mod name;
mod order;
mod print;
mod query;
mod refusal;
mod rights;
mod scope;
mod tokens;
mod value;

pub use catalogue::{Catalogue, Column, ForeignKey, Kind, Table, Type};
pub use check::{Checked, OutputColumn, Statement, check};
pub use dialect::Dialect;
pub use filter::{Filter, parse_filter};
pub use lexer::{SyntaxError, SyntaxProblem};
pub use query::{Query, plan};
pub use refusal::{Place, Refusal};
pub use rights::{Columns, Operation, Rights, TableRights};
pub use scope::{Scope, ScopedTable};
pub use value::Bind;
