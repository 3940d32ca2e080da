//! Messages as JSON Schema 2020-12 that stands alone: those that a message holds are carried along under `$defs`.

use std::collections::BTreeSet;

use prost_reflect::{EnumDescriptor, FieldDescriptor, Kind, MessageDescriptor};
use rmcp::model::JsonObject;
use serde_json::{Map, Value, json};

use super::comments::Comments;
use super::form::{Form, holds_null};

/// Most messages that one tool carries.
pub(super) const MANY: usize = 2_000;
/// An integer in a text.
const DECIMAL: &str = "^-?(0|[1-9][0-9]*)$";

/// Which way a message goes. What is taken is narrower than what may come back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Input,
    Output,
}

/// The schema of a message as the root of what a tool shows; nothing where it is too large.
pub(super) fn of(message: &MessageDescriptor, side: Side, comments: &Comments) -> Option<JsonObject> {
    let mut schemas = Schemas { side, comments, seen: BTreeSet::new(), pending: Vec::new() };
    let mut root = match Form::of(message) {
        Form::Fields => schemas.fields(message),
        form => {
            let own = schemas.message(message);
            match own {
                Value::Object(own) if form.is_object() => own,
                own => object(json!({
                    "type": "object",
                    "properties": { "value": own },
                    "required": ["value"],
                    "additionalProperties": false,
                })),
            }
        }
    };
    let mut definitions = Map::new();
    while let Some(message) = schemas.pending.pop() {
        let schema = schemas.fields(&message);
        definitions.insert(message.full_name().to_owned(), Value::Object(schema));
        if definitions.len() > MANY {
            return None;
        }
    }
    if !definitions.is_empty() {
        root.insert("$defs".to_owned(), Value::Object(definitions));
    }
    Some(root)
}

/// Schemas in the making.
struct Schemas<'c> {
    side: Side,
    comments: &'c Comments,
    seen: BTreeSet<String>,
    /// Messages that were referred to and are still to be written.
    pending: Vec<MessageDescriptor>,
}

impl Schemas<'_> {
    /// A message as an object of its fields.
    fn fields(&mut self, message: &MessageDescriptor) -> Map<String, Value> {
        let (mut properties, mut required) = (Map::new(), Vec::new());
        for field in message.fields() {
            properties.insert(field.json_name().to_owned(), self.field(&field));
            if field.is_required() {
                required.push(field.json_name().to_owned());
            }
        }
        let mut schema = object(json!({ "type": "object", "properties": properties }));
        let about = self.comments.on(&message.parent_file(), message.path());
        if !about.is_empty() {
            schema.insert("description".to_owned(), about.into());
        }
        if !required.is_empty() {
            schema.insert("required".to_owned(), required.into());
        }
        if self.side == Side::Input {
            schema.insert("additionalProperties".to_owned(), false.into());
            let apart = apart(message);
            if !apart.is_empty() {
                schema.insert("dependentSchemas".to_owned(), Value::Object(apart));
            }
        }
        schema
    }

    fn field(&mut self, field: &FieldDescriptor) -> Value {
        let kind = field.kind();
        let mut schema = if field.is_map() {
            self.table(&kind)
        } else if field.is_list() {
            json!({ "type": "array", "items": self.kind(&kind) })
        } else {
            self.kind(&kind)
        };
        let mut about = self.comments.on(&field.parent_file(), field.path()).to_owned();
        let choice = field.containing_oneof().filter(|choice| !choice.is_synthetic());
        if let Some(choice) = choice.filter(|_| self.side == Side::Input) {
            let names: Vec<String> =
                choice.fields().map(|field| format!("`{}`", field.json_name())).collect();
            about = format!("{about}\nAt most one of {} may be given.", names.join(", ")).trim().to_owned();
        }
        if let Value::Object(members) = &mut schema {
            if !about.is_empty() {
                members.insert("description".to_owned(), about.into());
            }
            if field.field_descriptor_proto().options.as_ref().is_some_and(|options| options.deprecated()) {
                members.insert("deprecated".to_owned(), true.into());
            }
        }
        schema
    }

    fn table(&mut self, entry: &Kind) -> Value {
        let Kind::Message(entry) = entry else { return json!({ "type": "object" }) };
        let values = self.kind(&entry.map_entry_value_field().kind());
        let mut schema = object(json!({ "type": "object", "additionalProperties": values }));
        let names = match entry.map_entry_key_field().kind() {
            Kind::String => return Value::Object(schema),
            Kind::Bool => json!({ "enum": ["false", "true"] }),
            _ => json!({ "pattern": DECIMAL }),
        };
        schema.insert("propertyNames".to_owned(), names);
        Value::Object(schema)
    }

    fn kind(&mut self, kind: &Kind) -> Value {
        match kind {
            Kind::Bool => json!({ "type": "boolean" }),
            Kind::String => json!({ "type": "string" }),
            Kind::Bytes => json!({ "type": "string", "contentEncoding": "base64" }),
            Kind::Double | Kind::Float => {
                json!({ "type": ["number", "string"], "pattern": "^(NaN|-?Infinity)$" })
            }
            Kind::Int32 | Kind::Sint32 | Kind::Sfixed32 => {
                json!({ "type": "integer", "minimum": i32::MIN, "maximum": i32::MAX })
            }
            Kind::Uint32 | Kind::Fixed32 => json!({ "type": "integer", "minimum": 0, "maximum": u32::MAX }),
            Kind::Int64 | Kind::Sint64 | Kind::Sfixed64 => self.long(DECIMAL, "int64"),
            Kind::Uint64 | Kind::Fixed64 => self.long("^(0|[1-9][0-9]*)$", "uint64"),
            Kind::Enum(_) if holds_null(kind) => json!({ "type": "null" }),
            Kind::Enum(choices) => self.choices(choices),
            Kind::Message(message) => self.message(message),
        }
    }

    /// 64 bits: a text, for many a reader of JSON has no such numbers.
    fn long(&self, pattern: &str, format: &str) -> Value {
        let mut schema = object(json!({ "type": "string", "pattern": pattern, "format": format }));
        if self.side == Side::Input {
            schema.insert("type".to_owned(), json!(["string", "integer"]));
            if format == "uint64" {
                schema.insert("minimum".to_owned(), 0.into());
            }
        }
        Value::Object(schema)
    }

    /// Names; what a server has that its descriptors do not know comes as a number.
    fn choices(&self, choices: &EnumDescriptor) -> Value {
        let names: Vec<String> = choices.values().map(|value| value.name().to_owned()).collect();
        match self.side {
            Side::Input => json!({ "type": "string", "enum": names }),
            Side::Output => {
                json!({ "anyOf": [{ "type": "string", "enum": names }, { "type": "integer" }] })
            }
        }
    }

    fn message(&mut self, message: &MessageDescriptor) -> Value {
        match Form::of(message) {
            Form::Fields => {
                let name = message.full_name();
                if self.seen.insert(name.to_owned()) {
                    self.pending.push(message.clone());
                }
                json!({ "$ref": format!("#/$defs/{name}") })
            }
            Form::Any => json!({
                "type": "object",
                "properties": { "@type": { "type": "string", "description": "Such as `type.googleapis.com/package.Message`; the other members are that message's" } },
                "required": ["@type"],
            }),
            Form::Struct => json!({ "type": "object" }),
            Form::List => json!({ "type": "array" }),
            Form::Value => json!({}),
            Form::Timestamp => json!({ "type": "string", "format": "date-time" }),
            Form::Duration => {
                json!({ "type": "string", "pattern": "^-?[0-9]+(\\.[0-9]{1,9})?s$", "description": "Seconds, such as `1.5s`" })
            }
            Form::Mask => {
                json!({ "type": "string", "description": "Names of fields in lowerCamelCase, with commas between" })
            }
            Form::Wrapper(kind) => self.kind(&kind),
        }
    }
}

/// Of the fields of a `oneof`, each says that those after it are absent.
fn apart(message: &MessageDescriptor) -> Map<String, Value> {
    let mut apart = Map::new();
    for choice in message.oneofs().filter(|choice| !choice.is_synthetic()) {
        let names: Vec<String> = choice.fields().map(|field| field.json_name().to_owned()).collect();
        let mut rest = names.as_slice();
        while let [first, others @ ..] = rest {
            if !others.is_empty() {
                let absent: Map<String, Value> =
                    others.iter().map(|other| (other.clone(), Value::Bool(false))).collect();
                apart.insert(first.clone(), json!({ "properties": absent }));
            }
            rest = others;
        }
    }
    apart
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}
