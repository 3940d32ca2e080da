//! Whether a keyword holds what it has to, before anything is made of it.

use std::collections::HashSet;

use serde_json::{Map, Value};

use crate::problem::{did_you_mean, item, member};
use crate::schema::Unusable;
use crate::schema::compile::unusable;
use crate::schema::decimal::Decimal;
use crate::schema::keyword::Holds;
use crate::schema::part::Kinds;

pub(super) fn check(holds: Holds, value: &Value, path: &str) -> Result<(), Unusable> {
    let wanted = |meets: bool, what: &str| if meets { Ok(()) } else { Err(unusable(path, what)) };
    let number = || value.as_number().and_then(Decimal::of_schema);
    match holds {
        Holds::Text | Holds::Pattern | Holds::Reference => wanted(value.is_string(), "expected text"),
        Holds::Anchor => wanted(
            value.as_str().is_some_and(is_anchor),
            "expected a name of letters, digits, `-`, `_` and `.`",
        ),
        Holds::Flag => wanted(value.is_boolean(), "expected `true` or `false`"),
        Holds::Number => wanted(number().is_some(), "expected a number"),
        Holds::Positive => wanted(number().is_some_and(Decimal::is_positive), "expected a number above zero"),
        Holds::Count => wanted(
            number().is_some_and(|number| number.as_count().is_some()),
            "expected a whole number that is not negative",
        ),
        Holds::List => wanted(value.is_array(), "expected a list of values"),
        Holds::Names => names(value, path),
        Holds::NamesTable => {
            table(value, path)?.iter().try_for_each(|(name, value)| names(value, &member(path, name)))
        }
        Holds::Kinds => kinds(value, path),
        Holds::Schemas => wanted(
            value.as_array().is_some_and(|list| !list.is_empty()),
            "expected a list of schemas, not empty",
        ),
        Holds::Table | Holds::PatternTable => table(value, path).map(|_| ()),
        Holds::Dependencies => {
            let lists = table(value, path)?.iter().filter(|(_, value)| value.is_array());
            lists.into_iter().try_for_each(|(name, value)| names(value, &member(path, name)))
        }
        Holds::Items => wanted(
            value.as_array().is_none_or(|list| !list.is_empty()),
            "expected a schema or a list of schemas, not empty",
        ),
        Holds::Anything | Holds::Refused | Holds::Schema => Ok(()),
    }
}

fn is_anchor(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
}

fn table<'v>(value: &'v Value, path: &str) -> Result<&'v Map<String, Value>, Unusable> {
    value.as_object().ok_or_else(|| unusable(path, "expected names with their schemas"))
}

fn names(value: &Value, path: &str) -> Result<(), Unusable> {
    let list = value.as_array().ok_or_else(|| unusable(path, "expected a list of names"))?;
    let mut seen = HashSet::new();
    for (index, name) in list.iter().enumerate() {
        let path = item(path, index);
        let name = name.as_str().ok_or_else(|| unusable(&path, "expected a name"))?;
        if !seen.insert(name) {
            return Err(unusable(&path, format!("`{name}` is in the list already")));
        }
    }
    Ok(())
}

fn kinds(value: &Value, path: &str) -> Result<(), Unusable> {
    let kind = |name: &str, path: &str| match Kinds::named(name) {
        Some(_) => Ok(()),
        None => {
            let hint = did_you_mean(name, Kinds::all());
            let known: Vec<_> = Kinds::all().collect();
            Err(unusable(path, format!("`{name}` is none of the types {}{hint}", known.join(", "))))
        }
    };
    match value {
        Value::String(name) => kind(name, path),
        Value::Array(several) if !several.is_empty() => {
            names(value, path)?;
            let mut names = several.iter().enumerate().filter_map(|(at, name)| Some((at, name.as_str()?)));
            names.try_for_each(|(at, name)| kind(name, &item(path, at)))
        }
        _ => Err(unusable(path, "expected a type or a list of types")),
    }
}
