//! What a database can be asked: what it holds, to run a statement that `crates/sql` has checked, what its login may do.
//!
//! A driver accepts nothing but [`sql::Checked`], which nothing else can make. It decides nothing about rights; it keeps
//! the second line of defence: a read-only session for what reads, one transaction with its guards for what writes,
//! pinned settings, a deadline. Rows come back as JSON text.

mod error;
pub(crate) mod mysql;
pub(crate) mod postgres;
pub(crate) mod rows;
pub(crate) mod sqlite;
pub(crate) mod sqlserver;
mod tag;

use std::sync::Arc;

use futures::future::BoxFuture;
use sql::{Catalogue, Checked};

use crate::config::Bounds;
use crate::grade::Grade;
pub(crate) use error::{DatabaseError, UrlError};
use rows::{Rows, Sink};
pub(crate) use tag::Tag;

/// One database.
pub(crate) trait Database: Send + Sync {
    /// Its tables and columns, now.
    fn catalogue(&self) -> BoxFuture<'_, Result<Catalogue, DatabaseError>>;

    /// Runs a statement and hands its rows to the sink. Dropping the future cancels the statement; a change whose future
    /// is dropped is not committed, unless it already was.
    fn run_into<'a>(&'a self, run: Run<'a>, sink: Sink) -> BoxFuture<'a, Result<Outcome, DatabaseError>>;

    /// What the login that the adapter was given may do beyond what it needs.
    fn grade(&self) -> BoxFuture<'_, Result<Grade, DatabaseError>>;

    /// Whether it answers.
    fn ping(&self) -> BoxFuture<'_, Result<(), DatabaseError>>;

    /// Its connections, where it has some to a server.
    fn connections(&self) -> Option<Connections> {
        None
    }
}

/// Connections to a server, now.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Connections {
    /// Those that could be used at once.
    pub(crate) idle: usize,
    /// Those in use.
    pub(crate) used: usize,
    /// How many there may be.
    pub(crate) most: usize,
    /// Statements that wait for one.
    pub(crate) waiting: usize,
}

impl From<deadpool::Status> for Connections {
    fn from(status: deadpool::Status) -> Self {
        Self {
            idle: status.available,
            used: status.size.saturating_sub(status.available),
            most: status.max_size,
            waiting: status.waiting,
        }
    }
}

/// A statement and how to run it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Run<'a> {
    /// What to run.
    pub(crate) statement: &'a Checked,
    /// What the database's own log shows it as.
    pub(crate) tag: &'a Tag,
    /// What becomes of a change.
    pub(crate) commit: Commit,
    /// A statement that the engine expects to cost more, in its own unit, does not run.
    pub(crate) max_cost: Option<f64>,
}

/// What becomes of a change.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Commit {
    /// It stays.
    Commit,
    /// It is counted and rolled back.
    DryRun,
}

/// What a statement gave.
#[derive(Debug, Eq, PartialEq)]
pub(crate) struct Outcome {
    /// Its rows; none where it gives none.
    pub(crate) rows: Rows,
    /// How many rows it changed, or would have changed.
    pub(crate) affected: u64,
}

/// The driver for a URL. Nothing is connected yet.
pub(crate) fn open(url: &str, bounds: Bounds) -> Result<Arc<dyn Database>, UrlError> {
    match url.split_once(':') {
        Some(("mysql" | "mariadb", _)) => Ok(Arc::new(mysql::MySql::new(url, bounds)?)),
        Some(("sqlserver" | "mssql", _)) => Ok(Arc::new(sqlserver::SqlServer::new(url, bounds)?)),
        Some(("sqlite", _)) => Ok(Arc::new(sqlite::Sqlite::new(url, bounds))),
        Some(("postgres" | "postgresql", _)) => Ok(Arc::new(postgres::Postgres::new(url, bounds)?)),
        _ => Err(UrlError::Scheme),
    }
}
