//! How one value looks in JSON: one form per type, the same for every database.
//!
//! Rows go straight into a byte buffer; no value becomes a tree first. Integers beyond 2^53 and decimals are strings,
//! because readers that hold numbers as doubles would change them silently; bytes are base64; moments are RFC 3339.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use mcp::{Json, Limits, write_string};

/// The largest integer that every JSON reader keeps exactly.
const EXACT: u64 = 1 << 53;

/// Appends `null`.
pub(crate) fn null(out: &mut Vec<u8>) {
    out.extend_from_slice(b"null");
}

/// Appends `true` or `false`.
pub(crate) fn boolean(out: &mut Vec<u8>, value: bool) {
    out.extend_from_slice(if value { b"true" } else { b"false" });
}

/// Appends an integer; as a string where a double would not hold it.
pub(crate) fn integer(out: &mut Vec<u8>, value: i64) {
    let mut digits = itoa::Buffer::new();
    if value.unsigned_abs() <= EXACT {
        out.extend_from_slice(digits.format(value).as_bytes());
    } else {
        plain(out, digits.format(value));
    }
}

/// Appends a double; what JSON has no number for becomes a string.
pub(crate) fn double(out: &mut Vec<u8>, value: f64) {
    if value.is_nan() {
        plain(out, "NaN");
    } else if value.is_infinite() {
        plain(out, if value > 0.0 { "Infinity" } else { "-Infinity" });
    } else {
        number(out, &value);
    }
}

/// Appends a single-precision float with the digits that single precision has.
pub(crate) fn single(out: &mut Vec<u8>, value: f32) {
    if value.is_finite() {
        // As a double it would show digits that were never stored.
        number(out, &value);
    } else {
        double(out, f64::from(value));
    }
}

fn number(out: &mut Vec<u8>, value: &impl serde::Serialize) {
    let before = out.len();
    // Writing into memory cannot fail; if it did, nothing would be better than half a number.
    if serde_json::to_writer(&mut *out, value).is_err() {
        out.truncate(before);
        null(out);
    }
}

/// Appends a string.
pub(crate) fn text(out: &mut Vec<u8>, value: &str) {
    write_string(out, value);
}

/// Appends bytes, as base64 (RFC 4648 §4).
pub(crate) fn bytes(out: &mut Vec<u8>, value: &[u8]) {
    out.push(b'"');
    let before = out.len();
    let room = value.len().div_ceil(3) * 4;
    out.resize(before + room, 0);
    let written = out.get_mut(before..).map(|place| STANDARD.encode_slice(value, place));
    // The room is exactly what base64 takes.
    debug_assert!(matches!(written, Some(Ok(length)) if length == room), "{written:?}");
    out.push(b'"');
}

/// Appends text that is known to need no escapes.
pub(crate) fn plain(out: &mut Vec<u8>, value: &str) {
    out.push(b'"');
    out.extend_from_slice(value.as_bytes());
    out.push(b'"');
}

/// Appends a JSON document as JSON, without the white space between its tokens. What a strict reader would refuse
/// (duplicate keys, lone surrogates, numbers out of range) stays a string, so that the reply as a whole is readable.
pub(crate) fn document(out: &mut Vec<u8>, value: &str) {
    let limits = Limits { bytes: value.len(), ..Limits::default() };
    if Json::parse(value.as_bytes(), &limits).is_err() {
        return text(out, value);
    }
    let mut inside = false;
    let mut escaped = false;
    for byte in value.bytes() {
        if inside {
            inside = escaped || byte != b'"';
            escaped = !escaped && byte == b'\\';
        } else if byte.is_ascii_whitespace() {
            continue;
        } else {
            inside = byte == b'"';
        }
        out.push(byte);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(write: impl FnOnce(&mut Vec<u8>), expected: &str) {
        let mut out = Vec::new();
        write(&mut out);
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }

    #[test]
    fn integers_that_a_double_cannot_hold_are_strings() {
        check(|out| integer(out, 9_007_199_254_740_992), "9007199254740992");
        check(|out| integer(out, 9_007_199_254_740_993), "\"9007199254740993\"");
        check(|out| integer(out, i64::MIN), "\"-9223372036854775808\"");
    }

    #[test]
    fn floats_show_the_digits_they_have() {
        check(|out| double(out, 0.1), "0.1");
        check(|out| single(out, 0.1), "0.1");
        check(|out| double(out, 1e300), "1e+300");
        check(|out| double(out, f64::NAN), "\"NaN\"");
        check(|out| single(out, f32::NEG_INFINITY), "\"-Infinity\"");
    }

    #[test]
    fn bytes_are_base64() {
        check(|out| bytes(out, &[0, 255, 1]), "\"AP8B\"");
    }

    #[test]
    fn documents_keep_their_strings_and_lose_their_white_space() {
        check(|out| document(out, "{ \"a b\" : [ 1 ,\n \"x \\\" y\" ] }"), r#"{"a b":[1,"x \" y"]}"#);
    }

    #[test]
    fn a_document_with_duplicate_keys_is_a_string() {
        check(|out| document(out, r#"{"a":1,"a":2}"#), r#""{\"a\":1,\"a\":2}""#);
    }
}
