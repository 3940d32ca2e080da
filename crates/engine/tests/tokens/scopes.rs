//! Scopes: what a token lacks it is told, with all that the call needs; a key is told that it cannot get them.

use std::rc::Rc;

use engine::{DecisionId, Effect, Event, Exchange, Gauge, Moment, Revision};
use serde_json::{Value, json};

use crate::{
    IDP, KEY, NOW, call, head, header,
    issuer::{Key, key_sets},
};

const SCOPED: &str = "version: 1
gateway: { public_url: https://gw.example.com/ }
servers: { a: { url: http://h/a } }
endpoints: { /a/mcp: { servers: [a] } }
identity:
  jwt: [ { issuer: https://idp.example.com, jwks: { file: k }, role: agent } ]
  scopes: { t:all: [t:read, t:write] }
keys:
  - { id: aaaaaaaaaaaa, name: bot, role: agent, sha256: DIGEST, scopes: [t:read] }
roles:
  agent:
    tools:
      - { allow: a.read, scopes: [t:read] }
      - { allow: a.write, scopes: [t:read, t:write] }
      - { allow: a.pay, when: args.sum < 10, scopes: [t:pay] }
      - { deny: a.drop }
";

fn scoped() -> Moment {
    use sha2::{Digest, Sha256};
    let digest: String = Sha256::digest(KEY).iter().map(|byte| format!("{byte:02x}")).collect();
    let source =
        policy::parse(&SCOPED.replace("DIGEST", &digest)).unwrap_or_else(|problems| panic!("{problems}"));
    let rules = policy::RuleSet::compile(&source.document, 7).unwrap_or_else(|problems| panic!("{problems}"));
    let keys = key_sets(&[(IDP, json!([Key::Ec(1).jwk("ec")]))]);
    let revision = Revision::new(rules, Vec::new()).with_issuer_keys(keys);
    Moment { now_ms: NOW * 1000, revision: Some(Rc::new(revision)), audit: Gauge::Open }
}

/// What a call of a tool leads to for the holder of this credential: status, code and challenge.
fn called(credential: &str, params: &str) -> (u16, i32, String) {
    let moment = scoped();
    let mut exchange = Exchange::new(DecisionId::new(1, 2));
    let request = head("/a/mcp", &[("authorization", &format!("Bearer {credential}"))]);
    exchange.handle(&Event::RequestHead(&request), &moment);
    let body = format!(r#"{{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{params}}}"#);
    let step = exchange.handle(&Event::RequestBody(body.as_bytes()), &moment);
    let code = step.record.map(|record| record.code).unwrap_or_default();
    match step.effect {
        Effect::Forward(_) => (200, code, String::new()),
        Effect::Reply(reply) => {
            let challenge = reply.headers.into_iter().find(|(name, _)| *name == "www-authenticate");
            (reply.status, code, challenge.map(|(_, value)| value).unwrap_or_default())
        }
        other => panic!("{other:?}"),
    }
}

fn holder(scope: &str) -> String {
    let claims = json!({"iss": IDP, "sub": "ann", "aud": "https://gw.example.com/a/mcp", "exp": NOW + 300, "scope": scope});
    Key::Ec(1).sign(&header(&Key::Ec(1), "ec"), &claims.to_string())
}

const METADATA: &str =
    "Bearer resource_metadata=\"https://gw.example.com/.well-known/oauth-protected-resource/a/mcp\"";

#[test]
fn a_token_without_scopes_is_told_all_that_the_call_needs() {
    let needs = |scopes: &str| format!("{METADATA}, scope=\"{scopes}\", error=\"insufficient_scope\"");
    assert_eq!(called(&holder(""), r#"{"name":"read"}"#), (403, 4054, needs("t:read")));
    assert_eq!(called(&holder("t:read"), r#"{"name":"write"}"#), (403, 4054, needs("t:read t:write")));
    assert_eq!(
        called(&holder("t:read"), r#"{"name":"pay","arguments":{"sum":9}}"#),
        (403, 4054, needs("t:pay"))
    );
    assert_eq!(called(&holder("t:read"), r#"{"name":"read"}"#).0, 200);
    assert_eq!(called(&holder("t:read t:write"), r#"{"name":"write"}"#).0, 200);
}

#[test]
fn a_broad_scope_holds_what_it_includes() {
    assert_eq!(called(&holder("t:all"), r#"{"name":"write"}"#).0, 200);
    assert_eq!(called(&holder("t:all"), r#"{"name":"pay","arguments":{"sum":9}}"#).0, 403);
    assert_eq!(called(&holder("t:al"), r#"{"name":"write"}"#).0, 403);
    assert_eq!(called(&holder("T:READ"), r#"{"name":"read"}"#).0, 403);
}

#[test]
fn more_scopes_are_asked_for_only_where_nothing_else_is_missing() {
    // No scope would help.
    for params in [r#"{"name":"drop"}"#, r#"{"name":"nothing"}"#, r#"{"name":"pay","arguments":{"sum":10}}"#]
    {
        let (status, code, challenge) = called(&holder(""), params);
        assert_eq!((status, challenge.as_str()), (200, ""), "{params}");
        assert_ne!(code, 4054, "{params}");
    }
}

#[test]
fn a_key_with_scopes_is_denied_in_words_for_it_can_ask_nobody() {
    assert_eq!(called(KEY, r#"{"name":"read"}"#).0, 200);
    assert_eq!(called(KEY, r#"{"name":"write"}"#), (200, 4054, String::new()));
}

#[test]
fn a_challenge_begins_with_the_fewest_scopes() {
    let moment = scoped();
    let Effect::Reply(reply) = call(&head("/a/mcp", &[]), &moment).0 else { panic!("nobody passed") };
    assert!(
        reply.headers.contains(&("www-authenticate", format!("{METADATA}, scope=\"t:pay\""))),
        "{:?}",
        reply.headers
    );
    let path = "/.well-known/oauth-protected-resource/a/mcp";
    let Effect::Reply(reply) = call(&head(path, &[(":method", "GET")]), &moment).0 else {
        panic!("no metadata")
    };
    let metadata: Value = serde_json::from_slice(&reply.body).unwrap();
    assert_eq!(metadata["scopes_supported"], json!(["t:pay", "t:read", "t:write"]));
    assert_eq!(metadata["resource"], "https://gw.example.com/a/mcp");
}

#[test]
fn lists_show_what_a_token_may_come_to_use_and_a_key_may_not() {
    use mcp::list::ListKind;
    let moment = scoped();
    let rules = moment.revision.as_ref().unwrap().rules();
    let subject = |scopes: policy::Scopes| policy::Subject {
        role: "agent".into(),
        scopes,
        ..policy::Subject::default()
    };
    let none = std::sync::Arc::new(std::collections::BTreeSet::new());
    let shown = |subject: &policy::Subject| -> Vec<&str> {
        ["read", "write", "pay", "drop", "nothing"]
            .into_iter()
            .filter(|tool| rules.shows(subject, "a", ListKind::Tools, tool))
            .collect()
    };
    assert_eq!(shown(&subject(policy::Scopes::Granted(none.clone()))), ["read", "write", "pay"]);
    assert_eq!(shown(&subject(policy::Scopes::Only(none))), [""; 0]);
    assert_eq!(shown(&subject(policy::Scopes::All)), ["read", "write", "pay"]);
}
