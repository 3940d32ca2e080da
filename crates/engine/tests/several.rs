//! Several servers behind one endpoint, from the outside: what lists show, where calls go and in which words, what is refused.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test stops at the first surprise"
)]

#[path = "several/changes.rs"]
mod changes;
#[path = "several/eras.rs"]
mod eras;
#[path = "several/lists.rs"]
mod lists;
#[path = "several/sessions.rs"]
mod sessions;

use std::rc::Rc;

use engine::{
    DecisionId, Effect, Event, Exchange, Forward, Gauge, Head, Moment, Outcome, Record, Reply, Revision,
    ServerSecret, SessionKey,
};
use mcp::list::ListKind;
use policy::{
    Catalogue, RuleSet, Tool,
    catalogue::offer::{Entry, Greeting, Offer},
};
use serde_json::{Value, json};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// Of the roles `agent`, `clerk` and `guest`.
const AGENT: &str = "tg_aaaaaaaaaaaa_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
const CLERK: &str = "tg_bbbbbbbbbbbb_bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
const GUEST: &str = "tg_cccccccccccc_cccccccccccccccccccccccccccccccccccccccccccccccccccc";

/// Another of the role `agent`.
const OTHER: &str = "tg_dddddddddddd_dddddddddddddddddddddddddddddddddddddddddddddddddddd";

const VERSION: &str = "io.modelcontextprotocol/protocolVersion";
const CAPABILITIES: &str = "io.modelcontextprotocol/clientCapabilities";

fn sha(key: &str) -> String {
    use sha2::{Digest, Sha256};
    Sha256::digest(key).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn document() -> String {
    format!(
        "version: 1
servers:
  tickets: {{ url: \"http://127.0.0.1:9/mcp\" }}
  wiki: {{ url: \"http://127.0.0.1:9/mcp\", pins: enforce }}
  old: {{ url: \"http://127.0.0.1:9/mcp\" }}
databases: {{ shop: {{ url: \"sqlite://shop.db\" }} }}
endpoints:
  /mcp: {{ servers: [wiki, tickets, old, shop] }}
  /two/mcp: {{ servers: [tickets, old] }}
  /tickets/mcp: {{ servers: [tickets] }}
keys:
  - {{ id: aaaaaaaaaaaa, name: bot, role: agent, sha256: {} }}
  - {{ id: bbbbbbbbbbbb, name: ann, role: clerk, sha256: {} }}
  - {{ id: cccccccccccc, name: eve, role: guest, sha256: {} }}
  - {{ id: dddddddddddd, name: bob, role: agent, sha256: {} }}
roles:
  agent:
    tools: [ {{ allow: tickets.* }}, {{ deny: tickets.drop }}, {{ allow: wiki.* }}, {{ allow: old.* }}, {{ allow: shop.query }} ]
    prompts: [ {{ allow: tickets.* }}, {{ allow: old.* }} ]
    resources: [ {{ allow: \"tickets.*\" }}, {{ allow: \"old.*\" }} ]
    completion: [ {{ allow: \"tickets.*\" }} ]
    tasks: [ {{ allow: tickets.get }} ]
    subscriptions: [ {{ allow: tickets.tools_list_changed }}, {{ allow: old.resources_list_changed }}, {{ allow: \"tickets.doc://1\" }}, {{ allow: old.stream }} ]
  clerk:
    tools: [ {{ allow: tickets.create, when: \"subject.name == 'ann'\" }} ]
  guest: {{}}
",
        sha(AGENT),
        sha(CLERK),
        sha(GUEST),
        sha(OTHER)
    )
}

fn tool(name: &str) -> Tool {
    let text =
        format!(r#"{{ "title":"\u00c4","name":"{name}", "_meta":{{"name":"x"}},"inputSchema":{{}} }}"#);
    Tool::read(&text).unwrap()
}

fn offer(revision: &str, sessions: bool, tools: &[&str], entries: impl Fn(ListKind) -> Vec<Entry>) -> Offer {
    let greeting = Greeting { revision: revision.into(), sessions, ..Greeting::default() };
    Offer::new(greeting, tools.iter().copied(), entries)
}

fn entry(kind: ListKind, text: &str) -> Entry {
    Entry::read(kind, text).unwrap()
}

fn catalogue(more: usize) -> Catalogue {
    let mut catalogue = Catalogue::default();
    let numbered: Vec<String> = (0..more).map(|number| format!("n{number}")).collect();
    let tools: Vec<&str> =
        ["create", "drop", "shop__query"].into_iter().chain(numbered.iter().map(String::as_str)).collect();
    catalogue.insert("tickets", tools.iter().map(|name| tool(name)));
    let entries = |kind| match kind {
        ListKind::Prompts => vec![entry(kind, r#"{"name":"greet","title":"Hi"}"#)],
        ListKind::Resources => vec![entry(kind, r#"{"uri":"doc://1","name":"of tickets"}"#)],
        ListKind::ResourceTemplates => vec![entry(kind, r#"{"uriTemplate":"doc://t/{id}","name":"t"}"#)],
        ListKind::Tools => Vec::new(),
    };
    catalogue.insert_offer("tickets", offer("2026-07-28", false, &tools, entries));
    let approved = tool("read");
    let digest = approved.digest();
    catalogue.insert("wiki", [approved.with_approved(Some(digest)), tool("write")]);
    catalogue.insert_offer("wiki", offer("2026-07-28", false, &["write", "read"], |_| Vec::new()));
    catalogue.insert("old", [tool("create")]);
    let entries = |kind| match kind {
        ListKind::Prompts => vec![entry(kind, r#"{"name":"greet"}"#)],
        ListKind::Resources => vec![
            entry(kind, r#"{"uri":"doc://1","name":"of old"}"#),
            entry(kind, r#"{"uri":"doc://2","name":"two"}"#),
        ],
        _ => Vec::new(),
    };
    catalogue.insert_offer("old", offer("2025-06-18", false, &["create"], entries));
    catalogue
}

/// A gateway with the endpoints of the document.
struct Gate(Moment);

impl Gate {
    fn new() -> Self {
        Self::with(catalogue(0), 7)
    }

    fn with(catalogue: Catalogue, number: u64) -> Self {
        Self::of(&document(), catalogue, number, Vec::new())
    }

    /// With these secrets beside those of the servers.
    fn of(document: &str, catalogue: Catalogue, number: u64, more: Vec<ServerSecret>) -> Self {
        let source = policy::parse(document).unwrap_or_else(|problems| panic!("{problems}"));
        let rules =
            RuleSet::compile(&source.document, number).unwrap_or_else(|problems| panic!("{problems}"));
        let secret = |server: &str| ServerSecret {
            server: server.to_owned(),
            credential: Some(("x-own".to_owned(), format!("secret of {server}"))),
            assertion_key: Vec::new(),
        };
        let shop = ServerSecret {
            server: "shop".into(),
            credential: None,
            assertion_key: b"0123456789abcdef".to_vec(),
        };
        let secrets = [vec![secret("tickets"), secret("old"), shop], more].concat();
        let keys = vec![SessionKey::new(&[7; 32]).unwrap()];
        let revision = Revision::new(rules.with_catalogue(catalogue.into()), secrets).with_session_keys(keys);
        Self(Moment { now_ms: 1_780_000_000_000, revision: Some(Rc::new(revision)), audit: Gauge::Open })
    }

    fn send(&self, head: &Head, body: &str) -> (Effect, Record, Exchange) {
        let mut exchange = Exchange::new(DecisionId::new(1, 2));
        let mut step = exchange.handle(&Event::RequestHead(head), &self.0);
        if matches!(step.effect, Effect::Hold) {
            step = exchange.handle(&Event::RequestBody(body.as_bytes()), &self.0);
        }
        (step.effect, step.record.expect("every decision is recorded"), exchange)
    }

    /// A request of a client, in its era, to `/mcp`.
    fn ask(&self, caller: Caller, method: &str, params: Value) -> (Effect, Record, Exchange) {
        let body = caller.body(method, params);
        self.send(&caller.head("/mcp", &body), &body.to_string())
    }

    /// The result of what the gate answers itself.
    fn result(&self, caller: Caller, method: &str, params: Value) -> Value {
        let (effect, record, _) = self.ask(caller, method, params);
        let Effect::Reply(Reply { status: 200, body, .. }) = effect else { panic!("{effect:?}") };
        let answer: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!((record.outcome, &answer["id"]), (Outcome::Allow, &json!("\u{e4}")), "{answer}");
        answer["result"].clone()
    }

    fn keys(&self, caller: Caller, kind: ListKind) -> Vec<String> {
        let result = self.result(caller, kind.method(), json!({}));
        let items = result[kind.array_key()].as_array().unwrap();
        items.iter().map(|item| item[kind.item_key()].as_str().unwrap().to_owned()).collect()
    }

    #[track_caller]
    fn forwarded(&self, caller: Caller, method: &str, params: Value) -> (Forward, Record, Exchange) {
        match self.ask(caller, method, params) {
            (Effect::Forward(forward), record, exchange) => (forward, record, exchange),
            (effect, ..) => panic!("{effect:?}"),
        }
    }

    /// Status and code of a refusal.
    #[track_caller]
    fn refused(&self, caller: Caller, method: &str, params: Value) -> (u16, i64) {
        let (effect, record, _) = self.ask(caller, method, params);
        assert_eq!(record.outcome, Outcome::Deny);
        code(effect)
    }
}

#[track_caller]
fn code(effect: Effect) -> (u16, i64) {
    let Effect::Reply(reply) = effect else { panic!("{effect:?}") };
    let answer: Value = serde_json::from_slice(&reply.body).unwrap();
    (reply.status, answer["error"]["code"].as_i64().unwrap())
}

#[derive(Clone, Copy)]
enum Caller {
    Modern(&'static str),
    Legacy(&'static str),
}

use Caller::{Legacy, Modern};

impl Caller {
    fn body(self, method: &str, mut params: Value) -> Value {
        if let Modern(_) = self {
            params["_meta"][VERSION] = json!("2026-07-28");
            params["_meta"][CAPABILITIES] = json!({});
        }
        json!({"jsonrpc": "2.0", "id": "\u{e4}", "method": method, "params": params})
    }

    fn head(self, path: &str, body: &Value) -> Head {
        let (Modern(key) | Legacy(key)) = self;
        let mut pairs = vec![
            (":method", "POST".to_owned()),
            (":path", path.to_owned()),
            (":authority", "gw".to_owned()),
            ("content-type", "application/json".to_owned()),
            ("authorization", format!("Bearer {key}")),
        ];
        if let Modern(_) = self {
            pairs.push(("mcp-protocol-version", "2026-07-28".to_owned()));
            pairs.push(("mcp-method", body["method"].as_str().unwrap().to_owned()));
            let params = &body["params"];
            let name = ["name", "uri", "taskId"].into_iter().find_map(|member| params[member].as_str());
            pairs.extend(name.map(|name| ("mcp-name", name.to_owned())));
        }
        head(pairs)
    }
}

fn head(pairs: Vec<(&str, String)>) -> Head {
    let headers = pairs.into_iter().map(|(name, value)| (name.to_owned(), value.into_bytes())).collect();
    Head { headers, ..Head::default() }
}

/// What a header is in the end: set, removed, or left alone.
fn edited<'f>(forward: &'f Forward, name: &str) -> Option<Option<&'f str>> {
    forward.headers.iter().rev().find(|edit| edit.name == name).map(|edit| edit.value.as_deref())
}

fn body(forward: &Forward) -> Value {
    serde_json::from_slice(forward.body.as_ref().expect("another body")).unwrap()
}

#[test]
fn a_call_goes_to_its_server_under_its_own_name() {
    let (forward, record, _) = Gate::new().forwarded(
        Modern(AGENT),
        "tools/call",
        json!({"name": "tickets__create", "arguments": {"name": "tickets__create"}}),
    );
    assert_eq!(body(&forward)["params"]["name"], "create");
    assert_eq!(body(&forward)["params"]["arguments"]["name"], "tickets__create");
    assert_eq!(edited(&forward, "mcp-name"), Some(Some("create")));
    assert_eq!(edited(&forward, "x-trigate-server"), Some(Some("tickets")));
    assert_eq!(edited(&forward, "x-own"), Some(Some("secret of tickets")));
    assert_eq!(edited(&forward, "authorization"), Some(None));
    let length = forward.body.as_ref().unwrap().len().to_string();
    assert_eq!(edited(&forward, "content-length"), Some(Some(length.as_str())));
    assert_eq!((record.server.as_str(), record.name.as_str()), ("tickets", "create"));
    assert_eq!(record.rule, "allow tickets.*");
}

#[test]
fn a_name_is_the_servers_own_however_it_is_spelt() {
    let gate = Gate::new();
    let (forward, record, _) =
        gate.forwarded(Modern(AGENT), "tools/call", json!({"name": "tickets__shop__query"}));
    assert_eq!(
        (body(&forward)["params"]["name"].as_str(), record.name.as_str()),
        (Some("shop__query"), "shop__query")
    );
    assert_eq!(edited(&forward, "x-trigate-server"), Some(Some("tickets")));
    let spelt =
        r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"\u0074ickets_\u005fdrop"}}"#;
    let (effect, record, _) = gate.send(&Legacy(AGENT).head("/mcp", &Value::Null), spelt);
    assert_eq!(code(effect), (200, 4030));
    assert_eq!((record.server.as_str(), record.name.as_str()), ("tickets", "drop"));
}

#[test]
fn what_the_rules_deny_is_denied_under_any_name() {
    let gate = Gate::new();
    let call = |name: &str| gate.refused(Modern(AGENT), "tools/call", json!({ "name": name }));
    assert_eq!(call("tickets__drop"), (200, 4030));
    assert_eq!(call("shop__drop"), (200, 4030));
    // Listed by the server, but never approved.
    assert_eq!(call("wiki__write"), (200, 4050));
    assert_eq!(gate.refused(Modern(CLERK), "tools/call", json!({"name": "old__create"})), (200, 4031));
    assert_eq!(gate.refused(Modern(AGENT), "prompts/get", json!({"name": "wiki__greet"})), (200, 4030));
}

#[test]
fn a_name_of_no_server_goes_nowhere() {
    let gate = Gate::new();
    for name in
        ["create", "", "__create", "nobody__create", "TICKETS__create", "tickets_create", "tickets.create"]
    {
        let refused = gate.refused(Modern(AGENT), "tools/call", json!({ "name": name }));
        assert_eq!(refused, (200, -32602), "{name}");
    }
    let (effect, record, _) = gate.ask(Legacy(AGENT), "tools/call", json!({"name": "nobody__create"}));
    assert_eq!(code(effect), (200, -32602));
    assert_eq!((record.server.as_str(), record.name.as_str()), ("", "nobody__create"));
    assert_eq!(gate.refused(Legacy(AGENT), "tools/call", json!({})), (400, -32602));
}

#[test]
fn headers_have_to_repeat_the_name_as_the_client_knows_it() {
    let gate = Gate::new();
    let body = Modern(AGENT).body("tools/call", json!({"name": "tickets__create"}));
    for wrong in ["create", "tickets__drop", "old__create"] {
        let mut head = Modern(AGENT).head("/mcp", &body);
        head.headers.retain(|(name, _)| name != "mcp-name");
        head.headers.push(("mcp-name".to_owned(), wrong.as_bytes().to_vec()));
        let (effect, ..) = gate.send(&head, &body.to_string());
        assert_eq!(code(effect), (400, -32020), "{wrong}");
    }
}

#[test]
fn nobody_says_the_server_but_the_gate() {
    let gate = Gate::new();
    let body = Modern(AGENT).body("tools/call", json!({"name": "tickets__create"}));
    for path in ["/mcp", "/tickets/mcp"] {
        let mut head = Modern(AGENT).head(path, &body);
        for (name, value) in [("x-trigate-server", "old"), ("x-trigate_server", "old"), ("x-own", "mine")] {
            head.headers.push((name.to_owned(), value.as_bytes().to_vec()));
        }
        let (effect, ..) = gate.send(&head, &body.to_string());
        let Effect::Forward(forward) = effect else { panic!("{effect:?}") };
        let expected = if path == "/mcp" { Some("tickets") } else { None };
        assert_eq!(edited(&forward, "x-trigate-server"), Some(expected));
        assert_eq!(edited(&forward, "x-trigate_server"), Some(None));
        assert_eq!(edited(&forward, "x-own"), Some(Some("secret of tickets")));
    }
    // No credential of another server of the endpoint goes along.
    let body = Modern(AGENT).body("tools/call", json!({"name": "wiki__read"}));
    let mut head = Modern(AGENT).head("/mcp", &body);
    head.headers.push(("x-own".to_owned(), b"mine".to_vec()));
    let (effect, ..) = gate.send(&head, &body.to_string());
    let Effect::Forward(forward) = effect else { panic!("{effect:?}") };
    assert_eq!(edited(&forward, "x-own"), Some(None));
}

#[test]
fn a_resource_goes_to_whoever_lists_it_for_this_caller() {
    let gate = Gate::new();
    let server = |uri: &str| {
        let (forward, ..) = gate.forwarded(Modern(AGENT), "resources/read", json!({ "uri": uri }));
        edited(&forward, "x-trigate-server").unwrap().unwrap().to_owned()
    };
    assert_eq!(server("doc://1"), "tickets");
    assert_eq!(server("doc://2"), "old");
    assert_eq!(server("doc://t/77"), "tickets");
    assert_eq!(gate.refused(Modern(AGENT), "resources/read", json!({"uri": "doc://3"})), (200, -32602));
    assert_eq!(gate.refused(Modern(CLERK), "resources/read", json!({"uri": "doc://1"})), (200, 4030));
}

#[test]
fn a_completion_goes_to_the_server_of_its_prompt() {
    let params = |name: &str| json!({"ref": {"type": "ref/prompt", "name": name}, "argument": {"name": "a", "value": ""}});
    let gate = Gate::new();
    let (forward, ..) = gate.forwarded(Modern(AGENT), "completion/complete", params("tickets__greet"));
    assert_eq!(body(&forward)["params"]["ref"]["name"], "greet");
    assert_eq!(edited(&forward, "mcp-name"), None);
    assert_eq!(gate.refused(Modern(AGENT), "completion/complete", params("greet")), (200, -32602));
    assert_eq!(gate.refused(Modern(AGENT), "completion/complete", params("old__greet")), (200, 4030));
    let by_uri = json!({"ref": {"type": "ref/resource", "uri": "doc://t/{id}"}, "argument": {"name": "id", "value": ""}});
    let (forward, ..) = gate.forwarded(Modern(AGENT), "completion/complete", by_uri);
    assert_eq!(edited(&forward, "x-trigate-server"), Some(Some("tickets")));
}

#[test]
fn a_database_gets_the_assertion_for_what_it_is_sent() {
    let (forward, record, _) =
        Gate::new().forwarded(Legacy(AGENT), "tools/call", json!({"name": "shop__query", "arguments": {}}));
    let signed = edited(&forward, engine::assertion::HEADER).unwrap().unwrap();
    let assertion = engine::assertion::verify(signed, b"0123456789abcdef", 1_780_000_000_000).unwrap();
    assert_eq!((assertion.server.as_str(), assertion.name.as_str()), ("shop", "query"));
    assert_eq!(assertion.body, engine::assertion::body_digest(forward.body.as_ref().unwrap()));
    assert_eq!((record.server.as_str(), record.endpoint.as_str()), ("shop", "/mcp"));
}

#[test]
fn a_task_knows_its_server() {
    let gate = Gate::new();
    let call = json!({"name": "tickets__create", "_meta": {CAPABILITIES: {"extensions": {"io.modelcontextprotocol/tasks": {}}}}});
    let body_of = |method: &str, mut params: Value| {
        params["_meta"][VERSION] = json!("2026-07-28");
        params["_meta"][CAPABILITIES] = json!({"extensions": {"io.modelcontextprotocol/tasks": {}}});
        json!({"jsonrpc": "2.0", "id": "\u{e4}", "method": method, "params": params})
    };
    let sent = body_of("tools/call", call);
    let (effect, _, exchange) = gate.send(&Modern(AGENT).head("/mcp", &sent), &sent.to_string());
    assert!(matches!(effect, Effect::Forward(_)), "{effect:?}");
    let result = json!({"resultType": "task", "taskId": "t-1", "status": "working"});
    let answer = answered(&gate, exchange, &json!({"jsonrpc": "2.0", "id": "\u{e4}", "result": result}));
    let sealed = answer["result"]["taskId"].as_str().unwrap().to_owned();
    assert_ne!(sealed, "t-1");
    let sent = body_of("tasks/get", json!({ "taskId": sealed }));
    let (effect, record, _) = gate.send(&Modern(AGENT).head("/mcp", &sent), &sent.to_string());
    let Effect::Forward(forward) = effect else { panic!("{effect:?}") };
    assert_eq!(body(&forward)["params"]["taskId"], "t-1");
    assert_eq!(edited(&forward, "mcp-name"), Some(Some("t-1")));
    assert_eq!(
        (edited(&forward, "x-trigate-server"), record.server.as_str()),
        (Some(Some("tickets")), "tickets")
    );
    // Not of another endpoint of the same server, not of another caller, not a made-up one.
    for (path, caller) in [("/two/mcp", AGENT), ("/tickets/mcp", AGENT), ("/mcp", CLERK)] {
        let (effect, ..) = gate.send(&Modern(caller).head(path, &sent), &sent.to_string());
        let (_, code) = code(effect);
        assert!(matches!(code, 4049 | 4030), "{path}: {code}");
    }
    let sent = body_of("tasks/get", json!({ "taskId": "t-1" }));
    let (effect, ..) = gate.send(&Modern(AGENT).head("/mcp", &sent), &sent.to_string());
    assert_eq!(code(effect), (200, 4049));
}

/// What the client gets of a JSON answer.
fn answered(gate: &Gate, mut exchange: Exchange, answer: &Value) -> Value {
    let pairs = vec![(":status", "200".to_owned()), ("content-type", "application/json".to_owned())];
    exchange.handle(&Event::ResponseHead(&head(pairs)), &gate.0);
    let bytes = answer.to_string().into_bytes();
    let step = exchange.handle(&Event::ResponseChunk { bytes: &bytes, last: true }, &gate.0);
    match step.effect {
        Effect::Pass => answer.clone(),
        Effect::Replace(bytes) => serde_json::from_slice(&bytes).unwrap(),
        effect => panic!("{effect:?}"),
    }
}

#[test]
fn a_session_of_another_endpoint_is_none_here() {
    let gate = Gate::new();
    let hello = r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25"}}"#;
    let (_, _, mut exchange) = gate.send(&Legacy(AGENT).head("/tickets/mcp", &Value::Null), hello);
    let pairs = vec![
        (":status", "200".to_owned()),
        ("content-type", "application/json".to_owned()),
        ("mcp-session-id", "s-1".to_owned()),
    ];
    let step = exchange.handle(&Event::ResponseHead(&head(pairs)), &gate.0);
    let Effect::ResponseHead(edits) = step.effect else { panic!("{:?}", step.effect) };
    let sealed = edits.iter().find(|edit| edit.name == "mcp-session-id").unwrap().value.clone().unwrap();
    let list = r#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#;
    for (path, expected) in
        [("/tickets/mcp", None), ("/mcp", Some((404, 4045))), ("/two/mcp", Some((404, 4045)))]
    {
        let mut head = Legacy(AGENT).head(path, &Value::Null);
        head.headers.push(("mcp-session-id".to_owned(), sealed.as_bytes().to_vec()));
        let (effect, ..) = gate.send(&head, list);
        match expected {
            None => assert!(matches!(effect, Effect::Forward(_)), "{effect:?}"),
            Some(expected) => assert_eq!(code(effect), expected, "{path}"),
        }
    }
}
