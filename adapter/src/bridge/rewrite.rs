//! What is changed in a message on its way: ids and tokens that callers chose themselves, so that several callers can use the
//! same ones. Only these values are replaced; the rest stays as it was written, but for line breaks between its tokens.

use std::ops::Range;

use mcp::{Json, Limits};

use super::lines::LONGEST;

/// Bounds of one message of a server.
pub(super) const LIMITS: Limits = Limits { bytes: LONGEST, depth: 512, members: 4_000_000 };

/// Where a message names the token by which progress is told.
pub(super) const TOKEN: &[&str] = &["params", "_meta", "progressToken"];
/// Where a notification of progress names it.
pub(super) const PROGRESS: &[&str] = &["params", "progressToken"];
/// Where a cancellation names the request.
pub(super) const CANCELLED: &[&str] = &["params", "requestId"];
/// Where a notification names the subscription it belongs to.
pub(super) const TOLD: &[&str] = &["params", "_meta", "io.modelcontextprotocol/subscriptionId"];
/// Where the end of a subscription names it.
pub(super) const ENDED: &[&str] = &["result", "_meta", "io.modelcontextprotocol/subscriptionId"];
/// The id of a request or its answer.
pub(super) const ID: &[&str] = &["id"];

/// A message whose values can be replaced.
pub(super) struct Draft<'a> {
    bytes: &'a [u8],
    json: Json<'a>,
    edits: Vec<(Range<usize>, Vec<u8>)>,
}

impl<'a> Draft<'a> {
    /// Reads a message; none where it is not strict JSON.
    pub(super) fn of(bytes: &'a [u8]) -> Option<Self> {
        let json = Json::parse(bytes, &LIMITS).ok()?;
        Some(Self { bytes, json, edits: Vec::new() })
    }

    /// The value at a path of members.
    pub(super) fn at(&self, path: &[&str]) -> Option<Json<'a>> {
        path.iter().try_fold(self.json, |json, key| json.member(key))
    }

    /// The same, as a number of ours.
    pub(super) fn number_at(&self, path: &[&str]) -> Option<u64> {
        self.at(path)?.as_u64()
    }

    /// Puts another value there, if there is one.
    pub(super) fn set(&mut self, path: &[&str], value: &[u8]) {
        if let Some(found) = self.at(path) {
            self.edits.push((found.offset_in(self.bytes), value.to_vec()));
        }
    }

    /// The message as one line.
    pub(super) fn line(mut self) -> Vec<u8> {
        self.edits.sort_by_key(|(range, _)| range.start);
        let mut line = Vec::with_capacity(self.bytes.len() + 64);
        let mut done = 0;
        for (range, value) in &self.edits {
            line.extend_from_slice(self.bytes.get(done..range.start).unwrap_or_default());
            line.extend_from_slice(value);
            done = range.end;
        }
        line.extend_from_slice(self.bytes.get(done..).unwrap_or_default());
        // Strict JSON has line breaks between tokens only.
        for byte in &mut line {
            if matches!(*byte, b'\n' | b'\r') {
                *byte = b' ';
            }
        }
        line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(message: &str, edits: &[(&[&str], &str)], expected: &str) {
        let mut draft = Draft::of(message.as_bytes()).unwrap();
        for (path, value) in edits {
            draft.set(path, value.as_bytes());
        }
        assert_eq!(String::from_utf8(draft.line()).unwrap(), expected);
    }

    #[test]
    fn ids_and_tokens_are_replaced_and_the_rest_is_kept() {
        check(
            "{\"params\":{\"_meta\":{\"progressToken\":\"a\"},\"id\":1},\n \"id\":\"x\\u0041\",\"n\":1.50}",
            &[(ID, "7"), (TOKEN, "7")],
            "{\"params\":{\"_meta\":{\"progressToken\":7},\"id\":1},  \"id\":7,\"n\":1.50}",
        );
    }

    #[test]
    fn what_is_not_there_is_not_added() {
        check("{\"id\":1}", &[(TOKEN, "7"), (ID, "\"x\"")], "{\"id\":\"x\"}");
    }
}
