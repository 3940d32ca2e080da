//! Bytes of a server in, a result out, however the server means it.

use prost::Message as _;
use serde_json::json;

use super::super::tests::method;
use super::*;

fn answered(message: &Value) -> Vec<u8> {
    let descriptor = method("Place").output;
    DynamicMessage::deserialize(descriptor, message.clone()).unwrap().encode_to_vec()
}

fn told(bytes: &[u8]) -> Result<Value, Unreadable> {
    result(&method("Place").output, bytes).map(|result| result.structured_content.unwrap())
}

#[test]
fn an_answer_is_text_and_structure_with_its_zeros() {
    let bytes = answered(&json!({ "id": "1", "total": 5, "kind": 9, "swap": { "name": "x" } }));
    let result = result(&method("Place").output, &bytes).unwrap();
    let structure = result.structured_content.unwrap();
    assert_eq!(result.content[0].as_text().unwrap().text, structure.to_string());
    assert_eq!(structure["total"], "5");
    assert_eq!(structure["small"], 0);
    assert_eq!(structure["tags"], json!([]));
    // What the descriptors do not know comes as its number.
    assert_eq!(structure["kind"], 9);
    // What may be absent, and is, stays so.
    assert!(
        structure.get("remark").is_none()
            && structure.get("card").is_none()
            && structure.get("parent").is_none()
    );
}

#[test]
fn an_answer_that_is_no_object_stands_under_value() {
    let output = method("When").output;
    let bytes = prost_types::Timestamp { seconds: 1, nanos: 0 }.encode_to_vec();
    let result = result(&output, &bytes).unwrap();
    assert_eq!(result.structured_content, Some(json!({ "value": "1970-01-01T00:00:01Z" })));
}

#[test]
fn bytes_that_are_no_message_are_refused() {
    assert!(matches!(told(&[0xff, 0xff]), Err(Unreadable::Bytes { .. })));
    // A text that is no UTF-8.
    assert!(matches!(told(&[0x0a, 0x01, 0xff]), Err(Unreadable::Bytes { .. })));
}

#[test]
fn a_type_that_the_descriptors_do_not_know_has_no_json() {
    let any = prost_types::Any { type_url: "x/other.Message".to_owned(), value: vec![] }.encode_to_vec();
    let bytes = field(26, &any);
    assert!(matches!(told(&bytes), Err(Unreadable::Json(_))));
}

#[test]
fn more_json_than_may_be_is_refused() {
    // 2 MiB of empty texts are small as bytes and not as JSON.
    let bytes: Vec<u8> = field(14, b"").repeat(1 << 20);
    assert!(told(&bytes[..3000]).is_ok());
    let bytes = field(32, &[]).repeat(1 << 18);
    assert!(told(&bytes).is_err());
    let packed: Vec<u8> = field(14, &vec![b'\n'; 3 << 20]);
    assert!(matches!(told(&packed), Err(Unreadable::Long)));
}

#[test]
fn what_is_packed_without_end_does_not_reach_the_end_of_the_stack() {
    let mut any = prost_types::Any::default();
    for _ in 0..5_000 {
        any = prost_types::Any { type_url: "x/google.protobuf.Any".to_owned(), value: any.encode_to_vec() };
    }
    assert!(matches!(told(&field(26, &any.encode_to_vec())), Err(Unreadable::Deep)));
}

/// A field of bytes, of fewer than 2^28.
fn field(number: u64, bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    prost::encoding::encode_varint(number << 3 | 2, &mut out);
    prost::encoding::encode_varint(bytes.len() as u64, &mut out);
    out.extend_from_slice(bytes);
    out
}
