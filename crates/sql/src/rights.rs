//! What a role may do in one database, in the plain form this crate judges by.
//!
//! It mirrors the policy's rights without depending on the policy: the adapter converts. How the entries
//! combine is [`crate::Scope`]'s business.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

/// The rights of one role in one database.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rights {
    /// By table: `orders` (the default schema's), `sales.orders`, `sales.*` or `*`.
    pub tables: BTreeMap<String, TableRights>,
    /// The most rows one answer may hold.
    pub max_rows: u64,
}

/// The rights one entry gives and the restrictions it makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableRights {
    /// What may be done.
    pub operations: BTreeSet<Operation>,
    /// The columns that may be named at all.
    pub columns: Columns,
    /// The columns that do not exist for this role.
    pub denied: BTreeSet<String>,
}

/// The columns an entry is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Columns {
    /// Every column, those added later included.
    All,
    /// These and no others.
    Only(BTreeSet<String>),
}

/// What can be done with the rows of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Operation {
    /// Remove rows.
    Delete,
    /// Add rows.
    Insert,
    /// See rows.
    Read,
    /// Change rows.
    Update,
}
