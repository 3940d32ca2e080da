//! Hosts that cannot keep a head until the body is judged: what is done to it has to be done before.
//!
//! Taking away the agent's credential and adding a server's fixed one need the head alone. What follows from the body, and what
//! stands for it, cannot be sent any more: such a request is refused.

use policy::ServerKind;

use crate::{
    DecisionId, HeaderEdit, Moment, Record,
    record::TRACE,
    reply::Refusal,
    request::{Admitted, Refused, refuse},
};

impl Admitted {
    /// The changes of a head that goes on before its body is judged.
    pub(crate) fn advance(&mut self, moment: &Moment, id: DecisionId) -> Result<Vec<HeaderEdit>, Refused> {
        let server = &self.endpoint.server;
        let secret = self.standing.revision.secret(server);
        let asserts = secret.is_some_and(|secret| !secret.assertion_key.is_empty());
        let refused = |refusal: Refusal| {
            let record = Record { time_ms: moment.now_ms, ..self.record.clone() };
            refuse(record, &refusal, id, None)
        };
        if self.endpoint.kind == ServerKind::Database || asserts {
            return Err(refused(Refusal::HeadGone("a signed assertion")));
        }
        if self.endpoint.several().is_some() {
            return Err(refused(Refusal::HeadGone("the choice of one of several servers")));
        }
        let mut edits = self.strip.clone();
        match secret.and_then(|secret| secret.credential.as_ref()) {
            None => {}
            Some((_, value)) if value.is_empty() => {
                return Err(refused(Refusal::CredentialUnresolved(server.clone())));
            }
            Some((name, value)) => edits.push(HeaderEdit::set(name, value)),
        }
        self.ahead = Some(edits.clone());
        Ok(edits)
    }
}

/// Whether what has gone ahead is all that a judged request needs.
pub(crate) fn suffices(gone: &[HeaderEdit], needed: &[HeaderEdit], body: bool) -> Result<(), Refusal> {
    if body {
        return Err(Refusal::HeadGone("a body with ids of its own"));
    }
    let missing = needed.iter().any(|edit| edit.name != TRACE && !gone.contains(edit));
    if missing { Err(Refusal::HeadGone("a session")) } else { Ok(()) }
}
