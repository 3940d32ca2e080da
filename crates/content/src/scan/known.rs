//! Values that a name gave away elsewhere in the same message.

use super::Finding;
use crate::kind::Kind;

/// Most values that are looked for; each costs a comparison at every word.
const MOST: usize = 64;

/// Values to be found wherever they stand as words of their own, longer ones first.
#[derive(Debug, Default)]
pub(crate) struct Known(Vec<(String, Kind)>);

impl Known {
    pub(crate) fn of(mut values: Vec<(String, Kind)>) -> Known {
        values.sort_by(|(a, _), (b, _)| (b.len(), a).cmp(&(a.len(), b)));
        values.dedup();
        values.truncate(MOST);
        Known(values)
    }

    /// Whether a value can be told from a word of the language: `admin` is everywhere.
    pub(crate) fn is_telling(value: &str) -> bool {
        let plain = value.chars().all(char::is_alphabetic);
        value.len() >= if plain { 8 } else { 5 }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The value that stands at a place as a word.
    pub(super) fn at(&self, text: &[u8], at: usize) -> Option<Finding> {
        if self.is_empty() {
            return None;
        }
        let before = at.checked_sub(1).and_then(|before| text.get(before));
        if before.is_some_and(u8::is_ascii_alphanumeric) {
            return None;
        }
        let rest = text.get(at..)?;
        let (value, kind) = self.0.iter().find(|(value, _)| {
            rest.starts_with(value.as_bytes())
                && !rest.get(value.len()).is_some_and(u8::is_ascii_alphanumeric)
        })?;
        Some(Finding { kind: *kind, span: at..at + value.len(), announced: true })
    }
}
