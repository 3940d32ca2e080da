//! The last step: a statement is printed, the print is read back, and only an equal one becomes a [`Checked`].

use crate::catalogue::Type;
use crate::cursor::CursorPlan;
use crate::dialect::Dialect;
use crate::ir::{Body, Delete, Insert, Output, Update};
use crate::lower::{Author, lower};
use crate::print::{Printed, print};
use crate::refusal::Refusal;
use crate::rights::Access;
use crate::value::{Bind, Value};

use cache::Cache;

mod cache;
mod parameters;

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
    accesses: Vec<Access>,
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

    /// What it does to which table, for the layer below.
    pub fn accesses(&self) -> &[Access] {
        &self.accesses
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
///
/// # Errors
/// The text does not read back as the statement, or has more values than the engine takes.
pub fn check(statement: &Statement, dialect: Dialect) -> Result<Checked, Refusal> {
    let verify = |printed: &Printed, body: &Body| reads_back(printed, body, dialect);
    checked(statement, dialect, &verify)
}

/// Checks statements like [`check`], and remembers the texts it has read back, so that a text is parsed once and not each
/// time it is printed for other values. The comparison is made every time.
#[derive(Debug)]
pub struct Checker {
    cache: Cache,
}

impl Checker {
    /// It remembers up to this many texts.
    pub fn new(entries: usize) -> Checker {
        Checker { cache: Cache::new(entries) }
    }

    /// Prints the statement for the dialect and makes sure that the text says what was planned.
    ///
    /// # Errors
    /// As [`check`].
    pub fn check(&self, statement: &Statement, dialect: Dialect) -> Result<Checked, Refusal> {
        let verify = |printed: &Printed, body: &Body| {
            let key = self.cache.key(printed, dialect);
            if key.as_ref().is_some_and(|key| self.cache.says(key, body)) {
                return true;
            }
            let is_same = reads_back(printed, body, dialect);
            if let Some(key) = key.filter(|_| is_same) {
                self.cache.remember(key, body);
            }
            is_same
        };
        checked(statement, dialect, &verify)
    }
}

/// Whether a text says a form.
type Verify<'a> = &'a dyn Fn(&Printed, &Body) -> bool;

fn reads_back(printed: &Printed, body: &Body, dialect: Dialect) -> bool {
    lower(&printed.sql, Author::Printer(&printed.values), dialect).is_ok_and(|form| form == *body)
}

fn checked(statement: &Statement, dialect: Dialect, verify: Verify<'_>) -> Result<Checked, Refusal> {
    let Statement { body, guards, columns, tables, accesses, row_limit, max_affected, cursor } = statement;
    let (sql, binds) = verified(body, dialect, verify)?;
    let guard = |guard| verified(guard, dialect, verify).map(|(sql, binds)| Guard { sql, binds });
    let guards: Vec<Guard> = guards.iter().map(guard).collect::<Result<_, _>>()?;
    let write = |returning: &[Output]| {
        let returns_rows = !returning.is_empty();
        Effect::Write(Write { guards, max_affected: *max_affected, returns_rows })
    };
    let effect = match body {
        Body::Ddl(_) => Effect::Ddl,
        Body::Delete(Delete { returning, .. })
        | Body::Insert(Insert { returning, .. })
        | Body::Update(Update { returning, .. }) => write(returning),
        Body::Query(_) => Effect::Read,
    };
    Ok(Checked {
        sql,
        binds,
        tables: tables.clone(),
        accesses: accesses.clone(),
        columns: columns.clone(),
        row_limit: *row_limit,
        effect,
        cursor: cursor.clone(),
    })
}

/// The text of a form and the values of its parameters, verified.
fn verified(body: &Body, dialect: Dialect, verify: Verify<'_>) -> Result<(String, Vec<Bind>), Refusal> {
    let printed = print(body, dialect);
    let most = dialect.most_parameters();
    if printed.values.len() > most {
        return Err(Refusal::Parameters { most });
    }
    if !verify(&printed, body) {
        return Err(Refusal::Unverified);
    }
    // Only what is bound has a number: fewer binds than numbers would be a defect of the printer.
    let binds: Option<Vec<Bind>> = printed.values.iter().map(Value::bind).collect();
    Ok((printed.sql, binds.ok_or(Refusal::Unverified)?))
}

#[cfg(test)]
mod tests;
