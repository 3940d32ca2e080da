//! Which decision a statement belongs to, for the database's own log.

use std::fmt;

/// As much of a subject as is shown.
const SUBJECT: usize = 40;

/// `trigate <decision> <subject>`, of characters that need no quoting in any place a database could show them.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Tag(String);

impl Tag {
    /// For a decision of a subject; whatever is not a letter, a digit or one of `_.:@-` becomes `_`.
    pub(crate) fn new(decision: &str, subject: &str) -> Self {
        let shown = |text: &str, most: usize| -> String { text.chars().take(most).map(plain).collect() };
        let mut text = format!("trigate {}", shown(decision, SUBJECT));
        if !subject.is_empty() {
            text.push(' ');
            text.push_str(&shown(subject, SUBJECT));
        }
        Self(text)
    }

    /// At most `bytes` of it; every character is one byte.
    pub(crate) fn within(&self, bytes: usize) -> &str {
        self.0.get(..bytes).unwrap_or(&self.0)
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

fn plain(character: char) -> char {
    let is_plain = character.is_ascii_alphanumeric() || "_.:@-".contains(character);
    if is_plain { character } else { '_' }
}

#[cfg(test)]
mod tests {
    use super::Tag;

    #[track_caller]
    fn check(decision: &str, subject: &str, expected: &str) {
        assert_eq!(Tag::new(decision, subject).to_string(), expected);
    }

    #[test]
    fn nothing_in_a_tag_needs_quoting() {
        check("01hf", "ann@example.com", "trigate 01hf ann@example.com");
        check("01hf", "*/ '; DROP -- ü", "trigate 01hf ______DROP_--__");
    }

    #[test]
    fn a_tag_without_a_subject_is_the_decision() {
        check("01hf", "", "trigate 01hf");
    }

    #[test]
    fn a_tag_is_cut_to_what_fits() {
        let tag = Tag::new("01hf", &"a".repeat(90));
        assert_eq!(tag.within(16), "trigate 01hf aaa");
        assert_eq!(tag.within(500), tag.to_string());
    }
}
