//! How long to wait before the next attempt to reach the control plane.

use std::time::Duration;

/// Doubles from 50 ms to 2 s; begins again after a success.
#[derive(Debug)]
pub(crate) struct Backoff(Duration);

const SHORTEST: Duration = Duration::from_millis(50);
const LONGEST: Duration = Duration::from_secs(2);

impl Default for Backoff {
    fn default() -> Self {
        Self(SHORTEST)
    }
}

impl Backoff {
    /// Waits, and doubles the next wait.
    pub(crate) async fn wait(&mut self) {
        tokio::time::sleep(self.0).await;
        self.0 = (self.0 * 2).min(LONGEST);
    }

    /// The other side works: the next wait is the shortest.
    pub(crate) fn reset(&mut self) {
        self.0 = SHORTEST;
    }
}
