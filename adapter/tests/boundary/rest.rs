//! The same tools under URLs.

use crate::harness::{Adapter, Request, document};
use crate::sqlite::{ROLES, shop};

async fn adapter() -> (Adapter, tempfile::TempDir) {
    let (directory, url) = shop();
    (Adapter::start(&document(&url, ROLES)).await, directory)
}

#[tokio::test]
async fn rows_come_in_an_envelope() {
    let (adapter, _directory) = adapter().await;
    let path =
        "/api/v1/shop/_table/orders?fields=id,status&filter=status%20%3D%20'open'&order=id%20DESC&limit=1";
    let body = adapter.send(Request::get(path).key("support")).await.json();
    assert_eq!(body["resource"], serde_json::json!([{ "id": 3, "status": "open" }]));
    assert_eq!(
        (&body["meta"]["count"], &body["meta"]["limit"], &body["meta"]["truncated"]),
        (&1.into(), &1.into(), &true.into())
    );
    let events = adapter.events(|event| event.method == "GET" && event.name == "query").await;
    assert_eq!((events[0].server.as_str(), events[0].rows), ("shop", 1));
}

#[tokio::test]
async fn tables_and_columns_are_listed() {
    let (adapter, _directory) = adapter().await;
    let tables = adapter.send(Request::get("/api/v1/shop/_table").key("support")).await.json();
    assert_eq!(tables["resource"][0]["name"], "customers", "{tables}");
    let table = adapter.send(Request::get("/api/v1/shop/_schema/orders").key("support")).await.json();
    assert_eq!(table["foreign_keys"][0]["table"], "customers", "{table}");
    assert_eq!(table["columns"][0]["primary_key"], true);
}

#[tokio::test]
async fn refusals_have_a_status_and_a_reason() {
    let (adapter, _directory) = adapter().await;
    for (path, status, reason) in [
        ("/api/v1/shop/_table/secrets", 403, "unknown_table"),
        ("/api/v1/shop/_table/nothing", 403, "unknown_table"),
        ("/api/v1/shop/_schema/secrets", 403, "unknown_table"),
        ("/api/v1/shop/_table/customers?fields=ssn", 403, "unknown_column"),
        ("/api/v1/other/_table/orders", 403, "unknown_database"),
        ("/api/v1/shop/_table/orders?filter=id%20%3D", 400, "syntax"),
        ("/api/v1/shop/_table/orders?limit=x", 400, "arguments"),
        ("/api/v1/shop/_table/orders?filtre=1", 400, "arguments"),
        ("/nowhere", 404, "path"),
    ] {
        let reply = adapter.send(Request::get(path).key("support")).await;
        assert_eq!(
            (reply.status, reply.json()["error"]["context"]["reason"].as_str()),
            (status, Some(reason)),
            "{path}"
        );
    }
    let reply = adapter.send(Request::get("/api/v1/shop/_table")).await;
    assert_eq!(reply.status, 401);
    assert!(reply.head.contains("www-authenticate"), "{}", reply.head);
}
