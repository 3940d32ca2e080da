//! From the escapes of a JSON string to the text they mean.
//!
//! The cursor uses the units to validate; views use `unescape`, on validated text only.

/// One UTF-16 code unit written as `\uXXXX`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    /// A character by itself.
    Scalar(u32),
    /// First half of a pair.
    High(u32),
    /// Second half of a pair.
    Low(u32),
}

/// Reads four hexadecimal digits.
pub(super) fn hex_unit(digits: &[u8; 4]) -> Option<Unit> {
    let unit = digits.iter().try_fold(0, |unit, digit| Some(unit << 4 | char::from(*digit).to_digit(16)?))?;
    Some(match unit {
        0xd800..=0xdbff => Unit::High(unit),
        0xdc00..=0xdfff => Unit::Low(unit),
        _ => Unit::Scalar(unit),
    })
}

/// The text of a validated string, given without its quotes.
pub(super) fn unescape(mut escaped: &str) -> String {
    let mut text = String::with_capacity(escaped.len());
    while let Some((plain, rest)) = escaped.split_once('\\') {
        text.push_str(plain);
        let (character, rest) = escape(rest);
        text.push(character);
        escaped = rest;
    }
    text.push_str(escaped);
    text
}

/// The character of the escape whose backslash has been passed, and what follows it.
fn escape(rest: &str) -> (char, &str) {
    let mut characters = rest.chars();
    let character = match characters.next() {
        Some('b') => '\u{8}',
        Some('f') => '\u{c}',
        Some('n') => '\n',
        Some('r') => '\r',
        Some('t') => '\t',
        Some('u') => return unicode(characters.as_str()),
        Some(other) => other,
        // Cannot happen in validated text; a visible character rather than a silent loss.
        None => char::REPLACEMENT_CHARACTER,
    };
    (character, characters.as_str())
}

/// The character of `XXXX`, or of `XXXX\uXXXX` for a pair.
fn unicode(rest: &str) -> (char, &str) {
    let (unit, after) = split_unit(rest);
    let (code, after) = match unit {
        Some(Unit::Scalar(code)) => (code, after),
        Some(Unit::High(high)) => match split_unit(after.strip_prefix("\\u").unwrap_or_default()) {
            (Some(Unit::Low(low)), after) => (0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00), after),
            _ => (u32::MAX, after),
        },
        Some(Unit::Low(_)) | None => (u32::MAX, after),
    };
    (char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER), after)
}

fn split_unit(text: &str) -> (Option<Unit>, &str) {
    (text.as_bytes().first_chunk().and_then(hex_unit), text.get(4..).unwrap_or_default())
}
