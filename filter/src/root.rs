//! The root context: one per worker. Keeps the two streams to the control plane and makes HTTP contexts.

use std::{rc::Rc, time::Duration};

use node::Worker;
use proxy_wasm::{
    traits::{Context, HttpContext, RootContext},
    types::ContextType,
};

use crate::{config::Config, counters::Shared, host, http::Http, link::Link, metrics::Metrics};

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
            worker: Rc::new(Worker::new(&config.node, host::entropy()).counting_in(Box::new(Shared))),
            config,
            watch: Link::new("trigate.v1.PolicyService", "Watch"),
            publish: Link::new("trigate.v1.AuditService", "Publish"),
            confirmed_ms: 0,
            sent: 0,
            metrics: Metrics::define(),
        }
    }

    fn tick(&mut self) {
        self.worker.look_at_clock(host::now_ms());
        let now_ms = self.worker.now_ms();
        if self.watch.open(&self.config, now_ms) {
            let hello = node::hello(&self.worker.name, self.worker.revision_number());
            self.watch.send(&hello, now_ms);
        }
        if self.watch.is_open() {
            self.confirmed_ms = now_ms;
        }
        if self.publish.open(&self.config, now_ms) {
            self.sent = 0;
        }
        while self.publish.is_open() {
            let Some((last, message)) = self.worker.batch(self.sent) else { break };
            self.publish.send(&message, now_ms);
            self.sent = last;
        }
        self.worker.renew();
        self.metrics.report(&self.worker, now_ms.saturating_sub(self.confirmed_ms));
    }

    fn on_message(&mut self, stream: u32, bytes: &[u8]) {
        self.worker.look_at_clock(host::now_ms());
        if self.watch.is(stream) {
            self.watch.works();
            self.on_snapshot(bytes);
        } else if self.publish.is(stream) {
            self.publish.works();
            self.worker.on_audit_ack(bytes);
        }
    }

    fn on_snapshot(&mut self, bytes: &[u8]) {
        let (answer, refused) = self.worker.on_snapshot(bytes);
        if let Some(reason) = refused {
            host::log(&reason);
        }
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
        Some(Box::new(Http::new(
            worker.unwrap_or_else(|| Rc::new(Worker::new("unconfigured", host::entropy()))),
        )))
    }

    fn get_type(&self) -> Option<ContextType> {
        Some(ContextType::HttpContext)
    }
}
