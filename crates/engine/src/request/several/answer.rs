//! What the gate answers itself: lists, greetings, and what needs no answer.

use std::borrow::Cow;

use mcp::{Frame, Object};
use policy::{Decision, Endpoint, Operation, Permit};

use crate::{
    DecisionId, Effect, Era, Moment, Reply,
    limit::Charge,
    many::{self, greeting, pages::List, target::Message},
    reply::{self, Asked, Refusal, several::Unserved},
    request::{Admitted, Judged, Refused, refuse, several::INITIALIZE, step},
    session::HEADER as SESSION,
};

/// Why the gate gives no answer of its own.
pub(super) enum Unanswered {
    Denied(policy::Denial),
    Refused(Refusal),
}

impl From<Unserved> for Unanswered {
    fn from(unserved: Unserved) -> Self {
        Self::Refused(Refusal::Several(unserved))
    }
}

/// Answers a message here.
pub(super) fn answer(
    mut admitted: Admitted,
    message: Message<'_>,
    moment: &Moment,
    id: DecisionId,
) -> Result<Judged, Refused> {
    let asked = Asked::of(message.frame);
    let answered = admitted.settle(message.frame, message.operation, moment).map_err(Unanswered::Refused);
    let answered = answered.and_then(|()| admitted.reply(message));
    match answered {
        Ok((permit, mut reply)) => {
            admitted.record.allow(&permit);
            // Without a key to seal it with there is no session, and none is needed: servers are asked when they are used.
            let sealed = admitted.sealed_sessions(moment, id);
            reply.headers.extend(sealed.map(|sealed| (SESSION, sealed)));
            Ok(admitted.answered(message.operation, asked, (permit, reply)))
        }
        Err(Unanswered::Denied(denial)) => {
            admitted.record.deny(&denial);
            Err(step(Effect::Reply(reply::denied(&denial, id, asked)), admitted.record))
        }
        Err(Unanswered::Refused(refusal)) => Err(refuse(admitted.record, &refusal, id, asked.id())),
    }
}

impl Admitted {
    /// The request with its answer. It counts like any other.
    fn answered(
        self,
        operation: &Operation<'_>,
        asked: Asked<'_>,
        (permit, reply): (Permit, Reply),
    ) -> Judged {
        let Self { standing, endpoint, record, .. } = self;
        let charge = Charge::of(&standing, &permit, (&endpoint.path, ""), operation, asked);
        Judged {
            standing,
            permit,
            headers: Vec::new(),
            body: None,
            inspection: None,
            seal: None,
            charge,
            changes: None,
            reply: Some(reply),
            record,
        }
    }

    /// The answer to what the gate answers itself.
    fn reply(&self, message: Message<'_>) -> Result<(Permit, Reply), Unanswered> {
        let Self { standing, endpoint, record, .. } = self;
        let permit = permit(self, endpoint, message.operation)?;
        let era = record.era.unwrap_or(Era::Legacy);
        let request = match message.frame {
            Frame::Request(request) => request,
            Frame::Notification(_) | Frame::Response(_) => return Ok((permit, reply::accepted())),
        };
        let (params, asked) = (request.params.as_ref(), request.id.bytes());
        if era == Era::Modern {
            spoken(params)?;
        }
        let body = match (message.operation, era) {
            (Operation::List(kind), _) => {
                List { endpoint, standing, kind: *kind }.answer(params, (asked, era))?
            }
            (Operation::Lifecycle { method }, era) => match (method.as_ref(), era) {
                (INITIALIZE, Era::Legacy) => {
                    let greeting = greeting::initialized(endpoint, standing, params);
                    many::message(asked, &[greeting.as_bytes()])
                }
                ("ping", Era::Legacy) => many::message(asked, &[b"{}"]),
                ("server/discover", Era::Modern) => {
                    let greeting = greeting::discovered(endpoint, standing);
                    many::message(asked, &[greeting.as_bytes()])
                }
                (method, _) => return Err(Unserved::Method(method.to_owned()).into()),
            },
            (operation, _) => return Err(Unserved::Method(operation.method().to_owned()).into()),
        };
        Ok((permit, reply::answered(body)))
    }
}

/// Whether a modern request names the revision that is spoken here.
pub(super) fn spoken(params: Option<&Object<'_>>) -> Result<(), Unserved> {
    let Some(named) = params.and_then(mcp::revision::named) else { return Ok(()) };
    if named.as_str().as_deref() == Some(mcp::revision::MODERN) {
        return Ok(());
    }
    Err(Unserved::Version(named.as_str().map_or_else(|| named.text().to_owned(), Cow::into_owned)))
}

/// The right to any of the servers: who has business with one of them may ask what there is.
pub(super) fn permit(
    admitted: &Admitted,
    endpoint: &Endpoint,
    operation: &Operation<'_>,
) -> Result<Permit, Unanswered> {
    let Admitted { standing, .. } = admitted;
    match many::decide(&standing.revision, &standing.subject, endpoint, operation) {
        Decision::Permit(permit) => Ok(permit),
        Decision::Deny(denial) => Err(Unanswered::Denied(denial)),
    }
}
