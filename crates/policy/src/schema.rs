//! JSON Schemas over arguments: written in a rule, or declared by the server for its tool.
//!
//! The `jsonschema` crate validates. Before it sees a schema, [`outline`] has made sure that it refers to nothing outside
//! itself and has counted how much work a value of each depth can cause; arguments that could cause too much are refused
//! unseen. Numbers are compared without loss, or not at all.

mod contradiction;
mod exact;
mod keyword;
mod outline;
mod words;

use std::fmt;

use jsonschema::{Draft, PatternOptions, Validator};
use mcp::{Json, Kind, Limits};
use serde_json::Value;

use crate::schema::exact::Weighed;
use crate::schema::outline::Outline;

/// Most work one validation may cause: values of the arguments times parts of the schema that look at each. A few
/// milliseconds.
const MAX_WORK: u64 = 2_000_000;
/// Largest compiled pattern, in bytes.
const MAX_PATTERN: usize = 256 * 1024;
/// Bounds of a declared schema.
const DECLARED: Limits = Limits { bytes: 256 * 1024, depth: 64, members: 100_000 };

/// A schema, compiled.
#[derive(Debug)]
pub(crate) struct Schema {
    validator: Validator,
    outline: Outline,
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

impl Schema {
    pub(crate) fn compile(value: &Value, origin: Origin) -> Result<Schema, Unusable> {
        let outline = Outline::of(value, origin)?;
        if origin == Origin::Written {
            contradiction::find(value)?;
        }
        let draft = match value.get("$schema").and_then(Value::as_str) {
            Some(uri) if uri.contains("draft-07") => Draft::Draft7,
            _ => Draft::Draft202012,
        };
        let validator = jsonschema::options()
            .with_draft(draft)
            .offline()
            .with_pattern_options(PatternOptions::regex().size_limit(MAX_PATTERN).dfa_size_limit(MAX_PATTERN))
            .should_validate_formats(origin != Origin::Declared)
            .build(value)
            .map_err(|error| words::unusable(&error))?;
        Ok(Schema { validator, outline })
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
        let weighed = Weighed::of(json).map_err(|unjudged| unusable(unjudged.to_string()))?;
        Schema::compile(&weighed.value, origin)
    }

    /// Whether a value of any kind meets it; nothing where that cannot be said.
    pub(crate) fn meets(&self, value: Json<'_>) -> Option<bool> {
        let weighed = Weighed::of(value).ok()?;
        let affordable = self.outline.work(&weighed.values) <= MAX_WORK;
        affordable.then(|| self.validator.is_valid(&weighed.value))
    }

    /// Whether arguments meet it.
    pub(crate) fn validate(&self, arguments: Json<'_>) -> Validity {
        if arguments.kind() != Kind::Object {
            return Validity::Undecided("the arguments are no object".to_owned());
        }
        let weighed = match Weighed::of(arguments) {
            Ok(weighed) => weighed,
            Err(unjudged) => return Validity::Undecided(format!("the arguments: {unjudged}")),
        };
        if self.outline.work(&weighed.values) > MAX_WORK {
            return Validity::Undecided(
                "the arguments are too large for the schema to be checked".to_owned(),
            );
        }
        if self.validator.is_valid(&weighed.value) {
            return Validity::Valid;
        }
        match self.validator.iter_errors(&weighed.value).next() {
            Some(error) => Validity::Invalid(words::unmet(&error)),
            None => Validity::Undecided("the schema gives no clear answer".to_owned()),
        }
    }
}

/// The number of a document's text, where a form holds it exactly.
pub(crate) fn exact_number(text: &str) -> Option<serde_json::Number> {
    exact::number(text)
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
