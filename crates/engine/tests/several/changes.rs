//! Changes of lists, told on a stream that somebody else keeps open: to whom, of what, and in which words.

use engine::assertion;

use super::*;

const CHANGES: &str = "trigate.changes";
const KEY: &[u8] = b"fedcba9876543210";
const SUBSCRIPTION: &str = "io.modelcontextprotocol/subscriptionId";

/// A gateway that can tell of changes, under this document.
fn gate_of(document: &str, catalogue: Catalogue, number: u64) -> Gate {
    let keeper = ServerSecret { server: CHANGES.into(), credential: None, assertion_key: KEY.to_vec() };
    Gate::of(document, catalogue, number, vec![keeper])
}

fn gate() -> Gate {
    gate_of(&document(), catalogue(0), 7)
}

fn wanted(members: Value) -> Value {
    json!({ "notifications": members })
}

/// A stream that is open.
fn opened(gate: &Gate, exchange: &mut Exchange) {
    let pairs = vec![(":status", "200".to_owned()), ("content-type", "text/event-stream".to_owned())];
    let step = exchange.handle(&Event::ResponseHead(&head(pairs)), &gate.0);
    assert!(matches!(step.effect, Effect::ResponseHead(_)), "{:?}", step.effect);
}

fn listening(gate: &Gate, members: Value) -> Exchange {
    let (_, _, mut exchange) = gate.forwarded(Modern(AGENT), "subscriptions/listen", wanted(members));
    opened(gate, &mut exchange);
    exchange
}

fn get(key: &str) -> Head {
    let pairs = vec![
        (":method", "GET".to_owned()),
        (":path", "/mcp".to_owned()),
        (":authority", "gw".to_owned()),
        ("accept", "text/event-stream".to_owned()),
        ("authorization", format!("Bearer {key}")),
        ("mcp-protocol-version", "2025-11-25".to_owned()),
    ];
    Head { last: true, ..head(pairs) }
}

/// What the client hears at a beat: comments, and messages.
fn beat(gate: &Gate, exchange: &mut Exchange, last: bool) -> (String, Vec<Value>) {
    // Whatever comes over the stream, nothing of it is told.
    let bytes = b"data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\"}\n\n:\n\n";
    let step = exchange.handle(&Event::ResponseChunk { bytes, last }, &gate.0);
    let Effect::Replace(told) = step.effect else { panic!("{:?}", step.effect) };
    let told = String::from_utf8(told).unwrap();
    let data = told.lines().filter_map(|line| line.strip_prefix("data: "));
    let messages = data.map(|data| serde_json::from_str(data).unwrap()).collect();
    (told, messages)
}

fn methods(told: &[Value]) -> Vec<&str> {
    told.iter().filter_map(|message| message["method"].as_str()).collect()
}

#[test]
fn a_subscription_goes_to_its_keeper_with_the_gates_word_for_the_caller() {
    let params = wanted(json!({"toolsListChanged": true}));
    let (forward, record, _) = gate().forwarded(Modern(AGENT), "subscriptions/listen", params.clone());
    assert_eq!(edited(&forward, "x-trigate-server"), Some(Some(CHANGES)));
    assert_eq!(edited(&forward, "authorization"), Some(None));
    assert!(forward.body.is_none());
    let signed = edited(&forward, "x-trigate-assertion").flatten().unwrap();
    let said = assertion::verify(signed, KEY, 1_780_000_000_000).unwrap();
    let sent = Modern(AGENT).body("subscriptions/listen", params).to_string();
    assert_eq!((said.subject.as_str(), said.server.as_str()), ("bot", CHANGES));
    assert_eq!(said.body, assertion::body_digest(sent.as_bytes()));
    assert_eq!((record.outcome, record.rule.as_str()), (Outcome::Allow, "allow tickets.tools_list_changed"));
}

#[test]
fn a_subscriber_hears_what_is_granted_and_then_what_has_changed() {
    let mut gate = gate();
    let asked =
        json!({"toolsListChanged": true, "promptsListChanged": false, "resourceSubscriptions": ["doc://1"]});
    let mut exchange = listening(&gate, asked);
    let (_, told) = beat(&gate, &mut exchange, false);
    let [granted] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!(granted["method"], "notifications/subscriptions/acknowledged");
    // Nobody listens to resources for the client, so that is not granted.
    assert_eq!(granted["params"]["notifications"], json!({"toolsListChanged": true}));
    assert_eq!(granted["params"]["_meta"][SUBSCRIPTION], "\u{e4}");
    assert_eq!(beat(&gate, &mut exchange, false).0, "");
    gate = gate_of(&document(), catalogue(1), 7);
    let (_, told) = beat(&gate, &mut exchange, false);
    let expected = json!({
        "jsonrpc": "2.0", "method": "notifications/tools/list_changed", "params": {"_meta": {SUBSCRIPTION: "\u{e4}"}}
    });
    assert_eq!(told, [expected]);
    assert_eq!(beat(&gate, &mut exchange, false).0, "");
}

#[test]
fn what_was_not_asked_for_or_cannot_be_seen_is_not_told() {
    let mut gate = gate();
    let mut exchange = listening(&gate, json!({"toolsListChanged": true}));
    beat(&gate, &mut exchange, false);
    let mut changed = catalogue(0);
    // The role may not use the tool, the other one was never approved, and prompts were not asked for.
    changed.insert("wiki", [tool("write"), tool("burn")]);
    let entries = |kind| match kind {
        ListKind::Prompts => vec![entry(kind, r#"{"name":"new"}"#)],
        _ => Vec::new(),
    };
    changed.insert_offer("old", offer("2025-06-18", false, &["create"], entries));
    gate = gate_of(&document(), changed, 8);
    let (_, told) = beat(&gate, &mut exchange, false);
    // `wiki.read` is gone: that is one of the caller's own.
    assert_eq!(methods(&told), ["notifications/tools/list_changed"]);
    let mut hidden = catalogue(0);
    hidden.insert("wiki", [tool("write"), tool("burn"), tool("third")]);
    hidden.insert_offer("old", offer("2025-06-18", false, &["create"], |_| Vec::new()));
    gate = gate_of(&document(), hidden, 9);
    assert_eq!(beat(&gate, &mut exchange, false).0, "");
}

#[test]
fn a_policy_that_shows_less_is_told() {
    let mut gate = gate();
    let mut exchange = listening(&gate, json!({"toolsListChanged": true}));
    beat(&gate, &mut exchange, false);
    let less =
        document().replace("{ deny: tickets.drop }", "{ deny: tickets.drop }, { deny: tickets.create }");
    gate = gate_of(&less, catalogue(0), 8);
    assert_eq!(methods(&beat(&gate, &mut exchange, false).1), ["notifications/tools/list_changed"]);
    // Another revision that shows the same is no news.
    gate = gate_of(&less, catalogue(0), 9);
    assert_eq!(beat(&gate, &mut exchange, false).0, "");
}

#[test]
fn a_legacy_stream_tells_of_all_lists_without_naming_a_subscription() {
    let mut gate = gate();
    let (effect, record, mut exchange) = gate.send(&get(AGENT), "");
    let Effect::Forward(forward) = effect else { panic!("{effect:?}") };
    assert_eq!(edited(&forward, "x-trigate-server"), Some(Some(CHANGES)));
    assert_eq!((record.method.as_str(), record.rule.as_str()), ("GET", "allow old.stream"));
    opened(&gate, &mut exchange);
    assert_eq!(beat(&gate, &mut exchange, false).0, ":\n\n");
    let mut changed = catalogue(1);
    let entries = |kind| match kind {
        ListKind::ResourceTemplates => vec![entry(kind, r#"{"uriTemplate":"new://{id}","name":"t"}"#)],
        ListKind::Prompts => vec![entry(kind, r#"{"name":"greet"}"#)],
        _ => Vec::new(),
    };
    changed.insert_offer("old", offer("2025-06-18", false, &["create"], entries));
    gate = gate_of(&document(), changed, 7);
    let (_, told) = beat(&gate, &mut exchange, true);
    let expected = ["tools", "resources"]
        .map(|list| json!({"jsonrpc": "2.0", "method": format!("notifications/{list}/list_changed")}));
    assert_eq!(told, expected);
}

#[test]
fn the_right_to_listen_ends_with_the_key_and_with_the_rule() {
    let document = document();
    let keyless = document.lines().filter(|line| !line.contains("id: aaaaaaaaaaaa")).collect::<Vec<_>>();
    let ruleless = document.replace("{ allow: tickets.tools_list_changed }, ", "");
    let alone =
        document.replace("/mcp: { servers: [wiki, tickets, old, shop] }", "/mcp: { servers: [wiki] }");
    for (document, number) in [(keyless.join("\n"), 8), (ruleless, 9), (alone, 10)] {
        let gate = gate();
        let mut exchange = listening(&gate, json!({"toolsListChanged": true}));
        beat(&gate, &mut exchange, false);
        let now = gate_of(&document, catalogue(1), number);
        let step = exchange.handle(&Event::ResponseChunk { bytes: b":\n\n", last: false }, &now.0);
        assert!(matches!(step.effect, Effect::Cut), "{number}: {:?}", step.effect);
    }
}

#[test]
fn who_may_not_listen_is_refused() {
    let gate = gate();
    let listen = |caller, members| gate.refused(caller, "subscriptions/listen", wanted(members));
    assert_eq!(listen(Modern(AGENT), json!({"promptsListChanged": true})), (200, 4030));
    assert_eq!(listen(Modern(AGENT), json!({"resourceSubscriptions": ["doc://2"]})), (200, 4030));
    assert_eq!(listen(Modern(AGENT), json!({"toolsListChanged": true, "other": true})), (200, 4030));
    assert_eq!(listen(Modern(CLERK), json!({"toolsListChanged": true})), (200, 4030));
    assert_eq!(listen(Modern(GUEST), json!({})), (200, 4031));
    // The older era has no subscriptions of this kind.
    assert_eq!(listen(Legacy(AGENT), json!({"toolsListChanged": true})), (200, -32601));
    assert_eq!(
        listen(Modern(AGENT), json!({"toolsListChanged": true, "resourceSubscriptions": 1})).1,
        -32602
    );
    for (key, expected) in [(CLERK, (405, 4030)), (GUEST, (405, 4031))] {
        assert_eq!(code(gate.send(&get(key), "").0), expected);
    }
    let nobody = get("tg_eeeeeeeeeeee_eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee");
    assert_eq!(code(gate.send(&nobody, "").0).0, 401);
}

#[test]
fn a_session_that_is_not_the_callers_opens_no_stream() {
    let mut gone = catalogue(0);
    gone.insert_offer("old", offer("2025-06-18", true, &["create"], |_| Vec::new()));
    let gate = gate_of(&document(), gone, 7);
    let hello = Legacy(OTHER).body("initialize", json!({"protocolVersion": "2025-11-25"}));
    let (effect, _, mut exchange) = gate_ask(&gate, &Legacy(OTHER).head("/mcp", &hello), &hello.to_string());
    assert!(matches!(effect, Effect::Ask(_)), "{effect:?}");
    let pairs = vec![(":status", "200".to_owned()), ("mcp-session-id", "s-1".to_owned())];
    exchange.handle(&Event::Answer { number: 0, head: Some(&head(pairs)) }, &gate.0);
    let pairs = vec![(":status", "202".to_owned())];
    let step = exchange.handle(&Event::Answer { number: 0, head: Some(&head(pairs)) }, &gate.0);
    let Effect::Reply(reply) = step.effect else { panic!("{:?}", step.effect) };
    let (_, sealed) = reply.headers.iter().find(|(name, _)| *name == "mcp-session-id").unwrap();
    let in_session = |key, session: &str| {
        let mut head = get(key);
        head.headers.push(("mcp-session-id".to_owned(), session.as_bytes().to_vec()));
        gate.send(&head, "").0
    };
    let Effect::Forward(forward) = in_session(OTHER, sealed) else { panic!("its own session") };
    assert_eq!(edited(&forward, "mcp-session-id"), Some(None));
    assert_eq!(code(in_session(AGENT, sealed)), (404, 4045));
    assert_eq!(code(in_session(OTHER, "s-1")), (404, 4045));
}

/// A request that waits for answers.
fn gate_ask(gate: &Gate, head: &Head, body: &str) -> (Effect, Option<Record>, Exchange) {
    let mut exchange = Exchange::new(DecisionId::new(1, 2));
    let mut step = exchange.handle(&Event::RequestHead(head), &gate.0);
    if matches!(step.effect, Effect::Hold) {
        step = exchange.handle(&Event::RequestBody(body.as_bytes()), &gate.0);
    }
    (step.effect, step.record, exchange)
}

#[test]
fn where_nobody_keeps_streams_open_nothing_is_promised() {
    let gate = Gate::new();
    let params = wanted(json!({"toolsListChanged": true}));
    assert_eq!(gate.refused(Modern(AGENT), "subscriptions/listen", params.clone()), (200, -32601));
    assert_eq!(code(gate.send(&get(AGENT), "").0), (405, -32600));
    // There is a key, but no route.
    let gate = gate_of(&document(), catalogue(0), 7);
    let answers = [("404", "text/plain"), ("200", "application/json")];
    for (status, media) in answers {
        let pairs = || vec![(":status", status.to_owned()), ("content-type", media.to_owned())];
        let (_, _, mut exchange) = gate.forwarded(Modern(AGENT), "subscriptions/listen", params.clone());
        let step = exchange.handle(&Event::ResponseHead(&head(pairs())), &gate.0);
        assert_eq!(code(step.effect), (200, -32601));
        let (_, _, mut exchange) = gate.send(&get(AGENT), "");
        let step = exchange.handle(&Event::ResponseHead(&head(pairs())), &gate.0);
        assert_eq!(code(step.effect), (405, -32600));
    }
}

#[test]
fn a_greeting_promises_what_this_caller_would_be_told() {
    let gate = gate();
    let found = gate.result(Modern(AGENT), "server/discover", json!({}));
    let told = json!({"listChanged": true});
    assert_eq!(found["capabilities"], json!({"tools": told, "prompts": {}, "resources": told}));
    let hello = json!({"protocolVersion": "2025-11-25"});
    let greeted = gate.result(Legacy(AGENT), "initialize", hello.clone());
    assert_eq!(greeted["capabilities"], json!({"tools": told, "prompts": told, "resources": told}));
    assert_eq!(gate.result(Modern(CLERK), "server/discover", json!({}))["capabilities"]["tools"], json!({}));
    assert_eq!(gate.result(Legacy(CLERK), "initialize", hello)["capabilities"]["tools"], json!({}));
}

#[test]
fn a_stream_says_now_and_then_that_it_is_there_and_ends_with_an_answer() {
    let mut gate = gate();
    let mut exchange = listening(&gate, json!({"toolsListChanged": true}));
    beat(&gate, &mut exchange, false);
    gate.0.now_ms += 14_000;
    assert_eq!(beat(&gate, &mut exchange, false).0, "");
    gate.0.now_ms += 1_000;
    assert_eq!(beat(&gate, &mut exchange, false).0, ":\n\n");
    assert_eq!(beat(&gate, &mut exchange, false).0, "");
    let (_, told) = beat(&gate, &mut exchange, true);
    let [answer] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!((&answer["id"], &answer["result"]["resultType"]), (&json!("\u{e4}"), &json!("complete")));
    assert_eq!(answer["result"]["_meta"][SUBSCRIPTION], "\u{e4}");
    assert_eq!(beat(&gate, &mut exchange, true).0, "");
}
