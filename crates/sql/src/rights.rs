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
    /// The most rows one statement may change; it is rolled back above it.
    pub max_affected: u64,
    /// Whether SQL text is taken.
    pub raw_sql: bool,
    /// Whether the schema may be changed.
    pub ddl: bool,
    /// Whether an UPDATE or DELETE may do without a condition.
    pub unconditional_writes: bool,
    /// What hashed columns are hashed with, so that a list of guesses does not open them.
    pub mask_key: String,
}

/// The rights one entry gives and the restrictions it makes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TableRights {
    /// What may be done.
    pub operations: BTreeSet<Operation>,
    /// The columns that may be named at all.
    pub columns: Columns,
    /// The columns that do not exist for this role.
    pub denied: BTreeSet<String>,
    /// The columns of which the role sees something else.
    pub masks: BTreeMap<String, Mask>,
    /// Conditions that rows must meet to exist for this role, all of them, in the grammar of
    /// [`crate::parse_filter`] with `claims.NAME` as a value.
    pub rows: Vec<String>,
}

/// What stands in place of a column's value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mask {
    /// This text.
    Constant(String),
    /// A hash of it: equal values can be counted and joined, not read.
    Hash,
    /// Its last four characters.
    Last4,
    /// NULL.
    Null,
}

impl Mask {
    /// The word a document uses.
    pub fn name(&self) -> &'static str {
        match self {
            Mask::Constant(_) => "constant",
            Mask::Hash => "hash",
            Mask::Last4 => "last4",
            Mask::Null => "null",
        }
    }

    /// Which of two masks tells less: the higher one.
    pub(crate) fn strictness(&self) -> u8 {
        match self {
            Mask::Last4 => 0,
            Mask::Hash => 1,
            Mask::Constant(_) => 2,
            Mask::Null => 3,
        }
    }
}

/// The columns an entry is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Columns {
    /// Every column, those added later included.
    #[default]
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

impl Operation {
    /// The word a document uses.
    pub fn name(self) -> &'static str {
        match self {
            Operation::Delete => "delete",
            Operation::Insert => "insert",
            Operation::Read => "read",
            Operation::Update => "update",
        }
    }
}

/// What one statement does to one table, for the layer below: the database must see no more than this.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Access {
    /// The schema.
    pub schema: String,
    /// The table.
    pub table: String,
    /// What is done.
    pub operation: Operation,
    /// The columns it touches; those of conditions on rows are among them.
    pub columns: BTreeSet<String>,
}
