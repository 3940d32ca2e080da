//! The answer half: cuts an answer into messages, has each inspected, and puts it together again.
//!
//! Nothing is paused here. A JSON answer is taken out of the stream piece by piece and put back at its end; an event
//! stream goes through event by event. What is done to a message is `inspection.rs`; where there is nothing to do, the
//! bytes go by unread.

use mcp::sse;

use crate::{
    DecisionId, Effect, HeaderEdit, Reply,
    event::Head,
    exchange::Standing,
    form::is_json,
    inspection::{Form, Inspection, Verdict, Withheld},
};

/// The answer as it passes.
#[derive(Debug)]
pub(crate) enum Answer {
    /// Its events are inspected one by one.
    Events(Inspection, sse::Decoder),
    /// Its bytes are collected and inspected at the end.
    Json(Inspection, Vec<u8>),
    /// Goes by.
    Pass,
    /// The head decides.
    Pending(Inspection),
    /// Replaced by an error; what still comes is dropped.
    Withheld,
}

impl Answer {
    pub(crate) fn new(inspection: Option<Inspection>) -> Self {
        inspection.map_or(Self::Pass, Self::Pending)
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
        let Self::Pending(inspection) = std::mem::replace(self, Self::Pass) else { return Effect::Pass };
        let content_type = head.one("content-type").unwrap_or_default();
        let media = content_type.split(';').next().unwrap_or_default().trim();
        let events = media.eq_ignore_ascii_case("text/event-stream");
        let json = inspection.form() == Form::Answer && is_json(content_type);
        // An error that is neither JSON nor a stream is the server's own: 404, or 405 where it offers no stream.
        if head.last || !(success(head) || events || json) {
            return Effect::Pass;
        }
        let encoded = head.all("content-encoding").any(|value| !value.eq_ignore_ascii_case(b"identity"));
        if encoded || !(events || json) {
            *self = Self::Withheld;
            let reason = if encoded { "it is compressed" } else { "it is neither JSON nor an event stream" };
            return Effect::Reply(Reply {
                status: 502,
                headers: vec![("content-type", "application/json".to_owned())],
                body: inspection.error(None, &Withheld::unjudged(reason), id),
            });
        }
        *self = if events {
            let decoder = sse::Decoder::new(inspection.longest());
            Self::Events(inspection, decoder)
        } else {
            Self::Json(inspection, Vec::new())
        };
        Effect::ResponseHead(vec![HeaderEdit::remove("content-length")])
    }

    /// A piece of the answer's body.
    pub(crate) fn chunk(&mut self, bytes: &[u8], last: bool, standing: &Standing, id: DecisionId) -> Effect {
        match std::mem::replace(self, Self::Withheld) {
            Self::Pass | Self::Pending(_) => {
                *self = Self::Pass;
                Effect::Pass
            }
            Self::Withheld => Effect::Replace(Vec::new()),
            Self::Json(mut inspection, mut body) => {
                body.extend_from_slice(bytes);
                if body.len() > inspection.longest() {
                    let why = Withheld::unjudged("it is too large");
                    return Effect::Replace(inspection.error(None, &why, id));
                }
                if last {
                    return Effect::Replace(whole(&mut inspection, body, standing, id));
                }
                *self = Self::Json(inspection, body);
                Effect::Replace(Vec::new())
            }
            Self::Events(mut inspection, mut decoder) => {
                let mut out = Vec::with_capacity(bytes.len());
                if decoder.push(bytes).is_err() {
                    return Effect::Cut;
                }
                while let Some(event) = decoder.next_event() {
                    pass(&event, &mut inspection, standing, id, &mut out);
                }
                if last {
                    // An event without its closing blank line is not one (HTML, 9.2.6): it is dropped, as clients do.
                    return Effect::Replace(out);
                }
                *self = Self::Events(inspection, decoder);
                Effect::Replace(out)
            }
        }
    }
}

fn success(head: &Head) -> bool {
    head.one(":status").is_some_and(|status| status.starts_with('2'))
}

/// A JSON answer after its inspection, or an error in its place.
fn whole(inspection: &mut Inspection, body: Vec<u8>, standing: &Standing, id: DecisionId) -> Vec<u8> {
    match inspection.message(&body, standing) {
        Verdict::Keep => body,
        Verdict::Edited(edited) => edited,
        Verdict::Withheld(why) => {
            inspection.in_place(&body, &why, id).unwrap_or_else(|| inspection.error(None, &why, id))
        }
    }
}

/// One event after the inspection of its message. What is withheld without an error in its place leaves the event
/// behind, so that the client learns its id, but no data.
fn pass(
    event: &sse::Event,
    inspection: &mut Inspection,
    standing: &Standing,
    id: DecisionId,
    out: &mut Vec<u8>,
) {
    let Some(data) = &event.data else {
        out.extend_from_slice(&event.raw);
        return;
    };
    match inspection.message(data, standing) {
        Verdict::Keep => out.extend_from_slice(&event.raw),
        Verdict::Edited(edited) => out.extend_from_slice(&event.with_data(&edited)),
        Verdict::Withheld(why) => match inspection.in_place(data, &why, id) {
            Some(error) => out.extend_from_slice(&event.with_data(&error)),
            None => out.extend_from_slice(&event.without_data()),
        },
    }
}
