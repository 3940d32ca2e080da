//! Why a query was not planned or a statement not let through, in words its author can act on.
//!
//! A name that is not in the scope is repeated as the caller wrote it, never as the database spells it, and the
//! text is the same whether the thing is hidden or absent.

use std::fmt;

use thiserror::Error;

use crate::catalogue::Type;
use crate::lexer::SyntaxError;

/// Why there is no statement.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Refusal {
    /// No such column, as far as this role is concerned.
    #[error(
        "{place}: no column `{column}` in `{table}` that this role may read; \
         `describe_table` lists the columns there are for it"
    )]
    Column {
        /// Where it is named.
        place: Place,
        /// As the caller wrote it.
        column: String,
        /// The table, which is permitted.
        table: String,
    },
    /// The value does not fit the column it is compared with.
    #[error("{place}: `{column}` holds {}", ty.described())]
    Mismatch {
        /// Where the value or the test stands.
        place: Place,
        /// The column, which is permitted.
        column: String,
        /// What it holds.
        ty: Type,
    },
    /// An offset beyond what an engine counts.
    #[error("offset: larger than {}; page by a filter on the order's columns instead", i64::MAX)]
    Offset,
    /// The same column asked for twice.
    #[error("{place}: `{column}` is named twice; name it once")]
    Repeated {
        /// Where it is named again.
        place: Place,
        /// The column, which is permitted.
        column: String,
    },
    /// A text that cannot be read.
    #[error("{place}: {error}")]
    Syntax {
        /// Which text.
        place: Place,
        /// What is wrong with it.
        error: SyntaxError,
    },
    /// No such table, as far as this role is concerned.
    #[error("no table `{table}` that this role may read; `list_tables` lists the tables there are for it")]
    Table {
        /// As the caller wrote it.
        table: String,
    },
    /// The printed statement did not read back as what was planned; a defect, and the statement does not run.
    #[error("the statement could not be verified and was not run; report the query to the operator")]
    Unverified,
}

/// A part of the query, and the character in it where that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The list of fields; the number counts its entries from 1.
    Fields(usize),
    /// The filter, at a character counted from 1.
    Filter(usize),
    /// The order, at a character counted from 1.
    Order(usize),
}

impl Refusal {
    /// A short fixed word for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::Column { .. } => "unknown_column",
            Refusal::Mismatch { .. } => "value_type",
            Refusal::Offset => "offset_range",
            Refusal::Repeated { .. } => "repeated_name",
            Refusal::Syntax { .. } => "syntax",
            Refusal::Table { .. } => "unknown_table",
            Refusal::Unverified => "unverified",
        }
    }

    /// The permission that would be needed, if the thing named exists.
    pub fn missing(&self) -> Option<String> {
        match self {
            Refusal::Column { column, table, .. } => {
                Some(format!("read on column `{column}` of table `{table}`"))
            }
            Refusal::Table { table } => Some(format!("read on table `{table}`")),
            Refusal::Mismatch { .. }
            | Refusal::Offset
            | Refusal::Repeated { .. }
            | Refusal::Syntax { .. }
            | Refusal::Unverified => None,
        }
    }

    /// The smallest change of the role that would allow it, if the thing named exists.
    pub fn grant(&self) -> Option<String> {
        match self {
            Refusal::Column { column, table, .. } => Some(format!(
                "let the role see `{column}` of `{table}`: in `columns` if listed there, not in `deny_columns`"
            )),
            Refusal::Table { table } => {
                Some(format!("`tables: {{ {table}: [read] }}` in the role's section for this database"))
            }
            Refusal::Mismatch { .. }
            | Refusal::Offset
            | Refusal::Repeated { .. }
            | Refusal::Syntax { .. }
            | Refusal::Unverified => None,
        }
    }

    /// Where in the query it is, if it is in one place.
    pub fn place(&self) -> Option<Place> {
        match self {
            Refusal::Column { place, .. }
            | Refusal::Mismatch { place, .. }
            | Refusal::Repeated { place, .. }
            | Refusal::Syntax { place, .. } => Some(*place),
            Refusal::Offset | Refusal::Table { .. } | Refusal::Unverified => None,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Fields(entry) => write!(f, "fields, entry {entry}"),
            Place::Filter(offset) => write!(f, "filter, character {offset}"),
            Place::Order(offset) => write!(f, "order, character {offset}"),
        }
    }
}
