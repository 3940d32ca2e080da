//! Conditions: what they come to, what they come to when nothing is known of the arguments, and what is no condition.

use mcp::{Json, Limits};

use super::*;
use crate::claims::{Claim, Claims};

fn caller() -> Subject {
    let teams = Claim::List(vec![Claim::Text("eu".into()), Claim::Text("us".into())]);
    let claims = Claims::from([
        ("region".to_owned(), Claim::Text("EU".into())),
        ("level".to_owned(), Claim::Number(3)),
        ("staff".to_owned(), Claim::Boolean(true)),
        ("teams".to_owned(), teams),
    ]);
    Subject {
        name: "bot".into(),
        key_id: "k7f3q2m5x4aa".into(),
        role: "agent".into(),
        claims,
        ..Subject::default()
    }
}

fn outcome(text: &str, arguments: Arguments<'_>) -> String {
    let subject = caller();
    let facts = Facts { subject: Some(&subject), server: Some("shop"), name: Some("query"), arguments };
    match Condition::compile(text, Name::Tool) {
        Ok(condition) => words(condition.evaluate(&facts)),
        Err(malformed) => format!("{}: {}", malformed.offset, malformed.message),
    }
}

fn words(evaluation: Evaluation) -> String {
    let outcomes = evaluation.outcomes;
    let mut words = Vec::new();
    for (may, word) in
        [(outcomes.may_be_true(), "true"), (outcomes.may_be_false(), "false"), (outcomes.may_fail(), "error")]
    {
        words.extend(may.then_some(word));
    }
    match evaluation.fault {
        Some(fault) => fault.to_string(),
        None => words.join(" "),
    }
}

fn json(text: &str) -> Json<'_> {
    Json::parse(text.as_bytes(), &Limits::default()).unwrap()
}

/// The expression under these arguments; `?` where nothing is known of them.
#[track_caller]
fn check(expression: &str, arguments: &str, expected: &str) {
    let known = match arguments {
        "?" => Arguments::Unknown,
        text => Arguments::Known(json(text)),
    };
    assert_eq!(outcome(expression, known), expected, "{expression} of {arguments}");
}

#[test]
fn arguments_are_compared_with_what_is_written() {
    check(r#"args.priority in ["low", "normal"]"#, r#"{"priority":"low"}"#, "true");
    check(r#"args.priority in ["low", "normal"]"#, r#"{"priority":"high"}"#, "false");
    check("args.a.b[1] == 2", r#"{"a":{"b":[1,2]}}"#, "true");
    check(r#"args["a b"] == null"#, r#"{"a b":null}"#, "true");
    check("size(args.ids) <= 2 && args.ids.all(id, id > 0)", r#"{"ids":[1,2]}"#, "true");
    check("args.ids.exists(id, id == 3)", r#"{"ids":[1,2]}"#, "false");
    check("args.ids.exists_one(id, id == 2)", r#"{"ids":[1,2]}"#, "true");
    check("args.ids.map(id, id * 2) == [2, 4]", r#"{"ids":[1,2]}"#, "true");
    check("args.ids.map(id, id > 1, id * 2) == [4]", r#"{"ids":[1,2]}"#, "true");
    check("args.ids.filter(id, id > 1) == [2]", r#"{"ids":[1,2]}"#, "true");
    check("args.ids.all(a, args.ids.exists(b, b == a))", r#"{"ids":[1,2]}"#, "true");
    check("args.o.all(key, key.startsWith(\"x\"))", r#"{"o":{"x1":1,"x2":2}}"#, "true");
    check(
        r#"args.url.matches("^https://[a-z]+\\.example\\.com/")"#,
        r#"{"url":"https://a.example.com/x"}"#,
        "true",
    );
    check("args == {\"a\": [1, {\"b\": 2}]}", r#"{"a":[1.0,{"b":2}]}"#, "true");
    check("has(args.a) ? args.a == 1 : true", "{}", "true");
    check(r#"string(args.n) + "x" == "7x""#, r#"{"n":7}"#, "true");
    check(r#"args.name.lowerAscii() == "abc""#, r#"{"name":"AbC"}"#, "true");
}

#[test]
fn the_caller_and_the_place_are_known() {
    check(r#"claims.region == "EU" && claims.level >= 3 && claims.staff"#, "{}", "true");
    check(r#"args.team in claims.teams"#, r#"{"team":"us"}"#, "true");
    check(r#"subject.name == "bot" && subject.role == "agent" && subject.issuer == """#, "{}", "true");
    check(r#"server == "shop" && tool == "query""#, "{}", "true");
    check(r#"has(claims.tenant)"#, "{}", "false");
    check(r#""tenant" in claims || "region" in claims"#, "{}", "true");
    check(r#"claims.tenant == "x""#, "{}", "`claims.tenant` is missing");
}

#[test]
fn numbers_are_exact() {
    check("args.n == 9007199254740993", r#"{"n":9007199254740993}"#, "true");
    check("args.n == 9007199254740992", r#"{"n":9007199254740993}"#, "false");
    check("args.n <= 18446744073709551615u", r#"{"n":18446744073709551615}"#, "true");
    check("args.n > 0", r#"{"n":18446744073709551615}"#, "true");
    check("args.n < 0.2 && args.n == 0.1", r#"{"n":0.1}"#, "true");
    let inexact = "a number in the arguments has more digits than can be compared exactly";
    check("args.n > 0", r#"{"n":18446744073709551616}"#, inexact);
    check("args.n > 0", r#"{"n":0.10000000000000000001}"#, inexact);
    check("args.n in [1, 2]", r#"{"n":9007199254740993.0}"#, inexact);
    check("has(args.n)", r#"{"n":18446744073709551616}"#, "true");
    check("args.n + 1 > 0", r#"{"n":9223372036854775807}"#, "`args.n + 1` cannot be calculated");
    check("args.n / 0 > 0", r#"{"n":1}"#, "`args.n / 0` cannot be calculated");
    check("args.n % 2 == 0", r#"{"n":4}"#, "true");
    check("double(args.n) > 0.0", r#"{"n":9007199254740993}"#, "`double(args.n)` cannot be calculated");
}

#[test]
fn an_error_is_an_error_unless_the_other_side_decides() {
    check("args.a < 3", "{}", "`args.a` is missing");
    check("args.a < 3", r#"{"a":"1"}"#, "`args.a < 3` compares values that have no order");
    check("args.a < 3", "[]", "expected a map to look for `a` in");
    check("args.a && true", r#"{"a":1}"#, "`args.a` is not true or false");
    check("args.a < 3 && claims.level == 4", "{}", "false");
    check("args.a < 3 || true", "{}", "true");
    check("args.a < 3 && true", "{}", "`args.a` is missing");
    check("args.l.all(x, x.y > 1)", r#"{"l":[{"y":0},{}]}"#, "false");
    check("args.l.all(x, x.y > 1)", r#"{"l":[{"y":2},{}]}"#, "`x.y` is missing");
    check("args.l[2] == 1", r#"{"l":[1]}"#, "`args.l[2]` is missing");
    check("!args.a", r#"{"a":"x"}"#, "`args.a` is not true or false");
}

#[test]
fn without_arguments_the_answer_is_all_that_could_be() {
    check("args.a < 3", "?", "true false error");
    check("has(args.a)", "?", "true false");
    check(r#"claims.region == "US" && args.a < 3"#, "?", "false");
    check(r#"claims.region == "EU" && args.a < 3"#, "?", "true false error");
    check(r#"claims.region == "EU" || args.a < 3"#, "?", "true");
    check(r#"claims.region == "US" ? true : args.a == 1"#, "?", "true false error");
    check(r#"claims.tenant == "x" && args.a < 3"#, "?", "false error");
    check(r#"claims.teams.exists(team, team == args.team)"#, "?", "true false error");
    check(r#"claims.teams.all(team, team == "eu")"#, "?", "false");
    check("args.ids.all(id, id > claims.level)", "?", "true false error");
    check(r#"args.a in ["x"] && tool == "query""#, "?", "true false error");
}

#[test]
fn what_can_never_be_true_is_no_condition() {
    for text in [
        "false",
        "1 > 2",
        "args.a < 3 && false",
        "size(args.a) == \"3\"",
        "args.n + 1 == true",
        "tool == 3",
        "has(args.a) && !true",
        "args.a in []",
    ] {
        check(text, "{}", "0: the condition can never be true, so the rule can never match");
    }
    for text in ["1", "size(args.a)", "\"x\"", "args.a + 1", "[args.a]", "claims"] {
        check(text, "{}", "0: expected an expression that is true or false");
    }
}

#[test]
fn what_is_no_condition_is_refused_with_its_place() {
    check(
        "arg.a < 3",
        "{}",
        "0: unknown variable `arg` (did you mean `args`?); a condition here knows `args`, `subject`, `claims`, `server`, `tool`",
    );
    check("args.ä == 1", "{}", "5: this is no CEL expression: token recognition error at: 'ä'");
    check(
        "\"ä\" == claim.x",
        "{}",
        "7: unknown variable `claim` (did you mean `claims`?); a condition here knows `args`, `subject`, `claims`, `server`, `tool`",
    );
    check(
        "true && subject.rol == \"x\"",
        "{}",
        "15: unknown field `subject.rol` (did you mean `role`?); expected `subject.name`, `subject.key_id`, `subject.issuer`, `subject.role`",
    );
    check(
        "true && args.a.startWith(\"x\")",
        "{}",
        "24: unknown function `startWith` (did you mean `startsWith`?)",
    );
    check(
        "args.a.matches(args.b)",
        "{}",
        "19: `matches` is written `x.matches(\"pattern\")`, with the pattern as text",
    );
    check("args.a.matches(\"(\")", "{}", "15: the pattern is no regular expression: unclosed group");
    check("args.l.exist(x, x)", "{}", "12: unknown function `exist` (did you mean `exists`?)");
    check("server.name == \"x\"", "{}", "6: `server` is text and has no field `name`");
    check("args.a.contains()", "{}", "15: `contains` is written `x.contains(\"text\")`");
    check("args.a == b\"x\"", "{}", "10: JSON has no bytes; compare with text");
    check("", "{}", "0: expected an expression, such as `args.priority == \"low\"`");
}

#[test]
fn large_expressions_are_refused_before_they_are_read() {
    let long = format!("args.a == \"{}\"", "x".repeat(MAX_TEXT));
    assert_eq!(
        Condition::compile(&long, Name::Tool).unwrap_err().message,
        "the expression is longer than 2048 bytes"
    );
    for text in [
        format!("{}true", "!".repeat(1000)),
        format!("1{} == 1", " + 1".repeat(400)),
        format!("args{} == 1", ".a".repeat(500)),
        format!("{}1{} == 1", "[".repeat(500), "]".repeat(500)),
    ] {
        let message = Condition::compile(&text, Name::Tool).unwrap_err().message;
        assert_eq!(message, "the expression has more than 300 words and signs");
    }
    for text in [
        format!("1{} == 1", " + 1".repeat(140)),
        format!("args{} == 1", ".a".repeat(140)),
        format!("{}true{}", "(".repeat(140), ")".repeat(140)),
        format!("{}1{} == 1", "[".repeat(140), "]".repeat(140)),
        format!("{}1{}", "true ? 1 : (".repeat(30), ")".repeat(30)),
    ] {
        assert!(Condition::compile(&text, Name::Tool).is_err(), "{text}");
    }
}

#[test]
fn an_evaluation_has_an_end() {
    let ids = format!("{{\"ids\":[{}0]}}", "1,".repeat(3000));
    let large = "the arguments are too large for the condition to be evaluated";
    check("args.ids.all(a, args.ids.all(b, args.ids.all(c, a + b + c >= 0)))", &ids, large);
    check("args.ids.map(a, args.ids).map(l, l + l).size() > 0", &ids, large);
    check("args.ids.all(id, id >= 0)", &ids, "true");
    check("args.ids.all(a, args.ids.exists(b, a.nothing == b))", &ids, large);
}

#[test]
fn deep_values_are_not_followed_for_ever() {
    let deep = format!("{{\"a\":{}{}}}", "[".repeat(400), "]".repeat(400));
    let limits = Limits { depth: 512, ..Limits::default() };
    let known = Arguments::Known(Json::parse(deep.as_bytes(), &limits).unwrap());
    assert_eq!(outcome("args.a == args.a", known), "the arguments are nested deeper than 100 levels");
    assert_eq!(outcome("args.a == [[1]]", known), "false");
}

#[test]
fn expressions_print_as_they_read() {
    for text in [
        "args.a < 3 && (args.b == \"x\" || !(args.c in [1, 2u, -3, 1.5]))",
        "(1 + 2) * 3 - (4 - 5) == args.n % 2",
        "has(args.a) ? args.a.b[\"x\"] : {\"k\": null} == args",
        "args.l.all(x, x.startsWith(\"a\") && size(x) > 1) || args.l.map(x, x > 1, x + 1) == []",
        "args.t.matches(\"^a\\\\.b$\")",
        "-args.n < -(args.m + 1)",
    ] {
        let condition = Condition::compile(text, Name::Tool).unwrap();
        assert_eq!(condition.to_string(), text);
        assert_eq!(Condition::compile(&condition.to_string(), Name::Tool).unwrap().to_string(), text);
    }
}

#[test]
fn what_is_not_met_is_said_of_arguments_alone() {
    let condition =
        Condition::compile("claims.region == \"US\" && args.a < 3 && args.b in [\"x\"]", Name::Tool).unwrap();
    let subject = caller();
    let arguments = Arguments::Known(json(r#"{"a":5,"b":"x"}"#));
    let facts = Facts { subject: Some(&subject), server: Some("shop"), name: Some("query"), arguments };
    assert_eq!(condition.unmet(&facts), ["args.a < 3"]);
    assert_eq!(condition.arguments(), ["a", "b"]);
    assert_eq!(condition.claims(), ["region"]);
}
