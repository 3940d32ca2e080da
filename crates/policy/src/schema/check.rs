//! Whether a value meets a schema.
//!
//! Every look at a part costs steps, long texts and lists more of them; a check that costs too much has no answer. What
//! is found unmet first is what the caller is told, and the place is put together on the way back.

mod lists;
mod members;
mod places;
mod scalars;

use crate::schema::node::Node;
use crate::schema::part::{Check, Part, PartId};
use crate::schema::words::{Complaint, Unmet};

/// Most steps of one validation. A few milliseconds.
const MAX_STEPS: u64 = 2_000_000;
/// Most parts that are being looked at at once, one for the other: the stack of a filter is small.
const MAX_NESTED: usize = 400;

/// The steps that are left.
#[derive(Debug)]
pub(super) struct Budget(u64);

/// Why there is no answer: it would cost too much.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Overrun;

/// Why a part is not met.
#[derive(Debug)]
pub(super) enum Halt<'s> {
    Unmet(Unmet<'s>),
    Overrun,
}

type Met<'s> = Result<(), Halt<'s>>;

/// Which items or members of one value have been looked at, where somebody wants to know.
#[derive(Debug)]
struct Seen {
    marks: Option<Vec<bool>>,
}

/// One validation.
pub(super) struct Checker<'s> {
    parts: &'s [Part],
    budget: Budget,
    nested: usize,
}

impl Budget {
    pub(super) fn full() -> Budget {
        Budget(MAX_STEPS)
    }

    pub(super) fn spend(&mut self, steps: u64) -> Result<(), Overrun> {
        self.0 = self.0.checked_sub(steps).ok_or(Overrun)?;
        Ok(())
    }
}

impl From<Overrun> for Halt<'_> {
    fn from(_: Overrun) -> Self {
        Halt::Overrun
    }
}

impl<'s> From<Complaint<'s>> for Halt<'s> {
    fn from(what: Complaint<'s>) -> Self {
        Halt::Unmet(Unmet::here(what))
    }
}

impl Seen {
    fn unwanted() -> Seen {
        Seen { marks: None }
    }

    /// For a value of which somebody wants to know.
    fn of(node: &Node<'_>) -> Seen {
        let length = match node {
            Node::Array(items) => items.len(),
            Node::Object(members) => members.len(),
            _ => 0,
        };
        Seen { marks: Some(vec![false; length]) }
    }

    fn mark(&mut self, index: usize) {
        if let Some(mark) = self.marks.as_mut().and_then(|marks| marks.get_mut(index)) {
            *mark = true;
        }
    }

    fn has(&self, index: usize) -> bool {
        self.marks.as_ref().and_then(|marks| marks.get(index)).copied().unwrap_or_default()
    }

    fn is_wanted(&self) -> bool {
        self.marks.is_some()
    }

    /// Takes over what another part has looked at.
    fn add(&mut self, other: &Seen) {
        let (Some(own), Some(others)) = (&mut self.marks, &other.marks) else { return };
        for (own, other) in own.iter_mut().zip(others) {
            *own |= *other;
        }
    }

    /// The same, with nothing looked at; and what it costs.
    fn fresh(&self) -> (Seen, u64) {
        let length = self.marks.as_ref().map_or(0, Vec::len);
        let marks = self.marks.as_ref().map(|_| vec![false; length]);
        (Seen { marks }, u64::try_from(length / 16).unwrap_or(u64::MAX))
    }
}

impl<'s> Checker<'s> {
    pub(super) fn new(parts: &'s [Part], budget: Budget) -> Checker<'s> {
        Checker { parts, budget, nested: 0 }
    }

    /// Whether a value meets the schema.
    pub(super) fn check(mut self, node: &Node<'_>) -> Met<'s> {
        self.part(0, node, &mut Seen::unwanted())
    }

    fn part(&mut self, part: PartId, node: &Node<'_>, seen: &mut Seen) -> Met<'s> {
        self.budget.spend(1)?;
        let Some(part) = self.parts.get(part) else { return Err(Halt::Overrun) };
        if self.nested >= MAX_NESTED {
            return Err(Halt::Overrun);
        }
        self.nested += 1;
        let met = if part.unevaluated.is_empty() {
            self.checks(&part.checks, node, seen)
        } else {
            self.with_unevaluated(part, node, seen)
        };
        self.nested -= 1;
        met
    }

    /// A part of which some checks are about what the others have not looked at.
    fn with_unevaluated(&mut self, part: &'s Part, node: &Node<'_>, seen: &mut Seen) -> Met<'s> {
        let mut own = Seen::of(node);
        self.budget.spend(own.fresh().1)?;
        self.checks(&part.checks, node, &mut own)?;
        self.checks(&part.unevaluated, node, &mut own)?;
        seen.add(&own);
        Ok(())
    }

    fn checks(&mut self, checks: &'s [Check], node: &Node<'_>, seen: &mut Seen) -> Met<'s> {
        checks.iter().try_for_each(|check| self.one(check, node, seen))
    }

    fn one(&mut self, check: &'s Check, node: &Node<'_>, seen: &mut Seen) -> Met<'s> {
        match (check, node) {
            (Check::Never, _) => Err(Complaint::Never.into()),
            (Check::Kinds(kinds), _) if kinds.admit(node) => Ok(()),
            (Check::Kinds(kinds), _) => Err(Complaint::Kinds(*kinds).into()),
            (Check::Enum(options), _) => self.options(options, node),
            (Check::Const(constant), _) => self.constant(constant, node),
            (Check::Bound(bound), Node::Number(number)) => scalars::bound(bound, *number),
            (Check::MultipleOf(limit), Node::Number(number)) => scalars::multiple(limit, *number),
            (Check::Count(count), _) => self.count(count, node),
            (Check::Pattern(pattern), Node::Text(text)) => self.pattern(pattern, text),
            (Check::Format(format), Node::Text(text)) => self.format(*format, text),
            (Check::Unique, Node::Array(items)) => self.unique(items),
            (Check::Items(asked), Node::Array(items)) => self.items(asked, items, seen),
            (Check::Contains(asked), Node::Array(items)) => self.contains(asked, items, seen),
            (Check::Required(names), Node::Object(members)) => self.required(names, members),
            (Check::Members(asked), Node::Object(members)) => self.members(asked, members, seen),
            (Check::Names(part), Node::Object(members)) => self.names(*part, members),
            (Check::DependentNames(lists), Node::Object(members)) => self.dependent_names(lists, members),
            (Check::DependentParts(parts), Node::Object(_)) => self.dependent_parts(parts, node, seen),
            (Check::All(parts), _) => parts.iter().try_for_each(|part| self.part(*part, node, seen)),
            (Check::Any(parts), _) => self.any(parts, node, seen),
            (Check::One(parts), _) => self.exactly_one(parts, node, seen),
            (Check::Not(part), _) => self.not(*part, node),
            (Check::If(condition), _) => self.condition(condition, node, seen),
            (Check::Reference(part), _) => self.part(*part, node, seen),
            (Check::UnevaluatedItems(part), Node::Array(items)) => self.unevaluated_items(*part, items, seen),
            (Check::UnevaluatedMembers(part), Node::Object(members)) => {
                self.unevaluated_members(*part, members, seen)
            }
            _ => Ok(()),
        }
    }

    /// Whether a part that may be unmet is met.
    fn meets(&mut self, part: PartId, node: &Node<'_>, seen: &mut Seen) -> Result<bool, Overrun> {
        match self.part(part, node, seen) {
            Ok(()) => Ok(true),
            Err(Halt::Unmet(_)) => Ok(false),
            Err(Halt::Overrun) => Err(Overrun),
        }
    }

    /// The same; what it has looked at counts only if it is met.
    fn tries(&mut self, part: PartId, node: &Node<'_>, seen: &Seen) -> Result<Option<Seen>, Overrun> {
        let (mut own, steps) = seen.fresh();
        self.budget.spend(steps)?;
        Ok(self.meets(part, node, &mut own)?.then_some(own))
    }

    /// Whether a part is `false`: then it is better to say what is too much than what is wrong with it.
    fn is_never(&self, part: PartId) -> bool {
        self.parts.get(part).is_some_and(|part| matches!(part.checks.as_slice(), [Check::Never]))
    }
}
