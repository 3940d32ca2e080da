//! Both eras from the outside: headers that repeat the body, and sessions that only their holder can use.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test stops at the first surprise"
)]

use std::rc::Rc;

use engine::{
    DecisionId, Effect, Event, Exchange, Gauge, Head, Holder, Kind, Moment, Outcome, Record, Revision,
    SealedSession, SessionKey, open_session, seal_session,
};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const KEY: &str = "tg_aaaaaaaaaaaa_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
const OTHER: &str = "tg_bbbbbbbbbbbb_bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
const NOW: u64 = 1_780_000_000_000;
const HOUR: u64 = 3_600_000;

fn digest(key: &str) -> String {
    use sha2::{Digest, Sha256};
    Sha256::digest(key).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn session_key(byte: u8) -> SessionKey {
    SessionKey::new(&[byte; 32]).unwrap()
}

/// Two endpoints of one server, two callers of one role; `headers` is how strict the first endpoint is.
fn moment(headers: &str, keys: &[u8]) -> Moment {
    let text = format!(
        "version: 1
servers:
  s: {{ url: \"http://127.0.0.1:9/mcp\" }}
endpoints:
  /a/mcp: {{ servers: [s]{headers} }}
  /b/mcp: {{ servers: [s] }}
sessions: {{ max_age_hours: 1 }}
keys:
  - {{ id: aaaaaaaaaaaa, name: bot, role: agent, sha256: {} }}
  - {{ id: bbbbbbbbbbbb, name: eve, role: agent, sha256: {} }}
roles:
  agent:
    tools: [ {{ allow: s.create }} ]
    subscriptions: [ {{ allow: s.stream }} ]
",
        digest(KEY),
        digest(OTHER)
    );
    let source = policy::parse(&text).unwrap_or_else(|problems| panic!("{problems}"));
    let rules = policy::RuleSet::compile(&source.document, 7).unwrap_or_else(|problems| panic!("{problems}"));
    let mut catalogue = policy::Catalogue::default();
    let tool = r#"{"name":"create","inputSchema":{"type":"object","properties":{"region":{"type":"string","x-mcp-header":"Region"},"n":{"type":"integer","x-mcp-header":"N"}}}}"#;
    catalogue.insert("s", [policy::Tool::read(tool).unwrap()]);
    let keys = keys.iter().map(|byte| session_key(*byte)).collect();
    let revision = Revision::new(rules.with_catalogue(catalogue.into()), Vec::new()).with_session_keys(keys);
    Moment { now_ms: NOW, revision: Some(Rc::new(revision)), audit: Gauge::Open }
}

/// A request in the making.
#[derive(Clone)]
struct Request<'a> {
    verb: &'a str,
    path: &'a str,
    key: &'a str,
    headers: Vec<(&'a str, &'a str)>,
    body: &'a str,
}

impl<'a> Request<'a> {
    fn post(body: &'a str) -> Self {
        Self { verb: "POST", path: "/a/mcp", key: KEY, headers: Vec::new(), body }
    }

    fn with(mut self, name: &'a str, value: &'a str) -> Self {
        self.headers.push((name, value));
        self
    }

    fn head(&self) -> Head {
        let bearer = format!("Bearer {}", self.key);
        let fixed =
            [(":method", self.verb), (":path", self.path), (":authority", "gw"), ("authorization", &bearer)];
        let media = (self.verb == "POST").then_some(("content-type", "application/json"));
        let pairs = fixed.into_iter().chain(media).chain(self.headers.iter().copied());
        let headers = pairs.map(|(name, value)| (name.to_owned(), value.as_bytes().to_vec())).collect();
        Head { headers, last: self.verb != "POST", ..Head::default() }
    }

    fn send(&self, moment: &Moment) -> (Effect, Record, Exchange) {
        let mut exchange = Exchange::new(DecisionId::new(1, 2));
        let mut step = exchange.handle(&Event::RequestHead(&self.head()), moment);
        if matches!(step.effect, Effect::Hold) {
            step = exchange.handle(&Event::RequestBody(self.body.as_bytes()), moment);
        }
        (step.effect, step.record.expect("every decision is recorded"), exchange)
    }

    #[track_caller]
    fn refused(&self, moment: &Moment, status: u16, code: i32) -> Record {
        let (effect, record, _) = self.send(moment);
        let Effect::Reply(reply) = effect else { panic!("not refused: {effect:?}") };
        assert_eq!((reply.status, record.outcome, record.code), (status, Outcome::Deny, code), "{record:?}");
        record
    }

    /// What the upstream gets of a header: `None` where nothing is said about it, so that it goes on as it came.
    #[track_caller]
    fn forwarded(&self, moment: &Moment, header: &str) -> Option<Option<String>> {
        let (effect, record, _) = self.send(moment);
        let Effect::Forward(forward) = effect else { panic!("not forwarded: {effect:?} {record:?}") };
        forward.headers.into_iter().rfind(|edit| edit.name == header).map(|edit| edit.value)
    }
}

const META: &str = r#""_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}"#;

fn call(arguments: &str) -> String {
    format!(
        r#"{{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{{"name":"create","arguments":{arguments},{META}}}}}"#
    )
}

fn modern(body: &str) -> Request<'_> {
    Request::post(body)
        .with("mcp-protocol-version", "2026-07-28")
        .with("mcp-method", "tools/call")
        .with("mcp-name", "create")
}

#[test]
fn enforced_headers_are_refused_unless_they_repeat_the_body() {
    let now = moment("", &[1]);
    let body = call(r#"{"region":"EU","n":42}"#);
    let good = modern(&body).with("mcp-param-region", "EU").with("mcp-param-n", "42.0");
    assert_eq!(good.forwarded(&now, "mcp-param-region"), None);
    let refused = |request: Request<'_>| {
        let record = request.refused(&now, 400, -32020);
        assert_eq!(record.rule, "header");
    };
    refused(modern(&body));
    refused(modern(&body).with("mcp-param-region", "EU"));
    refused(good.clone().with("mcp-param-region", "EU"));
    refused(modern(&body).with("mcp-param-region", "US").with("mcp-param-n", "42"));
    refused(modern(&body).with("mcp-param-region", "=?base64?RVU?=").with("mcp-param-n", "42"));
    refused(good.clone().with("mcp-name", "create"));
    refused(Request::post(&body).with("mcp-param-region", "EU").with("mcp-param-n", "42"));
    // An argument that is not there has no header either; a header nobody declared is forwarded.
    let body = call("{}");
    refused(modern(&body).with("mcp-param-region", "EU"));
    assert_eq!(modern(&body).with("mcp-param-other", "x").forwarded(&now, "mcp-param-other"), None);
}

#[test]
fn fixed_headers_say_what_the_body_says() {
    let now = moment(", headers: fix", &[1]);
    let body = call(r#"{"region":"\u00e4"}"#);
    let wrong =
        modern(&body).with("mcp-param-region", "US").with("mcp-param-n", "1").with("mcp-name", "other");
    let edit = |header: &str| wrong.forwarded(&now, header).expect("an edit");
    assert_eq!(edit("mcp-param-region").as_deref(), Some("=?base64?w6Q=?="));
    assert_eq!(edit("mcp-param-n"), None);
    assert_eq!(edit("mcp-name").as_deref(), Some("create"));
    assert_eq!(wrong.forwarded(&now, "mcp-method"), None);
}

#[test]
fn observed_headers_go_on_and_the_audit_says_what_differs() {
    let now = moment(", headers: observe", &[1]);
    let body = call(r#"{"region":"EU"}"#);
    let wrong = modern(&body).with("mcp-param-region", "US");
    assert_eq!(wrong.forwarded(&now, "mcp-param-region"), None);
    let (_, record, _) = wrong.send(&now);
    assert!(record.outcome == Outcome::Allow && record.reason.contains("mcp-param-region"), "{record:?}");
    let (_, record, _) = modern(&body).with("mcp-param-region", "EU").send(&now);
    assert_eq!(record.reason, "");
}

#[test]
fn however_strict_the_headers_the_body_decides() {
    let body = call("{}").replace("create", "delete");
    for (headers, status, code) in
        [("", 400, -32020), (", headers: fix", 200, 4030), (", headers: observe", 200, 4030)]
    {
        modern(&body).refused(&moment(headers, &[1]), status, code);
    }
}

#[test]
fn on_a_legacy_request_mirrored_headers_mean_nothing() {
    let body = r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"create"}}"#;
    let lying = Request::post(body)
        .with("mcp-name", "delete")
        .with("mcp-name", "drop")
        .with("mcp-method", "ping")
        .with("mcp-param-region", "US");
    assert_eq!(lying.forwarded(&moment("", &[1]), "mcp-name"), None);
    let unclear = lying.with("mcp-protocol-version", "2025-11-25").with("mcp-protocol-version", "2026-07-28");
    unclear.refused(&moment("", &[1]), 400, -32600);
}

fn discover() -> String {
    format!(r#"{{"jsonrpc":"2.0","id":"d","method":"server/discover","params":{{{META}}}}}"#)
}

#[test]
fn a_refused_discovery_is_no_word_of_a_legacy_server() {
    let body = discover();
    let request =
        Request::post(&body).with("mcp-protocol-version", "2026-07-28").with("mcp-method", "server/discover");
    let now = moment("", &[1]);
    assert_eq!(request.forwarded(&now, "mcp-method"), None);
    let refused = |request: &Request<'_>, moment: &Moment, status: u16| {
        let (effect, record, _) = request.send(moment);
        let Effect::Reply(reply) = effect else { panic!("not refused: {effect:?}") };
        let answer: serde_json::Value = serde_json::from_slice(&reply.body).unwrap();
        assert_eq!((reply.status, &answer["error"]["code"]), (status, &(-32022).into()), "{answer}");
        assert_eq!(answer["error"]["data"]["supported"], serde_json::json!(["2026-07-28"]));
        assert_eq!(answer["error"]["message"].as_str(), Some(record.reason.as_str()));
        assert!(record.code > 4000 && answer["error"]["data"]["decision"].is_string());
        (answer, reply)
    };
    let nobody = Request {
        key: "tg_zzzzzzzzzzzz_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        ..request.clone()
    };
    let (_, reply) = refused(&nobody, &now, 401);
    assert!(reply.headers.iter().any(|(name, _)| *name == "www-authenticate"));
    refused(&request, &Moment { revision: None, ..now.clone() }, 503);
    let (answer, _) = refused(&request, &moment_without_rights(), 400);
    assert_eq!(answer["id"], "d");
    // What is wrong with the request itself keeps the code that says so.
    Request { headers: Vec::new(), ..request }.refused(&now, 400, -32020);
}

/// The role may use another server alone.
fn moment_without_rights() -> Moment {
    let text = format!(
        "version: 1
servers: {{ s: {{ url: \"http://127.0.0.1:9/mcp\" }}, t: {{ url: \"http://127.0.0.1:9/mcp\" }} }}
endpoints: {{ /a/mcp: {{ servers: [s] }} }}
keys: [ {{ id: aaaaaaaaaaaa, name: bot, role: agent, sha256: {} }} ]
roles: {{ agent: {{ tools: [ {{ allow: t.x }} ] }} }}
",
        digest(KEY)
    );
    let source = policy::parse(&text).unwrap_or_else(|problems| panic!("{problems}"));
    let rules = policy::RuleSet::compile(&source.document, 7).unwrap_or_else(|problems| panic!("{problems}"));
    Moment { now_ms: NOW, revision: Some(Rc::new(Revision::new(rules, Vec::new()))), audit: Gauge::Open }
}

#[test]
fn the_era_of_a_request_is_recorded() {
    let now = moment("", &[1]);
    let era = |request: &Request<'_>| request.send(&now).1.era;
    assert_eq!(era(&modern(&call("{}"))), Some(mcp::revision::Era::Modern));
    assert_eq!(era(&Request::post(INITIALIZE)), Some(mcp::revision::Era::Legacy));
    assert_eq!(era(&Request { verb: "GET", ..Request::post("") }), Some(mcp::revision::Era::Legacy));
    assert_eq!(era(&Request::post("{")), None);
}

const INITIALIZE: &str =
    r#"{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2026-07-28"}}"#;
const LEGACY_CALL: &str = r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"create"}}"#;

/// The session id that a client gets for the server's own.
#[track_caller]
fn begun(request: &Request<'_>, moment: &Moment, id: &str) -> Option<String> {
    let (effect, _, mut exchange) = request.send(moment);
    assert!(matches!(effect, Effect::Forward(_)), "{effect:?}");
    assert!(exchange.reads_head());
    let headers = vec![
        (":status".to_owned(), b"200".to_vec()),
        ("content-type".to_owned(), b"application/json".to_vec()),
        ("mcp-session-id".to_owned(), id.as_bytes().to_vec()),
    ];
    match exchange.handle(&Event::ResponseHead(&Head { headers, ..Head::default() }), moment).effect {
        Effect::ResponseHead(edits) => {
            edits.into_iter().find(|edit| edit.name == "mcp-session-id").expect("an edit").value
        }
        effect => panic!("the session was not sealed: {effect:?}"),
    }
}

#[test]
fn a_client_holds_a_sealed_session_and_the_server_gets_its_own() {
    let now = moment("", &[1]);
    let sealed = begun(&Request::post(INITIALIZE), &now, "s-1").unwrap();
    assert!(!sealed.contains("s-1") && sealed.bytes().all(|byte| byte.is_ascii_graphic()), "{sealed}");
    let next = Request::post(LEGACY_CALL).with("mcp-session-id", &sealed);
    assert_eq!(next.forwarded(&now, "mcp-session-id"), Some(Some("s-1".to_owned())));
    // The same id again is the same text again; another one is sealed anew.
    assert_eq!(begun(&next, &now, "s-1").as_ref(), Some(&sealed));
    assert_ne!(begun(&next, &now, "s-2").as_ref(), Some(&sealed));
    for verb in ["GET", "DELETE"] {
        let request = Request { verb, body: "", ..next.clone() };
        assert_eq!(request.forwarded(&now, "mcp-session-id"), Some(Some("s-1".to_owned())), "{verb}");
    }
}

#[test]
fn a_session_is_of_no_use_to_another_caller_or_on_another_endpoint() {
    let now = moment("", &[1]);
    let sealed = begun(&Request::post(INITIALIZE), &now, "s-1").unwrap();
    let own = Request::post(LEGACY_CALL).with("mcp-session-id", &sealed);
    for verb in ["POST", "GET", "DELETE"] {
        let stolen = Request { verb, key: OTHER, ..own.clone() };
        assert_eq!(stolen.refused(&now, 404, 4045).rule, "session");
        Request { verb, path: "/b/mcp", ..own.clone() }.refused(&now, 404, 4045);
        let raw = Request { verb, headers: vec![("mcp-session-id", "s-1")], ..own.clone() };
        raw.refused(&now, 404, 4045);
    }
    // Both at once is a session of its own: neither is a prefix of the other.
    let other = begun(&Request { key: OTHER, ..Request::post(INITIALIZE) }, &now, "s-1").unwrap();
    Request::post(LEGACY_CALL).with("mcp-session-id", &other).refused(&now, 404, 4045);
}

#[test]
fn a_session_outlasts_one_replacement_of_its_key_and_not_its_time() {
    let now = moment("", &[1]);
    let sealed = begun(&Request::post(INITIALIZE), &now, "s-1").unwrap();
    let request = Request::post(LEGACY_CALL).with("mcp-session-id", &sealed);
    request.forwarded(&moment("", &[2, 1]), "mcp-session-id");
    request.refused(&moment("", &[3, 2]), 404, 4045);
    request.refused(&moment("", &[]), 404, 4045);
    request.forwarded(&Moment { now_ms: NOW + HOUR, ..now.clone() }, "mcp-session-id");
    request.refused(&Moment { now_ms: NOW + HOUR + 1, ..now }, 404, 4045);
}

#[test]
fn a_session_that_cannot_be_sealed_is_not_handed_out() {
    for (keys, id) in [(&[][..], "s-1"), (&[1][..], ""), (&[1][..], "a b")] {
        let now = moment("", keys);
        let (_, _, mut exchange) = Request::post(INITIALIZE).send(&now);
        let headers = vec![
            (":status".to_owned(), b"200".to_vec()),
            ("mcp-session-id".to_owned(), id.as_bytes().to_vec()),
        ];
        let step = exchange.handle(&Event::ResponseHead(&Head { headers, ..Head::default() }), &now);
        assert!(matches!(&step.effect, Effect::Reply(reply) if reply.status == 502), "{:?}", step.effect);
        let chunk = Event::ResponseChunk { bytes: b"{}", last: true };
        assert!(matches!(exchange.handle(&chunk, &now).effect, Effect::Replace(bytes) if bytes.is_empty()));
    }
}

#[test]
fn a_handshake_begins_a_session_whatever_id_it_names() {
    let now = moment("", &[1]);
    let request = Request::post(INITIALIZE).with("mcp-session-id", "stale");
    assert_eq!(request.forwarded(&now, "mcp-session-id"), Some(None));
}

#[test]
fn a_modern_request_has_no_session() {
    let now = moment("", &[1]);
    let body = call("{}");
    let stray = modern(&body).with("mcp-session-id", "s-1").with("last-event-id", "7");
    assert_eq!(stray.forwarded(&now, "mcp-session-id"), Some(None));
    assert_eq!(stray.forwarded(&now, "last-event-id"), Some(None));
}

#[test]
fn an_event_id_is_good_within_a_session_only() {
    let now = moment("", &[1]);
    let sealed = begun(&Request::post(INITIALIZE), &now, "s-1").unwrap();
    let get = Request { verb: "GET", ..Request::post("") }.with("last-event-id", "7");
    assert_eq!(get.forwarded(&now, "last-event-id"), Some(None));
    assert_eq!(get.with("mcp-session-id", &sealed).forwarded(&now, "last-event-id"), None);
}

#[test]
#[cfg(not(target_arch = "wasm32"))]
#[expect(clippy::disallowed_methods, reason = "it prints how long it takes and judges nothing by it")]
fn sealing_and_opening_take_microseconds() {
    const ROUNDS: u32 = 2000;
    let keys = [session_key(1), session_key(2)];
    let holder = Holder { kind: Kind::Session, identity: "key aaaaaaaaaaaa", endpoint: "/a/mcp" };
    let session = SealedSession { id: "0af76519-16cd-43dd-8448-eb211c80319c".to_owned(), issued_ms: NOW };
    let began = std::time::Instant::now();
    for round in 0..ROUNDS {
        let sealed = seal_session(&session, holder, &keys[1], DecisionId::new(NOW, round.into())).unwrap();
        assert_eq!(open_session(&sealed, holder, &keys).as_ref(), Some(&session));
    }
    println!("sealed and opened under the second of two keys: {:?} a session", began.elapsed() / ROUNDS);
}
