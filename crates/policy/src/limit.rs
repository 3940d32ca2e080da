//! A limit, ready to be held: what it measures, whose it is, and under which key a call is counted.
//!
//! Nothing is counted here. A limit says what a call is counted as ([`Limit::key`]) and how much there may be
//! ([`Measure`]); the engine does the arithmetic, and whoever runs it keeps the numbers.

mod read;

use std::sync::Arc;

use sha2::{Digest, Sha256};

pub use crate::document::limit::{Counts, Scope};
pub(crate) use crate::limit::read::{Owner, read};
use crate::operation::Operation;
use crate::subject::Subject;

/// One limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limit {
    /// What it may be of.
    pub measure: Measure,
    /// What has a count of its own, in order, each once.
    pub per: Vec<Scope>,
    /// What it counts.
    pub counts: Counts,
    /// Whether all proxies count it together, at the rate-limit service.
    pub shared: bool,
    /// Whose it is: `allow tickets.create`, `server tickets`.
    owner: Arc<str>,
    /// What all keys of this limit begin with. The same for the same limit in a later revision of the document.
    seed: [u8; 32],
}

/// What a limit measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// So many at a time.
    Concurrent(u64),
    /// So many in one hour or day of UTC.
    Quota {
        /// How many.
        count: u64,
        /// In which time.
        unit: Unit,
    },
    /// So many in a time, evenly, after a burst.
    Rate {
        /// How many.
        count: u64,
        /// In which time.
        unit: Unit,
        /// How many at once after a pause.
        burst: u64,
    },
}

/// A unit of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// A second.
    Second,
    /// A minute.
    Minute,
    /// An hour.
    Hour,
    /// A day.
    Day,
}

/// What a call is counted by.
#[derive(Debug, Clone, Copy)]
pub struct Counted<'a> {
    /// Who calls.
    pub subject: &'a Subject,
    /// Path that was called.
    pub endpoint: &'a str,
    /// Server or database.
    pub server: &'a str,
    /// The name under which the tool is counted; the method where it is no call of a tool.
    pub tool: &'a str,
}

/// What has a count of its own, by the word for it, and what it is in a call.
pub type Value = (&'static str, String);

/// Under what a call is counted: the same for calls that count together.
pub type Key = [u8; 16];

impl Limit {
    /// The key a call is counted under.
    #[must_use]
    pub fn key(&self, counted: &Counted<'_>) -> Key {
        let mut hash = Sha256::new();
        hash.update(self.seed);
        for (name, value) in self.values(counted) {
            hash.update(name);
            // With its length, no value can pass for the end of another.
            hash.update((value.len() as u64).to_le_bytes());
            hash.update(value);
        }
        let mut key = Key::default();
        key.iter_mut().zip(hash.finalize()).for_each(|(to, from)| *to = from);
        key
    }

    /// What the rate-limit service tells it by: the same for the same limit in a later revision.
    #[must_use]
    pub fn id(&self) -> String {
        self.seed.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
    }

    /// What has a count of its own, with what it is in this call.
    pub fn values<'a>(&'a self, counted: &'a Counted<'_>) -> impl Iterator<Item = Value> + 'a {
        self.per.iter().map(|scope| {
            let value = match scope {
                Scope::Endpoint => counted.endpoint.to_owned(),
                Scope::Role => counted.subject.role.clone(),
                Scope::Server => counted.server.to_owned(),
                Scope::Subject => counted.subject.identity(),
                Scope::Tool => counted.tool.to_owned(),
            };
            (scope.name(), value)
        })
    }

    /// Whether it counts this operation, given that the policy permits it. What ends something is never held back.
    #[must_use]
    pub fn counts(&self, operation: &Operation<'_>) -> bool {
        match operation {
            Operation::Answer | Operation::EndSession | Operation::Unsubscribe { .. } => false,
            // A notification gets no answer that could refuse it.
            Operation::Lifecycle { method } => {
                self.counts == Counts::Requests && !method.starts_with("notifications/")
            }
            Operation::List(_) => self.counts == Counts::Requests,
            _ => true,
        }
    }

    /// How the audit names it: `limit 30/min of allow tickets.create`.
    #[must_use]
    pub fn label(&self) -> String {
        format!("limit {}", self.name())
    }

    /// The same without the first word.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{} of {}", self.measure.short(), self.owner)
    }

    /// What it allows, in words: `30 calls a minute for each caller, by allow tickets.create`.
    #[must_use]
    pub fn words(&self) -> String {
        let each = self.per.iter().map(|scope| match scope {
            Scope::Subject => "caller",
            scope => scope.name(),
        });
        let each: Vec<&str> = each.collect();
        let each = if each.is_empty() { String::new() } else { format!(" for each {}", each.join(" and ")) };
        let what = match self.counts {
            Counts::Calls => "call",
            Counts::Requests => "request",
        };
        let shared = if self.shared { " at all gateways together" } else { "" };
        format!("{}{each}{shared}, by {}", self.measure.words(what), self.owner)
    }
}

impl Measure {
    fn short(&self) -> String {
        match self {
            Measure::Concurrent(count) => format!("{count} at a time"),
            Measure::Quota { count, unit } => format!("{count} in a calendar {}", unit.word()),
            Measure::Rate { count, unit, .. } => format!("{count}/{}", unit.name()),
        }
    }

    fn words(&self, what: &str) -> String {
        let several = |count: u64| if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") };
        match self {
            Measure::Concurrent(count) => format!("{} at a time", several(*count)),
            Measure::Quota { count, unit } => format!("{} in each {} of UTC", several(*count), unit.word()),
            Measure::Rate { count, unit, .. } => {
                let article = if *unit == Unit::Hour { "an" } else { "a" };
                format!("{} {article} {}", several(*count), unit.word())
            }
        }
    }
}

impl Unit {
    /// All of them.
    pub(crate) const ALL: [Unit; 4] = [Unit::Second, Unit::Minute, Unit::Hour, Unit::Day];

    /// As a document writes it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Unit::Second => "s",
            Unit::Minute => "min",
            Unit::Hour => "h",
            Unit::Day => "day",
        }
    }

    fn word(self) -> &'static str {
        match self {
            Unit::Second => "second",
            Unit::Minute => "minute",
            Unit::Hour => "hour",
            Unit::Day => "day",
        }
    }

    /// How long it is, in milliseconds.
    #[must_use]
    pub fn ms(self) -> u64 {
        match self {
            Unit::Second => 1_000,
            Unit::Minute => 60_000,
            Unit::Hour => 3_600_000,
            Unit::Day => 86_400_000,
        }
    }
}

#[cfg(test)]
mod tests;
