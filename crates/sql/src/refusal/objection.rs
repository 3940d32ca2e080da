//! What can be wrong with a statement itself: its names, its form, or a right it needs.

use thiserror::Error;

use crate::rights::Operation;

/// Why a statement is not let through.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Objection {
    /// A name that several relations have.
    #[error("`{0}` is in several of the relations here; write which is meant: `alias.{0}`")]
    Ambiguous(String),
    /// No such column, as far as this role is concerned.
    #[error(
        "no column `{0}` here that this role may read; `describe_table` lists the columns there are for it"
    )]
    Column(String),
    /// An UPDATE or DELETE of every row.
    #[error("{} without a condition on the rows of `{table}` is not permitted; add WHERE", verb(*.operation))]
    Condition {
        /// Which of the two.
        operation: Operation,
        /// The table, which is permitted.
        table: String,
    },
    /// Something that statements cannot say here.
    #[error("{0} is not possible here; leave it out or say it another way")]
    Construct(String),
    /// A change of the schema.
    #[error("this role may not change the schema")]
    Ddl,
    /// A change of a schema, or of a table, that the role has no part in.
    #[error("this role may not change the schema of `{0}`; `list_tables` lists the tables there are for it")]
    DdlElsewhere(String),
    /// A change of a table or column that the policy speaks of by name.
    #[error("`{0}` cannot be changed, because conditions on rows or masks of this role depend on it")]
    DdlGuarded(String),
    /// An expression that could fail on a row that the role cannot see.
    #[error(
        "the rows of `{0}` are limited for this role, so a condition on it may only compare columns with values of their \
         type, by =, <>, <, >, IN, BETWEEN, LIKE, IS NULL, AND, OR and NOT"
    )]
    Guarded(String),
    /// Rows of different widths.
    #[error("{left} columns here and {right} there; give both sides the same number of columns")]
    Lengths {
        /// How many there are on the one side.
        left: usize,
        /// And on the other.
        right: usize,
    },
    /// A name longer than some engine reads it.
    #[error("a name of more than {0} bytes; give a shorter one")]
    LongName(usize),
    /// A column that the role sees masked cannot be written.
    #[error("`{0}` is masked for this role and cannot be written")]
    Masked(String),
    /// Not every column of a limited table is given the value that decides whether the row is the role's.
    #[error(
        "the rows of `{table}` are limited for this role; {} must be given a plain value of its own type",
        column.as_ref().map_or("a column it cannot see".to_owned(), |column| format!("`{column}`"))
    )]
    NewRow {
        /// The table, which is permitted.
        table: String,
        /// The column, if the role may know of it.
        column: Option<String>,
    },
    /// A position that the list does not have.
    #[error("there is no column {position}; the list has {count}")]
    Position {
        /// As written.
        position: String,
        /// How many there are.
        count: usize,
    },
    /// SQL text.
    #[error("this role may not run SQL text; use the tools for single tables")]
    RawSql,
    /// Two relations, or two columns, of one name.
    #[error("the name `{0}` is there twice; give one of them another alias")]
    Repeated(String),
    /// No such table, as far as this role is concerned.
    #[error(
        "no table `{table}` that this role may {}; `list_tables` lists the tables there are for it",
        phrase(*.operation)
    )]
    Table {
        /// As the caller wrote it.
        table: String,
        /// What was wanted of it.
        operation: Operation,
    },
    /// A statement that would unfold into too much.
    #[error("the statement is too large once its `*` and aliases are written out; say less at once")]
    TooLarge,
    /// An upsert that cannot be kept within the rows of the role.
    #[error("an upsert into `{0}`, whose rows are limited for this role, is not possible on this database")]
    Upsert(String),
    /// A relation where a value is wanted.
    #[error("`{0}` is a relation here, and a whole row is no value; name its columns")]
    WholeRow(String),
    /// A star without a relation.
    #[error("there is nothing for `*` to stand for; name a table in FROM")]
    Widthless,
}

impl Objection {
    pub(super) fn code(&self) -> &'static str {
        match self {
            Objection::Ambiguous(_) => "ambiguous_name",
            Objection::Column(_) => "unknown_column",
            Objection::Condition { .. } => "condition_needed",
            Objection::Construct(_) => "not_possible",
            Objection::Ddl | Objection::DdlElsewhere(_) | Objection::DdlGuarded(_) => "ddl",
            Objection::Guarded(_) => "limited_rows",
            Objection::Lengths { .. } => "lengths",
            Objection::LongName(_) => "long_name",
            Objection::Masked(_) => "masked_column",
            Objection::NewRow { .. } => "new_row",
            Objection::Position { .. } => "unknown_position",
            Objection::RawSql => "raw_sql",
            Objection::Repeated(_) => "repeated_name",
            Objection::Table { .. } => "unknown_table",
            Objection::TooLarge => "too_large",
            Objection::Upsert(_) => "upsert",
            Objection::WholeRow(_) => "whole_row",
            Objection::Widthless => "empty_star",
        }
    }

    pub(super) fn missing(&self) -> Option<String> {
        match self {
            Objection::Column(column) => Some(format!("read on column `{column}`")),
            Objection::Condition { .. } => Some("unconditional writes".to_owned()),
            Objection::Ddl | Objection::DdlElsewhere(_) => Some("changes of the schema".to_owned()),
            Objection::Masked(column) => Some(format!("column `{column}` unmasked")),
            Objection::RawSql => Some("SQL text".to_owned()),
            Objection::Table { table, operation } => Some(format!("{} on table `{table}`", verb(*operation))),
            Objection::Ambiguous(_)
            | Objection::Construct(_)
            | Objection::DdlGuarded(_)
            | Objection::Guarded(_)
            | Objection::Lengths { .. }
            | Objection::LongName(_)
            | Objection::NewRow { .. }
            | Objection::Position { .. }
            | Objection::Repeated(_)
            | Objection::TooLarge
            | Objection::Upsert(_)
            | Objection::WholeRow(_)
            | Objection::Widthless => None,
        }
    }

    pub(super) fn grant(&self) -> Option<String> {
        match self {
            Objection::Column(column) => Some(format!(
                "let the role see `{column}` of its table: in `columns` if listed there, not in `deny_columns`"
            )),
            Objection::Condition { .. } => Some(flag("unconditional_writes")),
            Objection::Ddl => Some(flag("ddl")),
            Objection::Masked(column) => {
                Some(format!("take `{column}` out of the role's `mask_columns` for its table"))
            }
            Objection::RawSql => Some(flag("raw_sql")),
            Objection::Table { table, operation } => Some(format!(
                "`tables: {{ {table}: [{}] }}` in the role's section for this database",
                verb(*operation)
            )),
            Objection::Ambiguous(_)
            | Objection::Construct(_)
            | Objection::DdlElsewhere(_)
            | Objection::DdlGuarded(_)
            | Objection::Guarded(_)
            | Objection::Lengths { .. }
            | Objection::LongName(_)
            | Objection::NewRow { .. }
            | Objection::Position { .. }
            | Objection::Repeated(_)
            | Objection::TooLarge
            | Objection::Upsert(_)
            | Objection::WholeRow(_)
            | Objection::Widthless => None,
        }
    }
}

fn flag(name: &str) -> String {
    format!("`{name}: true` in the role's section for this database")
}

fn verb(operation: Operation) -> &'static str {
    match operation {
        Operation::Delete => "delete",
        Operation::Insert => "insert",
        Operation::Read => "read",
        Operation::Update => "update",
    }
}

/// As it is said of a table.
fn phrase(operation: Operation) -> &'static str {
    match operation {
        Operation::Delete => "delete from",
        Operation::Insert => "insert into",
        Operation::Read | Operation::Update => verb(operation),
    }
}
