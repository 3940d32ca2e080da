//! Why a document is not strict JSON, in words for the one who sent it.
//!
//! Each variant says where (byte offsets count from 0) and what was expected there. Nothing here
//! decides how the refusal travels: `FrameError` and the engine do.

use std::fmt;

use thiserror::Error;

/// Why bytes are not one strict JSON document within the limits.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum JsonError {
    /// Byte-order mark at the start.
    #[error("byte-order mark at byte 0: send plain utf-8")]
    ByteOrderMark,
    /// The document ends within a value.
    #[error("the document ends at byte {offset}, where {wanted} was expected")]
    Cut {
        /// Length of the document.
        offset: usize,
        /// What should have followed.
        wanted: Wanted,
    },
    /// One key twice in an object, after decoding of escapes.
    #[error("the key `{key}` at byte {offset} comes twice in one object: name each key once")]
    DuplicateKey {
        /// Start of the later key.
        offset: usize,
        /// The key, decoded and cut to a readable length.
        key: String,
    },
    /// Half of a UTF-16 surrogate pair as an escape.
    #[error("lone surrogate escape at byte {offset}: write the character in utf-8 or as a pair")]
    LoneSurrogate {
        /// Start of the escape.
        offset: usize,
    },
    /// Bytes that are not UTF-8.
    #[error("invalid utf-8 at byte {offset}: send the body as utf-8")]
    NotUtf8 {
        /// First offending byte.
        offset: usize,
    },
    /// A number too large for a double.
    #[error("the number at byte {offset} is out of range: it has to be finite as a 64-bit float")]
    NumberRange {
        /// Start of the number.
        offset: usize,
    },
    /// Nested deeper than the limit.
    #[error("the value at byte {offset} is nested deeper than {limit} levels")]
    TooDeep {
        /// Start of the value that is too deep.
        offset: usize,
        /// The limit.
        limit: usize,
    },
    /// Longer than the limit.
    #[error("the document has {bytes} bytes, more than the {limit} allowed")]
    TooLong {
        /// Length of the document.
        bytes: usize,
        /// The limit.
        limit: usize,
    },
    /// More values than the limit.
    #[error("more than the {limit} values allowed in one document, reached at byte {offset}")]
    TooMany {
        /// Start of the first value too many.
        offset: usize,
        /// The limit.
        limit: usize,
    },
    /// Something after the document.
    #[error("bytes after the end of the document at byte {offset}: send exactly one document")]
    Trailing {
        /// First byte that is not blank.
        offset: usize,
    },
    /// A byte that JSON does not allow here.
    #[error("unexpected byte at {offset}, where {wanted} was expected")]
    Unexpected {
        /// The byte.
        offset: usize,
        /// What should have stood there.
        wanted: Wanted,
    },
}

impl JsonError {
    /// Whether the bytes break the grammar; otherwise they are ambiguous or too much.
    pub(crate) fn is_syntax(&self) -> bool {
        match self {
            Self::DuplicateKey { .. }
            | Self::TooDeep { .. }
            | Self::TooLong { .. }
            | Self::TooMany { .. } => false,
            Self::ByteOrderMark
            | Self::Cut { .. }
            | Self::LoneSurrogate { .. }
            | Self::NotUtf8 { .. }
            | Self::NumberRange { .. }
            | Self::Trailing { .. }
            | Self::Unexpected { .. } => true,
        }
    }
}

/// What JSON expects at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// `,` or `]`
    CommaOrBracket,
    /// `,` or `}`
    CommaOrBrace,
    /// `:`
    Colon,
    /// A decimal digit.
    Digit,
    /// A letter that may follow a backslash, or four hexadecimal digits after `u`.
    Escape,
    /// A string as key.
    Key,
    /// A string as key, or `}`
    KeyOrBrace,
    /// A character of a string (control characters escaped), or the closing quote.
    StringText,
    /// Any value.
    Value,
}

impl fmt::Display for Wanted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::CommaOrBracket => "`,` or `]`",
            Self::CommaOrBrace => "`,` or `}`",
            Self::Colon => "`:`",
            Self::Digit => "a digit",
            Self::Escape => "a valid escape",
            Self::Key => "a key in double quotes",
            Self::KeyOrBrace => "a key in double quotes or `}`",
            Self::StringText => "string text without raw control characters",
            Self::Value => "a value",
        })
    }
}

/// `text` cut to a length that fits an error message, on one line.
pub(crate) fn excerpt(text: &str) -> String {
    const CHARS: usize = 40;
    let mut shown: String = text.chars().take(CHARS).flat_map(char::escape_debug).collect();
    if text.chars().nth(CHARS).is_some() {
        shown.push('…');
    }
    shown
}
