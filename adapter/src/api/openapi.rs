//! An OpenAPI document, 3.0 or 3.1, as tools: one for each operation that can be carried out as JSON.
//!
//! What a tool takes is one flat object: parameters by their names, the body under `body`. Schemas are carried over with what
//! they refer to; the document is not asked to be sound beyond what is used of it.

mod document;
mod input;
mod schema;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use policy::document::Only;
use rmcp::model::{JsonObject, Tool, ToolAnnotations};
use serde_json::{Map, Value};

use self::document::Document;
pub(super) use self::input::{Body, Input, Place, Style};
use super::Read;

/// The verbs that operations have.
const VERBS: [&str; 7] = ["get", "put", "post", "delete", "options", "head", "patch"];
/// Longest name of a tool.
const LONGEST: usize = 64;

/// Why a document gives no tools.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub(super) enum Unusable {
    /// It is no document of the format.
    #[error("it is no OpenAPI document of version 3.0 or 3.1: {0}")]
    Format(String),
    /// Something in it does not fit.
    #[error("at {place}: {why}")]
    Place {
        /// JSON pointer.
        place: String,
        /// What is wrong.
        why: String,
    },
    /// What was chosen is not there.
    #[error("it has no {what} `{name}`")]
    Unknown {
        /// `operation` or `tag`.
        what: &'static str,
        /// What was named.
        name: String,
    },
}

/// One operation, ready to be carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Operation {
    /// The HTTP method.
    pub(super) method: String,
    /// The path with its parameters in braces.
    pub(super) path: String,
    /// What goes where, by argument.
    pub(super) inputs: BTreeMap<String, Input>,
}

/// Reads a document; `only` chooses among its operations.
pub(super) fn read(root: Value, only: &Only) -> Result<Read<Operation>, Unusable> {
    let document = Document::of(root)?;
    let mut read = Read { tools: Vec::new(), left_out: Vec::new() };
    let mut names = BTreeSet::new();
    let mut met = Met::default();
    for (path, item) in document.paths()? {
        let item = document.resolved(item, &format!("paths/{path}"))?;
        for verb in VERBS {
            let Some(operation) = item.get(verb) else { continue };
            if !met.takes(operation, only) {
                continue;
            }
            let place = format!("paths/{path}/{verb}");
            match tool(&document, (path, verb), (item, operation), &place)? {
                Ok((name, tool, operation)) => {
                    let name = free(&name, &mut names);
                    read.tools.push((named(tool, name), operation));
                }
                Err(why) => read.left_out.push(format!("{} {path}: {why}", verb.to_uppercase())),
            }
        }
    }
    met.check(only)?;
    Ok(read)
}

/// What was met of what was chosen.
#[derive(Default)]
struct Met {
    tags: BTreeSet<String>,
    operations: BTreeSet<String>,
}

impl Met {
    /// Whether an operation was chosen; without a choice, all are.
    fn takes(&mut self, operation: &Value, only: &Only) -> bool {
        let id = operation.get("operationId").and_then(Value::as_str).unwrap_or_default();
        self.operations.insert(id.to_owned());
        let tags =
            operation.get("tags").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
        let mut tagged = false;
        for tag in tags {
            self.tags.insert(tag.to_owned());
            tagged |= only.tags.iter().any(|wanted| wanted == tag);
        }
        let all = only.tags.is_empty() && only.operations.is_empty();
        all || tagged || only.operations.iter().any(|wanted| wanted == id)
    }

    fn check(&self, only: &Only) -> Result<(), Unusable> {
        let tag = only.tags.iter().find(|tag| !self.tags.contains(*tag)).map(|tag| ("tag", tag));
        let operation = only.operations.iter().find(|id| !self.operations.contains(*id));
        match tag.or(operation.map(|id| ("operation", id))) {
            Some((what, name)) => Err(Unusable::Unknown { what, name: name.clone() }),
            None => Ok(()),
        }
    }
}

/// A tool and its operation; the inner error says why it is left out.
type Made = Result<(String, Tool, Operation), String>;

fn tool(
    document: &Document,
    (path, verb): (&str, &str),
    (item, operation): (&Value, &Value),
    place: &str,
) -> Result<Made, Unusable> {
    let (inputs, input_schema) = match input::read(document, path, (item, operation), place)? {
        Ok(read) => read,
        Err(why) => return Ok(Err(why)),
    };
    let text = |key: &str| operation.get(key).and_then(Value::as_str).unwrap_or_default();
    let id = text("operationId");
    let name = if id.is_empty() { format!("{verb}_{path}") } else { id.to_owned() };
    let (summary, description) = (text("summary"), text("description"));
    let about = match (summary, description) {
        ("", "") => format!("{} {path}", verb.to_uppercase()),
        (summary, "") => summary.to_owned(),
        ("", description) => description.to_owned(),
        (summary, description) if description.starts_with(summary) => description.to_owned(),
        (summary, description) => format!("{summary}\n\n{description}"),
    };
    let reads = matches!(verb, "get" | "head" | "options");
    let hints = ToolAnnotations::new()
        .read_only(reads)
        .destructive(matches!(verb, "delete" | "put" | "patch" | "post"))
        .idempotent(!matches!(verb, "post" | "patch"))
        .open_world(true);
    let mut tool = Tool::new(name.clone(), about, Arc::new(input_schema)).with_annotations(hints);
    if !summary.is_empty() {
        tool = tool.with_title(summary);
    }
    if let Some(output) = output(document, operation, place)? {
        tool = tool.with_raw_output_schema(Arc::new(output));
    }
    Ok(Ok((name, tool, Operation { method: verb.to_uppercase(), path: path.to_owned(), inputs })))
}

/// The schema of what comes back where all goes well, if that is an object.
fn output(document: &Document, operation: &Value, place: &str) -> Result<Option<JsonObject>, Unusable> {
    let Some(responses) = operation.get("responses").and_then(Value::as_object) else { return Ok(None) };
    let good = responses.iter().filter(|(status, _)| status.starts_with('2'));
    let Some((status, response)) = good.min_by_key(|(status, _)| status.as_str()) else { return Ok(None) };
    let response = document.resolved(response, &format!("{place}/responses/{status}"))?;
    let Some(schema) = response.get("content").and_then(input::json_schema) else { return Ok(None) };
    let carried = schema::Carried::new(document).root(schema, place)?;
    let is_object = carried.get("type").and_then(Value::as_str) == Some("object");
    Ok(is_object.then_some(carried))
}

/// A name that clients and rules can use, and that no tool before it has.
fn free(name: &str, taken: &mut BTreeSet<String>) -> String {
    let plain = |char: char| if char.is_ascii_alphanumeric() || "_.-".contains(char) { char } else { '_' };
    let spread: String = name.chars().map(plain).collect();
    let words = spread.split('_').filter(|word| !word.is_empty()).collect::<Vec<_>>().join("_");
    let base: String = words.chars().take(LONGEST).collect();
    let base = if base.is_empty() { "operation".to_owned() } else { base };
    let mut free = base.clone();
    let mut number = 2_u32;
    while !taken.insert(free.clone()) {
        let end = format!("_{number}");
        free = base.chars().take(LONGEST - end.len()).chain(end.chars()).collect();
        number += 1;
    }
    free
}

fn named(mut tool: Tool, name: String) -> Tool {
    tool.name = name.into();
    tool
}

/// An object from its members.
fn object(members: impl IntoIterator<Item = (&'static str, Value)>) -> Map<String, Value> {
    members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

#[cfg(test)]
mod tests;
