//! MCP over raw HTTP, in both eras.

use crate::harness::{Adapter, Request, document};
use crate::sqlite::{ROLES, shop};

async fn adapter() -> (Adapter, tempfile::TempDir) {
    let (directory, url) = shop();
    (Adapter::start(&document(&url, ROLES)).await, directory)
}

fn names(tools: &serde_json::Value) -> Vec<&str> {
    tools.as_array().unwrap().iter().map(|tool| tool["name"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_legacy_client_is_served_without_a_session() {
    let (adapter, _directory) = adapter().await;
    let initialize =
        r#""protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"t","version":"1"}"#;
    let reply = adapter.send(Request::legacy("initialize", initialize).key("support")).await;
    assert_eq!(reply.json()["result"]["protocolVersion"], "2025-06-18", "{}", reply.body);
    assert!(!reply.head.contains("mcp-session-id"), "{}", reply.head);
    // Nothing could tell a client that has no session.
    assert!(reply.json()["result"]["capabilities"]["tools"].get("listChanged").is_none(), "{}", reply.body);
    assert!(reply.json()["result"].get("ttlMs").is_none(), "{}", reply.body);
    let notification = Request::post(r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#)
        .header("mcp-protocol-version", "2025-06-18");
    assert_eq!(adapter.send(notification.key("support")).await.status, 202);
    let reply = adapter.send(Request::legacy("tools/list", "").key("support")).await;
    assert_eq!(
        names(&reply.json()["result"]["tools"]),
        ["list_tables", "describe_table", "query", "aggregate", "insert"]
    );
    assert!(reply.json()["result"].get("resultType").is_none(), "{}", reply.body);
    let call =
        Request::legacy("tools/call", r#""name":"query","arguments":{"table":"orders"}"#).key("support");
    let result = adapter.send(call).await.json()["result"].clone();
    assert_eq!(result["structuredContent"]["count"], 3, "{result}");
}

#[tokio::test]
async fn a_modern_client_is_served() {
    let (adapter, _directory) = adapter().await;
    let discover =
        adapter.send(Request::modern("server/discover", "").key("support")).await.json()["result"].clone();
    assert!(discover["supportedVersions"].as_array().unwrap().contains(&"2026-07-28".into()), "{discover}");
    assert!(discover["capabilities"].get("prompts").is_none(), "{discover}");
    assert_eq!(discover["capabilities"]["tools"]["listChanged"], true, "{discover}");
    let list = adapter.send(Request::modern("tools/list", "").key("support")).await.json()["result"].clone();
    assert_eq!((&list["cacheScope"], &list["ttlMs"]), (&"private".into(), &5000.into()), "{list}");
    let reads = |tool: &&serde_json::Value| tool["annotations"]["readOnlyHint"] == true;
    let reading: Vec<_> = list["tools"].as_array().unwrap().iter().filter(reads).cloned().collect();
    assert_eq!(names(&reading.into()), ["list_tables", "describe_table", "query", "aggregate"]);
    let result = adapter.call("support", "query", r#"{"table":"orders"}"#).await;
    assert_eq!(result["resultType"], "complete", "{result}");
}

#[tokio::test]
async fn what_is_not_offered_is_not_found() {
    let (adapter, _directory) = adapter().await;
    for method in ["prompts/list", "resources/list", "resources/templates/list"] {
        let reply = adapter.send(Request::modern(method, "").key("support")).await;
        assert_eq!((reply.status, reply.json()["error"]["code"].as_i64()), (404, Some(-32601)), "{method}");
    }
    let reply = adapter.send(Request::tool("drop_table", "{}").key("support")).await;
    assert_eq!(reply.json()["error"]["code"], -32602, "{}", reply.body);
    let events = adapter.events(|event| event.rule == "unknown_tool").await;
    assert_eq!((events[0].name.as_str(), events[0].decision()), ("drop_table", proto::v1::Decision::Denied));
}

#[tokio::test]
async fn a_body_that_readers_could_take_differently_is_refused() {
    let (adapter, _directory) = adapter().await;
    let twice = r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"query","arguments":{"table":"orders","table":"customers"}}}"#;
    for (body, code) in
        [(twice, -32600), ("[]", -32600), ("{", -32700), (r#"{"jsonrpc":"2.0","id":1}"#, -32600)]
    {
        let reply = adapter.send(Request::post(body).key("support")).await;
        assert_eq!((reply.status, reply.json()["error"]["code"].as_i64()), (400, Some(code)), "{body}");
    }
    let events = adapter.events(|event| event.rule == "frame").await;
    assert_eq!((events[0].role.as_str(), events[0].decision()), ("support", proto::v1::Decision::Denied));
}

#[tokio::test]
async fn there_is_no_stream_and_no_session_to_end() {
    let (adapter, _directory) = adapter().await;
    let get = Request { method: "GET", ..Request::post("") };
    let reply = adapter.send(get.key("support")).await;
    assert_eq!(reply.status, 405);
    assert!(reply.head.contains("allow: post"), "{}", reply.head);
}

#[tokio::test]
async fn the_list_of_tools_names_only_what_the_role_may_read() {
    let (adapter, _directory) = adapter().await;
    let reply = adapter.send(Request::modern("tools/list", "").key("support")).await;
    let query = reply.json()["result"]["tools"][2].clone();
    assert_eq!(
        query["inputSchema"]["properties"]["table"]["enum"],
        serde_json::json!(["customers", "orders"])
    );
    assert_eq!(query["inputSchema"]["properties"]["limit"]["maximum"], 5);
    assert!(!reply.body.contains("ssn") && !reply.body.contains("secrets"), "{}", reply.body);
}

#[tokio::test]
async fn rules_on_tools_hold_for_a_key_at_the_adapter_too() {
    let (adapter, _directory) = adapter().await;
    let reply = adapter.send(Request::modern("tools/list", "").key("lister")).await;
    assert_eq!(names(&reply.json()["result"]["tools"]), ["list_tables"]);
    let text = adapter.refusal("lister", r#"{"table":"orders"}"#).await;
    assert!(text.contains("missing `tools: allow shop.query`"), "{text}");
    let events = adapter.events(|event| event.role == "lister" && event.name == "query").await;
    assert_eq!((events[0].decision(), events[0].code), (proto::v1::Decision::Denied, 4030));
}

#[tokio::test]
async fn all_databases_of_the_caller_are_at_the_common_path() {
    let (adapter, _directory) = adapter().await;
    let reply = adapter.send(Request::tool("list_tables", "{}").path("/mcp").key("support")).await;
    assert_eq!(reply.json()["result"]["structuredContent"]["database"], "shop", "{}", reply.body);
    let other =
        Request::tool("query", r#"{"database":"other","table":"orders"}"#).path("/mcp").key("support");
    let text = adapter.send(other).await.body;
    assert!(text.contains("no database `other`"), "{text}");
}
