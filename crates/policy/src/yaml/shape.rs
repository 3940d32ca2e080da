//! Shapes of fields: what may stand where, and how to say what was expected.

use serde_json::Value;

use crate::problem;
use crate::timestamp::Timestamp;

/// What a field may hold.
#[derive(Debug)]
pub(super) enum Shape {
    /// The first for what stands in one piece, the second for a list or a mapping.
    Either(&'static Shape, &'static Shape),
    /// `true` or `false`.
    Flag,
    /// Values of one shape, in order.
    List(&'static Shape),
    /// Any value JSON can hold.
    Json,
    /// A whole number from 0.
    Number,
    /// The shape, or a list of it. The reference names its fields once, under the last part of the path.
    OneOrMore(&'static Shape),
    /// As a table, in the order of the text; comes out as pairs.
    Ordered(&'static Shape),
    /// These fields.
    Record(Fields),
    /// `true` or `false`, a whole number or text.
    Scalar,
    /// Values of one shape by names the operator chooses; the text says what the names are.
    Table(&'static Shape),
    /// Text.
    Text,
    /// A moment.
    Time,
    /// One of these words.
    Word(&'static [&'static str]),
}

/// Fields of a record.
#[derive(Debug)]
pub(super) struct Fields {
    pub(super) known: &'static [Field],
    /// Fields of later versions: refused by name, so that nobody believes they act.
    pub(super) later: &'static [&'static str],
}

/// One field of a record.
#[derive(Debug)]
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) need: Need,
    pub(super) shape: &'static Shape,
}

/// Whether a field may be left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Need {
    /// Exactly one of the fields of this need is there.
    Choice,
    Optional,
    Required,
}

impl Shape {
    /// The scalar as JSON, where it fits.
    pub(super) fn scalar(&self, text: &str, plain: bool) -> Option<Value> {
        let empty = plain && matches!(text, "" | "~" | "null" | "Null" | "NULL");
        match self {
            Shape::Flag if plain => text.parse::<bool>().ok().map(Value::Bool),
            Shape::Number if plain && !text.starts_with('+') => text.parse::<u64>().ok().map(Value::from),
            Shape::Scalar if plain && text.parse::<bool>().is_ok() => {
                text.parse::<bool>().ok().map(Value::Bool)
            }
            Shape::Scalar if plain && text.parse::<i64>().is_ok() => {
                text.parse::<i64>().ok().map(Value::from)
            }
            Shape::Scalar | Shape::Text if !empty => Some(Value::String(text.to_owned())),
            Shape::Time => text.parse::<Timestamp>().ok().map(|time| Value::String(time.to_string())),
            Shape::Word(words) => words.contains(&text).then(|| Value::String(text.to_owned())),
            _ => None,
        }
    }

    pub(super) fn expected(&self) -> String {
        match self {
            Shape::Either(one, several) => format!("{} or {}", one.expected(), several.expected()),
            Shape::Flag => "`true` or `false`".to_owned(),
            Shape::List(_) => "a list".to_owned(),
            Shape::Number => "a whole number".to_owned(),
            Shape::OneOrMore(items) => format!("{}, or a list of such", items.expected()),
            Shape::Json => "a value".to_owned(),
            Shape::Record(fields) => fields.expected(),
            Shape::Scalar => "text, a whole number, `true` or `false`".to_owned(),
            Shape::Ordered(_) | Shape::Table(_) => "names with their values".to_owned(),
            Shape::Text => "text".to_owned(),
            Shape::Time => "a time such as 2027-01-01T00:00:00Z".to_owned(),
            Shape::Word(words) => words.join(", "),
        }
    }
}

impl Fields {
    fn names(&self) -> impl Iterator<Item = &'static str> {
        self.known.iter().map(|field| field.name)
    }

    fn listed(&self) -> String {
        quoted(self.names())
    }

    pub(super) fn expected(&self) -> String {
        if self.known.iter().all(|field| field.need == Need::Choice) {
            format!("one of the fields {}", self.listed())
        } else {
            format!("the fields {}", self.listed())
        }
    }

    /// The fields of which exactly one is there.
    pub(super) fn choices(&self) -> impl Iterator<Item = &'static str> {
        self.known.iter().filter(|field| field.need == Need::Choice).map(|field| field.name)
    }

    pub(super) fn unknown(&self, name: &str) -> String {
        if self.later.contains(&name) {
            return format!("`{name}` is not supported by this version");
        }
        match problem::nearest(name, self.names()) {
            Some(meant) => format!("unknown field `{name}` (did you mean `{meant}`?)"),
            None => format!("unknown field `{name}`; expected {}", self.listed()),
        }
    }
}

/// Names as a report lists them.
pub(super) fn quoted<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// Every path of a shape, as the reference names them: `servers.NAME.url`, `keys[].id`.
#[cfg(test)]
pub(super) fn paths(shape: &Shape, path: &str, found: &mut Vec<String>) {
    match shape {
        Shape::Record(fields) => {
            for field in fields.known {
                let path = problem::member(path, field.name);
                paths(field.shape, &path, found);
                found.push(path);
            }
        }
        Shape::Either(_, several) => paths(several, path, found),
        Shape::OneOrMore(items) => paths(items, path.rsplit('.').next().unwrap_or_default(), found),
        Shape::Ordered(values) | Shape::Table(values) => paths(values, &format!("{path}.NAME"), found),
        Shape::List(items) => paths(items, &format!("{path}[]"), found),
        _ => {}
    }
}
