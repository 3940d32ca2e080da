//! One endpoint with several servers: what is answered here, and what goes to which of them.
//!
//! Lists and greetings are answered from the catalogue, so they cost no server anything and outlast its outage. Whatever
//! names a tool, prompt, resource or task goes to the server it is of, under that server's own name, in the era that the
//! server speaks. Changes of the lists are told on a stream that the adapter holds open. How an exchange goes through this is `request/several.rs`.

pub(crate) mod answer;
pub(crate) mod changes;
pub(crate) mod greeting;
pub(crate) mod pages;
pub(crate) mod sessions;
pub(crate) mod target;
pub(crate) mod template;
pub(crate) mod translate;

use policy::{Decision, Endpoint, Operation, ServerKind, Subject};

use crate::{Era, Revision};

/// The header by which Envoy's routes tell the servers of one endpoint apart. No client can set it.
pub(crate) const SERVER: &str = "x-trigate-server";

/// The era that the server of an endpoint speaks; none where it was never heard.
pub(crate) fn era_of(revision: &Revision, endpoint: &Endpoint) -> Option<Era> {
    match endpoint.kind {
        ServerKind::Database => Some(Era::Modern),
        ServerKind::Upstream => {
            revision.rules().catalogue().offer(&endpoint.server).map(|offer| offer.greeting.era())
        }
    }
}

/// Whether the rules permit an operation at an endpoint: at its server or, of what belongs to no single one of several, at
/// any of them.
pub(crate) fn decide(
    revision: &Revision,
    subject: &Subject,
    endpoint: &Endpoint,
    operation: &Operation<'_>,
) -> Decision {
    if !endpoint.server.is_empty() {
        return revision.decide(subject, &endpoint.server, operation);
    }
    let backends = revision.rules().endpoint(&endpoint.path).and_then(Endpoint::several);
    revision.rules().decide_at_any(subject, backends.unwrap_or_default(), operation)
}

/// A result as the whole message that answers a request.
pub(crate) fn message(id: &[u8], result: &[&[u8]]) -> Vec<u8> {
    let mut out = Vec::with_capacity(64 + id.len() + result.iter().map(|part| part.len()).sum::<usize>());
    out.extend_from_slice(br#"{"jsonrpc":"2.0","id":"#);
    out.extend_from_slice(id);
    out.extend_from_slice(br#","result":"#);
    result.iter().for_each(|part| out.extend_from_slice(part));
    out.push(b'}');
    out
}
