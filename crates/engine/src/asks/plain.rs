//! Which answers can be told to ask nothing without reading them.
//!
//! Most answers say nothing but `"resultType":"complete"`. Where the names that matter occur nowhere in the bytes, and
//! nothing could spell them in another way, no reader finds them either. Whatever is in doubt is read.

use std::sync::LazyLock;

use memchr::{memchr, memmem::Finder};

/// Searches for the names that matter: made once, for making one costs more than a search of a short answer.
static NAMES: LazyLock<Names> = LazyLock::new(|| Names {
    asking: [&b"\"method\""[..], b"\"inputRequests\"", b"\"elicitations\""].map(Finder::new),
    kind: Finder::new(b"\"resultType\""),
    escape: Finder::new(b"\\u00"),
});

const COMPLETE: &[u8] = b"\"complete\"";

struct Names {
    /// Without them a message asks nothing: of the client, of it within a result, or by pages that an error names.
    asking: [Finder<'static>; 3],
    /// What type a result is of.
    kind: Finder<'static>,
    /// How the escape of an ASCII character begins, before its two last digits.
    escape: Finder<'static>,
}

/// Whether a message is plainly a complete result, or an error, that asks nothing.
pub(super) fn is_plain(document: &[u8]) -> bool {
    let Names { asking, kind, .. } = &*NAMES;
    // A NUL is part of no JSON in UTF-8, but of every JSON in UTF-16 or UTF-32, which some clients detect.
    memchr(0, document).is_none()
        && !spells_letters(document)
        && asking.iter().all(|name| name.find(document).is_none())
        && kind.find_iter(document).all(|at| is_complete(document, at + kind.needle().len()))
}

/// Whether letters may be spelt as escapes, so that a name can be there without its bytes. Signs below the letters, and
/// what is not ASCII, are escaped by many a server.
pub(crate) fn spells_letters(document: &[u8]) -> bool {
    let escape = &NAMES.escape;
    escape
        .find_iter(document)
        .any(|at| document.get(at + escape.needle().len()).is_none_or(|digit| (b'4'..=b'7').contains(digit)))
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
