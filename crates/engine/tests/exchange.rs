//! The engine from the outside: events in, effects out, no host.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test stops at the first surprise"
)]

#[path = "exchange/ahead.rs"]
mod ahead;

use std::rc::Rc;

use engine::{
    DecisionId, Effect, Event, Exchange, Gauge, Head, Moment, Outcome, Record, Reply, Revision, ServerSecret,
    assertion,
};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const KEY: &str = "tg_aaaaaaaaaaaa_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

fn digest(key: &str) -> String {
    use sha2::{Digest, Sha256};
    Sha256::digest(key).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn document(extra: &str) -> String {
    format!(
        "version: 1
servers:
  tickets: {{ url: \"http://127.0.0.1:9/mcp\" }}
databases:
  shop: {{ url: \"sqlite://shop.db\" }}
endpoints:
  /tickets/mcp: {{ servers: [tickets] }}
  /shop/mcp: {{ servers: [shop] }}
keys:
  - {{ id: aaaaaaaaaaaa, name: bot, role: agent, sha256: {sha}, expires: 2030-01-01T00:00:00Z }}
roles:
  agent:
    tools: [ {{ allow: tickets.create }}, {{ allow: tickets.read_* }}, {{ deny: tickets.read_secret }}, {{ allow: shop.query }} ]
{extra}",
        sha = digest(KEY)
    )
}

fn revision(text: &str, number: u64) -> Rc<Revision> {
    let source = policy::parse(text).unwrap_or_else(|problems| panic!("{problems}"));
    let rules =
        policy::RuleSet::compile(&source.document, number).unwrap_or_else(|problems| panic!("{problems}"));
    let tickets = ServerSecret {
        server: "tickets".into(),
        credential: Some(("authorization".into(), "Bearer upstream".into())),
        assertion_key: Vec::new(),
    };
    let shop =
        ServerSecret { server: "shop".into(), credential: None, assertion_key: b"0123456789abcdef".to_vec() };
    Rc::new(Revision::new(rules, vec![tickets, shop]))
}

fn moment() -> Moment {
    Moment { now_ms: 1_780_000_000_000, revision: Some(revision(&document(""), 7)), audit: Gauge::Open }
}

fn head(pairs: &[(&str, &str)]) -> Head {
    let headers = pairs.iter().map(|(name, value)| ((*name).to_owned(), value.as_bytes().to_vec())).collect();
    Head { headers, ..Head::default() }
}

fn post(path: &str, more: &[(&str, &str)]) -> Head {
    let bearer = format!("Bearer {KEY}");
    let mut pairs = vec![
        (":method", "POST"),
        (":path", path),
        (":authority", "gw"),
        ("content-type", "application/json"),
        ("authorization", bearer.as_str()),
    ];
    pairs.extend(more);
    head(&pairs)
}

fn exchange() -> Exchange {
    Exchange::new(DecisionId::new(1, 2))
}

/// The outcome of a whole request: what was done and what was recorded.
fn request(head: &Head, body: &str, moment: &Moment) -> (Effect, Record, Exchange) {
    let mut exchange = exchange();
    let step = exchange.handle(&Event::RequestHead(head), moment);
    let step = match step.effect {
        Effect::Hold => exchange.handle(&Event::RequestBody(body.as_bytes()), moment),
        _ => step,
    };
    (step.effect, step.record.expect("every decision is recorded"), exchange)
}

#[track_caller]
fn refused(head: &Head, body: &str, status: u16, code: i32) -> (Reply, Record) {
    let (effect, record, _) = request(head, body, &moment());
    let Effect::Reply(reply) = effect else { panic!("not refused: {effect:?}") };
    let json: serde_json::Value = serde_json::from_slice(&reply.body).unwrap();
    assert_eq!(
        (u64::from(reply.status), json["error"]["code"].as_i64()),
        (u64::from(status), Some(code.into())),
        "{json}"
    );
    assert_eq!((record.outcome, record.code), (Outcome::Deny, code));
    assert!(json["error"]["data"]["decision"].is_string());
    (reply, record)
}

fn call(tool: &str) -> String {
    format!(
        r#"{{"jsonrpc":"2.0","id":"a\u0031","method":"tools/call","params":{{"name":"{tool}","arguments":{{"a":1}}}}}}"#
    )
}

#[track_caller]
fn edits(effect: Effect) -> Vec<(String, Option<String>)> {
    let Effect::Forward(forward) = effect else { panic!("not forwarded: {effect:?}") };
    forward.headers.into_iter().map(|edit| (edit.name, edit.value)).collect()
}

#[test]
fn a_permitted_call_swaps_the_credentials() {
    let head = post("/tickets/mcp", &[("x-api-key", KEY), ("x-trigate-role", "admin"), ("accept", "*/*")]);
    let (effect, record, _) = request(&head, &call("create"), &moment());
    let edits = edits(effect);
    assert!(edits.contains(&("x-api-key".into(), None)));
    assert!(edits.contains(&("x-trigate-role".into(), None)));
    assert_eq!(
        edits.iter().rfind(|(name, _)| name == "authorization").unwrap().1.as_deref(),
        Some("Bearer upstream")
    );
    assert!(!edits.iter().any(|(name, _)| name == "accept"));
    assert_eq!(
        (
            record.outcome,
            record.subject.as_str(),
            record.role.as_str(),
            record.rule.as_str(),
            record.revision
        ),
        (Outcome::Allow, "bot", "agent", "allow tickets.create", 7)
    );
    assert!(record.arguments_digest.starts_with("blake3:"));
    assert_eq!(record.arguments, "");
}

#[test]
fn a_database_gets_a_signed_assertion_and_no_credential() {
    let body = call("query");
    let head =
        post("/shop/mcp", &[("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")]);
    let (effect, record, _) = request(&head, &body, &moment());
    let edits = edits(effect);
    assert!(edits.contains(&("authorization".into(), None)));
    let header = edits.iter().find(|(name, _)| name == assertion::HEADER).unwrap().1.clone().unwrap();
    let said = assertion::verify(&header, b"0123456789abcdef", moment().now_ms).unwrap();
    assert_eq!((said.subject.as_str(), said.role.as_str(), said.server.as_str()), ("bot", "agent", "shop"));
    assert_eq!((said.method.as_str(), said.name.as_str()), ("tools/call", "query"));
    assert_eq!(said.body, assertion::body_digest(body.as_bytes()));
    assert_eq!(said.decision_id, record.decision_id);
    assert_eq!(said.trace_id, "0af7651916cd43dd8448eb211c80319c");
}

#[test]
fn a_denied_call_is_an_answer_with_the_id_as_sent() {
    let (reply, record) = refused(&post("/tickets/mcp", &[]), &call("delete"), 200, 4030);
    assert!(String::from_utf8(reply.body).unwrap().contains(r#""id":"a\u0031""#));
    assert_eq!((record.name.as_str(), record.rule.as_str()), ("delete", "no rule"));
}

#[test]
fn a_deny_rule_is_named() {
    let (reply, record) = refused(&post("/tickets/mcp", &[]), &call("read_secret"), 200, 4030);
    assert_eq!(record.rule, "deny tickets.read_secret");
    assert!(String::from_utf8(reply.body).unwrap().contains("deny tickets.read_secret"));
}

#[test]
fn a_call_without_an_id_never_passes() {
    refused(
        &post("/tickets/mcp", &[]),
        r#"{"jsonrpc":"2.0","method":"tools/call","params":{"name":"create"}}"#,
        400,
        4032,
    );
}

#[test]
fn an_unknown_method_is_denied() {
    refused(
        &post("/tickets/mcp", &[]),
        r#"{"jsonrpc":"2.0","id":1,"method":"skills/get","params":{}}"#,
        200,
        4032,
    );
}

#[test]
fn without_a_key_there_is_a_challenge() {
    let head = head(&[(":method", "POST"), (":path", "/tickets/mcp"), ("content-type", "application/json")]);
    let (reply, record) = refused(&head, "", 401, 4010);
    assert!(reply.headers.contains(&("www-authenticate", r#"Bearer realm="trigate""#.into())));
    assert_eq!(record.rule, "authentication");
}

#[test]
fn two_different_keys_are_refused() {
    let other = KEY.replace("tg_a", "tg_b");
    let (reply, _) = refused(&post("/tickets/mcp", &[("x-api-key", &other)]), "", 401, 4010);
    assert!(
        reply
            .headers
            .iter()
            .any(|(name, value)| *name == "www-authenticate" && value.contains("invalid_request"))
    );
}

#[test]
fn an_expired_key_is_refused() {
    let late = Moment { now_ms: 1_900_000_000_000, ..moment() };
    let (effect, record, _) = request(&post("/tickets/mcp", &[]), &call("create"), &late);
    assert!(matches!(effect, Effect::Reply(Reply { status: 401, .. })), "{effect:?}");
    assert!(record.reason.contains("expired"), "{}", record.reason);
}

#[test]
fn a_key_revoked_between_head_and_body_does_not_pass() {
    let mut exchange = exchange();
    let before = moment();
    assert!(matches!(
        exchange.handle(&Event::RequestHead(&post("/tickets/mcp", &[])), &before).effect,
        Effect::Hold
    ));
    let without =
        document("").lines().filter(|line| !line.contains("id: aaaaaaaaaaaa")).collect::<Vec<_>>().join("\n");
    let after = Moment { revision: Some(revision(&without.replace("keys:\n", ""), 8)), ..before };
    let step = exchange.handle(&Event::RequestBody(call("create").as_bytes()), &after);
    assert!(matches!(step.effect, Effect::Reply(Reply { status: 401, .. })), "{:?}", step.effect);
}

#[test]
fn a_stream_is_cut_when_its_key_is_revoked() {
    let before = moment();
    let (effect, _, mut exchange) = request(&post("/tickets/mcp", &[]), &call("create"), &before);
    assert!(matches!(effect, Effect::Forward(_)));
    let chunk = Event::ResponseChunk { bytes: b"", last: false };
    assert!(matches!(exchange.handle(&chunk, &before).effect, Effect::Pass));
    let same = Moment { revision: Some(revision(&document(""), 8)), ..before.clone() };
    assert!(matches!(exchange.handle(&chunk, &same).effect, Effect::Pass));
    let without =
        document("").lines().filter(|line| !line.contains("id: aaaaaaaaaaaa")).collect::<Vec<_>>().join("\n");
    let after = Moment { revision: Some(revision(&without.replace("keys:\n", ""), 9)), ..before };
    assert!(matches!(exchange.handle(&chunk, &after).effect, Effect::Cut));
}

#[test]
fn without_a_policy_everything_is_denied() {
    let empty = Moment { revision: None, ..moment() };
    let (effect, record, _) = request(&post("/tickets/mcp", &[]), &call("create"), &empty);
    assert!(matches!(effect, Effect::Reply(Reply { status: 503, .. })), "{effect:?}");
    assert_eq!(record.code, 4034);
}

#[test]
fn a_full_audit_buffer_refuses_only_where_the_policy_says_so() {
    let full = Moment { audit: Gauge::Full, ..moment() };
    let (effect, ..) = request(&post("/tickets/mcp", &[]), &call("create"), &full);
    assert!(matches!(effect, Effect::Forward(_)));
    let strict = Moment { revision: Some(revision(&document("audit: { on_full: refuse }\n"), 1)), ..full };
    let (effect, record, _) = request(&post("/tickets/mcp", &[]), &call("create"), &strict);
    assert!(matches!(effect, Effect::Reply(Reply { status: 503, .. })), "{effect:?}");
    assert_eq!(record.code, 4035);
}

#[test]
fn a_request_of_the_wrong_form_is_refused_before_its_body() {
    let check = |head: &Head, status, code| drop(refused(head, "", status, code));
    check(&post("/nowhere", &[]), 404, 4040);
    check(&post("/tickets/mcp/", &[]), 404, 4040);
    check(&post("/tickets/mcp?key=tg_x", &[]), 400, -32600);
    check(&post("/tickets/mcp", &[("content-encoding", "gzip")]), 415, -32600);
    check(&post("/tickets/mcp", &[("content-length", "99999999")]), 413, -32600);
    check(&post("/tickets/mcp", &[("origin", "http://evil.example")]), 403, 4033);
    check(&post("/tickets/mcp", &[("origin", "null")]), 403, 4033);
    check(&post("/tickets/mcp", &[("mcp-session-id", "a"), ("mcp-session-id", "a")]), 400, -32600);
    let bearer = format!("Bearer {KEY}");
    let with = |content_type: &str| {
        head(&[
            (":method", "POST"),
            (":path", "/tickets/mcp"),
            ("authorization", &bearer),
            ("content-type", content_type),
        ])
    };
    check(&with("application/json; charset=utf-16"), 415, -32600);
    check(&with("text/plain"), 415, -32600);
    let put = head(&[(":method", "PUT"), (":path", "/tickets/mcp"), ("authorization", &bearer)]);
    check(&put, 405, -32600);
}

#[test]
fn a_body_that_is_not_one_message_is_refused() {
    let check = |body: &str, code| drop(refused(&post("/tickets/mcp", &[]), body, 400, code));
    check("", -32700);
    check("[]", -32600);
    check(r#"{"jsonrpc":"2.0","id":1,"method":"ping","method":"ping"}"#, -32600);
    check(r#"{"jsonrpc":"2.0","id":1,"method":"tools/call"}"#, -32602);
}

#[test]
fn a_body_that_grows_over_the_limit_is_refused_early() {
    let moment = moment();
    let mut exchange = exchange();
    exchange.handle(&Event::RequestHead(&post("/tickets/mcp", &[])), &moment);
    assert!(matches!(exchange.handle(&Event::RequestGrew(4 * 1024 * 1024), &moment).effect, Effect::Hold));
    let step = exchange.handle(&Event::RequestGrew(4 * 1024 * 1024 + 1), &moment);
    assert!(matches!(step.effect, Effect::Reply(Reply { status: 413, .. })));
}

#[test]
fn trailers_cannot_carry_a_body_past_the_gate() {
    let moment = moment();
    let mut exchange = exchange();
    exchange.handle(&Event::RequestHead(&post("/tickets/mcp", &[])), &moment);
    let step = exchange.handle(&Event::RequestTrailers, &moment);
    assert!(matches!(step.effect, Effect::Reply(Reply { status: 400, .. })), "{:?}", step.effect);
}

#[test]
fn a_legacy_stream_needs_its_rule_and_a_modern_one_does_not_exist() {
    let get = |more: &[(&str, &str)]| {
        let bearer = format!("Bearer {KEY}");
        let mut pairs =
            vec![(":method", "GET"), (":path", "/tickets/mcp"), ("authorization", bearer.as_str())];
        pairs.extend(more);
        Head { last: true, ..head(&pairs) }
    };
    refused(&get(&[]), "", 405, 4030);
    refused(&get(&[("mcp-protocol-version", "2026-07-28")]), "", 405, -32600);
    let open = Moment {
        revision: Some(revision(&document("    subscriptions: [ { allow: tickets.stream } ]\n"), 1)),
        ..moment()
    };
    let (effect, ..) = request(&get(&[]), "", &open);
    assert!(matches!(effect, Effect::Forward(_)), "{effect:?}");
}

/// What a client sees of an upstream's list, however its bytes are cut.
fn listed(content_type: &str, answer: &str, cuts: &[usize]) -> String {
    let moment = moment();
    let body = r#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#;
    let (effect, _, mut exchange) =
        request(&post("/tickets/mcp", &[("accept-encoding", "gzip")]), body, &moment);
    assert!(edits(effect).contains(&("accept-encoding".into(), None)));
    let head = head(&[(":status", "200"), ("content-type", content_type), ("content-length", "1")]);
    let Effect::ResponseHead(changes) = exchange.handle(&Event::ResponseHead(&head), &moment).effect else {
        panic!("the head is changed")
    };
    assert!(changes.iter().any(|edit| edit.name == "content-length" && edit.value.is_none()));
    let mut out = Vec::new();
    let mut start = 0;
    for end in cuts.iter().copied().chain([answer.len()]) {
        let chunk = Event::ResponseChunk { bytes: &answer.as_bytes()[start..end], last: end == answer.len() };
        let Effect::Replace(bytes) = exchange.handle(&chunk, &moment).effect else {
            panic!("the chunk is replaced")
        };
        out.extend(bytes);
        start = end;
    }
    String::from_utf8(out).unwrap()
}

const LIST: &str = r#"{"result":{"tools":[ {"name":"create","x":1} , {"name":"delete"},{"title":"no name"}, {"name":"read_a"},{"name":"read_secret"}],"nextCursor":"c"},"jsonrpc":"2.0","id":1}"#;

#[test]
fn a_list_shows_what_may_be_called() {
    let shown = listed("application/json", LIST, &[]);
    assert_eq!(
        shown,
        r#"{"result":{"tools":[ {"name":"create","x":1}, {"name":"read_a"}],"nextCursor":"c"},"jsonrpc":"2.0","id":1}"#
    );
}

#[test]
fn where_the_body_is_cut_does_not_change_the_list() {
    let whole = listed("application/json", LIST, &[]);
    let events = format!(
        ": hi\r\nid: 7\r\nevent: message\r\ndata: {LIST}\r\n\r\ndata: {{\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\"}}\n\n"
    );
    let streamed = listed("text/event-stream", &events, &[]);
    assert!(
        streamed.contains("id: 7") && !streamed.contains("delete") && streamed.contains("read_a"),
        "{streamed}"
    );
    assert!(streamed.ends_with("data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\"}\n\n"));
    for cut in 1..LIST.len() {
        assert_eq!(listed("application/json", LIST, &[cut]), whole, "cut at {cut}");
    }
    for cut in 1..events.len() {
        assert_eq!(listed("text/event-stream", &events, &[cut]), streamed, "cut at {cut}");
    }
}

#[test]
fn a_list_that_cannot_be_read_is_withheld() {
    let shown =
        listed("application/json", r#"{"result":{"tools":[{"name":"create"}],"tools":[]},"id":1}"#, &[]);
    assert!(shown.contains("4037") && !shown.contains("create"), "{shown}");
}

#[test]
fn a_compressed_list_is_withheld() {
    let moment = moment();
    let body = r#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#;
    let (_, _, mut exchange) = request(&post("/tickets/mcp", &[]), body, &moment);
    let head =
        head(&[(":status", "200"), ("content-type", "application/json"), ("content-encoding", "gzip")]);
    let effect = exchange.handle(&Event::ResponseHead(&head), &moment).effect;
    assert!(matches!(effect, Effect::Reply(Reply { status: 502, .. })), "{effect:?}");
}

#[test]
fn a_server_without_a_stream_says_so_itself() {
    let open = document("    subscriptions: [ { allow: tickets.stream } ]\n");
    let moment = Moment { revision: Some(revision(&open, 1)), ..moment() };
    let bearer = format!("Bearer {KEY}");
    let get = head(&[(":method", "GET"), (":path", "/tickets/mcp"), ("authorization", &bearer)]);
    let (_, _, mut exchange) = request(&Head { last: true, ..get }, "", &moment);
    let answer = head(&[(":status", "405"), ("content-type", "application/json")]);
    assert!(matches!(exchange.handle(&Event::ResponseHead(&answer), &moment).effect, Effect::Pass));
    assert!(!exchange.reads_answer());
}

#[test]
fn a_path_that_cannot_be_read_never_passes() {
    let pass =
        Moment { revision: Some(revision(&document("gateway: { unmatched: pass }\n"), 1)), ..moment() };
    let sent = |path: &[u8]| {
        let mut head = post("/", &[]);
        head.headers[1].1 = path.to_vec();
        request(&head, "", &pass).0
    };
    for path in [b"/tickets/mcp?\xff".as_slice(), b"/tickets/mcp#\xff", b"\xff", b"", b"tickets/mcp"] {
        let effect = sent(path);
        assert!(matches!(effect, Effect::Reply(Reply { status: 400, .. })), "{path:?} {effect:?}");
    }
    let effect = sent(b"/tickets/mcp#fragment");
    assert!(matches!(effect, Effect::Reply(Reply { status: 400, .. })), "{effect:?}");
    let mut elsewhere = exchange();
    let effect = elsewhere.handle(&Event::RequestHead(&post("/elsewhere?a=1", &[])), &pass).effect;
    assert!(matches!(effect, Effect::Pass), "{effect:?}");
}

#[test]
fn a_stream_ends_with_the_right_it_stands_on() {
    let chunk = Event::ResponseChunk { bytes: b"", last: false };
    let open = || {
        let (effect, _, exchange) = request(&post("/tickets/mcp", &[]), &call("create"), &moment());
        assert!(matches!(effect, Effect::Forward(_)));
        exchange
    };
    // 2030-01-01, when the key expires, without any new policy.
    let before = Moment { now_ms: 1_893_455_999_000, ..moment() };
    assert!(matches!(open().handle(&chunk, &before).effect, Effect::Pass));
    let policy = moment();
    let (_, _, mut exchange) = request(&post("/tickets/mcp", &[]), &call("create"), &policy);
    let after = Moment { now_ms: 1_893_456_000_000, ..policy };
    assert!(matches!(exchange.handle(&chunk, &after).effect, Effect::Cut));
    // The rule goes, key and role stay.
    let without = document("").replace("{ allow: tickets.create }, ", "");
    let withdrawn = Moment { revision: Some(revision(&without, 8)), ..moment() };
    assert!(matches!(open().handle(&chunk, &withdrawn).effect, Effect::Cut));
}

#[test]
fn a_credential_spelt_with_an_underscore_is_dropped_too() {
    let head = post("/tickets/mcp", &[("x_api_key", "a"), ("x_trigate_role", "admin")]);
    let edits = edits(request(&head, &call("create"), &moment()).0);
    assert!(edits.contains(&("x_api_key".into(), None)) && edits.contains(&("x_trigate_role".into(), None)));
}
