//! What a server asks of a client, and what it sends that MCP does not define: passed where a rule allows it, else withheld.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test stops at the first surprise"
)]

use std::rc::Rc;

use engine::{DecisionId, Effect, Event, Exchange, Gauge, Head, Moment, Outcome, Record, Revision};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const KEY: &str = "tg_aaaaaaaaaaaa_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
const TASKS: &str = r#""io.modelcontextprotocol/tasks":{}"#;

fn moment(role: &str) -> Moment {
    use sha2::{Digest, Sha256};
    let digest: String = Sha256::digest(KEY).iter().map(|byte| format!("{byte:02x}")).collect();
    let text = format!(
        "version: 1
servers: {{ s: {{ url: \"http://127.0.0.1:9/mcp\" }} }}
endpoints: {{ /mcp: {{ servers: [s] }} }}
keys: [ {{ id: aaaaaaaaaaaa, name: bot, role: agent, sha256: {digest} }} ]
roles: {{ agent: {{ {role} }} }}
"
    );
    let source = policy::parse(&text).unwrap_or_else(|problems| panic!("{problems}"));
    let rules = policy::RuleSet::compile(&source.document, 7).unwrap_or_else(|problems| panic!("{problems}"));
    Moment {
        now_ms: 1_780_000_000_000,
        revision: Some(Rc::new(Revision::new(rules, Vec::new()))),
        audit: Gauge::Open,
    }
}

fn head(pairs: &[(&str, &str)], last: bool) -> Head {
    let headers = pairs.iter().map(|(name, value)| ((*name).to_owned(), value.as_bytes().to_vec()));
    Head { headers: headers.collect(), last, ..Head::default() }
}

/// A permitted call, as a legacy client or as a modern one with these extensions, or a legacy stream.
fn opened(client: Client<'_>, moment: &Moment) -> Exchange {
    let bearer = format!("Bearer {KEY}");
    let mut pairs = vec![(":path", "/mcp"), (":authority", "gw"), ("authorization", bearer.as_str())];
    let body = match client {
        Client::Stream => String::new(),
        Client::Legacy => call(""),
        Client::Modern(extensions) => call(&format!(
            r#","_meta":{{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{{"extensions":{{{extensions}}}}}}}"#
        )),
    };
    pairs.push((":method", if body.is_empty() { "GET" } else { "POST" }));
    if !body.is_empty() {
        pairs.push(("content-type", "application/json"));
    }
    if matches!(client, Client::Modern(_)) {
        pairs.extend([
            ("mcp-protocol-version", "2026-07-28"),
            ("mcp-method", "tools/call"),
            ("mcp-name", "t"),
        ]);
    }
    let mut exchange = Exchange::new(DecisionId::new(1, 2));
    let mut step = exchange.handle(&Event::RequestHead(&head(&pairs, body.is_empty())), moment);
    if matches!(step.effect, Effect::Hold) {
        step = exchange.handle(&Event::RequestBody(body.as_bytes()), moment);
    }
    assert!(matches!(step.effect, Effect::Forward(_)), "{:?}", step.effect);
    exchange
}

fn call(more: &str) -> String {
    format!(r#"{{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{{"name":"t"{more}}}}}"#)
}

#[derive(Clone, Copy)]
enum Client<'a> {
    Legacy,
    Modern(&'a str),
    Stream,
}

/// What the client sees of an answer that comes in these pieces, and what was recorded of it.
fn seen(client: Client<'_>, role: &str, media: &str, pieces: &[&[u8]]) -> (String, Vec<Record>) {
    let moment = moment(role);
    let mut exchange = opened(client, &moment);
    let head = head(&[(":status", "200"), ("content-type", media)], false);
    let mut records: Vec<_> = exchange.handle(&Event::ResponseHead(&head), &moment).withheld;
    let mut out = Vec::new();
    for (index, bytes) in pieces.iter().enumerate() {
        let chunk = Event::ResponseChunk { bytes, last: index + 1 == pieces.len() };
        let step = exchange.handle(&chunk, &moment);
        records.extend(step.record.into_iter().chain(step.withheld));
        match step.effect {
            Effect::Replace(bytes) => out.extend(bytes),
            Effect::Pass => out.extend_from_slice(bytes),
            effect => panic!("{effect:?}"),
        }
    }
    (String::from_utf8(out).unwrap(), records)
}

/// Whether a message gets through, in JSON and as an event, in one piece and cut anywhere.
#[track_caller]
fn check(client: Client<'_>, role: &str, message: &str, code: Option<i32>) {
    let role = format!("tools: [ {{ allow: s.t }} ], subscriptions: [ {{ allow: s.stream }} ]{role}");
    let event = format!("id: 1\ndata: {message}\n\n");
    let forms = [("application/json", message), ("text/event-stream", event.as_str())];
    let forms = if matches!(client, Client::Stream) { &forms[1..] } else { &forms };
    for (media, text) in forms {
        let bytes = text.as_bytes();
        for cut in [0, bytes.len() / 3, bytes.len() - 1] {
            let (seen, records) = seen(client, &role, media, &[&bytes[..cut], &bytes[cut..], b""]);
            match code {
                None => assert_eq!((seen.as_str(), records.len()), (*text, 0), "{media} {cut}"),
                Some(code) => {
                    assert!(!seen.contains("requested"), "{media} {cut}: {seen}");
                    let record = records.first().expect("it is recorded");
                    assert_eq!(
                        (record.outcome, record.code, records.len()),
                        (Outcome::Deny, code, 1),
                        "{record:?}"
                    );
                    assert_eq!(
                        (record.subject.as_str(), record.method == "GET"),
                        ("bot", matches!(client, Client::Stream))
                    );
                }
            }
        }
    }
}

const MODERN: Client<'_> = Client::Modern("");
const SAMPLING: &str = r#"{"method":"sampling/createMessage","params":{"messages":["requested"]}}"#;
const ROOTS: &str = r#"{"method":"roots/list","params":{"requested":1}}"#;
const FORM: &str = r#"{"method":"elicitation/create","params":{"mode":"form","message":"requested"}}"#;
const OLD_FORM: &str = r#"{"method":"elicitation/create","params":{"message":"requested"}}"#;

fn page(url: &str) -> String {
    format!(
        r#"{{"method":"elicitation/create","params":{{"mode":"url","url":"{url}","message":"requested"}}}}"#
    )
}

fn required(request: &str) -> String {
    format!(
        r#"{{"jsonrpc":"2.0","id":7,"result":{{"resultType":"input_required","inputRequests":{{"a":{ROOTS_LESS},"b":{request}}},"requestState":"opaque \u00e4"}}}}"#,
        ROOTS_LESS = r#"{"method":"ping"}"#
    )
}

fn asked(request: &str) -> String {
    request.replacen('{', r#"{"jsonrpc":"2.0","id":3,"#, 1)
}

#[test]
fn what_is_asked_needs_the_roles_consent_in_both_eras() {
    let page = page("https://login.example.com/consent?x=1");
    let cases = [
        (SAMPLING, ", asks: { s: { sampling: true } }"),
        (ROOTS, ", asks: { s: { roots: true } }"),
        (FORM, ", asks: { s: { elicitation: { form: true } } }"),
        (OLD_FORM, ", asks: { s: { elicitation: { form: true } } }"),
        (page.as_str(), ", asks: { s: { elicitation: { hosts: [\"*.example.com\"] } } }"),
        (page.as_str(), ", asks: { \"*\": { elicitation: { hosts: [login.example.com] } } }"),
    ];
    for (request, consent) in cases {
        for client in [Client::Legacy, Client::Stream] {
            check(client, "", &asked(request), Some(4047));
            check(client, consent, &asked(request), None);
        }
        check(MODERN, "", &required(request), Some(4047));
        check(MODERN, consent, &required(request), None);
        // A consent to one thing is none to another, and an entry of the server's own replaces the general one.
        let other = ", asks: { s: { sampling: false }, \"*\": { sampling: true, roots: true, elicitation: { form: true, hosts: [login.example.com] } } }";
        check(MODERN, other, &required(request), Some(4047));
    }
}

#[test]
fn pages_elsewhere_are_not_opened() {
    let consent = ", asks: { s: { elicitation: { form: true, hosts: [login.example.com] } } }";
    for url in [
        "https://evil.example/",
        "https://login.example.com@evil.example/",
        "https://login.example.com.evil.example/",
        "https:\\\\login.example.com",
        "http://login.example.com/",
        "javascript:alert(1)",
        "",
    ] {
        check(MODERN, consent, &required(&page(url)), Some(4047));
        check(Client::Legacy, consent, &asked(&page(url)), Some(4047));
        let error = format!(
            r#"{{"jsonrpc":"2.0","id":7,"error":{{"code":-32042,"message":"requested","data":{{"elicitations":[{{"mode":"url","url":"{url}"}}]}}}}}}"#
        );
        check(Client::Legacy, consent, &error, Some(4047));
    }
    let known = r#"{"jsonrpc":"2.0","id":7,"error":{"code":-32042,"message":"requested","data":{"elicitations":[{"mode":"url","url":"https://login.example.com/"}]}}}"#;
    check(Client::Legacy, consent, known, None);
    // Neither form nor page, or both at once.
    for params in [
        r#"{"mode":"frame","message":"requested"}"#,
        r#"{"mode":null,"message":"requested"}"#,
        r#"{"url":"https://login.example.com/","message":"requested"}"#,
        r#"{"mode":"form","url":"https://evil.example/","message":"requested"}"#,
    ] {
        let request = format!(r#"{{"method":"elicitation/create","params":{params}}}"#);
        check(MODERN, consent, &required(&request), Some(4037));
    }
}

#[test]
fn a_task_that_waits_is_a_question_too() {
    let task = format!(
        r#"{{"jsonrpc":"2.0","id":7,"result":{{"taskId":"1","status":"input_required","inputRequests":{{"a":{FORM}}}}}}}"#
    );
    check(Client::Modern(TASKS), "", &task, Some(4047));
    let told = format!(
        r#"{{"jsonrpc":"2.0","method":"notifications/tasks","params":{{"taskId":"1","inputRequests":{{"a":{FORM}}}}}}}"#
    );
    check(Client::Modern(TASKS), "", &told, Some(4047));
    let done = format!(
        r#"{{"jsonrpc":"2.0","id":7,"result":{{"taskId":"1","status":"completed","result":{{"resultType":"input_required","inputRequests":{{"a":{FORM}}}}}}}}}"#
    );
    check(Client::Modern(TASKS), "", &done, Some(4047));
}

#[test]
fn a_type_of_result_is_known_declared_or_allowed_by_name() {
    let result = |kind: &str| {
        format!(r#"{{"jsonrpc":"2.0","id":7,"result":{{"resultType":{kind},"content":["requested"]}}}}"#)
    };
    check(MODERN, "", &result(r#""complete""#), None);
    check(MODERN, "", &result(r#""task""#), Some(4048));
    check(Client::Modern(TASKS), "", &result(r#""task""#), None);
    check(Client::Modern(r#""com.example/other":{}"#), "", &result(r#""task""#), Some(4048));
    check(MODERN, "", &result(r#""preview""#), Some(4048));
    check(MODERN, "", &result(r#""pre\u0076iew""#), Some(4048));
    check(MODERN, ", everything: true", &result(r#""preview""#), Some(4048));
    check(MODERN, ", methods: [ { allow: \"s.result:preview\" } ]", &result(r#""preview""#), None);
    check(MODERN, "", &result("1"), Some(4037));
    check(
        MODERN,
        "",
        r#"{"jsonrpc":"2.0","id":7,"result":{"resultType":"complete","resultType":"requested"}}"#,
        Some(4037),
    );
}

#[test]
fn a_method_of_an_extension_is_declared_or_allowed_by_name() {
    let code = |extensions: &str, role: &str| {
        let moment = moment(&format!("tools: [ {{ allow: s.t }} ]{role}"));
        let bearer = format!("Bearer {KEY}");
        let pairs = [
            (":method", "POST"),
            (":path", "/mcp"),
            (":authority", "gw"),
            ("authorization", bearer.as_str()),
            ("content-type", "application/json"),
            ("mcp-protocol-version", "2026-07-28"),
            ("mcp-method", "tasks/get"),
            ("mcp-name", "1"),
        ];
        let body = format!(
            r#"{{"jsonrpc":"2.0","id":7,"method":"tasks/get","params":{{"taskId":"1","_meta":{{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{{"extensions":{{{extensions}}}}}}}}}}}"#
        );
        let mut exchange = Exchange::new(DecisionId::new(1, 2));
        exchange.handle(&Event::RequestHead(&head(&pairs, false)), &moment);
        let step = exchange.handle(&Event::RequestBody(body.as_bytes()), &moment);
        if let Effect::Reply(reply) = &step.effect {
            let answer: serde_json::Value = serde_json::from_slice(&reply.body).unwrap();
            let wanted = &answer["error"]["data"]["requiredCapabilities"]["extensions"];
            assert_eq!(
                wanted.get("io.modelcontextprotocol/tasks").is_some(),
                reply.status == 400,
                "{answer}"
            );
        }
        step.record.expect("a record").code
    };
    let rule = ", tasks: [ { allow: s.get } ]";
    // Declared or named, it is the task that is not known.
    assert_eq!(code(TASKS, rule), 4049);
    assert_eq!(code("", rule), -32021);
    assert_eq!(code("", ", everything: true"), -32021);
    assert_eq!(code("", ", tasks: [ { allow: s.get } ], methods: [ { allow: s.tasks/* } ]"), 4049);
    assert_eq!(code(TASKS, ""), 4030);
    assert_eq!(code("", ""), 4030);
}

#[test]
fn a_server_asks_nothing_of_a_modern_client_on_a_stream() {
    let everything = ", everything: true, asks: { s: { sampling: true } }";
    check(MODERN, everything, &asked(SAMPLING), Some(4048));
    check(MODERN, "", &asked(r#"{"method":"ping","params":{"requested":1}}"#), Some(4048));
    check(MODERN, ", methods: [ { allow: s.sampling/createMessage } ]", &asked(SAMPLING), None);
}

#[test]
fn methods_of_a_server_that_nobody_knows_need_a_name() {
    let note = r#"{"jsonrpc":"2.0","method":"notifications/skills/list_changed","params":{"requested":1}}"#;
    check(Client::Legacy, "", note, Some(4048));
    check(Client::Stream, ", methods: [ { allow: s.notifications/* } ]", note, None);
    check(
        MODERN,
        ", methods: [ { allow: s.notifications/* }, { deny: s.notifications/skills/* } ]",
        note,
        Some(4048),
    );
    check(Client::Legacy, "", &asked(r#"{"method":"skills/ask","params":{"requested":1}}"#), Some(4048));
    check(Client::Legacy, "", &asked(r#"{"method":"ping"}"#), None);
    for known in ["progress", "message", "cancelled", "tools/list_changed", "resources/updated"] {
        let note = format!(r#"{{"jsonrpc":"2.0","method":"notifications/{known}","params":{{}}}}"#);
        check(MODERN, "", &note, None);
        check(Client::Stream, "", &note, None);
    }
}

#[test]
fn a_refused_question_ends_the_call_and_leaves_a_stream_open() {
    let events = format!(
        "data: {}\n\ndata: {{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{{\"content\":[]}}}}\n\n",
        asked(SAMPLING)
    );
    let (call, _) =
        seen(Client::Legacy, "tools: [ { allow: s.t } ]", "text/event-stream", &[events.as_bytes(), b""]);
    assert!(call.contains(r#""id":7,"error":{"code":4047"#), "{call}");
    assert_eq!(call.matches("data:").count(), 1, "{call}");
    let role = "subscriptions: [ { allow: s.stream } ]";
    let (stream, _) = seen(Client::Stream, role, "text/event-stream", &[events.as_bytes(), b""]);
    assert!(!stream.contains("sampling") && stream.contains(r#""id":7,"result""#), "{stream}");
}
