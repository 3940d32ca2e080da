//! The smallest change of a document that would allow a call: candidates, from the narrowest to the widest, each tried by
//! deciding again.

use std::fmt;
use std::sync::Arc;

use crate::document::{Document, Rule};
use crate::explain::{Considered, Question, RuleOutcome};
use crate::problem::{item, member};
use crate::ruleset::RuleSet;

/// One edit of a document, or of what the control plane holds beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Add a rule to a section of a role.
    AddRule {
        /// The list of rules: `roles.agent.tools`.
        place: String,
        /// The rule.
        rule: String,
    },
    /// Approve the definition of a tool.
    Approve {
        /// Its server.
        server: String,
        /// Its name.
        tool: String,
    },
    /// Take a field out of a rule.
    RemoveField {
        /// The rule: `roles.agent.tools[0]`.
        place: String,
        /// `when` or `schema`.
        field: &'static str,
    },
    /// Take a rule out.
    RemoveRule {
        /// The rule: `roles.agent.tools[0]`.
        place: String,
        /// As written.
        rule: String,
    },
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Change::AddRule { place, rule } => write!(f, "add `- {rule}` to `{place}`"),
            Change::Approve { server, tool } => {
                write!(f, "approve the tool: `trigate pins approve --server {server} --tool {tool}`")
            }
            Change::RemoveField { place, field } => write!(f, "take `{field}` out of `{place}`"),
            Change::RemoveRule { place, rule } => write!(f, "take `{rule}` out (`{place}`)"),
        }
    }
}

/// The narrowest change that works; none where no small one does.
pub(super) fn smallest(
    document: &Document,
    rules: &RuleSet,
    question: &Question,
    considered: &[Considered],
) -> Vec<Change> {
    let denial = rules.pin_denial(&question.server, question.target.name(), None);
    if question.target.section() == "tools" && denial.is_some() {
        let (server, tool) = (question.server.clone(), question.target.name().to_owned());
        return vec![Change::Approve { server, tool }];
    }
    if !document.roles.contains_key(&question.subject.role) {
        return Vec::new();
    }
    let single = singles(question, considered);
    let pairs = single.iter().enumerate().flat_map(|(index, first)| {
        single.iter().skip(index + 1).map(move |second| vec![first.clone(), second.clone()])
    });
    let mut candidates = single.iter().map(|change| vec![change.clone()]).chain(pairs);
    candidates.find(|changes| works(document, rules, question, changes)).unwrap_or_default()
}

/// Changes that may help, the narrowest first: one more call allowed, a rule's demand dropped, a rule dropped.
fn singles(question: &Question, considered: &[Considered]) -> Vec<Change> {
    let mut changes = Vec::new();
    let name = question.target.name();
    // A name with a star in it would be a pattern.
    if !name.contains('*') && !name.is_empty() {
        let place = member(&member("roles", &question.subject.role), question.target.section());
        changes.push(Change::AddRule { place, rule: format!("allow: {}.{name}", question.server) });
    }
    let about = || considered.iter().filter(|rule| rule.outcome != RuleOutcome::Elsewhere);
    for rule in about().filter(|rule| rule.outcome != RuleOutcome::Matches) {
        changes
            .extend(["when", "schema"].map(|field| Change::RemoveField { place: rule.place.clone(), field }));
    }
    for rule in about().filter(|rule| rule.rule.starts_with("deny ")) {
        changes.push(Change::RemoveRule { place: rule.place.clone(), rule: rule.rule.clone() });
    }
    changes
}

fn works(document: &Document, rules: &RuleSet, question: &Question, changes: &[Change]) -> bool {
    let mut changed = document.clone();
    // From the back, so that a rule taken out moves none that is still to be found.
    let mut places: Vec<&Change> = changes.iter().collect();
    places.sort_by_key(|change| matches!(change, Change::AddRule { .. }));
    for change in places.into_iter().rev() {
        if !apply(&mut changed, question, change) {
            return false;
        }
    }
    let compiled = RuleSet::compile(&changed, rules.revision());
    compiled.is_ok_and(|compiled| {
        question.decide(&compiled.with_catalogue(Arc::clone(rules.catalogue()))).permits()
    })
}

fn apply(document: &mut Document, question: &Question, change: &Change) -> bool {
    let role = &question.subject.role;
    let list = member(&member("roles", role), question.target.section());
    let Some(section) =
        document.roles.get_mut(role).and_then(|role| role.section_mut(question.target.section()))
    else {
        return false;
    };
    let found = |section: &[Rule], place: &str| (0..section.len()).find(|index| item(&list, *index) == place);
    match change {
        Change::AddRule { .. } => {
            section.push(Rule::allow(format!("{}.{}", question.server, question.target.name())));
            true
        }
        Change::Approve { .. } => false,
        Change::RemoveField { place, field } => {
            let rule = found(section, place).and_then(|index| section.get_mut(index));
            rule.is_some_and(|rule| match *field {
                "when" => rule.when.take().is_some(),
                _ => rule.schema.take().is_some(),
            })
        }
        Change::RemoveRule { place, .. } => {
            found(section, place).map(|index| section.remove(index)).is_some()
        }
    }
}
