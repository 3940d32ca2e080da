//! Audit events: inserted in groups without duplicates, read in pages.
//!
//! A query is read page by page, each from where the one before ended, so that a slow reader holds no transaction open.

use std::fmt::Write as _;

use proto::v1::{AuditBatch, AuditEvent, Finding};
use rusqlite::{Connection, OptionalExtension, Row, Transaction, TransactionBehavior, params, types::Value};

use super::StoreError;
use crate::{instant, telemetry};

/// Events in one page.
const PAGE: usize = 256;

/// Conditions that must all hold.
#[derive(Clone, Debug)]
pub struct AuditQuery {
    /// The first moment of the answer. Apart from the others, for a page begins where the one before ended, and SQLite would
    /// rather begin each of them here.
    since: i64,
    conditions: Vec<(&'static str, Value)>,
}

impl From<proto::v1::AuditFilter> for AuditQuery {
    fn from(filter: proto::v1::AuditFilter) -> Self {
        let mut conditions = Vec::new();
        let until = filter.until.map(|until| ("time < ?", Value::Integer(instant::micros(until))));
        conditions.extend(until);
        let texts = [
            ("role = ?", filter.role),
            ("subject = ?", filter.subject),
            ("key_id = ?", filter.key_id),
            ("server = ?", filter.server),
            ("name = ?", filter.name),
            ("decision_id = ?", filter.decision_id),
        ];
        for (condition, text) in texts {
            conditions.extend((!text.is_empty()).then_some((condition, Value::Text(text))));
        }
        for (condition, number) in [("decision = ?", filter.decision), ("gate = ?", filter.gate)] {
            conditions.extend((number != 0).then_some((condition, Value::Integer(number.into()))));
        }
        conditions.extend(filter.findings.then(|| ("findings <> ?", Value::Text("[]".to_owned()))));
        Self { since: filter.since.map_or(i64::MIN, instant::micros), conditions }
    }
}

impl AuditQuery {
    /// The text and the values of a statement under these conditions and `more`.
    fn statement(&self, source: &str, more: &str, places: &[i64], tail: &str) -> (String, Vec<Value>) {
        let mut sql = format!("SELECT {COLUMNS} FROM {source} WHERE true");
        for (condition, _) in &self.conditions {
            let _ = write!(sql, " AND {condition}");
        }
        let _ = write!(sql, " AND {more} {tail}");
        let values = self.conditions.iter().map(|(_, value)| value.clone());
        (sql, values.chain(places.iter().copied().map(Value::Integer)).collect())
    }
}

/// A place in the events by time.
#[derive(Clone, Copy, Debug)]
pub struct Cursor {
    /// The place is after this moment, or
    time_us: i64,
    /// in it, after this event.
    after: i64,
    /// Events stored after this one are not part of the answer.
    last: i64,
}

impl Cursor {
    /// The newest event when the query began: what follows was stored later.
    #[must_use]
    pub fn last(&self) -> i64 {
        self.last
    }
}

/// Some events, and where the next ones begin.
#[derive(Debug)]
pub struct Page {
    /// The events.
    pub events: Vec<AuditEvent>,
    /// Where to go on by time; `None` at the end.
    pub next: Option<Cursor>,
    /// The last event that was looked at.
    pub seen: i64,
}

/// Reads by time: the plus of `+id` keeps SQLite from reading by id and sorting.
const BY_TIME: &str = "audit";
/// Reads in the order of storing: an index would find the events of a role, all of them, each time a few were added.
const BY_ID: &str = "audit NOT INDEXED";

/// What became of a group of batches.
pub(super) struct Inserted {
    /// For each batch, the last sequence number of its producer that is stored.
    pub(super) sequences: Vec<u64>,
    /// Id of the newest event.
    pub(super) newest: i64,
}

const COLUMNS: &str = "id, time, decision_id, trace_id, gate, node, subject, key_id, role, endpoint, server, method, name, \
    decision, rule, reason, code, revision, arguments_digest, arguments, statement, tables, duration_us, rows, findings, issuer, \
    era";

const INSERT: &str = "INSERT INTO audit (time, decision_id, trace_id, gate, node, subject, key_id, role, endpoint, server, \
    method, name, decision, rule, reason, code, revision, arguments_digest, arguments, statement, tables, duration_us, rows, \
    findings, issuer, era) \
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26)";

/// Stores the batches in one transaction, without the events that are stored already.
pub(super) fn insert(connection: &mut Connection, batches: &[AuditBatch]) -> Result<Inserted, StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut sequences = Vec::with_capacity(batches.len());
    for batch in batches {
        sequences.push(insert_batch(&transaction, batch)?);
    }
    let newest = transaction.query_row("SELECT coalesce(max(id), 0) FROM audit", [], |row| row.get(0))?;
    transaction.commit()?;
    Ok(Inserted { sequences, newest })
}

fn insert_batch(transaction: &Transaction<'_>, batch: &AuditBatch) -> Result<u64, StoreError> {
    let (stored, dropped) = transaction
        .prepare_cached("SELECT last_sequence, dropped FROM producers WHERE producer = ?1")?
        .query_row([&batch.producer], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?
        .unwrap_or((0_u64, 0_u64));
    let mut last = stored;
    for (sequence, event) in (batch.first_sequence..).zip(&batch.events) {
        if sequence > stored {
            insert_event(transaction, event)?;
            telemetry::stored(event);
            last = sequence;
        }
    }
    if batch.dropped > dropped {
        tracing::warn!(
            producer = batch.producer,
            dropped = batch.dropped,
            "a producer's audit buffer was full: events are missing"
        );
    }
    transaction
        .prepare_cached(
            "INSERT INTO producers (producer, last_sequence, dropped) VALUES (?1, ?2, ?3)
             ON CONFLICT (producer) DO UPDATE SET last_sequence = ?2, dropped = ?3",
        )?
        .execute(params![batch.producer, last, integer(batch.dropped.max(dropped))])?;
    Ok(last)
}

fn insert_event(transaction: &Transaction<'_>, event: &AuditEvent) -> Result<(), StoreError> {
    let time = event.time.map_or_else(instant::now, instant::micros);
    let tables = serde_json::Value::from(event.tables.clone()).to_string();
    transaction.prepare_cached(INSERT)?.execute(params![
        time,
        event.decision_id,
        event.trace_id,
        event.gate,
        event.node,
        event.subject,
        event.key_id,
        event.role,
        event.endpoint,
        event.server,
        event.method,
        event.name,
        event.decision,
        event.rule,
        event.reason,
        event.code,
        integer(event.revision),
        event.arguments_digest,
        event.arguments,
        event.statement,
        tables,
        integer(event.duration_us),
        integer(event.rows),
        findings_text(&event.findings),
        event.issuer,
        event.era,
    ])?;
    Ok(())
}

/// Findings as a column holds them: kind, count and mode of each.
fn findings_text(findings: &[Finding]) -> String {
    let rows: Vec<(&str, u32, &str)> =
        findings.iter().map(|found| (found.kind.as_str(), found.count, found.mode.as_str())).collect();
    // Text and numbers: there is nothing JSON cannot hold.
    serde_json::to_string(&rows).unwrap_or_default()
}

fn findings(text: &str) -> Vec<Finding> {
    let rows: Vec<(String, u32, String)> = serde_json::from_str(text).unwrap_or_default();
    rows.into_iter().map(|(kind, count, mode)| Finding { kind, count, mode }).collect()
}

/// SQLite's integers have a sign. A number beyond them is no number anybody counted.
fn integer(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A row of [`COLUMNS`], taken by place: looking up names for each of many rows would take longer than reading them.
fn read(row: &Row<'_>) -> rusqlite::Result<(i64, i64, AuditEvent)> {
    let time_us: i64 = row.get(1)?;
    let tables: String = row.get(21)?;
    let event = AuditEvent {
        time: Some(instant::timestamp(time_us)),
        decision_id: row.get(2)?,
        trace_id: row.get(3)?,
        gate: row.get(4)?,
        node: row.get(5)?,
        subject: row.get(6)?,
        key_id: row.get(7)?,
        role: row.get(8)?,
        endpoint: row.get(9)?,
        server: row.get(10)?,
        method: row.get(11)?,
        name: row.get(12)?,
        decision: row.get(13)?,
        rule: row.get(14)?,
        reason: row.get(15)?,
        code: row.get(16)?,
        revision: row.get(17)?,
        arguments_digest: row.get(18)?,
        arguments: row.get(19)?,
        statement: row.get(20)?,
        tables: serde_json::from_str(&tables).unwrap_or_default(),
        duration_us: row.get(22)?,
        rows: row.get(23)?,
        findings: findings(&row.get::<_, String>(24)?),
        issuer: row.get(25)?,
        era: row.get(26)?,
    };
    Ok((row.get(0)?, time_us, event))
}

/// Where the newest `limit` events that answer the query begin; at the very first for 0.
pub(super) fn start(connection: &Connection, query: &AuditQuery, limit: u32) -> Result<Cursor, StoreError> {
    let last = connection.query_row("SELECT coalesce(max(id), 0) FROM audit", [], |row| row.get(0))?;
    let first = Cursor { time_us: query.since, after: 0, last };
    let Some(before) = limit.checked_sub(1) else { return Ok(first) };
    let tail = format!("ORDER BY time DESC, id DESC LIMIT 1 OFFSET {before}");
    let (sql, values) = query.statement(BY_TIME, "+id <= ? AND time >= ?", &[last, query.since], &tail);
    let oldest = connection
        .prepare_cached(&sql)?
        .query_row(rusqlite::params_from_iter(values), |row| Ok((row.get("id")?, row.get("time")?)))
        .optional()?;
    Ok(oldest.map_or(first, |(id, time_us): (i64, i64)| Cursor {
        time_us,
        after: id.saturating_sub(1),
        last,
    }))
}

/// The events from a place on, by time.
pub(super) fn page(connection: &Connection, query: &AuditQuery, from: Cursor) -> Result<Page, StoreError> {
    let more = "+id <= ? AND (time, id) > (?, ?)";
    let places = [from.last, from.time_us, from.after];
    let (sql, values) = query.statement(BY_TIME, more, &places, &format!("ORDER BY time, id LIMIT {PAGE}"));
    let rows = fetch(connection, &sql, values)?;
    let next = rows.last().filter(|_| rows.len() == PAGE);
    let next = next.map(|(id, time_us, _)| Cursor { time_us: *time_us, after: *id, last: from.last });
    Ok(Page { events: rows.into_iter().map(|(.., event)| event).collect(), next, seen: from.last })
}

/// The events that were stored after another, in that order.
pub(super) fn after(connection: &Connection, query: &AuditQuery, after: i64) -> Result<Page, StoreError> {
    let last = connection.query_row("SELECT coalesce(max(id), 0) FROM audit", [], |row| row.get(0))?;
    let tail = format!("ORDER BY id LIMIT {PAGE}");
    let (sql, values) =
        query.statement(BY_ID, "id > ? AND id <= ? AND time >= ?", &[after, last, query.since], &tail);
    let rows = fetch(connection, &sql, values)?;
    let seen = rows.last().filter(|_| rows.len() == PAGE).map_or(last, |(id, ..)| *id);
    Ok(Page { events: rows.into_iter().map(|(.., event)| event).collect(), next: None, seen })
}

fn fetch(
    connection: &Connection,
    sql: &str,
    values: Vec<Value>,
) -> Result<Vec<(i64, i64, AuditEvent)>, StoreError> {
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(rusqlite::params_from_iter(values), read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}
