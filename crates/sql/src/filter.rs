//! A filter as written: the conditions on rows that a caller asks for, not yet resolved.
//!
//! ```text
//! or      := and { OR and }
//! and     := not { AND not }
//! not     := NOT not | '(' or ')' | condition
//! condition := subject ( = | != | <> | < | <= | > | >= ) ( value | name )
//!            | subject [NOT] IN '(' value { , value } ')'
//!            | subject [NOT] BETWEEN value AND value
//!            | subject [NOT] ( LIKE | CONTAINS | STARTS WITH | ENDS WITH ) string
//!            | subject IS [NOT] NULL
//! subject := name | aggregate (in HAVING only)
//! aggregate := COUNT '(' * ')' | ( COUNT | SUM | AVG | MIN | MAX ) '(' [DISTINCT] name ')'
//! name    := part { . part }, a part plain or in double quotes
//! value   := 'string' | number | TRUE | FALSE
//! ```
//!
//! In a row rule of a policy `claims.NAME` is a value as well, and `IN claims.NAME` takes a list. Keywords are case-blind.
//! Every comparison with NULL is neither true nor false, so `a != 1` does not give rows in which `a` is NULL. Text is
//! compared exactly by `=`, `!=` and IN, and without regard to case by LIKE and its kin. Depth, conditions and values
//! are bounded here, so that nothing later recurses further than the caller's text was allowed to.

mod parser;
mod pattern;
mod subject;

use crate::lexer::SyntaxError;
use crate::name::Name;

pub(crate) use pattern::{ESCAPE, Form};
pub(crate) use subject::{Aggregate, AggregateFunction, Subject};

/// A filter that has been read.
#[derive(Clone, Debug, PartialEq)]
pub struct Filter {
    pub(crate) root: Node,
}

/// One node of a filter.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Node {
    And(Vec<Node>),
    Condition(Condition),
    Not(Box<Node>),
    Or(Vec<Node>),
}

/// What is asked of one thing, and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Condition {
    pub(crate) subject: Subject,
    pub(crate) offset: usize,
    pub(crate) test: Test,
}

/// The question asked.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Test {
    Between { negated: bool, low: Given, high: Given },
    Compare(Comparison, Given),
    CompareColumn(Comparison, Name, usize),
    In { negated: bool, values: Vec<Given> },
    InClaim { negated: bool, claim: String },
    Match { negated: bool, form: Form, text: Given },
    Null { negated: bool },
}

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comparison {
    Equal,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
    NotEqual,
}

/// A value as written, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Given {
    pub(crate) source: Source,
    pub(crate) offset: usize,
}

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// The claim of this name; only in row rules.
    Claim(String),
    Literal(Literal),
}

/// A value as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Literal {
    Boolean(bool),
    Number(String),
    Text(String),
}

/// Reads a filter.
///
/// # Errors
/// It cannot be read, and where.
pub fn parse_filter(text: &str) -> Result<Filter, SyntaxError> {
    parser::parse(text, parser::Author::Caller)
}

/// Reads a row rule: a filter in which `claims.NAME` stands for a value.
pub(crate) fn row_rule(text: &str) -> Result<Filter, SyntaxError> {
    parser::parse(text, parser::Author::Policy)
}

/// Whether the text is a condition on rows as a policy has it: a filter in which `claims.NAME` stands for a value.
///
/// # Errors
/// It cannot be read, and where.
pub fn parse_row_rule(text: &str) -> Result<(), SyntaxError> {
    row_rule(text).map(|_| ())
}
