//! SQLite: read-only handles, each with the engine's own restraints switched on.
//!
//! A handle is opened read-only and `query_only`, in defensive mode, without trust in the schema, without attached
//! databases, and with an authorizer that permits the statement's own tables and nothing else. A progress handler ends
//! a statement at its deadline, or when nobody waits for it any more.

mod authorizer;
mod introspect;

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use futures::future::BoxFuture;
use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;
use rusqlite::types::{ToSqlOutput, Value, ValueRef};
use rusqlite::{Connection, ErrorCode, OpenFlags, ToSql};
use sql::{Bind, Catalogue, Checked, Effect, Kind, OutputColumn, Type};
use tokio::runtime::Handle as Runtime;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::rows::{Next, Rows, RowsWriter, Sink};
use super::{Database, DatabaseError, Outcome, Run};
use crate::cell;
use crate::config::Bounds;
use crate::grade::Grade;
use authorizer::Permitted;

/// How long a handle waits for a lock that a writer holds.
const LOCK_WAIT: Duration = Duration::from_secs(5);
/// Virtual machine steps between two looks at the clock.
const STEPS: std::ffi::c_int = 2_000;

/// One SQLite file.
pub(crate) struct Sqlite {
    path: PathBuf,
    bounds: Bounds,
    idle: Arc<Mutex<Vec<Handle>>>,
    /// Names of the views, as of the last catalogue.
    views: Mutex<HashSet<String>>,
    free: Arc<Semaphore>,
}

/// One connection and what its authorizer permits at the moment.
struct Handle {
    connection: Connection,
    permitted: Permitted,
}

impl Sqlite {
    /// For `sqlite://path` (relative to the working directory) or `sqlite:///absolute/path`.
    pub(crate) fn new(url: &str, bounds: Bounds) -> Self {
        let path = url.trim_start_matches("sqlite:").trim_start_matches("//");
        // `sqlite:////x` and `sqlite:///x` both mean the absolute path.
        let path = if url.starts_with("sqlite:///") {
            format!("/{}", path.trim_start_matches('/'))
        } else {
            path.to_owned()
        };
        Self {
            path: PathBuf::from(path),
            bounds,
            idle: Arc::default(),
            views: Mutex::default(),
            free: Arc::new(Semaphore::new(bounds.connections.max(1))),
        }
    }

    /// Runs `work` on a handle, on a thread that may block.
    async fn with_handle<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Handle) -> Result<T, DatabaseError> + Send + 'static,
    ) -> Result<T, DatabaseError> {
        let permit = self.permit().await?;
        let idle = Arc::clone(&self.idle);
        let path = self.path.clone();
        let bounds = self.bounds;
        let abandoned = Abandoned::default();
        let flag = abandoned.flag();
        let task = tokio::task::spawn_blocking(move || {
            // Held to the end: a statement nobody waits for still occupies its handle until it has stopped.
            let _permit = permit;
            let pooled = idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let mut handle = match pooled {
                Some(handle) => handle,
                None => Handle::open(&path)?,
            };
            let deadline = Instant::now() + bounds.statement;
            handle.watch(move || flag.load(Ordering::Relaxed) || Instant::now() >= deadline)?;
            let result = work(&handle);
            let result = match result {
                Err(DatabaseError::Timeout { .. }) => {
                    Err(DatabaseError::Timeout { seconds: bounds.statement.as_secs() })
                }
                other => other,
            };
            idle.lock().unwrap_or_else(PoisonError::into_inner).push(handle);
            result
        });
        let result = task.await;
        abandoned.defuse();
        result.unwrap_or(Err(DatabaseError::Unreachable))
    }

    async fn permit(&self) -> Result<OwnedSemaphorePermit, DatabaseError> {
        let permit = Arc::clone(&self.free).acquire_owned();
        match tokio::time::timeout(LOCK_WAIT, permit).await {
            Ok(Ok(permit)) => Ok(permit),
            Ok(Err(_)) | Err(_) => Err(DatabaseError::Busy),
        }
    }
}

/// Sets its flag when it is dropped before the work is done, which is when the caller has gone.
#[derive(Default)]
struct Abandoned(Arc<AtomicBool>);

impl Abandoned {
    fn flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.0)
    }

    fn defuse(mut self) {
        self.0 = Arc::default();
    }
}

impl Drop for Abandoned {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl Handle {
    fn open(path: &PathBuf) -> Result<Self, DatabaseError> {
        let mut connection = connect(path).map_err(|error| match fault(&error) {
            DatabaseError::Statement { .. } => DatabaseError::Unreachable,
            other => other,
        })?;
        let permitted = Permitted::default();
        permitted.guard(&mut connection).map_err(|error| fault(&error))?;
        Ok(Self { connection, permitted })
    }

    fn watch(&mut self, stop: impl FnMut() -> bool + Send + 'static) -> Result<(), DatabaseError> {
        self.connection.progress_handler(STEPS, Some(stop)).map_err(|error| fault(&error))
    }

    fn run(&self, statement: &Statement, mut rows: RowsWriter) -> Result<Rows, DatabaseError> {
        let _permission = if statement.reads_view {
            self.permitted.view()
        } else {
            self.permitted.tables(&statement.tables)
        };
        let mut prepared = self.connection.prepare_cached(&statement.sql).map_err(|error| fault(&error))?;
        let binds = rusqlite::params_from_iter(statement.binds.iter().map(Bound));
        let mut cursor = prepared.query(binds).map_err(|error| fault(&error))?;
        while let Some(row) = cursor.next().map_err(|error| fault(&error))? {
            let next = rows.row(|index, out| {
                let ty = statement.columns.get(index).map_or(Type::Other, |column| column.ty);
                row.get_ref(index).map(|value| write(value, ty, out))
            });
            let mut next = next.map_err(|error| fault(&error))?;
            if next == Next::Flush {
                next = Runtime::current().block_on(rows.flush());
            }
            if next == Next::Stop {
                break;
            }
        }
        Ok(Runtime::current().block_on(rows.finish()))
    }
}

fn connect(path: &PathBuf) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(LOCK_WAIT)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DDL, false)?;
    connection.set_limit(Limit::SQLITE_LIMIT_ATTACHED, 0)?;
    connection.set_limit(Limit::SQLITE_LIMIT_SQL_LENGTH, 1 << 20)?;
    connection.set_limit(Limit::SQLITE_LIMIT_LENGTH, 64 << 20)?;
    connection.set_limit(Limit::SQLITE_LIMIT_WORKER_THREADS, 0)?;
    connection
        .execute_batch("PRAGMA query_only = ON; PRAGMA temp_store = MEMORY; PRAGMA cell_size_check = ON;")?;
    Ok(connection)
}

/// The parts of a [`Checked`] that the blocking thread needs.
struct Statement {
    sql: String,
    binds: Vec<Bind>,
    tables: Vec<String>,
    columns: Vec<OutputColumn>,
    reads_view: bool,
}

impl Statement {
    fn of(checked: &Checked, views: &HashSet<String>) -> Self {
        Self {
            reads_view: checked.tables().iter().any(|table| views.contains(table)),
            sql: checked.sql().to_owned(),
            binds: checked.binds().to_vec(),
            tables: checked.tables().to_vec(),
            columns: checked.columns().to_vec(),
        }
    }
}

impl Database for Sqlite {
    fn catalogue(&self) -> BoxFuture<'_, Result<Catalogue, DatabaseError>> {
        Box::pin(async {
            let catalogue = self
                .with_handle(|handle| {
                    let _permission = handle.permitted.introspection();
                    introspect::catalogue(&handle.connection).map_err(|error| fault(&error))
                })
                .await?;
            let views = catalogue.tables.iter().filter(|table| table.kind == Kind::View);
            let names = views.map(|view| view.name.clone()).collect();
            *self.views.lock().unwrap_or_else(PoisonError::into_inner) = names;
            Ok(catalogue)
        })
    }

    fn run_into<'a>(&'a self, run: Run<'a>, sink: Sink) -> BoxFuture<'a, Result<Outcome, DatabaseError>> {
        let views = self.views.lock().unwrap_or_else(PoisonError::into_inner);
        let statement = Statement::of(run.statement, &views);
        drop(views);
        if *run.statement.effect() != Effect::Read {
            return Box::pin(async { Err(DatabaseError::Login) });
        }
        let rows = RowsWriter::new(run.statement, &self.bounds, sink);
        Box::pin(async {
            let rows = self.with_handle(move |handle| handle.run(&statement, rows)).await?;
            Ok(Outcome { rows, affected: 0 })
        })
    }

    fn grade(&self) -> BoxFuture<'_, Result<Grade, DatabaseError>> {
        Box::pin(async { Ok(Grade::default()) })
    }

    fn ping(&self) -> BoxFuture<'_, Result<(), DatabaseError>> {
        Box::pin(self.with_handle(|_| Ok(())))
    }
}

/// SQLite types values, not columns; the declared type decides only where it says more than the stored class.
fn write(value: ValueRef<'_>, ty: Type, out: &mut Vec<u8>) {
    match (value, ty) {
        (ValueRef::Null, _) => cell::null(out),
        (ValueRef::Integer(value @ (0 | 1)), Type::Boolean) => cell::boolean(out, value == 1),
        (ValueRef::Integer(value), Type::Decimal) => cell::plain(out, &value.to_string()),
        (ValueRef::Integer(value), _) => cell::integer(out, value),
        (ValueRef::Real(value), Type::Decimal) => cell::plain(out, &value.to_string()),
        (ValueRef::Real(value), _) => cell::double(out, value),
        (ValueRef::Text(value), Type::Json) => cell::document(out, &String::from_utf8_lossy(value)),
        (ValueRef::Text(value), _) => cell::text(out, &String::from_utf8_lossy(value)),
        (ValueRef::Blob(value), _) => cell::bytes(out, value),
    }
}

/// A bind of the checked statement as SQLite takes it.
struct Bound<'a>(&'a Bind);

impl ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self.0 {
            Bind::Bool(value) => ToSqlOutput::Owned(Value::Integer(i64::from(*value))),
            Bind::Integer(value) => ToSqlOutput::Owned(Value::Integer(*value)),
            Bind::Real(value) => ToSqlOutput::Owned(Value::Real(*value)),
            Bind::Text(value) => ToSqlOutput::Borrowed(ValueRef::Text(value.as_bytes())),
        })
    }
}

/// Our words for what SQLite says; its own text stays here.
fn fault(error: &rusqlite::Error) -> DatabaseError {
    let failure = match error {
        rusqlite::Error::SqliteFailure(failure, _)
        | rusqlite::Error::SqlInputError { error: failure, .. } => failure,
        _ => return DatabaseError::Statement { code: "driver".to_owned() },
    };
    match failure.code {
        ErrorCode::OperationInterrupted => DatabaseError::Timeout { seconds: 0 },
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => DatabaseError::Busy,
        ErrorCode::CannotOpen | ErrorCode::NotADatabase => DatabaseError::Unreachable,
        ErrorCode::SchemaChanged => DatabaseError::Changed,
        ErrorCode::AuthorizationForStatementDenied => {
            DatabaseError::Statement { code: "authorizer".to_owned() }
        }
        // SQLITE_ERROR while preparing our own print: a name is gone.
        ErrorCode::Unknown if failure.extended_code == rusqlite::ffi::SQLITE_ERROR => DatabaseError::Changed,
        _ => DatabaseError::Statement { code: failure.extended_code.to_string() },
    }
}

#[cfg(test)]
mod tests;
