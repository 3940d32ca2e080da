//! The shape of a schema: which parts look at the same value, which look deeper, and so how much work a value can cause.
//!
//! Recursive schemas are fine where each turn goes deeper into the value; the work they cause at each depth is counted
//! beforehand, so that a schema which branches at each turn is known to be costly before it is run.

use std::collections::HashMap;

use serde_json::{Map, Value};

use crate::problem::{did_you_mean, item, member};
use crate::schema::keyword::{self, FORMATS, Holds};
use crate::schema::{Origin, Unusable};

/// Most parts of one schema.
const MAX_PARTS: usize = 4096;
/// Deepest nesting of a schema.
const MAX_DEPTH: usize = 48;
/// Depths of values for which the work is counted.
const COUNTED: usize = 64;

/// How many parts of a schema look at a value, by the value's depth.
#[derive(Debug)]
pub(super) struct Outline {
    visits: Vec<u64>,
}

/// One schema within the schema.
#[derive(Debug, Default)]
struct Part {
    in_place: Vec<usize>,
    deeper: Vec<usize>,
    reference: Option<(String, String)>,
}

struct Walk {
    origin: Origin,
    parts: Vec<Part>,
    /// By pointer (`/properties/a`) and by anchor (`name`).
    places: HashMap<String, usize>,
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

impl Outline {
    pub(super) fn of(schema: &Value, origin: Origin) -> Result<Outline, Unusable> {
        let mut walk = Walk { origin, parts: Vec::new(), places: HashMap::new() };
        walk.part(schema, Spot { path: "", pointer: "", depth: 0 })?;
        walk.resolve()?;
        Ok(Outline { visits: visits(&walk.parts)? })
    }

    /// The work that values cause, given how many there are at each depth.
    pub(super) fn work(&self, values: &[u64]) -> u64 {
        values
            .iter()
            .enumerate()
            .map(|(depth, count)| {
                let visits = self.visits.get(depth).or(self.visits.last()).copied().unwrap_or_default();
                count.saturating_mul(visits)
            })
            .fold(0, u64::saturating_add)
    }
}

fn unusable(path: &str, message: impl Into<String>) -> Unusable {
    Unusable { path: path.to_owned(), message: message.into() }
}

impl Walk {
    fn part(&mut self, schema: &Value, spot: Spot<'_>) -> Result<usize, Unusable> {
        if self.parts.len() >= MAX_PARTS {
            return Err(unusable(spot.path, format!("the schema has more than {MAX_PARTS} parts")));
        }
        if spot.depth > MAX_DEPTH {
            return Err(unusable(spot.path, format!("the schema is nested deeper than {MAX_DEPTH} levels")));
        }
        let index = self.parts.len();
        self.parts.push(Part::default());
        self.places.insert(spot.pointer.to_owned(), index);
        match schema {
            Value::Bool(_) => {}
            Value::Object(members) => {
                let part = self.members(members, spot)?;
                if let Some(place) = self.parts.get_mut(index) {
                    *place = part;
                }
                if let Some(anchor) = members.get("$anchor").and_then(Value::as_str) {
                    self.places.insert(anchor.to_owned(), index);
                }
            }
            _ => return Err(unusable(spot.path, "expected a schema: a mapping, `true` or `false`")),
        }
        Ok(index)
    }

    fn members(&mut self, members: &Map<String, Value>, spot: Spot<'_>) -> Result<Part, Unusable> {
        let mut part = Part::default();
        for (name, value) in members {
            let path = member(spot.path, name);
            let pointer = format!("{}/{}", spot.pointer, name.replace('~', "~0").replace('/', "~1"));
            let here = Spot { path: &path, pointer: &pointer, depth: spot.depth + 1 };
            match self.keyword(name, &path)? {
                Holds::Nothing => self.plain(name, value, here)?,
                Holds::InPlace => part.in_place.extend(self.one_or_several(value, here)?),
                Holds::Deeper => part.deeper.extend(self.one_or_several(value, here)?),
                Holds::InPlaceTable => part.in_place.extend(self.table(value, here)?),
                Holds::DeeperTable => part.deeper.extend(self.table(value, here)?),
                Holds::Definitions => drop(self.table(value, here)?),
                Holds::Reference => {
                    let to = value.as_str().ok_or_else(|| unusable(&path, "expected text"))?;
                    part.reference = Some((path.clone(), to.to_owned()));
                }
                Holds::Refused => return Err(unusable(&path, format!("`{name}` is not supported"))),
            }
        }
        Ok(part)
    }

    fn keyword(&self, name: &str, path: &str) -> Result<Holds, Unusable> {
        match keyword::holds(name) {
            Some(holds) => Ok(holds),
            None if self.origin == Origin::Declared || name.starts_with("x-") => Ok(Holds::Nothing),
            None => {
                let hint = did_you_mean(name, keyword::names());
                Err(unusable(path, format!("JSON Schema has no keyword `{name}`{hint}")))
            }
        }
    }

    /// Keywords without schemas that mean something to the whole.
    fn plain(&self, name: &str, value: &Value, spot: Spot<'_>) -> Result<(), Unusable> {
        match (name, value.as_str()) {
            ("$schema", Some(uri))
                if !uri.contains("json-schema.org/draft/2020-12/schema")
                    && !uri.contains("json-schema.org/draft-07/schema") =>
            {
                Err(unusable(spot.path, "expected JSON Schema 2020-12 or draft-07"))
            }
            ("$id", _) if spot.depth > 1 => {
                Err(unusable(spot.path, "a schema inside a schema may not have an `$id`"))
            }
            ("format", Some(format)) if self.origin == Origin::Written && !FORMATS.contains(&format) => {
                let hint = did_you_mean(format, FORMATS.into_iter());
                Err(unusable(spot.path, format!("`{format}` is no format that is checked{hint}")))
            }
            _ => Ok(()),
        }
    }

    fn one_or_several(&mut self, value: &Value, spot: Spot<'_>) -> Result<Vec<usize>, Unusable> {
        let Value::Array(several) = value else {
            return Ok(vec![self.part(value, spot)?]);
        };
        let mut parts = Vec::with_capacity(several.len());
        for (index, value) in several.iter().enumerate() {
            let (path, pointer) = (item(spot.path, index), format!("{}/{index}", spot.pointer));
            parts.push(self.part(value, Spot { path: &path, pointer: &pointer, depth: spot.depth + 1 })?);
        }
        Ok(parts)
    }

    fn table(&mut self, value: &Value, spot: Spot<'_>) -> Result<Vec<usize>, Unusable> {
        let Value::Object(members) = value else {
            return Err(unusable(spot.path, "expected names with their schemas"));
        };
        let mut parts = Vec::with_capacity(members.len());
        // The `dependencies` of draft-07 may also be lists of names.
        for (name, value) in members.iter().filter(|(_, value)| !value.is_array()) {
            let path = member(spot.path, name);
            let pointer = format!("{}/{}", spot.pointer, name.replace('~', "~0").replace('/', "~1"));
            parts.push(self.part(value, Spot { path: &path, pointer: &pointer, depth: spot.depth + 1 })?);
        }
        Ok(parts)
    }

    fn resolve(&mut self) -> Result<(), Unusable> {
        for part in &mut self.parts {
            let Some((path, to)) = &part.reference else { continue };
            let Some(fragment) = to.strip_prefix('#') else {
                let message =
                    format!("`{to}` is outside the schema; only references such as `#/$defs/name` work");
                return Err(unusable(path, message));
            };
            let decoded = fragment.replace("%24", "$").replace("%25", "%");
            match self.places.get(&decoded) {
                Some(index) => part.in_place.push(*index),
                None => return Err(unusable(path, format!("`{to}` refers to nothing in the schema"))),
            }
        }
        Ok(())
    }
}

/// How often the parts look at a value of each depth, at most.
fn visits(parts: &[Part]) -> Result<Vec<u64>, Unusable> {
    let order = order(parts)?;
    let mut looking: Vec<u64> = vec![0; parts.len()];
    if let Some(root) = looking.first_mut() {
        *root = 1;
    }
    let mut visits = Vec::new();
    for _ in 0..COUNTED {
        // Whoever looks at a value hands it to the parts in place, in an order in which nothing is handed back.
        for index in &order {
            let times = looking.get(*index).copied().unwrap_or_default();
            let in_place = parts.get(*index).map(|part| part.in_place.as_slice()).unwrap_or_default();
            add(&mut looking, in_place, times);
        }
        let total = looking.iter().copied().fold(0, u64::saturating_add);
        visits.push(total);
        if total == 0 {
            break;
        }
        let mut next = vec![0; parts.len()];
        for (part, times) in parts.iter().zip(&looking) {
            add(&mut next, &part.deeper, *times);
        }
        looking = next;
    }
    Ok(visits)
}

fn add(counts: &mut [u64], to: &[usize], times: u64) {
    for index in to {
        if let Some(count) = counts.get_mut(*index) {
            *count = count.saturating_add(times);
        }
    }
}

/// The parts, each before those it hands its value to.
fn order(parts: &[Part]) -> Result<Vec<usize>, Unusable> {
    let mut before = vec![0_usize; parts.len()];
    for target in parts.iter().flat_map(|part| &part.in_place) {
        if let Some(count) = before.get_mut(*target) {
            *count += 1;
        }
    }
    let mut ready: Vec<usize> =
        before.iter().enumerate().filter(|(_, count)| **count == 0).map(|(index, _)| index).collect();
    let mut order = Vec::with_capacity(parts.len());
    while let Some(index) = ready.pop() {
        order.push(index);
        for target in parts.get(index).map(|part| part.in_place.as_slice()).unwrap_or_default() {
            if let Some(count) = before.get_mut(*target) {
                *count -= 1;
                if *count == 0 {
                    ready.push(*target);
                }
            }
        }
    }
    if order.len() == parts.len() {
        return Ok(order);
    }
    let circle = parts.iter().zip(&before).find(|(part, count)| **count > 0 && part.reference.is_some());
    let path = circle.and_then(|(part, _)| part.reference.as_ref()).map_or("", |(path, _)| path.as_str());
    Err(unusable(path, "the reference leads back to itself without going deeper into the value"))
}
