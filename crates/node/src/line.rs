//! A decision as one line of JSON, for the log of a host that has no stream to a control plane.

use proto::v1::{AuditEvent, Decision};
use serde_json::{Map, Value, json};

/// The line. What is empty is left out.
pub(crate) fn of(event: &AuditEvent) -> String {
    let time_ms = event.time.map_or(0, |time| {
        time.seconds.saturating_mul(1000).saturating_add(i64::from(time.nanos) / 1_000_000)
    });
    let decision = if event.decision() == Decision::Allowed { "allowed" } else { "denied" };
    let mut line = Map::from_iter([
        ("time_ms".to_owned(), json!(time_ms)),
        ("decision".to_owned(), json!(decision)),
        ("revision".to_owned(), json!(event.revision)),
    ]);
    let texts = [
        ("decision_id", &event.decision_id),
        ("trace_id", &event.trace_id),
        ("node", &event.node),
        ("subject", &event.subject),
        ("issuer", &event.issuer),
        ("key_id", &event.key_id),
        ("role", &event.role),
        ("endpoint", &event.endpoint),
        ("server", &event.server),
        ("method", &event.method),
        ("name", &event.name),
        ("rule", &event.rule),
        ("reason", &event.reason),
        ("arguments_digest", &event.arguments_digest),
        ("arguments", &event.arguments),
    ];
    for (name, text) in texts.into_iter().filter(|(_, text)| !text.is_empty()) {
        line.insert(name.to_owned(), json!(text));
    }
    if event.code != 0 {
        line.insert("code".to_owned(), json!(event.code));
    }
    Value::Object(line).to_string()
}
