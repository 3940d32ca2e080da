//! Assertion keys, one for each database, made when a database is first seen and kept for good.

use std::collections::BTreeMap;

use rusqlite::{Connection, TransactionBehavior};

use super::StoreError;

/// Length of an assertion key (HMAC-SHA256).
const KEY_BYTES: usize = 32;

/// The key of each server, making those that are missing. Of two processes that make one, the first wins for both.
pub(super) fn assertion_keys(
    connection: &mut Connection,
    servers: &[String],
) -> Result<BTreeMap<String, Vec<u8>>, StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut keys = BTreeMap::new();
    for server in servers {
        let mut fresh = [0; KEY_BYTES];
        getrandom::fill(&mut fresh).map_err(StoreError::Entropy)?;
        transaction.execute(
            "INSERT OR IGNORE INTO secrets (server, assertion_key) VALUES (?1, ?2)",
            (server, fresh),
        )?;
        let kept = transaction.query_row(
            "SELECT assertion_key FROM secrets WHERE server = ?1",
            [server],
            |row| row.get(0),
        )?;
        keys.insert(server.clone(), kept);
    }
    transaction.commit()?;
    Ok(keys)
}
