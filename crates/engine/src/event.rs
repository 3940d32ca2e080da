//! What a host may report.

use std::rc::Rc;

use crate::{LimitAnswer, Revision};

/// One report of the host, in the order of the exchange.
#[derive(Debug)]
pub enum Event<'a> {
    /// A question was answered, or not in time.
    Answer {
        /// Its place in [`Ask::questions`](crate::Ask).
        number: usize,
        /// The answer's head; none where there is no answer.
        head: Option<&'a Head>,
    },
    /// The exchange has ended, however it did. Nothing can be done any more but to say what came of it.
    Closed,
    /// What came of [`Effect::AskLimit`](crate::Effect::AskLimit).
    LimitAnswer(LimitAnswer),
    /// The whole request body, or what there is of it where the host ends it. Reported once.
    RequestBody(&'a [u8]),
    /// More of the request body has arrived: its size so far, in bytes. The bytes themselves come once, at the end.
    RequestGrew(usize),
    /// The request's head.
    RequestHead(&'a Head),
    /// The request ends with trailers, after its body.
    RequestTrailers,
    /// A piece of the answer's body, and whether it is the last.
    ResponseChunk {
        /// The bytes of this piece only.
        bytes: &'a [u8],
        /// No more will come.
        last: bool,
    },
    /// The answer's head.
    ResponseHead(&'a Head),
    /// The answer ends with trailers, after its body.
    ResponseTrailers,
}

/// The head of a request or an answer.
#[derive(Debug, Default)]
pub struct Head {
    /// What the host answers to [`policy::HostTrust::asks`], in that order; empty where nothing was asked.
    pub host: Vec<Option<Vec<u8>>>,
    /// Name (lower case) and value, pseudo-headers (`:path`, `:method`, `:authority`, `:status`) included.
    pub headers: Vec<(String, Vec<u8>)>,
    /// No body follows.
    pub last: bool,
}

impl Head {
    /// All values of a header.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a [u8]> + 'a {
        self.headers.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_slice())
    }

    /// Whether the header is there at all.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.headers.iter().any(|(key, _)| key == name)
    }

    /// The header's only value, where it has exactly one and that is text.
    #[must_use]
    pub fn one(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.iter().filter(|(key, _)| key == name);
        let (_, value) = values.next()?;
        if values.next().is_some() {
            return None;
        }
        str::from_utf8(value).ok()
    }
}

/// What the host's surroundings are like at the time of an event.
#[derive(Clone, Debug)]
pub struct Moment {
    /// Unix time in milliseconds.
    pub now_ms: u64,
    /// The policy in force; none until the control plane has sent one.
    pub revision: Option<Rc<Revision>>,
    /// Room in the audit buffer.
    pub audit: Gauge,
}

/// Whether the bounded audit buffer still takes events.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Gauge {
    /// No room for another event.
    Full,
    /// There is room.
    Open,
}
