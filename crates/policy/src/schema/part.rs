//! A compiled schema: parts in one list that name each other by their place in it, so that a schema may refer to itself.

use regex::Regex;
use serde_json::{Number, Value};

use crate::schema::decimal::Decimal;
use crate::schema::format::Format;
use crate::schema::node::Node;

/// Where a part stands in the list.
pub(super) type PartId = usize;

/// One schema within the schema: everything it asks of a value.
#[derive(Debug, Default)]
pub(super) struct Part {
    pub(super) checks: Vec<Check>,
    /// What it asks of the items and members that nothing else in it has looked at; always last.
    pub(super) unevaluated: Vec<Check>,
}

/// What is asked. A check that is about another kind of value is met.
#[derive(Debug)]
pub(super) enum Check {
    /// `false`
    Never,
    Kinds(Kinds),
    Enum(Box<Options>),
    Const(Box<Constant>),
    Bound(Box<Bound>),
    MultipleOf(Box<Limit>),
    Count(Count),
    Pattern(Box<Pattern>),
    Format(Format),
    Unique,
    Items(Items),
    Contains(Box<Contains>),
    Required(Vec<String>),
    Members(Box<Members>),
    Names(PartId),
    /// Names that have to be there if another one is.
    DependentNames(Vec<(String, Vec<String>)>),
    /// What the object has to meet if a name is there.
    DependentParts(Vec<(String, PartId)>),
    All(Vec<PartId>),
    Any(Vec<PartId>),
    One(Vec<PartId>),
    Not(PartId),
    If(Box<Condition>),
    Reference(PartId),
    UnevaluatedItems(PartId),
    UnevaluatedMembers(PartId),
}

/// Kinds of value, as a set.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Kinds(pub(super) u8);

/// `enum`
#[derive(Debug)]
pub(super) struct Options {
    pub(super) sorted: Vec<Node<'static>>,
    /// In the order they were written.
    pub(super) shown: Vec<Value>,
}

/// `const`
#[derive(Debug)]
pub(super) struct Constant {
    pub(super) node: Node<'static>,
    pub(super) shown: Value,
}

/// A number to compare with.
#[derive(Debug)]
pub(super) struct Limit {
    pub(super) value: Decimal,
    pub(super) shown: Number,
}

/// `minimum` and its like.
#[derive(Debug)]
pub(super) struct Bound {
    pub(super) side: Side,
    pub(super) limit: Limit,
}

/// On which side of a limit a number has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Above,
    AtLeast,
    AtMost,
    Below,
}

/// `minLength` and its like.
#[derive(Debug)]
pub(super) struct Count {
    pub(super) of: Counted,
    pub(super) end: End,
    pub(super) limit: u64,
}

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Counted {
    Characters,
    Items,
    Properties,
}

/// Which end of a range a count is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Least,
    Most,
}

/// A pattern, and what it costs to look for it.
#[derive(Debug)]
pub(super) struct Pattern {
    pub(super) regex: Regex,
    /// Steps for sixteen bytes.
    pub(super) cost: u64,
    pub(super) shown: String,
}

/// `prefixItems`, and what the items behind them have to meet.
#[derive(Debug)]
pub(super) struct Items {
    pub(super) prefix: Vec<PartId>,
    pub(super) rest: Option<PartId>,
}

/// `contains` with its counts.
#[derive(Debug)]
pub(super) struct Contains {
    pub(super) part: PartId,
    pub(super) least: u64,
    pub(super) most: Option<u64>,
}

/// `properties`, `patternProperties` and what the members that neither names have to meet.
#[derive(Debug)]
pub(super) struct Members {
    /// By name.
    pub(super) named: Vec<(String, PartId)>,
    pub(super) patterns: Vec<(Pattern, PartId)>,
    pub(super) rest: Option<PartId>,
}

/// `if` with `then` and `else`.
#[derive(Debug)]
pub(super) struct Condition {
    pub(super) test: PartId,
    pub(super) met: Option<PartId>,
    pub(super) unmet: Option<PartId>,
}

impl Kinds {
    /// The names of the kinds, each with its bit. Whole numbers are numbers as well.
    const NAMES: [(&'static str, u8); 7] = [
        ("array", 1),
        ("boolean", 2),
        ("integer", 4),
        ("null", 8),
        ("number", 4 | 16),
        ("object", 32),
        ("string", 64),
    ];

    /// The kind of a name.
    pub(super) fn named(name: &str) -> Option<Kinds> {
        Kinds::NAMES.iter().find(|(known, _)| *known == name).map(|(_, bits)| Kinds(*bits))
    }

    /// The names of all kinds.
    pub(super) fn all() -> impl Iterator<Item = &'static str> {
        Kinds::NAMES.iter().map(|(name, _)| *name)
    }

    /// Those of the set.
    pub(super) fn names(self) -> Vec<&'static str> {
        let held = Kinds::NAMES.iter().filter(|(_, bits)| self.0 & bits == *bits).map(|(name, _)| *name);
        // A number of any kind: that it may be whole is said with it.
        held.filter(|name| *name != "integer" || self.0 & 16 == 0).collect()
    }

    /// Whether a value is of one of them.
    pub(super) fn admit(self, node: &Node<'_>) -> bool {
        let bit = match node {
            Node::Array(_) => 1,
            Node::Bool(_) => 2,
            Node::Number(number) if number.is_whole() => 4,
            Node::Null => 8,
            Node::Number(_) => 16,
            Node::Object(_) => 32,
            Node::Text(_) => 64,
        };
        self.0 & bit != 0
    }
}

impl Check {
    /// The parts that look at the same value.
    pub(super) fn in_place(&self) -> Vec<PartId> {
        match self {
            Check::All(parts) | Check::Any(parts) | Check::One(parts) => parts.clone(),
            Check::Not(part) | Check::Reference(part) => vec![*part],
            Check::DependentParts(parts) => parts.iter().map(|(_, part)| *part).collect(),
            Check::If(condition) => {
                [Some(condition.test), condition.met, condition.unmet].into_iter().flatten().collect()
            }
            _ => Vec::new(),
        }
    }
}
