//! Rows of the audit trail that the control plane writes itself: approvals, and what it finds changed when it asks.
//!
//! They are numbered and stored like those of any other producer; the process is a producer for as long as it lives.

use std::sync::{
    OnceLock,
    atomic::{AtomicU64, Ordering},
};

use policy::{Tool, catalogue::Known, document::PinMode};
use proto::v1::{AuditBatch, AuditEvent, Decision, Gate};
use tokio::sync::Mutex;

use crate::{
    catalogue::view::ServerView,
    instant,
    store::{Store, StoreError, StoredApproval},
};

/// Writes them, numbered like any producer's.
#[derive(Default)]
pub(crate) struct Notes {
    producer: OnceLock<String>,
    written: AtomicU64,
    /// Held while numbers are given and the batch is queued, so that they are queued in order.
    turn: Mutex<()>,
}

impl Notes {
    /// Approvals, and those taken back.
    pub(crate) async fn approved(
        &self,
        store: &Store,
        approvals: &[StoredApproval],
    ) -> Result<(), StoreError> {
        let events = approvals.iter().map(|approval| {
            let (decision, reason) = match approval.digest.as_str() {
                "" => (Decision::Denied, "the approval was taken back".to_owned()),
                digest => (Decision::Allowed, format!("approved {digest}")),
            };
            AuditEvent {
                subject: approval.approver.clone(),
                server: approval.server.clone(),
                name: approval.tool.clone(),
                method: if approval.digest.is_empty() { "pins revoke" } else { "pins approve" }.to_owned(),
                decision: decision.into(),
                reason,
                ..AuditEvent::default()
            }
        });
        self.write(store, events.collect()).await
    }

    /// What is not approved of a server's offer, as far as it was not in the offer before.
    pub(crate) async fn found(
        &self,
        store: &Store,
        view: &ServerView,
        before: &[Tool],
    ) -> Result<(), StoreError> {
        let is_enforced = view.pins.mode() == PinMode::Enforce;
        let mode = if is_enforced { "enforce" } else { "observe" };
        let known = |tool: &Tool| before.iter().any(|known| known.digest() == tool.digest());
        let events = view.tools.iter().filter(|tool| !known(tool)).filter_map(|tool| {
            let breach = policy::Breach::of(Known::Tool(tool), None)?;
            let decision = if is_enforced { Decision::Denied } else { Decision::Allowed };
            Some(AuditEvent {
                server: view.name.clone(),
                name: tool.name().to_owned(),
                method: "tools/list".to_owned(),
                decision: decision.into(),
                rule: format!("servers.{}.pins: {mode}", view.name),
                reason: breach.to_string(),
                code: if is_enforced { breach.code().number() } else { 0 },
                ..AuditEvent::default()
            })
        });
        self.write(store, events.collect()).await
    }

    async fn write(&self, store: &Store, mut events: Vec<AuditEvent>) -> Result<(), StoreError> {
        if events.is_empty() {
            return Ok(());
        }
        for event in &mut events {
            event.time = Some(instant::timestamp(instant::now()));
            event.gate = Gate::ControlPlane.into();
            event.node = "control-plane".to_owned();
        }
        let producer = self.producer()?.to_owned();
        let queued = {
            let _turn = self.turn.lock().await;
            let count = events.len() as u64;
            let first_sequence = self.written.fetch_add(count, Ordering::SeqCst) + 1;
            store.publish(AuditBatch { producer, first_sequence, events, dropped: 0 })
        };
        queued.await.map(drop)
    }

    /// This process's name as a producer.
    fn producer(&self) -> Result<&str, StoreError> {
        if self.producer.get().is_none() {
            let mut random = [0; 8];
            getrandom::fill(&mut random).map_err(StoreError::Entropy)?;
            let _ = self.producer.set(format!("control-plane#{:016x}", u64::from_le_bytes(random)));
        }
        self.producer.get().map(String::as_str).ok_or(StoreError::Stopped)
    }
}
