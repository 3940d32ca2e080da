//! JSON Schemas over arguments: written in a rule, or declared by the server for its tool.
//!
//! A schema is compiled once to a list of parts ([`part`]), which makes sure that it refers to nothing outside itself and
//! to nothing that leads back without going deeper. A value is then judged as it stands in the bytes ([`node`]): numbers
//! are compared without loss, or not at all, and each look costs steps, of which there are so many and no more ([`check`]).

mod check;
mod compile;
mod contradiction;
mod decimal;
mod format;
mod keyword;
mod node;
mod part;
mod pattern;
mod words;

use std::fmt;

use mcp::{Json, Kind, Limits};
use serde_json::Value;

use crate::condition::Number;
use crate::schema::check::{Budget, Checker, Halt};
use crate::schema::node::{Node, Unjudged};
use crate::schema::part::Part;
use crate::schema::words::Unmet;

/// Bounds of a declared schema.
const DECLARED: Limits = Limits { bytes: 256 * 1024, depth: 64, members: 100_000 };

/// A schema, compiled.
#[derive(Debug)]
pub(crate) struct Schema {
    parts: Vec<Part>,
}

/// Whose schema it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// The server's own: what it does not know is an annotation to it.
    Declared,
    /// The server's own, of what it answers: its formats count, since a client may hold the answer to them.
    Output,
    /// A rule's: what it does not know is a mistake.
    Written,
}

/// Why a value is no schema that can be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unusable {
    /// Where in the schema, as a path that can follow the path of the schema itself.
    pub(crate) path: String,
    /// What is wrong.
    pub(crate) message: String,
}

/// What a schema says of arguments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Validity {
    /// They meet it.
    Valid,
    /// They do not, in words.
    Invalid(String),
    /// It cannot be said, in words.
    Undecided(String),
}

/// What came of one look at a value.
enum Verdict<'s> {
    Met,
    TooCostly,
    Unjudged(Unjudged),
    Unmet(Unmet<'s>),
}

impl Schema {
    pub(crate) fn compile(value: &Value, origin: Origin) -> Result<Schema, Unusable> {
        let parts = compile::compile(value, origin)?;
        if origin == Origin::Written {
            contradiction::find(value)?;
        }
        Ok(Schema { parts })
    }

    /// Reads the schema a server declares for arguments.
    pub(crate) fn declared(text: &str) -> Result<Schema, Unusable> {
        Schema::read(text, Origin::Declared)
    }

    /// Reads the schema a server declares for results.
    pub(crate) fn of_output(text: &str) -> Result<Schema, Unusable> {
        Schema::read(text, Origin::Output)
    }

    fn read(text: &str, origin: Origin) -> Result<Schema, Unusable> {
        let unusable = |message: String| Unusable { path: String::new(), message };
        let json = Json::parse(text.as_bytes(), &DECLARED).map_err(|error| unusable(error.to_string()))?;
        let value = node::schema_value(json).map_err(|unjudged| unusable(unjudged.to_string()))?;
        Schema::compile(&value, origin)
    }

    /// Whether a value of any kind meets it; nothing where that cannot be said.
    pub(crate) fn meets(&self, value: Json<'_>) -> Option<bool> {
        match self.judge(value) {
            Verdict::Met => Some(true),
            Verdict::Unmet(_) => Some(false),
            Verdict::TooCostly | Verdict::Unjudged(_) => None,
        }
    }

    /// Whether arguments meet it.
    pub(crate) fn validate(&self, arguments: Json<'_>) -> Validity {
        if arguments.kind() != Kind::Object {
            return Validity::Undecided("the arguments are no object".to_owned());
        }
        match self.judge(arguments) {
            Verdict::Met => Validity::Valid,
            Verdict::Unmet(unmet) => Validity::Invalid(unmet.to_string()),
            Verdict::Unjudged(unjudged) => Validity::Undecided(format!("the arguments: {unjudged}")),
            Verdict::TooCostly => {
                Validity::Undecided("the arguments are too large for the schema to be checked".to_owned())
            }
        }
    }

    fn judge(&self, value: Json<'_>) -> Verdict<'_> {
        let mut budget = Budget::full();
        let node = match Node::read(value, &mut budget) {
            Ok(node) => node,
            Err(Unjudged::Size) => return Verdict::TooCostly,
            Err(unjudged) => return Verdict::Unjudged(unjudged),
        };
        match Checker::new(&self.parts, budget).check(&node) {
            Ok(()) => Verdict::Met,
            Err(Halt::Unmet(unmet)) => Verdict::Unmet(unmet),
            Err(Halt::Overrun) => Verdict::TooCostly,
        }
    }
}

/// The number of a document's text, where a form holds it exactly.
pub(crate) fn exact_number(text: &str) -> Option<serde_json::Number> {
    match Number::of_json(text)? {
        Number::Int(number) => Some(number.into()),
        Number::UInt(number) => Some(number.into()),
        Number::Double(number) => serde_json::Number::from_f64(number),
    }
}

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path.trim_start_matches('.'))?;
        }
        f.write_str(&self.message)
    }
}

#[cfg(test)]
mod tests;
