//! Clients and servers of different eras at one endpoint, and what is between them.

use super::*;

#[test]
fn a_modern_client_calls_a_legacy_server() {
    let gate = Gate::new();
    let params = json!({"name": "old__create", "_meta": {"progressToken": "p"}});
    let (forward, record, exchange) = gate.forwarded(Modern(AGENT), "tools/call", params);
    assert_eq!(body(&forward)["params"], json!({"name": "create", "_meta": {"progressToken": "p"}}));
    assert_eq!(edited(&forward, "mcp-protocol-version"), Some(Some("2025-06-18")));
    assert_eq!(edited(&forward, "mcp-method"), Some(None));
    assert_eq!(edited(&forward, "mcp-name"), Some(None));
    assert_eq!(record.era, Some(engine::Era::Modern));
    let answer = json!({"jsonrpc": "2.0", "id": "\u{e4}", "result": {"content": []}});
    let answer = answered(&gate, exchange, &answer);
    assert_eq!(answer["result"], json!({"resultType": "complete", "content": []}));
}

#[test]
fn a_legacy_client_calls_a_modern_server() {
    let gate = Gate::new();
    let (forward, record, exchange) =
        gate.forwarded(Legacy(AGENT), "tools/call", json!({"name": "tickets__create", "arguments": {}}));
    let sent = body(&forward);
    assert_eq!(
        (sent["params"]["name"].as_str(), &sent["params"]["_meta"][VERSION]),
        (Some("create"), &json!("2026-07-28"))
    );
    assert_eq!(sent["params"]["_meta"][CAPABILITIES], json!({}));
    assert_eq!(edited(&forward, "mcp-protocol-version"), Some(Some("2026-07-28")));
    assert_eq!(edited(&forward, "mcp-method"), Some(Some("tools/call")));
    assert_eq!(edited(&forward, "mcp-name"), Some(Some("create")));
    assert_eq!(record.era, Some(engine::Era::Legacy));
    let result = json!({"resultType": "complete", "content": []});
    let answer = answered(&gate, exchange, &json!({"jsonrpc": "2.0", "id": "\u{e4}", "result": result}));
    assert_eq!(answer["result"], json!({"content": []}));
    // What only a modern client could answer does not reach this one.
    let (_, _, exchange) = gate.forwarded(Legacy(AGENT), "tools/call", json!({"name": "tickets__create"}));
    let result = json!({"resultType": "input_required", "requestState": "s"});
    let answer = answered(&gate, exchange, &json!({"jsonrpc": "2.0", "id": "\u{e4}", "result": result}));
    assert_eq!(answer["error"]["code"], 4037, "{answer}");
}

#[test]
fn what_cannot_be_for_one_of_several_is_refused() {
    let gate = Gate::new();
    for method in
        ["resources/subscribe", "resources/unsubscribe", "logging/setLevel", "tasks/list", "x/other"]
    {
        let refused = gate.refused(Legacy(AGENT), method, json!({"uri": "doc://1", "level": "info"}));
        assert_eq!(refused, (200, -32601), "{method}");
    }
    assert_eq!(gate.refused(Modern(AGENT), "subscriptions/listen", json!({})).1, -32601);
    assert_eq!(gate.refused(Modern(AGENT), "ping", json!({})).1, -32601);
    let answer = r#"{"jsonrpc":"2.0","id":1,"result":{}}"#;
    let (effect, ..) = gate.send(&Legacy(AGENT).head("/mcp", &Value::Null), answer);
    assert_eq!(code(effect), (400, -32600));
    for verb in ["GET", "DELETE"] {
        let bearer = format!("Bearer {AGENT}");
        let pairs = [(":method", verb), (":path", "/mcp"), (":authority", "gw"), ("authorization", &bearer)];
        let pairs = pairs.map(|(name, value)| (name, value.to_owned())).into();
        let (effect, ..) = gate.send(&Head { last: true, ..head(pairs) }, "");
        assert_eq!(code(effect).0, 405, "{verb}");
    }
}

#[test]
fn a_revision_that_nobody_speaks_is_refused_with_those_that_are() {
    let gate = Gate::new();
    let sent = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {"_meta": {VERSION: "2027-01-01"}}});
    let mut head = Modern(AGENT).head("/mcp", &sent);
    head.headers.retain(|(name, _)| name != "mcp-protocol-version");
    head.headers.push(("mcp-protocol-version".to_owned(), b"2027-01-01".to_vec()));
    let (effect, ..) = gate.send(&head, &sent.to_string());
    let Effect::Reply(reply) = effect else { panic!("{effect:?}") };
    let answer: Value = serde_json::from_slice(&reply.body).unwrap();
    assert_eq!((reply.status, &answer["error"]["code"]), (400, &json!(-32022)));
    assert_eq!(answer["error"]["data"]["supported"], json!(["2026-07-28"]));
    assert_eq!(answer["error"]["data"]["requested"], "2027-01-01");
}
