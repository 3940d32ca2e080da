use super::{Json, JsonError, Kind};
use crate::Limits;

#[track_caller]
fn parsed(text: &str) -> Json<'_> {
    Json::parse(text.as_bytes(), &Limits::default()).unwrap()
}

#[track_caller]
fn check(text: &str, expected: &JsonError) {
    assert_eq!(Json::parse(text.as_bytes(), &Limits::default()).as_ref(), Err(expected));
}

#[test]
fn kinds_are_told_by_the_first_byte() {
    let kinds = ["null", "true", "-1", "\"\"", "[]", " {}\n"].map(|text| parsed(text).kind());
    assert_eq!(kinds, [Kind::Null, Kind::Bool, Kind::Number, Kind::String, Kind::Array, Kind::Object]);
}

#[test]
fn blanks_around_the_document_are_no_part_of_it() {
    assert_eq!(parsed(" \r\n\t{ }\n").bytes(), b"{ }");
}

#[test]
fn strings_are_decoded() {
    assert_eq!(parsed(r#""plain""#).as_str().as_deref(), Some("plain"));
    let all = r#""\"\\\/\b\f\n\r\t\u00e9\uD83D\ude00é""#;
    assert_eq!(parsed(all).as_str().as_deref(), Some("\"\\/\u{8}\u{c}\n\r\té😀é"));
    assert_eq!(parsed("1").as_str(), None);
}

#[test]
fn only_plain_whole_numbers_are_unsigned_integers() {
    assert_eq!(parsed("18446744073709551615").as_u64(), Some(u64::MAX));
    for text in ["18446744073709551616", "-1", "1.0", "1e3", "\"1\"", "null"] {
        assert_eq!(parsed(text).as_u64(), None, "{text}");
    }
}

#[test]
fn booleans_are_values() {
    assert_eq!(parsed("true").as_bool(), Some(true));
    assert_eq!(parsed("false").as_bool(), Some(false));
    assert_eq!(parsed("\"true\"").as_bool(), None);
}

#[test]
fn views_go_deeper_without_losing_their_place() {
    let text = r#" { "a" : [ 1 , {"b\n":"]}"} , [] ], "c":-0.5e1 } "#;
    let root = parsed(text).object().unwrap();
    let items = root.get("a").unwrap().array().unwrap();
    let texts: Vec<&str> = items.iter().map(|item| item.text()).collect();
    assert_eq!(texts, ["1", r#"{"b\n":"]}"}"#, "[]"]);
    let deep = items[1].member("b\n").unwrap();
    assert_eq!(text.get(deep.offset_in(text.as_bytes())), Some("\"]}\""));
    assert_eq!(root.get("c").unwrap().text(), "-0.5e1");
    assert_eq!(root.len(), 2);
    assert_eq!(root.json().bytes(), text.trim().as_bytes());
}

#[test]
fn a_member_is_found_by_its_decoded_key_in_its_own_object_only() {
    let object = parsed(r#"{"x":{"name":1},"n\u0061me":2,"list":["name",3]}"#);
    assert_eq!(object.member("name").and_then(Json::as_u64), Some(2));
    assert!(object.member("n\\u0061me").is_none());
    assert!(parsed("[\"name\"]").member("name").is_none());
}

#[test]
fn a_value_has_no_place_in_another_document() {
    let here = "[12]".to_owned();
    let there = "[12]".to_owned();
    let item = parsed(&here).array().unwrap()[0];
    assert_eq!(item.offset_in(here.as_bytes()), 1..3);
    assert!(item.offset_in(there.as_bytes()).is_empty());
}

#[test]
fn the_later_of_two_equal_keys_is_named_in_large_objects_too() {
    let keys: String = (0..1000).map(|number| format!("\"key {number}\":0,")).collect();
    let before = format!("{{{keys}");
    let key = "key 500".to_owned();
    check(&format!("{before}\"k\\u0065y 500\":1}}"), &JsonError::DuplicateKey { offset: before.len(), key });
    assert_eq!(parsed(&format!("{before}\"key 1000\":1}}")).object().unwrap().len(), 1001);
}

#[test]
fn keys_of_every_length_are_told_apart() {
    // Lengths around those where the fingerprint changes its make.
    let keys: Vec<String> = (0..20).flat_map(|length| ["a".repeat(length), "b".repeat(length + 1)]).collect();
    let members: Vec<String> = keys.iter().map(|key| format!("\"{key}\":0")).collect();
    assert_eq!(parsed(&format!("{{{}}}", members.join(","))).object().unwrap().len(), keys.len());
    for (key, member) in keys.iter().zip(&members) {
        let text = format!("{{{},{member}}}", members.join(","));
        let offset = text.len() - member.len() - 1;
        check(&text, &JsonError::DuplicateKey { offset, key: key.clone() });
    }
}

#[test]
fn special_bytes_are_found_wherever_they_stand_in_a_long_string() {
    for place in 0..100 {
        let (before, after) = ("é".repeat(place / 2) + &"x".repeat(place % 2), "y".repeat(100 - place));
        check(
            &format!("\"{before}\u{1f}{after}\""),
            &JsonError::Unexpected { offset: before.len() + 1, wanted: super::Wanted::StringText },
        );
        let decoded = format!("{before}\"{after}");
        assert_eq!(parsed(&format!("\"{before}\\\"{after}\"")).as_str().as_deref(), Some(decoded.as_str()));
    }
}

#[test]
fn long_keys_are_cut_in_error_texts() {
    let key = "k".repeat(100);
    let error =
        Json::parse(format!("{{\"{key}\":1,\"{key}\":2}}").as_bytes(), &Limits::default()).unwrap_err();
    let expected =
        format!("the key `{}…` at byte 106 comes twice in one object: name each key once", "k".repeat(40));
    assert_eq!(error.to_string(), expected);
}

#[test]
fn limits_count_every_value_and_every_level() {
    let limits = Limits { bytes: 20, depth: 2, members: 4 };
    assert!(Json::parse(b"[[1,2]]", &limits).is_ok());
    assert_eq!(Json::parse(b"[[1,2,3]]", &limits), Err(JsonError::TooMany { offset: 6, limit: 4 }));
    assert_eq!(Json::parse(b"[[[]]]", &limits), Err(JsonError::TooDeep { offset: 2, limit: 2 }));
    assert!(Json::parse(b"\"345678901234567890\"", &limits).is_ok());
    let long = Json::parse(b"\"3456789012345678901\"", &limits);
    assert_eq!(long, Err(JsonError::TooLong { bytes: 21, limit: 20 }));
}
