//! SQL text into the IR: the only module that names sqlparser.
//!
//! Structures are taken apart field by field, without `..`, so that a field a newer parser adds fails the build instead of
//! passing unseen. Whatever the IR has no word for is [`Foreign`], with what it is and where it stands, and a statement with
//! anything foreign in it does not run. A printed statement is read by the same code, and more strictly: its names must be
//! quoted and its parameters cast the way the printer does it, and the result must be the form that was printed.

mod call;
mod cast;
mod column_definition;
mod ddl;
mod expr;
mod grammar;
mod group;
mod limits;
mod literal;
mod name;
mod operator;
mod order;
mod page;
mod query;
mod relation;
mod select;
mod special;
mod statement;
mod unit;
mod window;
mod write;

use std::cell::Cell;

use sqlparser::ast;
use sqlparser::tokenizer::{Location, Span};
use thiserror::Error;

use crate::dialect::Dialect;
use crate::ir::{At, Body};
use crate::value::Value;

/// Whose text is read.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Author<'a> {
    /// A caller's; the values are those of its parameters.
    Caller(&'a [Value]),
    /// The printer's; the values are those it numbered. Names must be quoted, values cast the way it casts them.
    Printer(&'a [Value]),
}

/// Something the IR has no word for, or the parser refuses.
#[derive(Clone, Debug, PartialEq, Error)]
#[error("{what} is not supported here")]
pub(crate) struct Foreign {
    /// What it is, for the caller: "`LOCK IN SHARE MODE`", "the function `pg_read_file`".
    pub(crate) what: String,
    pub(crate) at: At,
}

/// Reads one statement. A caller's text needs a stack of 64 MiB: the parser recurses.
pub(crate) fn lower(sql: &str, author: Author<'_>, dialect: Dialect) -> Result<Body, Foreign> {
    let (statement, marks) = grammar::statement(sql, author, dialect)?;
    let lowering =
        Lowering { dialect, author, marks, depth: Cell::new(0), nodes: Cell::new(0), unnamed: Cell::new(0) };
    lowering.statement(&statement)
}

/// The state of one reading.
struct Lowering<'a> {
    dialect: Dialect,
    author: Author<'a>,
    /// Where the parameters without a number stand, in the order of the text.
    marks: Vec<Location>,
    depth: Cell<usize>,
    nodes: Cell<usize>,
    /// How many sub-queries without an alias have been given one.
    unnamed: Cell<usize>,
}

impl Lowering<'_> {
    /// Whether the text is the printer's.
    fn is_printed(&self) -> bool {
        match self.author {
            Author::Caller(_) => false,
            Author::Printer(_) => true,
        }
    }

    fn is(&self, dialect: Dialect) -> bool {
        self.dialect == dialect
    }

    /// Lowers each of a list.
    fn each<T, U>(
        &self,
        list: &[T],
        lower: impl Fn(&Self, &T) -> Result<U, Foreign>,
    ) -> Result<Vec<U>, Foreign> {
        list.iter().map(|one| lower(self, one)).collect()
    }

    fn exprs(&self, list: &[ast::Expr]) -> Result<Vec<crate::ir::Expr>, Foreign> {
        self.each(list, Self::expr)
    }
}

/// The refusal of something at a place.
fn refuse<T>(what: impl Into<String>, at: At) -> Result<T, Foreign> {
    Err(Foreign { what: what.into(), at })
}

/// Refuses the first of these that is there.
fn absent(unwanted: &[(bool, &str)], at: At) -> Result<(), Foreign> {
    match unwanted.iter().find(|(is_there, _)| *is_there) {
        Some((_, what)) => refuse(*what, at),
        None => Ok(()),
    }
}

/// Where a part of the text begins.
fn at(span: Span) -> At {
    At { line: span.start.line, column: span.start.column }
}

#[cfg(test)]
mod tests;
