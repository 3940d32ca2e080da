//! Which answers can be told to ask nothing without reading them.
//!
//! Most answers say nothing but `"resultType":"complete"`. Where the names that matter occur nowhere in the bytes, and
//! nothing could spell them in another way, no reader finds them either. Whatever is in doubt is read.

use memchr::{memchr, memmem};

/// Names without which a message neither asks nor is of another type.
const NAMES: [&[u8]; 2] = [b"\"method\"", b"\"inputRequests\""];
const KIND: &[u8] = b"\"resultType\"";
const COMPLETE: &[u8] = b"\"complete\"";
/// Where an error names pages to open.
const PAGES: &[u8] = b"\"elicitations\"";
/// How the escape of an ASCII character begins, before its two last digits.
const ESCAPE: &[u8] = b"\\u00";

/// Whether a message is plainly a complete result, or an error, that asks nothing.
pub(super) fn is_plain(document: &[u8]) -> bool {
    // A NUL is part of no JSON in UTF-8, but of every JSON in UTF-16 or UTF-32, which some clients detect.
    memchr(0, document).is_none()
        && !spells_letters(document)
        && NAMES.iter().all(|name| memmem::find(document, name).is_none())
        && memmem::find(document, PAGES).is_none()
        && memmem::find_iter(document, KIND).all(|at| is_complete(document, at + KIND.len()))
}

/// Whether letters may be spelt as escapes, so that a name can be there without its bytes. Signs below the letters, and
/// what is not ASCII, are escaped by many a server.
pub(crate) fn spells_letters(document: &[u8]) -> bool {
    memmem::find_iter(document, ESCAPE)
        .any(|at| document.get(at + ESCAPE.len()).is_none_or(|digit| (b'4'..=b'7').contains(digit)))
}

fn is_complete(document: &[u8], at: usize) -> bool {
    let Some(rest) = document.get(at..) else { return false };
    rest.trim_ascii_start()
        .strip_prefix(b":")
        .is_some_and(|rest| rest.trim_ascii_start().starts_with(COMPLETE))
}

#[cfg(test)]
mod tests {
    use super::is_plain;

    #[track_caller]
    fn check(document: &str, expected: bool) {
        assert_eq!(is_plain(document.as_bytes()), expected, "{document}");
    }

    #[test]
    fn complete_results_are_plain() {
        check(r#"{"jsonrpc":"2.0","id":1,"result":{"content":[]}}"#, true);
        check(r#"{"jsonrpc":"2.0","id":1,"result":{"resultType" : "complete","content":[]}}"#, true);
        check(r#"{"result":{"content":[{"type":"text","text":"the \"method\" and \"resultType\""}]}}"#, true);
        check(r#"{"result":{"text":"\u00e4 \u0022 \u2028 \u4e2d"}}"#, true);
        check(r#"{"error":{"code":-32601,"message":"method not found"}}"#, true);
    }

    #[test]
    fn what_could_ask_is_not() {
        check(r#"{"method":"ping","id":1}"#, false);
        check(r#"{"m\u0065thod":"ping","id":1}"#, false);
        check(r#"{"result":{"resultType":"input_required"}}"#, false);
        check(r#"{"result":{"resultType":"complete","resultType":"task"}}"#, false);
        check(r#"{"result":{"resultType":"completed"}}"#, false);
        check(r#"{"result":{"resultType":null}}"#, false);
        check(r#"{"result":{"inputRequests":{}}}"#, false);
        check(r#"{"error":{"code":-32042,"data":{"elicitations":[]}}}"#, false);
        check(r#"{"error":{"code":-32042.0,"data":{"elicitations":[]}}}"#, false);
        let utf_16: Vec<u8> = r#"{"method":1}"#.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert!(!is_plain(&utf_16));
    }
}
