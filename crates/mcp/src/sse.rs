//! Server-sent events, taken apart and put together again without losing a byte.
//!
//! The decoder gives every byte it was fed back in exactly one event's `raw`, in order, so that
//! what is not edited can be forwarded as it came. Lines end in LF, CRLF or CR; where the stream is
//! cut into pieces makes no difference. What the data mean is the engine's business.

mod event;

use std::collections::VecDeque;

use memchr::memchr2;
use thiserror::Error;

pub use event::Event;

/// The stream cannot be decoded further.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SseError {
    /// An event longer than the limit.
    #[error("an event of the stream is longer than the {limit} bytes allowed")]
    TooLong {
        /// The limit.
        limit: usize,
    },
}

/// Takes the bytes of one event stream and gives its events.
#[derive(Debug)]
pub struct Decoder {
    /// Most bytes of one event, in its raw form.
    limit: usize,
    /// The bytes of the event that is not complete.
    pending: Vec<u8>,
    /// Start, within `pending`, of the line that is not complete.
    line: usize,
    /// Up to where that line has been searched for its end.
    searched: usize,
    ending: Ending,
    /// Whether no event has been completed, so that a byte-order mark may lead.
    first: bool,
    complete: VecDeque<Event>,
    failed: Option<SseError>,
}

/// How the latest line ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    /// With a CR alone: a CR that ends the event is taken to be alone as well, so that an event of
    /// such a stream need not wait for the byte after it.
    Cr,
    /// With LF, CRLF, or there was no line.
    Lf,
}

impl Decoder {
    /// A decoder at the start of a stream, with the most bytes an event may have.
    pub fn new(limit: usize) -> Self {
        Self {
            limit,
            pending: Vec::new(),
            line: 0,
            searched: 0,
            ending: Ending::Lf,
            first: true,
            complete: VecDeque::new(),
            failed: None,
        }
    }

    /// Takes the next piece of the stream.
    ///
    /// # Errors
    /// An event is longer than the limit. Events completed before it can still be taken; the
    /// decoder accepts nothing more.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), SseError> {
        if let Some(error) = &self.failed {
            return Err(error.clone());
        }
        self.pending.extend_from_slice(bytes);
        let mut start = 0;
        while let Some(end) = self.line_end() {
            let blank = self.is_blank(start);
            self.settle(end);
            if blank {
                let raw = self.pending.get(start..end).unwrap_or_default().to_vec();
                self.accept(raw)?;
                start = end;
            }
        }
        self.pending.drain(..start);
        self.line -= start;
        self.searched -= start;
        if self.pending.len() > self.limit { Err(self.fail()) } else { Ok(()) }
    }

    /// The next complete event.
    pub fn next_event(&mut self) -> Option<Event> {
        self.complete.pop_front()
    }

    /// Ends the stream. Gives what was left without a blank line to complete it, as an event: a
    /// strict reader ignores it, a lax one does not, so it is to be judged like any other. Take
    /// the complete events first.
    pub fn finish(self) -> Option<Event> {
        (self.failed.is_none() && !self.pending.is_empty()).then(|| Event::read(self.pending, self.first))
    }

    /// The end of the current line, terminator included, once it is certain.
    fn line_end(&mut self) -> Option<usize> {
        let rest = self.pending.get(self.searched..)?;
        let Some(place) = memchr2(b'\r', b'\n', rest) else {
            self.searched = self.pending.len();
            return None;
        };
        let at = self.searched + place;
        self.searched = at;
        if rest.get(place) == Some(&b'\n') {
            return Some(at + 1);
        }
        if self.ending == Ending::Cr && at == self.line {
            return Some(at + 1);
        }
        // Whether a LF belongs to this CR is known with the next byte only.
        self.pending.get(at + 1).map(|next| if *next == b'\n' { at + 2 } else { at + 1 })
    }

    /// Whether the current line, which starts an event at `start` or goes on with it, is empty.
    fn is_blank(&self, start: usize) -> bool {
        let line = self.pending.get(self.line..self.searched).unwrap_or_default();
        line.is_empty() || (self.first && self.line == start && line == event::BYTE_ORDER_MARK)
    }

    /// Goes on to the line that starts at `end`.
    fn settle(&mut self, end: usize) {
        let cr = end.checked_sub(1).and_then(|last| self.pending.get(last)) == Some(&b'\r');
        self.ending = if cr { Ending::Cr } else { Ending::Lf };
        self.line = end;
        self.searched = end;
    }

    fn accept(&mut self, raw: Vec<u8>) -> Result<(), SseError> {
        if raw.len() > self.limit {
            return Err(self.fail());
        }
        self.complete.push_back(Event::read(raw, self.first));
        self.first = false;
        Ok(())
    }

    fn fail(&mut self) -> SseError {
        let error = SseError::TooLong { limit: self.limit };
        self.pending = Vec::new();
        self.failed = Some(error.clone());
        error
    }
}
