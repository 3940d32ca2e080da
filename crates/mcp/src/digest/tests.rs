//! Which spellings are one value, and which values are not.

use super::{Digest, canonical};
use crate::{Json, Limits};

fn parse(text: &str) -> Json<'_> {
    Json::parse(text.as_bytes(), &Limits::default()).unwrap()
}

#[track_caller]
fn check(text: &str, expected: &str) {
    assert_eq!(String::from_utf8(canonical(parse(text))).unwrap(), expected);
    assert_eq!(Digest::of(parse(text)), Digest::of(parse(text.trim())));
}

#[track_caller]
fn check_differ(one: &str, other: &str) {
    assert_ne!(Digest::of(parse(one)), Digest::of(parse(other)), "{one} and {other}");
}

#[test]
fn members_are_ordered_and_blanks_left_out() {
    check(
        " { \"b\" : [ 1 , {} ] ,\n\"a\":{\"d\":null,\"c\":true} } ",
        r#"{"a":{"c":true,"d":null},"b":[1,{}]}"#,
    );
}

#[test]
fn keys_are_ordered_as_they_read() {
    check(r#"{"\u0062":1,"a":2,"é":3,"B":4}"#, r#"{"B":4,"a":2,"b":1,"é":3}"#);
}

#[test]
fn strings_have_the_fewest_escapes() {
    check(r#""\u0041\/\u00e9\ud83d\ude00""#, "\"A/é😀\"");
    check(r#""\u0000\t\u000a\"\\""#, r#""\u0000\t\n\"\\""#);
}

#[test]
fn numbers_of_one_value_have_one_spelling() {
    for text in ["100", "100.0", "1e2", "1E+2", "10e1", "0.1e3", "1000e-1"] {
        check(text, "1e2");
    }
    for text in ["0", "-0", "0.000", "0e9", "-0.0E-5"] {
        check(text, "0");
    }
    check("-12.50", "-125e-1");
    check("0.00025", "25e-5");
    check("7", "7");
}

#[test]
fn integers_beyond_a_double_stay_apart() {
    check_differ("9007199254740993", "9007199254740992");
    check_differ("0.1", "0.1000000000000000055511151231257827");
}

#[test]
fn exponents_without_measure_are_compared_as_spelt() {
    check("1e-99999999999999999999", "1e-99999999999999999999");
    check("0e-99999999999999999999", "0");
    check_differ("1e-99999999999999999999", "1e-99999999999999999998");
}

#[test]
fn other_values_have_other_digests() {
    check_differ("[1,2]", "[2,1]");
    check_differ("\"1\"", "1");
    check_differ("{}", "[]");
    check_differ("null", "false");
    check_differ(r#"{"a":null}"#, "{}");
    check_differ(r#""a""#, r#""a ""#);
    check_differ("\"pay\"", "\"pay\u{200b}\"");
    // Composed and decomposed.
    check_differ("\"\u{e9}\"", "\"e\u{301}\"");
    check_differ(r#"{"a":"b,c"}"#, r#"{"a":"b","c":""}"#);
    check_differ(r#"["a","b"]"#, r#"["a\",\"b"]"#);
}

#[test]
fn a_digest_reads_as_it_prints() {
    let digest = Digest::of(parse("{}"));
    assert_eq!(digest.to_string().parse(), Ok(digest));
    let hex = digest.to_string().replace("blake3:", "");
    for wrong in
        [hex.clone(), format!("sha256:{hex}"), format!("blake3:{}", hex.to_uppercase()), "blake3:00".into()]
    {
        assert!(wrong.parse::<Digest>().is_err(), "{wrong}");
    }
}
