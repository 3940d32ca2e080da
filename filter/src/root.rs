//! The root context: one per worker. Keeps the two streams to the control plane and makes HTTP contexts.

use std::{rc::Rc, time::Duration};

use prost::Message;
use proto::v1;
use proxy_wasm::{
    traits::{Context, HttpContext, RootContext},
    types::ContextType,
};

use crate::{
    config::Config,
    host,
    http::Http,
    link::Link,
    metrics::{Counters, Metrics},
    wire,
    worker::Worker,
};

/// How often streams are looked after, the outbox is drained and metrics are reported.
const TICK: Duration = Duration::from_millis(50);

/// One worker's root, before and after it has a configuration.
#[derive(Default)]
pub(crate) struct Root(Option<Node>);

/// A configured worker.
struct Node {
    worker: Rc<Worker>,
    config: Config,
    watch: Link,
    publish: Link,
    /// When the control plane last was there, Unix milliseconds.
    confirmed_ms: u64,
    /// Number of the last event that the open stream has carried.
    sent: u64,
    metrics: Metrics,
}

impl Node {
    fn new(config: Config) -> Self {
        Self {
            worker: Rc::new(Worker::new(&config.node)),
            config,
            watch: Link::new("trigate.v1.PolicyService", "Watch"),
            publish: Link::new("trigate.v1.AuditService", "Publish"),
            confirmed_ms: 0,
            sent: 0,
            metrics: Metrics::define(),
        }
    }

    fn tick(&mut self) {
        self.worker.look_at_clock();
        let now_ms = self.worker.now_ms();
        if self.watch.open(&self.config, now_ms) {
            let revision = self.worker.revision().map_or(0, |revision| revision.rules().revision());
            self.watch.send(&wire::hello(&self.worker.node, revision), now_ms);
        }
        if self.watch.is_open() {
            self.confirmed_ms = now_ms;
        }
        if self.publish.open(&self.config, now_ms) {
            self.sent = 0;
        }
        while self.publish.is_open() {
            let batch = wire::batch(&self.worker.outbox.borrow(), self.sent, &self.worker.node);
            let Some((last, message)) = batch else { break };
            self.publish.send(&message, now_ms);
            self.sent = last;
        }
        self.metrics.report(&self.worker, now_ms.saturating_sub(self.confirmed_ms));
    }

    fn on_message(&mut self, stream: u32, bytes: &[u8]) {
        self.worker.look_at_clock();
        if self.watch.is(stream) {
            self.watch.works();
            self.on_snapshot(bytes);
        } else if self.publish.is(stream) {
            self.publish.works();
            if let Ok(ack) = v1::AuditAck::decode(bytes) {
                self.worker.outbox.borrow_mut().acknowledge(ack.sequence);
            }
        }
    }

    /// Takes a snapshot whole or not at all: the policy in force stays, and the control plane learns why.
    fn on_snapshot(&mut self, bytes: &[u8]) {
        let before = self.worker.revision();
        let (number, read) = match v1::Snapshot::decode(bytes) {
            Ok(snapshot) => {
                let number = snapshot.revision;
                (number, wire::revision(snapshot, before.as_deref()).map_err(|error| error.to_string()))
            }
            Err(error) => (0, Err(format!("a snapshot does not decode: {error}"))),
        };
        let answer = match read {
            Ok(revision) => {
                self.worker.apply(revision);
                wire::ack(number)
            }
            Err(reason) => {
                host::log(&reason);
                Counters::count(&self.worker.counters.snapshots_refused);
                wire::nack(number, reason)
            }
        };
        self.watch.send(&answer, self.worker.now_ms());
    }

    fn on_close(&mut self, stream: u32, status: u32) {
        let now_ms = self.worker.now_ms();
        if self.watch.is(stream) {
            host::log(&format!(
                "the policy stream ended with gRPC status {status}; the last policy stays in force"
            ));
            self.watch.broke(now_ms);
        } else if self.publish.is(stream) {
            self.publish.broke(now_ms);
        }
    }
}

impl Context for Root {
    fn on_grpc_stream_message(&mut self, stream: u32, size: usize) {
        let bytes = host::received(size);
        if let Some(node) = &mut self.0 {
            node.on_message(stream, &bytes);
        }
    }

    fn on_grpc_stream_close(&mut self, stream: u32, status: u32) {
        if let Some(node) = &mut self.0 {
            node.on_close(stream, status);
        }
    }
}

impl RootContext for Root {
    fn on_configure(&mut self, _size: usize) -> bool {
        match Config::parse(&host::plugin_configuration()) {
            Ok(config) => {
                self.0 = Some(Node::new(config));
                host::tick_every(TICK);
            }
            // Accepted all the same: a filter that refuses its configuration can take the whole listener down. Without
            // a policy it denies everything, which is what a broken configuration deserves.
            Err(error) => host::log(&error.to_string()),
        }
        true
    }

    fn on_tick(&mut self) {
        if let Some(node) = &mut self.0 {
            node.tick();
        }
    }

    fn create_http_context(&self, _id: u32) -> Option<Box<dyn HttpContext>> {
        let worker = self.0.as_ref().map(|node| Rc::clone(&node.worker));
        Some(Box::new(Http::new(worker.unwrap_or_else(|| Rc::new(Worker::new("unconfigured"))))))
    }

    fn get_type(&self) -> Option<ContextType> {
        Some(ContextType::HttpContext)
    }
}
