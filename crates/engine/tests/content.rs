//! What a role receives, from the outside: answers in, what goes on and what is recorded out, at every split.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test stops at the first surprise"
)]

use std::rc::Rc;

use engine::{
    DecisionId, Effect, Event, Exchange, Gauge, Head, Holder, Kind, Moment, Outcome, Record, Revision,
    SealedSession, SessionKey, seal_session,
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

const KEY: &str = "tg_aaaaaaaaaaaa_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
const MAIL: &str = "alice@example.com";

fn session_key() -> SessionKey {
    SessionKey::new(&[1; 32]).unwrap()
}

/// The id of a task as its caller holds it.
fn task(id: &str) -> String {
    let holder = Holder { kind: Kind::Task, identity: "key aaaaaaaaaaaa", endpoint: "/crm" };
    let own = SealedSession { id: id.to_owned(), issued_ms: 0 };
    seal_session(&own, holder, &session_key(), DecisionId::new(0, 0)).unwrap()
}

fn moment(content: &str) -> Moment {
    let sha: String = Sha256::digest(KEY).iter().map(|byte| format!("{byte:02x}")).collect();
    let text = format!(
        "version: 1
servers: {{ crm: {{ url: \"http://127.0.0.1:9/mcp\" }} }}
endpoints: {{ /crm: {{ servers: [crm] }} }}
keys: [ {{ id: aaaaaaaaaaaa, name: bot, role: agent, sha256: {sha} }} ]
roles:
  agent: {{ everything: true, content: {content} }}
"
    );
    let source = policy::parse(&text).unwrap_or_else(|problems| panic!("{problems}"));
    let rules = policy::RuleSet::compile(&source.document, 7).unwrap();
    Moment {
        now_ms: 1_780_000_000_000,
        revision: Some(Rc::new(Revision::new(rules, Vec::new()).with_session_keys(vec![session_key()]))),
        audit: Gauge::Open,
    }
}

fn head(pairs: &[(&str, &str)]) -> Head {
    let headers = pairs.iter().map(|(name, value)| ((*name).to_owned(), value.as_bytes().to_vec())).collect();
    Head { headers, ..Head::default() }
}

/// A permitted request, waiting for its answer.
fn asked(body: &str, moment: &Moment) -> (Exchange, Effect, Record) {
    let mut exchange = Exchange::new(DecisionId::new(1, 2));
    let bearer = format!("Bearer {KEY}");
    let head = head(&[
        (":method", "POST"),
        (":path", "/crm"),
        (":authority", "gw"),
        ("content-type", "application/json"),
        ("authorization", &bearer),
    ]);
    exchange.handle(&Event::RequestHead(&head), moment);
    let step = exchange.handle(&Event::RequestBody(body.as_bytes()), moment);
    (exchange, step.effect, step.record.expect("every decision is recorded"))
}

const CALL: &str =
    r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"lookup","arguments":{}}}"#;

/// What the client gets of an answer that is cut at these places, and what is recorded.
fn answered(
    moment: &Moment,
    body: &str,
    media: &str,
    answer: &[u8],
    cuts: &[usize],
) -> (Vec<u8>, Vec<Record>) {
    let (mut exchange, effect, _) = asked(body, moment);
    assert!(matches!(effect, Effect::Forward(_)), "{effect:?}");
    let step =
        exchange.handle(&Event::ResponseHead(&head(&[(":status", "200"), ("content-type", media)])), moment);
    if let Effect::Reply(reply) = step.effect {
        return (reply.body, step.record.into_iter().collect());
    }
    let (mut out, mut records, mut start) = (Vec::new(), Vec::new(), 0);
    for end in cuts.iter().copied().chain([answer.len()]) {
        let piece = &answer[start..end];
        let step = exchange.handle(&Event::ResponseChunk { bytes: piece, last: end == answer.len() }, moment);
        match step.effect {
            Effect::Replace(bytes) => out.extend(bytes),
            Effect::Pass => out.extend_from_slice(piece),
            effect => panic!("{effect:?}"),
        }
        records.extend(step.record);
        start = end;
    }
    records.extend(exchange.handle(&Event::Closed, moment).record);
    (out, records)
}

fn events(messages: &[Value]) -> Vec<u8> {
    messages
        .iter()
        .map(|message| format!("event: message\r\nid: 7\r\ndata: {message}\r\n\r\n"))
        .collect::<String>()
        .into()
}

fn findings(records: &[Record]) -> Vec<(&'static str, u32, &'static str)> {
    records
        .iter()
        .flat_map(|record| &record.findings)
        .map(|found| (found.kind, found.count, found.mode))
        .collect()
}

/// The answer to a call, as JSON and as the only event of a stream, cut in two at every byte.
#[track_caller]
fn check(content: &str, message: &Value, expected: &Value) -> Vec<Record> {
    let moment = moment(content);
    let whole = message.to_string().into_bytes();
    let stream = events(std::slice::from_ref(message));
    let (_, records) = answered(&moment, CALL, "application/json", &whole, &[]);
    for cut in 0..=whole.len() {
        let (out, cut_records) = answered(&moment, CALL, "application/json", &whole, &[cut]);
        assert_eq!(serde_json::from_slice::<Value>(&out).unwrap(), *expected, "cut at {cut}");
        assert_eq!(cut_records, records, "cut at {cut}");
    }
    for cut in 0..=stream.len() {
        let (out, cut_records) = answered(&moment, CALL, "text/event-stream", &stream, &[cut]);
        let text = String::from_utf8(out).unwrap();
        let data = text.lines().find_map(|line| line.strip_prefix("data: ")).expect("an event with data");
        assert_eq!(serde_json::from_str::<Value>(data).unwrap(), *expected, "cut at {cut}");
        assert_eq!(cut_records, records, "cut at {cut}");
    }
    records
}

fn result(result: &Value) -> Value {
    json!({ "jsonrpc": "2.0", "id": 1, "result": result })
}

#[test]
fn results_are_redacted_at_every_split_and_the_record_has_counts_only() {
    let structured =
        |mail: &str| json!({ "name": "Alice", "email": mail, "cards": [mail, 4_111_111_111_111_111_u64] });
    let expected = json!({ "name": "Alice", "email": "[redacted:email]", "cards": ["[redacted:email]", "[redacted:card]"] });
    let message = result(&json!({
        "content": [
            { "type": "text", "text": structured(MAIL).to_string() },
            { "type": "resource", "resource": { "uri": "crm://1", "text": format!("mail {MAIL} now") } },
        ],
        "structuredContent": structured(MAIL),
    }));
    let records = check(
        "{ personal: redact }",
        &message,
        &result(&json!({
            "content": [
                { "type": "text", "text": expected.to_string() },
                { "type": "resource", "resource": { "uri": "crm://1", "text": "mail [redacted:email] now" } },
            ],
            "structuredContent": expected,
        })),
    );
    assert_eq!(findings(&records), [("card", 2, "redact"), ("email", 5, "redact")]);
    let [record] = records.as_slice() else { panic!("{records:?}") };
    assert_eq!(
        (record.outcome, record.method.as_str(), record.name.as_str()),
        (Outcome::Allow, "result", "lookup")
    );
    assert_eq!(record.decision_id, DecisionId::new(1, 2).to_string());
    assert!(!format!("{record:?}").contains("alice"), "{record:?}");
}

#[test]
fn what_is_observed_goes_on_byte_for_byte() {
    let message = result(&json!({ "content": [{ "type": "text", "text": format!("mail {MAIL}") }] }));
    let records = check("{ personal: observe }", &message, &message);
    assert_eq!(findings(&records), [("email", 1, "observe")]);
}

#[test]
fn what_is_refused_becomes_an_error_that_names_kinds_and_counts() {
    let moment = moment("{ personal: redact, secrets: refuse }");
    let message =
        result(&json!({ "content": [{ "type": "text", "text": format!("{MAIL} AKIAIOSFODNN7EXAMPLE") }] }));
    for (media, bytes) in
        [("application/json", message.to_string().into_bytes()), ("text/event-stream", events(&[message]))]
    {
        let (out, records) = answered(&moment, CALL, media, &bytes, &[]);
        let text = String::from_utf8(out).unwrap();
        let data = text.lines().find_map(|line| line.strip_prefix("data: ")).unwrap_or(&text);
        let error: Value = serde_json::from_str(data).unwrap();
        assert_eq!((&error["id"], &error["error"]["code"]), (&json!(1), &json!(4057)), "{error}");
        let words = error["error"]["message"].as_str().unwrap();
        assert!(words.contains("1 aws_key") && !words.contains("AKIA") && !text.contains("alice"), "{text}");
        assert_eq!(findings(&records), [("aws_key", 1, "refuse"), ("email", 1, "redact")]);
        assert_eq!((records[0].outcome, records[0].code), (Outcome::Deny, 4057));
        assert!(!records[0].reason.contains("AKIA"));
    }
}

#[test]
fn every_place_of_a_message_is_looked_at() {
    let moment = moment("{ personal: redact }");
    let mail = MAIL;
    for message in [
        json!({ "jsonrpc": "2.0", "id": 1, "error": { "code": -32603, "message": mail, "data": { "trace": [mail] } } }),
        json!({ "jsonrpc": "2.0", "method": "notifications/message", "params": { "level": "info", "data": { "to": mail } } }),
        json!({ "jsonrpc": "2.0", "method": "notifications/progress", "params": { "progressToken": 1, "progress": 1, "message": mail } }),
        json!({ "jsonrpc": "2.0", "id": "s1", "method": "sampling/createMessage", "params": { "messages": [{ "role": "user", "content": { "type": "text", "text": mail } }] } }),
        result(&json!({ "contents": [{ "uri": "crm://1", "text": mail }] })),
        result(&json!({ "messages": [{ "role": "user", "content": { "type": "text", "text": mail } }] })),
        result(&json!({ "completion": { "values": [mail] } })),
        result(
            &json!({ "taskId": "t", "status": "completed", "result": { "content": [{ "type": "text", "text": mail }] } }),
        ),
        result(
            &json!({ "resultType": "input_required", "inputRequests": { "a": { "method": "elicitation/create", "params": { "message": mail } } } }),
        ),
        result(&json!({ "structuredContent": { mail: 1 } })),
        result(&json!({ "structuredContent": mail })),
        result(&json!({ "_meta": { "note": mail } })),
        result(&json!({ "content": [{ "type": "image", "data": mail, "mimeType": "image/png" }] })),
        result(
            &json!({ "content": [{ "type": "resource_link", "uri": format!("mailto:{mail}"), "name": mail, "description": mail }] }),
        ),
    ] {
        let (out, records) =
            answered(&moment, CALL, "text/event-stream", &events(std::slice::from_ref(&message)), &[]);
        let text = String::from_utf8(out).unwrap();
        assert!(text.contains("[redacted:email]") && !text.contains("alice"), "{text}");
        assert!(!findings(&records).is_empty());
    }
}

#[test]
fn what_the_protocol_wants_back_stays_as_it_is() {
    let moment = moment("{ personal: redact, secrets: redact }");
    let jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U";
    let blob = "QUtJQUlPU0ZPRE5ON0VYQU1QTEU".repeat(20);
    let message = result(&json!({
        "resultType": "input_required",
        "requestState": jwt,
        "nextCursor": MAIL,
        "contents": [{ "uri": "a://b", "blob": blob }],
        "_meta": { "io.modelcontextprotocol/subscriptionId": MAIL },
    }));
    let bytes = message.to_string().into_bytes();
    let (out, records) = answered(&moment, CALL, "application/json", &bytes, &[]);
    assert_eq!(out, bytes);
    assert!(records.is_empty(), "{records:?}");
}

#[test]
fn lists_are_definitions_but_what_comes_beside_them_is_not() {
    let moment = moment("{ personal: redact }");
    let list = r#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#;
    let tools = result(&json!({ "tools": [{ "name": "mail", "description": MAIL }] }));
    let log = json!({ "jsonrpc": "2.0", "method": "notifications/message", "params": { "level": "info", "data": MAIL } });
    let (out, _) = answered(&moment, list, "text/event-stream", &events(&[log, tools]), &[]);
    let text = String::from_utf8(out).unwrap();
    assert_eq!((text.matches("[redacted:email]").count(), text.matches(MAIL).count()), (1, 1), "{text}");
}

#[test]
fn only_the_requests_own_result_is_a_definition() {
    let moment = moment("{ personal: redact }");
    let other =
        json!({ "jsonrpc": "2.0", "id": 2, "result": { "content": [{ "type": "text", "text": MAIL }] } });
    let asking = [
        r#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#,
        r#"{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":1,"progress":1}}"#,
    ];
    for body in asking {
        for (media, answer) in [
            ("text/event-stream", events(std::slice::from_ref(&other))),
            ("application/json", other.to_string().into()),
        ] {
            let (out, _) = answered(&moment, body, media, &answer, &[]);
            assert!(!String::from_utf8(out).unwrap().contains(MAIL), "{body} {media}");
        }
    }
}

#[test]
fn a_notification_that_is_refused_vanishes_but_its_event_does_not() {
    let moment = moment("{ personal: refuse }");
    let log = json!({ "jsonrpc": "2.0", "method": "notifications/message", "params": { "level": "info", "data": MAIL } });
    let good = result(&json!({ "content": [] }));
    let (out, records) = answered(&moment, CALL, "text/event-stream", &events(&[log, good.clone()]), &[]);
    assert_eq!(
        String::from_utf8(out).unwrap(),
        format!("event: message\r\nid: 7\r\n\r\nevent: message\r\nid: 7\r\ndata: {good}\r\n\r\n")
    );
    assert_eq!(findings(&records), [("email", 1, "refuse")]);
    assert_eq!(records[0].outcome, Outcome::Deny);
}

#[test]
fn a_longer_result_is_refused_without_being_held() {
    let moment = moment("{ max_result: 1024 }");
    let code = |bytes: &[u8]| serde_json::from_slice::<Value>(bytes).unwrap()["error"]["code"].clone();
    let message = |size: usize| result(&json!({ "content": [{ "type": "text", "text": "x".repeat(size) }] }));
    let empty = message(0).to_string().len();
    let fits = message(1024 - empty).to_string().into_bytes();
    assert_eq!(answered(&moment, CALL, "application/json", &fits, &[500]), (fits.clone(), Vec::new()));
    let long = message(1025 - empty).to_string().into_bytes();
    for cut in 0..long.len() {
        let (out, records) = answered(&moment, CALL, "application/json", &long, &[cut]);
        assert_eq!((code(&out), records[0].code), (json!(4058), 4058), "cut at {cut}");
    }
    let stream = events(&[message(10), message(9000), message(20)]);
    let (out, records) = answered(&moment, CALL, "text/event-stream", &stream, &[200, 3000]);
    let text = String::from_utf8(out).unwrap();
    assert!(text.contains("4058") && text.contains(&"x".repeat(10)) && text.len() < 700, "{text}");
    assert_eq!(records[0].code, 4058);
}

#[test]
fn a_body_that_is_no_message_does_not_pass_unread() {
    let moment = moment("{ personal: redact }");
    let served = |status: &str, media: &str, body: &str, request: &str| {
        let (mut exchange, ..) = asked(request, &moment);
        let head = head(&[(":status", status), ("content-type", media)]);
        match exchange.handle(&Event::ResponseHead(&head), &moment).effect {
            Effect::Reply(reply) => (reply.status.to_string(), reply.body),
            Effect::ResponseHead(_) => match exchange
                .handle(&Event::ResponseChunk { bytes: body.as_bytes(), last: true }, &moment)
                .effect
            {
                Effect::Replace(bytes) => (status.to_owned(), bytes),
                effect => panic!("{effect:?}"),
            },
            effect => panic!("{effect:?}"),
        }
    };
    let page = format!("<html>{MAIL}</html>");
    let told = format!(r#"{{"detail":"no {MAIL}"}}"#);
    let note = r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#;
    for (status, media, body, request, expected, code) in [
        ("200", "text/html", page.as_str(), CALL, "502", Some(4037)),
        ("500", "text/html", &page, CALL, "500", Some(4037)),
        ("404", "application/json", &told, CALL, "404", None),
        ("200", "application/json", &page, CALL, "200", Some(4037)),
        ("202", "text/plain", "Accepted", note, "202", None),
    ] {
        let (status, bytes) = served(status, media, body, request);
        let text = String::from_utf8(bytes).unwrap();
        assert!(status == expected && !text.contains("alice"), "{status} {text}");
        let found =
            serde_json::from_str::<Value>(&text).ok().and_then(|error| error["error"]["code"].as_i64());
        assert_eq!(found, code, "{text}");
    }
}

#[test]
fn arguments_are_counted_or_refused_and_never_changed() {
    let call = format!(
        r#"{{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{{"name":"send","arguments":{{"id":"{MAIL}"}}}}}}"#
    );
    let (_, effect, record) = asked(&call, &moment("{ personal: redact, arguments: refuse }"));
    let Effect::Reply(reply) = effect else { panic!("{effect:?}") };
    let words = String::from_utf8(reply.body).unwrap();
    assert!(
        reply.status == 200
            && words.contains("4059")
            && words.contains("1 email")
            && !words.contains("alice"),
        "{words}"
    );
    assert_eq!((record.outcome, record.code, record.findings.len()), (Outcome::Deny, 4059, 1));
    for content in ["{ personal: refuse, arguments: observe }", "{ personal: observe, arguments: refuse }"] {
        let (_, effect, record) = asked(&call, &moment(content));
        assert!(matches!(effect, Effect::Forward(_)), "{effect:?}");
        assert_eq!((record.findings[0].kind, record.findings[0].mode), ("email", "observe"));
    }
    let (_, effect, record) = asked(&call, &moment("{ personal: refuse }"));
    assert!(matches!(effect, Effect::Forward(_)) && record.findings.is_empty());
}

#[test]
fn a_tool_may_have_modes_of_its_own_and_a_stream_has_the_strictest() {
    let moment = moment(
        "{ personal: redact, tools: [ { pattern: crm.look*, personal: ignore }, { pattern: crm.other, kinds: { email: refuse } } ] }",
    );
    let message = result(&json!({ "content": [{ "type": "text", "text": MAIL }] })).to_string().into_bytes();
    let call = |name: &str| CALL.replace("lookup", name);
    let seen =
        |body: &str| String::from_utf8(answered(&moment, body, "application/json", &message, &[]).0).unwrap();
    assert!(seen(&call("lookup")).contains(MAIL));
    assert!(seen(&call("find")).contains("[redacted:email]"));
    assert!(seen(&call("other")).contains("4057"));
    let get = json!({ "jsonrpc": "2.0", "id": 1, "method": "tasks/get", "params": { "taskId": task("t") } });
    assert!(seen(&get.to_string()).contains("4057"));
}

#[test]
fn a_stream_is_recorded_once_a_second_and_at_its_end() {
    let moment = moment("{ personal: redact }");
    let (mut exchange, ..) = asked(CALL, &moment);
    exchange.handle(
        &Event::ResponseHead(&head(&[(":status", "200"), ("content-type", "text/event-stream")])),
        &moment,
    );
    let log = json!({ "jsonrpc": "2.0", "method": "notifications/message", "params": { "level": "info", "data": MAIL } });
    let mut at = |after_ms: u64| {
        let later = Moment { now_ms: moment.now_ms + after_ms, ..moment.clone() };
        let chunk = events(std::slice::from_ref(&log));
        let step = exchange.handle(&Event::ResponseChunk { bytes: &chunk, last: false }, &later);
        step.record.map(|record| record.findings[0].count)
    };
    assert_eq!([at(0), at(10), at(900), at(1000), at(1100)], [Some(1), None, None, Some(3), None]);
    let closed = exchange.handle(&Event::Closed, &moment).record.unwrap();
    assert_eq!(closed.findings[0].count, 1);
    assert!(exchange.handle(&Event::Closed, &moment).record.is_none());
}

/// A tool that declares this schema of its structured results.
fn declaring(schema: &Value, content: &str) -> Moment {
    let definition = json!({ "name": "lookup", "inputSchema": { "type": "object" }, "outputSchema": schema });
    let mut catalogue = policy::Catalogue::default();
    catalogue.insert("crm", [policy::Tool::read(&definition.to_string()).unwrap()]);
    let before = moment(content);
    let rules =
        before.revision.as_ref().unwrap().rules().clone().with_catalogue(std::sync::Arc::new(catalogue));
    Moment { revision: Some(Rc::new(Revision::new(rules, Vec::new()))), ..before }
}

#[test]
fn a_redacted_result_that_would_break_its_schema_is_refused() {
    let check = |of_email: Value, structured: Value, expected: Option<i64>| {
        let schema =
            json!({ "type": "object", "properties": { "email": of_email, "n": { "type": "number" } } });
        let moment = declaring(&schema, "{ personal: redact }");
        let message =
            result(&json!({ "structuredContent": structured, "content": [] })).to_string().into_bytes();
        let (out, _) = answered(&moment, CALL, "application/json", &message, &[]);
        let text = String::from_utf8(out).unwrap();
        let error: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(error["error"]["code"].as_i64(), expected, "{schema} {text}");
        assert!(!text.contains("alice") && (expected.is_none() || text.contains("outputSchema")), "{text}");
    };
    let mail = || json!({ "email": MAIL });
    check(json!({ "type": "string" }), mail(), None);
    check(json!({ "type": "string", "format": "email" }), mail(), Some(4057));
    check(json!({ "type": "string", "pattern": "@example" }), mail(), Some(4057));
    check(json!({ "enum": [MAIL] }), mail(), Some(4057));
    check(json!({ "type": "string", "maxLength": 10 }), json!({ "email": "a@b.de" }), Some(4057));
    check(json!({ "type": "string" }), json!({ "n": 4_111_111_111_111_111_u64 }), Some(4057));
    // A text beside it may change as it likes, and what was wrong before is none of the gate's business.
    check(json!({ "type": "string", "format": "email" }), json!({ "note": MAIL }), None);
    check(json!({ "type": "number" }), mail(), None);
    check(json!({ "$ref": "http://127.0.0.1:9/schema" }), mail(), Some(4057));
}

#[test]
fn a_role_without_content_rules_gets_every_byte() {
    let message =
        result(&json!({ "content": [{ "type": "text", "text": format!("{MAIL} AKIAIOSFODNN7EXAMPLE") }] }));
    let bytes = message.to_string().into_bytes();
    assert_eq!(answered(&moment("{}"), CALL, "application/json", &bytes, &[9]), (bytes.clone(), Vec::new()));
}
