//! The root context: one per worker. Keeps the two streams to the control plane and makes HTTP contexts.

use std::{rc::Rc, time::Duration};

use prost::Message;
use proto::v1;
use proxy_wasm::{
    traits::{Context, HttpContext, RootContext},
    types::ContextType,
};

use crate::{config::Config, host, http::Http, link::Link, metrics::Metrics, wire, worker::Worker};

/// How often streams are looked after, the outbox is drained and metrics are reported.
const TICK: Duration = Duration::from_millis(50);

/// One worker's root.
pub(crate) struct Root {
    worker: Rc<Worker>,
    config: Option<Config>,
    watch: Link,
    publish: Link,
    metrics: Metrics,
}

impl Default for Root {
    fn default() -> Self {
        Self {
            worker: Rc::default(),
            config: None,
            watch: Link::new("trigate.v1.PolicyService", "Watch"),
            publish: Link::new("trigate.v1.AuditService", "Publish"),
            metrics: Metrics::default(),
        }
    }
}

impl Root {
    fn on_snapshot(&mut self, bytes: &[u8]) {
        let now_ms = self.worker.now_ms();
        let snapshot = match v1::Snapshot::decode(bytes) {
            Ok(snapshot) => snapshot,
            Err(error) => {
                self.refuse_snapshot(0, format!("a snapshot does not decode: {error}"));
                return;
            }
        };
        let number = snapshot.revision;
        match wire::revision(snapshot) {
            Ok(revision) => {
                self.worker.apply(revision);
                self.watch.send(&wire::ack(number), now_ms);
            }
            Err(error) => self.refuse_snapshot(number, error.to_string()),
        }
    }

    /// The policy in force stays; the control plane learns why.
    fn refuse_snapshot(&mut self, revision: u64, reason: String) {
        host::log(&reason);
        let refused = &self.worker.counters.snapshots_refused;
        refused.set(refused.get() + 1);
        self.watch.send(&wire::nack(revision, reason), self.worker.now_ms());
    }

    fn drain_outbox(&mut self) {
        while self.publish.stream().is_some() {
            let Some(batch) = self.worker.outbox.borrow_mut().next_batch() else { return };
            self.publish.send(&batch, self.worker.now_ms());
        }
        // Given up while sending: start over from what was acknowledged.
        self.worker.outbox.borrow_mut().rewind();
    }
}

impl Context for Root {
    fn on_grpc_stream_message(&mut self, token: u32, size: usize) {
        self.worker.look_at_clock();
        let bytes = host::received(size);
        if self.watch.is(token) {
            self.watch.works();
            self.on_snapshot(&bytes);
        } else if self.publish.is(token) {
            self.publish.works();
            if let Ok(ack) = v1::AuditAck::decode(bytes.as_slice()) {
                self.worker.outbox.borrow_mut().acknowledge(ack.sequence);
            }
        }
    }

    fn on_grpc_stream_close(&mut self, token: u32, status: u32) {
        let now_ms = self.worker.now_ms();
        if self.watch.is(token) {
            host::log(&format!(
                "the policy stream ended with gRPC status {status}; the last policy stays in force"
            ));
            self.watch.broke(now_ms);
        } else if self.publish.is(token) {
            self.publish.broke(now_ms);
            self.worker.outbox.borrow_mut().rewind();
        }
    }
}

impl RootContext for Root {
    fn on_configure(&mut self, _size: usize) -> bool {
        match Config::parse(&host::plugin_configuration()) {
            Ok(config) => {
                self.worker.begin(&config.node);
                self.config = Some(config);
                self.metrics = Metrics::define();
                host::tick_every(TICK);
            }
            // Accepted all the same: a filter that refuses its configuration can take the whole listener down. Without
            // a policy it denies everything, which is what a broken configuration deserves.
            Err(error) => host::log(&error.to_string()),
        }
        true
    }

    fn on_tick(&mut self) {
        let Some(config) = &self.config else { return };
        self.worker.look_at_clock();
        let now_ms = self.worker.now_ms();
        if self.watch.open(config, now_ms) {
            let revision = self.worker.revision().map_or(0, |revision| revision.rules().revision());
            self.watch.send(&wire::hello(&self.worker.node(), revision), now_ms);
        }
        if self.watch.stream().is_some() {
            self.worker.confirmed_ms.set(now_ms);
        }
        self.publish.open(config, now_ms);
        self.drain_outbox();
        self.metrics.report(&self.worker);
    }

    fn create_http_context(&self, _id: u32) -> Option<Box<dyn HttpContext>> {
        Some(Box::new(Http::new(Rc::clone(&self.worker))))
    }

    fn get_type(&self) -> Option<ContextType> {
        Some(ContextType::HttpContext)
    }
}
