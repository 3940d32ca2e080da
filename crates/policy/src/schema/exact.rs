//! JSON as the values the validator reads, without loss, and counted by depth on the way.

use mcp::{Json, Kind};
use serde_json::{Map, Number, Value};

use crate::condition::Number as Exact;

/// A value and how much of it there is.
pub(super) struct Weighed {
    pub(super) value: Value,
    /// How many values there are at each depth; long texts count as several.
    pub(super) values: Vec<u64>,
}

/// Bytes of text that count as one more value.
const TEXT: usize = 64;

impl Weighed {
    /// None where a number has no exact form.
    pub(super) fn of(json: Json<'_>) -> Option<Weighed> {
        let mut values = Vec::new();
        let value = convert(json, 0, &mut values)?;
        Some(Weighed { value, values })
    }
}

fn convert(json: Json<'_>, depth: usize, values: &mut Vec<u64>) -> Option<Value> {
    if values.len() <= depth {
        values.resize(depth + 1, 0);
    }
    if let Some(count) = values.get_mut(depth) {
        *count += 1 + u64::try_from(scalar_length(json) / TEXT).unwrap_or(u64::MAX / 2);
    }
    Some(match json.kind() {
        Kind::Null => Value::Null,
        Kind::Bool => Value::Bool(json.as_bool() == Some(true)),
        Kind::Number => Value::Number(number(json.text())?),
        Kind::String => Value::String(json.as_str().unwrap_or_default().into_owned()),
        Kind::Array => Value::Array(
            json.array()?.into_iter().map(|item| convert(item, depth + 1, values)).collect::<Option<_>>()?,
        ),
        Kind::Object => Value::Object(
            json.object()?
                .iter()
                .map(|(name, member)| Some((name.to_owned(), convert(member, depth + 1, values)?)))
                .collect::<Option<Map<_, _>>>()?,
        ),
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
