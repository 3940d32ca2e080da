//! Schemas of a document as JSON Schema 2020-12 that stands alone: what they refer to is carried along under `$defs`.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::Unusable;
use super::document::{Document, wrong};

/// Deepest schema.
const DEEP: usize = 64;
/// Most definitions that one tool carries.
const MANY: usize = 2_000;

/// What says nothing to a client of the tool, or is no part of JSON Schema.
const DROPPED: [&str; 6] = ["example", "xml", "externalDocs", "discriminator", "nullable", "$schema"];
/// Keywords whose value is a schema.
const ONE: [&str; 11] = [
    "items",
    "additionalProperties",
    "not",
    "if",
    "then",
    "else",
    "contains",
    "propertyNames",
    "unevaluatedItems",
    "unevaluatedProperties",
    "contentSchema",
];
/// Keywords whose value is a list of schemas.
const SEVERAL: [&str; 4] = ["allOf", "anyOf", "oneOf", "prefixItems"];
/// Keywords whose value is schemas by name.
const NAMED: [&str; 5] = ["properties", "patternProperties", "dependentSchemas", "$defs", "definitions"];

/// Schemas on their way out of a document.
pub(super) struct Carried<'d> {
    document: &'d Document,
    /// What was referred to, by reference: the name it is carried under.
    names: BTreeMap<String, String>,
    definitions: Map<String, Value>,
}

impl<'d> Carried<'d> {
    pub(super) fn new(document: &'d Document) -> Self {
        Self { document, names: BTreeMap::new(), definitions: Map::new() }
    }

    /// A schema as the root of what a tool shows.
    pub(super) fn root(mut self, schema: &Value, place: &str) -> Result<Map<String, Value>, Unusable> {
        let resolved = self.document.resolved(schema, place)?;
        let own = self.schema(resolved, place, 0)?;
        let mut root = own.as_object().cloned().unwrap_or_default();
        self.attach(&mut root);
        Ok(root)
    }

    /// Puts what was referred to under the root.
    pub(super) fn attach(self, root: &mut Map<String, Value>) {
        if !self.definitions.is_empty() {
            let own = root.entry("$defs").or_insert_with(|| json!({}));
            if let Some(own) = own.as_object_mut() {
                own.extend(self.definitions);
            }
        }
    }

    /// A schema as part of a root.
    pub(super) fn schema(&mut self, schema: &Value, place: &str, depth: usize) -> Result<Value, Unusable> {
        if depth > DEEP {
            return Err(wrong(place, "the schema is deeper than 64"));
        }
        let Some(members) = schema.as_object() else {
            // `true` and `false` are schemas.
            return Ok(if schema.is_boolean() { schema.clone() } else { json!({}) });
        };
        if let Some(reference) = members.get("$ref").and_then(Value::as_str) {
            let name = self.refer(reference, place)?;
            let mut referring = Map::new();
            referring.insert("$ref".to_owned(), format!("#/$defs/{name}").into());
            if let Some(about) = members.get("description").filter(|_| !self.document.is_old) {
                referring.insert("description".to_owned(), about.clone());
            }
            return Ok(Value::Object(referring));
        }
        let mut out = Map::new();
        for (key, value) in members {
            let name = key.as_str();
            let value = match value {
                _ if DROPPED.contains(&name) || name.starts_with("x-") => continue,
                value if ONE.contains(&name) => self.schema(value, place, depth + 1)?,
                Value::Array(list) if SEVERAL.contains(&name) => {
                    let list = list.iter().map(|one| self.schema(one, place, depth + 1));
                    Value::Array(list.collect::<Result<_, _>>()?)
                }
                Value::Object(named) if NAMED.contains(&name) => {
                    let named =
                        named.iter().map(|(key, one)| Ok((key.clone(), self.schema(one, place, depth + 1)?)));
                    Value::Object(named.collect::<Result<_, Unusable>>()?)
                }
                value => value.clone(),
            };
            out.insert(key.clone(), value);
        }
        if self.document.is_old {
            modernise(&mut out, members.get("nullable") == Some(&Value::Bool(true)));
        }
        Ok(Value::Object(out))
    }

    /// Carries what a reference points to: the name it gets.
    fn refer(&mut self, reference: &str, place: &str) -> Result<String, Unusable> {
        if let Some(known) = self.names.get(reference) {
            return Ok(known.clone());
        }
        if self.names.len() >= MANY {
            return Err(wrong(place, "it refers to more than 2000 schemas"));
        }
        let target = self.document.target(reference, place)?;
        let plain =
            |char: char| if char.is_ascii_alphanumeric() || "_.-".contains(char) { char } else { '_' };
        let last: String = reference.rsplit('/').next().unwrap_or_default().chars().map(plain).collect();
        let taken = |name: &String| self.names.values().any(|known| known == name);
        let mut name = last.clone();
        let mut number = 2_u32;
        while taken(&name) {
            name = format!("{last}_{number}");
            number += 1;
        }
        // Named before it is read: it may refer to itself.
        self.names.insert(reference.to_owned(), name.clone());
        let schema = self.schema(target, reference.trim_start_matches("#/"), 0)?;
        self.definitions.insert(name.clone(), schema);
        Ok(name)
    }
}

/// From the schemas of 3.0 to JSON Schema: `nullable`, and bounds that exclude.
fn modernise(schema: &mut Map<String, Value>, nullable: bool) {
    for (flag, bound) in [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")] {
        match schema.get(flag).and_then(Value::as_bool) {
            Some(true) => {
                if let Some(limit) = schema.remove(bound) {
                    schema.insert(flag.to_owned(), limit);
                }
            }
            Some(false) => {
                schema.remove(flag);
            }
            None => {}
        }
    }
    if !nullable {
        return;
    }
    if let Some(Value::Array(choices)) = schema.get_mut("enum")
        && !choices.contains(&Value::Null)
    {
        choices.push(Value::Null);
    }
    if let Some(kind) = schema.get("type").filter(|kind| kind.is_string()).cloned() {
        schema.insert("type".to_owned(), json!([kind, "null"]));
    } else if schema.keys().any(|key| SEVERAL.contains(&key.as_str())) {
        let whole = Value::Object(std::mem::take(schema));
        schema.insert("anyOf".to_owned(), json!([whole, { "type": "null" }]));
    }
}
