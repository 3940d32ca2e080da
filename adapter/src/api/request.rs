//! The arguments of a call as one HTTP request. Whatever they hold, they stay in the place they are for.

use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use http::{HeaderMap, Method};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value};

use super::openapi::{Body, Input, Operation, Place, Style};

/// What is not written as it is: all but the unreserved characters of RFC 3986.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A request, but for its host and credential.
#[derive(Debug)]
pub(super) struct Made {
    pub(super) method: Method,
    /// Path and query.
    pub(super) target: String,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

/// Why arguments make no request.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unfit {
    #[error("there is no argument `{0}`")]
    Unknown(String),
    #[error("the argument `{0}` is missing")]
    Missing(String),
    #[error("the argument `{name}` {why}")]
    Value { name: String, why: &'static str },
}

/// Makes the request for an operation below a base path.
pub(super) fn make(operation: &Operation, base: &str, arguments: &Map<String, Value>) -> Result<Made, Unfit> {
    if let Some(unknown) = arguments.keys().find(|name| !operation.inputs.contains_key(*name)) {
        return Err(Unfit::Unknown(unknown.chars().take(128).collect()));
    }
    let method = Method::from_bytes(operation.method.as_bytes()).unwrap_or(Method::GET);
    let mut path = operation.path.clone();
    let (mut query, mut headers, mut body) = (Vec::new(), HeaderMap::new(), Vec::new());
    for (argument, input) in &operation.inputs {
        let given =
            arguments.get(argument).filter(|value| !value.is_null() || matches!(input.place, Place::Body(_)));
        let Some(value) = given else {
            if input.required {
                return Err(Unfit::Missing(argument.clone()));
            }
            continue;
        };
        let wrong = |why| Unfit::Value { name: argument.clone(), why };
        match input.place {
            Place::Path => {
                let text = segment(value).map_err(wrong)?;
                path = path.replace(&format!("{{{}}}", input.name), &text);
            }
            Place::Query { explode, style } => {
                ask(input, (explode, style), value, &mut query).map_err(wrong)?
            }
            Place::Header => {
                let name =
                    HeaderName::from_bytes(input.name.as_bytes()).map_err(|_| wrong("is for no header"))?;
                let text = scalars(value).map_err(wrong)?.join(",");
                let text = HeaderValue::from_str(&text).map_err(|_| wrong("does not fit a header"))?;
                headers.insert(name, text);
            }
            Place::Body(kind) => {
                let (media, text) = write(kind, value).map_err(wrong)?;
                headers.insert(CONTENT_TYPE, HeaderValue::from_static(media));
                body = text;
            }
        }
    }
    let mut target = format!("{}{path}", base.trim_end_matches('/'));
    if !query.is_empty() {
        target = format!("{target}?{}", query.join("&"));
    }
    Ok(Made { method, target, headers, body })
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

/// A segment of the path: one, whatever is in it. Servers take `.` and `..` for other segments, even where they are encoded.
fn segment(value: &Value) -> Result<String, &'static str> {
    let text = scalars(value)?.join(",");
    match text.as_str() {
        "" => Err("is empty, and it is a part of the path"),
        "." | ".." => Err("is a step in a path, and it is a part of one"),
        text => Ok(encoded(text)),
    }
}

/// A value in words; a list item by item.
fn scalars(value: &Value) -> Result<Vec<String>, &'static str> {
    match value {
        Value::String(text) => Ok(vec![text.clone()]),
        Value::Number(number) => Ok(vec![number.to_string()]),
        Value::Bool(flag) => Ok(vec![flag.to_string()]),
        Value::Null => Ok(vec![String::new()]),
        Value::Array(items) => {
            let items = items.iter().map(|item| match item {
                Value::Array(_) | Value::Object(_) => {
                    Err("holds lists or objects, which cannot be written there")
                }
                item => Ok(scalars(item)?.concat()),
            });
            items.collect()
        }
        Value::Object(_) => Err("is an object, which cannot be written there"),
    }
}

/// A value as parts of a query.
fn ask(
    input: &Input,
    (explode, style): (bool, Style),
    value: &Value,
    query: &mut Vec<String>,
) -> Result<(), &'static str> {
    let name = encoded(&input.name);
    match (style, value) {
        (Style::Json, value) => query.push(format!("{name}={}", encoded(&value.to_string()))),
        (Style::Deep, Value::Object(members)) => {
            for (key, value) in members {
                for text in scalars(value)? {
                    query.push(format!("{name}%5B{}%5D={}", encoded(key), encoded(&text)));
                }
            }
        }
        (_, Value::Object(members)) if explode => {
            for (key, value) in members {
                query.push(format!("{}={}", encoded(key), encoded(&scalars(value)?.join(","))));
            }
        }
        (_, Value::Object(members)) => {
            let mut words = Vec::new();
            for (key, value) in members {
                words.extend([encoded(key), encoded(&scalars(value)?.join(","))]);
            }
            query.push(format!("{name}={}", words.join(",")));
        }
        (_, value) if explode => {
            query.extend(scalars(value)?.iter().map(|text| format!("{name}={}", encoded(text))));
        }
        (style, value) => {
            let between = match style {
                Style::Space => "%20",
                Style::Pipe => "%7C",
                _ => ",",
            };
            let words: Vec<String> = scalars(value)?.iter().map(|text| encoded(text)).collect();
            query.push(format!("{name}={}", words.join(between)));
        }
    }
    Ok(())
}

fn write(kind: Body, value: &Value) -> Result<(&'static str, Vec<u8>), &'static str> {
    match (kind, value) {
        (Body::Json, value) => Ok(("application/json", value.to_string().into_bytes())),
        (Body::Text, Value::String(text)) => Ok(("text/plain; charset=utf-8", text.clone().into_bytes())),
        (Body::Text, _) => Err("has to be text"),
        (Body::Form, Value::Object(members)) => {
            let mut pairs = Vec::new();
            for (key, value) in members {
                pairs
                    .extend(scalars(value)?.iter().map(|text| format!("{}={}", encoded(key), encoded(text))));
            }
            Ok(("application/x-www-form-urlencoded", pairs.join("&").into_bytes()))
        }
        (Body::Form, _) => Err("has to be an object"),
    }
}

#[cfg(test)]
mod tests;
