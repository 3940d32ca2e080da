//! PostgreSQL: pooled connections, every statement in a read-only transaction of its own.
//!
//! The transaction's beginning, the statement and its end travel together and cost one round trip. The statement goes by
//! the extended protocol, which takes exactly one; `search_path` is empty, so every name has to be qualified. Values are
//! sent as text and read by the server as the type that the printed statement casts them to.

mod calendar;
mod decode;
mod introspect;
mod numeric;

use std::error::Error;
use std::time::Duration;

use bytes::BytesMut;
use deadpool_postgres::{
    Hook, HookError, Manager, ManagerConfig, Object, Pool, PoolError, RecyclingMethod, Runtime,
};
use futures::future::BoxFuture;
use futures::{StreamExt as _, pin_mut};
use sql::{Bind, Catalogue, Effect};
use tokio_postgres::config::SslMode;
use tokio_postgres::error::{DbError, SqlState};
use tokio_postgres::types::{Format, IsNull, ToSql, Type, to_sql_checked};
use tokio_postgres::{NoTls, Row, RowStream};

use super::rows::{Next, Rows, RowsWriter, Sink};
use super::{Database, DatabaseError, Outcome, Run, UrlError};
use crate::config::Bounds;
use crate::grade::Grade;
use decode::Decoder;

/// How long to wait for a connection.
const CONNECT_WAIT: Duration = Duration::from_secs(5);
/// What the server may take longer than its own deadline before the connection is given up.
const GRACE: Duration = Duration::from_secs(2);

/// Settings of a session. The transaction pins them again: behind a pooler a session is not ours alone.
const SESSION: &str = "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY; SET search_path = ''; \
    SET standard_conforming_strings = on; SET TimeZone = 'UTC'; SET IntervalStyle = 'iso_8601'";

/// One PostgreSQL database.
pub(crate) struct Postgres {
    pool: Pool,
    bounds: Bounds,
    begin: String,
}

impl Postgres {
    /// For a `postgres://` URL. Nothing is connected yet.
    pub(crate) fn new(url: &str, bounds: Bounds) -> Result<Self, UrlError> {
        let mut config: tokio_postgres::Config = url.parse().map_err(|_| UrlError::Postgres)?;
        if config.get_ssl_mode() == SslMode::Require {
            return Err(UrlError::Encryption);
        }
        if config.get_application_name().is_none() {
            config.application_name("trigate");
        }
        config.connect_timeout(CONNECT_WAIT);
        let manager =
            Manager::from_config(config, NoTls, ManagerConfig { recycling_method: RecyclingMethod::Fast });
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
        let begin = format!(
            "BEGIN TRANSACTION READ ONLY; SET LOCAL search_path = ''; SET LOCAL TimeZone = 'UTC'; \
             SET LOCAL standard_conforming_strings = on; SET LOCAL lock_timeout = 5000; \
             SET LOCAL statement_timeout = {}",
            bounds.statement.as_millis()
        );
        Ok(Self { pool, bounds, begin })
    }

    async fn connection(&self) -> Result<InFlight, DatabaseError> {
        let object = self.pool.get().await.map_err(|error| match error {
            PoolError::Timeout(deadpool_postgres::TimeoutType::Wait) => DatabaseError::Busy,
            PoolError::Backend(error) => fault(&error, self.bounds),
            _ => DatabaseError::Unreachable,
        })?;
        Ok(InFlight(Some(object)))
    }

    async fn read(&self, run: Run<'_>, sink: Sink) -> Result<Outcome, DatabaseError> {
        let checked = run.statement;
        if *checked.effect() != Effect::Read {
            return Err(DatabaseError::Login);
        }
        let in_flight = self.connection().await?;
        let client = in_flight.client()?;
        let binds: Vec<(Text<'_>, Type)> =
            checked.binds().iter().map(|bind| (Text(bind), Type::UNKNOWN)).collect();
        let rows = RowsWriter::new(checked, &self.bounds, sink);
        // Polled in this order, so sent in this order: the statement never runs outside its transaction.
        let (begun, result, ended) = futures::join!(
            client.batch_execute(&self.begin),
            async { collect(client.query_typed_raw(checked.sql(), binds).await?, rows).await },
            client.batch_execute("COMMIT"),
        );
        begun.map_err(|error| fault(&error, self.bounds))?;
        let rows = result.map_err(|error| fault(&error, self.bounds))?;
        ended.map_err(|error| fault(&error, self.bounds))?;
        in_flight.release();
        Ok(Outcome { rows, affected: 0 })
    }

    async fn introspect(&self) -> Result<Catalogue, DatabaseError> {
        let in_flight = self.connection().await?;
        let client = in_flight.client()?;
        let catalogue = introspect::catalogue(client).await.map_err(|error| fault(&error, self.bounds))?;
        in_flight.release();
        Ok(catalogue)
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
        Box::pin(self.bounded(self.introspect()))
    }

    fn run_into<'a>(&'a self, run: Run<'a>, sink: Sink) -> BoxFuture<'a, Result<Outcome, DatabaseError>> {
        Box::pin(self.bounded(self.read(run, sink)))
    }

    fn grade(&self) -> BoxFuture<'_, Result<Grade, DatabaseError>> {
        Box::pin(async { Ok(Grade::default()) })
    }

    fn ping(&self) -> BoxFuture<'_, Result<(), DatabaseError>> {
        Box::pin(self.bounded(async {
            let in_flight = self.connection().await?;
            in_flight
                .client()?
                .query_typed("SELECT 1", &[])
                .await
                .map_err(|error| fault(&error, self.bounds))?;
            in_flight.release();
            Ok(())
        }))
    }
}

async fn collect(stream: RowStream, mut rows: RowsWriter) -> Result<Rows, tokio_postgres::Error> {
    pin_mut!(stream);
    let mut decoders: Option<Vec<Decoder>> = None;
    while let Some(row) = stream.next().await {
        let row: Row = row?;
        // The types are those of the statement, so one look at the first row is enough.
        let decoders = decoders
            .get_or_insert_with(|| row.columns().iter().map(|column| Decoder::of(column.type_())).collect());
        let next = rows.row(|index, out| -> Result<(), tokio_postgres::Error> {
            let raw: decode::Raw<'_> = row.try_get(index)?;
            match (raw.0, decoders.get(index)) {
                (Some(bytes), Some(decoder)) => decoder.write(bytes, out),
                _ => crate::cell::null(out),
            }
            Ok(())
        })?;
        let next = if next == Next::Flush { rows.flush().await } else { next };
        if next == Next::Stop {
            break;
        }
    }
    Ok(rows.finish().await)
}

/// A connection in use. Dropped before [`InFlight::release`], its statement is cancelled and it does not return to the
/// pool: a late cancellation could otherwise meet somebody else's statement.
struct InFlight(Option<Object>);

impl InFlight {
    fn client(&self) -> Result<&Object, DatabaseError> {
        self.0.as_ref().ok_or(DatabaseError::Unreachable)
    }

    /// The statement is over: back to the pool.
    fn release(mut self) {
        self.0 = None;
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        if let Some(object) = self.0.take() {
            let client = Object::take(object);
            if client.is_closed() {
                return;
            }
            let token = client.cancel_token();
            tokio::spawn(async move {
                let _ = tokio::time::timeout(GRACE, token.cancel_query(NoTls)).await;
                drop(client);
            });
        }
    }
}

/// A bind in text form: the server reads it as the type that the statement casts it to.
#[derive(Debug)]
struct Text<'a>(&'a Bind);

impl ToSql for Text<'_> {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self.0 {
            Bind::Bool(value) => out.extend_from_slice(if *value { b"true" } else { b"false" }),
            Bind::Integer(value) => out.extend_from_slice(value.to_string().as_bytes()),
            Bind::Real(value) => out.extend_from_slice(value.to_string().as_bytes()),
            Bind::Text(value) => out.extend_from_slice(value.as_bytes()),
        }
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    fn encode_format(&self, _: &Type) -> Format {
        Format::Text
    }

    to_sql_checked!();
}

/// Our words for what the server says; its own text, which can quote values, stays here.
fn fault(error: &tokio_postgres::Error, bounds: Bounds) -> DatabaseError {
    let Some(code) = error.as_db_error().map(DbError::code) else {
        return DatabaseError::Unreachable;
    };
    match *code {
        SqlState::QUERY_CANCELED => DatabaseError::Timeout { seconds: bounds.statement.as_secs() },
        SqlState::LOCK_NOT_AVAILABLE => DatabaseError::Busy,
        SqlState::INSUFFICIENT_PRIVILEGE => DatabaseError::Login,
        SqlState::UNDEFINED_TABLE | SqlState::UNDEFINED_COLUMN | SqlState::INVALID_SCHEMA_NAME => {
            DatabaseError::Changed
        }
        _ => match code.code().get(..2) {
            Some("08" | "28" | "3D" | "57") => DatabaseError::Unreachable,
            Some("22") => DatabaseError::Value,
            Some("53" | "40") => DatabaseError::Busy,
            _ => DatabaseError::Statement { code: code.code().to_owned() },
        },
    }
}
