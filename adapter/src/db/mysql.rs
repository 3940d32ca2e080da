//! MySQL and MariaDB: pooled connections, every statement in a transaction of its own.
//!
//! What reads runs in a read-only transaction. A change runs in one with its guards, is counted, and is taken back where it
//! went too far; tables whose engine cannot take a change back are therefore not written to.

mod connection;
mod cost;
mod decode;
mod execute;
mod fault;
mod grade;
mod introspect;
mod settings;
#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use deadpool::Runtime;
use deadpool::managed::{Pool, PoolError, TimeoutType};
use futures::future::BoxFuture;
use mysql_async::prelude::Queryable;
use sql::{Catalogue, Effect};

use super::rows::{RowsWriter, Sink};
use super::{Connections, Database, DatabaseError, Outcome, Run, UrlError};
use crate::config::Bounds;
use crate::grade::Grade;
use connection::{Connector, GRACE, InFlight};
use execute::Job;
use fault::fault;

/// How long to wait for a connection.
const CONNECT_WAIT: Duration = Duration::from_secs(5);

/// One MySQL or MariaDB database.
pub(crate) struct MySql {
    pool: Pool<Connector>,
    bounds: Bounds,
    /// Tables whose engine cannot take a change back, once the catalogue has been read.
    permanent: Mutex<Option<Arc<HashSet<String>>>>,
}

impl MySql {
    /// For a `mysql://` URL. Nothing is connected yet.
    pub(crate) fn new(url: &str, bounds: Bounds) -> Result<Self, UrlError> {
        let pool = Pool::builder(Connector::new(url, bounds)?)
            .max_size(bounds.connections.max(1))
            .runtime(Runtime::Tokio1)
            .wait_timeout(Some(CONNECT_WAIT))
            .create_timeout(Some(CONNECT_WAIT))
            .build()
            .map_err(|_| UrlError::MySql)?;
        Ok(Self { pool, bounds, permanent: Mutex::default() })
    }

    async fn connection(&self) -> Result<InFlight, DatabaseError> {
        let object = self.pool.get().await.map_err(|error| match error {
            PoolError::Timeout(TimeoutType::Wait) => DatabaseError::Busy,
            PoolError::Backend(error) => fault(&error, &self.bounds),
            _ => DatabaseError::Unreachable,
        })?;
        Ok(InFlight::new(object, self.pool.manager()))
    }

    async fn execute(&self, job: &Job<'_>, rows: RowsWriter) -> Result<Outcome, DatabaseError> {
        if matches!(job.effect, Effect::Write(_)) && self.cannot_take_back(job.sql).await? {
            return Err(DatabaseError::NoRollback);
        }
        let mut in_flight = self.connection().await?;
        let session = in_flight.session()?;
        match execute::run(session, job, rows, &self.bounds).await {
            Ok(ran) => {
                if !ran.is_unread {
                    in_flight.release();
                }
                Ok(ran.outcome)
            }
            Err(error) => {
                if !session.conn.is_disconnected() && session.conn.query_drop("ROLLBACK").await.is_ok() {
                    in_flight.release();
                }
                Err(error)
            }
        }
    }

    /// Whether the text names a table whose engine cannot take a change back. Printed names are qualified and quoted.
    async fn cannot_take_back(&self, sql: &str) -> Result<bool, DatabaseError> {
        let known = self.permanent.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let permanent = match known {
            Some(permanent) => permanent,
            None => self.introspect().await?.1,
        };
        let database = quoted(self.pool.manager().database());
        Ok(permanent.iter().any(|table| sql.contains(&format!("{database}.{}", quoted(table)))))
    }

    async fn introspect(&self) -> Result<(Catalogue, Arc<HashSet<String>>), DatabaseError> {
        let mut in_flight = self.connection().await?;
        let session = in_flight.session()?;
        let database = self.pool.manager().database();
        let found =
            introspect::catalogue(session, database).await.map_err(|error| fault(&error, &self.bounds))?;
        in_flight.release();
        let permanent = Arc::new(found.permanent);
        *self.permanent.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&permanent));
        Ok((found.catalogue, permanent))
    }

    async fn bounded<T>(
        &self,
        work: impl Future<Output = Result<T, DatabaseError>>,
    ) -> Result<T, DatabaseError> {
        // The server keeps the same deadline for what reads; this one is for the rest.
        match tokio::time::timeout(self.bounds.statement + GRACE, work).await {
            Ok(result) => result,
            Err(_) => Err(DatabaseError::Timeout { seconds: self.bounds.statement.as_secs() }),
        }
    }
}

impl Database for MySql {
    fn catalogue(&self) -> BoxFuture<'_, Result<Catalogue, DatabaseError>> {
        Box::pin(self.bounded(async { Ok(self.introspect().await?.0) }))
    }

    fn run_into<'a>(&'a self, run: Run<'a>, sink: Sink) -> BoxFuture<'a, Result<Outcome, DatabaseError>> {
        Box::pin(self.bounded(async move {
            let job = Job {
                sql: run.statement.sql(),
                binds: run.statement.binds(),
                columns: run.statement.columns(),
                effect: run.statement.effect(),
                tag: run.tag,
                commit: run.commit,
                max_cost: run.max_cost,
            };
            self.execute(&job, RowsWriter::new(run.statement, &self.bounds, sink)).await
        }))
    }

    fn grade(&self) -> BoxFuture<'_, Result<Grade, DatabaseError>> {
        Box::pin(self.bounded(async {
            let mut in_flight = self.connection().await?;
            let grade = grade::grade(in_flight.session()?).await;
            let grade = grade.map_err(|error| fault(&error, &self.bounds))?;
            in_flight.release();
            Ok(grade)
        }))
    }

    fn connections(&self) -> Option<Connections> {
        Some(self.pool.status().into())
    }

    fn ping(&self) -> BoxFuture<'_, Result<(), DatabaseError>> {
        Box::pin(self.bounded(async {
            let mut in_flight = self.connection().await?;
            let pong = in_flight.session()?.conn.ping().await;
            pong.map_err(|error| fault(&error, &self.bounds))?;
            in_flight.release();
            Ok(())
        }))
    }
}

fn quoted(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}
