//! What is asked of lists.

use crate::schema::check::{Checker, Halt, Met, Seen};
use crate::schema::node::Node;
use crate::schema::part::{Contains, Items, PartId};
use crate::schema::words::Complaint;

impl<'s> Checker<'s> {
    pub(super) fn items(&mut self, asked: &'s Items, items: &[Node<'_>], seen: &mut Seen) -> Met<'s> {
        let rest = items.len().saturating_sub(asked.prefix.len());
        if rest > 0 && asked.rest.is_some_and(|rest| self.is_never(rest)) {
            return Err(Complaint::MoreItems(rest).into());
        }
        let parts = asked.prefix.iter().copied().map(Some).chain(std::iter::repeat(asked.rest));
        for (index, (item, part)) in items.iter().zip(parts).enumerate() {
            let Some(part) = part else { break };
            self.item(part, index, item)?;
            seen.mark(index);
        }
        Ok(())
    }

    fn item(&mut self, part: PartId, index: usize, item: &Node<'_>) -> Met<'s> {
        self.part(part, item, &mut Seen::unwanted()).map_err(|halt| halt.in_item(index))
    }

    pub(super) fn contains(&mut self, asked: &'s Contains, items: &[Node<'_>], seen: &mut Seen) -> Met<'s> {
        let mut found = 0_u64;
        for (index, item) in items.iter().enumerate() {
            if self.meets(asked.part, item, &mut Seen::unwanted())? {
                found += 1;
                seen.mark(index);
            }
            let enough = asked.most.is_none() && found >= asked.least && !seen.is_wanted();
            if enough || asked.most.is_some_and(|most| found > most) {
                break;
            }
        }
        let fits = found >= asked.least && asked.most.is_none_or(|most| found <= most);
        if fits { Ok(()) } else { Err(Complaint::Contains(asked).into()) }
    }

    /// Sorted, so that equal items are neighbours: no choice of items makes this quadratic.
    pub(super) fn unique(&mut self, items: &[Node<'_>]) -> Met<'s> {
        let looks = u64::from(items.len().checked_ilog2().unwrap_or_default()) + 1;
        for item in items {
            self.budget.spend(item.weight().saturating_mul(looks))?;
        }
        let mut sorted: Vec<&Node<'_>> = items.iter().collect();
        sorted.sort();
        let twice = sorted.windows(2).any(|pair| matches!(pair, [left, right] if left == right));
        if twice { Err(Complaint::Twice.into()) } else { Ok(()) }
    }

    pub(super) fn unevaluated_items(&mut self, part: PartId, items: &[Node<'_>], seen: &mut Seen) -> Met<'s> {
        let left = (0..items.len()).filter(|index| !seen.has(*index)).count();
        if left > 0 && self.is_never(part) {
            return Err(Complaint::MoreItems(left).into());
        }
        for (index, item) in items.iter().enumerate() {
            if !seen.has(index) {
                self.item(part, index, item)?;
                seen.mark(index);
            }
        }
        Ok(())
    }
}

impl Halt<'_> {
    fn in_item(mut self, index: usize) -> Self {
        if let Halt::Unmet(unmet) = &mut self {
            unmet.leave_item(index);
        }
        self
    }
}
