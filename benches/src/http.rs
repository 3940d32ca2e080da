//! As much of HTTP/1.1 as a benchmark over loopback needs: where a message begins and ends, its start line and body.
//!
//! It reads what Envoy, the load generator and the upstream of this package send each other. It is no server for
//! strangers: it takes the headers' word for everything.

use std::borrow::Cow;
use std::io::{self, Read};

use memchr::memmem;

/// One message, complete.
#[derive(Debug, PartialEq, Eq)]
pub struct Message<'a> {
    /// Request line or status line.
    pub start_line: &'a [u8],
    /// The body, without its chunks' framing.
    pub body: Cow<'a, [u8]>,
    head: &'a [u8],
    /// Bytes the message takes, head and framing included.
    pub length: usize,
}

/// What no HTTP/1.1 peer sends.
#[derive(Debug, PartialEq, Eq)]
pub struct Malformed(&'static str);

impl std::fmt::Display for Malformed {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "malformed HTTP message: {}", self.0)
    }
}

impl std::error::Error for Malformed {}

impl<'a> Message<'a> {
    /// The first message in `bytes`, or nothing where its end has not come yet.
    pub fn parse(bytes: &'a [u8]) -> Result<Option<Self>, Malformed> {
        let Some(end) = memmem::find(bytes, b"\r\n\r\n") else { return Ok(None) };
        let (head, rest) = bytes.split_at_checked(end + 4).ok_or(Malformed("its head is cut"))?;
        let mut lines = head.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii_end);
        let start_line = lines.next().unwrap_or_default();
        let (body, taken) = match Framing::of(lines)? {
            Framing::Chunked => match unchunk(rest)? {
                Some((body, taken)) => (Cow::Owned(body), taken),
                None => return Ok(None),
            },
            Framing::Length(length) => match rest.get(..length) {
                Some(body) => (Cow::Borrowed(body), length),
                None => return Ok(None),
            },
        };
        Ok(Some(Self { start_line, body, head, length: head.len() + taken }))
    }

    /// The status of an answer.
    pub fn status(&self) -> Option<u16> {
        std::str::from_utf8(self.start_line.split(|byte| *byte == b' ').nth(1)?).ok()?.parse().ok()
    }

    /// The value of a header, by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&'a str> {
        let line = self.head.split(|byte| *byte == b'\n').find_map(|line| {
            let line = std::str::from_utf8(line).ok()?;
            let (found, value) = line.split_once(':')?;
            found.eq_ignore_ascii_case(name).then_some(value)
        });
        line.map(str::trim)
    }

    /// The target of a request.
    pub fn target(&self) -> &'a [u8] {
        self.start_line.split(|byte| *byte == b' ').nth(1).unwrap_or_default()
    }
}

enum Framing {
    Chunked,
    Length(usize),
}

impl Framing {
    fn of<'a>(headers: impl Iterator<Item = &'a [u8]>) -> Result<Self, Malformed> {
        let mut framing = Framing::Length(0);
        for header in headers {
            let Some(colon) = memchr::memchr(b':', header) else { continue };
            let (name, value) = header.split_at_checked(colon).ok_or(Malformed("a header is cut"))?;
            let value = value.strip_prefix(b":").unwrap_or(value).trim_ascii();
            if name.eq_ignore_ascii_case(b"transfer-encoding") {
                return Ok(Framing::Chunked);
            }
            if name.eq_ignore_ascii_case(b"content-length") {
                let text = std::str::from_utf8(value).map_err(|_| Malformed("its length is not text"))?;
                framing = Framing::Length(text.parse().map_err(|_| Malformed("its length is no number"))?);
            }
        }
        Ok(framing)
    }
}

/// The body and the bytes it took, once its last chunk is there.
fn unchunk(bytes: &[u8]) -> Result<Option<(Vec<u8>, usize)>, Malformed> {
    let mut body = Vec::new();
    let mut at = 0;
    loop {
        let rest = bytes.get(at..).unwrap_or_default();
        let Some(line) = memmem::find(rest, b"\r\n") else { return Ok(None) };
        let digits = rest.get(..line).and_then(|line| std::str::from_utf8(line).ok());
        let size = digits.and_then(|digits| usize::from_str_radix(digits, 16).ok());
        let size = size.ok_or(Malformed("a chunk's size is no number"))?;
        let Some(chunk) = rest.get(line + 2..line + 2 + size + 2) else { return Ok(None) };
        at += line + 2 + size + 2;
        if size == 0 {
            return Ok(Some((body, at)));
        }
        body.extend_from_slice(chunk.get(..size).unwrap_or_default());
    }
}

/// Bytes received and not yet used.
#[derive(Debug)]
pub struct Inbox {
    bytes: Vec<u8>,
    filled: usize,
}

impl Default for Inbox {
    fn default() -> Self {
        Self { bytes: vec![0; 16 << 10], filled: 0 }
    }
}

impl Inbox {
    /// Reads once; 0 bytes mean that the peer has closed.
    pub fn fill(&mut self, from: &mut impl Read) -> io::Result<usize> {
        if self.bytes.len() - self.filled < self.bytes.len() / 4 {
            self.bytes.resize(self.bytes.len() * 2, 0);
        }
        let read = from.read(self.bytes.get_mut(self.filled..).unwrap_or_default())?;
        self.filled += read;
        Ok(read)
    }

    /// What is there.
    pub fn bytes(&self) -> &[u8] {
        self.bytes.get(..self.filled).unwrap_or_default()
    }

    /// Forgets the first `count` bytes.
    pub fn consume(&mut self, count: usize) {
        let count = count.min(self.filled);
        self.bytes.copy_within(count..self.filled, 0);
        self.filled -= count;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(input: &str, expected: Option<(&str, usize)>) {
        let message = Message::parse(input.as_bytes()).unwrap();
        let found = message.as_ref().map(|found| (std::str::from_utf8(&found.body).unwrap(), found.length));
        assert_eq!(found, expected);
    }

    #[test]
    fn a_message_ends_where_its_length_says() {
        check("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1", Some(("ok", 40)));
        check("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok", None);
        check("HTTP/1.1 200 OK\r\nContent-Le", None);
    }

    #[test]
    fn chunks_are_joined() {
        check(
            "POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\na\r\n0123456789\r\n0\r\n\r\n",
            Some(("ok0123456789", 74)),
        );
        check("POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n", None);
    }

    #[test]
    fn a_message_without_a_length_has_no_body() {
        check("GET / HTTP/1.1\r\nhost: x\r\n\r\nrest", Some(("", 27)));
    }

    #[test]
    fn a_length_must_be_a_number() {
        assert!(Message::parse(b"HTTP/1.1 200 OK\r\ncontent-length: two\r\n\r\n").is_err());
    }

    #[test]
    fn an_inbox_keeps_what_was_not_consumed() {
        let mut inbox = Inbox::default();
        let sent = vec![b'x'; 100_000];
        let mut source = sent.as_slice();
        while inbox.fill(&mut source).unwrap() > 0 {}
        inbox.consume(99_990);
        assert_eq!(inbox.bytes(), b"xxxxxxxxxx");
    }
}
