//! One connection with the engine's own restraints switched on, and what it does for one statement.
//!
//! Defensive mode, no trust in the schema, no attached databases, low limits, and an authorizer that permits what the
//! statement needs and nothing else. Readers are opened read-only; a writer changes rows in one transaction with its guards.

use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;
use rusqlite::{CachedStatement, Connection, OpenFlags};
use sql::{Bind, Effect, Type, Write};
use tokio::runtime::Handle as Runtime;

use super::authorizer::{Permission, Permitted};
use super::fault::{fault, preparing};
use super::statement::Statement;
use super::value::{Bound, write};
use super::{functions, introspect};
use crate::db::rows::{Next, RowsWriter};
use crate::db::{Commit, DatabaseError};

/// How long a handle waits for a lock that a writer holds.
pub(super) const LOCK_WAIT: Duration = Duration::from_secs(5);
/// Virtual machine steps between two looks at the clock.
const STEPS: std::ffi::c_int = 2_000;
/// Statements that a handle keeps prepared.
const PREPARED: usize = 64;
/// What the engine may be asked for in one piece: a value, and a statement.
const LARGEST_VALUE: i32 = 16 << 20;
const LONGEST_STATEMENT: i32 = 1 << 20;

/// What a handle can do at most.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Mode {
    Read,
    Write,
}

/// One connection and what its authorizer permits at the moment.
pub(super) struct Handle {
    pub(super) connection: Connection,
    pub(super) permitted: Permitted,
}

impl Handle {
    /// Opens the file, which must be there.
    pub(super) fn open(path: &Path, mode: Mode) -> Result<Self, DatabaseError> {
        let mut connection = connect(path, mode).map_err(|error| match fault(&error) {
            DatabaseError::Statement { .. } | DatabaseError::Value => DatabaseError::Unreachable,
            other => other,
        })?;
        let permitted = Permitted::default();
        permitted.guard(&mut connection).map_err(|error| fault(&error))?;
        Ok(Self { connection, permitted })
    }

    /// Ends what runs as soon as `stop` says so.
    pub(super) fn watch(&mut self, stop: impl FnMut() -> bool + Send + 'static) -> Result<(), DatabaseError> {
        self.connection.progress_handler(STEPS, Some(stop)).map_err(|error| fault(&error))
    }

    /// The catalogue, and the names of the triggers.
    pub(super) fn catalogue(&self) -> Result<(sql::Catalogue, Vec<String>), DatabaseError> {
        let _granted = self.permitted.grant(Permission::Introspection);
        let catalogue = introspect::catalogue(&self.connection).map_err(|error| fault(&error))?;
        let triggers = introspect::triggers(&self.connection).map_err(|error| fault(&error))?;
        Ok((catalogue, triggers))
    }

    /// Runs a statement: rows into the writer, the number of rows changed back. `stop` says whether anybody still waits.
    pub(super) fn run(
        &self,
        statement: &Statement,
        rows: &mut RowsWriter,
        stop: impl Fn() -> bool,
    ) -> Result<u64, DatabaseError> {
        let limit = match &statement.effect {
            Effect::Read => return self.statement(statement, rows).map(|()| 0),
            Effect::Ddl => None,
            Effect::Write(write) => Some(write),
        };
        self.transaction("BEGIN IMMEDIATE")?;
        let changed = self.change(statement, rows, limit).and_then(|affected| match stop() {
            true => Err(DatabaseError::Timeout { seconds: 0 }),
            false => Ok(affected),
        });
        let ended = match (&changed, statement.commit) {
            (Ok(_), Commit::Commit) => self.transaction("COMMIT"),
            _ => Ok(()),
        };
        // A commit that failed leaves its transaction open, and so does what was refused or tried out.
        if !self.connection.is_autocommit() {
            self.transaction("ROLLBACK")?;
        }
        ended.and(changed)
    }

    fn change(
        &self,
        statement: &Statement,
        rows: &mut RowsWriter,
        write: Option<&Write>,
    ) -> Result<u64, DatabaseError> {
        for guard in write.map(|write| write.guards.as_slice()).unwrap_or_default() {
            if self.count(&statement.permission, &guard.sql, &guard.binds)? != 0 {
                return Err(DatabaseError::OutsideRows);
            }
        }
        let before = self.connection.total_changes();
        self.statement(statement, rows)?;
        // The last change is this statement's only if there was one.
        let affected = if self.connection.total_changes() == before { 0 } else { self.connection.changes() };
        match write {
            Some(write) if affected > write.max_affected => {
                Err(DatabaseError::TooManyRows { limit: write.max_affected })
            }
            _ => Ok(affected),
        }
    }

    fn statement(&self, statement: &Statement, rows: &mut RowsWriter) -> Result<(), DatabaseError> {
        let _granted = self.permitted.grant(statement.permission.clone());
        let mut prepared = self.prepare(&statement.sql)?;
        Self::step(&mut prepared, statement, rows).map_err(|error| match fault(&error) {
            // The engine prepares a statement anew where the schema has changed: a name may be gone since.
            DatabaseError::Value if self.connection.prepare(&statement.sql).is_err() => {
                DatabaseError::Changed
            }
            other => other,
        })
    }

    fn step(
        prepared: &mut CachedStatement<'_>,
        statement: &Statement,
        rows: &mut RowsWriter,
    ) -> rusqlite::Result<()> {
        let is_read = statement.effect == Effect::Read;
        let binds = rusqlite::params_from_iter(statement.binds.iter().map(Bound));
        let mut cursor = prepared.query(binds)?;
        let mut next = Next::Read;
        while let Some(row) = cursor.next()? {
            if next == Next::Stop {
                continue;
            }
            next = rows.row(|index, out| {
                let ty = statement.types.get(index).copied().unwrap_or(Type::Other);
                row.get_ref(index).map(|value| write(value, ty, out))
            })?;
            if next == Next::Flush {
                next = Runtime::current().block_on(rows.flush());
            }
            // A change takes effect, and is counted, at its end.
            if next == Next::Stop && is_read {
                break;
            }
        }
        Ok(())
    }

    /// The one number that a guard gives.
    fn count(&self, permission: &Permission, sql: &str, binds: &[Bind]) -> Result<i64, DatabaseError> {
        let _granted = self.permitted.grant(permission.clone());
        let mut prepared = self.prepare(sql)?;
        let binds = rusqlite::params_from_iter(binds.iter().map(Bound));
        prepared.query_row(binds, |row| row.get(0)).map_err(|error| fault(&error))
    }

    /// Under a permission that has to last: the engine prepares a statement again, while it runs, if the schema has changed.
    fn prepare(&self, sql: &str) -> Result<CachedStatement<'_>, DatabaseError> {
        self.connection.prepare_cached(sql).map_err(|error| preparing(&error))
    }

    fn transaction(&self, sql: &str) -> Result<(), DatabaseError> {
        let _granted = self.permitted.grant(Permission::Transaction);
        let mut prepared = self.prepare(sql)?;
        prepared.execute([]).map(drop).map_err(|error| fault(&error))
    }
}

/// A connection without an authorizer.
pub(super) fn connect(path: &Path, mode: Mode) -> rusqlite::Result<Connection> {
    let flags = match mode {
        Mode::Read => OpenFlags::SQLITE_OPEN_READ_ONLY,
        Mode::Write => OpenFlags::SQLITE_OPEN_READ_WRITE,
    };
    let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(LOCK_WAIT)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DDL, false)?;
    connection.set_limit(Limit::SQLITE_LIMIT_ATTACHED, 0)?;
    connection.set_limit(Limit::SQLITE_LIMIT_SQL_LENGTH, LONGEST_STATEMENT)?;
    connection.set_limit(Limit::SQLITE_LIMIT_LENGTH, LARGEST_VALUE)?;
    connection.set_limit(Limit::SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 4_096)?;
    connection.set_limit(Limit::SQLITE_LIMIT_TRIGGER_DEPTH, 32)?;
    connection.set_limit(Limit::SQLITE_LIMIT_WORKER_THREADS, 0)?;
    connection.set_prepared_statement_cache_capacity(PREPARED);
    functions::register(&connection)?;
    // What a sort or a grouping does not hold in its page cache goes to a file that nobody else sees, not into memory.
    connection.execute_batch(
        "PRAGMA temp_store = FILE; PRAGMA cell_size_check = ON; PRAGMA foreign_keys = ON; \
         PRAGMA recursive_triggers = OFF;",
    )?;
    if mode == Mode::Read {
        connection.execute_batch("PRAGMA query_only = ON;")?;
    }
    Ok(connection)
}
