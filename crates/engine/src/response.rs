//! The answer half: cuts an answer into messages, has each inspected, and puts it together again.
//!
//! Nothing is paused here. A JSON answer is taken out of the stream piece by piece and put back at its end; an event
//! stream goes through event by event. What is done to a message is `inspection.rs`; where there is nothing to do, the
//! bytes go by unread.

use mcp::sse;

use crate::{
    DecisionId, Effect, HeaderEdit, Record, Reply,
    event::Head,
    form::{is_events, is_json, success},
    inspection::{Form, Inspection, Place, Verdict, Withheld},
    many::changes::Changes,
    screening::Course,
    standing::Standing,
};

/// Bytes of an event beside its data that do not count: the names of its fields, its id.
const FRAMING: usize = 1024;

/// The answer as it passes.
#[derive(Debug)]
pub(crate) enum Answer {
    /// A stream that is kept open by its bytes, of which none goes on: what is told on it is the gate's own word.
    Changes(Box<Changes>),
    /// All that it needed is done; what still comes is dropped.
    Done(Inspection),
    /// Its events are inspected one by one.
    Events(Inspection, sse::Decoder),
    /// These bytes go in place of its body, whatever that is.
    Instead(Inspection, Vec<u8>),
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
        if matches!(self, Self::Instead(..) | Self::Json(..)) { Effect::Cut } else { Effect::Pass }
    }

    /// The record of what came back, if there is something to say and it is time to say it.
    pub(crate) fn report(&mut self, now_ms: u64, course: Course) -> Option<Record> {
        match self {
            Self::Done(inspection) => inspection.report(now_ms, Course::Over),
            Self::Events(inspection, _)
            | Self::Instead(inspection, _)
            | Self::Json(inspection, _)
            | Self::Pending(inspection) => inspection.report(now_ms, course),
            Self::Changes(_) | Self::Pass | Self::Withheld => None,
        }
    }

    /// What was withheld since this was last asked, where no report tells.
    pub(crate) fn take_withheld(&mut self) -> Vec<Withheld> {
        match self {
            Self::Done(inspection)
            | Self::Events(inspection, _)
            | Self::Instead(inspection, _)
            | Self::Json(inspection, _)
            | Self::Pending(inspection) => inspection.take_withheld(),
            Self::Changes(_) | Self::Pass | Self::Withheld => Vec::new(),
        }
    }

    /// The answer's head: chooses how its body is read.
    pub(crate) fn head(&mut self, head: &Head, id: DecisionId) -> Effect {
        let mut inspection = match std::mem::replace(self, Self::Pass) {
            Self::Pending(inspection) => inspection,
            Self::Changes(changes) => {
                let effect = changes.head(head, id);
                *self = match effect {
                    Effect::Pass => Self::Pass,
                    Effect::Reply(_) => Self::Withheld,
                    _ => Self::Changes(changes),
                };
                return effect;
            }
            _ => return Effect::Pass,
        };
        let content_type = head.one("content-type").unwrap_or_default();
        let events = is_events(content_type);
        let json = (inspection.form() == Form::Answer || inspection.is_strict()) && is_json(content_type);
        let encoded = head.all("content-encoding").any(|value| !value.eq_ignore_ascii_case(b"identity"));
        let known = inspection.is_strict() || success(head) || events || json;
        // An error that is neither JSON nor a stream is the server's own: 404, or 405 where it offers no stream.
        if head.last || !known {
            return Effect::Pass;
        }
        if encoded || !(events || json) {
            let reason = if encoded { "it is compressed" } else { "it is neither JSON nor an event stream" };
            return self.unread(inspection, head, reason, id);
        }
        let length = head.one("content-length").and_then(|length| length.parse::<usize>().ok());
        if json && length.is_some_and(|length| length > inspection.longest()) && success(head) {
            let why = inspection.too_long();
            let body = inspection.error(None, &why, id);
            *self = Self::Done(inspection);
            return Effect::Reply(answer(200, body));
        }
        *self = if events {
            let decoder = sse::Decoder::new(inspection.longest().saturating_add(FRAMING));
            Self::Events(inspection, decoder)
        } else {
            Self::Json(inspection, Vec::new())
        };
        Effect::ResponseHead(vec![HeaderEdit::remove("content-length")])
    }

    /// A body that cannot be read: an error in its place. An error of the server keeps its status.
    fn unread(&mut self, mut inspection: Inspection, head: &Head, reason: &str, id: DecisionId) -> Effect {
        let awaited = inspection.is_awaited() || inspection.form() == Form::Stream;
        let body = if awaited { inspection.error(None, &Withheld::unjudged(reason), id) } else { Vec::new() };
        if awaited && success(head) {
            *self = Self::Done(inspection);
            return Effect::Reply(answer(502, body));
        }
        *self = Self::Instead(inspection, body);
        Effect::ResponseHead(vec![
            HeaderEdit::remove("content-length"),
            HeaderEdit::remove("content-encoding"),
            HeaderEdit::set("content-type", "application/json"),
        ])
    }

    /// A piece of the answer's body.
    pub(crate) fn chunk(&mut self, bytes: &[u8], last: bool, standing: &Standing, id: DecisionId) -> Effect {
        match std::mem::replace(self, Self::Withheld) {
            Self::Pass | Self::Pending(_) => {
                *self = Self::Pass;
                Effect::Pass
            }
            Self::Withheld => Effect::Replace(Vec::new()),
            Self::Changes(mut changes) => {
                let told = changes.beat(last, standing);
                *self = if last { Self::Withheld } else { Self::Changes(changes) };
                Effect::Replace(told)
            }
            Self::Done(inspection) => {
                *self = Self::Done(inspection);
                Effect::Replace(Vec::new())
            }
            Self::Instead(inspection, body) => {
                *self = Self::Done(inspection);
                Effect::Replace(body)
            }
            Self::Json(inspection, body) => {
                self.json(inspection, body, Piece { bytes, last }, (standing, id))
            }
            Self::Events(inspection, decoder) => {
                self.events(inspection, decoder, Piece { bytes, last }, (standing, id))
            }
        }
    }

    /// A piece of a JSON answer.
    fn json(
        &mut self,
        mut inspection: Inspection,
        mut body: Vec<u8>,
        piece: Piece<'_>,
        (standing, id): (&Standing, DecisionId),
    ) -> Effect {
        if body.len() + piece.bytes.len() > inspection.longest() {
            let why = inspection.too_long();
            let error = inspection.error(None, &why, id);
            *self = Self::Done(inspection);
            return Effect::Replace(error);
        }
        if body.is_empty() && piece.last {
            // The whole answer in one piece, as most come: where nothing is to be done to it, it goes on as it came.
            let edited = edited(&mut inspection, piece.bytes, standing, id);
            *self = Self::Done(inspection);
            return edited.map_or(Effect::Pass, Effect::Replace);
        }
        body.extend_from_slice(piece.bytes);
        if !piece.last {
            *self = Self::Json(inspection, body);
            return Effect::Replace(Vec::new());
        }
        let edited = edited(&mut inspection, &body, standing, id);
        *self = Self::Done(inspection);
        Effect::Replace(edited.unwrap_or(body))
    }

    /// A piece of an event stream.
    fn events(
        &mut self,
        mut inspection: Inspection,
        mut decoder: sse::Decoder,
        piece: Piece<'_>,
        (standing, id): (&Standing, DecisionId),
    ) -> Effect {
        let mut out = Vec::with_capacity(piece.bytes.len());
        let fits = decoder.push(piece.bytes).is_ok();
        while let Some(event) = decoder.next_event() {
            if pass(&event, &mut inspection, (standing, id), &mut out) == Flow::Ends {
                *self = Self::Done(inspection);
                return Effect::Replace(out);
            }
        }
        if !fits && !inspection.is_awaited() {
            *self = Self::Done(inspection);
            return Effect::Cut;
        }
        if !fits {
            let why = inspection.too_long();
            out.extend_from_slice(b"data: ");
            out.extend_from_slice(&inspection.error(None, &why, id));
            out.extend_from_slice(b"\n\n");
        }
        // An event without its closing blank line is not one (HTML, 9.2.6): it is dropped, as clients do.
        *self = if fits && !piece.last { Self::Events(inspection, decoder) } else { Self::Done(inspection) };
        Effect::Replace(out)
    }
}

/// A piece of an answer's body, and whether it is the last.
#[derive(Clone, Copy)]
struct Piece<'a> {
    bytes: &'a [u8],
    last: bool,
}

fn answer(status: u16, body: Vec<u8>) -> Reply {
    Reply { status, headers: vec![("content-type", "application/json".to_owned())], body }
}

/// Whether a stream goes on after an event.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Flow {
    Ends,
    Goes,
}

/// What goes on in place of a JSON answer: its edited form, or an error; nothing where it goes on as it is.
fn edited(inspection: &mut Inspection, body: &[u8], standing: &Standing, id: DecisionId) -> Option<Vec<u8>> {
    match inspection.message(body, standing) {
        Verdict::Keep => None,
        Verdict::Edited(edited) => Some(edited),
        Verdict::Withheld(why) => Some(match inspection.in_place(body, &why, id) {
            Place::Error(error) | Place::Last(error) => error,
            Place::Nothing => inspection.error(None, &why, id),
        }),
    }
}

/// One event after the inspection of its message. What is withheld without an error in its place leaves the event
/// behind, so that the client learns its id, but no data.
fn pass(
    event: &sse::Event,
    inspection: &mut Inspection,
    (standing, id): (&Standing, DecisionId),
    out: &mut Vec<u8>,
) -> Flow {
    let Some(data) = &event.data else {
        out.extend_from_slice(&event.raw);
        return Flow::Goes;
    };
    let verdict = if data.len() > inspection.longest() {
        Verdict::Withheld(inspection.too_long())
    } else {
        inspection.message(data, standing)
    };
    match verdict {
        Verdict::Keep => out.extend_from_slice(&event.raw),
        Verdict::Edited(edited) => out.extend_from_slice(&event.with_data(&edited)),
        Verdict::Withheld(why) => match inspection.in_place(data, &why, id) {
            Place::Error(error) => out.extend_from_slice(&event.with_data(&error)),
            Place::Nothing => {
                inspection.note(&why);
                out.extend_from_slice(&event.without_data());
            }
            Place::Last(error) => {
                out.extend_from_slice(&event.with_data(&error));
                return Flow::Ends;
            }
        },
    }
    Flow::Goes
}
