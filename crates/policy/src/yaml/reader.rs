//! A reader that holds a tree against shapes: everything that does not fit is reported with its place, its path and what was
//! expected; everything that fits comes out as JSON for the types of the document.

use std::collections::HashMap;

use serde_json::{Map, Value};

use crate::problem::{self, Problem, member};
use crate::schema;
use crate::yaml::Place;
use crate::yaml::shape::{Fields, Need, Shape, quoted};
use crate::yaml::tree::{Content, Node, NodeId, Tree};

/// Most values read, shared ones counted each time: bounds what aliases can multiply.
const MAX_VALUES: usize = 500_000;
/// Most problems reported; nobody reads more at once.
const MAX_PROBLEMS: usize = 200;

/// Holds a tree against a shape.
pub(super) struct Reader<'t> {
    tree: &'t Tree,
    problems: Vec<Problem>,
    places: HashMap<String, Place>,
    texts: HashMap<String, Place>,
    values: usize,
}

/// Where in the document the reader is: the path, and the place to point at.
struct Spot<'s> {
    path: &'s str,
    place: Place,
}

impl<'t> Reader<'t> {
    pub(super) fn new(tree: &'t Tree) -> Reader<'t> {
        Reader { tree, problems: Vec::new(), places: HashMap::new(), texts: HashMap::new(), values: 0 }
    }

    pub(super) fn read(&mut self, shape: &Shape) -> Value {
        self.value("", self.tree.root, shape, None)
    }

    /// Problems, the places of fields, and the places of the texts of scalars.
    pub(super) fn finish(self) -> (Vec<Problem>, HashMap<String, Place>, HashMap<String, Place>) {
        (self.problems, self.places, self.texts)
    }

    fn report(&mut self, spot: &Spot<'_>, message: impl Into<String>) {
        if self.problems.len() < MAX_PROBLEMS {
            let Place { line, column } = spot.place;
            self.problems.push(Problem { line, column, path: spot.path.to_owned(), message: message.into() });
        }
    }

    /// `key` is the place of the name in front of the value: where a mapping or list is pointed at.
    fn value(&mut self, path: &str, id: NodeId, shape: &Shape, key: Option<Place>) -> Value {
        let Some(node) = self.tree.node(id) else {
            return Value::Null;
        };
        let place = match node.content {
            Content::Scalar { .. } => node.place,
            Content::Mapping(_) | Content::Sequence(_) => key.unwrap_or(node.place),
        };
        let spot = Spot { path, place };
        self.values += 1;
        if self.values > MAX_VALUES {
            if self.values == MAX_VALUES + 1 {
                self.problems.clear();
                self.report(&spot, format!("aliases make this more than {MAX_VALUES} values"));
            }
            return Value::Null;
        }
        self.places.insert(path.to_owned(), place);
        if let Some(text) = node.text {
            self.texts.insert(path.to_owned(), text);
        }
        let shape = match (shape, &node.content) {
            (Shape::Either(one, _), Content::Scalar { .. }) => one,
            (Shape::Either(_, several), _) => several,
            (shape, _) => shape,
        };
        let value = match shape {
            Shape::Record(fields) => self.record(&spot, node, fields),
            Shape::Table(values) => self.table(&spot, node, values),
            Shape::Ordered(values) => self.ordered(&spot, node, values),
            Shape::List(items) => self.list(&spot, node, items),
            Shape::Json => self.json(&spot, node),
            Shape::OneOrMore(items) => match node.content {
                Content::Sequence(_) => self.list(&spot, node, items),
                _ => Some(self.value(path, id, items, key)),
            },
            Shape::Either(..) => None,
            Shape::Flag | Shape::Number | Shape::Scalar | Shape::Text | Shape::Time | Shape::Word(_) => {
                self.scalar(&spot, node, shape)
            }
        };
        value.unwrap_or(Value::Null)
    }

    fn record(&mut self, spot: &Spot<'_>, node: &Node, fields: &Fields) -> Option<Value> {
        let before = self.problems.len();
        let mut record = Map::new();
        for (name, place, id) in self.entries(spot, node, &fields.expected())? {
            let path = member(spot.path, &name);
            match fields.known.iter().find(|field| field.name == name) {
                Some(field) => {
                    let value = self.value(&path, id, field.shape, Some(place));
                    record.insert(name, value);
                }
                None => self.report(&Spot { path: &path, place }, fields.unknown(&name)),
            }
        }
        for field in fields.known.iter().filter(|field| field.need == Need::Required) {
            if !record.contains_key(field.name) {
                self.report(
                    spot,
                    format!("the field `{}` is missing ({})", field.name, field.shape.expected()),
                );
            }
        }
        let chosen = fields.choices().filter(|name| record.contains_key(*name)).count();
        if chosen != 1 && fields.choices().next().is_some() && self.problems.len() == before {
            let choices = quoted(fields.choices());
            self.report(spot, format!("expected exactly one of the fields {choices}"));
        }
        Some(Value::Object(record))
    }

    /// A number, or text that begins like one.
    fn number(&mut self, spot: &Spot<'_>, text: &str) -> Value {
        let is_number = serde_json::from_str::<serde_json::Number>(text).is_ok();
        match schema::exact_number(text).filter(|_| is_number) {
            Some(number) => Value::Number(number),
            None if is_number => {
                self.report(spot, format!("`{text}` has more digits than can be compared exactly"));
                Value::from(0)
            }
            None => Value::from(text),
        }
    }

    /// Any value. A bare scalar is what JSON takes it for, or text.
    fn json(&mut self, spot: &Spot<'_>, node: &Node) -> Option<Value> {
        match &node.content {
            Content::Mapping(_) => self.table(spot, node, &Shape::Json),
            Content::Sequence(_) => self.list(spot, node, &Shape::Json),
            Content::Scalar { text, plain: true } => Some(match text.as_str() {
                "" | "~" | "Null" | "NULL" => Value::Null,
                "True" | "TRUE" => Value::Bool(true),
                "False" | "FALSE" => Value::Bool(false),
                text if text.starts_with(|c: char| c.is_ascii_digit() || c == '-') => self.number(spot, text),
                text => serde_json::from_str(text).unwrap_or_else(|_| Value::from(text)),
            }),
            Content::Scalar { text, plain: false } => Some(Value::from(text.as_str())),
        }
    }

    fn table(&mut self, spot: &Spot<'_>, node: &Node, values: &'static Shape) -> Option<Value> {
        Some(Value::Object(self.named(spot, node, values)?.into_iter().collect()))
    }

    fn ordered(&mut self, spot: &Spot<'_>, node: &Node, values: &'static Shape) -> Option<Value> {
        Some(
            self.named(spot, node, values)?
                .into_iter()
                .map(|(name, value)| Value::from(vec![name.into(), value]))
                .collect(),
        )
    }

    fn named(
        &mut self,
        spot: &Spot<'_>,
        node: &Node,
        values: &'static Shape,
    ) -> Option<Vec<(String, Value)>> {
        let mut table = Vec::new();
        for (name, place, id) in self.entries(spot, node, "names with their values")? {
            let path = member(spot.path, &name);
            if name.is_empty() && !matches!(values, Shape::Json) {
                self.report(&Spot { path: &path, place }, "expected a name");
            }
            let value = self.value(&path, id, values, Some(place));
            table.push((name, value));
        }
        Some(table)
    }

    /// Entries of a mapping with the places of their keys; what is given twice is reported.
    fn entries(
        &mut self,
        spot: &Spot<'_>,
        node: &Node,
        expected: &str,
    ) -> Option<Vec<(String, Place, NodeId)>> {
        let Content::Mapping(pairs) = &node.content else {
            self.report(spot, format!("expected {expected}, found {}", node.content.found()));
            return None;
        };
        let mut seen: HashMap<&str, u32> = HashMap::new();
        let mut entries = Vec::new();
        for (key, value) in pairs {
            let Some(Node { place, content, .. }) = self.tree.node(*key) else { continue };
            let Content::Scalar { text, .. } = content else {
                self.report(
                    &Spot { path: spot.path, place: *place },
                    format!("expected a name, found {}", content.found()),
                );
                continue;
            };
            match seen.get(text.as_str()) {
                Some(line) => {
                    let path = member(spot.path, text);
                    self.report(
                        &Spot { path: &path, place: *place },
                        format!("`{text}` is given twice, first in line {line}"),
                    );
                }
                None => {
                    seen.insert(text, place.line);
                    entries.push((text.clone(), *place, *value));
                }
            }
        }
        Some(entries)
    }

    fn list(&mut self, spot: &Spot<'_>, node: &Node, items: &'static Shape) -> Option<Value> {
        let Content::Sequence(ids) = &node.content else {
            self.report(
                spot,
                format!("expected a list of {}, found {}", items.expected(), node.content.found()),
            );
            return None;
        };
        let values = ids
            .iter()
            .enumerate()
            .map(|(index, id)| self.value(&problem::item(spot.path, index), *id, items, None))
            .collect();
        Some(Value::Array(values))
    }

    fn scalar(&mut self, spot: &Spot<'_>, node: &Node, shape: &Shape) -> Option<Value> {
        let value = match &node.content {
            Content::Scalar { text, plain } => shape.scalar(text, *plain),
            Content::Mapping(_) | Content::Sequence(_) => None,
        };
        if value.is_none() {
            let hint = match (&node.content, shape) {
                (Content::Scalar { text, .. }, Shape::Word(words)) => {
                    problem::did_you_mean(text, words.iter().copied())
                }
                _ => String::new(),
            };
            self.report(spot, format!("expected {}, found {}{hint}", shape.expected(), node.content.found()));
        }
        value
    }
}

impl Content {
    /// In words, for a report. Text is shortened; it may be a whole file.
    fn found(&self) -> String {
        match self {
            Content::Mapping(_) => "a mapping".to_owned(),
            Content::Sequence(_) => "a list".to_owned(),
            Content::Scalar { text, plain: true } if text.is_empty() => "nothing".to_owned(),
            Content::Scalar { text, .. } if text.chars().count() > 60 => {
                format!("`{}…`", text.chars().take(60).collect::<String>())
            }
            Content::Scalar { text, .. } => format!("`{text}`"),
        }
    }
}
