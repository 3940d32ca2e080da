//! A stream on which a caller is told of changes: asked for, permitted, and sent to the adapter, who keeps it open.

use mcp::Frame;
use policy::{Backend, CHANGES, Operation, ServerKind};

use super::answer::{Unanswered, permit, spoken};
use crate::{
    DecisionId, Effect, Era, HeaderEdit, Moment,
    limit::Charge,
    many::{
        self,
        changes::{self, Changes},
    },
    record::clip,
    reply::{self, Asked, Refusal},
    request::{Admitted, Judged, Refused, refuse, step},
    session::HEADER as SESSION,
    standing::Permitted,
    upstream,
};

/// Judges a subscription, or a legacy client's wish for a stream.
pub(super) fn open(
    mut admitted: Admitted,
    (frame, bytes): (Option<&Frame<'_>>, &[u8]),
    operation: &Operation<'_>,
    moment: &Moment,
    id: DecisionId,
) -> Result<Judged, Refused> {
    admitted.record.time_ms = moment.now_ms;
    admitted.record.method = clip(operation.method());
    let asked = frame.map_or(Asked::Verb, Asked::of);
    if let Err(refusal) = fits(&mut admitted, frame, operation, moment) {
        return Err(refuse(admitted.record, &refusal, id, asked.id()));
    }
    let permit = match permit(&admitted, &admitted.endpoint, operation) {
        Ok(permit) => permit,
        Err(Unanswered::Denied(denial)) => {
            admitted.record.deny(&denial);
            return Err(step(Effect::Reply(reply::denied(&denial, id, asked)), admitted.record));
        }
        Err(Unanswered::Refused(refusal)) => {
            return Err(refuse(admitted.record, &refusal, id, asked.id()));
        }
    };
    let Admitted { mut standing, endpoint, strip, mut record, .. } = admitted;
    // The adapter takes it from nobody but the gateway.
    let keeper = endpoint.at(&Backend { server: CHANGES.to_owned(), kind: ServerKind::Database });
    let credential = match upstream::credential(&standing, &keeper, &record, bytes) {
        Ok(credential) => credential,
        Err(refusal) => return Err(refuse(record, &refusal, id, asked.id())),
    };
    let mut headers = strip;
    headers.extend(credential);
    headers.push(HeaderEdit::set(many::SERVER, CHANGES));
    headers.push(HeaderEdit::remove(SESSION));
    let changes = Changes::since_now(&endpoint, &standing, operation, asked.id());
    let charge = Charge::of(&standing, &permit, (&endpoint.path, ""), operation, asked);
    record.allow(&permit);
    let trace_id = record.trace_id.clone();
    standing.permitted = Some(Permitted { endpoint, operation: operation.clone().into_owned(), trace_id });
    Ok(Judged {
        standing,
        permit,
        headers,
        body: None,
        inspection: None,
        seal: None,
        changes: Some(Box::new(changes)),
        charge,
        reply: None,
        record,
    })
}

/// Whether there are such streams, and the request is one for its era.
fn fits(
    admitted: &mut Admitted,
    frame: Option<&Frame<'_>>,
    operation: &Operation<'_>,
    moment: &Moment,
) -> Result<(), Refusal> {
    let untold = changes::refusal(frame.is_some());
    if let Some(frame) = frame {
        admitted.settle(frame, operation, moment)?;
        let Frame::Request(request) = frame else { return Err(untold) };
        if admitted.record.era != Some(Era::Modern) {
            return Err(untold);
        }
        spoken(request.params.as_ref()).map_err(Refusal::Several)?;
    }
    if changes::are_told(&admitted.standing.revision) { Ok(()) } else { Err(untold) }
}
