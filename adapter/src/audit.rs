//! Delivers decisions to the control plane, at least once and with bounded memory.
//!
//! Events wait in an [`Outbox`] until they are acknowledged; when the stream breaks, what was not acknowledged is sent
//! again, and the store drops what it has. A full outbox drops new events and counts them; whether calls are refused
//! instead is policy, asked through [`Publisher::is_full`] before anything runs.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use engine::{Dropped, Outbox, Share};
use prost::Message as _;
use proto::v1::audit_service_client::AuditServiceClient;
use proto::v1::{AuditAck, AuditBatch, AuditEvent};
use tokio::sync::{Notify, mpsc};
use tokio_stream::{StreamExt as _, wrappers::ReceiverStream};

use crate::backoff::Backoff;
use crate::transport::Transport;

/// Bytes of events held while the control plane is away.
const CAPACITY: usize = 32 * 1024 * 1024;
/// Bytes of events in one message.
const BATCH: usize = 512 * 1024;
/// How long events gather before they are sent: the store commits once per message, however many are in it.
const GATHER: Duration = Duration::from_millis(10);

/// Takes events and delivers them in the background.
#[derive(Clone)]
pub(crate) struct Publisher(Arc<Shared>);

struct Shared {
    producer: String,
    outbox: Mutex<Outbox<AuditEvent>>,
    grown: Notify,
    drained: Notify,
}

impl Publisher {
    /// A publisher with a name of its own: sequence numbers begin anew with each process.
    pub(crate) fn new(producer: String) -> Self {
        Self(Arc::new(Shared {
            producer,
            outbox: Mutex::new(Outbox::new(CAPACITY)),
            grown: Notify::new(),
            drained: Notify::new(),
        }))
    }

    /// Adds an event, or counts it as dropped where there is no room.
    pub(crate) fn publish(&self, event: AuditEvent) {
        let size = event.encoded_len();
        let share = if event.subject.is_empty() { Share::Strangers } else { Share::Callers };
        match self.0.with(|outbox| outbox.push(event, size, share)) {
            Ok(()) => self.0.grown.notify_one(),
            // Powers of two only: an outage must not flood the log.
            Err(Dropped(dropped)) if dropped.is_power_of_two() => {
                tracing::warn!(dropped, "the audit outbox is full: events are dropped");
            }
            Err(Dropped(_)) => {}
        }
    }

    /// Whether the next event would be dropped.
    pub(crate) fn is_full(&self) -> bool {
        self.0.with(|outbox| outbox.is_full())
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
                if self.0.with(|outbox| outbox.is_empty()) {
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
    fn with<T>(&self, act: impl FnOnce(&mut Outbox<AuditEvent>) -> T) -> T {
        act(&mut self.outbox.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// One stream, from what is not acknowledged onwards.
    async fn stream(&self, transport: Transport, backoff: &mut Backoff) -> Result<(), tonic::Status> {
        // Nothing to say, no stream: a control plane without events to take needs no connection.
        self.wait_beyond(self.with(|outbox| outbox.acknowledged())).await;
        let (sender, receiver) = mpsc::channel::<AuditBatch>(4);
        let mut client = AuditServiceClient::new(transport);
        let opened = client.publish(ReceiverStream::new(receiver));
        let deliver = async {
            let mut sent = self.with(|outbox| outbox.acknowledged());
            loop {
                self.wait_beyond(sent).await;
                tokio::time::sleep(GATHER).await;
                let batch = self.with(|outbox| batch(outbox, sent, &self.producer));
                sent = batch.first_sequence - 1 + batch.events.len() as u64;
                if sender.send(batch).await.is_err() {
                    return Ok(());
                }
            }
        };
        let take_acks = async {
            let mut acks = opened.await?.into_inner();
            while let Some(AuditAck { sequence }) = acks.next().await.transpose()? {
                self.with(|outbox| outbox.acknowledge(sequence));
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
            if self.with(|outbox| outbox.last() > sent) {
                return;
            }
            grown.await;
        }
    }
}

fn batch(outbox: &Outbox<AuditEvent>, sent: u64, producer: &str) -> AuditBatch {
    AuditBatch {
        producer: producer.to_owned(),
        first_sequence: sent.max(outbox.acknowledged()) + 1,
        events: outbox.after(sent, BATCH).cloned().collect(),
        dropped: outbox.dropped(),
    }
}
