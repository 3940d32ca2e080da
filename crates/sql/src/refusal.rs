//! Why a query was not planned or a statement not let through, in words its author can act on.
//!
//! A name that is not in the scope is repeated as the caller wrote it, never as the database spells it, and the
//! text is the same whether the thing is hidden or absent.

use std::fmt;

use thiserror::Error;

use crate::catalogue::Type;
use crate::ir::At;
use crate::lexer::SyntaxError;
use crate::request::Problem;

pub use objection::Objection;

mod objection;

/// Why there is no statement.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Refusal {
    /// The rows of a table are chosen by a claim that the caller does not have, or has with another type.
    #[error(
        "the rows of `{table}` are chosen by the claim `{claim}`, which the caller lacks or which does not fit the \
         column it is compared with; give the key this claim"
    )]
    Claim {
        /// The name of the claim, never its value.
        claim: String,
        /// The table, which is permitted.
        table: String,
    },
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
    /// More values than the engine takes in one statement.
    #[error(
        "more than {most} values, the most that this database takes in one statement; give them in several"
    )]
    Parameters {
        /// How many it takes.
        most: usize,
    },
    /// A request that says nothing that could be done.
    #[error("{place}: {problem}")]
    Request {
        /// Which part of it.
        place: Place,
        /// What is wrong with it.
        problem: Problem,
    },
    /// A condition on rows that does not fit its table, so that no row is permitted.
    #[error(
        "the condition on the rows of `{table}` does not fit the table, so no row can be given; \
         the operator finds it under `rows` in the role's section for this database"
    )]
    RowRule {
        /// The table, which is permitted.
        table: String,
    },
    /// The same column asked for twice.
    #[error("{place}: `{column}` is named twice; name it once")]
    Repeated {
        /// Where it is named again.
        place: Place,
        /// The column, which is permitted.
        column: String,
    },
    /// Something in a statement that may not, or cannot, be so.
    #[error("{place}: {objection}")]
    Statement {
        /// Where it stands.
        place: Place,
        /// What is wrong with it.
        objection: Objection,
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
    /// The columns by which rows are there already; the number counts them from 1.
    Conflict(usize),
    /// The cursor.
    Cursor,
    /// The list of fields; the number counts its entries from 1.
    Fields(usize),
    /// The filter, at a character counted from 1.
    Filter(usize),
    /// The columns of the groups; the number counts them from 1.
    Group(usize),
    /// The condition on groups, at a character counted from 1.
    Having(usize),
    /// The order, at a character counted from 1.
    Order(usize),
    /// The parameters of a statement; the number counts them from 1.
    Parameter(usize),
    /// The columns to give back; the number counts them from 1.
    Returning(usize),
    /// The rows to add; the number counts them from 1.
    Rows(usize),
    /// The columns to set.
    Set,
    /// The text of a statement, both counted from 1.
    Sql {
        /// The line.
        line: u64,
        /// The character in it.
        column: u64,
    },
    /// The statement as a whole.
    Statement,
}

impl From<At> for Place {
    fn from(at: At) -> Place {
        match at {
            At { line: 0, column: _ } => Place::Statement,
            At { line, column } => Place::Sql { line, column },
        }
    }
}

impl Refusal {
    /// A short fixed word for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::Claim { .. } => "missing_claim",
            Refusal::Column { .. } => "unknown_column",
            Refusal::Mismatch { .. } => "value_type",
            Refusal::Offset => "offset_range",
            Refusal::Parameters { .. } => "too_many_values",
            Refusal::Repeated { .. } => "repeated_name",
            Refusal::Request { .. } => "request",
            Refusal::RowRule { .. } => "row_rule",
            Refusal::Statement { objection, .. } => objection.code(),
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
            Refusal::Statement { objection, .. } => objection.missing(),
            Refusal::Table { table } => Some(format!("read on table `{table}`")),
            Refusal::Claim { .. }
            | Refusal::Mismatch { .. }
            | Refusal::Offset
            | Refusal::Parameters { .. }
            | Refusal::Repeated { .. }
            | Refusal::Request { .. }
            | Refusal::RowRule { .. }
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
            Refusal::Statement { objection, .. } => objection.grant(),
            Refusal::Table { table } => {
                Some(format!("`tables: {{ {table}: [read] }}` in the role's section for this database"))
            }
            Refusal::Claim { .. }
            | Refusal::Mismatch { .. }
            | Refusal::Offset
            | Refusal::Parameters { .. }
            | Refusal::Repeated { .. }
            | Refusal::Request { .. }
            | Refusal::RowRule { .. }
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
            | Refusal::Request { place, .. }
            | Refusal::Statement { place, .. }
            | Refusal::Syntax { place, .. } => Some(*place),
            Refusal::Claim { .. }
            | Refusal::Offset
            | Refusal::Parameters { .. }
            | Refusal::RowRule { .. }
            | Refusal::Table { .. }
            | Refusal::Unverified => None,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Conflict(entry) => write!(f, "on_conflict, entry {entry}"),
            Place::Cursor => f.write_str("cursor"),
            Place::Fields(entry) => write!(f, "fields, entry {entry}"),
            Place::Filter(offset) => write!(f, "filter, character {offset}"),
            Place::Group(entry) => write!(f, "group, entry {entry}"),
            Place::Having(offset) => write!(f, "having, character {offset}"),
            Place::Order(offset) => write!(f, "order, character {offset}"),
            Place::Parameter(entry) => write!(f, "params, entry {entry}"),
            Place::Returning(entry) => write!(f, "returning, entry {entry}"),
            Place::Rows(entry) => write!(f, "rows, entry {entry}"),
            Place::Set => f.write_str("set"),
            Place::Sql { line, column } => write!(f, "line {line}, column {column}"),
            Place::Statement => f.write_str("statement"),
        }
    }
}
