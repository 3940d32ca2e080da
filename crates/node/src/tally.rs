//! What a node has counted since it last told: a host call per decision would cost more than the decision.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

/// Counts since they were last taken.
#[derive(Debug, Default)]
pub struct Tally {
    /// Decisions that let a request on.
    pub allowed: Cell<u64>,
    /// Decisions that refused one.
    pub denied: Cell<u64>,
    /// The same by the code of the refusal (docs/refusals.md), of which there are some forty.
    pub refused: RefCell<BTreeMap<i32, u64>>,
    /// Microseconds spent on exchanges, of the few that were measured.
    pub spent_us: RefCell<Vec<u64>>,
    /// Snapshots that were not taken.
    pub snapshots_refused: Cell<u64>,
    /// Decisions that were lost because the outbox was full.
    pub audit_dropped: Cell<u64>,
}

impl Tally {
    /// Counts one more.
    pub fn count(counter: &Cell<u64>) {
        counter.set(counter.get() + 1);
    }

    /// Counts one more refusal with this code.
    pub fn refuse(&self, code: i32) {
        *self.refused.borrow_mut().entry(code).or_default() += 1;
    }
}
