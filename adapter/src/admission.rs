//! Who is calling: the gateway's assertion, else an API key, else nobody. And whether the call may come from where it does.
//!
//! A request with an assertion is judged by it alone: it is signed for this server and this body, so neither the host nor
//! the origin it came through matters. A request without one must name a host of ours (DNS rebinding) and present a key.

use std::sync::Arc;

use engine::assertion::{self, Assertion, AssertionError};
use engine::{Challenge, Unauthenticated, presented_key};
use http::HeaderMap;
use http::header::{AUTHORIZATION, HOST, ORIGIN};
use http::request::Parts;
use policy::Subject;

use crate::gate::{Gate, new_decision_id, now_ms};
use crate::revision::Revision;
use crate::session::{Caller, Target, Via};
use crate::telemetry::Origin;

/// Why a request was not let in.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub(crate) enum Refused {
    /// The assertion does not verify.
    #[error("{0}")]
    Assertion(AssertionError),
    /// The assertion's digest is of other bytes.
    #[error("the gateway's assertion is for another body")]
    Body,
    /// An assertion beside a credential, or two assertions.
    #[error("the gateway's assertion must be the only credential of a request")]
    Conflicting,
    /// A host that is not ours.
    #[error("the host is not one that this adapter serves; list it under `gateway.allowed_hosts`")]
    Host,
    /// The assertion is for another method than the body names, or came where the gateway never sends.
    #[error("the gateway's assertion is for another method")]
    Method,
    /// Nothing to judge by yet.
    #[error(
        "the adapter has no policy yet, so everything is denied; it asks the control plane again by itself"
    )]
    NoPolicy,
    /// A web page that is not listed.
    #[error("requests from this origin are not allowed; list it under `gateway.allowed_origins`")]
    Origin,
    /// The decision id was used before.
    #[error("the gateway's assertion was used before")]
    Replayed,
    /// The assertion is for another database, or the URL names none.
    #[error("the gateway's assertion is for another server than the URL names")]
    Server,
    /// No key, or none that counts.
    #[error("{0}")]
    Unauthenticated(Unauthenticated),
}

impl Refused {
    /// The name of the check, as the audit shows it.
    pub(crate) fn check(&self) -> &'static str {
        match self {
            Refused::Host => "host",
            Refused::NoPolicy => "policy",
            Refused::Origin => "origin",
            Refused::Unauthenticated(_) => "authentication",
            Refused::Assertion(_)
            | Refused::Body
            | Refused::Conflicting
            | Refused::Method
            | Refused::Replayed
            | Refused::Server => "assertion",
        }
    }

    /// The HTTP status.
    pub(crate) fn status(&self) -> u16 {
        match self {
            Refused::Host | Refused::Origin => 403,
            Refused::NoPolicy => 503,
            _ => 401,
        }
    }

    /// The JSON-RPC code.
    pub(crate) fn code(&self) -> i32 {
        let code = match self {
            Refused::Host | Refused::Origin => policy::Code::OriginRefused,
            Refused::NoPolicy => policy::Code::NoPolicy,
            _ => policy::Code::Unauthenticated,
        };
        code.number()
    }

    /// The value of `WWW-Authenticate`, for the refusals that a credential would cure.
    pub(crate) fn challenge(&self) -> Option<String> {
        match self {
            Refused::Unauthenticated(why) => Some(Challenge(*why).to_string()),
            refused if refused.status() == 401 => {
                Some(r#"Bearer realm="trigate", error="invalid_token""#.to_owned())
            }
            _ => None,
        }
    }
}

/// A caller, recognised under a revision.
pub(crate) struct Admitted {
    pub(crate) revision: Arc<Revision>,
    pub(crate) caller: Caller,
}

/// What a request asks for, as far as an assertion speaks of it.
#[derive(Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub(crate) target: &'a Target,
    pub(crate) body: &'a [u8],
    /// The method as the gateway names it; none where the gateway never sends.
    pub(crate) method: Option<&'a str>,
}

/// Recognises the caller of a request.
///
/// # Errors
/// It is not let in.
pub(crate) fn admit(gate: &Gate, parts: &Parts, asked: Asked<'_>) -> Result<Admitted, Refused> {
    let revision = gate.revision().ok_or(Refused::NoPolicy)?;
    let endpoint = parts.uri.path().to_owned();
    let origin = Origin::of_headers(&parts.headers);
    let mut assertions = parts.headers.get_all(assertion::HEADER).iter();
    let Some(text) = assertions.next() else {
        let subject = direct(gate, &revision, parts)?;
        let caller = Caller {
            subject,
            via: Via::Direct,
            decision_id: new_decision_id().to_string(),
            trace_id: trace_of(&parts.headers).unwrap_or_default(),
            endpoint,
            origin,
        };
        return Ok(Admitted { revision, caller });
    };
    let alone = assertions.next().is_none()
        && !parts.headers.contains_key(AUTHORIZATION)
        && !parts.headers.contains_key("x-api-key");
    if !alone {
        return Err(Refused::Conflicting);
    }
    let text = text.to_str().map_err(|_| Refused::Assertion(AssertionError::Malformed))?;
    let assertion = verify(gate, &revision, text, asked)?;
    // Where the caller began no trace, the gateway's proxy may have.
    let trace_id = match assertion.trace_id {
        known if !known.is_empty() => known,
        _ => trace_of(&parts.headers).unwrap_or_default(),
    };
    let caller = Caller {
        subject: Subject {
            name: assertion.subject,
            key_id: assertion.key_id,
            issuer: assertion.issuer,
            role: assertion.role,
            claims: assertion.claims,
            ..Subject::default()
        },
        via: Via::Gateway,
        decision_id: assertion.decision_id,
        trace_id,
        endpoint: assertion.endpoint,
        origin,
    };
    Ok(Admitted { revision, caller })
}

fn verify(
    gate: &Gate,
    revision: &Revision,
    text: &str,
    Asked { target, body, method }: Asked<'_>,
) -> Result<Assertion, Refused> {
    // The key is the server's, and the URL says which server: one that names none has no key to verify with.
    let Target::One(database) = target else { return Err(Refused::Server) };
    let now = now_ms();
    let assertion =
        assertion::verify(text, revision.assertion_key(database), now).map_err(Refused::Assertion)?;
    if assertion.server != *database {
        return Err(Refused::Server);
    }
    if assertion.body != assertion::body_digest(body) {
        return Err(Refused::Body);
    }
    if method != Some(assertion.method.as_str()) {
        return Err(Refused::Method);
    }
    // The expiry bounds how long ids are remembered, so it is not taken further than a lifetime from now.
    let remembered = assertion.expires.min(now.saturating_add(2 * assertion::LIFETIME_MS));
    if remembered < assertion.expires {
        return Err(Refused::Assertion(AssertionError::Future));
    }
    if !gate.seen.first_use(&assertion.decision_id, remembered, now) {
        return Err(Refused::Replayed);
    }
    Ok(assertion)
}

fn direct(gate: &Gate, revision: &Revision, parts: &Parts) -> Result<Subject, Refused> {
    let rules = revision.rules();
    if !serves_host(gate, revision, parts) {
        return Err(Refused::Host);
    }
    let allowed = &rules.gateway().allowed_origins;
    let mut origins = parts.headers.get_all(ORIGIN).iter();
    if !origins.all(|origin| allowed.iter().any(|known| known.as_bytes() == origin.as_bytes())) {
        return Err(Refused::Origin);
    }
    let values = |name| parts.headers.get_all(name).iter().map(http::HeaderValue::as_bytes);
    let key = presented_key(values(AUTHORIZATION.as_str()), values("x-api-key"))
        .map_err(Refused::Unauthenticated)?;
    rules
        .authenticate(&key, now_ms() / 1000)
        .map_err(|refused| Refused::Unauthenticated(Unauthenticated::Refused(refused)))
}

/// Loopback names, what the adapter was started with, and what the policy lists: with or without a port.
fn serves_host(gate: &Gate, revision: &Revision, parts: &Parts) -> bool {
    let mut hosts = parts.headers.get_all(HOST).iter();
    let authority = match (parts.uri.authority(), hosts.next(), hosts.next()) {
        (Some(authority), None, None) => authority.as_str(),
        (_, Some(host), None) => host.to_str().unwrap_or_default(),
        _ => return false,
    };
    let host = without_port(authority);
    let gateway = revision.rules().gateway();
    let public = gateway.public_url.as_deref().and_then(|url| url.split('/').nth(2));
    ["localhost", "127.0.0.1", "[::1]"]
        .into_iter()
        .chain(gate.allowed_hosts.iter().map(String::as_str))
        .chain(gateway.allowed_hosts.iter().map(String::as_str))
        .chain(public)
        .any(|known| known.eq_ignore_ascii_case(authority) || known.eq_ignore_ascii_case(host))
}

fn without_port(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        // The colons of an IPv6 address stand within its brackets.
        Some((host, port)) if !port.contains(']') => host,
        _ => authority,
    }
}

fn trace_of(headers: &HeaderMap) -> Option<String> {
    engine::trace_id(headers.get("traceparent")?.to_str().ok()?)
}
