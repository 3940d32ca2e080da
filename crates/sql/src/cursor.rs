//! Where a page ended, as a word the caller hands back: the values of the order in the last row.
//!
//! It is opaque but no secret and no permission: it says only where the next page begins, among the rows that the caller
//! may see anyway. What it is made of is [`CursorPlan`], which the planner gives; the driver fills in the values.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// The form of what is encoded; another one is refused.
const VERSION: u8 = 1;
/// What the name of a column begins with that is in an answer only for its cursor.
pub(crate) const HIDDEN: char = '\u{1}';
/// The longest cursor that is read.
const LONGEST_CURSOR: usize = 16 * 1024;

/// What the cursor of a statement is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CursorPlan {
    /// Of the query: table, filter and order. It keeps cursors of different queries apart.
    pub fingerprint: u64,
    /// Which columns of the answer it holds, in this order.
    pub columns: Vec<usize>,
}

/// The cursor of a page that ends with these values, each the JSON text that the answer has for it.
pub fn encode(fingerprint: u64, cells: &[&str]) -> String {
    let mut bytes = vec![VERSION];
    bytes.extend_from_slice(&fingerprint.to_be_bytes());
    // A list of strings always has a JSON form.
    bytes.extend_from_slice(&serde_json::to_vec(cells).unwrap_or_default());
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The values in the cursor, or nothing if it is none of this query's.
pub(crate) fn decode(fingerprint: u64, cursor: &str) -> Option<Vec<String>> {
    if cursor.len() > LONGEST_CURSOR {
        return None;
    }
    let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
    let (version, rest) = bytes.split_first()?;
    let (named, cells) = rest.split_first_chunk::<8>()?;
    if *version != VERSION || u64::from_be_bytes(*named) != fingerprint {
        return None;
    }
    serde_json::from_slice(cells).ok()
}

/// The fingerprint of a query that these texts tell apart (FNV-1a, each closed by a byte that no text has).
pub(crate) fn fingerprint<'a>(texts: impl IntoIterator<Item = &'a str>) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325;
    let mut add = |bytes: &[u8]| {
        for byte in bytes {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    };
    for text in texts {
        add(text.as_bytes());
        add(&[0xff]);
    }
    hash
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(cells: &[&str]) {
        let cursor = encode(7, cells);
        assert!(cursor.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_'), "{cursor}");
        assert_eq!(decode(7, &cursor).unwrap(), cells);
        assert_eq!(decode(8, &cursor), None);
    }

    #[test]
    fn values_come_back_as_they_were() {
        check(&["1", "null", "\"a\\\"b\\u0001 ü\"", "12.50", "123456789012345678901234567890"]);
        check(&[]);
    }

    #[test]
    fn what_is_no_cursor_is_nothing() {
        let cut: String = encode(7, &["1"]).chars().take(14).collect();
        for text in ["", "A", "AQ", "not base64!", &"A".repeat(20_000), &cut] {
            assert_eq!(decode(7, text), None, "{text}");
        }
        let mut other_version = URL_SAFE_NO_PAD.decode(encode(7, &["1"])).unwrap();
        other_version[0] = 2;
        assert_eq!(decode(7, &URL_SAFE_NO_PAD.encode(other_version)), None);
    }

    #[test]
    fn fingerprints_know_where_a_text_ends() {
        assert_ne!(fingerprint(["ab", "c"]), fingerprint(["a", "bc"]));
    }
}
