//! `WWW-Authenticate` for endpoints that take tokens (RFC 6750 §3, RFC 9728 §5.1), and the metadata it points to.

use policy::{Denial, Resource, RuleSet, Scopes, Subject};

use crate::{Effect, Reply, Unauthenticated, event::Head};

/// What a refusal tells a client of how to get in.
pub(crate) fn for_caller(why: Unauthenticated, resource: Option<&Resource>) -> Option<String> {
    let Some(resource) = resource else {
        return (why.status() == 401).then(|| crate::Challenge(why).to_string());
    };
    let error = match why {
        _ if why.status() != 401 => return None,
        // RFC 6750 §3.1: a request without credentials gets no error code.
        Unauthenticated::Missing => None,
        Unauthenticated::Conflicting => Some("invalid_request"),
        _ => Some("invalid_token"),
    };
    Some(bearer(resource, &resource.least_scopes, error))
}

/// What a denial for want of scopes tells a caller whose token can come to have them: all that the operation needs.
pub(crate) fn for_scopes(denial: &Denial, subject: &Subject, resource: Option<&Resource>) -> Option<String> {
    let can_ask = matches!(subject.scopes, Scopes::Granted(_)) && !denial.scopes().is_empty();
    resource.filter(|_| can_ask).map(|resource| bearer(resource, denial.scopes(), Some("insufficient_scope")))
}

/// URLs and scopes hold neither `"` nor `\`, so nothing has to be escaped.
fn bearer(resource: &Resource, scopes: &[String], error: Option<&str>) -> String {
    let mut challenge = format!("Bearer resource_metadata=\"{}\"", resource.metadata_url);
    if !scopes.is_empty() {
        challenge.push_str(&format!(", scope=\"{}\"", scopes.join(" ")));
    }
    if let Some(error) = error {
        challenge.push_str(&format!(", error=\"{error}\""));
    }
    challenge
}

/// The answer to a request for metadata. Web pages of allowed origins may read it.
pub(crate) fn metadata(head: &Head, rules: &RuleSet, path: &str) -> Option<Effect> {
    let json = rules.resource_metadata(path)?;
    let mut headers = match head.one("origin") {
        Some(origin) => {
            vec![("access-control-allow-origin", origin.to_owned()), ("vary", "origin".to_owned())]
        }
        None => Vec::new(),
    };
    let (status, body) = match head.one(":method").unwrap_or_default() {
        "GET" => (200, json.as_bytes().to_vec()),
        "HEAD" => (200, Vec::new()),
        "OPTIONS" => {
            headers.push(("access-control-allow-methods", "GET".to_owned()));
            headers.push(("access-control-allow-headers", "mcp-protocol-version".to_owned()));
            (204, Vec::new())
        }
        _ => {
            headers.push(("allow", "GET, HEAD, OPTIONS".to_owned()));
            (405, Vec::new())
        }
    };
    headers.push(("content-type", "application/json".to_owned()));
    headers.push(("cache-control", "max-age=60".to_owned()));
    Some(Effect::Reply(Reply { status, headers, body }))
}
