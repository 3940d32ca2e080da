//! On whose right an exchange stands: who called, under which policy, and whether that still holds.

use std::rc::Rc;

use policy::{Endpoint, Operation, Subject};

use crate::{
    DecisionId, HeaderEdit, Moment, Record, Revision, Unauthenticated,
    caller::Credential,
    event::Head,
    inspection::Withheld,
    many::{self, sessions::Keeper as SessionKeeper},
    record::clip,
    reply::Refusal,
    session::{self, Seal},
};

/// On whose right an exchange stands, to be checked again while it lasts.
#[derive(Debug)]
pub(crate) struct Standing {
    credential: Credential,
    pub(crate) subject: Subject,
    pub(crate) revision: Rc<Revision>,
    /// When the credential was last checked, Unix seconds: it may expire under a stream without any new policy.
    checked: u64,
    /// What was permitted, once it was.
    pub(crate) permitted: Option<Permitted>,
    /// How a legacy answer names its session.
    pub(crate) seal: Option<Seal>,
    /// The session that the gate keeps with the server, where the request goes in one, and the request's id.
    pub(crate) kept: Option<(SessionKeeper, Vec<u8>)>,
}

/// What was permitted, and where.
#[derive(Debug)]
pub(crate) struct Permitted {
    pub(crate) endpoint: Endpoint,
    pub(crate) operation: Operation<'static>,
    pub(crate) trace_id: String,
}

impl Standing {
    /// The record of an answer that did not go on, beside that of its request.
    pub(crate) fn withheld(&self, why: &Withheld, moment: &Moment, id: DecisionId) -> Record {
        let mut record = Record::new(id, moment.now_ms);
        record.subject.clone_from(&self.subject.name);
        record.key_id.clone_from(&self.subject.key_id);
        record.issuer.clone_from(&self.subject.issuer);
        record.role.clone_from(&self.subject.role);
        record.revision = self.revision.rules().revision();
        if let Some(Permitted { endpoint, operation, trace_id }) = &self.permitted {
            record.endpoint.clone_from(&endpoint.path);
            record.server.clone_from(&endpoint.server);
            record.trace_id.clone_from(trace_id);
            record.method = clip(operation.method());
            record.name = clip(operation.name().unwrap_or_default());
        }
        record.refuse("answer", &why.reason, why.code.number());
        record
    }

    /// What becomes of the session that an answer names: sealed on a legacy one, gone from a modern one.
    pub(crate) fn session_edit(
        &self,
        head: &Head,
        moment: &Moment,
        id: DecisionId,
    ) -> Result<Option<HeaderEdit>, Refusal> {
        if !head.has(session::HEADER) {
            return Ok(None);
        }
        let Some(seal) = &self.seal else { return Ok(Some(HeaderEdit::remove(session::HEADER))) };
        let named = head.one(session::HEADER).ok_or(Refusal::SessionUnsealed)?;
        seal.outbound(named, &self.revision, moment.now_ms, id).map(Some)
    }

    /// The id of the request whose session the server knows no more. The next request begins another.
    pub(crate) fn lost_session(&self, head: &Head) -> Option<Vec<u8>> {
        let (keeper, id) = self.kept.as_ref().filter(|_| head.one(":status") == Some("404"))?;
        self.revision.sessions().forget(keeper);
        Some(id.clone())
    }

    /// Who presents a request, with the record told of it.
    pub(crate) fn of(
        head: &Head,
        revision: &Rc<Revision>,
        (path, now_ms): (&str, u64),
        record: &mut Record,
    ) -> Result<Self, Unauthenticated> {
        let (credential, checked) = (Credential::of(head, revision, path)?, now_ms / 1000);
        credential.key_id().clone_into(&mut record.key_id);
        let subject = credential.subject(revision, checked)?;
        record.subject.clone_from(&subject.name);
        record.issuer.clone_from(&subject.issuer);
        record.role.clone_from(&subject.role);
        Ok(Self {
            credential,
            subject,
            revision: Rc::clone(revision),
            checked,
            permitted: None,
            seal: None,
            kept: None,
        })
    }

    /// When the right was last seen to hold, Unix seconds.
    pub(crate) const fn checked(&self) -> u64 {
        self.checked
    }

    /// Whether the right still holds.
    pub(crate) fn holds(&mut self, moment: &Moment) -> bool {
        self.recheck(moment).is_ok()
    }

    /// Whether the right still holds, or why not. Costs two comparisons while the policy and the second stay the same.
    pub(crate) fn recheck(&mut self, moment: &Moment) -> Result<(), Unauthenticated> {
        let Some(current) = &moment.revision else { return Err(Unauthenticated::Changed) };
        let now = moment.now_ms / 1000;
        let same_policy = Rc::ptr_eq(current, &self.revision);
        if same_policy && now == self.checked {
            return Ok(());
        }
        let known = self.credential.subject(current, now);
        let permitted = match &self.permitted {
            Some(Permitted { endpoint, operation, .. }) if !same_policy => {
                many::decide(current, &self.subject, endpoint, operation).permits()
            }
            _ => true,
        };
        self.revision = Rc::clone(current);
        self.checked = now;
        if known? == self.subject && permitted { Ok(()) } else { Err(Unauthenticated::Changed) }
    }
}
