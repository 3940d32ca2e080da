//! The request half: head and body to a permit, or to the reply that refuses.

use std::rc::Rc;

use mcp::{Frame, Json, Limits};
use policy::{
    Decision, Endpoint, Gateway, Operation, Permit, ServerKind,
    document::{OnFull, Unmatched},
};

use crate::{
    DecisionId, Effect, Gauge, HeaderEdit, Moment, Record, Revision, Step, assertion,
    credential::{Unauthenticated, presented_key},
    event,
    exchange::Standing,
    record::clip,
    reply::{self, Asked, Refusal},
    response::Plan,
};

/// Headers that are single by their definition; a second line would leave it to chance which one counts.
const SINGLE: [&str; 8] = [
    "content-type",
    "content-length",
    "host",
    "origin",
    "mcp-protocol-version",
    "mcp-method",
    "mcp-name",
    "mcp-session-id",
];

/// Prefix of the headers that only the gateway itself may set.
const INTERNAL: &str = "x-trigate-";

/// What the head of a request leads to, where it is not refused.
pub(crate) enum Head {
    /// A POST of a known caller: its body decides.
    Admitted(Box<Admitted>),
    /// No endpoint of ours, and the policy lets such requests pass.
    Foreign,
    /// A request without a body, judged at once.
    Judged(Box<Judged>),
}

/// A request whose caller is known and whose body is to come.
#[derive(Debug)]
pub(crate) struct Admitted {
    standing: Standing,
    endpoint: Endpoint,
    trace_id: String,
    strip: Vec<HeaderEdit>,
    record: Record,
}

/// A permitted request.
pub(crate) struct Judged {
    pub(crate) standing: Standing,
    pub(crate) permit: Permit,
    pub(crate) headers: Vec<HeaderEdit>,
    pub(crate) plan: Plan,
    pub(crate) record: Record,
}

/// The refusal of a request, with the record of it.
type Refused = Box<Step>;

/// Judges the head: endpoint, host, origin, verb, form, caller.
pub(crate) fn admit(head: &event::Head, moment: &Moment, id: DecisionId) -> Result<Head, Refused> {
    let mut record = Record::new(id, moment.now_ms);
    let verb = head.one(":method").unwrap_or_default();
    let target = head.one(":path").unwrap_or_default();
    let (path, query) = target.split_once('?').map_or((target, None), |(path, query)| (path, Some(query)));
    record.method = clip(verb);
    record.endpoint = clip(path);
    record.trace_id = head.one("traceparent").and_then(trace_id).unwrap_or_default();

    let Some(revision) = &moment.revision else { return Err(refuse(record, &Refusal::NoPolicy, id, None)) };
    let rules = revision.rules();
    record.revision = rules.revision();
    let Some(endpoint) = rules.endpoint(path) else {
        return match rules.gateway().unmatched {
            Unmatched::Pass => Ok(Head::Foreign),
            Unmatched::Deny => Err(refuse(record, &Refusal::NoEndpoint, id, None)),
        };
    };
    record.server.clone_from(&endpoint.server);
    let form = if query.is_some() { Err(Refusal::Query) } else { check_form(head, revision, moment, verb) };
    if let Err(refusal) = form {
        return Err(refuse(record, &refusal, id, None));
    }
    let standing = match authenticate(head, revision, moment, &mut record) {
        Ok(standing) => standing,
        Err(why) => return Err(refuse(record, &Refusal::Unauthenticated(why), id, None)),
    };
    let trace_id = record.trace_id.clone();
    let admitted = Admitted { standing, endpoint: endpoint.clone(), trace_id, strip: strip(head), record };
    match verb {
        "POST" if head.last => judge(admitted, b"", moment, id).map(|judged| Head::Judged(Box::new(judged))),
        "POST" => Ok(Head::Admitted(Box::new(admitted))),
        "GET" => judge_verb(admitted, &Operation::OpenStream, moment, id),
        _ => judge_verb(admitted, &Operation::EndSession, moment, id),
    }
}

/// What can be said of a request's form before its caller and body are known.
fn check_form(head: &event::Head, revision: &Revision, moment: &Moment, verb: &str) -> Result<(), Refusal> {
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
    if head.has("origin") && !head.one("origin").is_some_and(|origin| gateway.allowed_origins.iter().any(|known| known == origin)) {
        return Err(Refusal::Origin);
    }
    match verb {
        "POST" => check_body_form(head, gateway.max_body),
        "GET" | "DELETE" if head.one("mcp-protocol-version") == Some(mcp::revision::MODERN) => {
            Err(Refusal::ModernVerb)
        }
        "GET" if !head.last => Err(Refusal::BodyWithoutPost("GET")),
        "DELETE" if !head.last => Err(Refusal::BodyWithoutPost("DELETE")),
        "GET" | "DELETE" => Ok(()),
        _ => Err(Refusal::HttpMethod),
    }
}

/// Whether the host is one of the listed, with or without its port. Nothing listed: any.
fn serves_host(gateway: &Gateway, authority: &str) -> bool {
    let host = authority.rsplit_once(':').map_or(authority, |(host, _)| host);
    let known = |known: &String| known.eq_ignore_ascii_case(authority) || known.eq_ignore_ascii_case(host);
    gateway.allowed_hosts.is_empty() || gateway.allowed_hosts.iter().any(known)
}

fn check_body_form(head: &event::Head, max_body: usize) -> Result<(), Refusal> {
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
                name.trim().eq_ignore_ascii_case("charset") && value.trim().trim_matches('"').eq_ignore_ascii_case("utf-8")
            })
        })
}

fn authenticate(
    head: &event::Head,
    revision: &Rc<Revision>,
    moment: &Moment,
    record: &mut Record,
) -> Result<Standing, Unauthenticated> {
    let key = presented_key(head.all("authorization"), head.all("x-api-key"))?;
    key.id().clone_into(&mut record.key_id);
    let subject =
        revision.rules().authenticate(&key, moment.now_ms / 1000).map_err(Unauthenticated::Refused)?;
    record.subject.clone_from(&subject.name);
    record.role.clone_from(&subject.role);
    Ok(Standing { key, subject, revision: Rc::clone(revision) })
}

/// Headers that never go upstream: the agent's credentials, and what only the gateway may say.
fn strip(head: &event::Head) -> Vec<HeaderEdit> {
    let mut edits: Vec<HeaderEdit> = Vec::new();
    for (name, _) in &head.headers {
        let private = matches!(name.as_str(), "authorization" | "proxy-authorization" | "x-api-key");
        if (private || name.starts_with(INTERNAL)) && !edits.iter().any(|edit| edit.name == *name) {
            edits.push(HeaderEdit::remove(name));
        }
    }
    // Lists are edited as text; without this header the server answers uncompressed.
    if head.has("accept-encoding") {
        edits.push(HeaderEdit::remove("accept-encoding"));
    }
    edits
}

impl Admitted {
    /// More of the body has arrived.
    pub(crate) fn grew(&self, size: usize, moment: &Moment, id: DecisionId) -> Result<(), Refused> {
        let max_body = self.standing.revision.rules().gateway().max_body;
        if size <= max_body {
            return Ok(());
        }
        let record = Record { time_ms: moment.now_ms, ..self.record.clone() };
        Err(refuse(record, &Refusal::TooLarge(max_body), id, None))
    }

    /// The body ends with trailers.
    pub(crate) fn trailers(self, moment: &Moment, id: DecisionId) -> Refused {
        let record = Record { time_ms: moment.now_ms, ..self.record };
        refuse(record, &Refusal::Trailers, id, None)
    }
}

/// Judges the whole body.
pub(crate) fn judge(
    mut admitted: Admitted,
    bytes: &[u8],
    moment: &Moment,
    id: DecisionId,
) -> Result<Judged, Refused> {
    admitted.grew(bytes.len(), moment, id)?;
    if !admitted.standing.holds(moment) {
        let unknown = Unauthenticated::Refused(policy::KeyRefused::Unknown);
        return Err(refuse(admitted.record, &Refusal::Unauthenticated(unknown), id, None));
    }
    let gateway = admitted.standing.revision.rules().gateway();
    let limits = Limits { bytes: gateway.max_body, depth: gateway.max_depth, ..Limits::default() };
    let frame = match Frame::parse(bytes, &limits) {
        Ok(frame) => frame,
        Err(error) => {
            admitted.record.refuse("frame", &error.to_string(), error.code());
            return Err(step(Effect::Reply(reply::unparsable(&error, id)), admitted.record));
        }
    };
    let (asked, params) = match &frame {
        Frame::Request(request) => (Asked::Request(request.id.bytes()), request.params.as_ref()),
        Frame::Notification(notification) => (Asked::Message, notification.params.as_ref()),
        Frame::Response(_) => (Asked::Message, None),
    };
    if admitted.trace_id.is_empty() {
        let traceparent = params.and_then(|params| params.get("_meta")?.object()?.get("traceparent")?.as_str());
        admitted.trace_id = traceparent.and_then(|text| trace_id(&text)).unwrap_or_default();
        admitted.record.trace_id.clone_from(&admitted.trace_id);
    }
    if let Some(arguments) = params.and_then(|params| params.get("arguments")).map(Json::bytes) {
        let keep = admitted.standing.revision.rules().audit().arguments;
        admitted.record.arguments(arguments, keep);
    }
    let operation = match Operation::from_frame(&frame) {
        Ok(operation) => operation,
        Err(missing) => {
            if let Frame::Request(request) = &frame {
                admitted.record.method = clip(&request.method);
            }
            let id_bytes = if let Asked::Request(bytes) = asked { Some(bytes) } else { None };
            return Err(refuse(admitted.record, &Refusal::MissingParam(missing), id, id_bytes));
        }
    };
    decide(admitted, &operation, Body { bytes, asked }, moment, id)
}

/// A request without a body.
fn judge_verb(
    admitted: Admitted,
    operation: &Operation<'_>,
    moment: &Moment,
    id: DecisionId,
) -> Result<Head, Refused> {
    let body = Body { bytes: b"", asked: Asked::Verb };
    decide(admitted, operation, body, moment, id).map(|judged| Head::Judged(Box::new(judged)))
}

/// The bytes that are judged, and what form of answer they ask for.
#[derive(Clone, Copy)]
struct Body<'a> {
    bytes: &'a [u8],
    asked: Asked<'a>,
}

fn decide(
    admitted: Admitted,
    operation: &Operation<'_>,
    body: Body<'_>,
    moment: &Moment,
    id: DecisionId,
) -> Result<Judged, Refused> {
    let Admitted { standing, endpoint, trace_id, strip, mut record } = admitted;
    record.time_ms = moment.now_ms;
    record.method = clip(operation.method());
    record.name = clip(operation.name().unwrap_or_default());
    record.revision = standing.revision.rules().revision();
    let permit = match standing.revision.rules().decide(&standing.subject, &endpoint.server, operation) {
        Decision::Permit(permit) => permit,
        Decision::Deny(denial) => {
            record.deny(&denial);
            return Err(step(Effect::Reply(reply::denied(&denial, id, body.asked)), record));
        }
    };
    let id_bytes = if let Asked::Request(bytes) = body.asked { Some(bytes) } else { None };
    let credential = match credential(&standing, &endpoint, &record, &trace_id, body.bytes) {
        Ok(credential) => credential,
        Err(refusal) => return Err(refuse(record, &refusal, id, id_bytes)),
    };
    record.allow(&permit);
    let plan = match (operation, id_bytes) {
        (Operation::List(_), Some(id)) => Plan::list(&endpoint.server, id),
        (Operation::OpenStream, _) => Plan::stream(&endpoint.server),
        _ => Plan::Pass,
    };
    let mut headers = strip;
    headers.extend(credential);
    Ok(Judged { standing, permit, headers, plan, record })
}

/// What the server gets in place of the agent's credential: its own, and for a database the signed assertion.
fn credential(
    standing: &Standing,
    endpoint: &Endpoint,
    record: &Record,
    trace_id: &str,
    body: &[u8],
) -> Result<Vec<HeaderEdit>, Refusal> {
    let unresolved = || Refusal::CredentialUnresolved(endpoint.server.clone());
    let secret = standing.revision.secret(&endpoint.server);
    if endpoint.kind == ServerKind::Database {
        let key = secret.map(|secret| secret.assertion_key.as_slice()).filter(|key| !key.is_empty());
        let assertion = assertion::Assertion {
            subject: standing.subject.name.clone(),
            key_id: standing.subject.key_id.clone(),
            role: standing.subject.role.clone(),
            decision_id: record.decision_id.clone(),
            trace_id: trace_id.to_owned(),
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

/// The trace id of a W3C `traceparent`: 32 hex digits, not all zero.
fn trace_id(traceparent: &str) -> Option<String> {
    let trace = traceparent.split('-').nth(1)?;
    let valid = trace.len() == 32
        && trace.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
        && trace.bytes().any(|byte| byte != b'0');
    valid.then(|| trace.to_owned())
}

fn refuse(mut record: Record, refusal: &Refusal, id: DecisionId, request: Option<&[u8]>) -> Refused {
    record.refuse(refusal.check(), &refusal.to_string(), refusal.code());
    step(Effect::Reply(refusal.reply(id, request)), record)
}

fn step(effect: Effect, record: Record) -> Refused {
    Box::new(Step { effect, record: Some(record) })
}
