//! The answer half: lists lose what the caller may not use, everything else streams by untouched.
//!
//! Nothing is paused here. A JSON list is taken out of the stream piece by piece and put back, edited, at its end; an
//! event stream is edited event by event. A legacy GET stream may replay the events of an earlier list
//! (`Last-Event-ID`), so its events are looked at too.

use mcp::{Limits, list::ListKind, sse};

use crate::{DecisionId, Effect, HeaderEdit, Reply, event::Head, form::is_json, reply};

/// Bounds of one list: far above any real one, far below what would hurt a worker.
const LIMITS: Limits = Limits { bytes: 4 * 1024 * 1024, depth: 128, members: 500_000 };

/// Whether the caller may see an item of a server's list.
pub(crate) type Keep<'a> = dyn Fn(ListKind, &str, &str) -> bool + 'a;

/// What an answer's body needs.
#[derive(Debug)]
pub(crate) enum Plan {
    /// The answer to a list request with this id.
    List(Asked),
    /// Nothing.
    Pass,
    /// A stream on which lists may be replayed.
    Stream(Asked),
}

/// Whose list it is, and the request's id for an error in its place.
#[derive(Debug)]
pub(crate) struct Asked {
    server: String,
    id: Vec<u8>,
}

impl Plan {
    pub(crate) fn list(server: &str, id: &[u8]) -> Self {
        Self::List(Asked { server: server.to_owned(), id: id.to_owned() })
    }

    pub(crate) fn stream(server: &str) -> Self {
        Self::Stream(Asked { server: server.to_owned(), id: b"null".to_vec() })
    }
}

/// The answer as it passes.
#[derive(Debug)]
pub(crate) enum Answer {
    /// Its events are edited one by one.
    Events(Asked, sse::Decoder),
    /// Its bytes are collected and edited at the end.
    Json(Asked, Vec<u8>),
    /// Goes by.
    Pass,
    /// The head decides.
    Pending(Plan),
    /// Replaced by an error; what still comes is dropped.
    Withheld,
}

impl Answer {
    pub(crate) fn new(plan: Plan) -> Self {
        match plan {
            Plan::Pass => Self::Pass,
            plan => Self::Pending(plan),
        }
    }

    /// Whether its bytes matter.
    pub(crate) const fn is_read(&self) -> bool {
        !matches!(self, Self::Pass)
    }

    /// The answer ends with trailers: what was collected can no longer be sent.
    pub(crate) const fn trailers(&self) -> Effect {
        if matches!(self, Self::Json(..)) { Effect::Cut } else { Effect::Pass }
    }

    /// The answer's head: chooses how its body is read.
    pub(crate) fn head(&mut self, head: &Head, id: DecisionId) -> Effect {
        let Self::Pending(plan) = std::mem::replace(self, Self::Pass) else { return Effect::Pass };
        let (asked, whole) = match plan {
            Plan::List(asked) => (asked, true),
            Plan::Stream(asked) => (asked, false),
            Plan::Pass => return Effect::Pass,
        };
        let content_type = head.one("content-type").unwrap_or_default();
        let media = content_type.split(';').next().unwrap_or_default().trim();
        let events = media.eq_ignore_ascii_case("text/event-stream");
        let list = whole && is_json(content_type);
        // An error that is neither list nor stream is the server's own: 404, or 405 where it offers no stream.
        if head.last || !(success(head) || events || list) {
            return Effect::Pass;
        }
        let encoded = head.all("content-encoding").any(|value| !value.eq_ignore_ascii_case(b"identity"));
        if encoded || !(events || list) {
            *self = Self::Withheld;
            let reason = if encoded { "it is compressed" } else { "it is neither JSON nor an event stream" };
            return Effect::Reply(Reply {
                status: 502,
                headers: vec![("content-type", "application/json".to_owned())],
                body: reply::unjudged(reason, &asked.id, id),
            });
        }
        *self = if events {
            Self::Events(asked, sse::Decoder::new(LIMITS.bytes))
        } else {
            Self::Json(asked, Vec::new())
        };
        Effect::ResponseHead(vec![HeaderEdit::remove("content-length")])
    }

    /// A piece of the answer's body.
    pub(crate) fn chunk(&mut self, bytes: &[u8], last: bool, keep: &Keep<'_>, id: DecisionId) -> Effect {
        match std::mem::replace(self, Self::Withheld) {
            Self::Pass | Self::Pending(_) => {
                *self = Self::Pass;
                Effect::Pass
            }
            Self::Withheld => Effect::Replace(Vec::new()),
            Self::Json(asked, mut body) => {
                body.extend_from_slice(bytes);
                if body.len() > LIMITS.bytes {
                    return Effect::Replace(reply::unjudged("its list is too large", &asked.id, id));
                }
                if last {
                    return Effect::Replace(filtered(&body, &asked, keep, id));
                }
                *self = Self::Json(asked, body);
                Effect::Replace(Vec::new())
            }
            Self::Events(asked, mut decoder) => {
                let mut out = Vec::with_capacity(bytes.len());
                if decoder.push(bytes).is_err() {
                    return Effect::Cut;
                }
                while let Some(event) = decoder.next_event() {
                    edit(&event, &asked, keep, id, &mut out);
                }
                if last {
                    // An event without its closing blank line is not one (HTML, 9.2.6): it is dropped, as clients do.
                    return Effect::Replace(out);
                }
                *self = Self::Events(asked, decoder);
                Effect::Replace(out)
            }
        }
    }
}

fn success(head: &Head) -> bool {
    head.one(":status").is_some_and(|status| status.starts_with('2'))
}

/// The document without the items that the caller may not use, or an error in its place.
fn filtered(document: &[u8], asked: &Asked, keep: &Keep<'_>, id: DecisionId) -> Vec<u8> {
    match mcp::list::filter_list(document, &LIMITS, &mut |kind, name| keep(kind, &asked.server, name)) {
        Ok(filtered) => filtered.bytes.into_owned(),
        Err(error) => reply::unjudged(&error.to_string(), &asked.id, id),
    }
}

fn edit(event: &sse::Event, asked: &Asked, keep: &Keep<'_>, id: DecisionId, out: &mut Vec<u8>) {
    let Some(data) = &event.data else {
        out.extend_from_slice(&event.raw);
        return;
    };
    let edited = filtered(data, asked, keep, id);
    if edited == *data {
        out.extend_from_slice(&event.raw);
    } else {
        out.extend_from_slice(&event.with_data(&edited));
    }
}
