//! Runs one statement in a transaction of its own.
//!
//! Callers' text goes by the binary protocol alone: preparing takes exactly one statement, whatever the library announced at
//! connect. What is sent as plain text is ours and has no values in it.

use futures::StreamExt as _;
use mysql_async::prelude::Queryable;
use mysql_async::{BinaryProtocol, Conn, Error, Params, QueryResult, Row, Value};
use sql::{Bind, Effect, OutputColumn, Write};

use super::super::rows::{Next, Rows, RowsWriter};
use super::super::{Commit, DatabaseError, Outcome, Tag};
use super::connection::Session;
use super::cost;
use super::decode::Decoder;
use super::fault::fault;
use crate::config::Bounds;

/// What to run.
pub(super) struct Job<'a> {
    pub(super) sql: &'a str,
    pub(super) binds: &'a [Bind],
    pub(super) columns: &'a [OutputColumn],
    pub(super) effect: &'a Effect,
    pub(super) tag: &'a Tag,
    pub(super) commit: Commit,
    pub(super) max_cost: Option<f64>,
}

/// What became of it.
pub(super) struct Ran {
    pub(super) outcome: Outcome,
    /// Whether the server still has rows to say, so that the connection is of no more use.
    pub(super) is_unread: bool,
}

/// Whether rows are read when nobody wants more of them.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Reading {
    /// A change is not done before its last row.
    ToTheEnd,
    UntilFull,
}

/// What reading gave.
struct Read {
    rows: Rows,
    affected: u64,
    is_unread: bool,
}

/// Runs the job. After an error the transaction is still open.
pub(super) async fn run(
    session: &mut Session,
    job: &Job<'_>,
    rows: RowsWriter,
    bounds: &Bounds,
) -> Result<Ran, DatabaseError> {
    let pin = session.server.pin(bounds);
    let conn = &mut session.conn;
    let failed = |error: Error| fault(&error, bounds);
    let begin = match job.effect {
        // It ends every transaction, and is then judged by what the session may do; the next pin takes that back.
        Effect::Ddl => "SET SESSION TRANSACTION READ WRITE",
        Effect::Read => "START TRANSACTION READ ONLY",
        Effect::Write(_) => "START TRANSACTION READ WRITE",
    };
    conn.query_drop(format!("{pin}; {begin}")).await.map_err(failed)?;
    if let Some(limit) = job.max_cost {
        within_cost(conn, job, limit, bounds).await?;
    }
    let (reading, end) = match (job.effect, job.commit) {
        // It would be committed by itself.
        (Effect::Ddl, Commit::DryRun) => return Err(DatabaseError::NoDryRun),
        (Effect::Write(_), Commit::DryRun) => (Reading::ToTheEnd, "ROLLBACK"),
        (Effect::Ddl | Effect::Write(_), Commit::Commit) => (Reading::ToTheEnd, "COMMIT"),
        (Effect::Read, _) => (Reading::UntilFull, "COMMIT"),
    };
    if let Effect::Write(write) = job.effect {
        guards(conn, write, bounds).await?;
    }
    let text = format!("/* {} */ {}", job.tag, job.sql);
    let statement = conn.prep(text).await.map_err(failed)?;
    let result = conn.exec_iter(&statement, params(job.binds)).await;
    let read = match result {
        Ok(result) => collect(result, job.columns, rows, reading, bounds).await,
        Err(error) => Err(failed(error)),
    };
    // What is left unread would have to be read first, and what is closed has no statements.
    let is_unread = read.as_ref().is_ok_and(|read| read.is_unread);
    if !is_unread && !conn.is_disconnected() {
        conn.close(statement).await.map_err(failed)?;
    }
    let Read { rows, affected, .. } = read?;
    if is_unread {
        return Ok(Ran { outcome: Outcome { rows, affected }, is_unread });
    }
    if let Effect::Write(write) = job.effect
        && affected > write.max_affected
    {
        return Err(DatabaseError::TooManyRows { limit: write.max_affected });
    }
    conn.query_drop(end).await.map_err(failed)?;
    Ok(Ran { outcome: Outcome { rows, affected }, is_unread: false })
}

/// Each guard gives one number, and it has to be 0.
async fn guards(conn: &mut Conn, write: &Write, bounds: &Bounds) -> Result<(), DatabaseError> {
    for guard in &write.guards {
        let found: Result<Option<Value>, Error> =
            conn.exec_first(guard.sql.as_str(), params(&guard.binds)).await;
        match found.map_err(|error| fault(&error, bounds))? {
            Some(Value::Int(0) | Value::UInt(0)) => {}
            _ => return Err(DatabaseError::OutsideRows),
        }
    }
    Ok(())
}

/// Asks the server what it expects the statement to cost.
async fn within_cost(
    conn: &mut Conn,
    job: &Job<'_>,
    limit: f64,
    bounds: &Bounds,
) -> Result<(), DatabaseError> {
    if *job.effect == Effect::Ddl {
        return Ok(());
    }
    let text = format!("EXPLAIN FORMAT=JSON {}", job.sql);
    let plan: Result<Option<String>, Error> = conn.exec_first(text, params(job.binds)).await;
    let plan = plan.map_err(|error| match fault(&error, bounds) {
        // The statement itself may be fine where its plan is not for this login to see.
        DatabaseError::Login | DatabaseError::Statement { .. } => DatabaseError::CostUnknown,
        other => other,
    })?;
    match plan.as_deref().and_then(cost::of_plan) {
        None => Err(DatabaseError::CostUnknown),
        Some(estimate) if estimate > limit => Err(DatabaseError::Cost { estimate, limit }),
        Some(_) => Ok(()),
    }
}

async fn collect(
    mut result: QueryResult<'_, '_, BinaryProtocol>,
    columns: &[OutputColumn],
    mut rows: RowsWriter,
    reading: Reading,
    bounds: &Bounds,
) -> Result<Read, DatabaseError> {
    let failed = |error: Error| fault(&error, bounds);
    let (mut seen, mut is_unread) = (0, false);
    if let Some(mut stream) = result.stream::<Row>().await.map_err(failed)? {
        let decoders: Vec<Decoder> = stream
            .columns_ref()
            .iter()
            .zip(columns)
            .map(|(column, output)| Decoder::of(column, output.ty))
            .collect();
        let mut is_full = false;
        while let Some(row) = stream.next().await {
            if is_full && reading == Reading::UntilFull {
                is_unread = true;
                break;
            }
            let row = row.map_err(failed)?;
            seen += 1;
            if is_full {
                continue;
            }
            let next = rows.row(|index, out| match (row.as_ref(index), decoders.get(index)) {
                (Some(value), Some(decoder)) => {
                    decoder.write(value, out);
                    Ok(())
                }
                _ => Err(DatabaseError::Changed),
            })?;
            let next = if next == Next::Flush { rows.flush().await } else { next };
            is_full = next == Next::Stop;
        }
    }
    let affected = match reading {
        Reading::ToTheEnd => result.affected_rows().max(seen),
        Reading::UntilFull => 0,
    };
    drop(result);
    Ok(Read { rows: rows.finish().await, affected, is_unread })
}

fn params(binds: &[Bind]) -> Params {
    if binds.is_empty() {
        return Params::Empty;
    }
    let values = binds.iter().map(|bind| match bind {
        Bind::Bytes(value) => Value::Bytes(value.clone()),
        Bind::Bool(value) => Value::Int((*value).into()),
        Bind::Integer(value) => Value::Int(*value),
        Bind::Real(value) => Value::Double(*value),
        Bind::Text(value) => Value::Bytes(value.clone().into_bytes()),
    });
    Params::Positional(values.collect())
}
