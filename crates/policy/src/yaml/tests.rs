//! Reading and writing documents: the example of the design, limits, round trips, and the reference page.

use super::*;
use crate::Catalogue;
use crate::document::{Credential, SecretSource};
use crate::yaml::shape::paths;

const EXAMPLE: &str = include_str!("tests/example.yaml");

fn read(text: &str) -> Source {
    parse(text).unwrap_or_else(|problems| panic!("{problems}"))
}

#[track_caller]
fn check_refused(text: &str, expected: &str) {
    let problems = parse(text).map(|source| source.document).unwrap_err();
    assert!(problems.to_string().contains(expected), "{problems}");
}

#[test]
fn the_example_is_read_whole() {
    let source = read(EXAMPLE);
    assert_eq!(source.check(), Problems::default());
    let document = &source.document;
    let bearer = Credential::Bearer(SecretSource::Env("TICKETS_TOKEN".into()));
    assert_eq!(document.servers["tickets"].credential, Some(bearer));
    assert_eq!(document.keys[0].expires.unwrap().to_string(), "2027-01-01T00:00:00Z");
    assert_eq!(document.roles["support_agent"].tools.len(), 3);
    assert_eq!(document.roles["support_agent"].databases["shop"].deny_columns["customers"].len(), 2);
}

#[test]
fn what_is_written_reads_the_same() {
    let document = read(EXAMPLE).document;
    assert_eq!(read(&document.to_yaml()).document, document);
    assert_eq!(Document::from_json(&document.to_json()).unwrap(), document);
    assert_eq!(read(std::str::from_utf8(&document.to_json()).unwrap()).document, document);
}

#[test]
fn writing_is_stable_and_readable() {
    let written = read(EXAMPLE).document.to_yaml();
    assert_eq!(written, include_str!("tests/written.yaml"));
    assert_eq!(read(&written).document.to_yaml(), written);
}

#[test]
fn text_that_could_be_taken_for_something_else_is_quoted() {
    for name in [
        "true",
        "null",
        "~",
        "12",
        "a: b",
        "a #b",
        "- x",
        "*",
        "&a",
        "ä",
        "tab\tnew\nline",
        " x ",
        "",
        "'",
        "\"",
        "1e3",
        "no",
    ] {
        let mut document = Document::default();
        crate::edit::add_role(&mut document, "agent", name).unwrap();
        assert_eq!(read(&document.to_yaml()).document, document, "{name:?}");
    }
}

#[test]
fn a_gateway_and_an_adapter_get_what_they_need_and_no_more() {
    let document = read(EXAMPLE).document;
    let gateway = String::from_utf8(document.for_gateway().to_json()).unwrap();
    for secret in ["sqlite:", "TICKETS_TOKEN", "deny_columns", "credit_card"] {
        assert!(!gateway.contains(secret), "{secret} in {gateway}");
    }
    let adapter = String::from_utf8(document.for_adapter().to_json()).unwrap();
    for upstream in ["tickets", "TICKETS_TOKEN", "endpoints", "9001"] {
        assert!(!adapter.contains(upstream), "{upstream} in {adapter}");
    }
    for reduced in [document.for_gateway(), document.for_adapter()] {
        let back = Document::from_json(&reduced.to_json()).unwrap();
        assert_eq!(back, reduced);
        let rules = RuleSet::compile(&back, 1).unwrap_or_else(|problems| panic!("{problems}"));
        assert!(rules.has_role("support_agent"));
    }
}

#[test]
fn the_adapter_keeps_rules_over_several_servers() {
    let text = "version: 1\nservers: { t: { url: http://h/mcp } }\nroles: { a: { tools: [ { allow: t.x }, { allow: \"*.x\" } ] } }";
    assert_eq!(read(text).document.for_adapter().roles["a"].tools.len(), 1);
}

#[test]
fn aliases_cannot_multiply_without_bound() {
    let mut bomb = "version: 1\nroles:\n  r0: &r0\n    tools: &t\n".to_owned();
    for index in 0..2000 {
        bomb.push_str(&format!("      - allow: s.t{index}\n"));
    }
    for index in 1..2000 {
        bomb.push_str(&format!("  r{index}: *r0\n"));
    }
    check_refused(&bomb, "aliases make this more than 500000 values");

    let mut laughs = "version: 1\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for index in 1..20 {
        let last = index - 1;
        laughs.push_str(&format!("a{index}: &a{index} [*a{last}, *a{last}, *a{last}, *a{last}, *a{last}]\n"));
    }
    check_refused(&laughs, "unknown field `a19`");
}

#[test]
fn an_alias_inside_its_own_value_is_refused() {
    check_refused("version: 1\nroles: &r { a: *r }", "the alias stands inside the value it refers to");
}

#[test]
fn deep_nesting_is_refused_without_recursion() {
    check_refused(&format!("version: {}", "[".repeat(40)), "nested deeper than 32 levels");
    check_refused(&format!("version: {}", "[".repeat(100_000)), "recursion limit exceeded");
    let mut blocks = "version: 1\n".to_owned();
    for depth in 0..500 {
        blocks.push_str(&format!("{}a:\n", " ".repeat(depth)));
    }
    check_refused(&blocks, "nested deeper than 32 levels");
}

#[test]
fn long_texts_are_refused() {
    check_refused(&"#".repeat(MAX_BYTES + 1), "the document is longer than");
    check_refused(&format!("version: 1\nroles: [{}]", "1,".repeat(600_000)), "more than 500000 values");
}

#[test]
fn reports_have_an_end() {
    let mut text = "version: 1\n".to_owned();
    for index in 0..5000 {
        text.push_str(&format!("field{index}: 1\n"));
    }
    assert_eq!(parse(&text).unwrap_err().len(), 200);
}

#[test]
fn the_reference_names_every_field() {
    let page = include_str!("../../../../docs/trigate-yaml.md");
    let mut fields = Vec::new();
    paths(&schema::DOCUMENT, "", &mut fields);
    assert!(fields.len() > 40);
    for field in fields {
        assert!(page.contains(&format!("| `{field}` |")), "docs/trigate-yaml.md has no row for `{field}`");
    }
}

#[test]
fn the_schema_has_the_fields_of_the_types() {
    // Every field the types can write is one the schema knows, and the schema lets nothing through the types refuse.
    let full = read(include_str!("tests/full.yaml"));
    let wrong: Vec<String> = full.check().iter().map(ToString::to_string).collect();
    assert!(wrong.iter().all(|problem| problem.ends_with("is not supported by this version")), "{wrong:?}");
    let mut fields = Vec::new();
    paths(&schema::DOCUMENT, "", &mut fields);
    let written = String::from_utf8(full.document.to_json()).unwrap();
    for field in fields {
        let name = field.rsplit('.').next().unwrap();
        assert!(written.contains(&format!("\"{name}\"")), "full.yaml has no `{field}`");
    }
    assert_eq!(read(&full.document.to_yaml()).document, full.document);
}

#[test]
fn an_unknown_field_does_not_hide_what_is_wrong_elsewhere() {
    let text = "version: 1\ncolour: red\nendpoints: { /a: { servers: [nobody] } }\n";
    let problems = parse(text).unwrap_err().to_string();
    assert!(problems.contains("unknown field `colour`") && problems.contains("nobody"), "{problems}");
}

#[test]
fn conditions_on_what_is_not_there_are_found_when_a_document_is_applied() {
    let text = "version: 1\nservers: { s: { url: http://127.0.0.1:1/mcp } }\n\
        keys: [ { id: k7f3q2m5x4aa, name: bot, role: agent, sha256: \"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\", claims: { team: a } } ]\n\
        roles:\n  agent:\n    tools:\n      - allow: s.a\n        when: args.prioritty == 1 && claims.taem == \"a\"\n      - allow: s.b\n        when: has(args.x) && args.x && has(claims.y) && claims.y\n  other:\n    tools:\n      - allow: s.a\n        when: claims.anything == 1\n";
    let mut catalogue = Catalogue::default();
    let schema = r#"{"type":"object","properties":{"priority":{}}}"#;
    let tools = ["a", "b"].map(|name| format!(r#"{{"name":"{name}","inputSchema":{schema}}}"#));
    catalogue.insert("s", tools.iter().map(|text| crate::Tool::read(text).unwrap()));
    let source = read(text);
    assert_eq!(source.check(), Problems::default());
    assert_eq!(
        source.check_data(&catalogue).to_string(),
        "8:15 roles.agent.tools[0].when: no key of the role has the claim `taem` (did you mean `team`?); ask `has(claims.taem)` first if it may be absent\n\
         8:15 roles.agent.tools[0].when: the tool declares no argument `prioritty` (did you mean `priority`?)"
    );
    assert_eq!(source.check_data(&Catalogue::default()).len(), 1);
}

#[test]
fn cases_are_run_as_calls() {
    let source = read(include_str!("tests/full.yaml"));
    assert_eq!(source.document.tests.len(), 3);
    let gateway = String::from_utf8(source.document.for_gateway().to_json()).unwrap();
    assert!(!gateway.contains("\"tests\""), "{gateway}");
}
