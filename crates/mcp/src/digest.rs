//! The digest of a JSON value: the same for every spelling of it, another for every other value.
//!
//! Hashed is a canonical form in the manner of RFC 8785: no blanks, members in the order of their
//! keys, strings with the fewest escapes. Apart from it, keys are ordered by code points, and a
//! number is written by its exact decimal value, for a double would make different ones equal.
//! Text is not normalised: what two readers may see differently is different.

mod number;

use std::fmt;
use std::str::FromStr;

use crate::json::{Json, Kind};
use crate::json_text::write_string;

/// A BLAKE3 digest. Reads and prints as `blake3:` and 64 lower-case hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

/// The text is no digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected `blake3:` and 64 lower-case hexadecimal digits")]
pub struct InvalidDigest;

impl Digest {
    /// How a digest begins when written.
    const PREFIX: &'static str = "blake3:";

    /// The digest of a value, whatever its spelling.
    #[must_use]
    pub fn of(value: Json<'_>) -> Self {
        Self(*blake3::hash(&canonical(value)).as_bytes())
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(Self::PREFIX)?;
        f.write_str(blake3::Hash::from_bytes(self.0).to_hex().as_str())
    }
}

impl FromStr for Digest {
    type Err = InvalidDigest;

    fn from_str(text: &str) -> Result<Self, InvalidDigest> {
        let hex = text.strip_prefix(Self::PREFIX).ok_or(InvalidDigest)?;
        if hex.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return Err(InvalidDigest);
        }
        blake3::Hash::from_hex(hex).map(|hash| Self(*hash.as_bytes())).map_err(|_| InvalidDigest)
    }
}

/// The one spelling of a value that its digest is made of.
#[must_use]
pub fn canonical(value: Json<'_>) -> Vec<u8> {
    let mut out = Vec::with_capacity(value.bytes().len());
    write(value, &mut out);
    out
}

/// Goes as deep as the value does, which the limits it was parsed with bound.
fn write(value: Json<'_>, out: &mut Vec<u8>) {
    match value.kind() {
        Kind::Null | Kind::Bool => out.extend_from_slice(value.bytes()),
        Kind::Number => number::write(value.text(), out),
        Kind::String => write_string(out, &value.as_str().unwrap_or_default()),
        Kind::Array => {
            let items = value.array().unwrap_or_default();
            enclosed(out, b'[', b']', items, |item, out| write(item, out));
        }
        Kind::Object => {
            let object = value.object();
            let mut members: Vec<_> = object.iter().flat_map(|object| object.iter()).collect();
            members.sort_unstable_by_key(|(key, _)| *key);
            enclosed(out, b'{', b'}', members, |(key, value), out| {
                write_string(out, key);
                out.push(b':');
                write(value, out);
            });
        }
    }
}

fn enclosed<T>(out: &mut Vec<u8>, open: u8, close: u8, parts: Vec<T>, write: impl Fn(T, &mut Vec<u8>)) {
    out.push(open);
    for (index, part) in parts.into_iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        write(part, out);
    }
    out.push(close);
}

#[cfg(test)]
mod tests;
