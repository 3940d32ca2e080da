//! What the keywords of one part ask of a value, as checks, the cheap ones first.

use serde_json::Value;

use crate::problem::member;
use crate::schema::compile::{Children, Reading, Walk, unusable};
use crate::schema::decimal::Decimal;
use crate::schema::format::Format;
use crate::schema::node::Node;
use crate::schema::part::{
    Bound, Check, Condition, Constant, Contains, Count, Counted, End, Items, Kinds, Limit, Members, Options,
    Part, PartId, Side,
};
use crate::schema::{Origin, Unusable, pattern};

const BOUNDS: [(&str, Side); 4] = [
    ("minimum", Side::AtLeast),
    ("maximum", Side::AtMost),
    ("exclusiveMinimum", Side::Above),
    ("exclusiveMaximum", Side::Below),
];

const COUNTS: [(&str, Counted, End); 6] = [
    ("minLength", Counted::Characters, End::Least),
    ("maxLength", Counted::Characters, End::Most),
    ("minItems", Counted::Items, End::Least),
    ("maxItems", Counted::Items, End::Most),
    ("minProperties", Counted::Properties, End::Least),
    ("maxProperties", Counted::Properties, End::Most),
];

impl Walk {
    pub(super) fn assemble(&self, read: &Reading<'_>) -> Result<Part, Unusable> {
        let mut checks = Vec::new();
        checks.extend(read.keywords.get("type").map(|value| kinds(value)));
        read.options(&mut checks)?;
        checks.extend(BOUNDS.iter().filter_map(|(name, side)| {
            Some(Check::Bound(Box::new(Bound { side: *side, limit: limit(read.keywords.get(name)?)? })))
        }));
        let multiple = read.keywords.get("multipleOf").and_then(|value| limit(value));
        checks.extend(multiple.map(|limit| Check::MultipleOf(Box::new(limit))));
        checks.extend(COUNTS.iter().filter_map(|(name, of, end)| {
            Some(Check::Count(Count { of: *of, end: *end, limit: read.count(name)? }))
        }));
        self.texts(read, &mut checks)?;
        read.lists(&mut checks);
        read.objects(&mut checks)?;
        read.in_place(&mut checks);
        let mut unevaluated = Vec::new();
        unevaluated.extend(read.one("unevaluatedItems").map(Check::UnevaluatedItems));
        unevaluated.extend(read.one("unevaluatedProperties").map(Check::UnevaluatedMembers));
        checks.shrink_to_fit();
        Ok(Part { checks, unevaluated })
    }

    fn texts(&self, read: &Reading<'_>, checks: &mut Vec<Check>) -> Result<(), Unusable> {
        if let Some(text) = read.text("pattern") {
            let pattern = pattern::compile(text);
            let pattern = pattern.map_err(|why| unusable(&member(read.path, "pattern"), why))?;
            checks.push(Check::Pattern(Box::new(pattern)));
        }
        let format = read.text("format").filter(|_| self.origin != Origin::Declared);
        checks.extend(format.and_then(Format::named).map(Check::Format));
        Ok(())
    }
}

impl Reading<'_> {
    fn one(&self, name: &str) -> Option<PartId> {
        match self.children.get(name) {
            Some(Children::One(part)) => Some(*part),
            _ => None,
        }
    }

    fn several(&self, name: &str) -> Option<Vec<PartId>> {
        match self.children.get(name) {
            Some(Children::Several(parts)) => Some(parts.clone()),
            _ => None,
        }
    }

    fn table(&self, name: &str) -> Option<Vec<(String, PartId)>> {
        match self.children.get(name) {
            Some(Children::Table(parts)) => Some(parts.clone()),
            _ => None,
        }
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.keywords.get(name)?.as_str()
    }

    fn count(&self, name: &str) -> Option<u64> {
        Decimal::of_schema(self.keywords.get(name)?.as_number()?)?.as_count()
    }

    fn options(&self, checks: &mut Vec<Check>) -> Result<(), Unusable> {
        let inexact = |name| unusable(&member(self.path, name), "a number in it cannot be compared exactly");
        if let Some(Value::Array(shown)) = self.keywords.get("enum") {
            let sorted: Option<Vec<_>> = shown.iter().map(Node::of_schema).collect();
            let mut sorted = sorted.ok_or_else(|| inexact("enum"))?;
            sorted.sort_unstable();
            checks.push(Check::Enum(Box::new(Options { sorted, shown: shown.clone() })));
        }
        if let Some(&shown) = self.keywords.get("const") {
            let node = Node::of_schema(shown).ok_or_else(|| inexact("const"))?;
            checks.push(Check::Const(Box::new(Constant { node, shown: shown.clone() })));
        }
        Ok(())
    }

    fn lists(&self, checks: &mut Vec<Check>) {
        let (prefix, rest) = match self.children.get("items") {
            Some(Children::Several(prefix)) => (prefix.clone(), self.one("additionalItems")),
            _ => (self.several("prefixItems").unwrap_or_default(), self.one("items")),
        };
        if !prefix.is_empty() || rest.is_some() {
            checks.push(Check::Items(Items { prefix, rest }));
        }
        if let Some(part) = self.one("contains") {
            let (least, most) = (self.count("minContains").unwrap_or(1), self.count("maxContains"));
            checks.push(Check::Contains(Box::new(Contains { part, least, most })));
        }
        if self.keywords.get("uniqueItems") == Some(&&Value::Bool(true)) {
            checks.push(Check::Unique);
        }
    }

    fn objects(&self, checks: &mut Vec<Check>) -> Result<(), Unusable> {
        checks.extend(self.keywords.get("required").map(|list| Check::Required(names(list))));
        let mut named = self.table("properties").unwrap_or_default();
        named.sort_unstable();
        let mut patterns = Vec::new();
        for (text, part) in self.table("patternProperties").unwrap_or_default() {
            let place = || member(&member(self.path, "patternProperties"), &text);
            patterns.push((pattern::compile(&text).map_err(|why| unusable(&place(), why))?, part));
        }
        let rest = self.one("additionalProperties");
        if !named.is_empty() || !patterns.is_empty() || rest.is_some() {
            checks.push(Check::Members(Box::new(Members { named, patterns, rest })));
        }
        checks.extend(self.one("propertyNames").map(Check::Names));
        for name in ["dependentRequired", "dependencies"] {
            let Some(Value::Object(table)) = self.keywords.get(name) else { continue };
            let lists = table.iter().filter(|(_, list)| list.is_array());
            let lists: Vec<_> = lists.map(|(name, list)| (name.clone(), names(list))).collect();
            if !lists.is_empty() {
                checks.push(Check::DependentNames(lists));
            }
        }
        Ok(())
    }

    fn in_place(&self, checks: &mut Vec<Check>) {
        for name in ["dependentSchemas", "dependencies"] {
            let parts = self.table(name).filter(|parts| !parts.is_empty());
            checks.extend(parts.map(Check::DependentParts));
        }
        checks.extend(self.several("allOf").map(Check::All));
        checks.extend(self.several("anyOf").map(Check::Any));
        checks.extend(self.several("oneOf").map(Check::One));
        checks.extend(self.one("not").map(Check::Not));
        checks.extend(self.one("if").map(|test| {
            Check::If(Box::new(Condition { test, met: self.one("then"), unmet: self.one("else") }))
        }));
    }
}

fn kinds(value: &Value) -> Check {
    let named = |value: &Value| value.as_str().and_then(Kinds::named).unwrap_or_default();
    Check::Kinds(match value {
        Value::Array(several) => Kinds(several.iter().map(named).fold(0, |all, one| all | one.0)),
        one => named(one),
    })
}

fn limit(value: &Value) -> Option<Limit> {
    let shown = value.as_number()?.clone();
    Some(Limit { value: Decimal::of_schema(&shown)?, shown })
}

fn names(list: &Value) -> Vec<String> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}
