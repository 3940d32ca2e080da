//! The pattern of `matches`: a regular expression of bounded size that searches in time linear in the text.

use regex::{Regex, RegexBuilder};
use serde::{Deserialize, Serialize};

/// Largest compiled pattern, in bytes.
const MAX_SIZE: usize = 256 * 1024;

/// A pattern, compiled once.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(super) struct Pattern(Regex);

impl Pattern {
    pub(super) fn compile(text: &str) -> Result<Pattern, String> {
        let built =
            RegexBuilder::new(text).size_limit(MAX_SIZE).dfa_size_limit(MAX_SIZE).nest_limit(32).build();
        built.map(Pattern).map_err(|error| match error {
            regex::Error::CompiledTooBig(_) => "is too large".to_owned(),
            error => {
                let text = error.to_string();
                let last = text.lines().last().unwrap_or_default().trim_start_matches("error: ");
                format!("is no regular expression: {last}")
            }
        })
    }

    pub(super) fn text(&self) -> &str {
        self.0.as_str()
    }

    pub(super) fn matches(&self, text: &str) -> bool {
        self.0.is_match(text)
    }
}

impl TryFrom<String> for Pattern {
    type Error = String;

    fn try_from(text: String) -> Result<Pattern, String> {
        Pattern::compile(&text).map_err(|problem| format!("`{text}` {problem}"))
    }
}

impl From<Pattern> for String {
    fn from(pattern: Pattern) -> String {
        pattern.text().to_owned()
    }
}
