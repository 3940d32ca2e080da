//! Ids of tasks: like a session's, what the client holds is the server's own id, sealed for its caller and endpoint.
//!
//! A task is known to a server by its id alone, and all callers of the gateway are one to the server. So an id is sealed
//! wherever MCP has one in a message of the server, opened in the requests that name one, and whatever else a request
//! names as a task is no task of the caller's. Equal ids get equal seals, since clients compare them.

use std::{ops::Range, sync::LazyLock};

use mcp::{
    Frame, Json, Limits, Object, Outcome,
    revision::{self, Era},
};
use memchr::memmem::Finder;

use crate::{
    DecisionId, HeaderEdit, Holder, Revision, SealedSession,
    asks::spells_letters,
    inspection::{Verdict, Withheld},
    mirror,
    reply::Refusal,
    session::{Kind, open_session, seal_session},
};

/// The key within `_meta` by which a message of 2025-11-25 says to which task it belongs.
const RELATED: &str = "io.modelcontextprotocol/related-task";
/// The member that holds an id, and the one of a subscription that holds several.
const ID: &str = "taskId";
const IDS: &str = "taskIds";
/// Finds either of them. Made once: making it costs more than the search of a short answer.
static TASK_ID: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(b"\"taskId"));

/// The ids that a request named: the server's own, and what the client holds.
#[derive(Debug, Default)]
pub(crate) struct Tasks {
    known: Vec<(String, String)>,
}

/// A request whose ids were opened.
pub(crate) struct Opened {
    pub(crate) body: Vec<u8>,
    tasks: Tasks,
    /// Whether `Mcp-Name` repeats the last of them.
    mirrored: bool,
}

impl Opened {
    /// The body, and what its answer needs; the head is told of the other body.
    pub(crate) fn into_parts(self, headers: &mut Vec<HeaderEdit>) -> (Vec<u8>, Tasks) {
        headers.push(HeaderEdit::set("content-length", self.body.len().to_string()));
        if self.mirrored
            && let Some((id, _)) = self.tasks.known.last()
        {
            headers.push(HeaderEdit::set(mirror::NAME, mirror::encoded(id)));
        }
        (self.body, self.tasks)
    }
}

impl Tasks {
    /// Opens the ids that a request names; none where it names none.
    ///
    /// # Errors
    /// One of them was not sealed for this caller on this endpoint.
    pub(crate) fn open(
        frame: &Frame<'_>,
        bytes: &[u8],
        holder: Holder<'_>,
        policy: &Revision,
    ) -> Result<Option<Opened>, Refusal> {
        let (method, params) = match frame {
            Frame::Request(request) => (request.method.as_ref(), request.params.as_ref()),
            Frame::Notification(notification) => (notification.method.as_ref(), notification.params.as_ref()),
            Frame::Response(_) => return Ok(None),
        };
        let Some(params) = params else { return Ok(None) };
        let mut named: Vec<_> = related(params.get("_meta")).into_iter().collect();
        let era = revision::era(method, Some(params));
        // `tasks/result` is gone in the modern era, where it is for the server to say so.
        let names = match method {
            "tasks/get" | "tasks/update" | "tasks/cancel" => true,
            "tasks/result" => era == Era::Legacy,
            _ => false,
        };
        let direct = params.get(ID).filter(|_| names);
        named.extend(direct);
        if method == "subscriptions/listen" {
            let ids = params.get("notifications").and_then(|asked| asked.member(IDS)?.array());
            named.extend(ids.unwrap_or_default());
        }
        let (mut edits, mut tasks) = (Vec::new(), Self::default());
        for named in named {
            let sealed = named.as_str().ok_or(Refusal::TaskUnknown)?;
            let task = open_session(&sealed, holder, policy.session_keys()).ok_or(Refusal::TaskUnknown)?;
            edits.push((named.offset_in(bytes), quoted(&task.id)));
            tasks.known.push((task.id, sealed.into_owned()));
        }
        let mirrored = direct.is_some() && era == Era::Modern;
        Ok((!edits.is_empty()).then(|| Opened { body: spliced(bytes, edits), tasks, mirrored }))
    }

    /// Seals the ids in a message of the server.
    pub(crate) fn message(
        &self,
        document: &[u8],
        holder: Holder<'_>,
        revision: &Revision,
        limits: &Limits,
    ) -> Verdict {
        let frame = match Frame::parse(document, limits) {
            Ok(frame) => frame,
            Err(error) => return Verdict::Withheld(Withheld::unjudged(error)),
        };
        let mut edits = Vec::new();
        for place in places(&frame) {
            let Some(id) = place.as_str() else { continue };
            let Some(sealed) = self.sealed(&id, holder, revision) else {
                let code = policy::Code::SessionUnsealed;
                let reason = "it names a task whose id cannot be sealed".to_owned();
                return Verdict::Withheld(Withheld { code, reason });
            };
            edits.push((place.offset_in(document), quoted(&sealed)));
        }
        if edits.is_empty() { Verdict::Keep } else { Verdict::Edited(spliced(document, edits)) }
    }

    fn sealed(&self, id: &str, holder: Holder<'_>, revision: &Revision) -> Option<String> {
        if let Some((_, sealed)) = self.known.iter().find(|(known, _)| known == id) {
            return Some(sealed.clone());
        }
        // No time and no entropy: the nonce comes of what is sealed, so that one task has one text.
        let task = SealedSession { id: id.to_owned(), issued_ms: 0 };
        seal_session(&task, holder, revision.session_keys().first()?, DecisionId::new(0, 0))
    }
}

/// Whether a message can name a task at all: most do not, and need not be read for it.
pub(crate) fn may_name(document: &[u8]) -> bool {
    TASK_ID.find(document).is_some() || spells_letters(document)
}

/// Whose tasks they are.
pub(crate) fn holder<'a>(identity: &'a str, endpoint: &'a str) -> Holder<'a> {
    Holder { kind: Kind::Task, identity, endpoint }
}

/// Where a message of the server has ids of the caller's tasks. A legacy list of tasks is of everybody's: its ids stay as
/// they are, and open nothing.
fn places<'a>(frame: &Frame<'a>) -> Vec<Json<'a>> {
    let mut found = Vec::new();
    match frame {
        Frame::Notification(notification) => {
            let Some(params) = &notification.params else { return found };
            found.extend(params.get(ID));
            found.extend(related(params.get("_meta")));
            let subscribed = params.get("notifications").and_then(|heard| heard.member(IDS)?.array());
            found.extend(subscribed.unwrap_or_default());
        }
        Frame::Request(request) => {
            found
                .extend(request.params.as_ref().and_then(|params: &Object<'_>| related(params.get("_meta"))));
        }
        Frame::Response(response) => {
            let Outcome::Result(result) = response.outcome else { return found };
            found.extend(result.member(ID));
            found.extend(result.member("task").and_then(|task| task.member(ID)));
            found.extend(related(result.member("_meta")));
        }
    }
    found
}

fn related(meta: Option<Json<'_>>) -> Option<Json<'_>> {
    meta?.member(RELATED)?.member(ID)
}

pub(crate) fn quoted(text: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() + 2);
    mcp::write_string(&mut out, text);
    out
}

/// The document with other bytes in these places, which do not overlap.
pub(crate) fn spliced(document: &[u8], mut edits: Vec<(Range<usize>, Vec<u8>)>) -> Vec<u8> {
    edits.sort_by_key(|(place, _)| place.start);
    let mut out = Vec::with_capacity(document.len() + 128);
    let mut from = 0;
    for (place, bytes) in edits {
        out.extend_from_slice(document.get(from..place.start).unwrap_or_default());
        out.extend_from_slice(&bytes);
        from = place.end;
    }
    out.extend_from_slice(document.get(from..).unwrap_or_default());
    out
}
