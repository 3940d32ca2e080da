//! `trigate.yaml` from text and to text.
//!
//! Reading goes in three steps, each of which reports everything it finds: `tree` makes nodes with places of the text,
//! `reader` holds them against the fields there are (`schema`), and compiling checks what they mean. JSON is YAML.

mod case;
mod data;
mod print;
mod reader;
mod schema;
mod shape;
mod tree;

use std::collections::HashMap;

use crate::document::Document;
use crate::problem::{Problem, Problems, member};
use crate::ruleset::RuleSet;
use crate::yaml::reader::Reader;
use crate::yaml::tree::Tree;

pub(crate) use crate::yaml::print::print;

/// Longest text of a document, in bytes.
pub const MAX_BYTES: usize = 8 * 1024 * 1024;

/// A document with the places its fields have in the text.
#[derive(Debug, Clone)]
pub struct Source {
    /// The document.
    pub document: Document,
    places: HashMap<String, Place>,
    /// Where the text of a scalar begins, for those that stand in the document as they read.
    texts: HashMap<String, Place>,
}

/// Where a field stands: line and column, both from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) line: u32,
    pub(crate) column: u32,
}

/// Reads a document. What its fields mean together is checked by [`Source::check`].
///
/// # Errors
/// Everything in the text that is not YAML, or no field of a document, with its place.
pub fn parse(text: &str) -> Result<Source, Problems> {
    if text.len() > MAX_BYTES {
        return Err(Problems(vec![Problem::at(
            "",
            format!("the document is longer than {MAX_BYTES} bytes"),
        )]));
    }
    let tree = Tree::read(text)?;
    let mut reader = Reader::new(&tree);
    let value = reader.read(&schema::DOCUMENT);
    let (mut problems, places, texts) = reader.finish();
    let read = serde_json::from_value(value).map(|document| Source { document, places, texts });
    match read {
        Ok(source) if problems.is_empty() => Ok(source),
        // What is only too much (an unknown field) leaves the rest to be checked, and all is reported at once.
        Ok(source) => {
            problems.extend(source.check());
            problems.sort();
            Err(Problems(problems))
        }
        Err(_) if !problems.is_empty() => {
            problems.sort();
            Err(Problems(problems))
        }
        // The schema is the stricter of the two; a difference between it and the types would show here.
        Err(error) => Err(Problems(vec![Problem::at("", error.to_string())])),
    }
}

/// Reads any YAML as JSON has it: bare scalars are what JSON takes them for, or text.
///
/// # Errors
/// Everything in the text that is not YAML, with its place.
pub fn read_yaml(text: &str) -> Result<serde_json::Value, Problems> {
    let tree = Tree::read(text)?;
    let mut reader = Reader::new(&tree);
    let value = reader.read(&shape::Shape::Json);
    let (problems, ..) = reader.finish();
    if problems.is_empty() { Ok(value) } else { Err(Problems(problems)) }
}

impl Source {
    /// Everything that is wrong with what the fields mean together, with its place.
    #[must_use]
    pub fn check(&self) -> Problems {
        self.compile(0).err().unwrap_or_default()
    }

    /// The same, and what is wrong with conditions on rows, whose grammar another package knows: `read` says what it is.
    #[must_use]
    pub fn check_with(&self, read: impl Fn(&str) -> Result<(), String>) -> Problems {
        let roles = self.document.roles.iter().flat_map(|(role, written)| {
            let path = member("roles", role);
            written
                .databases
                .iter()
                .map(move |(database, grants)| (member(&member(&path, "databases"), database), grants))
        });
        let rules = roles.flat_map(|(path, grants)| {
            grants.rows.iter().map(move |(table, rule)| (member(&member(&path, "rows"), table), rule))
        });
        let wrong = rules.filter(|(_, rule)| !rule.trim().is_empty()).filter_map(|(path, rule)| {
            let message = read(rule).err()?;
            Some(self.place(Problem::at(path, message)))
        });
        let mut problems: Vec<Problem> = self.check().into_iter().chain(wrong).collect();
        problems.sort();
        Problems(problems)
    }

    /// Makes rules of the document.
    ///
    /// # Errors
    /// As [`Source::check`].
    pub fn compile(&self, revision: u64) -> Result<RuleSet, Problems> {
        RuleSet::compile(&self.document, revision).map_err(|problems| {
            let mut placed: Vec<Problem> = problems.into_iter().map(|problem| self.place(problem)).collect();
            placed.sort();
            Problems(placed)
        })
    }

    /// Gives a problem the place of its field or, where the text leaves that field out, of what it would stand in.
    fn place(&self, problem: Problem) -> Problem {
        let mut path = problem.path.as_str();
        loop {
            if let Some(place) = self.texts.get(path).filter(|_| problem.column > 0 && path == problem.path) {
                return Problem { line: place.line, column: place.column + problem.column, ..problem };
            }
            if let Some(place) = self.places.get(path) {
                return Problem { line: place.line, column: place.column, ..problem };
            }
            match path.rfind(['.', '[']).and_then(|end| path.get(..end)) {
                Some(parent) => path = parent,
                None => return Problem { line: 1, column: 1, ..problem },
            }
        }
    }
}

#[cfg(test)]
mod tests;
