//! What all requests share: the policy in force, the audit, and the memory of assertions seen.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use engine::DecisionId;
use sql::Checker;
use tokio::sync::Semaphore;

use crate::audit::Publisher;
use crate::planner::Planner;
use crate::replay::Seen;
use crate::revision::Revision;
use crate::watch::Current;

/// Shared by all requests.
pub(crate) struct Gate {
    /// The revision in force.
    pub(crate) current: Current,
    /// Where decisions go.
    pub(crate) audit: Publisher,
    /// The name of this adapter.
    pub(crate) node: String,
    /// Decision ids of assertions that were accepted.
    pub(crate) seen: Seen,
    /// `Host` values accepted beside those of the policy.
    pub(crate) allowed_hosts: Vec<String>,
    /// Places for subscriptions.
    pub(crate) subscriptions: Semaphore,
    /// Places for streams on which the gateway tells of changes.
    pub(crate) streams: Arc<Semaphore>,
    /// Reads statements back, and remembers texts that it has read.
    pub(crate) checker: Checker,
    /// Where SQL text is planned.
    pub(crate) planner: Planner,
}

impl Gate {
    /// The revision in force, if there is one yet.
    pub(crate) fn revision(&self) -> Option<Arc<Revision>> {
        self.current.borrow().clone()
    }
}

/// Unix time in milliseconds.
pub(crate) fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

/// An id for a decision that did not get one from the gateway.
pub(crate) fn new_decision_id() -> DecisionId {
    let mut entropy = [0; 16];
    // Without randomness ids of one millisecond are alike: rows would join wrongly, nothing is let in by it.
    if getrandom::fill(&mut entropy).is_err() {
        tracing::error!("the system gave no random bytes; decision ids may repeat");
    }
    DecisionId::new(now_ms(), u128::from_be_bytes(entropy))
}

/// Texts of statements that are remembered as read back.
pub(crate) const REMEMBERED: usize = 1024;
