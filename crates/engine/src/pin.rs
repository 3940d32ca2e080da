//! Pinned definitions at the gate: what the lists that pass show of them, beside what the catalogue has.
//!
//! The control plane asks a server now and then; a list passes when an agent asks. A worker therefore remembers where a
//! list showed another definition than the catalogue has, and judges calls by that until one of the two is the other.

use std::{
    collections::{HashMap, HashSet},
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use mcp::{Digest, Json, list::ListKind};
use policy::{Breach, Decision, Operation, RuleSet, Subject, catalogue::tool::Flaw, document::PinMode};

use crate::{Outcome, Record, Revision, record::clip};

/// Most tools of one server that are remembered. What does not fit is judged by the catalogue alone.
const TOOLS: usize = 10_000;

/// Definitions that lists have shown, where the catalogue has others. Outlives revisions.
#[derive(Debug, Default)]
pub(crate) struct Sightings {
    seen: Mutex<HashMap<String, HashMap<String, Sighting>>>,
    /// Counts what was noted: what was made of sightings before is made anew.
    changes: AtomicU64,
}

/// One of them.
#[derive(Debug, PartialEq, Eq)]
struct Sighting {
    seen: Digest,
    /// What the catalogue had then. Once it has something else, the sighting is the older word of the two.
    known: Option<Digest>,
}

impl Sightings {
    /// What a list has shown of a tool, where that counts before the catalogue.
    fn of(&self, rules: &RuleSet, server: &str, tool: &str) -> Option<Digest> {
        let known = rules.tool(server, tool).map(policy::Tool::digest);
        let all = self.lock();
        let sighting = all.get(server)?.get(tool)?;
        (sighting.known == known).then_some(sighting.seen)
    }

    /// Takes note of what a list shows; whether that is new and not in the catalogue.
    fn note(&self, rules: &RuleSet, server: &str, tool: &str, seen: Digest) -> bool {
        let known = rules.tool(server, tool).map(policy::Tool::digest);
        let mut all = self.lock();
        let tools = all.entry(server.to_owned()).or_default();
        if known == Some(seen) {
            if tools.remove(tool).is_some() {
                self.changes.fetch_add(1, Ordering::Relaxed);
            }
            return false;
        }
        let sighting = Sighting { seen, known };
        if tools.get(tool) == Some(&sighting) {
            return false;
        }
        self.changes.fetch_add(1, Ordering::Relaxed);
        if tools.len() < TOOLS || tools.contains_key(tool) {
            tools.insert(tool.to_owned(), sighting);
        }
        true
    }

    /// How often something was noted.
    pub(crate) fn changes(&self) -> u64 {
        self.changes.load(Ordering::Relaxed)
    }

    /// Each change is complete in itself, so a panic elsewhere leaves nothing half done.
    fn lock(&self) -> MutexGuard<'_, HashMap<String, HashMap<String, Sighting>>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Revision {
    /// What the rules say of an operation, and of a call of a pinned tool what lists have shown since.
    pub(crate) fn decide(&self, subject: &Subject, server: &str, operation: &Operation<'_>) -> Decision {
        let decision = self.rules().decide(subject, server, operation);
        let Operation::CallTool { name, .. } = operation else { return decision };
        if !decision.permits() || self.rules().pins(server) != PinMode::Enforce {
            return decision;
        }
        let seen = self.sightings().of(self.rules(), server, name);
        self.rules().pin_denial(server, name, seen).map_or(decision, Decision::Deny)
    }

    /// Whether a list shows an entry, by what lists have shown since as well.
    pub(crate) fn shows(&self, subject: &Subject, server: &str, kind: ListKind, name: &str) -> bool {
        let rules = self.rules();
        let is_pinned = kind == ListKind::Tools && rules.pins(server) == PinMode::Enforce;
        rules.shows(subject, server, kind, name)
            && !(is_pinned && rules.breach(server, name, self.sightings().of(rules, server, name)).is_some())
    }

    /// What pins that are observed find of a permitted call.
    pub(crate) fn observed(&self, server: &str, operation: &Operation<'_>) -> Option<Breach> {
        let Operation::CallTool { name, .. } = operation else { return None };
        if self.rules().pins(server) != PinMode::Observe {
            return None;
        }
        self.rules().breach(server, name, self.sightings().of(self.rules(), server, name))
    }
}

/// What the lists of one exchange have shown that is not approved, for the record.
#[derive(Debug)]
pub(crate) struct Findings {
    /// The record of the exchange's own decision.
    base: Box<Record>,
    found: Vec<(String, Breach)>,
    /// How and under which revision the last of them were found.
    mode: PinMode,
    revision: u64,
}

impl Findings {
    pub(crate) fn new(record: &Record) -> Self {
        Self {
            base: Box::new(record.clone()),
            found: Vec::new(),
            mode: PinMode::Off,
            revision: record.revision,
        }
    }

    /// Takes in what a guard has found.
    pub(crate) fn extend(&mut self, guard: Guard<'_>) {
        self.mode = guard.mode;
        self.revision = guard.revision.rules().revision();
        self.found.extend(guard.found);
    }

    /// The record of what was found since the last one.
    pub(crate) fn record(&mut self, now_ms: u64) -> Option<Record> {
        let found = std::mem::take(&mut self.found);
        let (tool, breach) = found.first()?;
        let is_enforced = self.mode == PinMode::Enforce;
        let mode = if is_enforced { "enforce" } else { "observe" };
        let told: Vec<String> =
            found.iter().map(|(tool, breach)| format!("tool `{tool}`: {breach}")).collect();
        Some(Record {
            time_ms: now_ms,
            name: if found.len() == 1 { clip(tool) } else { String::new() },
            outcome: if is_enforced { Outcome::Deny } else { Outcome::Allow },
            rule: format!("servers.{}.pins: {mode}", self.base.server),
            reason: clip(&told.join("; ")),
            code: if is_enforced { breach.code().number() } else { 0 },
            revision: self.revision,
            ..(*self.base).clone()
        })
    }
}

/// Judges the tools of one list.
pub(crate) struct Guard<'a> {
    revision: &'a Revision,
    server: &'a str,
    mode: PinMode,
    /// Names that the list has more than once.
    twice: HashSet<String>,
    found: Vec<(String, Breach)>,
}

impl<'a> Guard<'a> {
    /// For the list in a document; `names` calls back with each tool's name in it.
    pub(crate) fn of(
        revision: &'a Revision,
        server: &'a str,
        names: impl FnOnce(&mut dyn FnMut(&str)),
    ) -> Self {
        let mode = revision.rules().pins(server);
        let (mut once, mut twice) = (HashSet::new(), HashSet::new());
        if mode != PinMode::Off {
            names(&mut |name| {
                if !once.insert(name.to_owned()) {
                    twice.insert(name.to_owned());
                }
            });
        }
        Self { revision, server, mode, twice, found: Vec::new() }
    }

    /// Whether an item stays in its list.
    pub(crate) fn keeps(&mut self, kind: ListKind, name: &str, item: Json<'_>) -> bool {
        if self.mode == PinMode::Off || kind != ListKind::Tools {
            return true;
        }
        let (rules, seen) = (self.revision.rules(), Digest::of(item));
        let is_new = self.revision.sightings().note(rules, self.server, name, seen);
        let breach = match self.twice.contains(name) {
            true => Some(Breach::Name(Flaw::Twice)),
            false => rules.breach(self.server, name, Some(seen)),
        };
        let Some(breach) = breach else { return true };
        if is_new {
            self.found.push((name.to_owned(), breach));
        }
        self.mode != PinMode::Enforce
    }
}
