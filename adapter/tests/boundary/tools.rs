//! Tools of one table each, and lists that tell when they are another.

use crate::harness::{Adapter, Request, document};
use crate::sqlite::{ROLES, shop};

const RULED: &str = r#"  ruled:
    tools: [{ allow: shop.orders_query }, { allow: shop.list_tables }]
    databases:
      shop:
        tables: { orders: [read, insert] }
  free:
    tools: [{ allow: shop.* }]
    databases:
      shop:
        tables: { orders: [read, insert], customers: [read] }
"#;

async fn per_table() -> (Adapter, tempfile::TempDir) {
    let (directory, url) = shop();
    let document = document(&url, RULED).replace(" }\nkeys", ", tools: per_table }\nkeys");
    assert!(document.contains("per_table"), "{document}");
    (Adapter::start(&document).await, directory)
}

async fn names(adapter: &Adapter, role: &str) -> Vec<String> {
    let list = adapter.send(Request::modern("tools/list", "").key(role)).await.json();
    let tools = list["result"]["tools"].as_array().unwrap();
    tools.iter().map(|tool| tool["name"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn each_table_has_tools_of_its_own() {
    let (adapter, _directory) = per_table().await;
    assert_eq!(
        names(&adapter, "free").await,
        [
            "list_tables",
            "describe_table",
            "customers_query",
            "customers_aggregate",
            "orders_query",
            "orders_aggregate",
            "orders_insert",
        ]
    );
    let rows = adapter.done("free", "orders_query", r#"{"filter":"id = 2"}"#).await;
    assert_eq!(rows["rows"][0]["status"], "closed");
    let events = adapter.events(|event| event.name == "orders_query").await;
    assert_eq!(events[0].tables, ["orders"]);
}

#[tokio::test]
async fn rules_speak_of_the_names_that_are_listed() {
    let (adapter, _directory) = per_table().await;
    assert_eq!(names(&adapter, "ruled").await, ["list_tables", "orders_query"]);
    adapter.done("ruled", "orders_query", "{}").await;
    let (reason, text) = adapter.refused("ruled", "orders_insert", r#"{"rows":[{"id":9}]}"#).await;
    assert!(text.contains("shop.orders_insert"), "{reason}: {text}");
    // The same under a URL.
    let get = Request::get("/api/v1/shop/_table/orders").key("ruled");
    assert_eq!(adapter.send(get).await.status, 200);
    let post = Request::rest("POST", "/api/v1/shop/_table/orders", r#"{"id":9}"#).key("ruled");
    assert_eq!(adapter.send(post).await.status, 403);
}

#[tokio::test]
async fn what_is_not_listed_is_no_tool() {
    let (adapter, _directory) = per_table().await;
    for name in ["query", "secrets_query", "orders_delete", "customers_insert", "_query"] {
        let reply = adapter.send(Request::tool(name, r#"{"table":"orders"}"#).key("free")).await;
        let is_error = reply.json()["error"]["code"] == -32602;
        let is_refusal = reply.json()["result"]["_meta"]["trigate/refusal"]["reason"] == "unknown_tool";
        assert!(is_error || is_refusal, "{name}: {}", reply.body);
    }
}

const LISTEN: &str = r#""notifications":{"toolsListChanged":true}"#;

#[tokio::test]
async fn a_subscriber_is_told_when_a_table_changes() {
    let (directory, url) = shop();
    let adapter = Adapter::start(&document(&url, ROLES)).await;
    let mut stream = adapter.open(Request::modern("subscriptions/listen", LISTEN).key("support")).await;
    let head = stream.until("subscriptions/acknowledged").await;
    assert!(head.contains("text/event-stream") && head.contains("\"toolsListChanged\":true"), "{head}");
    adapter.events(|event| event.method == "subscriptions/listen").await;
    let database = rusqlite::Connection::open(directory.path().join("shop.db")).unwrap();
    database.execute_batch("ALTER TABLE orders ADD COLUMN colour TEXT").unwrap();
    stream.until("notifications/tools/list_changed").await;
}

#[tokio::test]
async fn a_subscription_ends_with_the_policy_it_was_made_under() {
    let (_directory, url) = shop();
    let adapter = Adapter::start(&document(&url, ROLES)).await;
    let mut stream = adapter.open(Request::modern("subscriptions/listen", LISTEN).key("support")).await;
    stream.until("subscriptions/acknowledged").await;
    adapter.events(|event| event.method == "subscriptions/listen").await;
    adapter.push(&document(&url, ROLES).replace("max_rows: 5", "max_rows: 4"), 2).await;
    let told = stream.until("\"result\"").await;
    assert!(told.contains("notifications/tools/list_changed"), "{told}");
}

#[tokio::test]
async fn nobody_listens_without_a_key_or_in_the_older_protocol() {
    let (_directory, url) = shop();
    let adapter = Adapter::start(&document(&url, ROLES)).await;
    assert_eq!(adapter.send(Request::modern("subscriptions/listen", LISTEN)).await.status, 401);
    let legacy = adapter.send(Request::legacy("subscriptions/listen", LISTEN).key("support")).await;
    assert_eq!(legacy.json()["error"]["code"], -32601, "{}", legacy.body);
}
