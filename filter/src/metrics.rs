//! The filter's own metrics. They are counted in the VM and handed to the host once per tick: a host call per decision
//! would cost more than the decision.

use std::cell::Cell;

use node::{Tally, Worker};

use crate::host;

const COUNTERS: [&str; 4] = [
    "trigate.decisions_allowed",
    "trigate.decisions_denied",
    "trigate.snapshots_refused",
    "trigate.audit_dropped",
];

const GAUGES: [&str; 3] = ["trigate.policy_revision", "trigate.policy_age_seconds", "trigate.audit_buffered"];

/// The host's handles, in the order of the names above.
pub(crate) struct Metrics {
    counters: [Option<u32>; COUNTERS.len()],
    gauges: [Option<u32>; GAUGES.len()],
}

impl Metrics {
    /// Defines the metrics with the host.
    pub(crate) fn define() -> Self {
        Self { counters: COUNTERS.map(host::counter), gauges: GAUGES.map(host::gauge) }
    }

    /// Hands over what has changed; `policy_age_ms` counts from the last word of the control plane.
    pub(crate) fn report(&self, worker: &Worker, policy_age_ms: u64) {
        let Tally { allowed, denied, snapshots_refused, audit_dropped } = &worker.tally;
        let counted = [allowed, denied, snapshots_refused, audit_dropped].map(Cell::take);
        for (metric, count) in self.counters.iter().zip(counted).filter(|(_, count)| *count > 0) {
            host::add(*metric, count);
        }
        let levels = [worker.revision_number(), policy_age_ms / 1000, worker.outbox.borrow().len() as u64];
        for (metric, level) in self.gauges.iter().zip(levels) {
            host::set(*metric, level);
        }
    }
}
