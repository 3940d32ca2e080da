//! Messages in, messages out.

use mcp::{Json, Limits};

use super::{Outcome, inspect};
use crate::{Kind, Mode, Rules};

fn all() -> Rules {
    Rules::of(Mode::Redact, Mode::Redact)
}

#[track_caller]
fn outcome(message: &str, rules: &Rules) -> Outcome {
    inspect(Json::parse(message.as_bytes(), &Limits::default()).unwrap(), rules).outcome
}

#[track_caller]
fn check(message: &str, expected: &str) {
    match outcome(message, &all()) {
        Outcome::Redacted(bytes) => assert_eq!(String::from_utf8(bytes).unwrap(), expected),
        other => panic!("{other:?}"),
    }
}

#[test]
fn only_spans_change() {
    check(
        "{ \"result\" :\t{\"b\": 1.0e2, \"a\":[ \"x\\u0041 a@b.de\" ,null],\n\"c\":\"\\/\"}}",
        "{ \"result\" :\t{\"b\": 1.0e2, \"a\":[ \"x\\u0041 [redacted:email]\" ,null],\n\"c\":\"\\/\"}}",
    );
}

#[test]
fn a_number_becomes_a_text_at_every_level() {
    check(
        r#"{"result":{"a":4111111111111111,"b":"{\"a\":4111111111111111}","c":"[\"{\\\"a\\\":4111111111111111}\"]"}}"#,
        r#"{"result":{"a":"[redacted:card]","b":"{\"a\":\"[redacted:card]\"}","c":"[\"{\\\"a\\\":\\\"[redacted:card]\\\"}\"]"}}"#,
    );
    check(
        r#"{"result":{"ssn":123456789,"phone":4155552671,"password":12345678,"n":123456789}}"#,
        r#"{"result":{"ssn":"[redacted:ssn]","phone":"[redacted:phone]","password":"[redacted:password]","n":123456789}}"#,
    );
}

#[test]
fn what_its_name_gave_away_is_found_in_prose_too() {
    check(
        r#"{"result":{"content":[{"type":"text","text":"sign in with hunter2, or hunter22"}],"structuredContent":{"password":"hunter2"}}}"#,
        r#"{"result":{"content":[{"type":"text","text":"sign in with [redacted:password], or hunter22"}],"structuredContent":{"password":"[redacted:password]"}}}"#,
    );
    // A word of the language is no sign of itself elsewhere.
    check(
        r#"{"result":{"text":"the admin","password":"admin"}}"#,
        r#"{"result":{"text":"the admin","password":"[redacted:password]"}}"#,
    );
}

#[test]
fn names_of_members_are_looked_at_and_never_become_equal() {
    check(r#"{"result":{"a@b.de":1,"x":2}}"#, r#"{"result":{"[redacted:email]":1,"x":2}}"#);
    for message in
        [r#"{"result":{"a@b.de":1,"c@d.de":2}}"#, r#"{"result":{"text":"{\"a@b.de\":1,\"c@d.de\":2}"}}"#]
    {
        let Outcome::Refused(why) = outcome(message, &all()) else { panic!("not refused") };
        assert_eq!(
            why.to_string(),
            "it contains 2 email as names of members, and without them two members would have the same name"
        );
    }
}

#[test]
fn a_name_with_escapes_announces_all_the_same() {
    check(
        r#"{"result":{"pass\u0077ord":"swordfish"}}"#,
        r#"{"result":{"pass\u0077ord":"[redacted:password]"}}"#,
    );
}

#[test]
fn a_refused_kind_refuses_and_an_observed_one_does_not_hide_it() {
    let rules = Rules::of(Mode::Redact, Mode::Observe).with(Kind::Card, Mode::Refuse);
    let Outcome::Refused(why) =
        outcome(r#"{"result":["a@b.de","AKIAIOSFODNN7EXAMPLE","4111111111111111"]}"#, &rules)
    else {
        panic!("not refused")
    };
    assert_eq!(why.to_string(), "it contains 1 card, which this role must not receive");
    assert_eq!(outcome(r#"{"result":["a@b.de"]}"#, &rules), Outcome::Kept);
}

#[test]
fn what_is_ignored_is_not_found() {
    let rules = Rules::of(Mode::Ignore, Mode::Redact).with(Kind::Email, Mode::Ignore);
    let message = r#"{"result":["a@b.de","AKIAIOSFODNN7EXAMPLE","password: hunter2"]}"#;
    let inspected = inspect(Json::parse(message.as_bytes(), &Limits::default()).unwrap(), &rules);
    assert_eq!((inspected.found.is_empty(), inspected.outcome), (true, Outcome::Kept));
}

#[test]
fn short_data_is_text_and_long_base64_is_not() {
    check(r#"{"result":{"data":"a@b.de"}}"#, r#"{"result":{"data":"[redacted:email]"}}"#);
    let long = "QUtJQUlPU0ZPRE5ON0VYQU1QTEU5".repeat(12);
    let message = |name: &str| format!(r#"{{"result":{{"{name}":"{long}AKIAIOSFODNN7EXAMPLE"}}}}"#);
    assert_eq!(outcome(&message("blob"), &all()), Outcome::Kept);
    let plain = format!(r#"{{"result":{{"blob":"{long} a@b.de"}}}}"#);
    assert!(matches!(outcome(&plain, &all()), Outcome::Redacted(_)));
}
