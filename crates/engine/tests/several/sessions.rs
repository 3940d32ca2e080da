//! Sessions of legacy servers behind an endpoint of several: opened by the gate, sealed for their client, begun anew once lost.

use engine::{Ask, Question};

use super::*;

/// A catalogue in which `old` gives sessions.
fn gate() -> Gate {
    let mut catalogue = catalogue(0);
    catalogue.insert_offer("old", offer("2025-06-18", true, &["create"], |_| Vec::new()));
    Gate::with(catalogue, 7)
}

fn asked(effect: Effect) -> Vec<Question> {
    let Effect::Ask(Ask { questions, .. }) = effect else { panic!("{effect:?}") };
    questions
}

fn header<'q>(question: &'q Question, name: &str) -> Option<&'q str> {
    question.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

/// What becomes of a request after its only question was answered.
fn told(
    gate: &Gate,
    exchange: &mut Exchange,
    status: &str,
    session: Option<&str>,
) -> (Effect, Option<Record>) {
    let mut pairs = vec![(":status", status.to_owned())];
    pairs.extend(session.map(|session| ("mcp-session-id", session.to_owned())));
    let head = head(pairs);
    let step = exchange.handle(&Event::Answer { number: 0, head: Some(&head) }, &gate.0);
    (step.effect, step.record)
}

fn begin(gate: &Gate, caller: Caller, path: &str, method: &str, params: Value) -> (Effect, Exchange) {
    let body = caller.body(method, params);
    send(gate, &caller.head(path, &body), &body.to_string())
}

fn send(gate: &Gate, head: &Head, body: &str) -> (Effect, Exchange) {
    let mut exchange = Exchange::new(DecisionId::new(1, 2));
    let mut step = exchange.handle(&Event::RequestHead(head), &gate.0);
    if matches!(step.effect, Effect::Hold) {
        step = exchange.handle(&Event::RequestBody(body.as_bytes()), &gate.0);
    }
    (step.effect, exchange)
}

/// A legacy client's own session, with the one of `old` in it.
fn opened(gate: &Gate) -> String {
    let (effect, mut exchange) = begin(gate, Legacy(AGENT), "/mcp", "initialize", json!({}));
    let questions = asked(effect);
    let [question] = questions.as_slice() else { panic!("{questions:?}") };
    assert_eq!(
        (question.cluster.as_str(), header(question, ":authority")),
        ("server_old", Some("127.0.0.1:9"))
    );
    assert_eq!(header(question, "x-own"), Some("secret of old"));
    assert_eq!(header(question, "authorization"), None);
    let hello: Value = serde_json::from_slice(&question.body).unwrap();
    assert_eq!(
        (&hello["method"], &hello["params"]["protocolVersion"]),
        (&json!("initialize"), &json!("2025-06-18"))
    );
    let (effect, _) = told(gate, &mut exchange, "200", Some("s-old"));
    let questions = asked(effect);
    let [question] = questions.as_slice() else { panic!("{questions:?}") };
    assert_eq!(header(question, "mcp-session-id"), Some("s-old"));
    let ready: Value = serde_json::from_slice(&question.body).unwrap();
    assert_eq!(ready["method"], "notifications/initialized");
    let (effect, record) = told(gate, &mut exchange, "202", None);
    assert_eq!(record.unwrap().outcome, Outcome::Allow);
    let Effect::Reply(reply) = effect else { panic!("{effect:?}") };
    let sealed = reply.headers.iter().find(|(name, _)| *name == "mcp-session-id").unwrap().1.clone();
    assert!(!sealed.contains("s-old"));
    sealed
}

fn in_session(caller: Caller, path: &str, body: &Value, sealed: &str) -> Head {
    let mut head = caller.head(path, body);
    head.headers.push(("mcp-session-id".to_owned(), sealed.as_bytes().to_vec()));
    head
}

#[test]
fn a_handshake_opens_the_sessions_that_calls_go_in() {
    let gate = gate();
    let sealed = opened(&gate);
    let call = Legacy(AGENT).body("tools/call", json!({"name": "old__create"}));
    let (effect, _) = send(&gate, &in_session(Legacy(AGENT), "/mcp", &call, &sealed), &call.to_string());
    let Effect::Forward(forward) = effect else { panic!("{effect:?}") };
    assert_eq!(edited(&forward, "mcp-session-id"), Some(Some("s-old")));
    // What needs no session gets none.
    let call = Legacy(AGENT).body("tools/call", json!({"name": "tickets__create"}));
    let (effect, _) = send(&gate, &in_session(Legacy(AGENT), "/mcp", &call, &sealed), &call.to_string());
    let Effect::Forward(forward) = effect else { panic!("{effect:?}") };
    assert_eq!(edited(&forward, "mcp-session-id"), Some(None));
    // It is this client's: another of the same caller gets another.
    let (effect, _) = begin(&gate, Modern(AGENT), "/mcp", "tools/call", json!({"name": "old__create"}));
    assert_eq!(asked(effect).len(), 1);
    // For nobody else, and nowhere else.
    for (caller, path) in
        [(Legacy(CLERK), "/mcp"), (Legacy(AGENT), "/two/mcp"), (Legacy(AGENT), "/tickets/mcp")]
    {
        let (effect, _) = send(&gate, &in_session(caller, path, &call, &sealed), &call.to_string());
        assert_eq!(code(effect), (404, 4045));
    }
}

#[test]
fn a_server_that_does_not_answer_holds_up_no_handshake() {
    let gate = gate();
    let (effect, mut exchange) = begin(&gate, Legacy(AGENT), "/mcp", "initialize", json!({}));
    assert_eq!(asked(effect).len(), 1);
    let step = exchange.handle(&Event::Answer { number: 0, head: None }, &gate.0);
    let Effect::Reply(reply) = step.effect else { panic!("{:?}", step.effect) };
    assert_eq!(reply.status, 200);
    assert!(reply.headers.iter().all(|(name, _)| *name != "mcp-session-id"));
}

#[test]
fn a_session_is_opened_at_first_use_and_remembered() {
    let gate = gate();
    let (effect, mut exchange) =
        begin(&gate, Modern(AGENT), "/mcp", "tools/call", json!({"name": "old__create"}));
    assert_eq!(asked(effect).len(), 1);
    assert_eq!(asked(told(&gate, &mut exchange, "200", Some("s-1")).0).len(), 1);
    let (effect, record) = told(&gate, &mut exchange, "202", None);
    let Effect::Forward(forward) = effect else { panic!("{effect:?}") };
    assert_eq!(edited(&forward, "mcp-session-id"), Some(Some("s-1")));
    assert_eq!(body(&forward)["params"]["name"], "create");
    assert_eq!(record.unwrap().outcome, Outcome::Allow);
    let (effect, mut exchange) =
        begin(&gate, Modern(AGENT), "/mcp", "tools/call", json!({"name": "old__create"}));
    assert!(matches!(effect, Effect::Forward(_)), "{effect:?}");
    // The server knows it no more: the client is told, and the next call begins another.
    assert!(exchange.reads_head());
    let step = exchange.handle(&Event::ResponseHead(&head(vec![(":status", "404".to_owned())])), &gate.0);
    let Effect::Reply(reply) = step.effect else { panic!("{:?}", step.effect) };
    let answer: Value = serde_json::from_slice(&reply.body).unwrap();
    assert_eq!((&answer["id"], &answer["error"]["code"]), (&json!("\u{e4}"), &json!(4045)));
    let (effect, _) = begin(&gate, Modern(AGENT), "/mcp", "tools/call", json!({"name": "old__create"}));
    assert_eq!(asked(effect).len(), 1);
}

#[test]
fn a_remembered_session_is_its_callers_own() {
    let gate = gate();
    let (_, mut exchange) = begin(&gate, Modern(AGENT), "/mcp", "tools/call", json!({"name": "old__create"}));
    told(&gate, &mut exchange, "200", Some("s-1"));
    told(&gate, &mut exchange, "202", None);
    for (caller, path) in [(Modern(OTHER), "/mcp"), (Modern(AGENT), "/two/mcp")] {
        let (effect, _) = begin(&gate, caller, path, "tools/call", json!({"name": "old__create"}));
        assert_eq!(asked(effect).len(), 1, "{path}");
    }
}

#[test]
fn a_call_that_is_denied_opens_nothing() {
    let gate = gate();
    let (effect, _) = begin(&gate, Modern(CLERK), "/mcp", "tools/call", json!({"name": "old__create"}));
    assert_eq!(code(effect), (200, 4031));
    let (effect, _) = begin(&gate, Modern(AGENT), "/mcp", "prompts/get", json!({"name": "old__greet"}));
    assert_eq!(asked(effect).len(), 1);
    let (effect, _) = begin(&gate, Legacy(CLERK), "/mcp", "initialize", json!({}));
    assert!(matches!(effect, Effect::Reply(Reply { status: 200, .. })), "{effect:?}");
}

#[test]
fn what_is_no_session_is_none() {
    let gate = gate();
    let long = "x".repeat(2000);
    for (status, session) in
        [("200", None), ("400", Some("s-1")), ("200", Some("")), ("200", Some("a b")), ("200", Some(&*long))]
    {
        let (_, mut exchange) =
            begin(&gate, Modern(AGENT), "/mcp", "tools/call", json!({"name": "old__create"}));
        let (effect, record) = told(&gate, &mut exchange, status, session);
        assert_eq!(code(effect), (200, 4039), "{status} {session:?}");
        assert_eq!(record.unwrap().outcome, Outcome::Deny);
    }
}

#[test]
fn a_session_ends_with_those_in_it() {
    let gate = gate();
    let sealed = opened(&gate);
    let bearer = format!("Bearer {AGENT}");
    let pairs = [
        (":method", "DELETE"),
        (":path", "/mcp"),
        (":authority", "gw"),
        ("authorization", &bearer),
        ("mcp-session-id", &sealed),
    ];
    let pairs = pairs.map(|(name, value)| (name, value.to_owned())).into();
    let (effect, mut exchange) = send(&gate, &Head { last: true, ..head(pairs) }, "");
    let questions = asked(effect);
    assert_eq!(header(&questions[0], ":method"), Some("DELETE"));
    assert_eq!(header(&questions[0], "mcp-session-id"), Some("s-old"));
    let (effect, record) = told(&gate, &mut exchange, "500", None);
    assert!(matches!(effect, Effect::Reply(Reply { status: 200, .. })), "{effect:?}");
    assert_eq!(record.unwrap().outcome, Outcome::Allow);
}

#[test]
fn a_revocation_counts_while_servers_are_asked() {
    let gate = gate();
    let (effect, mut exchange) =
        begin(&gate, Modern(AGENT), "/mcp", "tools/call", json!({"name": "old__create"}));
    assert_eq!(asked(effect).len(), 1);
    told(&gate, &mut exchange, "200", Some("s-1"));
    let document = document().replace("name: bot, role: agent", "name: bot, role: guest");
    let source = policy::parse(&document).unwrap_or_else(|problems| panic!("{problems}"));
    let rules = RuleSet::compile(&source.document, 8).unwrap();
    let now = Moment { revision: Some(Rc::new(Revision::new(rules, Vec::new()))), ..gate.0.clone() };
    let head = head(vec![(":status", "202".to_owned())]);
    let step = exchange.handle(&Event::Answer { number: 0, head: Some(&head) }, &now);
    assert!(matches!(step.effect, Effect::Reply(Reply { status: 401, .. })), "{:?}", step.effect);
}
