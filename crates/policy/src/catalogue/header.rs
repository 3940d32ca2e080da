//! The arguments of a tool that a modern client mirrors into headers: `x-mcp-header` in the input schema.
//!
//! What counts (Streamable HTTP of 2026-07-28, "custom headers from tool parameters"): properties that are reached through
//! `properties` alone, of a scalar type, with names that are tokens and differ in more than case. One wrong declaration
//! makes all of them void, as clients and servers treat it.

use mcp::{Json, Kind};

const ANNOTATION: &str = "x-mcp-header";

/// An argument and the header it is mirrored into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeaderParam {
    /// The header's name after `mcp-param-`, in lower case.
    pub header: Box<str>,
    /// The names of the properties that lead to the argument, outermost first.
    pub path: Box<[Box<str>]>,
    /// The type of the argument.
    pub kind: ParamKind,
}

/// The type of a mirrored argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParamKind {
    /// `true` or `false`.
    Boolean,
    /// A whole number, compared by value.
    Integer,
    /// Any number, compared by value. The text of the protocol does not name it; its conformance suite and SDKs do.
    Number,
    /// Text.
    String,
}

/// The mirrored arguments of an input schema, in the order of the schema.
pub(super) fn params(schema: Json<'_>) -> Vec<HeaderParam> {
    let mut found = Vec::new();
    let valid = schema.member(ANNOTATION).is_none() && collect(schema, &mut Vec::new(), &mut found).is_some();
    if valid { found } else { Vec::new() }
}

/// `None` where a declaration is not valid.
fn collect(schema: Json<'_>, path: &mut Vec<Box<str>>, found: &mut Vec<HeaderParam>) -> Option<()> {
    let Some(object) = schema.object() else { return Some(()) };
    for (keyword, value) in object.iter() {
        if keyword != "properties" {
            // Not reached through `properties` alone. What is data, not schema, cannot declare anything.
            let data = matches!(keyword, "const" | "default" | "enum" | "examples") || keyword == ANNOTATION;
            if !data && declares(value) {
                return None;
            }
            continue;
        }
        let Some(properties) = value.object() else { continue };
        for (name, property) in properties.iter() {
            path.push(name.into());
            if let Some(header) = property.member(ANNOTATION) {
                let param = declared(header, property, path)?;
                if found.iter().any(|other| other.header == param.header) {
                    return None;
                }
                found.push(param);
            }
            collect(property, path, found)?;
            path.pop();
        }
    }
    Some(())
}

fn declared(header: Json<'_>, property: Json<'_>, path: &[Box<str>]) -> Option<HeaderParam> {
    let header = header.as_str()?;
    let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    if header.is_empty() || !header.bytes().all(token) {
        return None;
    }
    let kind = match property.member("type")?.as_str()?.as_ref() {
        "boolean" => ParamKind::Boolean,
        "integer" => ParamKind::Integer,
        "number" => ParamKind::Number,
        "string" => ParamKind::String,
        _ => return None,
    };
    Some(HeaderParam { header: header.to_ascii_lowercase().into(), path: path.into(), kind })
}

/// Whether an annotation stands anywhere within a value.
fn declares(value: Json<'_>) -> bool {
    match value.kind() {
        Kind::Object => value.object().is_some_and(|object| {
            object.get(ANNOTATION).is_some() || object.iter().any(|(_, value)| declares(value))
        }),
        Kind::Array => value.array().unwrap_or_default().into_iter().any(declares),
        _ => false,
    }
}
