//! What can be said of a request's form before its caller and its body are known: verb, host, origin, content type, size.

use policy::{Gateway, document::OnFull};

use crate::{Gauge, Moment, Revision, event::Head, reply::Refusal};

/// Headers that are single by their definition; a second line would leave it to chance which one counts.
const SINGLE: [&str; 5] = ["content-type", "content-length", "host", "origin", "mcp-session-id"];

const VERSION: &str = "mcp-protocol-version";

/// What can be said of a request's form before its caller and body are known.
pub(crate) fn check(head: &Head, revision: &Revision, moment: &Moment, verb: &str) -> Result<(), Refusal> {
    check_source(head, revision, moment)?;
    match verb {
        "POST" => check_body_form(head, revision.rules().gateway().max_body),
        "GET" | "DELETE" if head.all(VERSION).nth(1).is_some() => Err(Refusal::DuplicateHeader(VERSION)),
        "GET" | "DELETE" if head.one(VERSION) == Some(mcp::revision::MODERN) => Err(Refusal::ModernVerb),
        "GET" if !head.last => Err(Refusal::BodyWithoutPost("GET")),
        "DELETE" if !head.last => Err(Refusal::BodyWithoutPost("DELETE")),
        "GET" | "DELETE" => Ok(()),
        _ => Err(Refusal::HttpMethod),
    }
}

/// Whether a request may come from where it does and go where it goes, whatever it is.
pub(crate) fn check_source(head: &Head, revision: &Revision, moment: &Moment) -> Result<(), Refusal> {
    let gateway = revision.rules().gateway();
    if moment.audit == Gauge::Full && revision.rules().audit().on_full == OnFull::Refuse {
        return Err(Refusal::AuditFull);
    }
    if let Some(name) = SINGLE.iter().find(|name| head.all(name).nth(1).is_some()) {
        return Err(Refusal::DuplicateHeader(name));
    }
    if !serves_host(gateway, head.one(":authority").unwrap_or_default()) {
        return Err(Refusal::Host);
    }
    if head.has("origin")
        && !head
            .one("origin")
            .is_some_and(|origin| gateway.allowed_origins.iter().any(|known| known == origin))
    {
        return Err(Refusal::Origin);
    }
    Ok(())
}

/// Whether the host is one of the listed, with or without its port. Nothing listed: any.
fn serves_host(gateway: &Gateway, authority: &str) -> bool {
    let host = authority.rsplit_once(':').map_or(authority, |(host, _)| host);
    let known = |known: &String| known.eq_ignore_ascii_case(authority) || known.eq_ignore_ascii_case(host);
    gateway.allowed_hosts.is_empty() || gateway.allowed_hosts.iter().any(known)
}

fn check_body_form(head: &Head, max_body: usize) -> Result<(), Refusal> {
    if head.has("content-encoding") {
        return Err(Refusal::ContentEncoding);
    }
    if !head.one("content-type").is_some_and(is_json) {
        return Err(Refusal::ContentType);
    }
    let length = head.one("content-length").and_then(|text| text.parse::<usize>().ok());
    if length.is_some_and(|length| length > max_body) {
        return Err(Refusal::TooLarge(max_body));
    }
    Ok(())
}

/// `application/json`, with no parameter but `charset=utf-8`.
pub(crate) fn is_json(content_type: &str) -> bool {
    let mut parts = content_type.split(';').map(str::trim);
    parts.next().is_some_and(|media| media.eq_ignore_ascii_case("application/json"))
        && parts.all(|parameter| {
            parameter.split_once('=').is_some_and(|(name, value)| {
                name.trim().eq_ignore_ascii_case("charset")
                    && value.trim().trim_matches('"').eq_ignore_ascii_case("utf-8")
            })
        })
}

/// `text/event-stream`, with any parameters.
pub(crate) fn is_events(content_type: &str) -> bool {
    let media = content_type.split(';').next().unwrap_or_default().trim();
    media.eq_ignore_ascii_case("text/event-stream")
}

/// Whether an answer's status is one of success.
pub(crate) fn success(head: &Head) -> bool {
    head.one(":status").is_some_and(|status| status.starts_with('2'))
}
