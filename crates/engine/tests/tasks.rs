//! Tasks belong to who began them: another caller, or another endpoint, does not know their ids.

#![expect(clippy::panic, clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::rc::Rc;

use engine::{DecisionId, Effect, Event, Exchange, Forward, Gauge, Head, Moment, Revision, SessionKey};
use serde_json::Value;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const BOB: &str = "tg_aaaaaaaaaaaa_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
const EVE: &str = "tg_bbbbbbbbbbbb_bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
const META: &str = r#""_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{"extensions":{"io.modelcontextprotocol/tasks":{}}}}"#;

fn digest(key: &str) -> String {
    use sha2::{Digest, Sha256};
    Sha256::digest(key).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn moment(keys: &[u8]) -> Moment {
    let text = format!(
        "version: 1
servers: {{ s: {{ url: \"http://127.0.0.1:9/mcp\" }} }}
endpoints: {{ /a/mcp: {{ servers: [s] }}, /b/mcp: {{ servers: [s] }} }}
keys:
  - {{ id: aaaaaaaaaaaa, name: bob, role: agent, sha256: {} }}
  - {{ id: bbbbbbbbbbbb, name: eve, role: agent, sha256: {} }}
roles: {{ agent: {{ tools: [ {{ allow: s.* }} ], tasks: [ {{ allow: s.* }} ], subscriptions: [ {{ allow: s.* }} ] }} }}
",
        digest(BOB),
        digest(EVE)
    );
    let source = policy::parse(&text).unwrap_or_else(|problems| panic!("{problems}"));
    let rules = policy::RuleSet::compile(&source.document, 7).unwrap_or_else(|problems| panic!("{problems}"));
    let keys = keys.iter().map(|byte| SessionKey::new(&[*byte; 32]).unwrap()).collect();
    let revision = Revision::new(rules, Vec::new()).with_session_keys(keys);
    Moment { now_ms: 1_780_000_000_000, revision: Some(Rc::new(revision)), audit: Gauge::Open }
}

fn head(pairs: &[(&str, &str)]) -> Head {
    let headers = pairs.iter().map(|(name, value)| ((*name).to_owned(), value.as_bytes().to_vec()));
    Head { headers: headers.collect(), last: false, ..Head::default() }
}

fn send(key: &str, path: &str, method: &str, params: &str, moment: &Moment) -> (Effect, Exchange) {
    let bearer = format!("Bearer {key}");
    let asked: Value = serde_json::from_str(&format!("{{{params}}}")).unwrap();
    let name = asked.get("taskId").or(asked.get("name")).and_then(Value::as_str).unwrap_or_default();
    let pairs = [
        (":method", "POST"),
        (":path", path),
        (":authority", "gw"),
        ("authorization", bearer.as_str()),
        ("content-type", "application/json"),
        ("content-length", "1"),
        ("mcp-protocol-version", "2026-07-28"),
        ("mcp-method", method),
        ("mcp-name", name),
    ];
    let body =
        format!(r#"{{"params":{{{params},{META}}},"method":"{method}","id":"\u0031","jsonrpc":"2.0"}}"#);
    let mut exchange = Exchange::new(DecisionId::new(1, 2));
    exchange.handle(&Event::RequestHead(&head(&pairs)), moment);
    let step = exchange.handle(&Event::RequestBody(body.as_bytes()), moment);
    (step.effect, exchange)
}

#[track_caller]
fn forwarded(effect: Effect) -> Forward {
    match effect {
        Effect::Forward(forward) => forward,
        effect => panic!("not forwarded: {effect:?}"),
    }
}

/// What the client sees of this answer.
fn answered(exchange: &mut Exchange, answer: &str, moment: &Moment) -> String {
    let head = head(&[(":status", "200"), ("content-type", "application/json")]);
    exchange.handle(&Event::ResponseHead(&head), moment);
    let chunk = Event::ResponseChunk { bytes: answer.as_bytes(), last: true };
    match exchange.handle(&chunk, moment).effect {
        Effect::Pass => answer.to_owned(),
        Effect::Replace(bytes) => String::from_utf8(bytes).unwrap(),
        effect => panic!("{effect:?}"),
    }
}

fn at(text: &str, pointer: &str) -> String {
    let value: Value = serde_json::from_str(text).unwrap();
    value
        .pointer(pointer)
        .and_then(Value::as_str)
        .unwrap_or_else(|| panic!("no {pointer} in {text}"))
        .to_owned()
}

/// A task that the caller has begun: its sealed id.
fn begun(key: &str, path: &str, moment: &Moment) -> String {
    let (_, mut exchange) = send(key, path, "tools/call", r#""name":"t""#, moment);
    let answer =
        r#"{"jsonrpc":"2.0","id":"1","result":{"resultType":"task","taskId":"t-1","status":"working"}}"#;
    let seen = answered(&mut exchange, answer, moment);
    assert!(!seen.contains("t-1"), "{seen}");
    at(&seen, "/result/taskId")
}

#[test]
fn a_task_is_followed_by_who_began_it() {
    let now = moment(&[1]);
    let sealed = begun(BOB, "/a/mcp", &now);
    assert_eq!(sealed, begun(BOB, "/a/mcp", &now), "one task has one id");
    for method in ["tasks/get", "tasks/update", "tasks/cancel"] {
        let (effect, mut exchange) = send(BOB, "/a/mcp", method, &format!(r#""taskId":"{sealed}""#), &now);
        let Forward { headers, body, .. } = forwarded(effect);
        let body = String::from_utf8(body.expect("another body")).unwrap();
        let expected = format!(
            r#"{{"params":{{"taskId":"t-1",{META}}},"method":"{method}","id":"\u0031","jsonrpc":"2.0"}}"#
        );
        assert_eq!(body, expected, "nothing but the id has changed");
        let edit =
            |name: &str| headers.iter().rfind(|edit| edit.name == name).and_then(|edit| edit.value.clone());
        assert_eq!(edit("mcp-name").as_deref(), Some("t-1"));
        assert_eq!(edit("content-length"), Some(body.len().to_string()));
        let answer = r#"{"jsonrpc":"2.0","id":"1","result":{"resultType":"complete","taskId":"t-1","status":"completed","result":{"content":[{"type":"text","text":"t-1"}],"structuredContent":{"taskId":"t-1"}}}}"#;
        let seen = answered(&mut exchange, answer, &now);
        assert_eq!(at(&seen, "/result/taskId"), sealed);
        assert_eq!(
            at(&seen, "/result/result/structuredContent/taskId"),
            "t-1",
            "what a tool says is its own"
        );
    }
}

#[test]
fn nobody_else_and_nowhere_else_is_it_known() {
    let now = moment(&[1]);
    let sealed = begun(BOB, "/a/mcp", &now);
    let forged = format!("{}A", sealed.get(..sealed.len() - 1).unwrap());
    let session = begun(EVE, "/a/mcp", &now);
    let cases = [
        (EVE, "/a/mcp", sealed.as_str()),
        (BOB, "/b/mcp", sealed.as_str()),
        (BOB, "/a/mcp", session.as_str()),
        (BOB, "/a/mcp", forged.as_str()),
        (BOB, "/a/mcp", "t-1"),
        (BOB, "/a/mcp", ""),
    ];
    for (key, path, id) in cases {
        let (effect, _) = send(key, path, "tasks/get", &format!(r#""taskId":"{id}""#), &now);
        let Effect::Reply(reply) = effect else { panic!("{id}: {effect:?}") };
        let answer = String::from_utf8(reply.body).unwrap();
        assert!(
            reply.status == 200 && answer.contains("4049") && answer.contains(r#""id":"\u0031""#),
            "{answer}"
        );
    }
    // A new key forgets no task, and two do.
    let follow =
        |moment: &Moment| send(BOB, "/a/mcp", "tasks/get", &format!(r#""taskId":"{sealed}""#), moment).0;
    assert!(matches!(follow(&moment(&[2, 1])), Effect::Forward(_)));
    assert!(matches!(follow(&moment(&[3, 2])), Effect::Reply(_)));
}

#[test]
fn an_answer_names_a_task_as_its_request_did() {
    let sealed = begun(BOB, "/a/mcp", &moment(&[1]));
    let later = moment(&[2, 1]);
    let (_, mut exchange) = send(BOB, "/a/mcp", "tasks/get", &format!(r#""taskId":"{sealed}""#), &later);
    let answer = r#"{"jsonrpc":"2.0","id":"1","result":{"t\u0061skId":"t-1","status":"working"}}"#;
    assert_eq!(at(&answered(&mut exchange, answer, &later), "/result/taskId"), sealed);
}

#[test]
fn ids_are_opened_and_sealed_wherever_the_protocol_has_them() {
    let now = moment(&[1]);
    let sealed = begun(BOB, "/a/mcp", &now);
    let listen = format!(r#""notifications":{{"taskIds":["{sealed}"]}}"#);
    let (effect, mut exchange) = send(BOB, "/a/mcp", "subscriptions/listen", &listen, &now);
    let body = forwarded(effect).body.expect("another body");
    assert!(String::from_utf8(body).unwrap().contains(r#""taskIds":["t-1"]"#));
    let told =
        r#"{"jsonrpc":"2.0","method":"notifications/tasks","params":{"taskId":"t-1","status":"working"}}"#;
    assert_eq!(at(&answered(&mut exchange, told, &now), "/params/taskId"), sealed);
    let stolen = send(EVE, "/a/mcp", "subscriptions/listen", &listen, &now).0;
    assert!(matches!(stolen, Effect::Reply(_)), "{stolen:?}");
    let places = [
        (
            r#"{"jsonrpc":"2.0","id":"1","result":{"task":{"taskId":"t-1","status":"working"}}}"#,
            "/result/task/taskId",
        ),
        (
            r#"{"jsonrpc":"2.0","id":"1","result":{"content":[],"_meta":{"io.modelcontextprotocol/related-task":{"taskId":"t-1"}}}}"#,
            "/result/_meta/io.modelcontextprotocol~1related-task/taskId",
        ),
        (
            r#"{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":1,"_meta":{"io.modelcontextprotocol/related-task":{"taskId":"t-1"}}}}"#,
            "/params/_meta/io.modelcontextprotocol~1related-task/taskId",
        ),
    ];
    for (answer, pointer) in places {
        let (_, mut exchange) = send(BOB, "/a/mcp", "tools/call", r#""name":"t""#, &now);
        assert_eq!(at(&answered(&mut exchange, answer, &now), pointer), sealed);
    }
}

#[test]
fn a_list_of_everybodys_tasks_opens_nothing() {
    let now = moment(&[1]);
    let (_, mut exchange) = send(BOB, "/a/mcp", "tools/call", r#""name":"t""#, &now);
    let list = r#"{"jsonrpc":"2.0","id":"1","result":{"tasks":[{"taskId":"t-1","status":"working"}]}}"#;
    assert_eq!(answered(&mut exchange, list, &now), list);
}

#[test]
fn without_a_key_no_task_is_handed_out() {
    let now = moment(&[]);
    let (_, mut exchange) = send(BOB, "/a/mcp", "tools/call", r#""name":"t""#, &now);
    let answer =
        r#"{"jsonrpc":"2.0","id":"1","result":{"resultType":"task","taskId":"t-1","status":"working"}}"#;
    let seen = answered(&mut exchange, answer, &now);
    assert!(seen.contains("4046") && !seen.contains("t-1"), "{seen}");
}
