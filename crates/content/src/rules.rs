//! What is to be done with findings: one mode for each kind.

use crate::kind::{Group, Kind};

/// What is done with a finding.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
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
