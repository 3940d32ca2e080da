//! The functions that statements may call: an allow-list for each dialect, as data.
//!
//! A name that is not in the dialect's table does not lower, so it can neither be planned nor printed. Nothing in the
//! tables reads a file, waits, takes a lock, looks a name up, changes a setting or tells of the server; what could make
//! much out of little says of which argument that depends ([`Bound`]).

use std::cmp::Ordering;

use crate::dialect::Dialect;
use crate::ir::Expr;

pub(crate) use bound::{Bound, Excess};

mod bound;
mod mysql;
mod postgres;
mod sqlite;
mod sqlserver;

/// One function of one dialect.
#[derive(Debug)]
pub(crate) struct Function {
    /// The name as it is printed, in lower case (T-SQL: upper case), without a schema.
    pub(crate) name: &'static str,
    pub(crate) kind: FunctionKind,
    /// How many arguments it takes.
    pub(crate) least: usize,
    pub(crate) most: usize,
    pub(crate) traits: Traits,
}

/// What a function is made of and gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FunctionKind {
    /// `max` and `min` of SQLite are so with one argument, and plain functions with more.
    Aggregate,
    /// WITHIN GROUP.
    OrderedSet,
    /// Rows, in FROM.
    Rows,
    Scalar,
    /// Only with OVER.
    Window,
}

/// What else matters of a function.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Traits {
    /// Its arguments have no type of their own, so text needs a cast around its parameter (PostgreSQL's `"any"`).
    pub(crate) untyped_arguments: bool,
    /// Two calls may differ (`random()`).
    pub(crate) volatile: bool,
    /// Written without parentheses where there are no arguments: CURRENT_DATE.
    pub(crate) bare: bool,
    /// The first argument is a unit: DATEADD, TIMESTAMPDIFF.
    pub(crate) unit_first: bool,
    /// A word of the grammar, which takes no schema before it: COALESCE.
    pub(crate) keyword: bool,
    /// How much one call makes depends on this.
    pub(crate) bounded: Option<Bound>,
    /// The columns of the rows it gives, where those have names of their own.
    pub(crate) columns: &'static [&'static str],
}

/// As many arguments as one likes.
const ANY: usize = 100;

impl Function {
    /// What is too much in a call with these arguments, if anything.
    pub(crate) fn excess(&self, arguments: &[Expr]) -> Option<Excess> {
        self.traits.bounded.and_then(|bound| bound.excess(arguments))
    }

    const fn new(name: &'static str, kind: FunctionKind, least: usize, most: usize) -> Function {
        let traits = Traits {
            untyped_arguments: false,
            volatile: false,
            bare: false,
            unit_first: false,
            keyword: false,
            bounded: None,
            columns: &[],
        };
        Function { name, kind, least, most, traits }
    }

    const fn untyped(mut self) -> Function {
        self.traits.untyped_arguments = true;
        self
    }

    const fn volatile(mut self) -> Function {
        self.traits.volatile = true;
        self
    }

    const fn bare(mut self) -> Function {
        self.traits.bare = true;
        self.keyword()
    }

    const fn keyword(mut self) -> Function {
        self.traits.keyword = true;
        self
    }

    const fn unit_first(mut self) -> Function {
        self.traits.unit_first = true;
        self
    }

    const fn bounded(mut self, bound: Bound) -> Function {
        self.traits.bounded = Some(bound);
        self
    }

    const fn columns(mut self, columns: &'static [&'static str]) -> Function {
        self.traits.columns = columns;
        self
    }
}

const fn aggregate(name: &'static str, least: usize, most: usize) -> Function {
    Function::new(name, FunctionKind::Aggregate, least, most)
}

const fn ordered_set(name: &'static str, least: usize, most: usize) -> Function {
    Function::new(name, FunctionKind::OrderedSet, least, most)
}

const fn rows(name: &'static str, least: usize, most: usize) -> Function {
    Function::new(name, FunctionKind::Rows, least, most)
}

const fn scalar(name: &'static str, least: usize, most: usize) -> Function {
    Function::new(name, FunctionKind::Scalar, least, most)
}

const fn window(name: &'static str, least: usize, most: usize) -> Function {
    Function::new(name, FunctionKind::Window, least, most)
}

/// Two functions are the same if they are the same entry.
impl PartialEq for Function {
    fn eq(&self, other: &Function) -> bool {
        std::ptr::eq(self, other)
    }
}

/// The dialect's function of a name, which is compared without regard to case.
pub(crate) fn find(dialect: Dialect, name: &str) -> Option<&'static Function> {
    let table = table(dialect);
    let place = table.binary_search_by(|function| compared(function.name, name)).ok()?;
    table.get(place)
}

fn table(dialect: Dialect) -> &'static [Function] {
    match dialect {
        Dialect::MySql => mysql::FUNCTIONS,
        Dialect::Postgres => postgres::FUNCTIONS,
        Dialect::SqlServer => sqlserver::FUNCTIONS,
        Dialect::Sqlite => sqlite::FUNCTIONS,
    }
}

fn compared(left: &str, right: &str) -> Ordering {
    let left = left.bytes().map(|byte| byte.to_ascii_lowercase());
    left.cmp(right.bytes().map(|byte| byte.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests;
