//! What goes upstream in place of the agent's credential: the server's own or, for databases and servers that want it, the
//! signed assertion.

use std::borrow::Cow;

use policy::{Endpoint, ServerKind};

use crate::{
    HeaderEdit, Record, Revision, assertion, event::Head, reply::Refusal, session, standing::Standing,
};

/// Prefix of the headers that only the gateway itself may set.
const INTERNAL: &str = "x-trigate-";

/// What clients could claim to be: servers that believe such headers behind a proxy would believe them here.
const CLAIMED: [&str; 13] = [
    "remote-user",
    "x-authenticated-user",
    "x-auth-request-access-token",
    "x-auth-request-email",
    "x-auth-request-groups",
    "x-auth-request-user",
    "x-forwarded-access-token",
    "x-forwarded-client-cert",
    "x-forwarded-email",
    "x-forwarded-groups",
    "x-forwarded-preferred-username",
    "x-forwarded-user",
    "x-remote-user",
];

/// Whether a header, in lower case and with `-` for `_`, is nobody's business behind the gate: a credential of the agent, a
/// part of its connection (RFC 9110 §7.6.1), or a claim to be somebody.
fn is_private(name: &str) -> bool {
    match name.as_bytes().first() {
        // A session is named to the server by its own id, if at all.
        Some(b'm') => name == session::HEADER,
        Some(b'a') => name == "authorization",
        Some(b'c') => name == "connection",
        Some(b'k') => name == "keep-alive",
        Some(b'p') => matches!(name, "proxy-authenticate" | "proxy-authorization" | "proxy-connection"),
        Some(b't') => matches!(name, "te" | "trailer" | "transfer-encoding"),
        Some(b'u') => name == "upgrade",
        Some(b'x' | b'r') => name == "x-api-key" || CLAIMED.contains(&name),
        _ => false,
    }
}

/// Headers that never go upstream: the agent's credentials and its connection's own, what only the gateway may say, and
/// who somebody claims to be.
pub(crate) fn strip(head: &Head, revision: &Revision, endpoint: &Endpoint) -> Vec<HeaderEdit> {
    let own = |server: &str| revision.secret(server).and_then(|secret| secret.credential.as_ref());
    let (several, own_of) = (endpoint.several(), own);
    let own = own(&endpoint.server);
    let identity = revision.rules().trust().host().headers();
    let nominated = nominated(head);
    let mut edits: Vec<HeaderEdit> = Vec::new();
    for (name, _) in &head.headers {
        // Servers of the CGI tradition read `_` as `-`.
        let folded =
            if name.contains('_') { Cow::Owned(name.replace('_', "-")) } else { Cow::Borrowed(name) };
        let dropped = is_private(&folded)
            || folded.starts_with(INTERNAL)
            || own.is_some_and(|(own, _)| own.eq_ignore_ascii_case(&folded))
            || identity.is_some_and(|(user, groups)| *user == **folded || groups == Some(folded.as_str()))
            || several.is_some_and(|several| {
                let mut own = several.iter().filter_map(|backend| own_of(&backend.server));
                own.any(|(own, _)| own.eq_ignore_ascii_case(&folded))
            })
            || nominated.iter().any(|nominated| *nominated == **folded);
        if dropped && !edits.iter().any(|edit| edit.name == *name) {
            edits.push(HeaderEdit::remove(name));
        }
    }
    // Lists are edited as text; without this header the server answers uncompressed.
    if head.has("accept-encoding") {
        edits.push(HeaderEdit::remove("accept-encoding"));
    }
    edits
}

/// Headers that `Connection` names as the connection's own (RFC 9110 §7.6.1). Not among them: what a request is judged by,
/// which has to reach the server as it was judged.
fn nominated(head: &Head) -> Vec<String> {
    let values = head.all("connection").filter_map(|value| str::from_utf8(value).ok());
    let names = values.flat_map(|value| value.split(',')).map(|name| name.trim().to_ascii_lowercase());
    let judged = |name: &String| {
        name.starts_with([':']) || name.starts_with("mcp-") || name.starts_with("content-") || name == "host"
    };
    names.filter(|name| !judged(name)).collect()
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
    let key = secret.map(|secret| secret.assertion_key.as_slice()).filter(|key| !key.is_empty());
    if endpoint.kind == ServerKind::Database || key.is_some() {
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
