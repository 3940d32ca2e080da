//! The request half: head and body to a permit, or to the reply that refuses.

mod admitted;
mod asking;
mod era;
mod prepare;
mod several;
mod trace;

pub(crate) use asking::Asking;
use mcp::{Frame, Limits};
use policy::{
    Decision, Endpoint, Operation, Permit, RuleSet,
    document::{PinMode, Unmatched},
};

use crate::{
    DecisionId, Effect, HeaderEdit, Moment, Record, Reply, Step, Unauthenticated, ahead,
    asks::Asks,
    challenge, event, form,
    inspection::{Facts, Inspection},
    limit::Charge,
    many::changes::Changes,
    mirror::Mirror,
    pin::Findings,
    record::{TRACE, clip, trace_id},
    reply::{self, Asked, Refusal},
    request::{era::Handshake, prepare::Prepared},
    session::Seal,
    standing::{Permitted, Standing},
    upstream,
};

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
    pub(crate) standing: Standing,
    pub(crate) endpoint: Endpoint,
    mirror: Mirror,
    pub(crate) strip: Vec<HeaderEdit>,
    /// What its head went on with, where the host could not keep it.
    pub(crate) ahead: Option<Vec<HeaderEdit>>,
    /// A legacy request's session.
    seal: Option<Seal>,
    /// Sessions that servers have given for this request, or not, once they were asked.
    opened: Option<Vec<(String, String)>>,
    pub(crate) record: Record,
}

/// A permitted request.
#[derive(Debug)]
pub(crate) struct Judged {
    pub(crate) standing: Standing,
    pub(crate) permit: Permit,
    pub(crate) headers: Vec<HeaderEdit>,
    pub(crate) body: Option<Vec<u8>>,
    /// What is done to the messages of its answer.
    pub(crate) inspection: Option<Inspection>,
    pub(crate) seal: Option<Seal>,
    /// What is told on its answer, where that is a stream of the gate's own.
    pub(crate) changes: Option<Box<Changes>>,
    /// What it is counted as.
    pub(crate) charge: Option<Box<Charge>>,
    /// The answer, where the gate gives it itself.
    pub(crate) reply: Option<Reply>,
    pub(crate) record: Record,
}

/// What the client gets at once: the refusal of a request, mostly, with the record of it.
pub(crate) type Refused = Box<Step>;

/// Judges the head: endpoint, host, origin, verb, form, caller.
pub(crate) fn admit(head: &event::Head, moment: &Moment, id: DecisionId) -> Result<Head, Refused> {
    let mut record = Record::new(id, moment.now_ms);
    let verb = head.one(":method").unwrap_or_default();
    let target = head.one(":path").filter(|target| target.starts_with('/'));
    let (path, query) = target.map_or(("", None), split_query);
    record.method = clip(verb);
    record.endpoint = clip(path);
    record.trace_id = head.one(TRACE).and_then(trace_id).unwrap_or_default();

    // A path that cannot be read is no path to let pass: what routes by it may read it otherwise.
    if target.is_none() {
        return Err(refuse(record, &Refusal::Path, id, None));
    }
    let Some(revision) = &moment.revision else { return Err(refuse(record, &Refusal::NoPolicy, id, None)) };
    let rules = revision.rules();
    record.revision = rules.revision();
    if let Some(reply) = challenge::metadata(head, rules, path) {
        return match form::check_source(head, revision, moment) {
            Ok(()) => Err(Box::new(Step::of(reply))),
            Err(refusal) => Err(refuse(record, &refusal, id, None)),
        };
    }
    let Some(endpoint) = rules.endpoint(path) else {
        return match rules.gateway().unmatched {
            Unmatched::Pass => Ok(Head::Foreign),
            Unmatched::Deny => Err(refuse(record, &Refusal::NoEndpoint, id, None)),
        };
    };
    record.server.clone_from(&endpoint.server);
    let fit = if query.is_some() { Err(Refusal::Query) } else { form::check(head, revision, moment, verb) };
    if let Err(refusal) = fit {
        return Err(refuse(record, &refusal, id, None));
    }
    let standing = match Standing::of(head, revision, (path, moment.now_ms), &mut record) {
        Ok(standing) => standing,
        Err(why) => return Err(refuse(record, &unauthenticated(why, rules, path), id, None)),
    };
    let (mirror, strip) = (Mirror::of(head), upstream::strip(head, revision, endpoint));
    let endpoint = endpoint.clone();
    let mut admitted =
        Admitted { standing, endpoint, mirror, strip, seal: None, ahead: None, opened: None, record };
    // An event id is good within its session. Without one it could be anybody's.
    if head.has(EVENT_ID) && (verb == "POST" || admitted.mirror.session().is_none()) {
        admitted.strip.push(HeaderEdit::remove(EVENT_ID));
    }
    match verb {
        "POST" if head.last => judge(admitted, b"", moment, id).map(|judged| Head::Judged(Box::new(judged))),
        "POST" => Ok(Head::Admitted(Box::new(admitted))),
        "GET" => judge_verb(admitted, &Operation::OpenStream, moment, id),
        _ => judge_verb(admitted, &Operation::EndSession, moment, id),
    }
}

/// Where a legacy client says up to which event it has heard a stream.
const EVENT_ID: &str = "last-event-id";

/// The path, and what begins with the first `?` or `#`, which no comparison of paths includes.
fn split_query(target: &str) -> (&str, Option<&str>) {
    let end = target.find(['?', '#']);
    end.and_then(|end| target.split_at_checked(end))
        .map_or((target, None), |(path, query)| (path, Some(query)))
}

/// Judges the whole body.
pub(crate) fn judge(
    mut admitted: Admitted,
    bytes: &[u8],
    moment: &Moment,
    id: DecisionId,
) -> Result<Judged, Refused> {
    admitted.grew(bytes.len(), moment, id)?;
    if let Err(why) = admitted.standing.recheck(moment) {
        let rules = admitted.standing.revision.rules();
        let refusal = unauthenticated(why, rules, &admitted.endpoint.path);
        return Err(refuse(admitted.record, &refusal, id, None));
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
    admitted.read(&frame);
    if admitted.endpoint.several().is_some() {
        return several::judge(admitted, &frame, bytes, moment, id);
    }
    let asked = Asked::of(&frame);
    let operation = Operation::from_frame(&frame).map_err(Refusal::MissingParam);
    let operation =
        operation.and_then(|operation| admitted.settle(&frame, &operation, moment).map(|()| operation));
    match operation {
        Ok(operation) => {
            let body = Body { bytes, asked, asks: Asks::of(Some(&frame)), frame: Some(&frame) };
            decide(admitted, &operation, body, moment, id)
        }
        Err(refusal) => Err(refuse(admitted.record, &refusal, id, asked.id())),
    }
}

/// A request without a body.
fn judge_verb(
    mut admitted: Admitted,
    operation: &Operation<'_>,
    moment: &Moment,
    id: DecisionId,
) -> Result<Head, Refused> {
    if let Err(refusal) = admitted.enter(Handshake::Past, moment) {
        return Err(refuse(admitted.record, &refusal, id, None));
    }
    if admitted.endpoint.several().is_some() {
        return several::bare(admitted, operation, moment, id).map(|judged| Head::Judged(Box::new(judged)));
    }
    let body = Body { bytes: b"", asked: Asked::Verb, asks: Asks::of(None), frame: None };
    decide(admitted, operation, body, moment, id).map(|judged| Head::Judged(Box::new(judged)))
}

/// The bytes that are judged, and what form of answer they ask for.
#[derive(Clone, Copy)]
struct Body<'a> {
    bytes: &'a [u8],
    asked: Asked<'a>,
    asks: Asks,
    frame: Option<&'a Frame<'a>>,
}

fn decide(
    admitted: Admitted,
    operation: &Operation<'_>,
    body: Body<'_>,
    moment: &Moment,
    id: DecisionId,
) -> Result<Judged, Refused> {
    let Admitted { mut standing, endpoint, strip, ahead, seal, mut record, .. } = admitted;
    record.time_ms = moment.now_ms;
    record.method = clip(operation.method());
    record.name = clip(operation.name().unwrap_or_default());
    record.revision = standing.revision.rules().revision();
    let permit = match standing.revision.decide(&standing.subject, &endpoint.server, operation) {
        Decision::Permit(permit) => permit,
        Decision::Deny(denial) => {
            record.deny(&denial);
            let resource = standing.revision.rules().resource(&endpoint.path);
            let reply = match challenge::for_scopes(&denial, &standing.subject, resource) {
                Some(challenge) => reply::unscoped(&denial, id, body.asked, challenge),
                None => reply::denied(&denial, id, body.asked),
            };
            return Err(step(Effect::Reply(reply), record));
        }
    };
    let prepared = prepare::prepare(&standing, &endpoint, operation, body, &mut record);
    let Prepared { screen, opened, credential } = match prepared {
        Ok(prepared) => prepared,
        Err(refusal) => return Err(refuse(record, &refusal, id, body.asked.id())),
    };
    let place = (endpoint.path.as_str(), endpoint.server.as_str());
    let charge = Charge::of(&standing, &permit, place, operation, body.asked);
    record.allow(&permit);
    if let Some(breach) = standing.revision.observed(&endpoint.server, operation) {
        record.note(&breach.to_string());
    }
    let mut headers = strip;
    headers.extend(credential);
    let (body_opened, tasks) = opened.map(|opened| opened.into_parts(&mut headers)).unzip();
    if let Some(gone) = ahead {
        if let Err(refusal) = ahead::suffices(&gone, &headers, body_opened.is_some()) {
            return Err(refuse(record, &refusal, id, body.asked.id()));
        }
        headers.clear();
    }
    let facts = Facts { asks: body.asks, tasks: tasks.unwrap_or_default(), screen };
    let mut inspection = Inspection::of(operation, facts, body.asked.id(), &record);
    if standing.revision.rules().pins(&endpoint.server) != PinMode::Off {
        inspection = inspection.map(|inspection| inspection.with_findings(Findings::new(&record)));
    }
    let trace_id = record.trace_id.clone();
    standing.permitted = Some(Permitted { endpoint, operation: operation.clone().into_owned(), trace_id });
    let (changes, reply) = (None, None);
    let body = body_opened;
    Ok(Judged { standing, permit, headers, body, inspection, seal, changes, charge, reply, record })
}

/// Whether a request that has waited is still permitted.
pub(crate) fn recheck(
    judged: &mut Judged,
    moment: &Moment,
    id: DecisionId,
    request: Option<&[u8]>,
) -> Result<(), Refused> {
    let Err(why) = judged.standing.recheck(moment) else { return Ok(()) };
    let path = judged.record.endpoint.clone();
    let refusal = unauthenticated(why, judged.standing.revision.rules(), &path);
    Err(refuse(judged.record.clone(), &refusal, id, request))
}

/// The refusal of a caller, with what it takes to get in.
fn unauthenticated(why: Unauthenticated, rules: &RuleSet, path: &str) -> Refusal {
    Refusal::Unauthenticated(why, challenge::for_caller(why, rules.resource(path)))
}

pub(crate) fn refuse(
    mut record: Record,
    refusal: &Refusal,
    id: DecisionId,
    request: Option<&[u8]>,
) -> Refused {
    record.refuse(refusal.check(), &refusal.to_string(), refusal.code());
    step(Effect::Reply(refusal.reply(id, request)), record)
}

fn step(effect: Effect, record: Record) -> Refused {
    Box::new(Step { effect, record: Some(record), withheld: Vec::new() })
}
