//! One gRPC stream to the control plane that is opened again whenever it breaks, with back-off.

use std::rc::Rc;

use node::Pause;

use crate::{config::ControlPlane, host};

/// A stream that is up, or the time of the next attempt.
pub(crate) struct Link {
    to: Rc<ControlPlane>,
    service: &'static str,
    method: &'static str,
    stream: Option<u32>,
    next_attempt_ms: u64,
    pause: Pause,
}

impl Link {
    pub(crate) fn new(to: &Rc<ControlPlane>, service: &'static str, method: &'static str) -> Self {
        Self { to: Rc::clone(to), service, method, stream: None, next_attempt_ms: 0, pause: Pause::default() }
    }

    pub(crate) const fn is_open(&self) -> bool {
        self.stream.is_some()
    }

    pub(crate) fn is(&self, token: u32) -> bool {
        self.stream == Some(token)
    }

    /// Opens the stream where it is down and its time has come. Answers whether it was opened just now.
    pub(crate) fn open(&mut self, now_ms: u64) -> bool {
        if self.stream.is_some() || now_ms < self.next_attempt_ms {
            return false;
        }
        match host::open_stream(&self.to.cluster, self.service, self.method, &self.to.token) {
            Ok(token) => self.stream = Some(token),
            Err(host::HostRefused) => self.broke(now_ms),
        }
        self.stream.is_some()
    }

    /// A message arrived: the stream works.
    pub(crate) const fn works(&mut self) {
        self.pause.works();
    }

    /// The stream is gone.
    pub(crate) fn broke(&mut self, now_ms: u64) {
        self.stream = None;
        self.next_attempt_ms = now_ms + self.pause.broke();
    }

    /// Sends a message; a stream that does not take it is given up.
    pub(crate) fn send(&mut self, message: &[u8], now_ms: u64) {
        let Some(token) = self.stream else { return };
        if host::send(token, message).is_err() {
            host::cancel(token);
            self.broke(now_ms);
        }
    }
}
