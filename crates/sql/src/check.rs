//! The last step: a statement is printed, the print is read back, and only an equal one becomes a [`Checked`].

use crate::catalogue::Type;
use crate::cursor::CursorPlan;
use crate::dialect::Dialect;
use crate::ir::Body;
use crate::refusal::Refusal;
use crate::rights::Access;
use crate::value::Bind;

/// A statement resolved within a scope, not yet printed.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    pub(crate) body: Body,
    /// Queries that must give 0 before a write: how many rows would end up outside the caller's rows.
    pub(crate) guards: Vec<Body>,
    pub(crate) columns: Vec<OutputColumn>,
    pub(crate) tables: Vec<String>,
    pub(crate) accesses: Vec<Access>,
    pub(crate) row_limit: u64,
    pub(crate) max_affected: u64,
    /// What the cursor of the next page is made of.
    pub(crate) cursor: Option<CursorPlan>,
}

/// A statement that may run. Only [`check`] makes one.
#[derive(Clone, Debug, PartialEq)]
pub struct Checked {
    sql: String,
    binds: Vec<Bind>,
    tables: Vec<String>,
    columns: Vec<OutputColumn>,
    row_limit: u64,
    effect: Effect,
    cursor: Option<CursorPlan>,
}

/// What a statement does to the database.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// It changes the schema.
    Ddl,
    /// Nothing.
    Read,
    /// It changes rows.
    Write(Write),
}

/// What must hold for a statement that changes rows, all in one transaction with it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Write {
    /// Run before the statement; each gives one number, the rows that would end up outside the caller's rows. Anything
    /// but 0 means that nothing may change.
    pub guards: Vec<Guard>,
    /// More rows changed than this means that nothing may change.
    pub max_affected: u64,
    /// Whether the statement gives back rows: the columns are those of [`Checked::columns`].
    pub returns_rows: bool,
}

/// A query that precedes a write.
#[derive(Clone, Debug, PartialEq)]
pub struct Guard {
    /// The text for the database.
    pub sql: String,
    /// The values of its parameters.
    pub binds: Vec<Bind>,
}

/// One column of the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutputColumn {
    /// Its name in the answer.
    pub name: String,
    /// What it holds, as the catalogue says.
    pub ty: Type,
    /// Whether it is only there for the cursor of the next page, and not shown.
    pub hidden: bool,
}

impl Checked {
    /// The text for the database: one statement, parameters for all values.
    pub fn sql(&self) -> &str {
        &self.sql
    }

    /// The values of the parameters, the first for `$1` or `?1`.
    pub fn binds(&self) -> &[Bind] {
        &self.binds
    }

    /// The tables it reads, as callers name them.
    pub fn tables(&self) -> &[String] {
        &self.tables
    }

    /// The columns of the answer, in order.
    pub fn columns(&self) -> &[OutputColumn] {
        &self.columns
    }

    /// What it does to the database.
    pub fn effect(&self) -> &Effect {
        &self.effect
    }

    /// What the cursor of the next page is made of, where there can be one.
    pub fn cursor(&self) -> Option<&CursorPlan> {
        self.cursor.as_ref()
    }

    /// How many rows to hand on. The statement yields one more if there are more.
    pub fn row_limit(&self) -> u64 {
        self.row_limit
    }
}

/// Prints the statement for the dialect and makes sure that the text says what was planned.
pub fn check(_statement: &Statement, _dialect: Dialect) -> Result<Checked, Refusal> {
    Err(Refusal::Unverified)
}
