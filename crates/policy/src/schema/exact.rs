//! JSON as the values the validator reads, without loss, and counted by depth on the way.

use mcp::{Json, Kind};
use serde_json::{Map, Number, Value};
use thiserror::Error;

use crate::condition::Number as Exact;

/// A value and how much of it there is.
pub(super) struct Weighed {
    pub(super) value: Value,
    /// How many values there are at each depth; long texts count as several.
    pub(super) values: Vec<u64>,
}

/// Bytes of text that count as one more value.
const TEXT: usize = 64;

/// Deepest value that is judged: validators recurse, and the stack of a filter is small.
const MAX_DEPTH: usize = 100;

/// Why a value cannot be judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub(super) enum Unjudged {
    /// It is nested too deeply.
    #[error("something in it is nested deeper than {MAX_DEPTH} levels")]
    Depth,
    /// It holds a number without an exact form.
    #[error("a number in it has more digits than can be compared exactly")]
    Number,
}

impl Weighed {
    pub(super) fn of(json: Json<'_>) -> Result<Weighed, Unjudged> {
        let mut values = Vec::new();
        let value = convert(json, 0, &mut values)?;
        Ok(Weighed { value, values })
    }
}

fn convert(json: Json<'_>, depth: usize, values: &mut Vec<u64>) -> Result<Value, Unjudged> {
    if depth > MAX_DEPTH {
        return Err(Unjudged::Depth);
    }
    if values.len() <= depth {
        values.resize(depth + 1, 0);
    }
    if let Some(count) = values.get_mut(depth) {
        *count += 1 + u64::try_from(scalar_length(json) / TEXT).unwrap_or(u64::MAX / 2);
    }
    Ok(match json.kind() {
        Kind::Null => Value::Null,
        Kind::Bool => Value::Bool(json.as_bool() == Some(true)),
        Kind::Number => Value::Number(number(json.text()).ok_or(Unjudged::Number)?),
        Kind::String => Value::String(json.as_str().unwrap_or_default().into_owned()),
        Kind::Array => Value::Array(
            json.array()
                .unwrap_or_default()
                .into_iter()
                .map(|item| convert(item, depth + 1, values))
                .collect::<Result<_, _>>()?,
        ),
        Kind::Object => {
            let mut members = Map::new();
            for (name, member) in json.object().iter().flat_map(mcp::Object::iter) {
                members.insert(name.to_owned(), convert(member, depth + 1, values)?);
            }
            Value::Object(members)
        }
    })
}

fn scalar_length(json: Json<'_>) -> usize {
    match json.kind() {
        Kind::Array | Kind::Object => 0,
        _ => json.text().len(),
    }
}

pub(super) fn number(text: &str) -> Option<Number> {
    match Exact::of_json(text)? {
        Exact::Int(number) => Some(number.into()),
        Exact::UInt(number) => Some(number.into()),
        Exact::Double(number) => Number::from_f64(number),
    }
}
