//! The document as a tree, and what its references point to.

use serde_json::{Map, Value};

use super::Unusable;

/// Most references that are followed one after the other.
const CHAIN: usize = 32;

/// A document of a version that is read here.
pub(super) struct Document {
    root: Value,
    /// Whether its schemas are those of 3.0, which are not quite JSON Schema.
    pub(super) is_old: bool,
}

impl Document {
    pub(super) fn of(root: Value) -> Result<Self, Unusable> {
        let version = root.get("openapi").and_then(Value::as_str);
        let is_old = match version {
            Some(version) if version.starts_with("3.0") => true,
            Some(version) if version.starts_with("3.1") => false,
            Some(other) => return Err(Unusable::Format(format!("`openapi` says `{other}`"))),
            None if root.get("swagger").is_some() => {
                return Err(Unusable::Format("it is of version 2; convert it first".to_owned()));
            }
            None => return Err(Unusable::Format("`openapi` is missing".to_owned())),
        };
        Ok(Self { root, is_old })
    }

    /// The paths with their items.
    pub(super) fn paths(&self) -> Result<impl Iterator<Item = (&str, &Value)>, Unusable> {
        let empty = Value::Null;
        let paths = self.root.get("paths").filter(|paths| **paths != empty);
        let paths: Option<&Map<String, Value>> = match paths {
            None => None,
            Some(paths) => Some(
                paths.as_object().ok_or_else(|| wrong("paths", "expected paths with their operations"))?,
            ),
        };
        let items = paths.into_iter().flatten();
        Ok(items.filter(|(path, _)| path.starts_with('/')).map(|(path, item)| (path.as_str(), item)))
    }

    /// The value itself, or what it refers to.
    pub(super) fn resolved<'d>(&'d self, value: &'d Value, place: &str) -> Result<&'d Value, Unusable> {
        let mut value = value;
        for _ in 0..CHAIN {
            let Some(reference) = value.get("$ref").and_then(Value::as_str) else { return Ok(value) };
            value = self.target(reference, place)?;
        }
        Err(wrong(place, "its references lead round in a circle"))
    }

    /// What a reference points to, within the document.
    pub(super) fn target(&self, reference: &str, place: &str) -> Result<&Value, Unusable> {
        let Some(pointer) = reference.strip_prefix('#') else {
            let why = format!("`{reference}` refers to another document; put all into one");
            return Err(wrong(place, &why));
        };
        let pointer = percent_encoding::percent_decode_str(pointer).decode_utf8_lossy();
        self.root.pointer(&pointer).ok_or_else(|| wrong(place, &format!("`{reference}` refers to nothing")))
    }
}

pub(super) fn wrong(place: &str, why: &str) -> Unusable {
    Unusable::Place { place: format!("#/{place}"), why: why.to_owned() }
}
