//! What all exchanges of one worker share: the policy in force, the audit outbox, the counts, the clock's last reading.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use engine::{
    Counters, DecisionIds, Exchange, Gauge, Limiter, Moment, Outbox, Outcome, Record, Revision, Share,
};
use prost::Message;
use proto::v1;

use crate::{Tally, line, wire};

/// Most bytes of encoded events that one worker keeps: some 40,000 decisions.
const OUTBOX: usize = 16 * 1024 * 1024;

/// One worker's state. It belongs to one thread, so cells suffice.
#[derive(Debug)]
pub struct Worker {
    /// Name of this worker; unique to its life, it names the producer of audit events too.
    pub name: String,
    /// Decisions that are not stored yet, encoded.
    pub outbox: RefCell<Outbox<Vec<u8>>>,
    /// What happened since it was last told.
    pub tally: Tally,
    revision: RefCell<Option<Rc<Revision>>>,
    /// Of the snapshot that made it; 0 after one that was refused.
    serial: Cell<u64>,
    now_ms: Cell<u64>,
    ids: Cell<DecisionIds>,
    /// What tells this worker from all others.
    seed: u128,
    limiter: Option<Rc<Limiter>>,
}

impl Worker {
    /// A worker of this node without a policy. `seed` has to differ between workers.
    #[must_use]
    pub fn new(node: &str, seed: u128) -> Self {
        Self {
            name: format!("{node}#{:08x}", seed & 0xffff_ffff),
            outbox: RefCell::new(Outbox::new(OUTBOX)),
            tally: Tally::default(),
            revision: RefCell::default(),
            serial: Cell::default(),
            now_ms: Cell::default(),
            ids: Cell::new(DecisionIds::seeded(seed)),
            seed,
            limiter: None,
        }
    }

    /// The same, counting what limits are about in a store it shares with its neighbours. Without one, calls that have a
    /// limit are refused.
    #[must_use]
    pub fn counting_in(self, counters: Box<dyn Counters>) -> Self {
        let holder = u64::try_from(self.seed & u128::from(u64::MAX)).unwrap_or_default();
        Self { limiter: Some(Rc::new(Limiter::new(counters, holder))), ..self }
    }

    /// To be called every few seconds or oftener: what runs here still runs.
    pub fn renew(&self) {
        self.limiter.iter().for_each(|limiter| limiter.renew(self.now_ms.get()));
    }

    /// A new exchange.
    pub fn exchange(&self) -> Exchange {
        let exchange = Exchange::new(self.decision_id());
        match &self.limiter {
            Some(limiter) => exchange.with_limiter(Rc::clone(limiter)),
            None => exchange,
        }
    }

    /// The id of the next decision.
    pub fn decision_id(&self) -> engine::DecisionId {
        let mut ids = self.ids.get();
        let id = ids.next(self.now_ms.get());
        self.ids.set(ids);
        id
    }

    /// Takes the shell's reading of its clock, Unix milliseconds.
    pub fn look_at_clock(&self, now_ms: u64) {
        self.now_ms.set(now_ms);
    }

    /// The last reading.
    pub fn now_ms(&self) -> u64 {
        self.now_ms.get()
    }

    /// What an event of an exchange is judged under.
    pub fn moment(&self) -> Moment {
        let audit = if self.outbox.borrow().is_full() { Gauge::Full } else { Gauge::Open };
        Moment { now_ms: self.now_ms.get(), revision: self.revision(), audit }
    }

    /// The policy in force.
    pub fn revision(&self) -> Option<Rc<Revision>> {
        self.revision.borrow().clone()
    }

    /// Number of the policy in force, 0 where there is none.
    pub fn revision_number(&self) -> u64 {
        self.revision.borrow().as_ref().map_or(0, |revision| revision.rules().revision())
    }

    /// Takes a snapshot whole or not at all: where it is refused, the policy in force stays. Gives the answer to the control
    /// plane, and why it was refused where it was.
    pub fn on_snapshot(&self, bytes: &[u8]) -> (Vec<u8>, Option<String>) {
        let before = self.revision();
        let after = self.serial.take();
        let snapshot = match v1::Snapshot::decode(bytes) {
            Ok(snapshot) => snapshot,
            Err(error) => return self.refused(0, format!("a snapshot does not decode: {error}"), false),
        };
        let (number, serial, is_change) = (snapshot.revision, snapshot.serial, snapshot.key_change.is_some());
        let read = match &snapshot.key_change {
            Some(change) => wire::changed(number, change, before.as_deref(), after),
            None => wire::revision(snapshot, before.as_deref()),
        };
        match read {
            Ok(revision) => {
                self.revision.replace(Some(Rc::new(revision)));
                self.serial.set(serial);
                (wire::ack(number), None)
            }
            Err(error) => self.refused(number, error.to_string(), is_change),
        }
    }

    fn refused(&self, number: u64, reason: String, wants_whole: bool) -> (Vec<u8>, Option<String>) {
        Tally::count(&self.tally.snapshots_refused);
        (wire::nack(number, reason.clone(), wants_whole), Some(reason))
    }

    /// The events after number `sent` as one message, and the number of its last; none where there is none.
    pub fn batch(&self, sent: u64) -> Option<(u64, Vec<u8>)> {
        wire::batch(&self.outbox.borrow(), sent, &self.name)
    }

    /// Takes the control plane's word on what is stored.
    pub fn on_audit_ack(&self, bytes: &[u8]) {
        if let Ok(ack) = v1::AuditAck::decode(bytes) {
            self.outbox.borrow_mut().acknowledge(ack.sequence);
        }
    }

    /// Takes all decisions out of the outbox, one line of JSON each: for a node without a control plane.
    pub fn lines(&self) -> Vec<String> {
        let mut outbox = self.outbox.borrow_mut();
        let events = outbox.after(outbox.acknowledged(), usize::MAX);
        let lines = events.filter_map(|event| v1::AuditEvent::decode(event.as_slice()).ok());
        let lines = lines.map(|event| line::of(&event)).collect();
        let last = outbox.last();
        outbox.acknowledge(last);
        lines
    }

    /// Counts a decision and puts it into the outbox.
    pub fn keep(&self, record: Record) {
        match record.outcome {
            Outcome::Allow => Tally::count(&self.tally.allowed),
            Outcome::Deny => {
                Tally::count(&self.tally.denied);
                self.tally.refuse(record.code);
            }
        }
        let share = if record.subject.is_empty() { Share::Strangers } else { Share::Callers };
        let event = wire::audit_event(record, &self.name);
        let size = event.len();
        if self.outbox.borrow_mut().push(event, size, share).is_err() {
            Tally::count(&self.tally.audit_dropped);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proto::v1::{WatchRequest, watch_request};

    #[test]
    fn a_snapshot_that_cannot_be_read_is_refused_and_counted() {
        let worker = Worker::new("n", 7);
        let (answer, reason) = worker.on_snapshot(b"\xff");
        let answer = WatchRequest::decode(answer.as_slice()).unwrap().message.unwrap();
        let watch_request::Message::Nack(nack) = answer else { panic!("{answer:?}") };
        assert_eq!((Some(nack.reason), worker.revision_number()), (reason, 0));
        assert_eq!(worker.tally.snapshots_refused.get(), 1);
    }

    fn snapshot(serial: u64, document: &str) -> v1::Snapshot {
        let document = document.as_bytes().to_vec();
        let digest = blake3::hash(&document).to_hex().to_string();
        v1::Snapshot { revision: serial, serial, digest, document, ..v1::Snapshot::default() }
    }

    fn change(serial: u64, since: u64, change: &str) -> v1::Snapshot {
        let key_change = Some(v1::KeyChange { since, change: change.into() });
        v1::Snapshot { revision: serial, serial, key_change, ..v1::Snapshot::default() }
    }

    /// What a worker makes of messages: the revision in force, and what it says of the last.
    #[track_caller]
    fn check(messages: &[v1::Snapshot], revision: u64, wants_whole: Option<bool>) {
        let worker = Worker::new("n", 7);
        let mut answer = Vec::new();
        for message in messages {
            answer = worker.on_snapshot(&message.encode_to_vec()).0;
        }
        let said = WatchRequest::decode(answer.as_slice()).unwrap().message.unwrap();
        let refused = match said {
            watch_request::Message::Nack(nack) => Some(nack.wants_whole),
            _ => None,
        };
        assert_eq!((worker.revision_number(), refused), (revision, wants_whole));
    }

    #[test]
    fn a_change_of_keys_needs_the_snapshot_it_comes_after() {
        const GOOD: &str = r#"{"version": 1}"#;
        const NONE: &str = r#"{"removed": ["aaaaaaaaaaaa"]}"#;
        check(&[snapshot(1, GOOD), change(2, 1, NONE), change(3, 2, NONE)], 3, None);
        check(&[change(2, 1, NONE)], 0, Some(true));
        check(&[snapshot(1, GOOD), change(3, 2, NONE)], 1, Some(true));
        check(&[snapshot(1, GOOD), change(2, 1, r#"{"taken": []}"#)], 1, Some(true));
        // After a refusal there is no telling what the next change is about.
        check(&[snapshot(1, GOOD), snapshot(2, "{"), change(3, 1, NONE)], 1, Some(true));
        check(&[snapshot(1, GOOD), change(3, 2, NONE), snapshot(3, GOOD), change(4, 3, NONE)], 4, None);
        check(&[snapshot(1, "{")], 0, Some(false));
    }

    #[test]
    fn without_a_control_plane_decisions_leave_as_lines_and_once() {
        let worker = Worker::new("n", 7);
        worker.keep(Record { subject: "a\"b".to_owned(), code: 4030, ..Record::default() });
        let lines = worker.lines();
        let line: serde_json::Value = serde_json::from_str(&lines[0]).unwrap();
        assert_eq!((lines.len(), &line["subject"], &line["decision"]), (1, &"a\"b".into(), &"denied".into()));
        assert!(worker.lines().is_empty());
        assert_eq!(worker.tally.refused.borrow().get(&4030), Some(&1));
    }

    #[test]
    fn what_is_acknowledged_is_not_sent_again() {
        let worker = Worker::new("n", 7);
        worker.keep(Record::default());
        worker.keep(Record::default());
        assert_eq!(worker.batch(0).unwrap().0, 2);
        assert!(worker.batch(2).is_none());
        worker.on_audit_ack(&v1::AuditAck { sequence: 2 }.encode_to_vec());
        assert!(worker.outbox.borrow().is_empty());
    }
}
