//! What all exchanges of one worker share: the policy in force, the audit outbox, the counters, the clock.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use engine::{DecisionId, Gauge, Moment, Outcome, Record, Revision};

use crate::{host, metrics::Counters, outbox::Outbox, wire};

/// An odd number with well-mixed bits: multiples of it differ in their low 80 bits for 2^80 counts.
const STRIDE: u128 = 0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835;

/// One worker's state. A VM has one thread, so cells suffice.
#[derive(Default)]
pub(crate) struct Worker {
    node: RefCell<String>,
    revision: RefCell<Option<Rc<Revision>>>,
    /// When the control plane last confirmed the policy, Unix milliseconds.
    pub(crate) confirmed_ms: Cell<u64>,
    pub(crate) outbox: RefCell<Outbox>,
    pub(crate) counters: Counters,
    now_ms: Cell<u64>,
    next_id: Cell<u128>,
}

impl Worker {
    /// Gives the worker its name and its own sequence of identifiers.
    pub(crate) fn begin(&self, node: &str) {
        let seed = host::entropy();
        self.next_id.set(seed);
        self.node.replace(format!("{node}#{:04x}", seed & 0xffff));
        self.outbox.replace(Outbox::new(format!("{node}#{seed:032x}")));
    }

    pub(crate) fn node(&self) -> String {
        self.node.borrow().clone()
    }

    pub(crate) fn decision_id(&self) -> DecisionId {
        let entropy = self.next_id.get().wrapping_add(STRIDE);
        self.next_id.set(entropy);
        DecisionId::new(self.now_ms.get(), entropy)
    }

    /// Reads the host's clock.
    pub(crate) fn look_at_clock(&self) {
        self.now_ms.set(host::now_ms());
    }

    pub(crate) fn now_ms(&self) -> u64 {
        self.now_ms.get()
    }

    pub(crate) fn moment(&self) -> Moment {
        let audit = if self.outbox.borrow().is_full() { Gauge::Full } else { Gauge::Open };
        Moment { now_ms: self.now_ms.get(), revision: self.revision.borrow().clone(), audit }
    }

    pub(crate) fn revision(&self) -> Option<Rc<Revision>> {
        self.revision.borrow().clone()
    }

    /// The new policy, for every event from now on.
    pub(crate) fn apply(&self, revision: Revision) {
        self.revision.replace(Some(Rc::new(revision)));
    }

    /// Counts a decision and puts it into the outbox.
    pub(crate) fn keep(&self, record: Record) {
        match record.outcome {
            Outcome::Allow => self.counters.allowed.set(self.counters.allowed.get() + 1),
            Outcome::Deny => self.counters.denied.set(self.counters.denied.get() + 1),
        }
        let event = wire::audit_event(record, &self.node.borrow());
        self.outbox.borrow_mut().push(&event);
    }
}
