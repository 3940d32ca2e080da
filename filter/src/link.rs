//! One gRPC stream to the control plane that is opened again whenever it breaks, with back-off.

use crate::{config::Config, host};

/// First and longest pause before another attempt, in milliseconds. Short: healing is the control plane's return plus
/// at most this.
const PAUSE_MS: std::ops::RangeInclusive<u64> = 100..=2_000;

/// A stream that is up, or the time of the next attempt.
pub(crate) struct Link {
    service: &'static str,
    method: &'static str,
    stream: Option<u32>,
    next_attempt_ms: u64,
    pause_ms: u64,
}

impl Link {
    pub(crate) const fn new(service: &'static str, method: &'static str) -> Self {
        Self { service, method, stream: None, next_attempt_ms: 0, pause_ms: *PAUSE_MS.start() }
    }

    pub(crate) const fn is_open(&self) -> bool {
        self.stream.is_some()
    }

    pub(crate) fn is(&self, token: u32) -> bool {
        self.stream == Some(token)
    }

    /// Opens the stream where it is down and its time has come. Answers whether it was opened just now.
    pub(crate) fn open(&mut self, config: &Config, now_ms: u64) -> bool {
        if self.stream.is_some() || now_ms < self.next_attempt_ms {
            return false;
        }
        match host::open_stream(&config.control_plane, self.service, self.method, &config.token) {
            Ok(token) => self.stream = Some(token),
            Err(host::HostRefused) => self.broke(now_ms),
        }
        self.stream.is_some()
    }

    /// A message arrived: the stream works.
    pub(crate) const fn works(&mut self) {
        self.pause_ms = *PAUSE_MS.start();
    }

    /// The stream is gone.
    pub(crate) fn broke(&mut self, now_ms: u64) {
        self.stream = None;
        self.next_attempt_ms = now_ms + self.pause_ms;
        self.pause_ms = (self.pause_ms * 2).min(*PAUSE_MS.end());
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
