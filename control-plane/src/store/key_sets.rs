//! The keys of issuers as they were heard last, so that a restart does not forget them.

use rusqlite::{Connection, params};

use super::StoreError;

/// A key set, where it came from and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredKeySet {
    /// The issuer.
    pub issuer: String,
    /// The place its keys were read from.
    pub source: String,
    /// A JSON Web Key Set.
    pub jwks: Vec<u8>,
    /// When, in milliseconds of Unix time.
    pub heard_ms: u64,
}

pub(super) fn list(connection: &Connection) -> Result<Vec<StoredKeySet>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT issuer, source, jwks, fetched FROM key_sets")?;
    let sets = statement.query_map([], |row| {
        Ok(StoredKeySet {
            issuer: row.get(0)?,
            source: row.get(1)?,
            jwks: row.get(2)?,
            heard_ms: row.get(3)?,
        })
    })?;
    Ok(sets.collect::<Result<_, _>>()?)
}

pub(super) fn keep(connection: &Connection, set: &StoredKeySet) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO key_sets (issuer, source, jwks, fetched) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (issuer) DO UPDATE SET source = ?2, jwks = ?3, fetched = ?4",
        )?
        .execute(params![set.issuer, set.source, set.jwks, set.heard_ms])?;
    Ok(())
}
