//! What goes upstream in place of the agent's credential: the server's own and, for a database, the signed assertion.

use std::borrow::Cow;

use policy::{Endpoint, ServerKind};

use crate::{HeaderEdit, Record, assertion, event::Head, reply::Refusal, session, standing::Standing};

/// Prefix of the headers that only the gateway itself may set.
const INTERNAL: &str = "x-trigate-";

/// Headers that never go upstream: the agent's credentials, and what only the gateway may say.
pub(crate) fn strip(head: &Head) -> Vec<HeaderEdit> {
    let mut edits: Vec<HeaderEdit> = Vec::new();
    for (name, _) in &head.headers {
        // Servers of the CGI tradition read `_` as `-`.
        let folded =
            if name.contains('_') { Cow::Owned(name.replace('_', "-")) } else { Cow::Borrowed(name) };
        // A session is named to the server by its own id, if at all.
        let private =
            matches!(&**folded, "authorization" | "proxy-authorization" | "x-api-key" | session::HEADER);
        if (private || folded.starts_with(INTERNAL)) && !edits.iter().any(|edit| edit.name == *name) {
            edits.push(HeaderEdit::remove(name));
        }
    }
    // Lists are edited as text; without this header the server answers uncompressed.
    if head.has("accept-encoding") {
        edits.push(HeaderEdit::remove("accept-encoding"));
    }
    edits
}

/// What the server gets in place of the agent's credential: its own, and for a database the signed assertion.
pub(crate) fn credential(
    standing: &Standing,
    endpoint: &Endpoint,
    record: &Record,
    body: &[u8],
) -> Result<Vec<HeaderEdit>, Refusal> {
    let unresolved = || Refusal::CredentialUnresolved(endpoint.server.clone());
    let secret = standing.revision.secret(&endpoint.server);
    if endpoint.kind == ServerKind::Database {
        let key = secret.map(|secret| secret.assertion_key.as_slice()).filter(|key| !key.is_empty());
        let assertion = assertion::Assertion {
            subject: standing.subject.name.clone(),
            key_id: standing.subject.key_id.clone(),
            issuer: standing.subject.issuer.clone(),
            role: standing.subject.role.clone(),
            claims: standing.subject.claims.clone(),
            decision_id: record.decision_id.clone(),
            trace_id: record.trace_id.clone(),
            endpoint: endpoint.path.clone(),
            server: endpoint.server.clone(),
            method: record.method.clone(),
            name: record.name.clone(),
            body: assertion::body_digest(body),
            issued: record.time_ms,
            expires: record.time_ms.saturating_add(assertion::LIFETIME_MS),
        };
        let signed = assertion::sign(&assertion, key.ok_or_else(unresolved)?);
        return Ok(vec![HeaderEdit::set(assertion::HEADER, signed)]);
    }
    match secret.and_then(|secret| secret.credential.as_ref()) {
        None => Ok(Vec::new()),
        Some((_, value)) if value.is_empty() => Err(unresolved()),
        Some((name, value)) => Ok(vec![HeaderEdit::set(name, value)]),
    }
}
