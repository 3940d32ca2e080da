//! The words of refusals, which programs read: the page that explains them has each one.

use std::fs;

use anyhow::{Context, Result};
use tests::workspace::root;

/// Where the words are, and the function that gives them.
const SOURCES: [(&str, &str); 4] = [
    ("crates/sql/src/refusal.rs", "fn code("),
    ("crates/sql/src/refusal/objection.rs", "fn code("),
    ("adapter/src/failure.rs", "fn word("),
    ("adapter/src/failure.rs", "fn database_word("),
];

#[test]
fn every_word_is_explained() -> Result<()> {
    let page = fs::read_to_string(root().join("docs/refusals.md"))?;
    for (file, function) in SOURCES {
        let text = fs::read_to_string(root().join(file))?;
        let words = words(&text, function).with_context(|| format!("{file}: {function}"))?;
        assert!(words.len() > 5, "{file}: {function} gives {words:?}");
        for word in words {
            assert!(
                page.contains(&format!("`{word}`")),
                "docs/refusals.md does not explain `{word}` of {file}"
            );
        }
    }
    Ok(())
}

/// The words at the ends of a function's arms.
fn words<'a>(text: &'a str, function: &str) -> Option<Vec<&'a str>> {
    let body = text.split_once(function)?.1;
    let body = body.split("fn ").next()?;
    let arms = body.lines().filter_map(|line| line.split_once("=> \"")?.1.split('"').next());
    Some(arms.collect())
}
