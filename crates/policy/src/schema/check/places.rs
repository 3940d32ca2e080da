//! Parts that look at the same value, one for the other.

use crate::schema::check::{Checker, Met, Seen};
use crate::schema::node::{Node, has};
use crate::schema::part::{Condition, PartId};
use crate::schema::words::Complaint;

impl<'s> Checker<'s> {
    /// Where somebody wants to know what was looked at, all of them have a say.
    pub(super) fn any(&mut self, parts: &[PartId], node: &Node<'_>, seen: &mut Seen) -> Met<'s> {
        let mut met = false;
        for part in parts {
            if let Some(own) = self.tries(*part, node, seen)? {
                seen.add(&own);
                met = true;
                if !seen.is_wanted() {
                    break;
                }
            }
        }
        if met { Ok(()) } else { Err(Complaint::NoneOf("anyOf").into()) }
    }

    pub(super) fn exactly_one(&mut self, parts: &[PartId], node: &Node<'_>, seen: &mut Seen) -> Met<'s> {
        let mut met = None;
        for part in parts {
            if let Some(own) = self.tries(*part, node, seen)?
                && met.replace(own).is_some()
            {
                return Err(Complaint::SeveralOf("oneOf").into());
            }
        }
        match met {
            Some(own) => {
                seen.add(&own);
                Ok(())
            }
            None => Err(Complaint::NoneOf("oneOf").into()),
        }
    }

    pub(super) fn dependent_parts(
        &mut self,
        parts: &[(String, PartId)],
        node: &Node<'_>,
        seen: &mut Seen,
    ) -> Met<'s> {
        let Node::Object(members) = node else { return Ok(()) };
        self.budget.spend(u64::try_from(parts.len() / 8).unwrap_or(u64::MAX))?;
        let mut present = parts.iter().filter(|(name, _)| has(members, name));
        present.try_for_each(|(_, part)| self.part(*part, node, seen))
    }

    pub(super) fn not(&mut self, part: PartId, node: &Node<'_>) -> Met<'s> {
        let met = self.meets(part, node, &mut Seen::unwanted())?;
        if met { Err(Complaint::Not.into()) } else { Ok(()) }
    }

    pub(super) fn condition(&mut self, asked: &'s Condition, node: &Node<'_>, seen: &mut Seen) -> Met<'s> {
        let next = match self.tries(asked.test, node, seen)? {
            Some(own) => {
                seen.add(&own);
                asked.met
            }
            None => asked.unmet,
        };
        next.map_or(Ok(()), |part| self.part(part, node, seen))
    }
}
