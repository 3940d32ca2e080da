//! The lexical level: blanks, strings, numbers and words of a document that is UTF-8 already.
//!
//! This is the hot loop of the gateway. Places go in and out by value, so that the parser keeps its
//! place in a register. Long stretches are read in words of eight bytes and blocks of 32, written
//! so that the compiler turns the blocks into vector instructions on every target.

use super::error::{JsonError, Wanted};
use super::unescape::{Unit, hex_unit};

/// The text of a document.
#[derive(Debug, Clone, Copy)]
pub(super) struct Text<'a>(pub(super) &'a str);

/// How a string is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spelling {
    /// As it reads.
    Plain,
    /// With escapes.
    Escaped,
}

impl<'a> Text<'a> {
    /// The byte at a place.
    #[inline]
    pub(super) fn peek(self, at: usize) -> Option<u8> {
        self.0.as_bytes().get(at).copied()
    }

    /// The bytes from a place on.
    #[inline]
    fn from(self, at: usize) -> &'a [u8] {
        self.0.as_bytes().get(at..).unwrap_or_default()
    }

    /// The text between two places.
    #[inline]
    pub(super) fn span(self, start: usize, end: usize) -> &'a str {
        self.0.get(start..end).unwrap_or_default()
    }

    /// The first place from `at` on that is not blank.
    #[inline]
    pub(super) fn blank(self, at: usize) -> usize {
        match self.peek(at) {
            Some(b' ' | b'\n' | b'\t' | b'\r') => at + blank_run(self.from(at)),
            _ => at,
        }
    }

    /// The error for what stands at a place.
    #[cold]
    pub(super) fn unexpected(self, offset: usize, wanted: Wanted) -> JsonError {
        if offset >= self.0.len() {
            JsonError::Cut { offset, wanted }
        } else {
            JsonError::Unexpected { offset, wanted }
        }
    }

    /// The place behind the string whose opening quote stands at `at`.
    #[inline(always)]
    pub(super) fn string(self, at: usize) -> Result<(usize, Spelling), JsonError> {
        let end = self.plain_end(at + 1);
        if self.peek(end) == Some(b'"') { Ok((end + 1, Spelling::Plain)) } else { self.escaped_string(end) }
    }

    /// The end of the string text from `at` on: a quote, a backslash, a control character, or the
    /// end of the document.
    #[inline]
    pub(super) fn plain_end(self, at: usize) -> usize {
        let rest = self.from(at);
        // Keys and short values end within two words; only longer strings are worth the wide loop.
        let Some(word) = rest.first_chunk() else { return at + plain_tail(rest) };
        if let Some(place) = special_in(*word) {
            return at + place;
        }
        match rest.get(8..).and_then(|rest| special_in(*rest.first_chunk()?)) {
            Some(place) => at + 8 + place,
            None => at + 8 + plain_run(self.from(at + 8)),
        }
    }

    /// Reads on in a string from its first special byte.
    #[cold]
    fn escaped_string(self, mut at: usize) -> Result<(usize, Spelling), JsonError> {
        loop {
            match self.peek(at) {
                Some(b'"') => return Ok((at + 1, Spelling::Escaped)),
                Some(b'\\') => at = self.escape(at)?,
                _ => return Err(self.unexpected(at, Wanted::StringText)),
            }
            at = self.plain_end(at);
        }
    }

    /// The place behind the escape at `at`; behind both of a surrogate pair.
    fn escape(self, at: usize) -> Result<usize, JsonError> {
        match self.peek(at + 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Ok(at + 2),
            Some(b'u') => match self.unit(at + 2)? {
                Unit::Scalar(_) => Ok(at + 6),
                Unit::High(_) if self.from(at + 6).starts_with(b"\\u") => match self.unit(at + 8)? {
                    Unit::Low(_) => Ok(at + 12),
                    Unit::Scalar(_) | Unit::High(_) => Err(JsonError::LoneSurrogate { offset: at }),
                },
                Unit::High(_) | Unit::Low(_) => Err(JsonError::LoneSurrogate { offset: at }),
            },
            _ => Err(self.unexpected(at + 1, Wanted::Escape)),
        }
    }

    /// The four hexadecimal digits at `at`.
    fn unit(self, at: usize) -> Result<Unit, JsonError> {
        let unit = self.from(at).first_chunk().and_then(hex_unit);
        unit.ok_or_else(|| self.unexpected(at, Wanted::Escape))
    }

    /// The place behind the number that starts at `start`.
    #[inline]
    pub(super) fn number(self, start: usize) -> Result<usize, JsonError> {
        /// No number with fewer digits before the point and without exponent exceeds a double.
        const SURELY_FINITE: usize = 300;
        let first = if self.peek(start) == Some(b'-') { start + 1 } else { start };
        let mut at = match self.peek(first) {
            Some(b'0') => first + 1,
            _ => self.digits(first)?,
        };
        let long = at - start > SURELY_FINITE;
        if self.peek(at) == Some(b'.') {
            at = self.digits(at + 1)?;
        }
        match self.peek(at) {
            Some(b'e' | b'E') => self.exponent(start, at + 1),
            _ if long => self.finite(start, at),
            _ => Ok(at),
        }
    }

    /// The place behind the exponent, the letter before which has been passed.
    fn exponent(self, start: usize, at: usize) -> Result<usize, JsonError> {
        let digits = if let Some(b'+' | b'-') = self.peek(at) { at + 1 } else { at };
        self.finite(start, self.digits(digits)?)
    }

    /// Passes a number only if it is finite as a double.
    fn finite(self, start: usize, end: usize) -> Result<usize, JsonError> {
        let finite = self.span(start, end).parse().is_ok_and(f64::is_finite);
        if finite { Ok(end) } else { Err(JsonError::NumberRange { offset: start }) }
    }

    /// The place behind one digit or more.
    #[inline]
    fn digits(self, start: usize) -> Result<usize, JsonError> {
        let mut at = start;
        while let Some(b'0'..=b'9') = self.peek(at) {
            at += 1;
        }
        if at == start { Err(self.unexpected(at, Wanted::Digit)) } else { Ok(at) }
    }

    /// The place behind `word`, the first letter of which stands at `at`.
    #[inline]
    pub(super) fn word(self, at: usize, word: &str) -> Result<usize, JsonError> {
        let rest = self.from(at);
        if rest.starts_with(word.as_bytes()) {
            return Ok(at + word.len());
        }
        let right = rest.iter().zip(word.bytes()).take_while(|(found, wanted)| *found == wanted).count();
        Err(self.unexpected(at + right, Wanted::Value))
    }
}

/// How many bytes at the start of `bytes` are blanks.
fn blank_run(bytes: &[u8]) -> usize {
    const SPACES: [u8; 8] = [b' '; 8];
    // A line break, then indentation: the first byte by itself, then as many words as there are.
    let rest = bytes.get(1..).unwrap_or_default();
    let spaces = 1 + 8 * rest.as_chunks().0.iter().take_while(|chunk| **chunk == SPACES).count();
    let rest = bytes.get(spaces..).unwrap_or_default();
    spaces + rest.iter().take_while(|byte| matches!(byte, b' ' | b'\n' | b'\t' | b'\r')).count()
}

/// How many bytes at the start of `bytes` are string text, where that is likely to be many.
fn plain_run(bytes: &[u8]) -> usize {
    let (blocks, _) = bytes.as_chunks::<32>();
    let mut run = 32 * blocks.iter().take_while(|block| !has_special(block)).count();
    let (words, tail) = bytes.get(run..).unwrap_or_default().as_chunks();
    for word in words {
        match special_in(*word) {
            Some(place) => return run + place,
            None => run += 8,
        }
    }
    run + plain_tail(tail)
}

/// How many bytes at the start of less than a word are string text.
fn plain_tail(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|byte| !is_special(**byte)).count()
}

/// Whether a byte ends a stretch of string text. No short circuit: branches keep `has_special` scalar.
#[inline]
fn is_special(byte: u8) -> bool {
    (byte == b'"') | (byte == b'\\') | (byte < b' ')
}

/// Whether any byte is special. No early exit, for the same reason.
#[inline]
fn has_special(block: &[u8; 32]) -> bool {
    block.iter().fold(0, |seen, byte| seen | u8::from(is_special(*byte))) != 0
}

/// The place of the first special byte in a word.
#[inline]
fn special_in(word: [u8; 8]) -> Option<usize> {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let word = u64::from_le_bytes(word);
    let quote = word ^ (ONES * b'"' as u64);
    let backslash = word ^ (ONES * b'\\' as u64);
    // A borrow can mark a byte above a true hit, never one below it: the lowest mark is right.
    let marks = (quote.wrapping_sub(ONES) & !quote)
        | (backslash.wrapping_sub(ONES) & !backslash)
        | (word.wrapping_sub(ONES * b' ' as u64) & !word);
    match marks & HIGH {
        0 => None,
        hit => Some((hit.trailing_zeros() / 8) as usize),
    }
}
