//! What an expression may come to, as a set: of truth values for the rules, of kinds of value inside expressions.

/// Kinds of value an expression may have, as far as it is known. More than one only where a fact is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Outcomes(u16);

impl Outcomes {
    /// Nothing at all.
    pub(crate) const NONE: Outcomes = Outcomes(0);
    pub(crate) const TRUE: Outcomes = Outcomes(1);
    pub(crate) const FALSE: Outcomes = Outcomes(1 << 1);
    /// It cannot be evaluated.
    pub(crate) const ERROR: Outcomes = Outcomes(1 << 2);
    pub(crate) const NULL: Outcomes = Outcomes(1 << 3);
    pub(crate) const NUMBER: Outcomes = Outcomes(1 << 4);
    pub(crate) const TEXT: Outcomes = Outcomes(1 << 5);
    pub(crate) const LIST: Outcomes = Outcomes(1 << 6);
    pub(crate) const MAP: Outcomes = Outcomes(1 << 7);
    /// True, false, or no value at all.
    pub(crate) const ANY_TRUTH: Outcomes = Outcomes(0b111);
    /// True or false.
    pub(crate) const BOOLEAN: Outcomes = Outcomes(0b11);
    /// Whatever a member of a JSON object may be, absent included.
    pub(crate) const ANY: Outcomes = Outcomes(0xff);

    pub(crate) const fn or(self, other: Outcomes) -> Outcomes {
        Outcomes(self.0 | other.0)
    }

    pub(crate) const fn meets(self, other: Outcomes) -> bool {
        self.0 & other.0 != 0
    }

    /// What is in both.
    pub(crate) const fn within(self, other: Outcomes) -> Outcomes {
        Outcomes(self.0 & other.0)
    }

    /// What is in this set alone.
    pub(crate) const fn without(self, other: Outcomes) -> Outcomes {
        Outcomes(self.0 & !other.0)
    }

    pub(crate) const fn may_be_true(self) -> bool {
        self.meets(Outcomes::TRUE)
    }

    pub(crate) const fn may_be_false(self) -> bool {
        self.meets(Outcomes::FALSE)
    }

    pub(crate) const fn may_fail(self) -> bool {
        self.meets(Outcomes::ERROR)
    }

    /// As a truth value: what is neither true nor false is an error.
    pub(crate) const fn truth(self) -> Outcomes {
        let others = self.without(Outcomes::BOOLEAN);
        if others.0 == 0 { self } else { self.within(Outcomes::BOOLEAN).or(Outcomes::ERROR) }
    }

    /// Both are true. False wins over an error, whichever side it stands on.
    pub(crate) const fn and(self, other: Outcomes) -> Outcomes {
        let mut both = Outcomes(0);
        if self.may_be_false() || other.may_be_false() {
            both = both.or(Outcomes::FALSE);
        }
        if self.may_be_true() && other.may_be_true() {
            both = both.or(Outcomes::TRUE);
        }
        let holds = Outcomes::TRUE.or(Outcomes::ERROR);
        if (self.may_fail() && other.meets(holds)) || (other.may_fail() && self.meets(holds)) {
            both = both.or(Outcomes::ERROR);
        }
        both
    }

    pub(crate) const fn not(self) -> Outcomes {
        let mut turned = self.within(Outcomes::ERROR);
        if self.may_be_true() {
            turned = turned.or(Outcomes::FALSE);
        }
        if self.may_be_false() {
            turned = turned.or(Outcomes::TRUE);
        }
        turned
    }

    pub(crate) const fn of(truth: bool) -> Outcomes {
        if truth { Outcomes::TRUE } else { Outcomes::FALSE }
    }
}
