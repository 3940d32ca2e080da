//! Limits as a document gives them: what is read, what is refused with its place, and what counts together.

use crate::limit::Counted;
use crate::operation::{Arguments, Operation};
use crate::ruleset::RuleSet;
use crate::subject::Subject;
use crate::{Catalogue, Decision, Tool};

const HEAD: &str = "version: 1
servers: { s: { url: http://127.0.0.1:1/mcp } }
endpoints: { /s/mcp: { servers: [s] } }
";

/// A rule of one role, with this limit.
fn rule(limit: &str) -> String {
    format!("{HEAD}roles:\n  a:\n    tools:\n      - allow: s.*\n        limit: {limit}\n")
}

fn compile(text: &str) -> RuleSet {
    crate::parse(text).unwrap().compile(1).unwrap()
}

#[track_caller]
fn refused(text: &str, expected: &str) {
    let problems = match crate::parse(text) {
        Ok(source) => source.check(),
        Err(problems) => problems,
    };
    assert_eq!(problems.to_string(), expected);
}

fn call(name: &str) -> Operation<'_> {
    Operation::CallTool { name: name.into(), arguments: Arguments::Unknown }
}

fn caller(role: &str, key: &str) -> Subject {
    Subject { role: role.to_owned(), key_id: key.to_owned(), ..Subject::default() }
}

/// Keys under which the call of a caller is counted.
fn keys(rules: &RuleSet, subject: &Subject, operation: &Operation<'_>) -> Vec<crate::limit::Key> {
    let Decision::Permit(permit) = rules.decide(subject, "s", operation) else { panic!("it is denied") };
    let limits = rules.limits(&permit, subject, ("/s/mcp", "s"), operation);
    limits.into_iter().map(|(_, key)| key).collect()
}

fn words(text: &str) -> Vec<String> {
    let (rules, subject) = (compile(text), caller("a", "k"));
    let Decision::Permit(permit) = rules.decide(&subject, "s", &call("x")) else { panic!("it is denied") };
    let limits = rules.limits(&permit, &subject, ("/s/mcp", "s"), &call("x"));
    limits.iter().map(|(limit, _)| format!("{} | {}", limit.label(), limit.words())).collect()
}

#[test]
fn a_limit_says_what_it_allows_and_whose_it_is() {
    assert_eq!(
        words(&rule("30/min")),
        ["limit 30/min of allow s.* | 30 calls a minute for each caller, by allow s.*"]
    );
    assert_eq!(
        words(&rule("{ rate: 1/h, quota: 1000/day, concurrent: 2, per: [tool, role] }")),
        [
            "limit 1/h of allow s.* | 1 call an hour for each role and tool, by allow s.*",
            "limit 1000 in a calendar day of allow s.* | 1000 calls in each day of UTC for each role and tool, by allow s.*",
            "limit 2 at a time of allow s.* | 2 calls at a time for each role and tool, by allow s.*",
        ]
    );
}

#[test]
fn limits_of_rule_role_endpoint_and_server_come_together() {
    let text = "version: 1
servers: { s: { url: http://127.0.0.1:1/mcp, limits: { concurrent: 5, counts: requests } } }
endpoints: { /s/mcp: { servers: [s], limits: 10/s } }
roles: { a: { tools: [ { allow: s.x, limit: 1/s } ], limits: [ 2/s, { quota: 9/h, per: role } ] } }
";
    let found = words(text);
    let labels: Vec<&str> = found.iter().filter_map(|line| line.split(" | ").next()).collect();
    assert_eq!(
        labels,
        [
            "limit 1/s of allow s.x",
            "limit 2/s of role a",
            "limit 9 in a calendar hour of role a",
            "limit 10/s of endpoint /s/mcp",
            "limit 5 at a time of server s"
        ]
    );
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    let place = "roles.a.tools[0].limit";
    for (limit, expected) in [
        (
            "0/min",
            "8:16 @: `0/min` is no limit; expected a number from 1 to 1000000000, `/` and one of s, min, h, day, such as 30/min",
        ),
        (
            "30/minute",
            "8:16 @: `30/minute` is no limit; expected a number from 1 to 1000000000, `/` and one of s, min, h, day, such as 30/min",
        ),
        (
            "30",
            "8:16 @: `30` is no limit; expected a number from 1 to 1000000000, `/` and one of s, min, h, day, such as 30/min",
        ),
        (
            "+3/s",
            "8:16 @: `+3/s` is no limit; expected a number from 1 to 1000000000, `/` and one of s, min, h, day, such as 30/min",
        ),
        (
            "99999999999999999999/s",
            "8:16 @: `99999999999999999999/s` is no limit; expected a number from 1 to 1000000000, `/` and one of s, min, h, day, such as 30/min",
        ),
        ("{ rate: 1/s, burst: 0 }", "8:36 @.burst: expected at least 1: a burst of 0 lets nothing through"),
        (
            "{ rate: 1/day, burst: 32 }",
            "8:38 @.burst: at this rate it takes more than 31 days until 32 calls are free again",
        ),
        (
            "{ rate: 1/day, burst: 18446744073709551615 }",
            "8:38 @.burst: at this rate it takes more than 31 days until 18446744073709551615 calls are free again",
        ),
        (
            "{ quota: 5/min }",
            "8:25 @.quota: `5/min` is no limit; expected a number from 1 to 1000000000, `/` and one of h, day, such as 1000/day",
        ),
        ("{ concurrent: 0 }", "8:30 @.concurrent: expected a number from 1 to 100000"),
        ("{ burst: 3, quota: 5/day }", "8:25 @.burst: a burst belongs to a `rate`, which is missing"),
        ("{ per: role }", "8:9 @: a limit needs one of the fields `rate`, `quota`, `concurrent`"),
        ("[]", "8:9 @: expected at least one limit, such as 30/min"),
        ("[1/s, 1/s]", "8:22 @[1]: the same limit stands here twice"),
        (
            "{ rate: 1/s, per: user }",
            "8:34 @.per: expected subject, role, tool, server, endpoint, found `user`",
        ),
        (
            "{ rate: 1/s, burst: 2, shared: true }",
            "8:36 @.burst: proxies cannot share `burst`; put it into a limit of its own",
        ),
        (
            "{ concurrent: 2, shared: true }",
            "8:30 @.concurrent: proxies cannot share `concurrent`; put it into a limit of its own",
        ),
        (
            "{ rate: 1/s, counts: calls }",
            "8:29 @.counts: unknown field `counts`; expected `rate`, `burst`, `quota`, `concurrent`, `per`, `shared`",
        ),
    ] {
        refused(&rule(limit), &expected.replace('@', place));
    }
}

#[test]
fn limits_stand_where_they_can_act() {
    let text = format!("{HEAD}roles: {{ a: {{ tools: [ {{ deny: s.x, limit: 1/s }} ] }} }}\n");
    refused(
        &text,
        "4:44 roles.a.tools[0].limit: only a rule that allows can have a limit: one that denies lets nothing through",
    );
    let text = format!(
        "{HEAD}roles: {{ a: {{ prompts: [ {{ allow: s.x, limit: {{ rate: 1/s, per: tool }} }} ] }} }}\n"
    );
    refused(&text, "4:65 roles.a.prompts[0].limit.per: only calls of tools can be counted for each tool");
    let eight: Vec<String> = (1..=9).map(|count| format!("{count}/s")).collect();
    refused(
        &rule(&format!("[{}]", eight.join(", "))),
        "8:9 roles.a.tools[0].limit: expected at most 8 limits at one place",
    );
}

#[test]
fn callers_are_counted_apart_and_case_tells_keys_apart_only() {
    let rules = compile(&rule("1/s"));
    let [one, two] = ["k1", "k2"].map(|key| keys(&rules, &caller("a", key), &call("x")));
    assert_ne!(one, two);
    assert_eq!(one, keys(&rules, &caller("a", "k1"), &call("y")));
    // A subject of an issuer is no key of the same name.
    let token = Subject { issuer: "https://i".to_owned(), name: "k1".to_owned(), ..caller("a", "") };
    assert_ne!(one, keys(&rules, &token, &call("x")));
}

#[test]
fn a_name_in_another_case_or_invented_gets_no_count_of_its_own() {
    let rules = compile(&rule("{ rate: 1/s, per: tool }"));
    let subject = caller("a", "k");
    let of = |rules: &RuleSet, name: &str| keys(rules, &subject, &call(name));
    assert_eq!(of(&rules, "x"), of(&rules, "X"));
    assert_ne!(of(&rules, "x"), of(&rules, "y"));
    let mut catalogue = Catalogue::default();
    let tools = ["x", "y"].map(|name| format!(r#"{{"name":"{name}","inputSchema":{{"type":"object"}}}}"#));
    catalogue.insert("s", tools.iter().map(|text| Tool::read(text).unwrap()));
    let rules = rules.with_catalogue(catalogue.into());
    assert_ne!(of(&rules, "x"), of(&rules, "y"));
    assert_ne!(of(&rules, "x"), of(&rules, "X"));
    assert_eq!(of(&rules, "X"), of(&rules, "no_such_tool"));
    assert_eq!(of(&rules, "Y"), of(&rules, "y2"));
}

#[test]
fn a_limit_keeps_its_count_when_the_document_changes_around_it() {
    let subject = caller("a", "k");
    let of = |text: &str| keys(&compile(text), &subject, &call("x"));
    let before = of(&format!("{HEAD}roles: {{ a: {{ tools: [ {{ allow: s.x, limit: 1/s }} ] }} }}"));
    let moved = format!(
        "{HEAD}roles: {{ a: {{ description: New, tools: [ {{ allow: s.y }}, {{ allow: s.x, limit: [1/s, {{ quota: 5/day }}] }} ] }} }}"
    );
    assert_eq!(before.first(), of(&moved).first());
    for other in [
        "{ allow: s.x, limit: 2/s }",
        "{ allow: s.x, when: \"true\", limit: 1/s }",
        "{ allow: s.*, limit: 1/s }",
    ] {
        assert_ne!(before, of(&format!("{HEAD}roles: {{ a: {{ tools: [ {other} ] }} }}")), "{other}");
    }
}

#[test]
fn lists_and_connections_count_only_where_a_limit_says_requests() {
    let text = "version: 1
servers: { s: { url: http://127.0.0.1:1/mcp, limits: [ 1/s, { rate: 2/s, counts: requests } ] } }
endpoints: { /s/mcp: { servers: [s] } }
roles: { a: { everything: true } }
";
    let rules = compile(text);
    let count = |operation: &Operation<'_>| keys(&rules, &caller("a", "k"), operation).len();
    assert_eq!(count(&call("x")), 2);
    assert_eq!(count(&Operation::List(mcp::list::ListKind::Tools)), 1);
    assert_eq!(count(&Operation::Lifecycle { method: "initialize".into() }), 1);
    assert_eq!(count(&Operation::Lifecycle { method: "notifications/cancelled".into() }), 0);
    for ending in [Operation::Answer, Operation::EndSession, Operation::Unsubscribe { uri: "a:b".into() }] {
        assert_eq!(count(&ending), 0, "{ending:?}");
    }
}

#[test]
fn of_two_rules_that_permit_the_one_with_a_limit_decides() {
    for rules in [
        "{ allow: s.x, when: \"args.a == 1\", limit: 1/s }, { allow: s.x, when: \"args.b == 1\" }",
        "{ allow: s.x, when: \"args.b == 1\" }, { allow: s.x, when: \"args.a == 1\", limit: 1/s }",
    ] {
        let rules = compile(&format!("{HEAD}roles: {{ a: {{ tools: [ {rules} ] }} }}"));
        let limits = mcp::Limits::default();
        let arguments = mcp::Json::parse(br#"{"a":1,"b":1}"#, &limits).unwrap();
        let operation = Operation::CallTool { name: "x".into(), arguments: Arguments::Known(arguments) };
        assert_eq!(keys(&rules, &caller("a", "k"), &operation).len(), 1);
    }
}

#[test]
fn each_topic_listened_to_brings_the_limit_of_its_rule() {
    let text = format!(
        "{HEAD}roles: {{ a: {{ subscriptions: [ {{ allow: \"s.a:*\", limit: 1/s }}, {{ allow: \"s.b:*\", limit: 2/s }} ] }} }}"
    );
    let rules = compile(&text);
    let topics = ["a:1", "a:2", "b:1"].map(str::to_owned).to_vec();
    assert_eq!(keys(&rules, &caller("a", "k"), &Operation::Listen { topics }).len(), 2);
}

#[test]
fn a_value_cannot_pass_for_two() {
    let rules = compile(&rule("{ rate: 1/s, per: [server, endpoint] }"));
    let subject = caller("a", "k");
    let Decision::Permit(permit) = rules.decide(&subject, "s", &call("x")) else { panic!("it is denied") };
    let (limit, _) = rules.limits(&permit, &subject, ("/s/mcp", "s"), &call("x")).remove(0);
    let key = |endpoint, server| limit.key(&Counted { subject: &subject, endpoint, server, tool: "" });
    assert_ne!(key("/aserver", "b"), key("/a", "serverb"));
    assert_ne!(key("/a", "b"), key("/b", "a"));
}
