//! Arguments in, one request out: each stays in the place it is for.

use std::collections::BTreeMap;

use serde_json::json;

use super::*;

fn operation(path: &str, inputs: &[(&str, Place, bool)]) -> Operation {
    let input = |(name, place, required): &(&str, Place, bool)| {
        ((*name).to_owned(), Input { name: (*name).to_owned(), place: *place, required: *required })
    };
    let inputs: BTreeMap<String, Input> = inputs.iter().map(input).collect();
    Operation { method: "POST".to_owned(), path: path.to_owned(), inputs }
}

const fn query(explode: bool, style: Style) -> Place {
    Place::Query { explode, style }
}

#[track_caller]
fn target(operation: &Operation, arguments: Value, expected: &str) {
    let made = make(operation, "/v1/", arguments.as_object().unwrap()).unwrap();
    assert_eq!(made.target, expected);
}

#[track_caller]
fn refused(operation: &Operation, arguments: Value, expected: &str) {
    let error = make(operation, "", arguments.as_object().unwrap()).unwrap_err();
    assert_eq!(error.to_string(), expected);
}

#[test]
fn a_value_never_leaves_its_segment_of_the_path() {
    let operation = operation("/pets/{id}/toys", &[("id", Place::Path, true)]);
    target(&operation, json!({ "id": 7 }), "/v1/pets/7/toys");
    target(&operation, json!({ "id": "../x" }), "/v1/pets/..%2Fx/toys");
    target(&operation, json!({ "id": "a b?c#d%2e&é" }), "/v1/pets/a%20b%3Fc%23d%252e%26%C3%A9/toys");
    target(&operation, json!({ "id": ["a", "b"] }), "/v1/pets/a%2Cb/toys");
    target(&operation, json!({ "id": "{id}\r\nHost: x" }), "/v1/pets/%7Bid%7D%0D%0AHost%3A%20x/toys");
    refused(
        &operation,
        json!({ "id": ".." }),
        "the argument `id` is a step in a path, and it is a part of one",
    );
    refused(&operation, json!({ "id": "" }), "the argument `id` is empty, and it is a part of the path");
    refused(&operation, json!({}), "the argument `id` is missing");
    refused(&operation, json!({ "id": 1, "other": 2 }), "there is no argument `other`");
}

#[test]
fn queries_are_written_in_their_styles() {
    let of = |explode, style| operation("/a", &[("q", query(explode, style), false)]);
    target(&of(true, Style::Form), json!({ "q": ["a b", "c&d"] }), "/v1/a?q=a%20b&q=c%26d");
    target(&of(false, Style::Form), json!({ "q": ["a", "b,c"] }), "/v1/a?q=a,b%2Cc");
    target(&of(false, Style::Space), json!({ "q": [1, 2] }), "/v1/a?q=1%202");
    target(&of(false, Style::Pipe), json!({ "q": [1, 2] }), "/v1/a?q=1%7C2");
    target(&of(true, Style::Deep), json!({ "q": { "k": "v", "l": [1] } }), "/v1/a?q%5Bk%5D=v&q%5Bl%5D=1");
    target(&of(true, Style::Form), json!({ "q": { "k": "v" } }), "/v1/a?k=v");
    target(&of(false, Style::Json), json!({ "q": { "k": "v" } }), "/v1/a?q=%7B%22k%22%3A%22v%22%7D");
    target(&of(true, Style::Form), json!({ "q": true }), "/v1/a?q=true");
    target(&of(true, Style::Form), json!({ "q": null }), "/v1/a");
}

#[test]
fn headers_and_bodies_are_what_they_were_meant_to_be() {
    let operation =
        operation("/a", &[("X-One", Place::Header, false), ("body", Place::Body(Body::Json), true)]);
    let made =
        make(&operation, "", json!({ "X-One": "v", "body": { "a": 1 } }).as_object().unwrap()).unwrap();
    assert_eq!((made.headers["x-one"].as_bytes(), made.body.as_slice()), (&b"v"[..], &br#"{"a":1}"#[..]));
    assert_eq!(made.headers[CONTENT_TYPE], "application/json");
    refused(
        &operation,
        json!({ "X-One": "a\r\nB: c", "body": 1 }),
        "the argument `X-One` does not fit a header",
    );
    let form = super::tests::operation("/a", &[("body", Place::Body(Body::Form), true)]);
    let made = make(&form, "", json!({ "body": { "a b": ["1", "2&3"] } }).as_object().unwrap()).unwrap();
    assert_eq!(made.body, b"a%20b=1&a%20b=2%263");
    refused(&form, json!({ "body": "text" }), "the argument `body` has to be an object");
}
