//! Credentials of upstream servers, sealed before they come here: this file never sees one.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};

use super::StoreError;

/// A sealed credential, and when it was stored (microseconds of Unix time).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedCredential {
    /// What the vault opens.
    pub sealed: Vec<u8>,
    /// When.
    pub time_us: i64,
}

pub(super) fn list(connection: &Connection) -> Result<BTreeMap<String, SealedCredential>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT name, sealed, time FROM credentials")?;
    let rows = statement.query_map([], |row| {
        Ok((row.get(0)?, SealedCredential { sealed: row.get(1)?, time_us: row.get(2)? }))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn set(connection: &Connection, name: &str, new: &SealedCredential) -> Result<(), StoreError> {
    connection.execute(
        "INSERT INTO credentials (name, sealed, time) VALUES (?1, ?2, ?3)
         ON CONFLICT (name) DO UPDATE SET sealed = ?2, time = ?3",
        params![name, new.sealed, new.time_us],
    )?;
    Ok(())
}

/// Whether there was one.
pub(super) fn remove(connection: &Connection, name: &str) -> Result<bool, StoreError> {
    Ok(connection.execute("DELETE FROM credentials WHERE name = ?1", [name])? > 0)
}
