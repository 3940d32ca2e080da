//! What the gate answers itself for several servers: lists by role, pages, greetings.

use super::*;

#[test]
fn tools_are_listed_in_order_under_their_servers_names() {
    let gate = Gate::new();
    let expected = ["wiki__read", "tickets__create", "tickets__shop__query", "old__create"];
    assert_eq!(gate.keys(Modern(AGENT), ListKind::Tools), expected);
    assert_eq!(gate.keys(Legacy(AGENT), ListKind::Tools), expected);
    // A second time, from what was kept.
    assert_eq!(gate.keys(Legacy(AGENT), ListKind::Tools), expected);
    assert_eq!(gate.keys(Modern(CLERK), ListKind::Tools), ["tickets__create"]);
}

#[test]
fn a_definition_survives_byte_for_byte() {
    let (effect, ..) = Gate::new().ask(Legacy(AGENT), "tools/list", json!({}));
    let Effect::Reply(reply) = effect else { panic!("{effect:?}") };
    let text = String::from_utf8(reply.body).unwrap();
    let expected = r#"{ "title":"\u00c4","name":"old__create", "_meta":{"name":"x"},"inputSchema":{} }"#;
    assert!(text.contains(expected), "{text}");
}

#[test]
fn modern_lists_say_for_how_long_and_for_whom_they_hold() {
    let gate = Gate::new();
    for kind in [ListKind::Tools, ListKind::Prompts, ListKind::Resources, ListKind::ResourceTemplates] {
        let result = gate.result(Modern(AGENT), kind.method(), json!({}));
        assert_eq!(result["resultType"], "complete");
        assert_eq!(result["cacheScope"], "private");
        assert!(result["ttlMs"].is_u64());
        let result = gate.result(Legacy(AGENT), kind.method(), json!({}));
        assert_eq!(result.as_object().unwrap().len(), 1, "{result}");
    }
}

#[test]
fn prompts_get_names_and_resources_keep_their_uris() {
    let gate = Gate::new();
    assert_eq!(gate.keys(Modern(AGENT), ListKind::Prompts), ["tickets__greet", "old__greet"]);
    // One URI of two servers is that of the first.
    assert_eq!(gate.keys(Modern(AGENT), ListKind::Resources), ["doc://1", "doc://2"]);
    let resources = gate.result(Modern(AGENT), "resources/list", json!({}));
    assert_eq!(resources["resources"][0]["name"], "of tickets");
    assert_eq!(gate.keys(Modern(AGENT), ListKind::ResourceTemplates), ["doc://t/{id}"]);
    assert_eq!(gate.keys(Modern(CLERK), ListKind::Resources), Vec::<String>::new());
}

#[test]
fn long_lists_come_in_pages_whose_cursors_are_bound() {
    let gate = Gate::with(catalogue(1200), 7);
    let (mut names, mut params, mut cursors) = (Vec::new(), json!({}), Vec::new());
    loop {
        let result = gate.result(Modern(AGENT), "tools/list", params);
        let page = result["tools"].as_array().unwrap();
        assert!(page.len() <= 500);
        names.extend(page.iter().map(|tool| tool["name"].as_str().unwrap().to_owned()));
        let Some(cursor) = result["nextCursor"].as_str() else { break };
        cursors.push(cursor.to_owned());
        params = json!({ "cursor": cursor });
    }
    assert_eq!((names.len(), cursors.len()), (1204, 2));
    assert_eq!(names.last().unwrap(), "old__create");
    let with = |cursor: &str| json!({ "cursor": cursor });
    let stale = Gate::with(catalogue(1200), 8);
    for cursor in &cursors {
        // Of another caller, another list, another time.
        assert_eq!(gate.refused(Modern(CLERK), "tools/list", with(cursor)), (200, -32602));
        assert_eq!(gate.refused(Modern(AGENT), "prompts/list", with(cursor)), (200, -32602));
        assert_eq!(stale.refused(Modern(AGENT), "tools/list", with(cursor)), (200, -32602));
    }
    let forged = cursors[0].replacen('A', "B", 1);
    for cursor in ["", "1", "AQ", &forged, cursors[0].get(1..).unwrap(), &"A".repeat(100_000)] {
        assert_eq!(gate.refused(Modern(AGENT), "tools/list", with(cursor)), (200, -32602));
    }
    for cursor in [json!(1), json!({}), json!([])] {
        assert_eq!(gate.refused(Modern(AGENT), "tools/list", json!({ "cursor": cursor })), (200, -32602));
    }
    assert!(gate.result(Modern(AGENT), "tools/list", json!({ "cursor": null }))["nextCursor"].is_string());
}

#[test]
fn the_gate_greets_for_all_of_them() {
    let gate = Gate::new();
    let hello = json!({"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "c", "version": "1"}});
    let greeted = gate.result(Legacy(AGENT), "initialize", hello);
    assert_eq!(greeted["protocolVersion"], "2025-06-18");
    assert_eq!(greeted["capabilities"], json!({"tools": {}, "prompts": {}, "resources": {}}));
    assert_eq!(greeted["serverInfo"]["name"], "trigate");
    // Some clients name a modern revision in a legacy handshake.
    let hello = json!({"protocolVersion": "2026-07-28"});
    assert_eq!(gate.result(Legacy(AGENT), "initialize", hello)["protocolVersion"], "2025-11-25");
    let found = gate.result(Modern(AGENT), "server/discover", json!({}));
    assert_eq!(found["supportedVersions"], json!(["2026-07-28"]));
    assert_eq!(found["resultType"], "complete");
    assert_eq!(gate.result(Modern(CLERK), "server/discover", json!({}))["capabilities"]["tools"], json!({}));
    assert_eq!(gate.result(Legacy(AGENT), "ping", json!({})), json!({}));
    let note = r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#;
    let (effect, record, _) = gate.send(&Legacy(AGENT).head("/mcp", &Value::Null), note);
    assert!(matches!(effect, Effect::Reply(Reply { status: 202, body, .. }) if body.is_empty()));
    assert_eq!(record.outcome, Outcome::Allow);
}

#[test]
fn who_has_no_business_with_any_server_is_refused() {
    let gate = Gate::new();
    for method in ["tools/list", "ping", "initialize"] {
        assert_eq!(gate.refused(Legacy(GUEST), method, json!({})), (200, 4031), "{method}");
    }
    // No client is to take this for the word of a legacy server.
    assert_eq!(gate.refused(Modern(GUEST), "server/discover", json!({})), (400, -32022));
}

#[test]
fn a_tool_that_changed_elsewhere_disappears_here() {
    let gate = Gate::new();
    assert!(gate.keys(Modern(AGENT), ListKind::Tools).contains(&"wiki__read".to_owned()));
    let body = Modern(AGENT).body("tools/call", json!({"name": "wiki__read"}));
    let (_, _, exchange) = gate.send(&Modern(AGENT).head("/mcp", &body), &body.to_string());
    // Any answer of a pinned server may hold a list.
    let list =
        json!({"jsonrpc": "2.0", "id": 1, "result": {"tools": [{"name": "read", "description": "evil"}]}});
    answered(&gate, exchange, &list);
    assert!(!gate.keys(Modern(AGENT), ListKind::Tools).contains(&"wiki__read".to_owned()));
    assert_eq!(gate.refused(Modern(AGENT), "tools/call", json!({"name": "wiki__read"})), (200, 4051));
}
