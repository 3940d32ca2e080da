//! Runs one statement in a transaction of its own, with its values as parameters of `sp_executesql`.
//!
//! This server has no read-only transactions and would run several statements where one is meant: that there is one, and that
//! it only reads, is what the check in `crates/sql` makes sure of. What reads is rolled back all the same.

use futures::TryStreamExt as _;
use sql::{Bind, Effect, OutputColumn, Write};
use tiberius::error::Error;
use tiberius::{ColumnData, Command, CommandItem, FromSql as _};

use super::super::rows::{Next, Rows, RowsWriter};
use super::super::{Commit, DatabaseError, Outcome, Tag};
use super::connection::{Client, Session};
use super::decode::Decoder;
use super::fault::{TOO_COSTLY, fault, leaves_connection};
use super::settings::{ROLLBACK, begin};
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

/// Runs the job. After an error the transaction may still be open.
pub(super) async fn run(
    session: &mut Session,
    job: &Job<'_>,
    rows: RowsWriter,
    bounds: &Bounds,
) -> Result<Ran, DatabaseError> {
    let (reading, end) = match (job.effect, job.commit) {
        (Effect::Ddl | Effect::Write(_), Commit::DryRun) => (Reading::ToTheEnd, ROLLBACK),
        (Effect::Ddl | Effect::Write(_), Commit::Commit) => (Reading::ToTheEnd, "COMMIT TRANSACTION"),
        (Effect::Read, _) => (Reading::UntilFull, ROLLBACK),
    };
    batch(session, &begin(value_bytes(bounds), governor(job.max_cost))).await?;
    if let Effect::Write(write) = job.effect {
        guards(session, write).await?;
    }
    let read = statement(session, job, rows, (reading, bounds)).await;
    let (outcome, is_unread) = read.map_err(|error| match (error, job.max_cost) {
        (Failure::Engine(error), limit) => {
            session.is_broken |= !leaves_connection(&error);
            too_costly(&error, limit).unwrap_or_else(|| fault(&error))
        }
        (Failure::Ours(error), _) => error,
    })?;
    if is_unread {
        return Ok(Ran { outcome, is_unread });
    }
    if let Effect::Write(write) = job.effect
        && outcome.affected > write.max_affected
    {
        return Err(DatabaseError::TooManyRows { limit: write.max_affected });
    }
    batch(session, end).await?;
    Ok(Ran { outcome, is_unread })
}

/// Runs fixed text of ours.
pub(super) async fn batch(session: &mut Session, text: &str) -> Result<(), DatabaseError> {
    let done = async { session.client.simple_query(text).await?.into_results().await }.await;
    match done {
        Ok(_) => Ok(()),
        Err(error) => {
            session.is_broken |= !leaves_connection(&error);
            Err(fault(&error))
        }
    }
}

/// Each guard gives one number, and it has to be 0.
async fn guards(session: &mut Session, write: &Write) -> Result<(), DatabaseError> {
    for guard in &write.guards {
        let command = command(guard.sql.clone(), &guard.binds);
        let result = async { command.exec(&mut session.client).await?.into_command_result().await }.await;
        let result = result.map_err(|error| {
            session.is_broken |= !leaves_connection(&error);
            fault(&error)
        })?;
        let first = result.to_query_result(0).and_then(|rows| rows.first()?.cells().next());
        match first.map(|(_, value)| value) {
            Some(ColumnData::I32(Some(0)) | ColumnData::I64(Some(0))) => {}
            _ => return Err(DatabaseError::OutsideRows),
        }
    }
    Ok(())
}

/// Why a statement gave no outcome.
enum Failure {
    Engine(Error),
    Ours(DatabaseError),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Engine(error)
    }
}

/// The outcome, and whether the server still has rows to say.
async fn statement(
    session: &mut Session,
    job: &Job<'_>,
    mut rows: RowsWriter,
    (reading, bounds): (Reading, &Bounds),
) -> Result<(Outcome, bool), Failure> {
    let client: &mut Client = &mut session.client;
    let command = command(format!("/* {} */ {}", job.tag, job.sql), job.binds);
    let mut stream = command.exec(client).await?;
    let mut decoders: Vec<Decoder> = Vec::new();
    let (mut seen, mut affected, mut is_full) = (0, 0, false);
    while let Some(item) = stream.try_next().await? {
        match item {
            CommandItem::Metadata(metadata) => {
                let columns = metadata.columns().iter().zip(job.columns);
                decoders =
                    columns.map(|(column, output)| Decoder::of(column.column_type(), output.ty)).collect();
            }
            CommandItem::Row(_) if is_full && reading == Reading::UntilFull => {
                return Ok((Outcome { rows: rows.finish().await, affected: 0 }, true));
            }
            CommandItem::Row(_) if is_full => seen += 1,
            CommandItem::Row(row) => {
                seen += 1;
                let cells: Vec<&ColumnData<'_>> = row.cells().map(|(_, value)| value).collect();
                if cells.iter().any(|value| length(value) >= value_bytes(bounds) / 2) {
                    return Err(Failure::Ours(DatabaseError::Statement { code: "TEXTSIZE".to_owned() }));
                }
                let next = rows.row(|index, out| match (cells.get(index), decoders.get(index)) {
                    (Some(value), Some(decoder)) => {
                        decoder.write(value, out);
                        Ok(())
                    }
                    _ => Err(Failure::Ours(DatabaseError::Changed)),
                })?;
                let next = if next == Next::Flush { rows.flush().await } else { next };
                is_full = next == Next::Stop;
            }
            // Triggers count too; the statement's own count is the last.
            CommandItem::RowsAffected(count) => affected = count,
            CommandItem::ReturnStatus(_) | CommandItem::ReturnValue(_) => {}
        }
    }
    let affected = match reading {
        Reading::ToTheEnd => affected.max(seen),
        Reading::UntilFull => 0,
    };
    let rows: Rows = rows.finish().await;
    Ok((Outcome { rows, affected }, false))
}

/// A call of `sp_executesql` whose parameters have the names that the printed text gives them.
fn command(text: String, binds: &[Bind]) -> Command<'_> {
    let mut command = Command::new("sp_executesql");
    command.bind_param("@stmt", text);
    if binds.is_empty() {
        return command;
    }
    let declared = binds.iter().enumerate().map(|(index, bind)| {
        let ty = match bind {
            Bind::Bool(_) => "bit",
            Bind::Bytes(_) => "varbinary(max)",
            Bind::Integer(_) => "bigint",
            Bind::Real(_) => "float",
            Bind::Text(text) if text.len() <= 4000 => "nvarchar(4000)",
            Bind::Text(_) => "nvarchar(max)",
        };
        format!("@p{} {ty}", index + 1)
    });
    command.bind_param("@params", declared.collect::<Vec<_>>().join(", "));
    for (index, bind) in binds.iter().enumerate() {
        let name = format!("@p{}", index + 1);
        match bind {
            Bind::Bool(value) => command.bind_param(name, *value),
            Bind::Bytes(value) => command.bind_param(name, value.as_slice()),
            Bind::Integer(value) => command.bind_param(name, *value),
            Bind::Real(value) => command.bind_param(name, *value),
            Bind::Text(value) => command.bind_param(name, value.as_str()),
        }
    }
    command
}

/// What the server sends of one value: more than an answer may have, so that a value cut short is seen to be.
fn value_bytes(bounds: &Bounds) -> usize {
    bounds.result_bytes.saturating_mul(2).clamp(4096, 1 << 30)
}

fn length(value: &ColumnData<'_>) -> usize {
    match value {
        ColumnData::String(Some(text)) => text.len(),
        ColumnData::Binary(Some(bytes)) => bytes.len(),
        ColumnData::Xml(Some(document)) => document.as_ref().as_ref().len(),
        _ => 0,
    }
}

/// The server's own guard counts in whole units, from 1; 0 is none.
fn governor(max_cost: Option<f64>) -> u32 {
    // A float becomes the nearest number that there is.
    max_cost.map_or(0, |cost| (cost as u32).clamp(1, i32::MAX.unsigned_abs()))
}

/// The server's refusal of what it expects to cost too much. Its text has nothing but the two numbers.
fn too_costly(error: &Error, limit: Option<f64>) -> Option<DatabaseError> {
    let Error::Server(error) = error else { return None };
    let limit = limit.filter(|_| error.code() == TOO_COSTLY)?;
    let digits: String = error
        .message()
        .chars()
        .skip_while(|character| !character.is_ascii_digit())
        .take_while(char::is_ascii_digit)
        .collect();
    Some(DatabaseError::Cost { estimate: digits.parse().unwrap_or(limit), limit })
}

/// The texts of a query of ours: one row of fields, each a text or nothing.
pub(super) async fn texts(
    session: &mut Session,
    query: &'static str,
) -> Result<Vec<Vec<Option<String>>>, DatabaseError> {
    let rows = async { session.client.simple_query(query).await?.into_first_result().await }.await;
    let rows = rows.map_err(|error| {
        session.is_broken |= !leaves_connection(&error);
        fault(&error)
    })?;
    let text = |value| <&str>::from_sql(value).ok().flatten().map(str::to_owned);
    Ok(rows.iter().map(|row| row.cells().map(|(_, value)| text(value)).collect()).collect())
}
