//! What holds for all rules and names: lists and calls agree, the order of rules does not matter, and the decision is the
//! one of a judge that knows nothing of maps and sorting.
#![cfg(not(target_arch = "wasm32"))]
#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test file; a panic is a failed test"
)]

use mcp::list::ListKind;
use policy::document::{Database, Role, Rule};
use policy::{Arguments, Decision, Document, Operation, RuleSet, Subject, parse};
use proptest::prelude::*;

/// Few letters and many stars, so that patterns and names meet.
fn pattern() -> impl Strategy<Value = String> {
    ("(s|t|\\*|s\\*)", "[ab*.]{1,5}").prop_map(|(server, name)| format!("{server}.{name}"))
}

fn rules() -> impl Strategy<Value = Vec<Rule>> {
    let rule = (any::<bool>(), pattern())
        .prop_map(|(allow, pattern)| if allow { Rule::allow(pattern) } else { Rule::deny(pattern) });
    proptest::collection::vec(rule, 0..8).prop_map(without_idle)
}

/// Rules that a `deny` makes idle are mistakes; what is left is a document.
fn without_idle(rules: Vec<Rule>) -> Vec<Rule> {
    let idle = |rule: &Rule| {
        let mut denies = rules.iter().filter(|other| !other.allows());
        denies.any(|deny| fits(&deny.pattern, &rule.pattern) && rank(&deny.pattern) >= rank(&rule.pattern))
    };
    rules.iter().filter(|rule| !rule.allows() || !idle(rule)).cloned().collect()
}

/// Whether a pattern matches `server.name`, be that a pattern itself.
fn fits(pattern: &str, name: &str) -> bool {
    let ((on, of), (server, name)) = (pattern.split_once('.').unwrap(), name.split_once('.').unwrap());
    matches(on.as_bytes(), server.as_bytes()) && matches(of.as_bytes(), name.as_bytes())
}

fn rank(pattern: &str) -> (bool, usize, usize) {
    let prefix = pattern.find('*').unwrap_or(pattern.len());
    (!pattern.contains('*'), prefix, pattern.bytes().filter(|byte| *byte != b'*').count())
}

fn compiled(rules: &[Rule]) -> RuleSet {
    let mut document = Document::default();
    for database in ["s", "t"] {
        document
            .databases
            .insert(database.into(), Database { url: Some("sqlite://x".into()), ..Database::default() });
    }
    document
        .roles
        .insert("r".into(), Role { tools: rules.to_vec(), resources: rules.to_vec(), ..Role::default() });
    RuleSet::compile(&document, 1).unwrap_or_else(|problems| panic!("{problems}"))
}

fn subject() -> Subject {
    Subject { name: "n".into(), key_id: "k".into(), role: "r".into(), ..Subject::default() }
}

fn decide(rules: &RuleSet, server: &str, name: &str) -> Decision {
    rules.decide(
        &subject(),
        server,
        &Operation::CallTool { name: name.into(), arguments: Arguments::Unknown },
    )
}

/// The textbook matcher: every way to cut the text.
fn matches(pattern: &[u8], text: &[u8]) -> bool {
    match pattern.split_first() {
        None => text.is_empty(),
        Some((b'*', rest)) => (0..=text.len()).any(|cut| matches(rest, &text[cut..])),
        Some((letter, rest)) => text.first() == Some(letter) && matches(rest, &text[1..]),
    }
}

/// The verdict of the most specific rule, found by looking at all of them.
fn expected(rules: &[Rule], server: &str, name: &str) -> bool {
    rules
        .iter()
        .filter(|rule| fits(&rule.pattern, &format!("{server}.{name}")))
        .max_by_key(|rule| (rank(&rule.pattern), !rule.allows()))
        .is_some_and(Rule::allows)
}

proptest! {
    #[test]
    fn lists_show_exactly_what_calls_permit(rules in rules(), names in proptest::collection::vec("[ab.]{0,5}", 1..20)) {
        let compiled = compiled(&rules);
        for (server, name) in names.iter().flat_map(|name| [("s", name), ("t", name), ("sx", name)]) {
            let permits = decide(&compiled, server, name).permits();
            prop_assert_eq!(compiled.shows(&subject(), server, ListKind::Tools, name), permits);
            let read = Operation::ReadResource { uri: name.as_str().into() };
            let reads = compiled.decide(&subject(), server, &read).permits();
            prop_assert_eq!(compiled.shows(&subject(), server, ListKind::Resources, name), reads);
            prop_assert!(!compiled.shows(&subject(), server, ListKind::Prompts, name));
        }
    }

    #[test]
    fn the_most_specific_rule_decides(rules in rules(), names in proptest::collection::vec("[ab.]{1,5}", 1..20)) {
        let compiled = compiled(&rules);
        for (server, name) in names.iter().flat_map(|name| [("s", name), ("t", name)]) {
            let permits = decide(&compiled, server, name).permits();
            prop_assert_eq!(permits, expected(&rules, server, name), "{}.{} under {:?}", server, name, rules);
        }
    }

    #[test]
    fn the_order_of_rules_does_not_matter(rules in rules(), name in "[ab.]{1,5}") {
        let mut reversed = rules.clone();
        reversed.reverse();
        let (one, other) = (compiled(&rules), compiled(&reversed));
        prop_assert_eq!(decide(&one, "s", &name).permits(), decide(&other, "s", &name).permits());
    }

    #[test]
    fn no_text_makes_the_parser_panic(text in "(version: 1\n)?[ -~\n*&\\[\\]{}:,#é]{0,200}") {
        if let Ok(source) = parse(&text) {
            let _ = source.check();
        }
    }

    #[test]
    fn written_documents_read_the_same(rules in rules(), description in "\\PC{0,40}", role in "\\PC{1,20}") {
        let mut document = Document::default();
        let role_rights = Role { description, tools: rules, ..Role::default() };
        document.roles.insert(role, role_rights);
        let read = parse(&document.to_yaml()).map(|source| source.document);
        prop_assert_eq!(read, Ok(document));
    }
}
