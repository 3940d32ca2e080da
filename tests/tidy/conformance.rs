//! docs/conformance.md: 35 statements, each with tests that exist and run, or with what is missing said plainly.

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context, Result};
use tests::workspace::root;

const STATEMENTS: usize = 35;
/// How the page says that a statement, or a part of it, is not shown.
const MISSING: &str = "Not shown:";

/// The numbered paragraphs of the page, in their order.
fn statements(page: &str) -> Vec<(usize, String)> {
    let mut found: Vec<(usize, String)> = Vec::new();
    for line in page.lines() {
        let number = line.split_once(". ").and_then(|(number, _)| number.parse().ok());
        match (number, found.last_mut()) {
            (Some(number), _) => found.push((number, line.to_owned())),
            (None, Some((_, text))) if line.starts_with("   ") => {
                text.push('\n');
                text.push_str(line);
            }
            _ => {}
        }
    }
    found
}

/// `path/of/file.rs::name`, wherever it stands between backticks.
fn tests(text: &str) -> Vec<(&str, &str)> {
    let quoted = text.split('`').skip(1).step_by(2);
    quoted.filter_map(|text| text.split_once("::")).filter(|(path, _)| path.ends_with(".rs")).collect()
}

/// Whether a file has a test of that name that is not skipped.
fn runs(source: &str, name: &str) -> bool {
    let (function, spaced) = (format!("fn {name}("), format!("fn {name}<"));
    let lines: Vec<&str> = source.lines().map(str::trim).collect();
    lines.iter().enumerate().any(|(place, line)| {
        let is_it = line.contains(&function) || line.contains(&spaced);
        let before = lines.get(..place).unwrap_or_default().iter().rev();
        let attributes: Vec<&&str> = before.take_while(|line| line.starts_with('#')).collect();
        let has = |word: &str| attributes.iter().any(|attribute| attribute.contains(word));
        is_it && has("test]") && !has("ignore")
    })
}

fn page() -> Result<Vec<(usize, String)>> {
    let text = fs::read_to_string(root().join("docs/conformance.md")).context("docs/conformance.md")?;
    Ok(statements(&text))
}

#[test]
fn every_statement_has_its_place() -> Result<()> {
    let numbers: Vec<usize> = page()?.into_iter().map(|(number, _)| number).collect();
    assert_eq!(numbers, (1..=STATEMENTS).collect::<Vec<_>>());
    Ok(())
}

#[test]
fn a_statement_names_tests_or_says_what_is_missing() -> Result<()> {
    for (number, text) in page()? {
        assert!(
            !tests(&text).is_empty() || text.contains(MISSING),
            "statement {number} names no test, and does not say that there is none"
        );
    }
    Ok(())
}

#[test]
fn named_tests_exist_and_run() -> Result<()> {
    let mut sources = BTreeMap::<String, String>::new();
    for (number, text) in page()? {
        for (path, name) in tests(&text) {
            if !sources.contains_key(path) {
                let source = fs::read_to_string(root().join(path))
                    .with_context(|| format!("statement {number} names `{path}`"))?;
                sources.insert(path.to_owned(), source);
            }
            let source = sources.get(path).map(String::as_str).unwrap_or_default();
            assert!(runs(source, name), "statement {number}: `{path}` has no test `{name}` that runs");
        }
    }
    Ok(())
}

#[test]
fn a_test_that_is_skipped_does_not_count() {
    let source = "#[test]\nfn a() {}\n\n#[test]\n#[ignore = \"slow\"]\nfn b() {}\n\nfn c() {}\n";
    assert_eq!(["a", "b", "c"].map(|name| runs(source, name)), [true, false, false]);
    let page = "# A\n1. one\n   `x/y.rs::a`, `y::b`\ntext\n2. two\n   Not shown: all\n";
    let statements = statements(page);
    let numbers: Vec<usize> = statements.iter().map(|(number, _)| *number).collect();
    assert_eq!(numbers, [1, 2]);
    assert_eq!(statements.first().map(|(_, text)| tests(text)), Some(vec![("x/y.rs", "a")]));
}
