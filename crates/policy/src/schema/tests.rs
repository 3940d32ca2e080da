//! Schemas: what they make of arguments, which are no schemas, and what they may cost.

mod bounds;
mod formats;
mod keywords;
mod malformed;
#[cfg(not(target_arch = "wasm32"))]
mod oracle;

use super::*;

fn schema(text: &str) -> Result<Schema, Unusable> {
    Schema::compile(&serde_json::from_str(text).unwrap(), Origin::Written)
}

fn json(text: &str) -> Json<'_> {
    Json::parse(text.as_bytes(), &Limits { bytes: 1 << 24, depth: 512, members: 1 << 20 }).unwrap()
}

fn validity(text: &str, arguments: &str) -> String {
    match schema(text).unwrap_or_else(|error| panic!("{error}")).validate(json(arguments)) {
        Validity::Valid => "valid".to_owned(),
        Validity::Invalid(words) | Validity::Undecided(words) => words,
    }
}

#[track_caller]
fn check(text: &str, arguments: &str, expected: &str) {
    let shown: String = arguments.chars().take(80).collect();
    assert_eq!(validity(text, arguments), expected, "{text} of {shown}");
}

#[track_caller]
fn check_refused(text: &str, expected: &str) {
    match schema(text) {
        Ok(_) => panic!("{text} was taken"),
        Err(error) => assert_eq!(error.to_string(), expected, "{text}"),
    }
}

#[test]
fn what_is_not_met_names_the_argument_and_not_its_value() {
    let text =
        r#"{"properties":{"title":{"type":"string","maxLength":3},"n":{"enum":[1,2]}},"required":["title"]}"#;
    check(text, r#"{"title":"abc"}"#, "valid");
    check(text, r#"{"title":"secret"}"#, "`args.title`: it is longer than 3 characters");
    check(text, r#"{"title":"a","n":77}"#, "`args.n`: it is not one of 1 or 2");
    check(text, "{}", "the arguments: \"title\" is a required property");
    check(
        r#"{"properties":{"l":{"items":{"type":"integer"}}}}"#,
        r#"{"l":[1,"x"]}"#,
        "`args.l[1]`: it is not of type \"integer\"",
    );
}

#[test]
fn numbers_are_compared_exactly() {
    let most = r#"{"properties":{"n":{"type":"integer","maximum":9007199254740992}}}"#;
    check(most, r#"{"n":9007199254740992}"#, "valid");
    check(most, r#"{"n":9007199254740993}"#, "`args.n`: it is greater than the maximum of 9007199254740992");
    let inexact = "the arguments: a number in it has more digits than can be compared exactly";
    check(most, r#"{"n":9007199254740993.0}"#, inexact);
    check(most, r#"{"n":18446744073709551616}"#, inexact);
    check(r#"{"properties":{"n":{"const":18446744073709551615}}}"#, r#"{"n":18446744073709551615}"#, "valid");
    check(r#"{"properties":{"n":{"multipleOf":0.01}}}"#, r#"{"n":19.99}"#, "valid");
    check(r#"{"properties":{"n":{"const":1}}}"#, r#"{"n":1.0}"#, "valid");
}

#[test]
fn both_drafts_are_known() {
    let old = r#"{"$schema":"http://json-schema.org/draft-07/schema#","properties":{"l":{"items":[{"type":"string"}]}}}"#;
    check(old, r#"{"l":[1]}"#, "`args.l[0]`: it is not of type \"string\"");
    check_refused(
        r#"{"$schema":"http://json-schema.org/draft-04/schema#"}"#,
        "[\"$schema\"]: expected JSON Schema 2020-12 or draft-07",
    );
}

#[test]
fn formats_that_are_written_are_checked() {
    let text = r#"{"properties":{"to":{"format":"email"}}}"#;
    check(text, r#"{"to":"a@example.com"}"#, "valid");
    assert_ne!(validity(text, r#"{"to":"nobody"}"#), "valid");
    check_refused(
        r#"{"properties":{"to":{"format":"emial"}}}"#,
        "properties.to.format: `emial` is no format that is checked (did you mean `email`?)",
    );
    check_refused(
        r#"{"properties":{"to":{"format":"regex"}}}"#,
        "properties.to.format: `regex` is no format that is checked",
    );
}

#[test]
fn mistakes_are_found_before_any_call() {
    check_refused(
        r#"{"propertes":{}}"#,
        "propertes: JSON Schema has no keyword `propertes` (did you mean `properties`?)",
    );
    check_refused(
        r#"{"properties":{"a":{"typ":"string"}}}"#,
        "properties.a.typ: JSON Schema has no keyword `typ` (did you mean `type`?)",
    );
    check_refused(
        r#"{"properties":{"a":{"type":"text"}}}"#,
        "properties.a.type: `text` is none of the types array, boolean, integer, null, number, object, string",
    );
    check_refused(
        r#"{"properties":{"a":{"pattern":"("}}}"#,
        "properties.a.pattern: no pattern: unclosed group",
    );
    check_refused(
        r#"{"$ref":"https://example.com/schema"}"#,
        "[\"$ref\"]: `https://example.com/schema` is outside the schema; only references such as `#/$defs/name` work",
    );
    check_refused(r##"{"$ref":"#/$defs/a"}"##, "[\"$ref\"]: `#/$defs/a` refers to nothing in the schema");
    check_refused(r##"{"$dynamicRef":"#a"}"##, "[\"$dynamicRef\"]: `$dynamicRef` is not supported");
    check_refused("3", "expected a schema: a mapping, `true` or `false`");
}

#[test]
fn what_nothing_can_meet_is_refused() {
    let never = "nothing can meet this, so the rule can never match";
    check_refused("false", &format!("{never}: `false` refuses every value"));
    check_refused(r#"{"not":{}}"#, &format!("not: {never}: it refuses every value"));
    check_refused(
        r#"{"type":"array"}"#,
        &format!("type: {never}: arguments are always an object, never \"array\""),
    );
    check_refused(
        r#"{"properties":{"a":{"enum":[]}},"required":["a"]}"#,
        &format!("properties.a.enum: {never}: it lists no value"),
    );
    check_refused(
        r#"{"properties":{"a":{"minimum":5,"maximum":3}},"required":["a"]}"#,
        &format!("properties.a.minimum: {never}: it is above `maximum`"),
    );
    check_refused(
        r#"{"additionalProperties":false,"required":["a"]}"#,
        &format!("required: {never}: `a` is required, and `additionalProperties` refuses it"),
    );
    check_refused(
        r#"{"allOf":[{"properties":{"a":{"type":"string","const":3}},"required":["a"]}]}"#,
        &format!("allOf[0].properties.a.const: {never}: it is not of the `type`"),
    );
    assert!(schema(r#"{"properties":{"a":false}}"#).is_ok());
}

#[test]
fn references_that_go_nowhere_are_refused_and_trees_are_not() {
    let circle = "the reference leads back to itself without going deeper into the value";
    check_refused(r##"{"$ref":"#"}"##, &format!("[\"$ref\"]: {circle}"));
    check_refused(
        r##"{"$defs":{"a":{"anyOf":[{"$ref":"#/$defs/b"}]},"b":{"not":{"$ref":"#/$defs/a"}}},"$ref":"#/$defs/a"}"##,
        &format!("[\"$defs\"].a.anyOf[0][\"$ref\"]: {circle}"),
    );
    let tree = r##"{"$defs":{"tree":{"type":"object","properties":{"of":{"items":{"$ref":"#/$defs/tree"}}}}},"properties":{"root":{"$ref":"#/$defs/tree"}}}"##;
    check(tree, r#"{"root":{"of":[{"of":[]},{}]}}"#, "valid");
    check(tree, r#"{"root":{"of":[{"of":[3]}]}}"#, "`args.root.of[0].of[0]`: it is not of type \"object\"");
}

#[test]
fn a_validation_has_an_end() {
    // Each turn looks twice at each value that is not met: 2^depth looks in all.
    let bomb = r##"{"$defs":{"x":{"type":"array","anyOf":[{"items":{"$ref":"#/$defs/x"}},{"items":{"$ref":"#/$defs/x"}}]}},"properties":{"v":{"$ref":"#/$defs/x"}}}"##;
    let large = "the arguments are too large for the schema to be checked";
    let around =
        |depth: usize, inner: &str| format!("{{\"v\":{}{inner}{}}}", "[".repeat(depth), "]".repeat(depth));
    let nested = |depth: usize| around(depth, "");
    check(bomb, &nested(60), "valid");
    check(
        bomb,
        &around(5, "3"),
        "`args.v`: it is not valid under any of the schemas listed in the 'anyOf' keyword",
    );
    check(bomb, &around(60, "3"), large);
    check(bomb, &nested(400), "the arguments: something in it is nested deeper than 100 levels");
    let wide = format!("{{\"v\":[{}1]}}", "1,".repeat(600_000));
    check(
        r#"{"properties":{"v":{"items":{"anyOf":[{"type":"string"},{"type":"integer"},{"type":"null"}]}}}}"#,
        &wide,
        large,
    );
    // A table of definitions that doubles at each step.
    let mut definitions = String::new();
    for step in 0..40 {
        let next = step + 1;
        definitions.push_str(&format!(
            r##""d{step}":{{"allOf":[{{"$ref":"#/$defs/d{next}"}},{{"$ref":"#/$defs/d{next}"}}]}},"##
        ));
    }
    let doubling = format!(r##"{{"$defs":{{{definitions}"d40":{{}}}},"$ref":"#/$defs/d0"}}"##);
    check(&doubling, "{}", large);
    assert!(schema(&format!("{}true{}", r#"{"not":"#.repeat(60), "}".repeat(60))).is_err());
}

#[test]
fn a_declared_schema_may_hold_what_is_unknown() {
    let text = r#"{"type":"object","properties":{"a":{"type":"string","x-mcp-header":"A","format":"semver","ui":1}}}"#;
    let declared = Schema::declared(text).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(declared.validate(json(r#"{"a":"1.2"}"#)), Validity::Valid);
    assert!(Schema::declared(r#"{"$ref":"http://127.0.0.1/x"}"#).is_err());
    assert!(Schema::declared(r#"{"a":1,"a":2}"#).is_err());
    assert!(Schema::declared(r#"{"maximum":1e400}"#).is_err());
}
