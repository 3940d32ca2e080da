//! Keywords that do not hold what they have to: such a schema is none, whoever wrote it.

use super::*;

#[track_caller]
fn check(schema: &str, expected: &str) {
    for origin in [Origin::Declared, Origin::Output, Origin::Written] {
        match Schema::compile(&serde_json::from_str(schema).unwrap(), origin) {
            Ok(_) => panic!("{schema} was taken as {origin:?}"),
            Err(error) => assert_eq!(error.to_string(), expected, "{schema}"),
        }
    }
}

#[test]
fn what_a_keyword_holds_is_checked() {
    check(r#"{"type":7}"#, "type: expected a type or a list of types");
    check(r#"{"type":[]}"#, "type: expected a type or a list of types");
    check(
        r#"{"type":["object","strin"]}"#,
        "type[1]: `strin` is none of the types array, boolean, integer, null, number, object, string (did you mean `string`?)",
    );
    check(r#"{"type":["object","object"]}"#, "type[1]: `object` is in the list already");
    check(r#"{"properties":{"a":{"required":"a"}}}"#, "properties.a.required: expected a list of names");
    check(r#"{"required":["a",1]}"#, "required[1]: expected a name");
    check(r#"{"dependentRequired":{"a":["b","b"]}}"#, "dependentRequired.a[1]: `b` is in the list already");
    check(r#"{"minimum":"3"}"#, "minimum: expected a number");
    check(r#"{"multipleOf":0}"#, "multipleOf: expected a number above zero");
    for count in ["-1", "1.5", "\"1\""] {
        check(
            &format!(r#"{{"minLength":{count}}}"#),
            "minLength: expected a whole number that is not negative",
        );
    }
    check(r#"{"enum":1}"#, "enum: expected a list of values");
    check(r#"{"uniqueItems":1}"#, "uniqueItems: expected `true` or `false`");
    check(r#"{"allOf":[]}"#, "allOf: expected a list of schemas, not empty");
    check(r#"{"anyOf":{}}"#, "anyOf: expected a list of schemas, not empty");
    check(r#"{"not":1}"#, "not: expected a schema: a mapping, `true` or `false`");
    check(r#"{"properties":[]}"#, "properties: expected names with their schemas");
    check(r#"{"items":[true]}"#, "items: expected a schema; a list of schemas is called `prefixItems`");
    check(r#"{"title":1}"#, "title: expected text");
    check(r#"{"$anchor":"a b"}"#, "[\"$anchor\"]: expected a name of letters, digits, `-`, `_` and `.`");
    check(
        r#"{"$anchor":"a","not":{"$anchor":"a"}}"#,
        "not[\"$anchor\"]: `a` is the name of another part already",
    );
}

#[test]
fn patterns_that_cannot_be_looked_for_are_refused() {
    let around = "no pattern: look-around, including look-ahead and look-behind, is not supported";
    check(r#"{"pattern":"^(?!a)"}"#, &format!("pattern: {around}"));
    check(r#"{"patternProperties":{"(?<=a)b":true}}"#, &format!("patternProperties[\"(?<=a)b\"]: {around}"));
    check(r#"{"pattern":"(a)\\1"}"#, "pattern: no pattern: backreferences are not supported");
    check(r#"{"pattern":"(a{1000}){1000}"}"#, "pattern: the pattern is too large");
    check(r#"{"pattern":"[a"}"#, "pattern: no pattern: unclosed character class");
    check(r#"{"pattern":"\\"}"#, "pattern: no pattern: a `\\` at its end");
}

#[test]
fn a_rule_may_not_seem_to_ask_for_more_than_it_does() {
    let old = r#"{"$schema":"http://json-schema.org/draft-07/schema#""#;
    check_refused(
        &format!(r#"{old},"prefixItems":[true]}}"#),
        "prefixItems: draft-07 has no keyword `prefixItems`",
    );
    check_refused(
        r#"{"additionalItems":false}"#,
        "additionalItems: JSON Schema 2020-12 has no keyword `additionalItems`",
    );
    check_refused(
        &format!(r#"{old},"contentEncoding":"base64"}}"#),
        "contentEncoding: `contentEncoding` is not checked; a `pattern` can be",
    );
    check_refused(
        &format!(r#"{{"not":{old}}}}}"#),
        "not[\"$schema\"]: a schema inside a schema may not have another `$schema`",
    );
    let passed_over =
        Schema::declared(&format!(r#"{old},"prefixItems":7,"minContains":9,"contains":true}}"#));
    assert_eq!(passed_over.unwrap().meets(json("[1]")), Some(true));
}
