//! What all exchanges of one worker share: the policy in force, the audit outbox, the counters, the clock.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use engine::{DecisionId, DecisionIds, Gauge, Moment, Outbox, Outcome, Record, Revision, Share};

use crate::{host, metrics::Counters, wire};

/// Most bytes of encoded events that one worker keeps: some 40,000 decisions.
const OUTBOX: usize = 16 * 1024 * 1024;

/// One worker's state. A VM has one thread, so cells suffice.
pub(crate) struct Worker {
    /// Name of this worker; unique to the life of its VM, it names the producer of audit events too.
    pub(crate) node: String,
    pub(crate) outbox: RefCell<Outbox<Vec<u8>>>,
    pub(crate) counters: Counters,
    revision: RefCell<Option<Rc<Revision>>>,
    now_ms: Cell<u64>,
    ids: Cell<DecisionIds>,
}

impl Worker {
    pub(crate) fn new(node: &str) -> Self {
        let seed = host::entropy();
        Self {
            node: format!("{node}#{:08x}", seed & 0xffff_ffff),
            outbox: RefCell::new(Outbox::new(OUTBOX)),
            counters: Counters::default(),
            revision: RefCell::default(),
            now_ms: Cell::default(),
            ids: Cell::new(DecisionIds::seeded(seed)),
        }
    }

    pub(crate) fn decision_id(&self) -> DecisionId {
        let mut ids = self.ids.get();
        let id = ids.next(self.now_ms.get());
        self.ids.set(ids);
        id
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
        Moment { now_ms: self.now_ms.get(), revision: self.revision(), audit }
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
            Outcome::Allow => Counters::count(&self.counters.allowed),
            Outcome::Deny => Counters::count(&self.counters.denied),
        }
        let share = if record.subject.is_empty() { Share::Strangers } else { Share::Callers };
        let event = wire::audit_event(record, &self.node);
        let size = event.len();
        if self.outbox.borrow_mut().push(event, size, share).is_err() {
            Counters::count(&self.counters.audit_dropped);
        }
    }
}
