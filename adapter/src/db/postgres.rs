//! PostgreSQL: pooled connections, every statement in a transaction of its own.
//!
//! Sessions are read-only by default and pinned to settings that the statements are printed for; a statement that writes
//! begins a transaction that says so. A statement whose caller has gone is cancelled at the server.

mod calendar;
mod decode;
mod digits;
mod encryption;
mod fault;
mod grade;
mod introspect;
mod numeric;
mod parameter;
mod texts;
mod transaction;

use std::time::Duration;

use deadpool_postgres::{
    Hook, HookError, Manager, ManagerConfig, Object, Pool, PoolError, RecyclingMethod, Runtime,
};
use futures::future::BoxFuture;
use sql::Catalogue;
use tokio_postgres::NoTls;

use super::rows::{RowsWriter, Sink};
use super::{Connections, Database, DatabaseError, Outcome, Run, UrlError};
use crate::config::Bounds;
use crate::grade::Grade;
use encryption::Encryption;
use fault::{Broken, fault};
use texts::Texts;
use transaction::Transaction;

/// How long to wait for a connection.
const CONNECT_WAIT: Duration = Duration::from_secs(5);
/// What the server may take longer than its own deadline before the connection is given up.
const GRACE: Duration = Duration::from_secs(2);

/// Settings of a session. The transaction pins them again: behind a pooler a session is not ours alone.
const SESSION: &str = "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY; SET search_path = ''; \
    SET standard_conforming_strings = on; SET TimeZone = 'UTC'; SET DateStyle = 'ISO, MDY'; \
    SET IntervalStyle = 'iso_8601'";

/// One PostgreSQL database.
pub(crate) struct Postgres {
    pool: Pool,
    encryption: Option<Encryption>,
    bounds: Bounds,
    pinned: String,
    texts: Texts,
}

impl Postgres {
    /// For a `postgres://` URL. Nothing is connected yet.
    pub(crate) fn new(url: &str, bounds: Bounds) -> Result<Self, UrlError> {
        let (url, encryption) = encryption::split(url)?;
        let mut config: tokio_postgres::Config = url.parse().map_err(|_| UrlError::Postgres)?;
        if config.get_application_name().is_none() {
            config.application_name("trigate");
        }
        config.connect_timeout(CONNECT_WAIT);
        let recycling = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let manager = match &encryption {
            Some(encryption) => Manager::from_config(config, encryption.clone(), recycling),
            None => Manager::from_config(config, NoTls, recycling),
        };
        let pool = Pool::builder(manager)
            .max_size(bounds.connections.max(1))
            .runtime(Runtime::Tokio1)
            .wait_timeout(Some(CONNECT_WAIT))
            .create_timeout(Some(CONNECT_WAIT))
            .post_create(Hook::async_fn(|client, _| {
                Box::pin(async move { client.batch_execute(SESSION).await.map_err(HookError::Backend) })
            }))
            .build()
            .map_err(|_| UrlError::Postgres)?;
        let statement = bounds.statement.as_millis();
        let idle = (bounds.statement + GRACE).as_millis();
        let pinned = format!(
            "SET LOCAL search_path = ''; SET LOCAL TimeZone = 'UTC'; SET LOCAL standard_conforming_strings = on; \
             SET LOCAL lock_timeout = 5000; SET LOCAL statement_timeout = {statement}; \
             SET LOCAL idle_in_transaction_session_timeout = {idle}"
        );
        Ok(Self { pool, encryption, bounds, pinned, texts: Texts::default() })
    }

    async fn connection(&self) -> Result<InFlight, DatabaseError> {
        let object = self.pool.get().await.map_err(|error| match error {
            PoolError::Timeout(deadpool_postgres::TimeoutType::Wait) => DatabaseError::Busy,
            PoolError::Backend(error) => fault(&error, &self.bounds),
            _ => DatabaseError::Unreachable,
        })?;
        Ok(InFlight { object: Some(object), encryption: self.encryption.clone() })
    }

    /// Runs a transaction, and the same once more where the server has to put columns in words.
    async fn transact(
        &self,
        transaction: Transaction<'_>,
        mut rows: RowsWriter,
    ) -> Result<Outcome, DatabaseError> {
        let in_flight = self.connection().await?;
        let client = in_flight.client()?;
        let known = self.texts.of(transaction.sql);
        let first = Transaction { sql: known.as_deref().unwrap_or(transaction.sql), ..transaction };
        let mut result = first.run(client, &mut rows).await;
        if let Err(Broken::NeedsText(columns)) = &result {
            // Nothing was written yet, by the server or by us.
            client.batch_execute("ROLLBACK").await.map_err(|error| fault(&error, &self.bounds))?;
            let sql = self.texts.make(&transaction, rows.columns(), columns);
            result = Transaction { sql: &sql, ..transaction }.run(client, &mut rows).await;
        }
        // After an error its transaction may still be open; whoever cannot end it is not used again.
        if result.is_ok() || client.batch_execute("ROLLBACK").await.is_ok() {
            in_flight.release();
        }
        match result {
            Ok(affected) => Ok(Outcome { rows: rows.finish().await, affected }),
            Err(broken) => Err(broken.told(&self.bounds)),
        }
    }

    /// Does something with a connection outside transactions.
    async fn with_client<T>(
        &self,
        work: impl AsyncFnOnce(&Object) -> Result<T, tokio_postgres::Error>,
    ) -> Result<T, DatabaseError> {
        let in_flight = self.connection().await?;
        let result = work(in_flight.client()?).await.map_err(|error| fault(&error, &self.bounds))?;
        in_flight.release();
        Ok(result)
    }

    async fn bounded<T>(
        &self,
        work: impl Future<Output = Result<T, DatabaseError>>,
    ) -> Result<T, DatabaseError> {
        // The server keeps the same deadline; this one is for a server that no longer answers.
        match tokio::time::timeout(self.bounds.statement + GRACE, work).await {
            Ok(result) => result,
            Err(_) => Err(DatabaseError::Timeout { seconds: self.bounds.statement.as_secs() }),
        }
    }
}

impl Database for Postgres {
    fn catalogue(&self) -> BoxFuture<'_, Result<Catalogue, DatabaseError>> {
        Box::pin(self.bounded(self.with_client(introspect::catalogue)))
    }

    fn run_into<'a>(&'a self, run: Run<'a>, sink: Sink) -> BoxFuture<'a, Result<Outcome, DatabaseError>> {
        let rows = RowsWriter::new(run.statement, &self.bounds, sink);
        Box::pin(self.bounded(self.transact(Transaction::of(&run, &self.pinned), rows)))
    }

    fn grade(&self) -> BoxFuture<'_, Result<Grade, DatabaseError>> {
        Box::pin(self.bounded(self.with_client(grade::grade)))
    }

    fn connections(&self) -> Option<Connections> {
        Some(self.pool.status().into())
    }

    fn ping(&self) -> BoxFuture<'_, Result<(), DatabaseError>> {
        Box::pin(
            self.bounded(
                self.with_client(async |client| client.query_typed("SELECT 1", &[]).await.map(drop)),
            ),
        )
    }
}

/// A connection in use. Dropped before [`InFlight::release`], its statement is cancelled and it does not return to the
/// pool: a late cancellation could otherwise meet somebody else's statement.
struct InFlight {
    object: Option<Object>,
    encryption: Option<Encryption>,
}

impl InFlight {
    fn client(&self) -> Result<&Object, DatabaseError> {
        self.object.as_ref().ok_or(DatabaseError::Unreachable)
    }

    /// The statement is over: back to the pool.
    fn release(mut self) {
        self.object = None;
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        if let Some(object) = self.object.take() {
            let client = Object::take(object);
            if client.is_closed() {
                return;
            }
            let token = client.cancel_token();
            let encryption = self.encryption.take();
            tokio::spawn(async move {
                let cancel = async {
                    match encryption {
                        Some(encryption) => token.cancel_query(encryption).await,
                        None => token.cancel_query(NoTls).await,
                    }
                };
                let _ = tokio::time::timeout(GRACE, cancel).await;
                drop(client);
            });
        }
    }
}

#[cfg(test)]
mod tests;
