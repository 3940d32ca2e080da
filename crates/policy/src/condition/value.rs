//! Values of expressions: views of the arguments' own bytes where they come from a call, and sets of kinds where they are
//! not known.

use std::borrow::Cow;
use std::rc::Rc;

use mcp::{Json, Kind};

use crate::claims::{Claim, Claims};
use crate::condition::Fault;
use crate::condition::lower::SUBJECT;
use crate::condition::number::Number;
use crate::condition::outcome::Outcomes;
use crate::subject::Subject;

/// A value that is known.
#[derive(Debug, Clone)]
pub(super) enum Value<'v> {
    Null,
    Bool(bool),
    Number(Number),
    Text(Cow<'v, str>),
    /// An array or object of the arguments.
    Json(Json<'v>),
    List(Rc<[Value<'v>]>),
    Map(Rc<[(Value<'v>, Value<'v>)]>),
    Claims(&'v Claims),
    ClaimList(&'v [Claim]),
    Subject(&'v Subject),
}

/// What is known of a value.
#[derive(Debug, Clone)]
pub(super) enum Known<'v> {
    /// The value.
    Exactly(Value<'v>),
    /// One of these, or an error.
    OneOf(Outcomes),
}

impl<'v> Value<'v> {
    pub(super) fn text(text: &'v str) -> Value<'v> {
        Value::Text(Cow::Borrowed(text))
    }

    pub(super) fn of_json(json: Json<'v>) -> Result<Value<'v>, Fault> {
        Ok(match json.kind() {
            Kind::Null => Value::Null,
            Kind::Bool => Value::Bool(json.as_bool() == Some(true)),
            Kind::Number => Value::Number(Number::of_json(json.text()).ok_or_else(|| {
                Fault("a number in the arguments has more digits than can be compared exactly".to_owned())
            })?),
            Kind::String => Value::Text(json.as_str().unwrap_or_default()),
            Kind::Array | Kind::Object => Value::Json(json),
        })
    }

    pub(super) fn of_claim(claim: &'v Claim) -> Value<'v> {
        match claim {
            Claim::Boolean(value) => Value::Bool(*value),
            Claim::List(list) => Value::ClaimList(list),
            Claim::Number(number) => Value::Number(Number::Int(*number)),
            Claim::Text(text) => Value::text(text),
        }
    }

    pub(super) fn kind(&self) -> Outcomes {
        match self {
            Value::Null => Outcomes::NULL,
            Value::Bool(value) => Outcomes::of(*value),
            Value::Number(_) => Outcomes::NUMBER,
            Value::Text(_) => Outcomes::TEXT,
            Value::Json(json) if json.kind() == Kind::Array => Outcomes::LIST,
            Value::List(_) | Value::ClaimList(_) => Outcomes::LIST,
            Value::Json(_) | Value::Map(_) | Value::Claims(_) | Value::Subject(_) => Outcomes::MAP,
        }
    }

    /// The items of a list, the keys of a map.
    pub(super) fn elements(&self) -> Result<Vec<Value<'v>>, Fault> {
        Ok(match self {
            Value::Json(json) => match (json.array(), json.object()) {
                (Some(items), _) => items.into_iter().map(Value::of_json).collect::<Result<_, _>>()?,
                (None, Some(object)) => {
                    object.iter().map(|(key, _)| Value::Text(Cow::Owned(key.to_owned()))).collect()
                }
                (None, None) => Vec::new(),
            },
            Value::List(items) => items.to_vec(),
            Value::Map(entries) => entries.iter().map(|(key, _)| key.clone()).collect(),
            Value::Claims(claims) => claims.keys().map(|name| Value::text(name)).collect(),
            Value::ClaimList(list) => list.iter().map(Value::of_claim).collect(),
            Value::Subject(_) => SUBJECT.map(Value::text).to_vec(),
            _ => return Err(Fault("expected a list or a map".to_owned())),
        })
    }

    /// The value of a key of a map.
    pub(super) fn member(&self, key: &str) -> Result<Option<Value<'v>>, Fault> {
        Ok(match self {
            Value::Json(json) if json.kind() == Kind::Object => {
                json.member(key).map(Value::of_json).transpose()?
            }
            Value::Map(entries) => entries
                .iter()
                .find(|(known, _)| matches!(known, Value::Text(text) if text == key))
                .map(|(_, value)| value.clone()),
            Value::Claims(claims) => claims.get(key).map(Value::of_claim),
            Value::Subject(subject) => match key {
                "name" => Some(Value::text(&subject.name)),
                "issuer" => Some(Value::text(&subject.issuer)),
                "key_id" => Some(Value::text(&subject.key_id)),
                "role" => Some(Value::text(&subject.role)),
                _ => None,
            },
            _ => return Err(Fault(format!("expected a map to look for `{key}` in"))),
        })
    }

    /// Whether a map has a key.
    pub(super) fn has(&self, key: &str) -> Result<bool, Fault> {
        match self {
            // A number that has no exact form is there all the same.
            Value::Json(json) if json.kind() == Kind::Object => Ok(json.member(key).is_some()),
            other => other.member(key).map(|value| value.is_some()),
        }
    }

    /// How many characters, items or entries.
    pub(super) fn size(&self) -> Option<usize> {
        Some(match self {
            Value::Text(text) => text.chars().count(),
            Value::Json(json) => match json.array() {
                Some(items) => items.len(),
                None => json.object().map_or(0, |object| object.len()),
            },
            Value::List(items) => items.len(),
            Value::Map(entries) => entries.len(),
            Value::Claims(claims) => claims.len(),
            Value::ClaimList(list) => list.len(),
            Value::Subject(_) => SUBJECT.len(),
            Value::Null | Value::Bool(_) | Value::Number(_) => return None,
        })
    }

    /// What looking through it costs, in steps of an evaluation.
    pub(super) fn cost(&self) -> u64 {
        let bytes = match self {
            Value::Text(text) => text.len(),
            Value::Json(json) => json.text().len(),
            Value::List(items) => items.len().saturating_mul(16),
            Value::Map(entries) => entries.len().saturating_mul(32),
            Value::Claims(claims) => claims.len().saturating_mul(16),
            Value::ClaimList(list) => list.len().saturating_mul(16),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Subject(_) => 0,
        };
        u64::try_from(bytes / 16).unwrap_or(u64::MAX)
    }
}

impl<'v> Known<'v> {
    pub(super) fn bool(value: bool) -> Known<'v> {
        Known::Exactly(Value::Bool(value))
    }

    /// The kinds it may be of.
    pub(super) fn kinds(&self) -> Outcomes {
        match self {
            Known::Exactly(value) => value.kind(),
            Known::OneOf(kinds) => *kinds,
        }
    }

    /// As a truth value: what is neither true nor false is an error.
    pub(super) fn truth(&self) -> Outcomes {
        self.kinds().truth()
    }
}
