//! A schema as its author wrote it to the list of its parts.
//!
//! One walk meets every schema within the schema: it counts them, knows each keyword, remembers by which names others may
//! refer to them, and leaves what a keyword asks to [`assemble`]. References are followed when all is known.

mod assemble;
mod circle;
mod shape;

use std::collections::HashMap;

use serde_json::{Map, Value};

use crate::problem::{did_you_mean, item, member};
use crate::schema::format::Format;
use crate::schema::keyword::{self, Holds};
use crate::schema::part::{Check, Part, PartId};
use crate::schema::{Origin, Unusable};

/// Most parts of one schema.
const MAX_PARTS: usize = 4096;
/// Deepest nesting of a schema.
const MAX_DEPTH: usize = 48;

/// The drafts that are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Draft {
    Draft07,
    Draft202012,
}

struct Walk {
    origin: Origin,
    draft: Draft,
    parts: Vec<Part>,
    /// By pointer (`/properties/a`) and by anchor (`name`).
    places: HashMap<String, PartId>,
    references: Vec<Reference>,
}

/// A reference that has been met: which part has it, where, and to what it leads.
struct Reference {
    part: PartId,
    path: String,
    to: String,
}

/// Where the walk is.
#[derive(Clone, Copy)]
struct Spot<'s> {
    /// As problems name it.
    path: &'s str,
    /// As references name it.
    pointer: &'s str,
    depth: usize,
}

/// The schemas that a keyword holds.
enum Children {
    One(PartId),
    Several(Vec<PartId>),
    Table(Vec<(String, PartId)>),
}

/// One part while it is read: its keywords, and the schemas of those that hold some.
struct Reading<'s> {
    /// Those that the draft knows.
    keywords: HashMap<&'s str, &'s Value>,
    children: HashMap<&'s str, Children>,
    path: &'s str,
}

/// The parts of a schema, the schema itself first.
pub(super) fn compile(schema: &Value, origin: Origin) -> Result<Vec<Part>, Unusable> {
    let draft = match schema.get("$schema").and_then(Value::as_str) {
        Some(uri) if uri.contains("draft-07") => Draft::Draft07,
        _ => Draft::Draft202012,
    };
    let mut walk = Walk { origin, draft, parts: Vec::new(), places: HashMap::new(), references: Vec::new() };
    walk.part(schema, Spot { path: "", pointer: "", depth: 0 })?;
    walk.resolve()?;
    circle::refuse(&walk.parts, &walk.references)?;
    Ok(walk.parts)
}

fn unusable(path: &str, message: impl Into<String>) -> Unusable {
    Unusable { path: path.to_owned(), message: message.into() }
}

impl Walk {
    fn part(&mut self, schema: &Value, spot: Spot<'_>) -> Result<PartId, Unusable> {
        if self.parts.len() >= MAX_PARTS {
            return Err(unusable(spot.path, format!("the schema has more than {MAX_PARTS} parts")));
        }
        if spot.depth > MAX_DEPTH {
            return Err(unusable(spot.path, format!("the schema is nested deeper than {MAX_DEPTH} levels")));
        }
        let index = self.parts.len();
        self.parts.push(Part::default());
        self.places.insert(spot.pointer.to_owned(), index);
        let part = match schema {
            Value::Bool(true) => Part::default(),
            Value::Bool(false) => Part { checks: vec![Check::Never], unevaluated: Vec::new() },
            Value::Object(members) => self.members(index, members, spot)?,
            _ => return Err(unusable(spot.path, "expected a schema: a mapping, `true` or `false`")),
        };
        if let Some(place) = self.parts.get_mut(index) {
            *place = part;
        }
        Ok(index)
    }

    fn members(
        &mut self,
        own: PartId,
        members: &Map<String, Value>,
        spot: Spot<'_>,
    ) -> Result<Part, Unusable> {
        let (mut keywords, mut children) = (HashMap::new(), HashMap::new());
        for (name, value) in members {
            let path = member(spot.path, name);
            let pointer = joined(spot.pointer, name);
            let here = Spot { path: &path, pointer: &pointer, depth: spot.depth + 1 };
            let holds = self.holds(name, &path)?;
            shape::check(holds, value, &path)?;
            if keyword::is_of(name, self.draft) {
                keywords.insert(name.as_str(), value);
            }
            match holds {
                Holds::Refused => return Err(unusable(&path, format!("`{name}` is not supported"))),
                Holds::Anchor => self.anchor(own, value, &path)?,
                Holds::Text => self.text(name, value, here)?,
                Holds::Reference => {
                    let to = value.as_str().unwrap_or_default().to_owned();
                    self.references.push(Reference { part: own, path, to });
                }
                _ => {
                    if let Some(found) = self.children(holds, value, here)? {
                        children.insert(name.as_str(), found);
                    }
                }
            }
        }
        if self.draft == Draft::Draft07 && members.contains_key("$ref") {
            // Whatever stands beside a reference has no say in draft-07.
            return Ok(Part::default());
        }
        self.assemble(&Reading { keywords, children, path: spot.path })
    }

    fn holds(&self, name: &str, path: &str) -> Result<Holds, Unusable> {
        let holds = keyword::holds(name);
        let strict = self.origin == Origin::Written;
        match holds {
            Some(holds) if keyword::is_of(name, self.draft) => Ok(holds),
            None if strict && !name.starts_with("x-") => {
                let hint = did_you_mean(name, keyword::names());
                Err(unusable(path, format!("JSON Schema has no keyword `{name}`{hint}")))
            }
            Some(_) if strict => {
                let draft = if self.draft == Draft::Draft07 { "draft-07" } else { "JSON Schema 2020-12" };
                Err(unusable(path, format!("{draft} has no keyword `{name}`")))
            }
            _ => Ok(Holds::Anything),
        }
    }

    fn children(
        &mut self,
        holds: Holds,
        value: &Value,
        spot: Spot<'_>,
    ) -> Result<Option<Children>, Unusable> {
        Ok(Some(match (holds, value) {
            (Holds::Items, Value::Array(_)) if self.draft == Draft::Draft202012 => {
                let message = "expected a schema; a list of schemas is called `prefixItems`";
                return Err(unusable(spot.path, message));
            }
            (Holds::Schemas | Holds::Items, Value::Array(several)) => {
                let mut parts = Vec::with_capacity(several.len());
                for (index, value) in several.iter().enumerate() {
                    let (path, pointer) = (item(spot.path, index), format!("{}/{index}", spot.pointer));
                    let spot = Spot { path: &path, pointer: &pointer, depth: spot.depth + 1 };
                    parts.push(self.part(value, spot)?);
                }
                Children::Several(parts)
            }
            (Holds::Schema | Holds::Items, value) => Children::One(self.part(value, spot)?),
            (Holds::Table | Holds::PatternTable | Holds::Dependencies, Value::Object(table)) => {
                let mut parts = Vec::with_capacity(table.len());
                // `dependencies` are lists of names as well.
                let schemas =
                    table.iter().filter(|(_, value)| holds != Holds::Dependencies || !value.is_array());
                for (name, value) in schemas {
                    let (path, pointer) = (member(spot.path, name), joined(spot.pointer, name));
                    let spot = Spot { path: &path, pointer: &pointer, depth: spot.depth + 1 };
                    parts.push((name.clone(), self.part(value, spot)?));
                }
                Children::Table(parts)
            }
            _ => return Ok(None),
        }))
    }

    fn anchor(&mut self, own: PartId, value: &Value, path: &str) -> Result<(), Unusable> {
        let name = value.as_str().unwrap_or_default();
        match self.places.insert(name.to_owned(), own) {
            Some(_) => Err(unusable(path, format!("`{name}` is the name of another part already"))),
            None => Ok(()),
        }
    }

    /// Text that means something to the whole.
    fn text(&self, name: &str, value: &Value, spot: Spot<'_>) -> Result<(), Unusable> {
        let text = value.as_str().unwrap_or_default();
        match name {
            "$schema"
                if !text.contains("json-schema.org/draft/2020-12/schema")
                    && !text.contains("json-schema.org/draft-07/schema") =>
            {
                Err(unusable(spot.path, "expected JSON Schema 2020-12 or draft-07"))
            }
            "$schema" if text.contains("draft-07") != (self.draft == Draft::Draft07) => {
                Err(unusable(spot.path, "a schema inside a schema may not have another `$schema`"))
            }
            "$id" if spot.depth > 1 => {
                Err(unusable(spot.path, "a schema inside a schema may not have an `$id`"))
            }
            "format" if self.origin == Origin::Written && Format::named(text).is_none() => {
                let hint = did_you_mean(text, Format::names());
                Err(unusable(spot.path, format!("`{text}` is no format that is checked{hint}")))
            }
            // That draft lets them be checked. A rule that seems to ask for more than it does is a mistake.
            "contentEncoding" | "contentMediaType"
                if self.origin == Origin::Written && self.draft == Draft::Draft07 =>
            {
                Err(unusable(spot.path, format!("`{name}` is not checked; a `pattern` can be")))
            }
            _ => Ok(()),
        }
    }

    fn resolve(&mut self) -> Result<(), Unusable> {
        for Reference { part, path, to } in &self.references {
            let Some(fragment) = to.strip_prefix('#') else {
                let message =
                    format!("`{to}` is outside the schema; only references such as `#/$defs/name` work");
                return Err(unusable(path, message));
            };
            let target = decoded(fragment).and_then(|name| self.places.get(&name).copied());
            match (target, self.parts.get_mut(*part)) {
                (Some(target), Some(part)) => part.checks.push(Check::Reference(target)),
                _ => return Err(unusable(path, format!("`{to}` refers to nothing in the schema"))),
            }
        }
        Ok(())
    }
}

fn joined(pointer: &str, name: &str) -> String {
    format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"))
}

/// The fragment of a URI without its percent signs.
fn decoded(fragment: &str) -> Option<String> {
    let mut pieces = fragment.split('%');
    let mut bytes = pieces.next()?.as_bytes().to_vec();
    for piece in pieces {
        let (code, rest) = piece.split_at_checked(2)?;
        bytes.push(u8::from_str_radix(code, 16).ok()?);
        bytes.extend_from_slice(rest.as_bytes());
    }
    String::from_utf8(bytes).ok()
}
