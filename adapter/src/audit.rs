//! Delivers decisions to the control plane, at least once and with bounded memory.
//!
//! Events are numbered from 1 and kept until they are acknowledged; when the stream breaks, what was not acknowledged is
//! sent again, and the store drops what it has. A full buffer drops new events and counts them; whether calls are
//! refused instead is policy, asked through [`Publisher::is_full`] before anything runs.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use proto::v1::audit_service_client::AuditServiceClient;
use proto::v1::{AuditAck, AuditBatch, AuditEvent};
use tokio::sync::{Notify, mpsc};
use tokio_stream::{StreamExt as _, wrappers::ReceiverStream};

use crate::backoff::Backoff;
use crate::transport::Transport;

/// Events held while the control plane is away.
const CAPACITY: usize = 20_000;
/// Events in one message.
const BATCH: usize = 256;

/// Takes events and delivers them in the background.
#[derive(Clone)]
pub(crate) struct Publisher(Arc<Shared>);

struct Shared {
    producer: String,
    buffer: Mutex<Buffer>,
    grown: Notify,
    drained: Notify,
}

#[derive(Default)]
struct Buffer {
    /// Number of the first event in `events`, less one: everything up to it is stored.
    acknowledged: u64,
    events: VecDeque<AuditEvent>,
    dropped: u64,
}

impl Publisher {
    /// A publisher with a name of its own: sequence numbers begin anew with each process.
    pub(crate) fn new(producer: String) -> Self {
        Self(Arc::new(Shared {
            producer,
            buffer: Mutex::default(),
            grown: Notify::new(),
            drained: Notify::new(),
        }))
    }

    /// Adds an event, or counts it as dropped where there is no room.
    pub(crate) fn publish(&self, event: AuditEvent) {
        let dropped = self.0.with(|buffer| buffer.push(event));
        if let Some(dropped) = dropped {
            // Powers of two only: an outage must not flood the log.
            if dropped.is_power_of_two() {
                tracing::warn!(dropped, "audit buffer is full: events are dropped");
            }
        } else {
            self.0.grown.notify_one();
        }
    }

    /// Whether the next event would be dropped.
    pub(crate) fn is_full(&self) -> bool {
        self.0.with(|buffer| buffer.events.len() >= CAPACITY)
    }

    /// Delivers for as long as it is polled.
    pub(crate) async fn run(self, transport: Transport) {
        let mut backoff = Backoff::default();
        loop {
            match self.0.stream(transport.clone(), &mut backoff).await {
                Ok(()) => tracing::debug!("audit stream ended"),
                Err(status) => tracing::warn!(reason = status.message(), "audit stream broke"),
            }
            backoff.wait().await;
        }
    }

    /// Resolves once everything published so far is stored, or the time is over.
    pub(crate) async fn drain(&self, within: Duration) {
        let empty = async {
            loop {
                let drained = self.0.drained.notified();
                if self.0.with(|buffer| buffer.events.is_empty()) {
                    return;
                }
                drained.await;
            }
        };
        if tokio::time::timeout(within, empty).await.is_err() {
            tracing::warn!("stopped before all audit events were acknowledged");
        }
    }
}

impl Shared {
    fn with<T>(&self, act: impl FnOnce(&mut Buffer) -> T) -> T {
        act(&mut self.buffer.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// One stream, from what is not acknowledged onwards.
    async fn stream(&self, transport: Transport, backoff: &mut Backoff) -> Result<(), tonic::Status> {
        // Nothing to say, no stream: a control plane without events to take needs no connection.
        self.wait_beyond(self.with(|buffer| buffer.acknowledged)).await;
        let (sender, receiver) = mpsc::channel::<AuditBatch>(4);
        let mut client = AuditServiceClient::new(transport);
        let opened = client.publish(ReceiverStream::new(receiver));
        let deliver = async {
            let mut sent = self.with(|buffer| buffer.acknowledged);
            loop {
                self.wait_beyond(sent).await;
                let batch = self.with(|buffer| buffer.batch_after(sent, &self.producer));
                sent += batch.events.len() as u64;
                if sender.send(batch).await.is_err() {
                    return Ok(());
                }
            }
        };
        let take_acks = async {
            let mut acks = opened.await?.into_inner();
            while let Some(AuditAck { sequence }) = acks.next().await.transpose()? {
                self.with(|buffer| buffer.acknowledge(sequence));
                self.drained.notify_waiters();
                backoff.reset();
            }
            Ok(())
        };
        tokio::select! { end = deliver => end, end = take_acks => end }
    }

    /// Resolves when there is an event with a number above `sent`.
    async fn wait_beyond(&self, sent: u64) {
        loop {
            let grown = self.grown.notified();
            if self.with(|buffer| buffer.last() > sent) {
                return;
            }
            grown.await;
        }
    }
}

impl Buffer {
    /// The number of dropped events where this one was dropped too.
    fn push(&mut self, event: AuditEvent) -> Option<u64> {
        if self.events.len() >= CAPACITY {
            self.dropped += 1;
            return Some(self.dropped);
        }
        self.events.push_back(event);
        None
    }

    fn last(&self) -> u64 {
        self.acknowledged + self.events.len() as u64
    }

    fn batch_after(&self, sent: u64, producer: &str) -> AuditBatch {
        let skip = usize::try_from(sent.saturating_sub(self.acknowledged)).unwrap_or(usize::MAX);
        AuditBatch {
            producer: producer.to_owned(),
            first_sequence: sent.max(self.acknowledged) + 1,
            events: self.events.iter().skip(skip).take(BATCH).cloned().collect(),
            dropped: self.dropped,
        }
    }

    fn acknowledge(&mut self, sequence: u64) {
        let stored = sequence.min(self.last()).saturating_sub(self.acknowledged);
        self.acknowledged += stored;
        self.events.drain(..usize::try_from(stored).unwrap_or(self.events.len()).min(self.events.len()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(name: &str) -> AuditEvent {
        AuditEvent { name: name.into(), ..AuditEvent::default() }
    }

    fn buffer(names: &[&str]) -> Buffer {
        let mut buffer = Buffer::default();
        for name in names {
            assert_eq!(buffer.push(event(name)), None);
        }
        buffer
    }

    #[track_caller]
    fn check(batch: &AuditBatch, first_sequence: u64, names: &[&str]) {
        assert_eq!(batch.first_sequence, first_sequence);
        assert_eq!(batch.events.iter().map(|event| event.name.as_str()).collect::<Vec<_>>(), names);
    }

    #[test]
    fn what_is_not_acknowledged_is_sent_again_under_its_number() {
        let mut buffer = buffer(&["a", "b", "c"]);
        check(&buffer.batch_after(0, "p"), 1, &["a", "b", "c"]);
        buffer.acknowledge(2);
        check(&buffer.batch_after(2, "p"), 3, &["c"]);
    }

    #[test]
    fn an_acknowledgement_of_more_than_was_sent_takes_nothing_more() {
        let mut buffer = buffer(&["a"]);
        buffer.acknowledge(9);
        assert_eq!(buffer.last(), 1);
        buffer.push(event("b"));
        check(&buffer.batch_after(1, "p"), 2, &["b"]);
    }

    #[test]
    fn a_full_buffer_drops_and_counts() {
        let mut buffer = Buffer::default();
        for _ in 0..CAPACITY {
            assert_eq!(buffer.push(event("x")), None);
        }
        assert_eq!(buffer.push(event("y")), Some(1));
        assert_eq!(buffer.batch_after(0, "p").dropped, 1);
    }
}
