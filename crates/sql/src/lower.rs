//! SQL text into the IR: the only module that names sqlparser.
//!
//! Structures are taken apart field by field, without `..`, so that a field a newer parser adds fails the build instead of
//! passing unseen. Whatever the IR has no word for is [`Foreign`], with what it is and where it stands, and a statement with
//! anything foreign in it does not run.

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
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Foreign {
    /// What it is, for the caller: "`LOCK IN SHARE MODE`", "the function `pg_read_file`".
    pub(crate) what: String,
    pub(crate) at: At,
}

/// Reads one statement.
pub(crate) fn lower(_sql: &str, _author: Author<'_>, _dialect: Dialect) -> Result<Body, Foreign> {
    Err(Foreign { what: String::new(), at: At::default() })
}
