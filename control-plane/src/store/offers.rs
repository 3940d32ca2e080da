//! What each server was last heard to offer, and what of it is approved.
//!
//! An offer is replaced by the next one. Approvals are appended and never changed: of one tool the last counts, and one
//! without a digest takes those before it back.

use rusqlite::{Connection, OptionalExtension, Row, Transaction, TransactionBehavior, params};

use super::StoreError;

/// What a server was last heard to offer.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct StoredOffer {
    /// Whose it is.
    pub server: String,
    /// Where the server was asked.
    pub url: String,
    /// The era it answered in; empty where it never did.
    pub era: String,
    /// When it last answered, in microseconds of Unix time; 0 where it never did.
    pub answered_us: i64,
    /// When it last failed to; 0 where it never did.
    pub failed_us: i64,
    /// Why it failed the last time; empty where it answered.
    pub failure: String,
    /// Its lists, as JSON of the control plane's own.
    pub lists: String,
}

/// One approval, or the taking back of one.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct StoredApproval {
    /// When, in microseconds of Unix time.
    pub time_us: i64,
    /// Whose tool.
    pub server: String,
    /// Its name.
    pub tool: String,
    /// The digest that is approved; empty where an approval is taken back.
    pub digest: String,
    /// The definition that has it.
    pub definition: String,
    /// Who approved it.
    pub approver: String,
}

const OFFERS: &str = "SELECT server, url, era, answered, failed, failure, lists FROM offers";
const APPROVALS: &str = "SELECT time, server, tool, digest, definition, approver FROM approvals";

fn read_offer(row: &Row<'_>) -> rusqlite::Result<StoredOffer> {
    Ok(StoredOffer {
        server: row.get(0)?,
        url: row.get(1)?,
        era: row.get(2)?,
        answered_us: row.get(3)?,
        failed_us: row.get(4)?,
        failure: row.get(5)?,
        lists: row.get(6)?,
    })
}

fn read_approval(row: &Row<'_>) -> rusqlite::Result<StoredApproval> {
    Ok(StoredApproval {
        time_us: row.get(0)?,
        server: row.get(1)?,
        tool: row.get(2)?,
        digest: row.get(3)?,
        definition: row.get(4)?,
        approver: row.get(5)?,
    })
}

/// The offer of one server, if it was ever asked.
pub(super) fn offer(connection: &Connection, server: &str) -> Result<Option<StoredOffer>, StoreError> {
    let mut statement = connection.prepare_cached(&format!("{OFFERS} WHERE server = ?1"))?;
    Ok(statement.query_row([server], read_offer).optional()?)
}

/// The offers of all servers that were ever asked.
pub(super) fn offers(connection: &Connection) -> Result<Vec<StoredOffer>, StoreError> {
    let mut statement = connection.prepare_cached(OFFERS)?;
    Ok(statement.query_map([], read_offer)?.collect::<Result<_, _>>()?)
}

pub(super) fn note_offer(connection: &Connection, offer: &StoredOffer) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO offers (server, url, era, answered, failed, failure, lists)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![
            offer.server,
            offer.url,
            offer.era,
            offer.answered_us,
            offer.failed_us,
            offer.failure,
            offer.lists
        ])?;
    Ok(())
}

/// The last approval of each tool, those taken back included.
pub(super) fn approvals(connection: &Connection) -> Result<Vec<StoredApproval>, StoreError> {
    let last = "id IN (SELECT max(id) FROM approvals GROUP BY server, tool)";
    let mut statement = connection.prepare_cached(&format!("{APPROVALS} WHERE {last}"))?;
    Ok(statement.query_map([], read_approval)?.collect::<Result<_, _>>()?)
}

/// Appends approvals, all or none.
pub(super) fn approve(connection: &mut Connection, approvals: &[StoredApproval]) -> Result<(), StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    append(&transaction, approvals)?;
    Ok(transaction.commit()?)
}

/// Appends approvals, unless there is any for the server already: of two processes that both see it first, one does.
pub(super) fn approve_first(
    connection: &mut Connection,
    server: &str,
    approvals: &[StoredApproval],
) -> Result<bool, StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let any: bool = transaction.query_row(
        "SELECT EXISTS (SELECT 1 FROM approvals WHERE server = ?1)",
        [server],
        |row| row.get(0),
    )?;
    if any {
        return Ok(false);
    }
    append(&transaction, approvals)?;
    transaction.commit()?;
    Ok(true)
}

fn append(transaction: &Transaction<'_>, approvals: &[StoredApproval]) -> Result<(), StoreError> {
    let mut statement = transaction.prepare_cached(
        "INSERT INTO approvals (time, server, tool, digest, definition, approver) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    for new in approvals {
        statement.execute(params![
            new.time_us,
            new.server,
            new.tool,
            new.digest,
            new.definition,
            new.approver
        ])?;
    }
    Ok(())
}
