//! A decision for the log of a host: as one line of JSON where there is no stream to a control plane, as fields of the
//! host's own access log.

use engine::{Outcome, Record};
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

/// What an access log may show of a decision, under the names of the host's state.
#[must_use]
pub fn fields(record: &Record) -> [(&'static str, &str); 8] {
    let result = match record.outcome {
        Outcome::Allow => "allowed",
        Outcome::Deny => "denied",
    };
    [
        ("trigate.decision", &record.decision_id),
        ("trigate.result", result),
        ("trigate.rule", &record.rule),
        ("trigate.subject", &record.subject),
        ("trigate.role", &record.role),
        ("trigate.server", &record.server),
        ("trigate.method", &record.method),
        ("trigate.name", &record.name),
    ]
}
