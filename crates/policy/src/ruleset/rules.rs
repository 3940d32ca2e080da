//! The rules of one section on one server, in the order in which they decide.
//!
//! Rules of one rank are weighed together, so that the order of the text does not matter: one that denies wins, one that
//! cannot be evaluated denies, one that permits permits, and where none matches the next rank is asked.

use std::collections::HashMap;
use std::sync::Arc;

use crate::condition::Outcomes;
use crate::decision::Permit;
use crate::document::Effect;
use crate::limit::Limit;
use crate::pattern::Pattern;
use crate::ruleset::guard::{Asked, Guard};
use crate::ruleset::role::ParsedRule;

/// What rules say about a call.
#[derive(Debug)]
pub(super) enum Verdict<'r> {
    /// This rule denies.
    Deny(&'r Stated),
    /// This rule cannot be evaluated.
    Fault(&'r Stated),
    /// No rule matches. This one would permit if the call met what it asks for.
    Nothing(Option<&'r Stated>),
    /// This rule permits.
    Permit(&'r Stated),
}

/// One section on one server.
#[derive(Debug, Clone, Default)]
pub(super) struct Rules {
    exact: HashMap<String, Vec<Stated>>,
    /// Most specific first.
    globs: Vec<(Pattern, Stated)>,
}

/// One rule.
#[derive(Debug, Clone)]
pub(super) struct Stated {
    pub(super) effect: Effect,
    /// As written: `allow shop.query`.
    pub(super) text: Arc<str>,
    /// Where it stands in the document: `roles.agent.tools[0]`.
    pub(super) place: Arc<str>,
    guard: Option<Box<Guard>>,
    limits: Option<Arc<[Arc<Limit>]>>,
}

/// The rules of one rank, weighed.
#[derive(Default)]
struct Weighing<'r> {
    /// One that denies, whatever the arguments turn out to be.
    denies: Option<&'r Stated>,
    /// One that cannot be evaluated, whatever the arguments turn out to be.
    faults: Option<&'r Stated>,
    /// One that permits, at least some arguments.
    permits: Option<&'r Stated>,
    /// Of all ranks so far: one that would permit if the call met what it asks for.
    near: Option<&'r Stated>,
    /// The same where it is only scopes that the caller lacks.
    scoped: Option<&'r Stated>,
}

impl Rules {
    pub(super) fn compile<'p>(parsed: impl Iterator<Item = &'p ParsedRule<'p>>) -> Rules {
        let mut rules = Rules::default();
        for parsed in parsed {
            let stated = Stated::of(parsed);
            match parsed.pattern.name.literal() {
                Some(name) if parsed.pattern.rank.is_exact() => {
                    rules.exact.entry(name.to_owned()).or_default().push(stated);
                }
                _ => rules.globs.push((parsed.pattern.clone(), stated)),
            }
        }
        rules.exact.values_mut().for_each(|stated| stated.sort_by_key(Stated::order));
        rules.globs.sort_by_key(|(pattern, stated)| (std::cmp::Reverse(pattern.rank), stated.order()));
        rules
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Stated> {
        self.exact.values().flatten().chain(self.globs.iter().map(|(_, stated)| stated))
    }

    /// Whether a rule about this name holds its arguments to the server's own schema.
    pub(super) fn needs_pinned(&self, name: &str) -> bool {
        self.matching(name).any(|stated| stated.guard.as_ref().is_some_and(|guard| guard.is_pinned()))
    }

    /// Whether any rule looks at who asks, beyond the role.
    pub(super) fn tell_callers_apart(&self) -> bool {
        self.all().any(|stated| stated.guard.as_ref().is_some_and(|guard| guard.tells_callers_apart()))
    }

    /// The rules about a name, most specific first.
    pub(super) fn matching(&self, name: &str) -> impl Iterator<Item = &Stated> {
        let exact = self.exact.get(name).into_iter().flatten();
        let globs = self.globs.iter().filter(move |(pattern, _)| pattern.name.matches(name));
        exact.chain(globs.map(|(_, stated)| stated))
    }

    pub(super) fn judge(&self, asked: &Asked<'_>) -> Verdict<'_> {
        let mut weighing = Weighing::default();
        for stated in self.exact.get(asked.name).into_iter().flatten() {
            weighing.add(stated, asked);
        }
        let mut rank = None;
        for (pattern, stated) in &self.globs {
            // What decided is not looked for any further.
            if rank != Some(pattern.rank) {
                if let Some(verdict) = weighing.verdict() {
                    return verdict;
                }
                rank = Some(pattern.rank);
            }
            if pattern.name.matches(asked.name) {
                weighing.add(stated, asked);
            }
        }
        weighing.verdict().unwrap_or(Verdict::Nothing(weighing.scoped.or(weighing.near)))
    }
}

impl<'r> Weighing<'r> {
    fn add(&mut self, stated: &'r Stated, asked: &Asked<'_>) {
        let outcomes = stated.outcomes(asked);
        match stated.effect {
            Effect::Deny if outcomes.may_be_false() => {}
            Effect::Deny if outcomes.may_be_true() => self.denies = self.denies.or(Some(stated)),
            // Of several that permit, one with a limit decides: none of them opens what another holds back.
            Effect::Allow if outcomes.may_be_true() => {
                self.permits = match self.permits {
                    Some(known) if known.limits.is_some() || stated.limits.is_none() => Some(known),
                    _ => Some(stated),
                };
            }
            Effect::Allow if stated.lacks_only_scopes(asked) => self.scoped = self.scoped.or(Some(stated)),
            Effect::Allow if outcomes.may_be_false() => self.near = self.near.or(Some(stated)),
            Effect::Allow | Effect::Deny => self.faults = self.faults.or(Some(stated)),
        }
    }

    fn verdict(&self) -> Option<Verdict<'r>> {
        let refusal = self.denies.map(Verdict::Deny).or(self.faults.map(Verdict::Fault));
        refusal.or(self.permits.map(Verdict::Permit))
    }
}

impl Stated {
    fn of(parsed: &ParsedRule<'_>) -> Stated {
        Stated {
            effect: parsed.rule.effect,
            text: parsed.rule.to_string().into(),
            place: Arc::clone(&parsed.place),
            guard: parsed.guard.clone().map(Box::new),
            limits: parsed.limits.clone(),
        }
    }

    /// A rule that matches everything.
    pub(super) fn always(text: &str) -> Stated {
        Stated { effect: Effect::Allow, text: text.into(), place: text.into(), guard: None, limits: None }
    }

    /// The permit it gives.
    pub(super) fn permit(&self) -> Permit {
        Permit::by(Arc::clone(&self.text)).within(self.limits.clone())
    }

    /// Whether it matches a call about its name.
    #[inline]
    pub(super) fn outcomes(&self, asked: &Asked<'_>) -> Outcomes {
        self.guard.as_ref().map_or(Outcomes::TRUE, |guard| guard.outcomes(asked))
    }

    /// Whether it would match if the caller had its scopes.
    pub(super) fn lacks_only_scopes(&self, asked: &Asked<'_>) -> bool {
        self.guard.as_ref().is_some_and(|guard| guard.lacks_only_scopes(asked))
    }

    pub(super) fn guard(&self) -> Option<&Guard> {
        self.guard.as_deref()
    }

    /// What denies first, and of that what needs no judging.
    fn order(&self) -> (bool, bool) {
        (self.effect == Effect::Allow, self.guard.is_some())
    }
}
