//! The audit outbox: every decision, numbered, kept until the control plane has stored it, in bounded memory.

use std::collections::VecDeque;

use prost::Message;
use proto::v1::{AuditBatch, AuditEvent};

/// Most bytes of encoded events that one worker keeps: some 40,000 decisions.
const CAPACITY: usize = 16 * 1024 * 1024;

/// Most bytes of one batch; gRPC servers refuse messages over 4 MiB by default.
const BATCH: usize = 512 * 1024;

/// Key of `AuditBatch.events`: field 3, length-delimited.
const EVENTS_KEY: u8 = 3 << 3 | 2;

/// Events that are not acknowledged yet, oldest first.
#[derive(Default)]
pub(crate) struct Outbox {
    producer: String,
    /// Encoded once, when they happen.
    events: VecDeque<Vec<u8>>,
    bytes: usize,
    /// Sequence number of `events[0]`.
    first: u64,
    /// How many of `events` were sent on the stream that is open now.
    sent: usize,
    dropped: u64,
}

impl Outbox {
    pub(crate) fn new(producer: String) -> Self {
        Self { producer, first: 1, ..Self::default() }
    }

    pub(crate) fn len(&self) -> usize {
        self.events.len()
    }

    /// Events lost because there was no room.
    pub(crate) const fn dropped(&self) -> u64 {
        self.dropped
    }

    pub(crate) const fn is_full(&self) -> bool {
        self.bytes >= CAPACITY
    }

    /// Takes an event, or counts it as dropped where there is no room.
    pub(crate) fn push(&mut self, event: &AuditEvent) {
        if self.is_full() {
            self.dropped += 1;
            return;
        }
        let event = event.encode_to_vec();
        self.bytes += event.len();
        self.events.push_back(event);
    }

    /// The next batch that the open stream has not carried yet, encoded.
    pub(crate) fn next_batch(&mut self) -> Option<Vec<u8>> {
        let mut waiting = self.events.iter().skip(self.sent).peekable();
        waiting.peek()?;
        let head = AuditBatch {
            producer: self.producer.clone(),
            first_sequence: self.first + self.sent as u64,
            events: Vec::new(),
            dropped: self.dropped,
        };
        // Encoded messages concatenate (protobuf encoding, "last one wins" and repeated fields append).
        let mut batch = head.encode_to_vec();
        let mut count = 0;
        for event in waiting {
            if count > 0 && batch.len() + event.len() > BATCH {
                break;
            }
            batch.push(EVENTS_KEY);
            prost::encode_length_delimiter(event.len(), &mut batch).ok()?;
            batch.extend_from_slice(event);
            count += 1;
        }
        self.sent += count;
        Some(batch)
    }

    /// Everything up to this number is stored.
    pub(crate) fn acknowledge(&mut self, sequence: u64) {
        while self.first <= sequence {
            let Some(event) = self.events.pop_front() else { return };
            self.bytes -= event.len();
            self.first += 1;
            self.sent = self.sent.saturating_sub(1);
        }
    }

    /// The stream broke: what was not acknowledged is sent again.
    pub(crate) const fn rewind(&mut self) {
        self.sent = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(name: &str) -> AuditEvent {
        AuditEvent { name: name.to_owned(), ..AuditEvent::default() }
    }

    fn outbox(names: &[&str]) -> Outbox {
        let mut outbox = Outbox::new("p".to_owned());
        names.iter().for_each(|name| outbox.push(&event(name)));
        outbox
    }

    fn names(batch: &[u8]) -> (u64, Vec<String>) {
        let batch = AuditBatch::decode(batch).unwrap();
        (batch.first_sequence, batch.events.into_iter().map(|event| event.name).collect())
    }

    #[test]
    fn a_batch_decodes_to_what_was_pushed() {
        let mut outbox = outbox(&["a", "b"]);
        let batch = outbox.next_batch().unwrap();
        assert_eq!(names(&batch), (1, vec!["a".to_owned(), "b".to_owned()]));
        assert!(outbox.next_batch().is_none());
    }

    #[test]
    fn what_is_not_acknowledged_is_sent_again_with_its_number() {
        let mut outbox = outbox(&["a", "b", "c"]);
        outbox.next_batch();
        outbox.acknowledge(2);
        outbox.rewind();
        assert_eq!(names(&outbox.next_batch().unwrap()), (3, vec!["c".to_owned()]));
    }

    #[test]
    fn memory_is_bounded_and_losses_are_counted() {
        let mut outbox = Outbox::new("p".to_owned());
        let big = event(&"x".repeat(1024 * 1024));
        (0..20).for_each(|_| outbox.push(&big));
        assert!(outbox.is_full());
        assert_eq!((outbox.len(), outbox.dropped()), (16, 4));
    }

    #[test]
    fn a_batch_is_bounded() {
        let mut outbox = Outbox::new("p".to_owned());
        let event = event(&"x".repeat(300 * 1024));
        (0..3).for_each(|_| outbox.push(&event));
        assert_eq!(names(&outbox.next_batch().unwrap()).1.len(), 1);
        assert_eq!(names(&outbox.next_batch().unwrap()).0, 2);
    }
}
