//! SQLite: a pool of read-only handles and one that writes, as the engine has one writer anyway.
//!
//! A progress handler ends a statement at its deadline, or when nobody waits for it any more. SQLite tells no cost of a
//! statement beforehand, so a limit on it has no effect here; the deadline has.

mod authorizer;
mod fault;
mod functions;
mod grade;
mod handle;
mod introspect;
mod statement;
mod value;

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use futures::future::BoxFuture;
use sql::{Catalogue, Effect, Kind};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::rows::{RowsWriter, Sink};
use super::{Database, DatabaseError, Outcome, Run};
use crate::config::Bounds;
use crate::grade::Grade;
use handle::{Handle, LOCK_WAIT, Mode};
use statement::{Known, Statement};

/// One SQLite file.
pub(crate) struct Sqlite {
    path: PathBuf,
    bounds: Bounds,
    readers: Handles,
    writers: Handles,
    /// As of the last catalogue.
    known: Mutex<Known>,
}

/// Handles of one mode.
struct Handles {
    mode: Mode,
    idle: Arc<Mutex<Vec<Handle>>>,
    free: Arc<Semaphore>,
}

impl Handles {
    fn new(mode: Mode, most: usize) -> Self {
        Self { mode, idle: Arc::default(), free: Arc::new(Semaphore::new(most.max(1))) }
    }

    async fn permit(&self) -> Result<OwnedSemaphorePermit, DatabaseError> {
        let permit = Arc::clone(&self.free).acquire_owned();
        match tokio::time::timeout(LOCK_WAIT, permit).await {
            Ok(Ok(permit)) => Ok(permit),
            Ok(Err(_)) | Err(_) => Err(DatabaseError::Busy),
        }
    }
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
            readers: Handles::new(Mode::Read, bounds.connections),
            writers: Handles::new(Mode::Write, 1),
            known: Mutex::default(),
        }
    }

    /// Runs `work` on a handle, on a thread that may block.
    async fn with_handle<T: Send + 'static>(
        &self,
        handles: &Handles,
        work: impl FnOnce(&Handle, &dyn Fn() -> bool) -> Result<T, DatabaseError> + Send + 'static,
    ) -> Result<T, DatabaseError> {
        let permit = handles.permit().await?;
        let idle = Arc::clone(&handles.idle);
        let (path, mode, bounds) = (self.path.clone(), handles.mode, self.bounds);
        let abandoned = Abandoned::default();
        let flag = abandoned.flag();
        let task = tokio::task::spawn_blocking(move || {
            // Held to the end: a statement nobody waits for still occupies its handle until it has stopped.
            let _permit = permit;
            let pooled = idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let mut handle = match pooled {
                Some(handle) => handle,
                None => Handle::open(&path, mode)?,
            };
            let deadline = Instant::now() + bounds.statement;
            let stop = move || flag.load(Ordering::Relaxed) || Instant::now() >= deadline;
            handle.watch(stop.clone())?;
            let result = work(&handle, &stop);
            let result = match result {
                Err(DatabaseError::Timeout { .. }) => {
                    Err(DatabaseError::Timeout { seconds: bounds.statement.as_secs() })
                }
                other => other,
            };
            // One that is still within a transaction is of no use to the next.
            if handle.connection.is_autocommit() {
                idle.lock().unwrap_or_else(PoisonError::into_inner).push(handle);
            }
            result
        });
        let result = task.await;
        abandoned.defuse();
        result.unwrap_or(Err(DatabaseError::Unreachable))
    }

    async fn look(&self) -> Result<Catalogue, DatabaseError> {
        let (catalogue, triggers) = self.with_handle(&self.readers, |handle, _| handle.catalogue()).await?;
        let views = catalogue.tables.iter().filter(|table| table.kind == Kind::View);
        let views = Arc::new(views.map(|view| view.name.clone()).collect());
        let triggers = Arc::new(triggers.into_iter().collect());
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) =
            Known { views, triggers, keys: Arc::new(keys(&catalogue)) };
        Ok(catalogue)
    }

    async fn execute(&self, statement: Statement, mut rows: RowsWriter) -> Result<Outcome, DatabaseError> {
        let handles = match statement.effect {
            Effect::Read => &self.readers,
            Effect::Ddl | Effect::Write(_) => &self.writers,
        };
        let run = move |handle: &Handle, stop: &dyn Fn() -> bool| {
            handle.run(&statement, &mut rows, stop).map(|affected| (affected, rows))
        };
        let (affected, rows) = self.with_handle(handles, run).await?;
        Ok(Outcome { rows: rows.finish().await, affected })
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

impl Database for Sqlite {
    fn catalogue(&self) -> BoxFuture<'_, Result<Catalogue, DatabaseError>> {
        Box::pin(self.look())
    }

    fn run_into<'a>(&'a self, run: Run<'a>, sink: Sink) -> BoxFuture<'a, Result<Outcome, DatabaseError>> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let statement = Statement::of(&run, &known);
        let rows = RowsWriter::new(run.statement, &self.bounds, sink);
        Box::pin(self.execute(statement, rows))
    }

    fn grade(&self) -> BoxFuture<'_, Result<Grade, DatabaseError>> {
        Box::pin(async { Ok(grade::grade(&self.path)) })
    }

    fn ping(&self) -> BoxFuture<'_, Result<(), DatabaseError>> {
        // An empty file is a database; one that is none says so when it is read.
        Box::pin(async { self.look().await.map(drop) })
    }
}

/// The columns at both ends of foreign keys, with their tables, in lower case.
fn keys(catalogue: &Catalogue) -> HashSet<(String, String)> {
    let ends = |table: &str, columns: &[String]| -> Vec<(String, String)> {
        columns.iter().map(|column| (table.to_lowercase(), column.to_lowercase())).collect()
    };
    let keys =
        catalogue.tables.iter().flat_map(|table| table.foreign_keys.iter().map(move |key| (table, key)));
    keys.flat_map(|(table, key)| {
        [ends(&table.name, &key.columns), ends(&key.table, &key.references)].concat()
    })
    .collect()
}

#[cfg(test)]
mod tests;
