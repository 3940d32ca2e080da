//! The one pass over a text: each byte that can begin or join a finding asks the detectors that know it.
//!
//! Findings come in the order of the text and never overlap: behind one, the text starts anew. Every detector looks at a
//! bounded neighbourhood, or at bytes that the pass then skips, so that the time is linear in the text.

mod known;

use std::ops::Range;

use crate::{
    hint::{Hint, Setting},
    kind::Kind,
    personal::{
        card,
        digits::{Groups, byte, may_begin_number},
        email, iban, phone, ssn,
    },
    secret::{block, format, url},
};

pub(crate) use known::Known;

/// Something that was found in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) kind: Kind,
    pub(crate) span: Range<usize>,
    /// Only its name gave it away.
    pub(crate) announced: bool,
}

/// Longest name before a value, and longest value behind one, in bytes.
const NAME: usize = 64;
const VALUE: usize = 4096;
/// Longest value within a longer one that was none.
const SHORT: usize = 128;

/// What begins at a byte, or is joined by it.
#[derive(Clone, Copy)]
enum Class {
    At,
    Bracket,
    Dash,
    Digit,
    Letter,
    Nothing,
    Plus,
    Separator,
}

const CLASSES: [Class; 256] = classes();

#[expect(
    clippy::indexing_slicing,
    reason = "evaluated while compiling: an index out of range does not build"
)]
const fn classes() -> [Class; 256] {
    let mut table = [Class::Nothing; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = match byte as u8 {
            b'@' => Class::At,
            b'(' => Class::Bracket,
            b'-' => Class::Dash,
            b'0'..=b'9' => Class::Digit,
            b'A'..=b'Z' | b'a'..=b'z' => Class::Letter,
            b'+' => Class::Plus,
            b':' | b'=' | b'>' => Class::Separator,
            _ => Class::Nothing,
        };
        byte += 1;
    }
    table
}

/// Everything of the wanted kinds in a text that stands under a name with this hint, and what is known from elsewhere.
pub(crate) fn scan(text: &str, hint: Hint, wanted: u32, known: &Known) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut floor = 0;
    let start = text.len() - text.trim_start().len();
    if hint.kinds() & wanted != 0
        && let Some((kind, span)) = hint.value(text.trim(), Setting::Quoted)
    {
        floor = span.end + start;
        found.push(Finding { kind, span: span.start + start..floor, announced: true });
    }
    let mut seen = Seen::default();
    while let Some(rest) = text.get(floor..).filter(|rest| !rest.is_empty()) {
        let mut scan = Scan { text: rest, wanted, known, seen };
        let Some(Finding { kind, span, announced }) = scan.first() else { break };
        seen = scan.seen.behind(span.end);
        let span = span.start + floor..span.end + floor;
        floor = span.end;
        found.push(Finding { kind, span, announced });
    }
    found
}

/// A text behind the finding before it.
struct Scan<'t> {
    text: &'t str,
    wanted: u32,
    known: &'t Known,
    seen: Seen,
}

/// Up to where a long run of bytes is known to hold nothing, so that it is not read again from every byte within it.
#[derive(Debug, Clone, Copy, Default)]
struct Seen {
    jwt: usize,
    value: usize,
}

impl Seen {
    const fn behind(self, end: usize) -> Seen {
        Seen { jwt: self.jwt.saturating_sub(end), value: self.value.saturating_sub(end) }
    }
}

impl Scan<'_> {
    fn first(&mut self) -> Option<Finding> {
        let bytes = self.text.as_bytes();
        let mut at = 0;
        loop {
            if self.known.is_empty() {
                at += unpromising(bytes.get(at..)?);
            }
            let class = class(*bytes.get(at)?);
            let found = self.known.at(bytes, at).or_else(|| match class {
                Class::Nothing => None,
                Class::Letter => self.word(at),
                Class::Digit => self.number(at),
                Class::At => self.email(at),
                Class::Bracket => self.found(Kind::Phone, at, || phone::bracketed(bytes, at)),
                Class::Dash => self.found(Kind::PrivateKey, at, || block::private_key(bytes, at)),
                Class::Plus => self.found(Kind::Phone, at, || phone::international(bytes, at)),
                Class::Separator => self.value(at),
            });
            if found.is_some() {
                return found;
            }
            at += match class {
                // A word is looked at once, at its start.
                Class::Letter | Class::Digit => word_length(bytes.get(at..)?),
                _ => 1,
            };
        }
    }

    fn wants(&self, kind: Kind) -> bool {
        self.wanted & kind.bit() != 0
    }

    /// A finding from `start` to the end that a detector gives, if the kind is wanted.
    fn found(&self, kind: Kind, start: usize, end: impl FnOnce() -> Option<usize>) -> Option<Finding> {
        let end = if self.wants(kind) { end()? } else { return None };
        Some(Finding { kind, span: start..end, announced: false })
    }

    fn word(&mut self, at: usize) -> Option<Finding> {
        let bytes = self.text.as_bytes();
        let known = format::at(bytes, at).filter(|(kind, _)| self.wants(*kind));
        if let Some((kind, end)) = known {
            return Some(Finding { kind, span: at..end, announced: false });
        }
        if byte(bytes, at) == b'e' && at >= self.seen.jwt && self.wants(Kind::Jwt) {
            match block::jwt(bytes, at) {
                Ok(end) => return Some(Finding { kind: Kind::Jwt, span: at..end, announced: false }),
                Err(end) => self.seen.jwt = end,
            }
        }
        // Two letters and two digits.
        if byte(bytes, at + 2).is_ascii_digit() {
            return self.found(Kind::Iban, at, || iban::at(bytes, at));
        }
        None
    }

    fn number(&self, at: usize) -> Option<Finding> {
        let bytes = self.text.as_bytes();
        let groups = Groups::at(bytes, at);
        self.found(Kind::Card, at, || card::at(bytes, at, &groups))
            .or_else(|| self.found(Kind::Ssn, at, || ssn::at(bytes, at, &groups)))
            .or_else(|| self.found(Kind::Phone, at, || phone::national(bytes, at, &groups)))
    }

    fn email(&self, at: usize) -> Option<Finding> {
        let span = if self.wants(Kind::Email) { email::around(self.text, at)? } else { return None };
        Some(Finding { kind: Kind::Email, span, announced: false })
    }

    /// What a separator stands in: the authority of a URL, or between a name and its value.
    fn value(&mut self, at: usize) -> Option<Finding> {
        let rest = self.text.get(at..)?;
        if rest.starts_with("://") && self.wants(Kind::UrlPassword) {
            let span = url::password(self.text, at + 3)?;
            return Some(Finding { kind: Kind::UrlPassword, span, announced: false });
        }
        let hint = Hint::of(name_before(self.text.get(..at)?));
        if hint.kinds() & self.wanted == 0 {
            return None;
        }
        // Within a value that was none, a short look has to do.
        let longest = if at < self.seen.value { SHORT } else { VALUE };
        let (offset, value, setting) = value_behind(rest, longest)?;
        self.seen.value = self.seen.value.max(at + offset + value.len());
        let (kind, span) = hint.value(value, setting)?;
        Some(Finding { kind, span: at + offset + span.start..at + offset + span.end, announced: true })
    }
}

#[inline]
fn class(byte: u8) -> Class {
    CLASSES.get(usize::from(byte)).copied().unwrap_or(Class::Nothing)
}

/// How many bytes at the start of a text cannot begin a finding, by a look at the next few bytes. The start is no place
/// within a word.
fn unpromising(text: &[u8]) -> usize {
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        let rest = text.get(at..).unwrap_or_default();
        at += match class(*byte) {
            Class::Nothing => 1,
            Class::Letter if !(format::may_begin(rest) || iban::may_begin(rest)) => word_length(rest),
            Class::Digit if !may_begin_number(rest) => word_length(rest),
            _ => return at,
        };
    }
    at
}

/// How many letters and digits are at the start of a text.
#[inline]
fn word_length(text: &[u8]) -> usize {
    text.iter().take_while(|byte| matches!(class(**byte), Class::Letter | Class::Digit)).count()
}

/// The name at the end of a text, without quotes and blanks behind it.
fn name_before(text: &str) -> &str {
    // Bounded: what stands far away is no name of this value.
    let between = |byte: &u8| b" \"'`\\=".contains(byte);
    let blanks = text.bytes().rev().take(8).take_while(between).count();
    let trimmed = text.get(..text.len() - blanks).unwrap_or_default();
    let part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    let length = trimmed.bytes().rev().take(NAME).take_while(part).count();
    trimmed.len().checked_sub(length).and_then(|start| trimmed.get(start..)).unwrap_or_default()
}

/// The value behind a separator: where it starts, its text, and how it stands there.
fn value_behind(text: &str, longest: usize) -> Option<(usize, &str, Setting)> {
    let bytes = text.as_bytes();
    let sign = if text.starts_with("=>") { 2 } else { 1 };
    let mut start = sign;
    while start < sign + 8 && matches!(byte(bytes, start), b' ' | b'\t') {
        start += 1;
    }
    let slashes = text.get(start..)?.bytes().take_while(|byte| *byte == b'\\').count();
    let quote = byte(bytes, start + slashes);
    if matches!(quote, b'"' | b'\'' | b'`') {
        let from = start + slashes + 1;
        let value = text.get(from..)?;
        let end =
            value.bytes().take(longest).position(|byte| byte == quote || byte == b'\\' || byte == b'\n')?;
        return Some((from, value.get(..end)?, Setting::Quoted));
    }
    let value = text.get(start..)?;
    let end = value.bytes().take(longest).position(|byte| byte <= b' ' || b"\"'`<>,;&)}]|\\".contains(&byte));
    let value = value.get(..end.unwrap_or(value.len().min(longest)))?;
    // The scheme of an `Authorization` is no value yet.
    let scheme = ["bearer", "basic", "token"].iter().any(|scheme| value.eq_ignore_ascii_case(scheme));
    let line = |byte: u8| matches!(byte, b'\n' | b'\r' | b'"' | b'\'');
    let value = if scheme {
        let rest = text.get(start..)?;
        let end = rest.bytes().take(longest).position(line).unwrap_or(rest.len().min(longest));
        rest.get(..end)?
    } else {
        value
    };
    let tight = start == 1 && !text.starts_with(':');
    Some((start, value, if tight { Setting::Tight } else { Setting::Loose }))
}
