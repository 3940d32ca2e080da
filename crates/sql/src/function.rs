//! The functions that statements may call: an allow-list for each dialect, as data.
//!
//! A name that is not in the dialect's table does not lower, so it can neither be planned nor printed. Nothing in the
//! tables reads a file, waits, takes a lock, looks a name up, changes a setting or tells of the server.

use crate::dialect::Dialect;

/// One function of one dialect.
#[derive(Debug)]
pub struct Function {
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
    /// Written without parentheses: CURRENT_DATE.
    pub(crate) bare: bool,
    /// The first argument is a unit: DATEADD, TIMESTAMPDIFF.
    pub(crate) unit_first: bool,
}

/// Two functions are the same if they are the same entry.
impl PartialEq for Function {
    fn eq(&self, other: &Function) -> bool {
        std::ptr::eq(self, other)
    }
}

/// The dialect's function of a name, which is compared without regard to case.
pub(crate) fn find(_dialect: Dialect, _name: &str) -> Option<&'static Function> {
    None
}
