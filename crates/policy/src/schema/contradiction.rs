//! Schemas that nothing can meet: a rule with one can never match.

use std::cmp::Ordering;

use serde_json::{Map, Value};

use crate::problem::{item, member};
use crate::schema::Unusable;

/// Pairs of keywords of which the first may not be above the second.
const BOUNDS: [(&str, &str); 6] = [
    ("minimum", "maximum"),
    ("minLength", "maxLength"),
    ("minItems", "maxItems"),
    ("minProperties", "maxProperties"),
    ("minContains", "maxContains"),
    ("exclusiveMinimum", "exclusiveMaximum"),
];

/// Reports a schema of arguments that none can meet.
pub(super) fn find(schema: &Value) -> Result<(), Unusable> {
    if let Some(kinds) = schema.get("type").filter(|kinds| !allows(kinds, "object")) {
        return Err(never("type", format!("arguments are always an object, never {kinds}")));
    }
    needed(schema, "")
}

fn never(path: &str, why: impl std::fmt::Display) -> Unusable {
    Unusable {
        path: path.to_owned(),
        message: format!("nothing can meet this, so the rule can never match: {why}"),
    }
}

/// A schema that has to be met.
fn needed(schema: &Value, path: &str) -> Result<(), Unusable> {
    let members = match schema {
        Value::Bool(false) => return Err(never(path, "`false` refuses every value")),
        Value::Object(members) => members,
        _ => return Ok(()),
    };
    match members.get("not") {
        Some(Value::Bool(true)) => return Err(never(&member(path, "not"), "it refuses every value")),
        Some(Value::Object(not)) if not.is_empty() => {
            return Err(never(&member(path, "not"), "it refuses every value"));
        }
        _ => {}
    }
    options(members, path)?;
    bounds(members, path)?;
    properties(members, path)?;
    if let Some(Value::Array(all)) = members.get("allOf") {
        for (index, schema) in all.iter().enumerate() {
            needed(schema, &item(&member(path, "allOf"), index))?;
        }
    }
    for name in ["anyOf", "oneOf"] {
        let Some(Value::Array(any)) = members.get(name) else { continue };
        let place = member(path, name);
        let mut failures = any.iter().enumerate().map(|(index, schema)| needed(schema, &item(&place, index)));
        if failures.all(|outcome| outcome.is_err()) {
            return Err(never(&place, "none of its schemas can be met"));
        }
    }
    Ok(())
}

fn options(members: &Map<String, Value>, path: &str) -> Result<(), Unusable> {
    let kinds = members.get("type");
    if matches!(kinds, Some(Value::Array(kinds)) if kinds.is_empty()) {
        return Err(never(&member(path, "type"), "it lists no type"));
    }
    let fits =
        |value: &Value| kinds.is_none_or(|kinds| kinds_of(value).iter().any(|kind| allows(kinds, kind)));
    match (members.get("enum"), members.get("const")) {
        (Some(Value::Array(values)), _) if values.is_empty() => {
            Err(never(&member(path, "enum"), "it lists no value"))
        }
        (Some(Value::Array(values)), _) if !values.iter().any(fits) => {
            Err(never(&member(path, "enum"), "no value listed is of the `type`"))
        }
        (Some(Value::Array(values)), Some(only)) if !values.contains(only) => {
            Err(never(&member(path, "const"), "`enum` does not list it"))
        }
        (_, Some(only)) if !fits(only) => Err(never(&member(path, "const"), "it is not of the `type`")),
        _ => Ok(()),
    }
}

fn bounds(members: &Map<String, Value>, path: &str) -> Result<(), Unusable> {
    for (least, most) in BOUNDS {
        let pair = members.get(least).zip(members.get(most));
        let order = pair.and_then(|(least, most)| compare(least, most));
        let strict = least == "exclusiveMinimum";
        if order == Some(Ordering::Greater) || (strict && order == Some(Ordering::Equal)) {
            return Err(never(&member(path, least), format!("it is above `{most}`")));
        }
    }
    Ok(())
}

fn compare(left: &Value, right: &Value) -> Option<Ordering> {
    match (left.as_i64(), right.as_i64()) {
        (Some(left), Some(right)) => Some(left.cmp(&right)),
        _ => left.as_f64()?.partial_cmp(&right.as_f64()?),
    }
}

/// A property that has to be there has to be possible.
fn properties(members: &Map<String, Value>, path: &str) -> Result<(), Unusable> {
    let Some(Value::Array(required)) = members.get("required") else {
        return Ok(());
    };
    let place = member(path, "required");
    if members.get("maxProperties").and_then(Value::as_u64).is_some_and(|most| most < required.len() as u64) {
        return Err(never(&place, "`maxProperties` allows fewer"));
    }
    let known = members.get("properties").and_then(Value::as_object);
    let closed = members.get("additionalProperties") == Some(&Value::Bool(false))
        && !members.contains_key("patternProperties");
    for name in required.iter().filter_map(Value::as_str) {
        match known.and_then(|known| known.get(name)) {
            Some(schema) => needed(schema, &member(&member(path, "properties"), name))?,
            None if closed => {
                return Err(never(
                    &place,
                    format!("`{name}` is required, and `additionalProperties` refuses it"),
                ));
            }
            None => {}
        }
    }
    Ok(())
}

fn allows(kinds: &Value, kind: &str) -> bool {
    match kinds {
        Value::String(only) => only == kind,
        Value::Array(several) => several.iter().any(|one| one == kind),
        _ => true,
    }
}

fn kinds_of(value: &Value) -> &'static [&'static str] {
    match value {
        Value::Null => &["null"],
        Value::Bool(_) => &["boolean"],
        Value::Number(number) if number.as_f64().is_some_and(|number| number.fract() == 0.0) => {
            &["number", "integer"]
        }
        Value::Number(_) => &["number"],
        Value::String(_) => &["string"],
        Value::Array(_) => &["array"],
        Value::Object(_) => &["object"],
    }
}
