//! What is asked of a value as a whole, of numbers and of texts.

use crate::schema::check::{Checker, Met};
use crate::schema::decimal::Decimal;
use crate::schema::format::Format;
use crate::schema::node::{Node, text_weight};
use crate::schema::part::{Bound, Constant, Count, Counted, End, Limit, Options, Pattern, Side};
use crate::schema::words::Complaint;

pub(super) fn bound<'s>(bound: &'s Bound, number: Decimal) -> Met<'s> {
    let limit = bound.limit.value;
    let meets = match bound.side {
        Side::Above => number > limit,
        Side::AtLeast => number >= limit,
        Side::AtMost => number <= limit,
        Side::Below => number < limit,
    };
    if meets { Ok(()) } else { Err(Complaint::Bound(bound).into()) }
}

pub(super) fn multiple<'s>(limit: &'s Limit, number: Decimal) -> Met<'s> {
    if number.is_multiple_of(limit.value) { Ok(()) } else { Err(Complaint::Multiple(limit).into()) }
}

impl<'s> Checker<'s> {
    pub(super) fn options(&mut self, options: &'s Options, node: &Node<'_>) -> Met<'s> {
        let looks = u64::from(options.sorted.len().checked_ilog2().unwrap_or_default()) + 1;
        self.budget.spend(node.weight().saturating_mul(looks))?;
        match options.sorted.binary_search(node) {
            Ok(_) => Ok(()),
            Err(_) => Err(Complaint::Options(&options.shown).into()),
        }
    }

    pub(super) fn constant(&mut self, constant: &'s Constant, node: &Node<'_>) -> Met<'s> {
        self.budget.spend(node.weight())?;
        if constant.node == *node { Ok(()) } else { Err(Complaint::Constant(&constant.shown).into()) }
    }

    pub(super) fn count(&mut self, count: &'s Count, node: &Node<'_>) -> Met<'s> {
        let found = match (count.of, node) {
            (Counted::Characters, Node::Text(text)) => {
                self.budget.spend(text_weight(text))?;
                text.chars().count()
            }
            (Counted::Items, Node::Array(items)) => items.len(),
            (Counted::Properties, Node::Object(members)) => members.len(),
            _ => return Ok(()),
        };
        let found = u64::try_from(found).unwrap_or(u64::MAX);
        let meets = match count.end {
            End::Least => found >= count.limit,
            End::Most => found <= count.limit,
        };
        if meets { Ok(()) } else { Err(Complaint::Count(count).into()) }
    }

    pub(super) fn pattern(&mut self, pattern: &'s Pattern, text: &str) -> Met<'s> {
        self.budget.spend(pattern.work(text))?;
        if pattern.is_in(text) { Ok(()) } else { Err(Complaint::Pattern(&pattern.shown).into()) }
    }

    pub(super) fn format(&mut self, format: Format, text: &str) -> Met<'s> {
        self.budget.spend(text_weight(text).saturating_mul(8))?;
        if format.holds(text) { Ok(()) } else { Err(Complaint::Format(format).into()) }
    }
}
