//! Patterns of rules: `server.name`, where `*` stands for any characters, and which of two patterns is the more specific.
//!
//! The server is the text before the first dot; the rest is matched against the name of a tool or prompt, the URI of a
//! resource, or a topic.

use thiserror::Error;

/// A pattern, split and ranked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pattern {
    pub(crate) server: Glob,
    pub(crate) name: Glob,
    pub(crate) rank: Rank,
}

/// How specific a pattern is; the greater decides. INVARIANT: the order of the fields is the order of precedence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Rank {
    exact: bool,
    literal_prefix: usize,
    literal_text: usize,
}

/// Text in which `*` stands for any characters, also none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Glob {
    text: String,
}

/// The text is no pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub(crate) enum PatternError {
    #[error("has control characters or white space at its ends; expected `server.name`")]
    Characters,
    #[error("has no dot; expected `server.name`, such as `shop.query` or `shop.*`")]
    NoDot,
    #[error(
        "names no tool, prompt, resource or topic after the dot; expected `server.name`, such as `shop.*`"
    )]
    NoName,
    #[error("names no server before the dot; expected `server.name`, such as `shop.query` or `*.query`")]
    NoServer,
    #[error("is longer than 1024 bytes")]
    TooLong,
    #[error("has more than 8 `*`")]
    TooManyStars,
}

impl Pattern {
    pub(crate) fn parse(text: &str) -> Result<Pattern, PatternError> {
        if text.len() > 1024 {
            return Err(PatternError::TooLong);
        }
        if text.chars().any(char::is_control) || text.trim() != text {
            return Err(PatternError::Characters);
        }
        let (server, name) = text.split_once('.').ok_or(PatternError::NoDot)?;
        if server.is_empty() {
            return Err(PatternError::NoServer);
        }
        if name.is_empty() {
            return Err(PatternError::NoName);
        }
        if text.matches('*').count() > 8 {
            return Err(PatternError::TooManyStars);
        }
        let literal_prefix = text.split('*').next().unwrap_or_default().chars().count();
        let literal_text = text.chars().filter(|c| *c != '*').count();
        let rank = Rank { exact: !text.contains('*'), literal_prefix, literal_text };
        Ok(Pattern { server: Glob::new(server), name: Glob::new(name), rank })
    }
}

impl Pattern {
    /// Whether it matches whatever the other matches. Sometimes no where yes would be right; never the other way round.
    pub(crate) fn covers(&self, other: &Pattern) -> bool {
        // A `*` of the other can only be matched by one of this: no other text holds one.
        self.server.matches(&other.server.text) && self.name.matches(&other.name.text)
    }
}

impl Rank {
    pub(crate) fn is_exact(self) -> bool {
        self.exact
    }
}

impl Glob {
    fn new(text: &str) -> Glob {
        Glob { text: text.to_owned() }
    }

    /// The text, where it has no `*`.
    pub(crate) fn literal(&self) -> Option<&str> {
        (!self.text.contains('*')).then_some(self.text.as_str())
    }

    pub(crate) fn matches(&self, candidate: &str) -> bool {
        let mut pieces = self.text.split('*');
        let Some(mut rest) = pieces.next().and_then(|first| candidate.strip_prefix(first)) else {
            return false;
        };
        let Some(last) = pieces.next_back() else {
            return rest.is_empty();
        };
        // Between two stars the first place where a piece fits is as good as any later one.
        for piece in pieces {
            let Some((_, tail)) = rest.split_once(piece) else {
                return false;
            };
            rest = tail;
        }
        rest.ends_with(last)
    }
}

/// The one server a pattern is about, if it is about one.
pub(crate) fn literal_server(pattern: &str) -> Option<&str> {
    pattern.split_once('.').map(|(server, _)| server).filter(|server| !server.contains('*'))
}

#[cfg(test)]
mod tests {
    use super::{Glob, Pattern};

    #[track_caller]
    fn check(glob: &str, candidate: &str, expected: bool) {
        assert_eq!(Glob::new(glob).matches(candidate), expected, "{glob} on {candidate}");
    }

    #[test]
    fn stars_stand_for_any_characters() {
        check("*", "", true);
        check("*", "a.b/c", true);
        check("a*", "a", true);
        check("a*c", "abc", true);
        check("a*c", "ac", true);
        check("a*c", "abcd", false);
        check("*b*", "abc", true);
        check("*ab*ab", "abab", true);
        check("*ab*ab", "ab", false);
        check("a*a", "a", false);
        check("**", "x", true);
    }

    #[test]
    fn text_without_stars_is_compared_whole() {
        check("query", "query", true);
        check("query", "query2", false);
        check("query", "Query", false);
        check("", "", true);
    }

    #[test]
    fn the_more_specific_pattern_ranks_higher() {
        let rank = |text: &str| Pattern::parse(text).unwrap().rank;
        assert!(rank("s.a") > rank("s.a*"));
        assert!(rank("s.a") > rank("*.aaaaaaaaaaaaa"));
        assert!(rank("s.ab*") > rank("s.a*bbbbbb"));
        assert!(rank("s.a*b") > rank("s.a*"));
        assert!(rank("s.*") > rank("*.longer_name"));
        assert!(rank("s.a*b") == rank("s.a*c"));
    }

    #[test]
    fn what_is_no_pattern_is_refused() {
        for text in ["", "query", ".query", "shop.", " shop.query", "shop.a\nb", "s.*1*2*3*4*5*6*7*8*"] {
            assert!(Pattern::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn length_and_stars_have_bounds() {
        let long = |length: usize| format!("s.{}", "a".repeat(length - 2));
        let stars = |count: usize| format!("s.{}", "*a".repeat(count));
        assert!(Pattern::parse(&long(1024)).is_ok() && Pattern::parse(&long(1025)).is_err());
        assert!(Pattern::parse(&stars(8)).is_ok() && Pattern::parse(&stars(9)).is_err());
    }

    #[test]
    fn the_server_ends_at_the_first_dot() {
        let pattern = Pattern::parse("shop.a.b").unwrap();
        assert_eq!((pattern.server.literal(), pattern.name.literal()), (Some("shop"), Some("a.b")));
    }
}
