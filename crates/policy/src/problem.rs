//! What is wrong with a document: where, in which field, and what was expected instead.

use std::fmt;

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// 1-based line; 0 where the document has no text.
    pub line: u32,
    /// 1-based column, in characters; without a line, how many characters of the field's text stand before it.
    pub column: u32,
    /// The field, such as `roles.support_agent.tools[0].allow`; empty for the document as a whole.
    pub path: String,
    /// What was found and what was expected.
    pub message: String,
}

impl Problem {
    /// A problem of a field, without a place in a text.
    pub(crate) fn at(path: impl Into<String>, message: impl Into<String>) -> Problem {
        Problem { line: 0, column: 0, path: path.into(), message: message.into() }
    }

    /// A problem inside the text of a field, behind so many of its characters.
    pub(crate) fn within(path: impl Into<String>, offset: usize, message: impl Into<String>) -> Problem {
        let column = u32::try_from(offset).unwrap_or_default();
        Problem { column, ..Problem::at(path, message) }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line > 0 {
            write!(f, "{}:{} ", self.line, self.column)?;
        }
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        f.write_str(&self.message)
    }
}

/// Everything that is wrong with a document, in the order of the text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Problems(pub Vec<Problem>);

impl Problems {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// One after the other.
    pub fn iter(&self) -> impl Iterator<Item = &Problem> {
        self.0.iter()
    }

    pub(crate) fn push(&mut self, problem: Problem) {
        self.0.push(problem);
    }

    pub(crate) fn add(&mut self, path: impl Into<String>, message: impl Into<String>) {
        self.0.push(Problem::at(path, message));
    }
}

impl IntoIterator for Problems {
    type Item = Problem;
    type IntoIter = std::vec::IntoIter<Problem>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, problem) in self.0.iter().enumerate() {
            if number > 0 {
                f.write_str("\n")?;
            }
            problem.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}

/// The path of a member: `parent.name`, or `parent["name"]` where the name would be hard to read bare.
pub(crate) fn member(parent: &str, name: &str) -> String {
    let plain = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    match (parent.is_empty(), plain) {
        (true, true) => name.to_owned(),
        (false, true) => format!("{parent}.{name}"),
        (_, false) => format!("{parent}[{name:?}]"),
    }
}

/// The path of an item: `parent[0]`.
pub(crate) fn item(parent: &str, index: usize) -> String {
    format!("{parent}[{index}]")
}

/// The nearest of `candidates` that `word` may be a misspelling of.
pub(crate) fn nearest<'a>(word: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let allowed = (word.chars().count() / 3).clamp(1, 3);
    candidates
        .map(|candidate| (distance(word, candidate), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min()
        .map(|(_, candidate)| candidate)
}

/// ` (did you mean `x`?)`, or nothing.
pub(crate) fn did_you_mean<'a>(word: &str, candidates: impl Iterator<Item = &'a str>) -> String {
    nearest(word, candidates).map(|found| format!(" (did you mean `{found}`?)")).unwrap_or_default()
}

/// Edits (insert, delete, replace, swap of neighbours) that lead from one word to the other, without regard to case.
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().flat_map(char::to_lowercase).take(64).collect();
    let cell = |row: &[usize], at: usize| row.get(at).copied().unwrap_or(usize::MAX / 2);
    let mut before = Vec::new();
    let mut above: Vec<usize> = (0..=to.len()).collect();
    let mut last = None;
    for (index, left) in from.chars().flat_map(char::to_lowercase).take(64).enumerate() {
        let mut row = vec![index + 1];
        for (at, right) in to.iter().enumerate() {
            let replaced = cell(&above, at) + usize::from(left != *right);
            let mut best = replaced.min(cell(&above, at + 1) + 1).min(cell(&row, at) + 1);
            let swapped =
                at.checked_sub(1).filter(|back| to.get(*back) == Some(&left) && last == Some(*right));
            if let Some(back) = swapped {
                best = best.min(cell(&before, back) + 1);
            }
            row.push(best);
        }
        last = Some(left);
        before = std::mem::replace(&mut above, row);
    }
    cell(&above, to.len())
}

#[cfg(test)]
mod tests {
    use super::{distance, item, member, nearest};

    #[test]
    fn edits_are_counted() {
        for (from, to, expected) in [
            ("", "", 0),
            ("tools", "tools", 0),
            ("Tool", "tools", 1),
            ("nmae", "name", 1),
            ("raed", "read", 1),
            ("a", "", 1),
            ("kitten", "sitting", 3),
        ] {
            assert_eq!(distance(from, to), expected, "{from} to {to}");
            assert_eq!(distance(to, from), expected, "{to} to {from}");
        }
    }

    #[test]
    fn only_what_is_near_is_suggested() {
        let fields = || ["url", "cluster", "credential"].into_iter();
        assert_eq!(nearest("credentials", fields()), Some("credential"));
        assert_eq!(nearest("lru", fields()), None);
        assert_eq!(nearest("password", fields()), None);
    }

    #[test]
    fn names_that_would_mislead_are_quoted_in_paths() {
        assert_eq!(member(&item("roles.agent.tools", 0), "allow"), "roles.agent.tools[0].allow");
        assert_eq!(member("endpoints", "/shop/mcp"), "endpoints[\"/shop/mcp\"]");
    }
}
