//! One event of a stream: its exact bytes, and its data.

use memchr::memchr2;

/// May lead a stream; is no part of the first line.
pub(super) const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// One event of a stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The exact bytes, the blank line that completes the event included.
    pub raw: Vec<u8>,
    /// The data lines joined by LF; `None` if there are none or they are empty.
    pub data: Option<Vec<u8>>,
    /// Where the first line starts: behind a byte-order mark, if there is one.
    fields: usize,
}

impl Event {
    /// Reads an event that stands first in its stream, or not.
    pub(super) fn read(raw: Vec<u8>, first: bool) -> Self {
        let fields = if first && raw.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
        let mut data: Option<Vec<u8>> = None;
        for line in Lines::of(&raw, fields) {
            let Some(value) = line.data() else { continue };
            match &mut data {
                Some(data) => {
                    data.push(b'\n');
                    data.extend_from_slice(value);
                }
                None => data = Some(value.to_vec()),
            }
        }
        Self { data: data.filter(|data| !data.is_empty()), fields, raw }
    }

    /// The event with other data, everything else as it was. The new data stand where the first
    /// data line stood; an event without one stays as it is.
    pub fn with_data(&self, data: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.raw.len() + data.len());
        out.extend_from_slice(self.raw.get(..self.fields).unwrap_or_default());
        let mut written = false;
        for line in Lines::of(&self.raw, self.fields) {
            let is_data = line.data().is_some();
            if is_data && !written {
                write_data(&mut out, data, line.ending);
                written = true;
            }
            if !is_data {
                out.extend_from_slice(line.text);
                out.extend_from_slice(line.ending);
            }
        }
        out
    }

    /// The event without its data: no reader dispatches it, but its id and its comments arrive.
    pub fn without_data(&self) -> Vec<u8> {
        let mut out = self.raw.get(..self.fields).unwrap_or_default().to_vec();
        for line in Lines::of(&self.raw, self.fields).filter(|line| line.data().is_none()) {
            out.extend_from_slice(line.text);
            out.extend_from_slice(line.ending);
        }
        out
    }
}

/// Writes data as one field line for each of its lines.
fn write_data(out: &mut Vec<u8>, data: &[u8], ending: &[u8]) {
    // The last line of an unfinished event has no ending; between lines there has to be one.
    let between = if ending.is_empty() { b"\n".as_slice() } else { ending };
    let mut lines = Lines::of(data, 0).peekable();
    if lines.peek().is_none() {
        out.extend_from_slice(b"data:");
    }
    while let Some(line) = lines.next() {
        out.extend_from_slice(b"data: ");
        out.extend_from_slice(line.text);
        if lines.peek().is_some() {
            out.extend_from_slice(between);
        }
    }
    out.extend_from_slice(ending);
}

/// A line and how it ends.
struct Line<'a> {
    text: &'a [u8],
    ending: &'a [u8],
}

impl<'a> Line<'a> {
    /// The value of a data field.
    fn data(&self) -> Option<&'a [u8]> {
        match self.text.strip_prefix(b"data")? {
            [] => Some(&[]),
            [b':', b' ', value @ ..] | [b':', value @ ..] => Some(value),
            _ => None,
        }
    }
}

/// The lines of a text; what follows the last ending is a line only if it is not empty.
struct Lines<'a> {
    rest: &'a [u8],
}

impl<'a> Lines<'a> {
    fn of(text: &'a [u8], from: usize) -> Self {
        Self { rest: text.get(from..).unwrap_or_default() }
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = Line<'a>;

    fn next(&mut self) -> Option<Line<'a>> {
        if self.rest.is_empty() {
            return None;
        }
        let end = memchr2(b'\r', b'\n', self.rest).unwrap_or(self.rest.len());
        let (text, after) = self.rest.split_at(end);
        let length = if after.starts_with(b"\r\n") { 2 } else { after.len().min(1) };
        let (ending, rest) = after.split_at(length);
        self.rest = rest;
        Some(Line { text, ending })
    }
}
