//! Values as the validator walks them: views of the bytes judged, with numbers that compare by value and members in the
//! order of their names, so that values can be sorted and searched.

use std::borrow::Cow;

use mcp::{Json, Kind};
use serde_json::{Map, Value};
use thiserror::Error;

use crate::schema::check::Budget;
use crate::schema::decimal::Decimal;

/// A value. Its order is total and means nothing but that equal values are equal.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Node<'a> {
    Null,
    Bool(bool),
    Number(Decimal),
    Text(Cow<'a, str>),
    Array(Vec<Node<'a>>),
    /// By name.
    Object(Vec<(Cow<'a, str>, Node<'a>)>),
}

/// Deepest value that is judged: validators recurse, and the stack of a filter is small.
const MAX_DEPTH: usize = 100;
/// Bytes of text that are read or compared in one step.
const TEXT: usize = 64;

/// Why a value cannot be judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub(super) enum Unjudged {
    /// It is nested too deeply.
    #[error("something in it is nested deeper than {MAX_DEPTH} levels")]
    Depth,
    /// It holds a number without an exact form.
    #[error("a number in it has more digits than can be compared exactly")]
    Number,
    /// Reading it costs more than a validation may.
    #[error("they are too large")]
    Size,
}

impl<'a> Node<'a> {
    /// Reads a value. Each level reads the bytes below it once more, which is paid for.
    pub(super) fn read(json: Json<'a>, budget: &mut Budget) -> Result<Node<'a>, Unjudged> {
        Node::read_at(json, 0, budget)
    }

    fn read_at(json: Json<'a>, depth: usize, budget: &mut Budget) -> Result<Node<'a>, Unjudged> {
        if depth > MAX_DEPTH {
            return Err(Unjudged::Depth);
        }
        budget.spend(text_weight(json.text())).map_err(|_| Unjudged::Size)?;
        Ok(match json.kind() {
            Kind::Null => Node::Null,
            Kind::Bool => Node::Bool(json.as_bool() == Some(true)),
            Kind::Number => Node::Number(Decimal::of_json(json.text()).ok_or(Unjudged::Number)?),
            Kind::String => Node::Text(json.as_str().unwrap_or_default()),
            Kind::Array => {
                let items = json.array().unwrap_or_default().into_iter();
                Node::Array(
                    items.map(|item| Node::read_at(item, depth + 1, budget)).collect::<Result<_, _>>()?,
                )
            }
            Kind::Object => {
                let members = json.object().into_iter().flat_map(mcp::Object::into_members);
                let members =
                    members.map(|(name, value)| Ok((name, Node::read_at(value, depth + 1, budget)?)));
                let mut members: Vec<_> = members.collect::<Result<_, _>>()?;
                members.sort_unstable_by(|(left, _), (right, _)| left.cmp(right));
                Node::Object(members)
            }
        })
    }

    /// A value of a schema.
    pub(super) fn of_schema(value: &Value) -> Option<Node<'static>> {
        Some(match value {
            Value::Null => Node::Null,
            Value::Bool(value) => Node::Bool(*value),
            Value::Number(number) => Node::Number(Decimal::of_schema(number)?),
            Value::String(text) => Node::Text(Cow::Owned(text.clone())),
            Value::Array(items) => Node::Array(items.iter().map(Node::of_schema).collect::<Option<_>>()?),
            Value::Object(members) => {
                let owned = |name: &String| Cow::Owned(name.clone());
                let members =
                    members.iter().map(|(name, value)| Some((owned(name), Node::of_schema(value)?)));
                let mut members: Vec<(Cow<'static, str>, _)> = members.collect::<Option<_>>()?;
                members.sort_unstable_by(|(left, _), (right, _)| left.cmp(right));
                Node::Object(members)
            }
        })
    }

    /// The steps of comparing it once.
    pub(super) fn weight(&self) -> u64 {
        match self {
            Node::Null | Node::Bool(_) | Node::Number(_) => 1,
            Node::Text(text) => text_weight(text),
            Node::Array(items) => 1 + items.iter().map(Node::weight).sum::<u64>(),
            Node::Object(members) => {
                1 + members.iter().map(|(name, value)| text_weight(name) + value.weight()).sum::<u64>()
            }
        }
    }
}

/// Whether an object has a member of a name.
pub(super) fn has(members: &[(Cow<'_, str>, Node<'_>)], name: &str) -> bool {
    members.binary_search_by(|(known, _)| known.as_ref().cmp(name)).is_ok()
}

/// The steps of passing over a text once.
pub(super) fn text_weight(text: &str) -> u64 {
    1 + u64::try_from(text.len() / TEXT).unwrap_or(u64::MAX / 2)
}

/// A declared schema as a value, without loss.
pub(super) fn schema_value(json: Json<'_>) -> Result<Value, Unjudged> {
    value_at(json, 0)
}

fn value_at(json: Json<'_>, depth: usize) -> Result<Value, Unjudged> {
    if depth > MAX_DEPTH {
        return Err(Unjudged::Depth);
    }
    Ok(match json.kind() {
        Kind::Null => Value::Null,
        Kind::Bool => Value::Bool(json.as_bool() == Some(true)),
        Kind::Number => Value::Number(crate::schema::exact_number(json.text()).ok_or(Unjudged::Number)?),
        Kind::String => Value::String(json.as_str().unwrap_or_default().into_owned()),
        Kind::Array => {
            let items = json.array().unwrap_or_default().into_iter();
            Value::Array(items.map(|item| value_at(item, depth + 1)).collect::<Result<_, _>>()?)
        }
        Kind::Object => {
            let members = json.object().into_iter().flat_map(mcp::Object::into_members);
            let members = members.map(|(name, value)| Ok((name.into_owned(), value_at(value, depth + 1)?)));
            Value::Object(members.collect::<Result<Map<_, _>, _>>()?)
        }
    })
}
