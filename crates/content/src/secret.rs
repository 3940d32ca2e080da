//! Detectors of what gives access: known formats as a table, and values that their names announce.

pub(crate) mod block;
pub(crate) mod format;
pub(crate) mod url;

use std::ops::Range;

use crate::hint::{Hint, Setting};

/// Shortest and longest password that a name announces.
const PASSWORD: std::ops::RangeInclusive<usize> = 4..=256;
/// Shortest and longest credential.
const CREDENTIAL: std::ops::RangeInclusive<usize> = 16..=4096;
/// Fewest bits of entropy per character of a credential. Hexadecimal has up to 4, words of a language less than 3.
const ENTROPY: f64 = 3.0;

/// Values in the place of a password that are none: types, states, and words of documentation.
const WORDS: [&str; 30] = [
    "changed",
    "disabled",
    "empty",
    "enabled",
    "expired",
    "false",
    "hidden",
    "incorrect",
    "invalid",
    "masked",
    "missing",
    "nil",
    "none",
    "null",
    "optional",
    "passwd",
    "password",
    "redacted",
    "required",
    "reset",
    "secret",
    "str",
    "string",
    "text",
    "token",
    "true",
    "undefined",
    "unset",
    "unknown",
    "wrong",
];

/// The password in a value that a name announces as one.
pub(crate) fn password(value: &str, setting: Setting) -> Option<Range<usize>> {
    let value = match setting {
        Setting::Quoted => value,
        // A sentence may end behind it.
        Setting::Loose | Setting::Tight => value.trim_end_matches(['.', ',', ';', ':', '!', '?']),
    };
    let length = value.chars().count();
    if !PASSWORD.contains(&length) || is_placeholder(value) || value.contains(char::is_whitespace) {
        return None;
    }
    let code = || value.contains(['(', '[']) || value.contains("::") || Hint::of(value) != Hint::None;
    let telling = |c: char| c.is_ascii_digit() || !(c.is_alphanumeric() || "_.-:'".contains(c));
    let means = match setting {
        Setting::Quoted => true,
        Setting::Tight => !code(),
        Setting::Loose => length >= 6 && value.chars().any(telling) && !code(),
    };
    means.then_some(0..value.len())
}

/// The credential in a value that a name announces as one, behind the scheme of an `Authorization`.
pub(crate) fn credential(value: &str, setting: Setting) -> Option<Range<usize>> {
    let start = ["Bearer ", "Basic ", "Token ", "bearer ", "basic ", "token "]
        .iter()
        .find(|scheme| value.starts_with(**scheme))
        .map_or(0, |scheme| scheme.len());
    let text = value.get(start..)?;
    let part = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/=_-.~".contains(byte);
    let length = text.bytes().take_while(|byte| part(byte)).count();
    let text = text.get(..length)?.trim_end_matches('.');
    let mixed =
        text.bytes().any(|byte| byte.is_ascii_digit()) && text.bytes().any(|byte| byte.is_ascii_alphabetic());
    let ends = value
        .get(start + length..)?
        .starts_with([' ', '\t', '\n', '\r', ',', ';', '&', '"', '\'', '<', ')', '}', '|', '\\']);
    let whole = ends || start + length == value.len();
    // Names of types and members have a digit at most here and there.
    let runs = text.as_bytes().chunk_by(|a, b| a.is_ascii_digit() == b.is_ascii_digit());
    let runs = runs.filter(|run| run.first().is_some_and(u8::is_ascii_digit)).count();
    let name = (runs < 2 && !text.contains(['+', '/', '='])) || Hint::of(text) != Hint::None;
    let code = setting == Setting::Loose && start == 0 && name;
    if code {
        return None;
    }
    (whole && CREDENTIAL.contains(&text.len()) && mixed && entropy(text) >= ENTROPY)
        .then_some(start..start + text.len())
}

/// Whether a value stands for one that is not there: `${NAME}`, `<password>`, `***`, `xxxx`, `[redacted:password]`.
pub(crate) fn is_placeholder(value: &str) -> bool {
    let marked = value.starts_with(['$', '<', '{', '%', '[', '*', '•', ':', '/']) || value.ends_with("...");
    let first = value.chars().next();
    let same = value.chars().all(|c| Some(c) == first);
    let word = || value.len() <= 9 && WORDS.iter().any(|word| value.eq_ignore_ascii_case(word));
    marked || same || word()
}

/// Shannon's entropy of the characters of an ASCII text, in bits for each.
fn entropy(text: &str) -> f64 {
    let mut counts = [0_u32; 128];
    for byte in text.bytes() {
        if let Some(count) = counts.get_mut(usize::from(byte)) {
            *count += 1;
        }
    }
    let total: f64 = counts.iter().copied().map(f64::from).sum();
    let parts = counts.iter().filter(|count| **count > 0).map(|count| f64::from(*count) / total);
    parts.map(|part| -part * part.log2()).sum()
}
