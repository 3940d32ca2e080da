//! Changes of a text, and how they are carried from a text to the one that spells it.

use std::ops::Range;

use crate::spans::Spans;

/// A span of a text, and what stands there instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Edit {
    pub(crate) span: Range<usize>,
    pub(crate) text: String,
}

impl Edit {
    /// The same edit in the text from which this one was read.
    pub(crate) fn back(self, spans: &Spans) -> Edit {
        Edit { span: spans.back(self.span), text: self.text }
    }

    /// The same edit within a JSON string: its quotes are escaped. Nothing else of a replacement needs to be.
    pub(crate) fn quoted(self) -> Edit {
        let text = if self.text.contains(['"', '\\']) {
            self.text.replace('\\', "\\\\").replace('"', "\\\"")
        } else {
            self.text
        };
        Edit { span: self.span, text }
    }

    /// The same edit in a text that has this one from `offset` on.
    pub(crate) fn shifted(self, offset: usize) -> Edit {
        Edit { span: self.span.start + offset..self.span.end + offset, text: self.text }
    }
}

/// The text with edits made that are in order and do not overlap.
pub(crate) fn splice(text: &str, edits: &[Edit]) -> String {
    spliced(text, edits).0
}

/// The same, with the way back to the text before.
pub(crate) fn spliced(text: &str, edits: &[Edit]) -> (String, Spans) {
    let mut out = String::with_capacity(text.len());
    let mut spans = Spans::default();
    let mut copied = 0;
    for Edit { span, text: replacement } in edits {
        spans.copy(out.len(), copied);
        out.push_str(text.get(copied..span.start).unwrap_or_default());
        spans.spelt(out.len(), span.start, span.len());
        out.push_str(replacement);
        copied = span.end;
    }
    spans.copy(out.len(), copied);
    out.push_str(text.get(copied..).unwrap_or_default());
    (out, spans)
}

/// Edits of one text, in order; where two overlap, one over both.
pub(crate) fn merge(mut edits: Vec<Edit>) -> Vec<Edit> {
    edits.sort_by_key(|edit| (edit.span.start, std::cmp::Reverse(edit.span.end)));
    let mut merged: Vec<Edit> = Vec::with_capacity(edits.len());
    for edit in edits {
        match merged.last_mut() {
            Some(last) if edit.span.start < last.span.end => last.span.end = last.span.end.max(edit.span.end),
            _ => merged.push(edit),
        }
    }
    merged
}
