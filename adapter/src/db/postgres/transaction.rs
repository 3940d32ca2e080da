//! One statement in a transaction of its own, with what has to hold around it.
//!
//! What reads costs one round trip: the beginning, the statement and the end travel together. What writes is counted and
//! guarded before it is committed. The statement goes by the extended protocol, which takes exactly one; `search_path` is
//! empty, so every name has to be qualified.

use futures::future::try_join_all;
use futures::{StreamExt as _, pin_mut};
use serde::Deserialize;
use sql::{Bind, Effect, Write};
use tokio_postgres::{Client, Error, Row, RowStream};

use super::decode::{Decoder, Raw};
use super::fault::{Broken, unreadable};
use super::parameter::parameters;
use crate::cell;
use crate::db::rows::{Next, RowsWriter};
use crate::db::{Commit, DatabaseError, Run, Tag};

/// What PostgreSQL keeps of an application name.
const NAME_BYTES: usize = 63;

/// A statement that `crates/sql` has checked, in the parts that a transaction needs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Transaction<'a> {
    /// What is pinned for the length of it.
    pub(super) pinned: &'a str,
    pub(super) sql: &'a str,
    pub(super) binds: &'a [Bind],
    pub(super) effect: &'a Effect,
    pub(super) tag: &'a Tag,
    pub(super) commit: Commit,
    pub(super) max_cost: Option<f64>,
}

impl<'a> Transaction<'a> {
    /// For a run.
    pub(super) fn of(run: &Run<'a>, pinned: &'a str) -> Self {
        Self {
            pinned,
            sql: run.statement.sql(),
            binds: run.statement.binds(),
            effect: run.statement.effect(),
            tag: run.tag,
            commit: run.commit,
            max_cost: run.max_cost,
        }
    }

    /// Runs it: rows into the writer, the number of rows changed back. After an error the transaction is still open.
    pub(super) async fn run(&self, client: &Client, rows: &mut RowsWriter) -> Result<u64, Broken> {
        match self.effect {
            Effect::Ddl => self.change(client, rows, None).await,
            Effect::Read => self.read(client, rows).await.map(|()| 0),
            Effect::Write(write) => self.change(client, rows, Some(write)).await,
        }
    }

    async fn read(&self, client: &Client, rows: &mut RowsWriter) -> Result<(), Broken> {
        let begin = self.begin("READ ONLY");
        // Polled in this order, so sent in this order: the statement never runs outside its transaction.
        let Some(limit) = self.max_cost else {
            let (begun, result, ended) = futures::join!(
                client.batch_execute(&begin),
                self.collect(client, rows, Reader::UntilEnough),
                client.batch_execute("COMMIT"),
            );
            begun?;
            result?;
            return Ok(ended?);
        };
        let (begun, cost) = futures::join!(client.batch_execute(&begin), self.cost(client));
        begun?;
        within(cost?, limit)?;
        let (result, ended) =
            futures::join!(self.collect(client, rows, Reader::UntilEnough), client.batch_execute("COMMIT"),);
        result?;
        Ok(ended?)
    }

    async fn change(
        &self,
        client: &Client,
        rows: &mut RowsWriter,
        write: Option<&Write>,
    ) -> Result<u64, Broken> {
        let guards = write.map(|write| write.guards.as_slice()).unwrap_or_default();
        // A guard and its statement have to see the same rows.
        let begin = self.begin(if guards.is_empty() {
            "READ WRITE"
        } else {
            "ISOLATION LEVEL REPEATABLE READ, READ WRITE"
        });
        let guards = guards.iter().map(|guard| count(client, &guard.sql, &guard.binds));
        let (begun, outside) = futures::join!(client.batch_execute(&begin), try_join_all(guards));
        begun?;
        if outside?.iter().any(|rows| *rows != 0) {
            return Err(Broken::Known(DatabaseError::OutsideRows));
        }
        if let (Some(limit), Some(_)) = (self.max_cost, write) {
            within(self.cost(client).await?, limit)?;
        }
        let affected = self.collect(client, rows, Reader::ToTheEnd).await?;
        if let Some(write) = write.filter(|write| affected > write.max_affected) {
            return Err(Broken::Known(DatabaseError::TooManyRows { limit: write.max_affected }));
        }
        client
            .batch_execute(match self.commit {
                Commit::Commit => "COMMIT",
                Commit::DryRun => "SET CONSTRAINTS ALL IMMEDIATE; ROLLBACK",
            })
            .await?;
        Ok(affected)
    }

    fn begin(&self, mode: &str) -> String {
        let name = self.tag.within(NAME_BYTES);
        format!("BEGIN TRANSACTION {mode}; {}; SET LOCAL application_name = '{name}'", self.pinned)
    }

    /// What the server expects the statement to cost, in its own unit.
    async fn cost(&self, client: &Client) -> Result<f64, Broken> {
        let explain = format!("EXPLAIN (FORMAT JSON) {}", self.sql);
        let stream = client.query_typed_raw(&explain, parameters(self.binds)).await?;
        pin_mut!(stream);
        let row = stream.next().await.transpose()?;
        let bytes = row.as_ref().map(|row| row.try_get::<_, Raw<'_>>(0)).transpose()?;
        let cost = bytes.and_then(|raw| raw.0).and_then(total_cost);
        while stream.next().await.transpose()?.is_some() {}
        cost.ok_or(Broken::Known(DatabaseError::CostUnknown))
    }

    /// Runs the statement itself.
    async fn collect(&self, client: &Client, rows: &mut RowsWriter, reader: Reader) -> Result<u64, Broken> {
        let stream = client.query_typed_raw(self.sql, parameters(self.binds)).await?;
        collect(stream, rows, reader).await
    }
}

/// How far to read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Reader {
    /// A change takes effect, and is counted, at its end.
    ToTheEnd,
    /// Until the writer takes no more.
    UntilEnough,
}

async fn collect(stream: RowStream, rows: &mut RowsWriter, reader: Reader) -> Result<u64, Broken> {
    pin_mut!(stream);
    let mut decoders: Option<Vec<Decoder>> = None;
    let mut next = Next::Read;
    while let Some(row) = stream.next().await {
        let row = row?;
        if next == Next::Stop {
            continue;
        }
        // The types are those of the statement, so one look at the first row is enough.
        let decoders = match &mut decoders {
            Some(decoders) => decoders,
            none => none.insert(decoders_of(&row)?),
        };
        next = rows.row(|index, out| write(&row, index, decoders, out))?;
        if next == Next::Flush {
            next = rows.flush().await;
        }
        if next == Next::Stop && reader == Reader::UntilEnough {
            break;
        }
    }
    Ok(stream.rows_affected().unwrap_or(0))
}

fn write(row: &Row, index: usize, decoders: &[Decoder], out: &mut Vec<u8>) -> Result<(), Broken> {
    let raw: Raw<'_> = row.try_get(index)?;
    let written = match (raw.0, decoders.get(index)) {
        (None, _) => {
            cell::null(out);
            Some(())
        }
        (Some(bytes), Some(decoder)) => decoder.write(bytes, out),
        (Some(_), None) => None,
    };
    written.ok_or_else(|| Broken::Known(unreadable()))
}

/// The decoders of all columns, or the numbers of those that have none.
fn decoders_of(row: &Row) -> Result<Vec<Decoder>, Broken> {
    let mut without = Vec::new();
    let columns = row.columns().iter().enumerate();
    let decoders = columns.filter_map(|(index, column)| {
        let decoder = Decoder::of(column.type_());
        if decoder.is_none() {
            without.push(index);
        }
        decoder
    });
    let decoders = decoders.collect();
    if without.is_empty() { Ok(decoders) } else { Err(Broken::NeedsText(without)) }
}

/// The one number that a guard gives.
async fn count(client: &Client, sql: &str, binds: &[Bind]) -> Result<i64, Error> {
    let stream = client.query_typed_raw(sql, parameters(binds)).await?;
    pin_mut!(stream);
    let mut total = 0;
    while let Some(row) = stream.next().await.transpose()? {
        // `count(*)` is a bigint; a CASE that gives 0 or 1 is an integer.
        total += match row.try_get::<_, i64>(0) {
            Ok(rows) => rows,
            Err(_) => row.try_get::<_, i32>(0)?.into(),
        };
    }
    Ok(total)
}

fn within(estimate: f64, limit: f64) -> Result<(), Broken> {
    // A cost that is not a number is above every limit.
    if estimate <= limit { Ok(()) } else { Err(Broken::Known(DatabaseError::Cost { estimate, limit })) }
}

/// The cost in an answer of EXPLAIN.
fn total_cost(json: &[u8]) -> Option<f64> {
    #[derive(Deserialize)]
    struct Explained {
        #[serde(rename = "Plan")]
        plan: Plan,
    }
    #[derive(Deserialize)]
    struct Plan {
        #[serde(rename = "Total Cost")]
        total_cost: f64,
    }
    let explained: Vec<Explained> = serde_json::from_slice(json).ok()?;
    let [explained] = explained.as_slice() else { return None };
    Some(explained.plan.total_cost)
}

/// The statement with the columns of these numbers cast to text, so that the server puts them in words.
pub(super) fn with_text(sql: &str, effect: &Effect, columns: usize, as_text: &[usize]) -> String {
    let names: Vec<String> = (0..columns).map(|index| format!("\"c{index}\"")).collect();
    let outputs: Vec<String> = names
        .iter()
        .enumerate()
        .map(|(index, name)| match as_text.contains(&index) {
            true => format!("CAST({name} AS pg_catalog.text)"),
            false => name.clone(),
        })
        .collect();
    let (names, outputs) = (names.join(", "), outputs.join(", "));
    match effect {
        Effect::Read => format!("SELECT {outputs} FROM ({sql}) AS \"t\" ({names})"),
        Effect::Ddl | Effect::Write(_) => {
            format!("WITH \"t\" ({names}) AS ({sql}) SELECT {outputs} FROM \"t\"")
        }
    }
}
