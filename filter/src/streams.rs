//! The two streams to the control plane: the policy comes in, decisions go out.

use std::rc::Rc;

use node::Worker;

use crate::{config::ControlPlane, host, link::Link};

/// Both streams of one worker.
pub(crate) struct Streams {
    worker: Rc<Worker>,
    watch: Link,
    publish: Link,
    /// When the control plane last was there, Unix milliseconds.
    confirmed_ms: u64,
    /// Number of the last event that the open stream has carried.
    sent: u64,
}

impl Streams {
    pub(crate) fn new(worker: &Rc<Worker>, to: &Rc<ControlPlane>) -> Self {
        Self {
            worker: Rc::clone(worker),
            watch: Link::new(to, "trigate.v1.PolicyService", "Watch"),
            publish: Link::new(to, "trigate.v1.AuditService", "Publish"),
            confirmed_ms: 0,
            sent: 0,
        }
    }

    /// Looks after both, and says how old the control plane's last word is, in milliseconds.
    pub(crate) fn tick(&mut self) -> u64 {
        let now_ms = self.worker.now_ms();
        if self.watch.open(now_ms) {
            let hello = node::hello(&self.worker.name, self.worker.revision_number());
            self.watch.send(&hello, now_ms);
        }
        if self.watch.is_open() {
            self.confirmed_ms = now_ms;
        }
        if self.publish.open(now_ms) {
            self.sent = 0;
        }
        while self.publish.is_open() {
            let Some((last, message)) = self.worker.batch(self.sent) else { break };
            self.publish.send(&message, now_ms);
            self.sent = last;
        }
        now_ms.saturating_sub(self.confirmed_ms)
    }

    pub(crate) fn on_message(&mut self, stream: u32, bytes: &[u8]) {
        self.worker.look_at_clock(host::now_ms());
        if self.watch.is(stream) {
            self.watch.works();
            let (answer, refused) = self.worker.on_snapshot(bytes);
            if let Some(reason) = refused {
                host::log(&reason);
            }
            self.watch.send(&answer, self.worker.now_ms());
        } else if self.publish.is(stream) {
            self.publish.works();
            self.worker.on_audit_ack(bytes);
        }
    }

    pub(crate) fn on_close(&mut self, stream: u32, status: u32) {
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
