//! What holds for all conditions and arguments: a list never hides what a call could be allowed, the order of rules does
//! not matter, and what is known comes to what the `cel` crate's own interpreter makes of it.
#![cfg(not(target_arch = "wasm32"))]
#![expect(clippy::panic, clippy::unwrap_used, reason = "a test file; a panic is a failed test")]

use std::sync::Arc;

use cel::{Context, Program, Value as CelValue};
use mcp::list::ListKind;
use mcp::{Json, Limits};
use policy::document::{Database, Role, Rule};
use policy::{Arguments, Claims, Document, Operation, RuleSet, Subject, claims};
use proptest::prelude::*;
use serde_json::{Value, json};

/// A value of an expression: few of each kind, so that they meet.
fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("1".to_owned()),
        Just("2".to_owned()),
        Just("-3".to_owned()),
        Just("\"x\"".to_owned()),
        Just("\"xy\"".to_owned()),
        Just("true".to_owned()),
        Just("null".to_owned()),
        Just("[1, \"x\"]".to_owned()),
        Just("args.a".to_owned()),
        Just("args.b".to_owned()),
        Just("args.l".to_owned()),
        Just("args.o.k".to_owned()),
        Just("claims.team".to_owned()),
        Just("claims.level".to_owned()),
        Just("size(args.b)".to_owned()),
        Just("args.a + 1".to_owned()),
    ]
}

fn expression() -> impl Strategy<Value = String> {
    let comparison = (value(), "(==|!=|<|<=|>|>=|in)", value())
        .prop_map(|(left, sign, right)| format!("{left} {sign} {right}"));
    let leaf = prop_oneof![
        comparison,
        Just("has(args.a)".to_owned()),
        Just("has(claims.team)".to_owned()),
        Just("args.b.startsWith(\"x\")".to_owned()),
        Just("args.l.exists(i, i == args.a)".to_owned()),
        Just("args.l.all(i, i == claims.level)".to_owned()),
        Just("args.a".to_owned()),
    ];
    leaf.prop_recursive(3, 12, 2, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(left, right)| format!("({left}) && ({right})")),
            (inner.clone(), inner.clone()).prop_map(|(left, right)| format!("({left}) || ({right})")),
            inner.clone().prop_map(|one| format!("!({one})")),
            (inner.clone(), inner.clone(), inner)
                .prop_map(|(test, yes, no)| format!("({test}) ? ({yes}) : ({no})")),
        ]
    })
}

fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(json!(1)),
        Just(json!(2)),
        Just(json!(-3)),
        Just(json!("x")),
        Just(json!("xy")),
        Just(json!(true)),
        Just(json!(false)),
        Just(Value::Null),
    ]
}

fn arguments() -> impl Strategy<Value = Value> {
    let list = proptest::collection::vec(scalar(), 0..3).prop_map(Value::from);
    let member = || proptest::option::of(scalar());
    (member(), member(), proptest::option::of(list), member()).prop_map(|(a, b, l, k)| {
        let mut object = serde_json::Map::new();
        object.extend(a.map(|a| ("a".to_owned(), a)));
        object.extend(b.map(|b| ("b".to_owned(), b)));
        object.extend(l.map(|l| ("l".to_owned(), l)));
        object.extend(k.map(|k| ("o".to_owned(), json!({ "k": k }))));
        Value::from(object)
    })
}

fn known_claims() -> impl Strategy<Value = Claims> {
    (any::<bool>(), any::<bool>()).prop_map(|(team, level)| {
        let pairs = [("team", "x"), ("level", "1")].into_iter().zip([team, level]);
        claims::of_pairs(pairs.filter(|(_, there)| *there).map(|(pair, _)| pair))
    })
}

/// Rules about `s.t` and what surrounds it, each with a condition.
fn rules() -> impl Strategy<Value = Vec<Rule>> {
    let patterns = prop_oneof![Just("s.t"), Just("s.t*"), Just("s.*t"), Just("s.*")];
    let rule = (any::<bool>(), patterns, proptest::option::weighted(0.8, expression()));
    let rule = rule.prop_map(|(allow, pattern, when)| {
        let rule = if allow { Rule::allow(pattern) } else { Rule::deny(pattern) };
        Rule { when, ..rule }
    });
    proptest::collection::vec(rule, 1..4)
}

/// None where a rule is a mistake.
fn compiled(rules: &[Rule]) -> Option<RuleSet> {
    let mut document = Document::default();
    let database = Database { url: Some("sqlite://x".into()), ..Database::default() };
    document.databases.insert("s".into(), database);
    document.roles.insert("r".into(), Role { tools: rules.to_vec(), ..Role::default() });
    RuleSet::compile(&document, 1).ok()
}

fn permits(rules: &RuleSet, subject: &Subject, arguments: &Value) -> bool {
    let text = arguments.to_string();
    let json = Json::parse(text.as_bytes(), &Limits::default()).unwrap();
    let operation = Operation::CallTool { name: "t".into(), arguments: Arguments::Known(json) };
    rules.decide(subject, "s", &operation).permits()
}

fn subject(claims: Claims) -> Subject {
    Subject { role: "r".into(), claims, ..Subject::default() }
}

/// Whole numbers as the literals of an expression are: serde hands positive ones on as unsigned, and to those the interpreter
/// adds no literal.
fn signed(value: CelValue) -> CelValue {
    match value {
        CelValue::UInt(number) => i64::try_from(number).map_or(value, CelValue::Int),
        CelValue::List(items) => CelValue::List(Arc::new(items.iter().cloned().map(signed).collect())),
        CelValue::Map(map) => {
            let members = map.map.iter().map(|(key, value)| (key.clone(), signed(value.clone())));
            CelValue::Map(cel::objects::Map { map: Arc::new(members.collect()) })
        }
        other => other,
    }
}

/// What the crate's own interpreter says; none for an error, and for what is neither true nor false.
fn interpreted(text: &str, arguments: &Value, claims: &Claims) -> Option<bool> {
    let program = Program::compile(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    let mut context = Context::default();
    context.add_variable_from_value("args", signed(cel::to_value(arguments).unwrap()));
    context.add_variable_from_value("claims", signed(cel::to_value(claims).unwrap()));
    match program.execute(&context) {
        Ok(CelValue::Bool(truth)) => Some(truth),
        _ => None,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, max_global_rejects: 100_000, ..ProptestConfig::default() })]

    #[test]
    fn a_list_never_hides_what_a_call_could_be_allowed(
        rules in rules(), claims in known_claims(), arguments in arguments()
    ) {
        let Some(compiled) = compiled(&rules) else { return Ok(()) };
        let subject = subject(claims);
        let shown = compiled.shows(&subject, "s", ListKind::Tools, "t");
        prop_assert!(shown || !permits(&compiled, &subject, &arguments), "{:?} of {}", rules, arguments);
        let unknown = Operation::CallTool { name: "t".into(), arguments: Arguments::Unknown };
        prop_assert_eq!(compiled.decide(&subject, "s", &unknown).permits(), shown);
    }

    #[test]
    fn the_order_of_conditions_does_not_matter(
        rules in rules(), claims in known_claims(), arguments in arguments()
    ) {
        let reversed: Vec<Rule> = rules.iter().rev().cloned().collect();
        let (Some(one), Some(other)) = (compiled(&rules), compiled(&reversed)) else { return Ok(()) };
        let subject = subject(claims);
        prop_assert_eq!(permits(&one, &subject, &arguments), permits(&other, &subject, &arguments));
    }

    #[test]
    fn conditions_come_to_what_the_interpreter_makes_of_them(
        text in expression(), claims in known_claims(), arguments in arguments()
    ) {
        let rule = Rule { when: Some(text.clone()), ..Rule::allow("s.t") };
        let expected = interpreted(&text, &arguments, &claims) == Some(true);
        // What can never be true is refused as a rule; nothing made of it is ever allowed.
        let got = compiled(&[rule]).is_some_and(|rules| permits(&rules, &subject(claims.clone()), &arguments));
        prop_assert_eq!(got, expected, "{} of {} and {:?}", text, arguments, claims);
    }

    #[test]
    fn no_text_makes_the_reader_of_conditions_panic(text in "[ -~é\n]{0,60}") {
        let _ = compiled(&[Rule { when: Some(text), ..Rule::allow("s.t") }]);
    }

    #[test]
    fn what_almost_reads_makes_nothing_panic(text in expression(), cut in 0..40_usize, put in "[()\\[\\]{}.,?:!&|\"'+-]{0,2}") {
        let cut = text.char_indices().map(|(at, _)| at).nth(cut).unwrap_or(text.len());
        let broken = format!("{}{put}{}", text.get(..cut).unwrap(), text.get(cut..).unwrap());
        let _ = compiled(&[Rule { when: Some(broken), ..Rule::allow("s.t") }]);
    }
}
