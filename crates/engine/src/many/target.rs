//! Which of an endpoint's servers a message is for.

use std::ops::Range;

use mcp::{Frame, Json, Object, list::ListKind};
use policy::{Backend, Endpoint, Operation};

use crate::{
    many::template,
    reply::several::Unserved,
    session::open_session,
    standing::Standing,
    tasks::{self, quoted},
};

/// Whom a message is for.
#[derive(Debug)]
pub(crate) enum Target<'e> {
    /// The stream on which changes of lists are told.
    Changes,
    /// The gate itself.
    Gate,
    /// One server, which is told its own name in place of the endpoint's.
    Server(&'e Backend, Option<(Range<usize>, Vec<u8>)>),
}

/// What there is to find a server by.
#[derive(Clone, Copy)]
pub(crate) struct Message<'m> {
    pub(crate) frame: &'m Frame<'m>,
    pub(crate) bytes: &'m [u8],
    pub(crate) operation: &'m Operation<'m>,
}

/// Whom a message is for, at an endpoint of several servers.
///
/// # Errors
/// It is for none of them, or cannot be for one of several.
pub(crate) fn of<'e>(
    endpoint: &'e Endpoint,
    standing: &Standing,
    message: Message<'_>,
) -> Result<Target<'e>, Unserved> {
    let params = match message.frame {
        Frame::Request(request) => request.params.as_ref(),
        Frame::Notification(_) | Frame::Response(_) => None,
    };
    match message.operation {
        Operation::Lifecycle { .. } | Operation::List(_) => Ok(Target::Gate),
        Operation::CallTool { name, .. } | Operation::GetPrompt { name, .. } => {
            named(endpoint, name, params.and_then(|params| params.get("name")), message.bytes)
        }
        Operation::Complete { reference } => {
            let name = params.and_then(|params| params.get("ref")?.member("name"));
            match name.filter(|_| is_prompt(params)) {
                Some(place) => named(endpoint, reference, Some(place), message.bytes),
                None => by_uri(endpoint, standing, reference, message.operation),
            }
        }
        Operation::ReadResource { uri } => by_uri(endpoint, standing, uri, message.operation),
        Operation::Task { id: Some(id), .. } => by_task(endpoint, standing, id),
        Operation::Listen { .. } => Ok(Target::Changes),
        Operation::Answer => Err(Unserved::Answer),
        Operation::EndSession | Operation::OpenStream => Err(Unserved::Verb),
        operation => Err(Unserved::Method(operation.method().to_owned())),
    }
}

fn is_prompt(params: Option<&Object<'_>>) -> bool {
    let kind = params.and_then(|params| params.get("ref")?.member("type")?.as_str());
    kind.as_deref() == Some("ref/prompt")
}

fn named<'e>(
    endpoint: &'e Endpoint,
    name: &str,
    place: Option<Json<'_>>,
    bytes: &[u8],
) -> Result<Target<'e>, Unserved> {
    let unknown = || Unserved::Name(name.to_owned());
    let (backend, own) = endpoint.split(name).ok_or_else(unknown)?;
    let place = place.ok_or_else(unknown)?.offset_in(bytes);
    Ok(Target::Server(backend, Some((place, quoted(own)))))
}

/// The first server that lists the resource to a caller who may have it; where none lists it, the only one that would give
/// it.
fn by_uri<'e>(
    endpoint: &'e Endpoint,
    standing: &Standing,
    uri: &str,
    operation: &Operation<'_>,
) -> Result<Target<'e>, Unserved> {
    let backends = endpoint.several().unwrap_or_default();
    let lists = |backend: &&Backend| lists(standing, &backend.server, uri);
    let (revision, subject) = (&standing.revision, &standing.subject);
    let permitted: Vec<&Backend> = backends
        .iter()
        .filter(|backend| revision.decide(subject, &backend.server, operation).permits())
        .collect();
    let found = match permitted.as_slice() {
        [only] => Some(*only),
        // Whoever has it says why it is not for this caller.
        [] => backends.iter().find(lists).or(backends.first()),
        several => several.iter().copied().find(lists),
    };
    let unknown = || Unserved::Resource(uri.to_owned());
    found.map(|backend| Target::Server(backend, None)).ok_or_else(unknown)
}

/// Whether a server lists a resource, a template it can be of, or the template itself.
fn lists(standing: &Standing, server: &str, uri: &str) -> bool {
    standing.revision.rules().catalogue().offer(server).is_some_and(|offer| {
        let resources = offer.entries(ListKind::Resources).iter();
        let mut templates = offer.entries(ListKind::ResourceTemplates).iter();
        resources.map(|entry| entry.key()).any(|key| key == uri)
            || templates.any(|entry| entry.key() == uri || template::matches(entry.key(), uri))
    })
}

/// The server whose task it is: the seal says it.
fn by_task<'e>(endpoint: &'e Endpoint, standing: &Standing, id: &str) -> Result<Target<'e>, Unserved> {
    let identity = standing.subject.identity();
    let keys = standing.revision.session_keys();
    let is_of = |backend: &&Backend| {
        let scope = endpoint.at(backend);
        open_session(id, tasks::holder(&identity, &scope.scope()), keys).is_some()
    };
    let found = endpoint.several().unwrap_or_default().iter().find(is_of);
    found.map(|backend| Target::Server(backend, None)).ok_or(Unserved::Task)
}
