//! The filter's own metrics. They are counted in the VM and handed to the host once per tick: a host call per decision
//! would cost more than the decision.

use std::cell::Cell;

use crate::{host, worker::Worker};

/// Counts since the last tick.
#[derive(Default)]
pub(crate) struct Counters {
    pub(crate) allowed: Cell<u64>,
    pub(crate) denied: Cell<u64>,
    pub(crate) snapshots_refused: Cell<u64>,
}

/// The host's handles.
#[derive(Default)]
pub(crate) struct Metrics {
    allowed: Option<u32>,
    denied: Option<u32>,
    snapshots_refused: Option<u32>,
    policy_revision: Option<u32>,
    policy_age_seconds: Option<u32>,
    audit_buffered: Option<u32>,
    audit_dropped: Option<u32>,
    reported_dropped: u64,
}

impl Metrics {
    /// Defines the metrics with the host.
    pub(crate) fn define() -> Self {
        Self {
            allowed: host::counter("trigate.decisions_allowed"),
            denied: host::counter("trigate.decisions_denied"),
            snapshots_refused: host::counter("trigate.snapshots_refused"),
            policy_revision: host::gauge("trigate.policy_revision"),
            policy_age_seconds: host::gauge("trigate.policy_age_seconds"),
            audit_buffered: host::gauge("trigate.audit_buffered"),
            audit_dropped: host::counter("trigate.audit_dropped"),
            reported_dropped: 0,
        }
    }

    /// Hands over what has changed. The age counts from the last word of the control plane: it stays near zero while
    /// the stream is up.
    pub(crate) fn report(&mut self, worker: &Worker) {
        let count = |metric: Option<u32>, cell: &Cell<u64>| {
            let value = cell.take();
            if let (Some(metric), 1..) = (metric, value) {
                host::add(metric, value);
            }
        };
        count(self.allowed, &worker.counters.allowed);
        count(self.denied, &worker.counters.denied);
        count(self.snapshots_refused, &worker.counters.snapshots_refused);
        let gauge = |metric: Option<u32>, value: u64| {
            if let Some(metric) = metric {
                host::set(metric, value);
            }
        };
        if let Some(revision) = worker.revision() {
            gauge(self.policy_revision, revision.rules().revision());
            gauge(self.policy_age_seconds, worker.now_ms().saturating_sub(worker.confirmed_ms.get()) / 1000);
        }
        let outbox = worker.outbox.borrow();
        gauge(self.audit_buffered, outbox.len() as u64);
        let dropped = outbox.dropped();
        if let (Some(metric), 1..) = (self.audit_dropped, dropped - self.reported_dropped) {
            host::add(metric, dropped - self.reported_dropped);
            self.reported_dropped = dropped;
        }
    }
}
