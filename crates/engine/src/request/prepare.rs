//! What has to be right of a request that the rules permit, and what goes upstream with it.

use policy::{Endpoint, Operation, Screen};

use crate::{
    HeaderEdit, Record,
    reply::Refusal,
    request::Body,
    screening,
    standing::Standing,
    tasks::{self, Opened, Tasks},
    upstream,
};

/// What a permitted request takes along.
pub(super) struct Prepared {
    pub(super) screen: Option<Screen>,
    pub(super) opened: Option<Opened>,
    pub(super) credential: Vec<HeaderEdit>,
}

/// Looks at arguments, extension and tasks, and fetches the server's credential.
pub(super) fn prepare(
    standing: &Standing,
    endpoint: &Endpoint,
    operation: &Operation<'_>,
    body: Body<'_>,
    record: &mut Record,
) -> Result<Prepared, Refusal> {
    let (rules, subject) = (standing.revision.rules(), &standing.subject);
    let screen = rules.screen(subject, &endpoint.server, operation);
    if let Some(screen) = &screen {
        screening::arguments(operation, screen, record).map_err(Refusal::Arguments)?;
    }
    if let Some(extension) = body.asks.undeclared(operation)
        && rules.may_send(subject, &endpoint.server, operation.method()).is_err()
    {
        return Err(Refusal::Undeclared(extension));
    }
    let opened = match body.frame {
        Some(frame) => {
            let (identity, scope) = (subject.identity(), endpoint.scope());
            let holder = tasks::holder(&identity, &scope);
            Tasks::open(frame, body.bytes, holder, &standing.revision)?
        }
        None => None,
    };
    let forwarded = opened.as_ref().map_or(body.bytes, |opened| opened.body.as_slice());
    let credential = upstream::credential(standing, endpoint, record, forwarded)?;
    Ok(Prepared { screen, opened, credential })
}
