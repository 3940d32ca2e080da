//! Keeps a result's JSON as text on its way through rmcp, whose types want a tree.
//!
//! The tool leaves the text here and gives rmcp a mark in both places where it belongs; when the reply is bytes, the marks
//! are replaced. A mark is 128 random bits made for one request, so nothing a database holds can be taken for it.

use std::sync::{Arc, Mutex, PoisonError};

use rmcp::model::{CallToolResult, ContentBlock};

/// The place for one request's result.
#[derive(Clone)]
pub(crate) struct Slot(Arc<Held>);

struct Held {
    mark: String,
    json: Mutex<Option<Vec<u8>>>,
}

impl Slot {
    /// An empty slot. Nothing without randomness: a mark that can be guessed is none.
    pub(crate) fn new() -> Option<Self> {
        let mut bits = [0; 16];
        getrandom::fill(&mut bits).ok()?;
        let mark = format!("{:032x}", u128::from_be_bytes(bits));
        Some(Self(Arc::new(Held { mark, json: Mutex::default() })))
    }

    /// Takes the result, and gives one that says the mark in its place.
    pub(crate) fn hold(&self, json: Vec<u8>) -> CallToolResult {
        *self.0.json.lock().unwrap_or_else(PoisonError::into_inner) = Some(json);
        let mut result = CallToolResult::structured(serde_json::Value::String(self.0.mark.clone()));
        result.content = vec![ContentBlock::text(self.0.mark.clone())];
        result
    }

    /// The reply with the result in it: as a string where the text copy is, as JSON where the structure is.
    pub(crate) fn fill(&self, reply: &[u8]) -> Option<Vec<u8>> {
        let json = self.0.json.lock().unwrap_or_else(PoisonError::into_inner).take()?;
        let quoted = format!("\"{}\"", self.0.mark);
        let as_text = format!("\"text\":{quoted}");
        let as_structure = format!("\"structuredContent\":{quoted}");
        let (text, structure) = (find(reply, as_text.as_bytes())?, find(reply, as_structure.as_bytes())?);
        let mut out = Vec::with_capacity(reply.len() + json.len() * 2 + json.len() / 4);
        let mut copied = 0;
        let mut places = [(text, as_text.len(), true), (structure, as_structure.len(), false)];
        places.sort_unstable();
        for (start, length, is_text) in places {
            let end = start + length;
            out.extend_from_slice(reply.get(copied..end - quoted.len())?);
            if is_text {
                mcp::write_string(&mut out, str::from_utf8(&json).ok()?);
            } else {
                out.extend_from_slice(&json);
            }
            copied = end;
        }
        out.extend_from_slice(reply.get(copied..)?);
        Some(out)
    }
}

fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len()).position(|window| window == part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_places_get_the_same_result() {
        let slot = Slot::new().unwrap();
        let json = r#"{"rows":[{"a":"x \" y"}]}"#;
        let reply = serde_json::to_vec(&slot.hold(json.into())).unwrap();
        let filled = slot.fill(&reply).unwrap();
        let value: serde_json::Value = serde_json::from_slice(&filled).unwrap();
        assert_eq!(value["structuredContent"]["rows"][0]["a"], "x \" y");
        assert_eq!(value["content"][0]["text"], json);
    }

    #[test]
    fn a_reply_without_a_result_is_left_alone() {
        assert_eq!(Slot::new().unwrap().fill(b"{}"), None);
    }
}
