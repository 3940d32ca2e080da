//! Every keyword, with what meets it and what does not.

use super::*;

/// Values that meet a schema, and values that do not, of 2020-12.
#[track_caller]
fn table(schema: &str, met: &[&str], unmet: &[&str]) {
    let compiled = Schema::of_output(schema).unwrap_or_else(|error| panic!("{schema}: {error}"));
    for (values, expected) in [(met, true), (unmet, false)] {
        for value in values {
            assert_eq!(compiled.meets(json(value)), Some(expected), "{schema} of {value}");
        }
    }
}

/// The same of draft-07.
#[track_caller]
fn old_table(members: &str, met: &[&str], unmet: &[&str]) {
    table(&format!(r#"{{"$schema":"http://json-schema.org/draft-07/schema#",{members}}}"#), met, unmet);
}

#[test]
fn values_of_any_kind() {
    table("true", &["1", "null"], &[]);
    table("false", &[], &["1", "null"]);
    table(r#"{"type":"integer"}"#, &["1", "1.0", "1e3", "-0"], &["1.5", "\"1\"", "null", "true"]);
    table(r#"{"type":["number","null"]}"#, &["1.5", "2", "null"], &["\"\"", "[]", "{}", "false"]);
    table(
        r#"{"enum":[1,"a",{"x":[1,2],"y":null}]}"#,
        &["1.0", "\"\\u0061\"", r#"{"y":null,"x":[1,2.0]}"#],
        &["2", "\"A\"", r#"{"x":[2,1],"y":null}"#, "true", "[1]"],
    );
    table(r#"{"const":{"a":0}}"#, &[r#"{"a":-0.0}"#], &[r#"{"a":false}"#, "{}", r#"{"a":0,"b":0}"#]);
}

#[test]
fn numbers() {
    table(r#"{"minimum":1,"maximum":2.5}"#, &["1", "2.5", "\"9\""], &["0.9", "2.51", "3"]);
    table(r#"{"exclusiveMinimum":1,"exclusiveMaximum":2}"#, &["1.5"], &["1", "1.0", "2", "3"]);
    table(r#"{"multipleOf":0.1}"#, &["0.3", "1", "-7.7", "1e300"], &["0.35", "1e-7"]);
    table(r#"{"maximum":18446744073709551614}"#, &["18446744073709551614"], &["18446744073709551615"]);
}

#[test]
fn texts() {
    table(r#"{"minLength":1,"maxLength":2}"#, &["\"é\"", "\"😀😀\"", "3"], &["\"\"", "\"abc\""]);
    table(r#"{"pattern":"^\\d+$"}"#, &["\"12\"", "12"], &["\"\"", "\"١\"", "\"1\\n\""]);
    table(r#"{"pattern":"b"}"#, &["\"abc\""], &["\"ac\""]);
}

#[test]
fn patterns_are_those_of_ecma_262() {
    table(r#"{"pattern":"^\\w\\s\\S$"}"#, &["\"a\\ufeffé\""], &["\"é a\"", "\"a\\u0085b\""]);
    table(r#"{"pattern":"^.$"}"#, &["\"😀\""], &["\"\\r\"", "\"\\u2028\""]);
    table(r#"{"pattern":"^[[a&&b-]+$"}"#, &["\"[a&&b-\""], &["\"c\"", "\"\""]);
    table(r#"{"pattern":"^[\\d-z]$"}"#, &["\"-\"", "\"5\"", "\"z\""], &["\"a\""]);
    table(r#"{"pattern":"^[^]$"}"#, &["\"\\n\""], &["\"\""]);
    table(r#"{"pattern":"[]"}"#, &[], &["\"a\"", "\"\""]);
    table(r#"{"pattern":"\\bfoo\\b"}"#, &["\"a foo\"", "\"éfoo\""], &["\"afoo\""]);
    table(r#"{"pattern":"^\\cJ\\u0041\\0[\\b]$"}"#, &["\"\\nA\\u0000\\b\""], &["\"JA\""]);
}

#[test]
fn lists() {
    table(r#"{"items":{"type":"integer"}}"#, &["[]", "[1,2]", "{}"], &["[1,\"2\"]"]);
    table(r#"{"prefixItems":[{"type":"string"}],"items":false}"#, &["[]", "[\"a\"]"], &["[1]", "[\"a\",1]"]);
    table(r#"{"minItems":1,"maxItems":2}"#, &["[1]", "[1,2]", "\"\""], &["[]", "[1,2,3]"]);
    table(
        r#"{"uniqueItems":true}"#,
        &["[1,2,\"1\",true,null]"],
        &["[1,2,1.0]", r#"[{"a":1,"b":2},{"b":2,"a":1}]"#],
    );
    table(r#"{"contains":{"const":1}}"#, &["[2,1]", "3"], &["[]", "[2]"]);
    table(r#"{"contains":{"const":1},"minContains":0}"#, &["[]", "[2]"], &[]);
    table(
        r#"{"contains":{"const":1},"minContains":2,"maxContains":3}"#,
        &["[1,1]", "[1,2,1,1]"],
        &["[1]", "[1,1,1,1]"],
    );
    old_table(
        r#""items":[{"type":"string"}],"additionalItems":{"type":"null"}"#,
        &["[\"a\",null]"],
        &["[1]", "[\"a\",1]"],
    );
    old_table(r#""items":{"type":"string"},"additionalItems":false"#, &["[\"a\",\"b\"]"], &["[1]"]);
}

#[test]
fn objects() {
    table(r#"{"required":["a","b"]}"#, &[r#"{"b":1,"a":1}"#, "[]"], &["{}", r#"{"a":1}"#]);
    table(r#"{"minProperties":1,"maxProperties":1}"#, &[r#"{"a":1}"#], &["{}", r#"{"a":1,"b":1}"#]);
    let members = r#"{"properties":{"a":{"type":"string"}},"patternProperties":{"^x":{"type":"null"}},"additionalProperties":{"type":"integer"}}"#;
    table(members, &[r#"{"a":"","xa":null,"b":1}"#], &[r#"{"a":1}"#, r#"{"xa":1}"#, r#"{"b":"1"}"#]);
    table(
        r#"{"additionalProperties":false,"properties":{"a":true}}"#,
        &["{}", r#"{"a":1}"#],
        &[r#"{"b":1}"#],
    );
    table(r#"{"propertyNames":{"maxLength":1}}"#, &["{}", r#"{"é":1}"#], &[r#"{"ab":1}"#]);
    table(r#"{"dependentRequired":{"a":["b"]}}"#, &["{}", r#"{"b":1}"#, r#"{"a":1,"b":1}"#], &[r#"{"a":1}"#]);
    table(
        r#"{"dependentSchemas":{"a":{"minProperties":2}}}"#,
        &[r#"{"b":1}"#, r#"{"a":1,"b":1}"#],
        &[r#"{"a":1}"#],
    );
    old_table(
        r#""dependencies":{"a":["b"],"c":{"maxProperties":1}}"#,
        &[r#"{"a":1,"b":1}"#, r#"{"c":1}"#],
        &[r#"{"a":1}"#, r#"{"c":1,"d":1}"#],
    );
}

#[test]
fn schemas_for_the_same_value() {
    table(r#"{"allOf":[{"minimum":1},{"maximum":2}]}"#, &["1"], &["0", "3"]);
    table(r#"{"anyOf":[{"const":1},{"const":2}]}"#, &["1", "2"], &["3"]);
    table(r#"{"oneOf":[{"minimum":1},{"maximum":2}]}"#, &["0", "3"], &["1"]);
    table(r#"{"not":{"type":"string"}}"#, &["1"], &["\"\""]);
    table(
        r#"{"if":{"minimum":5},"then":{"multipleOf":5},"else":{"multipleOf":2}}"#,
        &["10", "4"],
        &["6", "3"],
    );
    table(r#"{"then":false,"else":false}"#, &["1"], &[]);
}

#[test]
fn references() {
    table(r##"{"$ref":"#/$defs/a%25~1b","maximum":3,"$defs":{"a%/b":{"minimum":1}}}"##, &["2"], &["0", "4"]);
    table(r##"{"$ref":"#n","$defs":{"a":{"$anchor":"n","minimum":1}}}"##, &["2"], &["0"]);
    table(r##"{"items":{"$ref":"#"},"maxItems":1}"##, &["[[[]]]"], &["[[[],[]]]"]);
    old_table(
        r##""allOf":[{"$ref":"#/definitions/a","maximum":3}],"definitions":{"a":{"minimum":1}}"##,
        &["2", "4"],
        &["0"],
    );
}

#[test]
fn what_nothing_else_looked_at() {
    let closed = r#"{"allOf":[{"properties":{"a":true}}],"anyOf":[{"properties":{"b":{"const":1}},"required":["b"]},true],"if":{"required":["c"]},"then":{"properties":{"c":true}},"dependentSchemas":{"a":{"properties":{"d":true}}},"unevaluatedProperties":false}"#;
    table(
        closed,
        &["{}", r#"{"a":1,"b":1,"c":1,"d":1}"#, r#"{"c":1}"#],
        &[r#"{"b":2}"#, r#"{"d":1}"#, r#"{"e":1}"#, r#"{"a":1,"e":1}"#],
    );
    table(r#"{"properties":{"a":true},"allOf":[{"unevaluatedProperties":false}]}"#, &["{}"], &[r#"{"a":1}"#]);
    table(
        r#"{"not":{"not":{"properties":{"a":true}}},"unevaluatedProperties":false}"#,
        &["{}"],
        &[r#"{"a":1}"#],
    );
    let list = r#"{"prefixItems":[true],"contains":{"const":7},"unevaluatedItems":{"type":"null"}}"#;
    table(list, &["[1,7,null]", "[7]", "[1,null,7]"], &["[1,7,2]", "[1]"]);
    table(r#"{"allOf":[{"items":true}],"unevaluatedItems":false}"#, &["[1,2]"], &[]);
    table(
        r#"{"oneOf":[{"prefixItems":[{"const":1}]},{"prefixItems":[{"const":2},true]}],"unevaluatedItems":false}"#,
        &["[1]", "[2,3]"],
        &["[1,3]", "[3]"],
    );
}
