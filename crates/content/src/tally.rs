//! How many findings of each kind there were: all that leaves this crate about what was found.

use std::fmt;

use crate::kind::Kind;

/// Counts by kind, never values.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    counts: [u32; Kind::ALL.len()],
}

impl Tally {
    /// Counts one more.
    pub fn add(&mut self, kind: Kind) {
        self.add_many(kind, 1);
    }

    /// Counts so many more.
    pub fn add_many(&mut self, kind: Kind, more: u32) {
        if let Some(count) = self.counts.get_mut(kind.index()) {
            *count = count.saturating_add(more);
        }
    }

    /// Counts what another counted.
    pub fn merge(&mut self, other: &Tally) {
        for (mine, theirs) in self.counts.iter_mut().zip(other.counts) {
            *mine = mine.saturating_add(theirs);
        }
    }

    /// How many of a kind.
    #[must_use]
    pub fn count(&self, kind: Kind) -> u32 {
        self.counts.get(kind.index()).copied().unwrap_or_default()
    }

    /// Whether nothing was found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.counts.iter().all(|count| *count == 0)
    }

    /// The kinds that were found, with their counts.
    pub fn iter(&self) -> impl Iterator<Item = (Kind, u32)> {
        Kind::ALL.into_iter().zip(self.counts).filter(|(_, count)| *count > 0)
    }
}

impl fmt::Display for Tally {
    /// `2 email, 1 card`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, (kind, count)) in self.iter().enumerate() {
            let separator = if place == 0 { "" } else { ", " };
            write!(f, "{separator}{count} {kind}")?;
        }
        Ok(())
    }
}
