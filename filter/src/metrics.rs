//! The filter's own metrics. They are counted in the VM and handed to the host once per tick: a host call per decision
//! would cost more than the decision.

use std::cell::Cell;
use std::collections::BTreeMap;

use node::{Tally, Worker};

use crate::host;

const COUNTERS: [&str; 4] = [
    "trigate.decisions_allowed",
    "trigate.decisions_denied",
    "trigate.snapshots_refused",
    "trigate.audit_dropped",
];

const GAUGES: [&str; 3] = ["trigate.policy_revision", "trigate.policy_age_seconds", "trigate.audit_buffered"];

/// Microseconds spent on an exchange, all its callbacks together.
const SPENT: &str = "trigate.spent_us";
/// Refusals with one code; it follows.
const REFUSED: &str = "trigate.refused.";

/// The host's handles, in the order of the names above.
pub(crate) struct Metrics {
    spent: Option<u32>,
    /// Defined when the code first occurs: a scrape need not show those that never do.
    refused: BTreeMap<i32, Option<u32>>,
    counters: [Option<u32>; COUNTERS.len()],
    gauges: [Option<u32>; GAUGES.len()],
}

impl Metrics {
    /// Defines the metrics with the host.
    pub(crate) fn define() -> Self {
        Self {
            spent: host::histogram(SPENT),
            refused: BTreeMap::new(),
            counters: COUNTERS.map(host::counter),
            gauges: GAUGES.map(host::gauge),
        }
    }

    /// Hands over what has changed; `policy_age_ms` counts from the last word of the control plane.
    pub(crate) fn report(&mut self, worker: &Worker, policy_age_ms: u64) {
        let Tally { allowed, denied, refused, spent_us, snapshots_refused, audit_dropped } = &worker.tally;
        for (code, count) in refused.take() {
            let metric = *self
                .refused
                .entry(code)
                .or_insert_with(|| host::counter(&format!("{REFUSED}{}", name(code))));
            host::add(metric, count);
        }
        spent_us.take().into_iter().for_each(|spent| host::set(self.spent, spent));
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

/// A code as part of a metric's name, which has no minus: `-32600` is `m32600`.
fn name(code: i32) -> String {
    code.to_string().replace('-', "m")
}
