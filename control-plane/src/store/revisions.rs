//! Revisions of the document: appended, never changed, never removed.

use rusqlite::{Connection, OptionalExtension, Row, TransactionBehavior, params};

use super::StoreError;

/// One stored document.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct StoredRevision {
    /// Counts from 1 without gaps.
    pub revision: u64,
    /// When it was stored, in microseconds of Unix time.
    pub time_us: i64,
    /// Why, in the operator's or the verb's words.
    pub comment: String,
    /// Lower-case hex BLAKE3 of `document`.
    pub digest: String,
    /// The text as it was written.
    pub document: String,
}

const COLUMNS: &str = "SELECT revision, time, comment, digest, document FROM revisions";

fn read(row: &Row<'_>) -> rusqlite::Result<StoredRevision> {
    Ok(StoredRevision {
        revision: row.get(0)?,
        time_us: row.get(1)?,
        comment: row.get(2)?,
        digest: row.get(3)?,
        document: row.get(4)?,
    })
}

pub(super) fn newest(connection: &Connection) -> Result<Option<StoredRevision>, StoreError> {
    let mut statement = connection.prepare_cached(&format!("{COLUMNS} ORDER BY revision DESC LIMIT 1"))?;
    Ok(statement.query_row([], read).optional()?)
}

pub(super) fn find(connection: &Connection, revision: u64) -> Result<Option<StoredRevision>, StoreError> {
    let Ok(revision) = i64::try_from(revision) else { return Ok(None) };
    let mut statement = connection.prepare_cached(&format!("{COLUMNS} WHERE revision = ?1"))?;
    Ok(statement.query_row([revision], read).optional()?)
}

/// Newest first, without their documents.
pub(super) fn list(connection: &Connection, limit: u32) -> Result<Vec<StoredRevision>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT revision, time, comment, digest, '' FROM revisions ORDER BY revision DESC LIMIT ?1",
    )?;
    Ok(statement.query_map([limit], read)?.collect::<Result<_, _>>()?)
}

/// Appends `revision` if it is the one after the newest; `None` where somebody else was first.
pub(super) fn append(connection: &mut Connection, new: &StoredRevision) -> Result<Option<u64>, StoreError> {
    // A revision is acknowledged only once it would survive a loss of power as well.
    connection.pragma_update(None, "synchronous", "FULL")?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let newest: u64 =
        transaction.query_row("SELECT coalesce(max(revision), 0) FROM revisions", [], |row| row.get(0))?;
    if newest.checked_add(1) != Some(new.revision) {
        return Ok(None);
    }
    transaction.execute(
        "INSERT INTO revisions (revision, time, comment, digest, document) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![new.revision, new.time_us, new.comment, new.digest, new.document],
    )?;
    transaction.commit()?;
    Ok(Some(new.revision))
}
