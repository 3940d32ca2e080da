//! What is asked of objects.

use std::borrow::Cow;

use crate::schema::check::{Checker, Halt, Met, Seen};
use crate::schema::node::{Node, has, text_weight};
use crate::schema::part::{Members, PartId};
use crate::schema::words::{Complaint, Unmet};

/// The members of a value, by name.
type Held<'n, 'a> = &'n [(Cow<'a, str>, Node<'a>)];

impl<'s> Checker<'s> {
    pub(super) fn required(&mut self, names: &'s [String], members: Held<'_, '_>) -> Met<'s> {
        self.budget.spend(u64::try_from(names.len() / 8).unwrap_or(u64::MAX))?;
        match names.iter().find(|name| !has(members, name)) {
            Some(name) => Err(Complaint::Missing(name).into()),
            None => Ok(()),
        }
    }

    pub(super) fn dependent_names(
        &mut self,
        lists: &'s [(String, Vec<String>)],
        members: Held<'_, '_>,
    ) -> Met<'s> {
        self.budget.spend(u64::try_from(lists.len() / 8).unwrap_or(u64::MAX))?;
        let mut present = lists.iter().filter(|(name, _)| has(members, name));
        present.try_for_each(|(_, names)| self.required(names, members))
    }

    pub(super) fn members(&mut self, asked: &'s Members, members: Held<'_, '_>, seen: &mut Seen) -> Met<'s> {
        for (index, (name, value)) in members.iter().enumerate() {
            self.budget.spend(text_weight(name))?;
            let named = asked.named.binary_search_by(|(known, _)| known.as_str().cmp(name)).ok();
            let named = named.and_then(|at| asked.named.get(at)).map(|(_, part)| *part);
            let mut known = named.is_some();
            if let Some(part) = named {
                self.member(part, name, value)?;
            }
            for (pattern, part) in &asked.patterns {
                self.budget.spend(pattern.work(name))?;
                if pattern.is_in(name) {
                    known = true;
                    self.member(*part, name, value)?;
                }
            }
            match asked.rest {
                Some(rest) if !known && self.is_never(rest) => {
                    return Err(Complaint::MoreMembers(name.to_string()).into());
                }
                Some(rest) if !known => self.member(rest, name, value)?,
                None if !known => continue,
                _ => {}
            }
            seen.mark(index);
        }
        Ok(())
    }

    fn member(&mut self, part: PartId, name: &str, value: &Node<'_>) -> Met<'s> {
        self.part(part, value, &mut Seen::unwanted()).map_err(|halt| halt.in_member(name))
    }

    pub(super) fn names(&mut self, part: PartId, members: Held<'_, '_>) -> Met<'s> {
        members.iter().try_for_each(|(name, _)| {
            let node = Node::Text(Cow::Borrowed(name));
            self.part(part, &node, &mut Seen::unwanted()).map_err(|halt| match halt {
                Halt::Unmet(unmet) => Halt::Unmet(Unmet::here(Complaint::Name(Box::new(unmet)))),
                Halt::Overrun => Halt::Overrun,
            })
        })
    }

    pub(super) fn unevaluated_members(
        &mut self,
        part: PartId,
        members: Held<'_, '_>,
        seen: &mut Seen,
    ) -> Met<'s> {
        for (index, (name, value)) in members.iter().enumerate() {
            if seen.has(index) {
                continue;
            }
            if self.is_never(part) {
                return Err(Complaint::MoreMembers(name.to_string()).into());
            }
            self.member(part, name, value)?;
            seen.mark(index);
        }
        Ok(())
    }
}

impl Halt<'_> {
    fn in_member(mut self, name: &str) -> Self {
        if let Halt::Unmet(unmet) = &mut self {
            unmet.leave_member(name);
        }
        self
    }
}
