//! The tables of a SQLite store, and how a file comes to have them.
//!
//! A file says by its application id that it is a store, and by its user version which tables it has. A file of somebody
//! else's is never written to, and one from a newer version is refused rather than guessed at.

use rusqlite::{Connection, TransactionBehavior};

use super::StoreError;

/// `Trig` in ASCII: marks a SQLite file as a store.
const APPLICATION_ID: i32 = 0x5472_6967;

/// Each step brings a file from the version that is its index to the next one. Steps are never edited, only added.
const STEPS: &[&str] = &[
    "
    CREATE TABLE revisions (
        revision INTEGER PRIMARY KEY,
        time     INTEGER NOT NULL,
        comment  TEXT NOT NULL,
        digest   TEXT NOT NULL,
        document TEXT NOT NULL
    ) STRICT;
    CREATE TABLE secrets (
        server        TEXT PRIMARY KEY,
        assertion_key BLOB NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE producers (
        producer      TEXT PRIMARY KEY,
        last_sequence INTEGER NOT NULL,
        dropped       INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE audit (
        id               INTEGER PRIMARY KEY,
        time             INTEGER NOT NULL,
        decision_id      TEXT NOT NULL,
        trace_id         TEXT NOT NULL,
        gate             INTEGER NOT NULL,
        node             TEXT NOT NULL,
        subject          TEXT NOT NULL,
        key_id           TEXT NOT NULL,
        role             TEXT NOT NULL,
        endpoint         TEXT NOT NULL,
        server           TEXT NOT NULL,
        method           TEXT NOT NULL,
        name             TEXT NOT NULL,
        decision         INTEGER NOT NULL,
        rule             TEXT NOT NULL,
        reason           TEXT NOT NULL,
        code             INTEGER NOT NULL,
        revision         INTEGER NOT NULL,
        arguments_digest TEXT NOT NULL,
        arguments        TEXT NOT NULL,
        statement        TEXT NOT NULL,
        tables           TEXT NOT NULL,
        duration_us      INTEGER NOT NULL,
        rows             INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX audit_time ON audit (time);
    CREATE INDEX audit_role ON audit (role, time);
    CREATE INDEX audit_decision ON audit (decision_id);
",
    "
    CREATE TABLE session_keys (
        id   INTEGER PRIMARY KEY AUTOINCREMENT,
        made INTEGER NOT NULL,
        key  BLOB NOT NULL
    ) STRICT;
",
    "
    ALTER TABLE audit ADD COLUMN findings TEXT NOT NULL DEFAULT '[]';
",
    "
    CREATE TABLE offers (
        server   TEXT PRIMARY KEY,
        url      TEXT NOT NULL,
        era      TEXT NOT NULL,
        answered INTEGER NOT NULL,
        failed   INTEGER NOT NULL,
        failure  TEXT NOT NULL,
        lists    TEXT NOT NULL
    ) STRICT;
    CREATE TABLE approvals (
        id         INTEGER PRIMARY KEY,
        time       INTEGER NOT NULL,
        server     TEXT NOT NULL,
        tool       TEXT NOT NULL,
        digest     TEXT NOT NULL,
        definition TEXT NOT NULL,
        approver   TEXT NOT NULL
    ) STRICT;
    CREATE INDEX approvals_tool ON approvals (server, tool);
",
    "
    ALTER TABLE audit ADD COLUMN issuer TEXT NOT NULL DEFAULT '';
    CREATE TABLE credentials (
        name   TEXT PRIMARY KEY,
        sealed BLOB NOT NULL,
        time   INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE key_sets (
        issuer  TEXT PRIMARY KEY,
        source  TEXT NOT NULL,
        jwks    BLOB NOT NULL,
        fetched INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
",
    "
    ALTER TABLE audit ADD COLUMN era TEXT NOT NULL DEFAULT '';
",
];

/// Brings the file to the newest version, or says why it may not be touched.
pub(super) fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let application: i32 = transaction.query_row("PRAGMA application_id", [], |row| row.get(0))?;
    let version: usize = transaction.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let tables: u64 = transaction.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if application != APPLICATION_ID && (application != 0 || version != 0 || tables != 0) {
        return Err(StoreError::NotAStore);
    }
    let Some(missing) = STEPS.get(version..) else {
        return Err(StoreError::Newer { found: version, known: STEPS.len() });
    };
    for step in missing {
        transaction.execute_batch(step)?;
    }
    if !missing.is_empty() {
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        transaction.pragma_update(None, "user_version", STEPS.len())?;
    }
    Ok(transaction.commit()?)
}
