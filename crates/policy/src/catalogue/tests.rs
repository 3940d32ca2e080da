//! What a catalogue keeps of a definition, and that it comes through a snapshot whole.

use super::header::ParamKind;
use super::tool::{Flaw, Tool};
use super::*;

fn tool(definition: &str) -> Tool {
    Tool::read(definition).unwrap()
}

#[track_caller]
fn check_headers(schema: &str, expected: &[(&str, &str, ParamKind)]) {
    let tool = tool(&format!(r#"{{"name":"t","inputSchema":{schema}}}"#));
    let found: Vec<_> = tool
        .header_params()
        .iter()
        .map(|param| (param.header.to_string(), param.path.join("."), param.kind))
        .collect();
    let expected: Vec<_> = expected
        .iter()
        .map(|(header, path, kind)| ((*header).to_owned(), (*path).to_owned(), *kind))
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn a_catalogue_comes_through_a_snapshot_whole() {
    let pay = tool(r#"{ "name": "pay", "inputSchema": {"type":"object"}, "outputSchema" : {"a":1.0} }"#);
    let approved = tool(r#"{"name":"pay"}"#).digest();
    let mut catalogue = Catalogue::default();
    let evil =
        tool(r#"{"name":"рay","description":"\ud83d\ude00"}"#).with_flaw(Some(Flaw::LooksLike("pay".into())));
    catalogue.insert("bank", [pay.with_approved(Some(approved)), evil, tool(r#"{"name":"x\u200b"}"#)]);
    catalogue.insert("empty", []);
    let read = Catalogue::from_json(&catalogue.to_json()).unwrap();
    assert_eq!(read, catalogue);
    let pay = read.tool("bank", "pay").unwrap();
    assert_eq!(pay.input_schema(), Some(r#"{"type":"object"}"#));
    assert_eq!(pay.output_schema(), Some(r#"{"a":1.0}"#));
    assert_eq!(pay.approved(), Some(approved));
    assert_eq!(read.known("empty", "pay"), Known::Unlisted);
    assert_eq!(read.known("other", "pay"), Known::Unheard);
    assert!(read.tool("bank", "x").is_none() && read.tool("bank", "x\u{200b}").is_some());
}

#[test]
fn no_bytes_are_the_empty_catalogue() {
    assert!(Catalogue::from_json(b"").unwrap().is_empty());
    for wrong in ["[]", "{}", r#"{"servers":{"a":1}}"#, r#"{"servers":{"a":[{}]}}"#, "{\"servers\":{}"] {
        assert!(Catalogue::from_json(wrong.as_bytes()).is_err(), "{wrong}");
    }
}

#[test]
fn a_name_that_comes_twice_is_marked() {
    let mut catalogue = Catalogue::default();
    catalogue.insert("s", [tool(r#"{"name":"a"}"#), tool(r#"{"name":"a","title":"A"}"#)]);
    assert_eq!(catalogue.tool("s", "a").unwrap().flaw(), Some(&Flaw::Twice));
    assert_eq!(Catalogue::from_json(&catalogue.to_json()).unwrap(), catalogue);
}

#[test]
fn a_flaw_that_is_not_known_stays_one() {
    let json = br#"{"servers":{"s":[{"flaw":"of tomorrow","definition":{"name":"a"}}]}}"#;
    assert!(Catalogue::from_json(json).unwrap().tool("s", "a").unwrap().flaw().is_some());
}

#[test]
fn mirrored_arguments_are_found_through_properties_alone() {
    check_headers(
        r#"{"properties":{"region":{"type":"string","x-mcp-header":"Region"},"plain":{"type":"string"},
            "to":{"type":"object","properties":{"n":{"type":"integer","x-mcp-header":"To-N"}}}}}"#,
        &[("region", "region", ParamKind::String), ("to-n", "to.n", ParamKind::Integer)],
    );
    check_headers(r#"{"type":"object"}"#, &[]);
    // A property may bear the annotation's name.
    check_headers(r#"{"properties":{"x-mcp-header":{"type":"string"}}}"#, &[]);
}

#[test]
fn one_wrong_declaration_voids_all() {
    let good = r#""good":{"type":"string","x-mcp-header":"Good"}"#;
    for wrong in [
        r#""a":{"type":"string","x-mcp-header":"GOOD"}"#,
        r#""a":{"type":"string","x-mcp-header":"a b"}"#,
        r#""a":{"type":"string","x-mcp-header":""}"#,
        r#""a":{"type":"string","x-mcp-header":1}"#,
        r#""a":{"type":["string"],"x-mcp-header":"A"}"#,
        r#""a":{"type":"object","x-mcp-header":"A"}"#,
        r#""a":{"x-mcp-header":"A"}"#,
        r#""a":{"items":{"type":"string","x-mcp-header":"A"}}"#,
        r#""a":{"anyOf":[{"type":"string","x-mcp-header":"A"}]}"#,
    ] {
        check_headers(&format!(r#"{{"properties":{{{good},{wrong}}}}}"#), &[]);
    }
}
