//! A validated JSON document as views of its own bytes.
//!
//! [`Json::parse`] reads the whole document once and refuses whatever two parsers could read in
//! two ways. The views it gives are therefore trusted: going deeper ([`Json::object`],
//! [`Json::array`]) walks the bytes again, but checks nothing twice and cannot fail.

mod error;
mod keys;
mod parse;
mod text;
mod unescape;
mod walk;

use std::borrow::Cow;
use std::ops::Range;

use memchr::memchr;

use crate::Limits;

pub(crate) use error::excerpt;
pub use error::{JsonError, Wanted};
pub(crate) use parse::{Item, parse};

/// A validated JSON value: its exact bytes within the document.
// INVARIANT: the text is one complete JSON value that passed `parse`, without blanks around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Json<'a>(&'a str);

/// The kinds of JSON value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `null`
    Null,
    /// `true` or `false`
    Bool,
    /// A number.
    Number,
    /// A string.
    String,
    /// An array.
    Array,
    /// An object.
    Object,
}

impl Kind {
    /// The kind in words, with its article, for error texts.
    pub(crate) fn described(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool => "a boolean",
            Self::Number => "a number",
            Self::String => "a string",
            Self::Array => "an array",
            Self::Object => "an object",
        }
    }
}

impl<'a> Json<'a> {
    /// `{}`
    pub const EMPTY_OBJECT: Json<'static> = Json("{}");
    /// `null`
    pub const NULL: Json<'static> = Json("null");

    /// Reads one strict JSON document of any kind, blanks around it allowed.
    ///
    /// # Errors
    /// The first thing that is not strict JSON, or the limit that was passed.
    pub fn parse(bytes: &'a [u8], limits: &Limits) -> Result<Self, JsonError> {
        let parsed = parse(bytes, limits)?;
        parsed.duplicate.map_or(Ok(parsed.root), Err)
    }

    /// The value as it was written.
    pub fn bytes(self) -> &'a [u8] {
        self.0.as_bytes()
    }

    /// The value as it was written, as text.
    pub fn text(self) -> &'a str {
        self.0
    }

    /// What kind of value this is.
    pub fn kind(self) -> Kind {
        match self.0.as_bytes().first() {
            Some(b'{') => Kind::Object,
            Some(b'[') => Kind::Array,
            Some(b'"') => Kind::String,
            Some(b't' | b'f') => Kind::Bool,
            Some(b'n') | None => Kind::Null,
            Some(_) => Kind::Number,
        }
    }

    /// The decoded text of a string.
    pub fn as_str(self) -> Option<Cow<'a, str>> {
        let inner = self.0.strip_prefix('"')?.strip_suffix('"')?;
        Some(match memchr(b'\\', inner.as_bytes()) {
            None => Cow::Borrowed(inner),
            Some(_) => Cow::Owned(unescape::unescape(inner)),
        })
    }

    /// A number written as a whole number without sign, fraction or exponent, if it fits.
    pub fn as_u64(self) -> Option<u64> {
        let digits = self.0.bytes().all(|byte| byte.is_ascii_digit());
        if digits { self.0.parse().ok() } else { None }
    }

    /// The value of a boolean.
    pub fn as_bool(self) -> Option<bool> {
        match self.0 {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        }
    }

    /// The members of an object, in the order of the document.
    pub fn object(self) -> Option<Object<'a>> {
        (self.kind() == Kind::Object).then(|| Object { members: walk::members(self.0), json: self })
    }

    /// The value of one member of an object; for one member this is less work than [`Json::object`].
    pub fn member(self, key: &str) -> Option<Json<'a>> {
        if self.kind() == Kind::Object { walk::member(self.0, key) } else { None }
    }

    /// The items of an array.
    pub fn array(self) -> Option<Vec<Json<'a>>> {
        (self.kind() == Kind::Array).then(|| walk::items(self.0))
    }

    /// Where the value stands in the document it was parsed from; an empty range in any other.
    pub fn offset_in(self, document: &[u8]) -> Range<usize> {
        let start = self.0.as_ptr().addr().wrapping_sub(document.as_ptr().addr());
        match start.checked_add(self.0.len()) {
            Some(end) if end <= document.len() => start..end,
            _ => 0..0,
        }
    }
}

/// The members of a validated object: no key comes twice.
#[derive(Debug, Clone)]
pub struct Object<'a> {
    members: Vec<Member<'a>>,
    json: Json<'a>,
}

/// One member of an object.
#[derive(Debug, Clone)]
struct Member<'a> {
    /// The key, decoded.
    key: Cow<'a, str>,
    /// Where the key starts, counted from the start of the text that was read.
    at: usize,
    /// While the parser runs: equal for equal keys, seldom equal for others.
    print: u64,
    value: Json<'a>,
}

impl<'a> Object<'a> {
    /// The value of the member with exactly this key.
    pub fn get(&self, key: &str) -> Option<Json<'a>> {
        self.members.iter().find(|member| member.key == key).map(|member| member.value)
    }

    /// Keys (decoded) and values in the order of the document.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Json<'a>)> {
        self.members.iter().map(|member| (member.key.as_ref(), member.value))
    }

    /// Keys (decoded) and values in the order of the document, for whoever keeps them.
    pub fn into_members(self) -> impl Iterator<Item = (Cow<'a, str>, Json<'a>)> {
        self.members.into_iter().map(|member| (member.key, member.value))
    }

    /// How many members there are.
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Whether there is no member.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// The object as a value, with its exact bytes.
    pub fn json(&self) -> Json<'a> {
        self.json
    }

    /// Keys with the offset of each in the text that was read, for error texts.
    pub(crate) fn keys(&self) -> impl Iterator<Item = (&str, usize)> {
        self.members.iter().map(|member| (member.key.as_ref(), member.at))
    }
}

#[cfg(test)]
mod tests;
