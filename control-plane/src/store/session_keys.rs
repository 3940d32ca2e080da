//! Keys that gateways seal legacy session ids with: the newest seals, it and the one before it open.

use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::StoreError;

/// Length of a key (XChaCha20-Poly1305).
const KEY_BYTES: usize = 32;
/// How many keys open.
const LIVE: usize = 2;

/// Why a new key is made.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Rotation {
    /// The newest key is older than this many milliseconds, or there is none.
    Due(u64),
    /// Somebody wants one; sessions go on under the key before.
    Replace,
    /// Somebody wants all sessions to end: no older key opens any more.
    Forget,
}

/// The live keys, newest first.
pub(super) fn live(connection: &Connection) -> Result<Vec<Vec<u8>>, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT key FROM session_keys ORDER BY id DESC LIMIT ?1")?;
    let keys = statement.query_map([LIVE], |row| row.get(0))?;
    Ok(keys.collect::<Result<_, _>>()?)
}

/// Makes a new key where the rotation says so; whether it did. Of two processes that find it due, one makes it.
pub(super) fn rotate(
    connection: &mut Connection,
    rotation: Rotation,
    now_ms: u64,
) -> Result<bool, StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    if let Rotation::Due(age_ms) = rotation
        && newest(&transaction)?.is_some_and(|made| now_ms.saturating_sub(made) < age_ms)
    {
        return Ok(false);
    }
    let mut fresh = [0; KEY_BYTES];
    getrandom::fill(&mut fresh).map_err(StoreError::Entropy)?;
    if rotation == Rotation::Forget {
        transaction.execute("DELETE FROM session_keys", [])?;
    }
    transaction.execute("INSERT INTO session_keys (made, key) VALUES (?1, ?2)", (now_ms, fresh))?;
    // What no longer opens is not kept.
    transaction.execute(
        "DELETE FROM session_keys WHERE id NOT IN (SELECT id FROM session_keys ORDER BY id DESC LIMIT ?1)",
        [LIVE],
    )?;
    transaction.commit()?;
    Ok(true)
}

fn newest(transaction: &Transaction<'_>) -> Result<Option<u64>, StoreError> {
    Ok(transaction.query_row("SELECT max(made) FROM session_keys", [], |row| row.get(0))?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::schema;

    #[test]
    fn a_key_is_replaced_when_its_time_has_come() {
        let mut connection = Connection::open_in_memory().unwrap();
        schema::migrate(&mut connection).unwrap();
        let mut due = |now_ms: u64| rotate(&mut connection, Rotation::Due(1000), now_ms).unwrap();
        assert_eq!(
            [due(5000), due(5999), due(6000), due(6001), due(6999), due(7000)],
            [true, false, true, false, false, true]
        );
        assert_eq!(live(&connection).unwrap().len(), LIVE);
        let kept: u64 =
            connection.query_row("SELECT count(*) FROM session_keys", [], |row| row.get(0)).unwrap();
        assert_eq!(kept, 2);
    }
}
