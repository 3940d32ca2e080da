//! SQL Server: pooled connections, every statement in a transaction of its own.
//!
//! What reads is rolled back, since the server knows no read-only transactions. A change runs in one with its guards, is
//! counted, and is taken back where it went too far. The server has no deadline for statements: ours interrupts them.

mod connection;
mod decode;
mod execute;
mod fault;
mod grade;
mod introspect;
mod settings;
#[cfg(test)]
mod tests;

use deadpool::Runtime;
use deadpool::managed::{Pool, PoolError, TimeoutType};
use futures::future::BoxFuture;
use sql::Catalogue;

use super::rows::{RowsWriter, Sink};
use super::{Connections, Database, DatabaseError, Outcome, Run, UrlError};
use crate::config::Bounds;
use crate::grade::Grade;
use connection::{CONNECT_WAIT, Connector, InFlight};
use execute::Job;
use fault::fault;

/// One SQL Server database.
pub(crate) struct SqlServer {
    pool: Pool<Connector>,
    bounds: Bounds,
}

impl SqlServer {
    /// For a `sqlserver://` URL. Nothing is connected yet.
    pub(crate) fn new(url: &str, bounds: Bounds) -> Result<Self, UrlError> {
        let pool = Pool::builder(Connector::new(url)?)
            .max_size(bounds.connections.max(1))
            .runtime(Runtime::Tokio1)
            .wait_timeout(Some(CONNECT_WAIT))
            .create_timeout(Some(CONNECT_WAIT))
            .build()
            .map_err(|_| UrlError::SqlServer)?;
        Ok(Self { pool, bounds })
    }

    async fn connection(&self) -> Result<InFlight, DatabaseError> {
        let object = self.pool.get().await.map_err(|error| match error {
            PoolError::Timeout(TimeoutType::Wait) => DatabaseError::Busy,
            PoolError::Backend(error) => fault(&error),
            _ => DatabaseError::Unreachable,
        })?;
        Ok(InFlight::new(object))
    }

    async fn execute(&self, job: &Job<'_>, rows: RowsWriter) -> Result<Outcome, DatabaseError> {
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
                if !session.is_broken && execute::batch(session, settings::ROLLBACK).await.is_ok() {
                    in_flight.release();
                }
                Err(error)
            }
        }
    }

    async fn bounded<T>(
        &self,
        work: impl Future<Output = Result<T, DatabaseError>>,
    ) -> Result<T, DatabaseError> {
        match tokio::time::timeout(self.bounds.statement, work).await {
            Ok(result) => result,
            Err(_) => Err(DatabaseError::Timeout { seconds: self.bounds.statement.as_secs() }),
        }
    }
}

impl Database for SqlServer {
    fn catalogue(&self) -> BoxFuture<'_, Result<Catalogue, DatabaseError>> {
        Box::pin(self.bounded(async {
            let mut in_flight = self.connection().await?;
            let catalogue = introspect::catalogue(in_flight.session()?).await?;
            in_flight.release();
            Ok(catalogue)
        }))
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
            let grade = grade::grade(in_flight.session()?).await?;
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
            execute::batch(in_flight.session()?, "SELECT 1").await?;
            in_flight.release();
            Ok(())
        }))
    }
}
