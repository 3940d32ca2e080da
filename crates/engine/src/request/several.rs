//! The way of a request through an endpoint of several servers: answered here, or for one of them.
//!
//! A message for a server is put into that server's words first: its own name for the tool, the era it speaks. What is
//! judged then, and forwarded, is the message in those words, by the same steps as on any endpoint.

mod answer;
mod listen;
mod session;

use std::borrow::Cow;

use self::session::Session;
use mcp::{Frame, Limits};
use policy::Operation;

use crate::{
    DecisionId, Era, HeaderEdit, Moment,
    asks::Asks,
    many::{
        self,
        answer::Translation,
        target::{self, Message, Target},
        translate,
    },
    mirror,
    record::clip,
    reply::{Asked, Refusal, several::Unserved},
    request::{Admitted, Asking, Body, Judged, Refused, asking::Purpose, decide, refuse},
    session::HEADER as SESSION,
    tasks::spliced,
};

/// What begins a session.
const INITIALIZE: &str = "initialize";

/// Bounds of what is made of a message that was read within the policy's: names only get shorter, and an envelope is small.
const MADE: Limits = Limits { bytes: usize::MAX, depth: usize::MAX, members: usize::MAX };

/// A message for one server, in that server's words.
struct Worded<'m> {
    bytes: Cow<'m, [u8]>,
    headers: Vec<HeaderEdit>,
    translation: Option<Translation>,
}

/// Judges a message on an endpoint of several servers.
pub(super) fn judge(
    mut admitted: Admitted,
    frame: &Frame<'_>,
    bytes: &[u8],
    moment: &Moment,
    id: DecisionId,
) -> Result<Judged, Refused> {
    let asked = Asked::of(frame);
    admitted.record.time_ms = moment.now_ms;
    let operation = match Operation::from_frame(frame) {
        Ok(operation) => operation,
        Err(missing) => return Err(refuse(admitted.record, &Refusal::MissingParam(missing), id, asked.id())),
    };
    admitted.record.method = clip(operation.method());
    admitted.record.name = clip(operation.name().unwrap_or_default());
    let endpoint = admitted.endpoint.clone();
    let message = Message { frame, bytes, operation: &operation };
    let target = target::of(&endpoint, &admitted.standing, message);
    match target.map_err(Refusal::Several) {
        Ok(Target::Gate) => {
            if operation.method() == INITIALIZE && admitted.opened.is_none() {
                let servers = session::needed(&admitted);
                admitted = match Asking::begin(admitted, bytes, &servers, Purpose::Client) {
                    Ok(step) => return Err(Box::new(step)),
                    Err(admitted) => *admitted,
                };
            }
            answer::answer(admitted, message, moment, id)
        }
        Ok(Target::Server(backend, edit)) => {
            admitted.endpoint = endpoint.at(backend);
            admitted.record.server.clone_from(&backend.server);
            let named = edit.map_or(Cow::Borrowed(bytes), |edit| Cow::Owned(spliced(bytes, vec![edit])));
            forward(admitted, (frame, bytes), &named, moment, id)
        }
        Ok(Target::Changes) => listen::open(admitted, (Some(frame), bytes), &operation, moment, id),
        Err(refusal) => Err(refuse(admitted.record, &refusal, id, asked.id())),
    }
}

/// Judges a request without a body.
pub(super) fn bare(
    admitted: Admitted,
    operation: &Operation<'_>,
    moment: &Moment,
    id: DecisionId,
) -> Result<Judged, Refused> {
    match operation {
        Operation::OpenStream => listen::open(admitted, (None, b""), operation, moment, id),
        operation => Err(session::end(admitted, operation, moment, id)),
    }
}

/// Judges a message for one server, whose own name is in it.
fn forward(
    mut admitted: Admitted,
    (sent, original): (&Frame<'_>, &[u8]),
    named: &[u8],
    moment: &Moment,
    id: DecisionId,
) -> Result<Judged, Refused> {
    let asked = Asked::of(sent);
    let Ok(frame) = Frame::parse(named, &MADE) else {
        return Err(refuse(admitted.record, &Refusal::Several(Unserved::Answer), id, asked.id()));
    };
    let operation = Operation::from_frame(&frame).map_err(Refusal::MissingParam);
    let operation =
        operation.and_then(|operation| admitted.settle(sent, &operation, moment).map(|()| operation));
    let operation = match operation {
        Ok(operation) => operation,
        Err(refusal) => return Err(refuse(admitted.record, &refusal, id, asked.id())),
    };
    let session = match session::of(&mut admitted, &operation) {
        Session::Open => {
            let server = [admitted.endpoint.server.clone()];
            match Asking::begin(admitted, original, &server, Purpose::Call) {
                Ok(step) => return Err(Box::new(step)),
                Err(lost) => {
                    let refusal = Refusal::Several(Unserved::Session(server.concat()));
                    return Err(refuse(lost.record, &refusal, id, asked.id()));
                }
            }
        }
        Session::Refused => {
            let refusal = Refusal::Several(Unserved::Session(admitted.endpoint.server.clone()));
            return Err(refuse(admitted.record, &refusal, id, asked.id()));
        }
        Session::Needless => None,
        Session::Given(given) => Some(given),
    };
    let Worded { bytes, headers, translation } = match worded(&mut admitted, &frame, named, &operation) {
        Ok(worded) => worded,
        Err(unserved) => return Err(refuse(admitted.record, &Refusal::Several(unserved), id, asked.id())),
    };
    let translated = match &bytes {
        Cow::Borrowed(_) => None,
        Cow::Owned(bytes) => match Frame::parse(bytes, &MADE) {
            Ok(translated) => Some(translated),
            Err(_) => {
                return Err(refuse(admitted.record, &Refusal::Several(Unserved::Answer), id, asked.id()));
            }
        },
    };
    let worded = translated.as_ref().unwrap_or(&frame);
    // Questions of a server are judged as those of the modern era, where one of the two speaks it: it allows the fewest.
    let asks = Asks::of(Some(if admitted.record.era == Some(Era::Modern) { sent } else { worded }));
    let server = admitted.endpoint.server.clone();
    let body = Body { bytes: &bytes, asked, asks, frame: Some(worded) };
    if let (Some((_, request)), Some(id)) = (&mut admitted.standing.kept, asked.id()) {
        request.extend_from_slice(id);
    }
    let mut judged = decide(admitted, &operation, body, moment, id)?;
    judged.headers.extend(headers);
    judged.headers.push(HeaderEdit::set(many::SERVER, server));
    if judged.body.is_none() {
        judged.headers.push(HeaderEdit::set("content-length", bytes.len().to_string()));
        judged.body = Some(bytes.into_owned());
    }
    // The session of a server is none of the client's.
    judged.seal = None;
    judged.headers.push(HeaderEdit { name: SESSION.to_owned(), value: session });
    judged.inspection = judged.inspection.map(|inspection| inspection.translated(translation));
    Ok(judged)
}

/// The message in the era that its server speaks.
fn worded<'m>(
    admitted: &mut Admitted,
    frame: &Frame<'_>,
    named: &'m [u8],
    operation: &Operation<'_>,
) -> Result<Worded<'m>, Unserved> {
    let (endpoint, rules) = (&admitted.endpoint, admitted.standing.revision.rules());
    let from = admitted.record.era.unwrap_or(Era::Legacy);
    let to = many::era_of(&admitted.standing.revision, endpoint).unwrap_or(from);
    let greeting = rules.catalogue().offer(&endpoint.server).map(|offer| &offer.greeting);
    if from == to {
        let name = operation.name().filter(|_| from == Era::Modern && mirror::repeats_name(operation));
        let headers = name.map(|name| HeaderEdit::set(mirror::NAME, mirror::encoded(name)));
        return Ok(Worded {
            bytes: Cow::Borrowed(named),
            headers: headers.into_iter().collect(),
            translation: None,
        });
    }
    let untold = || Unserved::Translation {
        method: operation.method().to_owned(),
        server: endpoint.server.clone(),
        speaks: to,
    };
    let Frame::Request(request) = frame else { return Err(untold()) };
    if matches!(operation, Operation::Task { .. }) {
        return Err(untold());
    }
    let bytes = translate::body(to, request.params.as_ref(), named).ok_or_else(untold)?;
    let worded = Frame::parse(&bytes, &MADE).map_err(|_| untold())?;
    let revision = match (to, greeting) {
        (Era::Legacy, Some(greeting)) => &*greeting.revision,
        (Era::Legacy, None) => mcp::revision::LEGACY[0],
        (Era::Modern, _) => mcp::revision::MODERN,
    };
    let tool = match operation {
        Operation::CallTool { name, .. } => rules.tool(&endpoint.server, name),
        _ => None,
    };
    let params = tool.map(policy::Tool::header_params).unwrap_or_default();
    let headers = translate::head(&admitted.mirror, revision, &worded, params);
    // Headers that were set right for the client's own era.
    admitted.strip.retain(|edit| edit.value.is_none() || !edit.name.starts_with("mcp-"));
    let reads = matches!(operation, Operation::ReadResource { .. });
    Ok(Worded { bytes: Cow::Owned(bytes), headers, translation: Some(Translation { to: from, reads }) })
}
