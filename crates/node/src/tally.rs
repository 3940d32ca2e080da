//! What a node has counted since it last told: a host call per decision would cost more than the decision.

use std::cell::Cell;

/// Counts since they were last taken.
#[derive(Debug, Default)]
pub struct Tally {
    /// Decisions that let a request on.
    pub allowed: Cell<u64>,
    /// Decisions that refused one.
    pub denied: Cell<u64>,
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
}
