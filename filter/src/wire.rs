//! Between the wire's messages and the engine's values, both ways.

use engine::{InvalidSnapshot, Outcome, Record, Revision, ServerSecret};
use prost::Message;
use proto::v1::{self, watch_request};

/// The first message of a `Watch` stream.
pub(crate) fn hello(node: &str, revision: u64) -> Vec<u8> {
    watch(watch_request::Message::Hello(v1::Hello {
        kind: v1::NodeKind::Gateway.into(),
        node: node.to_owned(),
        revision,
        version: env!("CARGO_PKG_VERSION").to_owned(),
    }))
}

pub(crate) fn ack(revision: u64) -> Vec<u8> {
    watch(watch_request::Message::Ack(v1::Ack { revision }))
}

pub(crate) fn nack(revision: u64, reason: String) -> Vec<u8> {
    watch(watch_request::Message::Nack(v1::Nack { revision, reason }))
}

fn watch(message: watch_request::Message) -> Vec<u8> {
    v1::WatchRequest { message: Some(message) }.encode_to_vec()
}

/// A snapshot's rules and secrets.
pub(crate) fn revision(snapshot: v1::Snapshot) -> Result<Revision, InvalidSnapshot> {
    let secrets = snapshot.secrets.into_iter().map(|secret| ServerSecret {
        server: secret.server,
        credential: (!secret.header_name.is_empty()).then_some((secret.header_name, secret.header_value)),
        assertion_key: secret.assertion_key,
    });
    Revision::from_snapshot(snapshot.revision, &snapshot.digest, &snapshot.document, secrets.collect())
}

/// A decision as the audit trail takes it.
pub(crate) fn audit_event(record: Record, node: &str) -> v1::AuditEvent {
    let seconds = i64::try_from(record.time_ms / 1000).unwrap_or(i64::MAX);
    let nanos = i32::try_from(record.time_ms % 1000 * 1_000_000).unwrap_or_default();
    let decision = match record.outcome {
        Outcome::Allow => v1::Decision::Allowed,
        Outcome::Deny => v1::Decision::Denied,
    };
    v1::AuditEvent {
        time: Some(prost_types::Timestamp { seconds, nanos }),
        decision_id: record.decision_id,
        trace_id: record.trace_id,
        gate: v1::Gate::Mcp.into(),
        node: node.to_owned(),
        subject: record.subject,
        key_id: record.key_id,
        role: record.role,
        endpoint: record.endpoint,
        server: record.server,
        method: record.method,
        name: record.name,
        decision: decision.into(),
        rule: record.rule,
        reason: record.reason,
        code: record.code,
        revision: record.revision,
        arguments_digest: record.arguments_digest,
        arguments: record.arguments,
        ..v1::AuditEvent::default()
    }
}
