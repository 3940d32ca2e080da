//! The arguments of a call as a message.
//!
//! The JSON mapping knows several spellings of one value: two names for a field, numbers for names, null for nothing. Only the
//! one that the tool's schema shows is taken, for a rule that looks into arguments knows no other. So each value is
//! looked at here first, and what is wrong is said with its place.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use prost_reflect::{
    DescriptorPool, DeserializeOptions, DynamicMessage, FieldDescriptor, Kind, MessageDescriptor,
};
use serde_json::{Map, Value};

use super::form::{Form, holds_null};

/// Largest integer up to which all are numbers of JSON as most programs read them.
const EXACT: f64 = 9_007_199_254_740_992.0;
/// Longest part of a name that is told.
const EXCERPT: usize = 64;
/// Deepest place that is told in full.
const STEPS: usize = 16;

/// Why arguments are no message.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}{why}", place(.steps))]
pub(in crate::api) struct Unfit {
    /// From the innermost outwards.
    steps: Vec<String>,
    why: String,
}

fn place(steps: &[String]) -> String {
    if steps.is_empty() {
        return String::new();
    }
    let told: Vec<&str> = steps.iter().rev().take(STEPS).map(String::as_str).collect();
    format!("`{}`: ", told.join("."))
}

impl Unfit {
    fn new(why: impl Into<String>) -> Self {
        Self { steps: Vec::new(), why: why.into() }
    }

    fn within(mut self, step: &str) -> Self {
        self.steps.push(excerpt(step));
        self
    }
}

fn excerpt(text: &str) -> String {
    text.chars().take(EXCERPT).collect()
}

type Fits = Result<(), Unfit>;

/// The message that the arguments are.
pub(super) fn message(
    descriptor: &MessageDescriptor,
    arguments: &Map<String, Value>,
) -> Result<DynamicMessage, Unfit> {
    let form = Form::of(descriptor);
    let given = if form.is_object() {
        Value::Object(arguments.clone())
    } else {
        if let Some(unknown) = arguments.keys().find(|name| *name != "value") {
            return Err(Unfit::new(format!("there is no `{}`; expected `value`", excerpt(unknown))));
        }
        arguments.get("value").cloned().ok_or_else(|| Unfit::new("`value` is missing"))?
    };
    check_message(descriptor, &given)?;
    read(descriptor, given)
}

fn read(descriptor: &MessageDescriptor, value: Value) -> Result<DynamicMessage, Unfit> {
    let strictly = DeserializeOptions::new().deny_unknown_fields(true);
    DynamicMessage::deserialize_with_options(descriptor.clone(), value, &strictly)
        .map_err(|error| Unfit::new(error.to_string()))
}

fn check_message(descriptor: &MessageDescriptor, value: &Value) -> Fits {
    match (Form::of(descriptor), value) {
        (Form::Fields, Value::Object(members)) => check_fields(descriptor, members),
        (Form::Any, Value::Object(members)) => check_any(descriptor.parent_pool(), members),
        (Form::Struct, Value::Object(_)) | (Form::List, Value::Array(_)) | (Form::Value, _) => Ok(()),
        (Form::Timestamp | Form::Duration | Form::Mask, Value::String(_)) => {
            read(descriptor, value.clone()).map(|_| ())
        }
        (Form::Wrapper(kind), value) => check_kind(&kind, value),
        (Form::List, _) => Err(Unfit::new("expected a list")),
        (Form::Timestamp, _) => Err(Unfit::new("expected a moment such as `2026-01-31T12:00:00Z`")),
        (Form::Duration, _) => Err(Unfit::new("expected seconds such as `1.5s`")),
        (Form::Mask, _) => Err(Unfit::new("expected names of fields with commas between")),
        (Form::Fields | Form::Any | Form::Struct, _) => Err(Unfit::new("expected an object")),
    }
}

fn check_fields(descriptor: &MessageDescriptor, members: &Map<String, Value>) -> Fits {
    let mut chosen = BTreeSet::new();
    for (name, value) in members {
        let Some(field) = descriptor.get_field_by_json_name(name) else {
            return Err(Unfit::new(format!("there is no field `{}`", excerpt(name))));
        };
        check_field(&field, value).map_err(|unfit| unfit.within(name))?;
        if let Some(choice) = field.containing_oneof()
            && !chosen.insert(choice.full_name().to_owned())
        {
            let names: Vec<String> =
                choice.fields().map(|field| format!("`{}`", field.json_name())).collect();
            return Err(Unfit::new(format!("at most one of {} may be given", names.join(", "))));
        }
    }
    match descriptor.fields().find(|field| field.is_required() && !members.contains_key(field.json_name())) {
        Some(missing) => Err(Unfit::new(format!("`{}` is missing", missing.json_name()))),
        None => Ok(()),
    }
}

fn check_field(field: &FieldDescriptor, value: &Value) -> Fits {
    let kind = field.kind();
    match value {
        Value::Object(members) if field.is_map() => check_table(&kind, members),
        Value::Array(items) if field.is_list() => {
            let mut items = items.iter().enumerate();
            items.try_for_each(|(index, item)| {
                check_kind(&kind, item).map_err(|unfit| unfit.within(&index.to_string()))
            })
        }
        Value::Null if field.is_map() || field.is_list() || !holds_null(&kind) => {
            Err(Unfit::new("is null; leave it out instead"))
        }
        _ if field.is_map() => Err(Unfit::new("expected an object")),
        _ if field.is_list() => Err(Unfit::new("expected a list")),
        value => check_kind(&kind, value),
    }
}

fn check_table(entry: &Kind, members: &Map<String, Value>) -> Fits {
    let Kind::Message(entry) = entry else { return Err(Unfit::new("is no table")) };
    let (keys, values) = (entry.map_entry_key_field().kind(), entry.map_entry_value_field().kind());
    members.iter().try_for_each(|(key, value)| {
        let fits = match keys {
            Kind::String => Ok(()),
            Kind::Bool if key == "true" || key == "false" => Ok(()),
            Kind::Bool => Err(Unfit::new("expected `true` or `false` for its name")),
            _ => bounds(&keys).map_or(Ok(()), |bounds| check_decimal(key, bounds)),
        };
        fits.and_then(|()| check_kind(&values, value)).map_err(|unfit| unfit.within(key))
    })
}

fn check_any(pool: &DescriptorPool, members: &Map<String, Value>) -> Fits {
    let Some(Value::String(url)) = members.get("@type") else {
        return Err(Unfit::new(
            "`@type` is missing; expected text such as `type.googleapis.com/package.Message`",
        ));
    };
    let name = url.rsplit_once('/').map_or("", |(_, name)| name);
    let Some(message) = pool.get_message_by_name(name) else {
        return Err(Unfit::new(format!("there is no message `{}`", excerpt(url))).within("@type"));
    };
    let mut own = members.clone();
    own.remove("@type");
    if matches!(Form::of(&message), Form::Fields) && message.full_name() != "google.protobuf.Empty" {
        return check_fields(&message, &own);
    }
    let value = own.remove("value").ok_or_else(|| Unfit::new("`value` is missing"))?;
    match own.keys().next() {
        Some(unknown) => Err(Unfit::new(format!("there is no field `{}`", excerpt(unknown)))),
        None => check_message(&message, &value).map_err(|unfit| unfit.within("value")),
    }
}

fn check_kind(kind: &Kind, value: &Value) -> Fits {
    match (kind, value) {
        (Kind::Message(message), value) => check_message(message, value),
        (Kind::Enum(_), Value::Null) if holds_null(kind) => Ok(()),
        (Kind::Enum(choices), Value::String(name)) if !holds_null(kind) => {
            let known = choices.get_value_by_name(name);
            known.map(|_| ()).ok_or_else(|| Unfit::new(format!("there is no choice `{}`", excerpt(name))))
        }
        (Kind::Enum(_), _) => Err(Unfit::new("expected the name of a choice")),
        (Kind::Bool, Value::Bool(_)) | (Kind::String, Value::String(_)) => Ok(()),
        (Kind::Bool, _) => Err(Unfit::new("expected true or false")),
        (Kind::String, _) => Err(Unfit::new("expected text")),
        (Kind::Bytes, value) => {
            let text = value.as_str().filter(|text| STANDARD.decode(text).is_ok());
            text.map(|_| ()).ok_or_else(|| Unfit::new("expected bytes in base64"))
        }
        (Kind::Float, Value::Number(number))
            if number.as_f64().is_some_and(|number| number.abs() > f64::from(f32::MAX)) =>
        {
            Err(Unfit::new("is out of range"))
        }
        (Kind::Double | Kind::Float, Value::Number(_)) => Ok(()),
        (Kind::Double | Kind::Float, Value::String(text))
            if matches!(text.as_str(), "NaN" | "Infinity" | "-Infinity") =>
        {
            Ok(())
        }
        (Kind::Double | Kind::Float, _) => Err(Unfit::new("expected a number")),
        (kind, value) => bounds(kind).map_or(Ok(()), |bounds| check_integer(value, bounds)),
    }
}

/// Least and greatest of an integer's kind, and its bits.
type Bounds = (i128, i128, u32);

fn bounds(kind: &Kind) -> Option<Bounds> {
    match kind {
        Kind::Int32 | Kind::Sint32 | Kind::Sfixed32 => Some((i32::MIN.into(), i32::MAX.into(), i32::BITS)),
        Kind::Uint32 | Kind::Fixed32 => Some((0, u32::MAX.into(), u32::BITS)),
        Kind::Int64 | Kind::Sint64 | Kind::Sfixed64 => Some((i64::MIN.into(), i64::MAX.into(), i64::BITS)),
        Kind::Uint64 | Kind::Fixed64 => Some((0, u64::MAX.into(), u64::BITS)),
        _ => None,
    }
}

fn check_integer(value: &Value, bounds: Bounds) -> Fits {
    let number = match value {
        Value::Number(number) => number,
        Value::String(text) if bounds.2 == u64::BITS => return check_decimal(text, bounds),
        _ => return Err(Unfit::new("expected an integer")),
    };
    let exact = number.as_i64().map(i128::from).or_else(|| number.as_u64().map(i128::from));
    match (exact, number.as_f64()) {
        (Some(integer), _) => check_range(integer, bounds),
        // JSON Schema takes 1.0 for an integer.
        #[expect(clippy::cast_possible_truncation, reason = "it is whole, and within what is exact")]
        (None, Some(number)) if number.fract() == 0.0 && number.abs() <= EXACT => {
            check_range(number as i128, bounds)
        }
        (None, Some(number)) if number.fract() == 0.0 => Err(Unfit::new("is out of range")),
        _ => Err(Unfit::new("expected an integer")),
    }
}

fn check_decimal(text: &str, bounds: Bounds) -> Fits {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if !is_plain || text == "-0" || (digits.len() > 1 && digits.starts_with('0')) {
        return Err(Unfit::new("expected an integer, in decimal digits"));
    }
    text.parse().map_err(|_| Unfit::new("is out of range")).and_then(|integer| check_range(integer, bounds))
}

fn check_range(integer: i128, (least, greatest, _): Bounds) -> Fits {
    if (least..=greatest).contains(&integer) { Ok(()) } else { Err(Unfit::new("is out of range")) }
}

#[cfg(test)]
mod tests;
