//! Between the wire's messages and the engine's values, both ways.

use engine::{InvalidSnapshot, Outbox, Outcome, Record, Revision, ServerSecret, SnapshotParts};
use policy::KeyChange;
use prost::Message;
use proto::v1::{self, watch_request};

/// Most bytes of one batch; gRPC servers refuse messages over 4 MiB by default.
const BATCH: usize = 512 * 1024;

/// Key of `AuditBatch.events`: field 3, length-delimited.
const EVENTS_KEY: u8 = 3 << 3 | 2;

/// The first message of a `Watch` stream.
#[must_use]
pub fn hello(node: &str, revision: u64) -> Vec<u8> {
    watch(watch_request::Message::Hello(v1::Hello {
        kind: v1::NodeKind::Gateway.into(),
        node: node.to_owned(),
        revision,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        takes_key_changes: true,
    }))
}

/// A snapshot was taken.
#[must_use]
pub fn ack(revision: u64) -> Vec<u8> {
    watch(watch_request::Message::Ack(v1::Ack { revision }))
}

/// A snapshot was not taken, why, and whether the whole is wanted in place of a change.
#[must_use]
pub fn nack(revision: u64, reason: String, wants_whole: bool) -> Vec<u8> {
    watch(watch_request::Message::Nack(v1::Nack { revision, reason, wants_whole }))
}

fn watch(message: watch_request::Message) -> Vec<u8> {
    v1::WatchRequest { message: Some(message) }.encode_to_vec()
}

/// What a snapshot makes of a gateway, after the revision before it.
///
/// # Errors
/// It is not whole, or says what this node cannot read.
pub fn revision(snapshot: v1::Snapshot, before: Option<&Revision>) -> Result<Revision, InvalidSnapshot> {
    let secrets = snapshot.secrets.into_iter().map(|secret| ServerSecret {
        server: secret.server,
        credential: (!secret.header_name.is_empty()).then_some((secret.header_name, secret.header_value)),
        assertion_key: secret.assertion_key,
    });
    Revision::from_snapshot(SnapshotParts {
        revision: snapshot.revision,
        digest: &snapshot.digest,
        document: &snapshot.document,
        conditions: &snapshot.conditions,
        secrets: secrets.collect(),
        catalogue: &snapshot.catalogue,
        before,
        session_keys: snapshot.session_keys,
        jwks: snapshot.issuers.into_iter().map(|issuer| (issuer.issuer, issuer.jwks)).collect(),
    })
}

/// What a change of keys makes of the revision in force, which the snapshot `serial` made.
///
/// # Errors
/// It comes after another snapshot, or says what this node cannot read.
pub(crate) fn changed(
    revision: u64,
    change: &v1::KeyChange,
    in_force: Option<&Revision>,
    serial: u64,
) -> Result<Revision, InvalidSnapshot> {
    let before = in_force.filter(|_| change.since == serial);
    let before = before.ok_or(InvalidSnapshot::KeyChangeWithout(revision))?;
    let change = KeyChange::from_json(&change.change)
        .map_err(|source| InvalidSnapshot::KeyChange { revision, source })?;
    before.with_keys_changed(revision, &change)
}

/// The events after number `sent` as one message, and the number of its last; none where there is none.
#[must_use]
pub fn batch(outbox: &Outbox<Vec<u8>>, sent: u64, producer: &str) -> Option<(u64, Vec<u8>)> {
    let mut last = sent.max(outbox.acknowledged());
    let head = v1::AuditBatch {
        producer: producer.to_owned(),
        first_sequence: last + 1,
        events: Vec::new(),
        dropped: outbox.dropped(),
    };
    // Encoded messages concatenate: the repeated field goes on where the head ends (protobuf encoding).
    let mut message = head.encode_to_vec();
    for event in outbox.after(sent, BATCH) {
        message.push(EVENTS_KEY);
        prost::encode_length_delimiter(event.len(), &mut message).ok()?;
        message.extend_from_slice(event);
        last += 1;
    }
    (last > sent).then_some((last, message))
}

/// A decision as the audit trail takes it, encoded once, when it happens.
#[must_use]
pub fn audit_event(record: Record, node: &str) -> Vec<u8> {
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
        issuer: record.issuer,
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
        era: record.era.map(engine::Era::name).unwrap_or_default().to_owned(),
        findings: record.findings.iter().map(finding).collect(),
        ..v1::AuditEvent::default()
    }
    .encode_to_vec()
}

fn finding(found: &engine::Finding) -> v1::Finding {
    v1::Finding { kind: found.kind.to_owned(), count: found.count, mode: found.mode.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_decodes_to_the_events_after_what_was_sent() {
        let mut outbox = Outbox::new(1000);
        for name in ["a", "b", "c"] {
            let event = audit_event(Record { name: name.to_owned(), ..Record::default() }, "n");
            outbox.push(event, 1, engine::Share::Callers).unwrap();
        }
        let (last, message) = batch(&outbox, 1, "p").unwrap();
        let batch = v1::AuditBatch::decode(message.as_slice()).unwrap();
        let names: Vec<_> = batch.events.iter().map(|event| event.name.as_str()).collect();
        assert_eq!((last, batch.first_sequence, batch.producer.as_str(), names), (3, 2, "p", vec!["b", "c"]));
        assert!(super::batch(&outbox, 3, "p").is_none());
    }
}
