//! In which session a message goes to a legacy server, and how a client's own session begins and ends with its servers'.

use mcp::list::ListKind;
use policy::Operation;

use super::answer::{Unanswered, permit};
use crate::{
    DecisionId, Effect, Era, Moment,
    many::sessions::{self, Keeper},
    record::clip,
    reply::{self, Asked, Refusal, several::Unserved},
    request::{Admitted, Asking, Refused, asking, refuse, step},
};

/// The session in which a message goes to its server.
pub(super) enum Session {
    Given(String),
    Needless,
    Open,
    /// The server has given none.
    Refused,
}

/// Whether a server gives sessions to legacy clients, and speaks to no others.
fn has_sessions(admitted: &Admitted, server: &str) -> bool {
    let offer = admitted.standing.revision.rules().catalogue().offer(server);
    offer.is_some_and(|offer| offer.greeting.sessions && offer.greeting.era() == Era::Legacy)
}

/// Servers whose sessions a caller may come to need.
pub(super) fn needed(admitted: &Admitted) -> Vec<String> {
    let Admitted { standing, endpoint, .. } = admitted;
    let greeting = Operation::List(ListKind::Tools);
    let needed =
        endpoint.several().unwrap_or_default().iter().map(|backend| &backend.server).filter(|server| {
            has_sessions(admitted, server)
                && standing.revision.decide(&standing.subject, server, &greeting).permits()
        });
    needed.cloned().collect()
}

pub(super) fn of(admitted: &mut Admitted, operation: &Operation<'_>) -> Session {
    let server = &admitted.endpoint.server;
    if !has_sessions(admitted, server) {
        return Session::Needless;
    }
    let sealed = admitted.seal.as_ref().and_then(|seal| seal.named()).map(sessions::parted);
    let sealed = sealed.into_iter().flatten().find(|(of, _)| of == server);
    if let Some((_, id)) = sealed {
        // What becomes of it is the client's to see.
        return Session::Given(id.to_owned());
    }
    let keeper = Keeper::of(&admitted.standing, &admitted.endpoint);
    let kept = admitted.standing.revision.sessions().get(&keeper);
    let decision = || admitted.standing.revision.decide(&admitted.standing.subject, server, operation);
    match (kept, &admitted.opened) {
        (Some(id), _) => {
            admitted.standing.kept = Some((keeper, Vec::new()));
            Session::Given(id)
        }
        (None, Some(_)) => Session::Refused,
        // A call that is refused begins none.
        (None, None) if decision().permits() => Session::Open,
        (None, None) => Session::Needless,
    }
}

/// The end of a session, with all that are in it.
pub(super) fn end(admitted: Admitted, operation: &Operation<'_>, moment: &Moment, id: DecisionId) -> Refused {
    let mut admitted = admitted;
    admitted.record.time_ms = moment.now_ms;
    admitted.record.method = clip(operation.method());
    let named = admitted.seal.as_ref().and_then(|seal| seal.named()).map(str::to_owned);
    let (Operation::EndSession, Some(named)) = (operation, named) else {
        return refuse(admitted.record, &Refusal::Several(Unserved::Verb), id, None);
    };
    match permit(&admitted, &admitted.endpoint, operation) {
        Ok(permit) => admitted.record.allow(&permit),
        Err(Unanswered::Denied(denial)) => {
            admitted.record.deny(&denial);
            return step(Effect::Reply(reply::denied(&denial, id, Asked::Verb)), admitted.record);
        }
        Err(Unanswered::Refused(refusal)) => return refuse(admitted.record, &refusal, id, None),
    }
    match Asking::end(admitted, &sessions::parted(&named)) {
        Ok(step) => Box::new(step),
        Err(admitted) => asking::ended(*admitted),
    }
}

impl Admitted {
    /// The session of a client that has just begun one: those of its servers, sealed.
    pub(super) fn sealed_sessions(&self, moment: &Moment, id: DecisionId) -> Option<String> {
        let opened = self.opened.as_ref().filter(|opened| !opened.is_empty())?;
        let joined = sessions::joined(opened.iter().map(|(server, id)| (server.as_str(), id.as_str())));
        let edit = self.seal.as_ref()?.outbound(&joined, &self.standing.revision, moment.now_ms, id);
        edit.ok()?.value
    }
}
