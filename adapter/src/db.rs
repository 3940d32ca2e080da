//! What a database can be asked: what it holds, and to run a statement that `crates/sql` has checked.
//!
//! A driver accepts nothing but [`sql::Checked`], which nothing else can make. It decides nothing about rights; it keeps
//! the second line of defence: a read-only session, pinned settings, a deadline. Rows come back as JSON text.

pub(crate) mod postgres;
pub(crate) mod rows;
pub(crate) mod sqlite;

use std::sync::Arc;

use futures::future::BoxFuture;
use sql::{Catalogue, Checked};

use crate::config::Bounds;
use rows::Rows;

/// One database.
pub(crate) trait Database: Send + Sync {
    /// Its tables and columns, now.
    fn catalogue(&self) -> BoxFuture<'_, Result<Catalogue, DatabaseError>>;

    /// Runs a statement that reads. Dropping the future cancels the statement.
    fn run<'a>(&'a self, statement: &'a Checked) -> BoxFuture<'a, Result<Rows, DatabaseError>>;
}

/// Why a database did not answer. The engine's own text is never in it: it can quote values the caller may not see.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub(crate) enum DatabaseError {
    /// Locked, or no connection was free in time.
    #[error("the database is busy; try again in a moment")]
    Busy,
    /// It does not know a name that the catalogue had.
    #[error("the database's tables have changed; call `list_tables` or `describe_table` and try again")]
    Changed,
    /// The login that the adapter uses may not do it.
    #[error("the adapter's own login may not read this table; the database's administrator has to grant it")]
    Login,
    /// It failed for a reason of its own; the code is the engine's.
    #[error("the database could not run the statement (code {code})")]
    Statement {
        /// SQLSTATE, or SQLite's extended result code.
        code: String,
    },
    /// The deadline passed.
    #[error(
        "the statement took longer than {seconds} s and was cancelled; narrow the filter or ask for fewer rows"
    )]
    Timeout {
        /// The deadline.
        seconds: u64,
    },
    /// No connection.
    #[error("the database cannot be reached")]
    Unreachable,
    /// A value in the filter or in a row does not fit its type.
    #[error("a value does not fit the type of its column; see `describe_table` for the types")]
    Value,
}

/// Why a database's URL cannot be used.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub(crate) enum UrlError {
    /// A scheme that no driver here has.
    #[error("the URL's scheme is not supported; use `sqlite://path` or `postgres://user@host/database`")]
    Scheme,
    /// The PostgreSQL driver refused it.
    #[error("the PostgreSQL URL cannot be read; write `postgres://user:password@host:5432/database`")]
    Postgres,
    /// A server that demands encryption.
    #[error("`sslmode=require` is not supported by this version; connect through a local proxy or socket")]
    Encryption,
}

/// The driver for a URL. Nothing is connected yet.
pub(crate) fn open(url: &str, bounds: Bounds) -> Result<Arc<dyn Database>, UrlError> {
    match url.split_once(':') {
        Some(("sqlite", _)) => Ok(Arc::new(sqlite::Sqlite::new(url, bounds))),
        Some(("postgres" | "postgresql", _)) => Ok(Arc::new(postgres::Postgres::new(url, bounds)?)),
        _ => Err(UrlError::Scheme),
    }
}
