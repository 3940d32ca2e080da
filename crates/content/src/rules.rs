//! What is to be done with findings: one mode for each kind.

use serde::{Deserialize, Serialize};

use crate::kind::{Group, Kind};

/// What is done with a finding, the milder first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// It is not looked for.
    #[default]
    Ignore,
    /// It is counted and goes on.
    Observe,
    /// It is replaced by its kind.
    Redact,
    /// The message does not go on.
    Refuse,
}

impl Mode {
    /// The name in documents and records.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Mode::Ignore => "ignore",
            Mode::Observe => "observe",
            Mode::Redact => "redact",
            Mode::Refuse => "refuse",
        }
    }
}

/// The modes of all kinds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rules {
    modes: [Mode; Kind::ALL.len()],
}

impl Rules {
    /// One mode for each group.
    #[must_use]
    pub fn of(secrets: Mode, personal: Mode) -> Rules {
        let modes = Kind::ALL.map(|kind| match kind.group() {
            Group::Personal => personal,
            Group::Secrets => secrets,
        });
        Rules { modes }
    }

    /// The same, with another mode for one kind.
    #[must_use]
    pub fn with(mut self, kind: Kind, mode: Mode) -> Rules {
        if let Some(place) = self.modes.get_mut(kind.index()) {
            *place = mode;
        }
        self
    }

    /// What is done with findings of a kind.
    #[must_use]
    pub fn mode(&self, kind: Kind) -> Mode {
        self.modes.get(kind.index()).copied().unwrap_or_default()
    }

    /// Of every kind, the stricter mode of the two.
    #[must_use]
    pub fn strictest(self, other: Rules) -> Rules {
        Kind::ALL
            .into_iter()
            .fold(self, |rules, kind| rules.with(kind, rules.mode(kind).max(other.mode(kind))))
    }

    /// No mode stricter than this one.
    #[must_use]
    pub fn at_most(self, mode: Mode) -> Rules {
        Rules { modes: self.modes.map(|one| one.min(mode)) }
    }

    /// What would be redacted is refused: for what must not be changed.
    #[must_use]
    pub fn without_redaction(self) -> Rules {
        Rules { modes: self.modes.map(|mode| if mode == Mode::Redact { Mode::Refuse } else { mode }) }
    }

    /// Whether nothing is looked for.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.wanted() == 0
    }

    /// The kinds that are looked for, one bit each.
    pub(crate) fn wanted(&self) -> u32 {
        let wanted = Kind::ALL.into_iter().filter(|kind| self.mode(*kind) != Mode::Ignore);
        wanted.fold(0, |set, kind| set | kind.bit())
    }
}
