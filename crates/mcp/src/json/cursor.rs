//! The lexical level: blanks, strings, numbers and words of a document that is UTF-8 already.
//!
//! This is the hot loop of the gateway. Long stretches are read in words of eight bytes and blocks
//! of 32, written so that the compiler turns the blocks into vector instructions on every target.

use super::error::{JsonError, Wanted};
use super::unescape::{Unit, hex_unit};

/// A place in a document.
#[derive(Debug)]
pub(super) struct Cursor<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
}

/// How a string is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spelling {
    /// As it reads.
    Plain,
    /// With escapes.
    Escaped,
}

impl<'a> Cursor<'a> {
    /// The byte here.
    #[inline]
    pub(super) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// The bytes from here on.
    #[inline]
    fn rest(&self) -> &'a [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    /// The text from `start` to here.
    #[inline]
    pub(super) fn since(&self, start: usize) -> &'a str {
        self.text.get(start..self.at).unwrap_or_default()
    }

    /// Passes blanks.
    #[inline]
    pub(super) fn blank(&mut self) {
        if self.peek().is_some_and(|byte| byte <= b' ') {
            self.at += blank_run(self.rest());
        }
    }

    /// The error for what stands here.
    #[cold]
    pub(super) fn unexpected(&self, wanted: Wanted) -> JsonError {
        let offset = self.at;
        if offset >= self.text.len() {
            JsonError::Cut { offset, wanted }
        } else {
            JsonError::Unexpected { offset, wanted }
        }
    }

    /// Passes a string; the cursor stands on its opening quote.
    #[inline]
    pub(super) fn string(&mut self) -> Result<Spelling, JsonError> {
        self.at += 1;
        self.at += plain_run(self.rest());
        if self.peek() == Some(b'"') {
            self.at += 1;
            return Ok(Spelling::Plain);
        }
        self.escaped_string()
    }

    /// Passes the rest of a string from its first escape.
    fn escaped_string(&mut self) -> Result<Spelling, JsonError> {
        loop {
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(Spelling::Escaped);
                }
                Some(b'\\') => self.escape()?,
                _ => return Err(self.unexpected(Wanted::StringText)),
            }
            self.at += plain_run(self.rest());
        }
    }

    /// Passes one escape, or the two of a surrogate pair.
    fn escape(&mut self) -> Result<(), JsonError> {
        let start = self.at;
        self.at += 1;
        match self.peek() {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => self.at += 1,
            Some(b'u') => match self.unit()? {
                Unit::Scalar(_) => {}
                Unit::High(_) if self.rest().starts_with(b"\\u") => {
                    self.at += 1;
                    let Unit::Low(_) = self.unit()? else {
                        return Err(JsonError::LoneSurrogate { offset: start });
                    };
                }
                Unit::High(_) | Unit::Low(_) => return Err(JsonError::LoneSurrogate { offset: start }),
            },
            _ => return Err(self.unexpected(Wanted::Escape)),
        }
        Ok(())
    }

    /// Passes `uXXXX`.
    fn unit(&mut self) -> Result<Unit, JsonError> {
        self.at += 1;
        let unit = self.rest().first_chunk().and_then(hex_unit);
        let unit = unit.ok_or_else(|| self.unexpected(Wanted::Escape))?;
        self.at += 4;
        Ok(unit)
    }

    /// Passes a number.
    pub(super) fn number(&mut self) -> Result<(), JsonError> {
        /// No number with fewer digits before the point and without exponent exceeds a double.
        const SURELY_FINITE: usize = 300;
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        match self.peek() {
            Some(b'0') => self.at += 1,
            _ => self.digits()?,
        }
        let mut doubtful = self.at - start > SURELY_FINITE;
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            doubtful = true;
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            self.digits()?;
        }
        if doubtful && !self.since(start).parse().is_ok_and(f64::is_finite) {
            return Err(JsonError::NumberRange { offset: start });
        }
        Ok(())
    }

    /// Passes one digit or more.
    #[inline]
    fn digits(&mut self) -> Result<(), JsonError> {
        let run = self.rest().iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.at += run;
        if run == 0 { Err(self.unexpected(Wanted::Digit)) } else { Ok(()) }
    }

    /// Passes `true`, `false` or `null`, whose first letter stands here.
    pub(super) fn word(&mut self, word: &str) -> Result<(), JsonError> {
        let rest = self.rest();
        if rest.starts_with(word.as_bytes()) {
            self.at += word.len();
            return Ok(());
        }
        self.at += rest.iter().zip(word.bytes()).take_while(|(found, wanted)| *found == wanted).count();
        Err(self.unexpected(Wanted::Value))
    }
}

/// How many bytes at the start of `bytes` are blanks.
#[inline]
fn blank_run(bytes: &[u8]) -> usize {
    const SPACES: [u8; 8] = [b' '; 8];
    let spaces = 8 * bytes.as_chunks().0.iter().take_while(|chunk| **chunk == SPACES).count();
    let rest = bytes.get(spaces..).unwrap_or_default();
    spaces + rest.iter().take_while(|byte| matches!(byte, b' ' | b'\n' | b'\t' | b'\r')).count()
}

/// How many bytes at the start of `bytes` are string text: no quote, no backslash, no control character.
#[inline]
pub(super) fn plain_run(bytes: &[u8]) -> usize {
    /// Most strings end within this; longer ones are worth the wide loop.
    const SHORT: usize = 16;
    let mut run = 0;
    for word in bytes.as_chunks().0.iter().take(SHORT / 8) {
        match special_in(*word) {
            Some(place) => return run + place,
            None => run += 8,
        }
    }
    run + long_run(bytes.get(run..).unwrap_or_default())
}

/// As `plain_run`, for what is likely to be long.
fn long_run(bytes: &[u8]) -> usize {
    let (blocks, _) = bytes.as_chunks::<32>();
    let mut run = 32 * blocks.iter().take_while(|block| !has_special(block)).count();
    let (words, tail) = bytes.get(run..).unwrap_or_default().as_chunks();
    for word in words {
        match special_in(*word) {
            Some(place) => return run + place,
            None => run += 8,
        }
    }
    run + tail.iter().take_while(|byte| !is_special(**byte)).count()
}

#[inline]
fn is_special(byte: u8) -> bool {
    byte == b'"' || byte == b'\\' || byte < b' '
}

/// Whether any byte is special. No early exit: that is what lets it become vector code.
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
