//! The last step: a statement is printed, the print is read back, and only an equal one becomes a [`Checked`].

use crate::catalogue::Type;
use crate::dialect::Dialect;
use crate::ir::Body;
use crate::lower::lower;
use crate::print::{Printed, print};
use crate::refusal::Refusal;
use crate::value::{Bind, Value};

/// A statement resolved within a scope, not yet printed.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    pub(crate) body: Body,
    pub(crate) columns: Vec<OutputColumn>,
    pub(crate) tables: Vec<String>,
}

/// A statement that may run. Only [`check`] makes one.
#[derive(Clone, Debug, PartialEq)]
pub struct Checked {
    sql: String,
    binds: Vec<Bind>,
    tables: Vec<String>,
    columns: Vec<OutputColumn>,
    row_limit: u64,
}

/// One column of the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutputColumn {
    /// Its name in the answer.
    pub name: String,
    /// What it holds, as the catalogue says.
    pub ty: Type,
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

    /// How many rows to hand on. The statement yields one more if there are more.
    pub fn row_limit(&self) -> u64 {
        self.row_limit
    }
}

/// Prints the statement for the dialect and makes sure that the text says what was planned.
pub fn check(statement: &Statement, dialect: Dialect) -> Result<Checked, Refusal> {
    let Printed { sql, values } = print(&statement.body, dialect);
    let read_back = lower(&sql, &values, dialect).map_err(|_| Refusal::Unverified)?;
    if read_back != statement.body {
        return Err(Refusal::Unverified);
    }
    let Body::Select(select) = &statement.body;
    Ok(Checked {
        sql,
        binds: values.iter().map(Value::bind).collect(),
        tables: statement.tables.clone(),
        columns: statement.columns.clone(),
        row_limit: select.limit,
    })
}

#[cfg(test)]
mod tests;
