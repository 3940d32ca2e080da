//! Arguments in, a message out, in one spelling; everything else is refused with its place.

use serde_json::json;

use super::super::tests::method;
use super::*;

fn order(arguments: &Value) -> Result<DynamicMessage, Unfit> {
    message(&method("Place").input, arguments.as_object().unwrap())
}

#[test]
fn every_type_is_taken_as_its_schema_shows_it() {
    let given = json!({
        "id": "7", "small": -3, "count": 4_294_967_295_u32, "total": "-9223372036854775808", "big": 18_446_744_073_709_551_615_u64,
        "weight": 1.5, "ratio": "NaN", "paid": true, "seal": "AAH/", "kind": "KIND_BOOK",
        "items": { "a": { "name": "pen", "amount": 2.0 } }, "notes": { "-5": "x" }, "flags": { "true": "y" }, "tags": ["a", "b"],
        "swap": { "name": "ink" }, "remark": "", "parent": { "parent": { "id": "1" } }, "oldName": "x",
        "placedAt": "2026-01-31T12:00:00.5Z", "within": "1.500s", "extra": { "a": [null, { "b": 1 }] }, "anything": null,
        "list": [1, null], "mask": "placedAt,items.a", "nick": "n", "long": 5, "none": null, "mark": {},
        "detail": { "@type": "type.googleapis.com/shop.v1.Item", "name": "x" },
        "details": [{ "@type": "type.googleapis.com/google.protobuf.Duration", "value": "2s" }],
    });
    let message = order(&given).unwrap();
    let written = serde_json::to_value(&message).unwrap();
    let told = |name: &str| written[name].clone();
    assert_eq!(told("total"), "-9223372036854775808");
    assert_eq!(told("big"), "18446744073709551615");
    assert_eq!(told("long"), "5");
    assert_eq!(told("ratio"), "NaN");
    assert_eq!(told("placedAt"), "2026-01-31T12:00:00.500Z");
    for same in [
        "id", "small", "count", "weight", "paid", "seal", "kind", "notes", "flags", "tags", "remark",
        "parent", "oldName", "within", "anything", "mask", "nick", "mark", "detail", "details",
    ] {
        assert_eq!(told(same), given[same], "{same}");
    }
    assert_eq!(told("items"), json!({ "a": { "name": "pen", "amount": 2 } }));
}

#[track_caller]
fn refused(arguments: Value, expected: &str) {
    assert_eq!(order(&arguments).unwrap_err().to_string(), expected);
}

#[test]
fn another_spelling_of_a_value_is_refused() {
    refused(json!({ "old_name": "x" }), "there is no field `old_name`");
    refused(json!({ "[shop.v1.id]": "x" }), "there is no field `[shop.v1.id]`");
    refused(json!({ "kind": 1 }), "`kind`: expected the name of a choice");
    refused(json!({ "kind": "kind_book" }), "`kind`: there is no choice `kind_book`");
    refused(json!({ "id": null }), "`id`: is null; leave it out instead");
    refused(json!({ "parent": null }), "`parent`: is null; leave it out instead");
    refused(json!({ "tags": null }), "`tags`: is null; leave it out instead");
    refused(json!({ "small": "1" }), "`small`: expected an integer");
    refused(json!({ "total": "+1" }), "`total`: expected an integer, in decimal digits");
    refused(json!({ "total": "01" }), "`total`: expected an integer, in decimal digits");
    refused(json!({ "total": "1e2" }), "`total`: expected an integer, in decimal digits");
    refused(json!({ "total": "-0" }), "`total`: expected an integer, in decimal digits");
    refused(json!({ "notes": { "01": "x" } }), "`notes.01`: expected an integer, in decimal digits");
    refused(json!({ "flags": { "True": "x" } }), "`flags.True`: expected `true` or `false` for its name");
    refused(json!({ "paid": "true" }), "`paid`: expected true or false");
    refused(json!({ "paid": 1 }), "`paid`: expected true or false");
    refused(json!({ "ratio": "nan" }), "`ratio`: expected a number");
    refused(json!({ "weight": "1.5" }), "`weight`: expected a number");
    refused(json!({ "seal": "AAH_" }), "`seal`: expected bytes in base64");
    refused(json!({ "seal": "AA" }), "`seal`: expected bytes in base64");
    refused(json!({ "none": "NULL_VALUE" }), "`none`: expected the name of a choice");
}

#[test]
fn what_is_out_of_range_or_of_another_type_is_refused() {
    refused(json!({ "small": 2_147_483_648_u64 }), "`small`: is out of range");
    refused(json!({ "small": 1.5 }), "`small`: expected an integer");
    refused(json!({ "count": -1 }), "`count`: is out of range");
    refused(json!({ "total": 9_223_372_036_854_775_808_u64 }), "`total`: is out of range");
    refused(json!({ "total": 9_223_372_036_854_775_808.0 }), "`total`: is out of range");
    refused(json!({ "total": "9223372036854775808" }), "`total`: is out of range");
    refused(json!({ "big": 1.8446744073709552e19 }), "`big`: is out of range");
    refused(json!({ "big": "-1" }), "`big`: is out of range");
    refused(json!({ "big": "9".repeat(60) }), "`big`: is out of range");
    refused(json!({ "ratio": 1e39 }), "`ratio`: is out of range");
    refused(json!({ "id": 7 }), "`id`: expected text");
    refused(json!({ "tags": "a" }), "`tags`: expected a list");
    refused(json!({ "tags": ["a", 1] }), "`tags.1`: expected text");
    refused(json!({ "tags": [null] }), "`tags.0`: expected text");
    refused(json!({ "items": [] }), "`items`: expected an object");
    refused(json!({ "items": { "a": { "amount": "2" } } }), "`items.a.amount`: expected an integer");
    refused(json!({ "items": { "a": null } }), "`items.a`: expected an object");
    refused(json!({ "parent": [] }), "`parent`: expected an object");
    refused(json!({ "parent": { "parent": { "x": 1 } } }), "`parent.parent`: there is no field `x`");
    refused(json!({ "mark": { "x": 1 } }), "`mark`: there is no field `x`");
    refused(json!({ "extra": [] }), "`extra`: expected an object");
    refused(json!({ "list": {} }), "`list`: expected a list");
    refused(json!({ "placedAt": 5 }), "`placedAt`: expected a moment such as `2026-01-31T12:00:00Z`");
    refused(json!({ "within": 5 }), "`within`: expected seconds such as `1.5s`");
    refused(json!({ "mask": ["a"] }), "`mask`: expected names of fields with commas between");
    for (field, value) in
        [("placedAt", "yesterday"), ("placedAt", "99999-01-01T00:00:00Z"), ("within", "5"), ("mask", "a_b")]
    {
        let error = order(&json!({ field: value })).unwrap_err().to_string();
        assert!(error.starts_with(&format!("`{field}`: ")), "{error}");
    }
}

#[test]
fn only_one_of_a_choice_is_taken() {
    refused(json!({ "card": "1", "gift": false }), "at most one of `card`, `swap`, `gift` may be given");
    assert!(order(&json!({ "gift": false, "remark": "x" })).is_ok());
}

#[test]
fn what_is_packed_is_looked_at_as_well() {
    let packed = |detail: Value, expected: &str| refused(json!({ "detail": detail }), expected);
    packed(
        json!({}),
        "`detail`: `@type` is missing; expected text such as `type.googleapis.com/package.Message`",
    );
    packed(
        json!({ "@type": "x/shop.v1.Nothing" }),
        "`detail.@type`: there is no message `x/shop.v1.Nothing`",
    );
    packed(json!({ "@type": "shop.v1.Item" }), "`detail.@type`: there is no message `shop.v1.Item`");
    packed(json!({ "@type": "x/shop.v1.Item", "amount": "1" }), "`detail.amount`: expected an integer");
    packed(json!({ "@type": "x/google.protobuf.Duration" }), "`detail`: `value` is missing");
    packed(
        json!({ "@type": "x/google.protobuf.Int32Value", "value": "1" }),
        "`detail.value`: expected an integer",
    );
    packed(
        json!({ "@type": "x/google.protobuf.Duration", "value": "1s", "more": 1 }),
        "`detail`: there is no field `more`",
    );
}

#[test]
fn a_message_that_is_no_object_stands_under_value() {
    let when = method("When").input;
    let taken = |arguments: Value| message(&when, arguments.as_object().unwrap());
    assert!(taken(json!({ "value": "x" })).is_ok());
    assert_eq!(taken(json!({})).unwrap_err().to_string(), "`value` is missing");
    assert_eq!(taken(json!({ "value": 1 })).unwrap_err().to_string(), "expected text");
    assert_eq!(
        taken(json!({ "value": "x", "more": 1 })).unwrap_err().to_string(),
        "there is no `more`; expected `value`"
    );
}

#[test]
fn names_that_are_told_are_bounded() {
    let long = "x".repeat(10_000);
    let error = order(&json!({ "items": { &long: { &long: 1 } } })).unwrap_err().to_string();
    assert!(error.len() < 300, "{error}");
}
