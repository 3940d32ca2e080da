//! What an operation takes: its parameters and its body, as the members of one object.

use std::collections::BTreeMap;

use rmcp::model::JsonObject;
use serde_json::{Map, Value, json};

use super::document::{Document, wrong};
use super::schema::Carried;
use super::{Unusable, object};

/// Headers that are not the caller's to set: those of the connection, those that say who calls, those of the body.
const OWN: [&str; 17] = [
    "accept",
    "accept-encoding",
    "authorization",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "cookie",
    "expect",
    "host",
    "keep-alive",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// Where an argument goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::api) struct Input {
    /// Its name there.
    pub(in crate::api) name: String,
    pub(in crate::api) place: Place,
    pub(in crate::api) required: bool,
}

/// A part of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::api) enum Place {
    /// A segment of the path.
    Path,
    /// The query; whether a list is given item by item.
    Query { explode: bool, style: Style },
    /// A header.
    Header,
    /// The body.
    Body(Body),
}

/// How lists and objects are written into a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::api) enum Style {
    /// `a=1,2` or `a=1&a=2`.
    Form,
    /// `a=1 2`.
    Space,
    /// `a=1|2`.
    Pipe,
    /// `a[key]=1`.
    Deep,
    /// JSON text.
    Json,
}

/// How a body is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::api) enum Body {
    Json,
    Form,
    Text,
}

/// Inputs by argument, and the schema of all of them; the inner error says why the operation is left out.
type Read = Result<(BTreeMap<String, Input>, JsonObject), String>;

pub(super) fn read(
    document: &Document,
    path: &str,
    (item, operation): (&Value, &Value),
    place: &str,
) -> Result<Read, Unusable> {
    let mut carried = Carried::new(document);
    let (mut inputs, mut properties, mut required) = (BTreeMap::new(), Map::new(), Vec::new());
    for parameter in parameters(document, item, operation, place)? {
        let text = |key: &str| parameter.get(key).and_then(Value::as_str).unwrap_or_default();
        let (name, at) = (text("name"), text("in"));
        let is_required = parameter.get("required").and_then(Value::as_bool).unwrap_or(false) || at == "path";
        let goes = match at {
            "path" => Place::Path,
            "query" => query(parameter),
            "header" if OWN.contains(&name.to_ascii_lowercase().as_str()) => continue,
            "header" => Place::Header,
            other if is_required => return Ok(Err(format!("it needs `{name}` in a {other}"))),
            _ => continue,
        };
        let shape = parameter.get("schema").or_else(|| parameter.get("content").and_then(json_schema));
        let mut schema = carried.schema(shape.unwrap_or(&json!({})), place, 0)?;
        describe(&mut schema, text("description"));
        let argument = free(name, at, &properties);
        properties.insert(argument.clone(), schema);
        if is_required {
            required.push(Value::from(argument.clone()));
        }
        inputs.insert(argument, Input { name: name.to_owned(), place: goes, required: is_required });
    }
    for name in braces(path) {
        if !inputs.values().any(|input| input.place == Place::Path && input.name == name) {
            return Err(wrong(place, &format!("the path has `{{{name}}}`, which no parameter explains")));
        }
    }
    if let Some(body) = operation.get("requestBody") {
        let body = document.resolved(body, place)?;
        let is_required = body.get("required").and_then(Value::as_bool).unwrap_or(false);
        match content(body) {
            Some((kind, shape)) => {
                let schema = carried.schema(shape.unwrap_or(&json!({})), place, 0)?;
                let argument = free("body", "request", &properties);
                properties.insert(argument.clone(), schema);
                if is_required {
                    required.push(Value::from(argument.clone()));
                }
                let goes = Place::Body(kind);
                inputs
                    .insert(argument, Input { name: "body".to_owned(), place: goes, required: is_required });
            }
            None if is_required => return Ok(Err("its body is neither JSON, a form nor text".to_owned())),
            None => {}
        }
    }
    let mut schema = object([("type", "object".into()), ("properties", Value::Object(properties))]);
    if !required.is_empty() {
        schema.insert("required".to_owned(), Value::Array(required));
    }
    schema.insert("additionalProperties".to_owned(), false.into());
    carried.attach(&mut schema);
    Ok(Ok((inputs, schema)))
}

/// The parameters of a path's item and of the operation, which counts where both have one.
fn parameters<'d>(
    document: &'d Document,
    item: &'d Value,
    operation: &'d Value,
    place: &str,
) -> Result<Vec<&'d Value>, Unusable> {
    let mut found: Vec<&Value> = Vec::new();
    for list in [item, operation].into_iter().filter_map(|owner| owner.get("parameters")?.as_array()) {
        for parameter in list {
            let parameter = document.resolved(parameter, place)?;
            let key = |value: &Value| (value.get("name").cloned(), value.get("in").cloned());
            found.retain(|known| key(known) != key(parameter));
            found.push(parameter);
        }
    }
    Ok(found)
}

fn query(parameter: &Value) -> Place {
    if parameter.get("content").is_some() {
        return Place::Query { explode: false, style: Style::Json };
    }
    let style = match parameter.get("style").and_then(Value::as_str) {
        Some("spaceDelimited") => Style::Space,
        Some("pipeDelimited") => Style::Pipe,
        Some("deepObject") => Style::Deep,
        _ => Style::Form,
    };
    let explode = parameter.get("explode").and_then(Value::as_bool).unwrap_or(style == Style::Form);
    Place::Query { explode, style }
}

/// The schema of the JSON among media types.
pub(super) fn json_schema(content: &Value) -> Option<&Value> {
    let types = content.as_object()?;
    types.iter().find(|(name, _)| is_json(name))?.1.get("schema")
}

/// How a body is written, and its schema.
fn content(body: &Value) -> Option<(Body, Option<&Value>)> {
    let types = body.get("content")?.as_object()?;
    let of = |fits: &dyn Fn(&str) -> bool| {
        types.iter().find(|(name, _)| fits(name)).map(|(_, media)| media.get("schema"))
    };
    of(&is_json)
        .map(|schema| (Body::Json, schema))
        .or_else(|| {
            of(&|name| name.starts_with("application/x-www-form-urlencoded"))
                .map(|schema| (Body::Form, schema))
        })
        .or_else(|| of(&|name| name.starts_with("text/plain")).map(|schema| (Body::Text, schema)))
}

fn is_json(name: &str) -> bool {
    let name = name.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    name == "application/json"
        || name == "*/*"
        || (name.starts_with("application/") && name.ends_with("+json"))
}

fn describe(schema: &mut Value, about: &str) {
    if let Some(members) = schema.as_object_mut()
        && !about.is_empty()
        && !members.contains_key("description")
    {
        members.insert("description".to_owned(), about.into());
    }
}

/// A name for an argument that no argument before it has.
fn free(name: &str, at: &str, taken: &Map<String, Value>) -> String {
    let mut free = name.to_owned();
    while taken.contains_key(&free) {
        free = format!("{at}_{free}");
    }
    free
}

/// The names in braces of a path.
pub(super) fn braces(path: &str) -> impl Iterator<Item = &str> {
    path.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name)
}
