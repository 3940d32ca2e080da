//! Changes, by tools and by URLs: what may be changed, how much of it, and what is left of a rehearsal.

use serde_json::{Value, json};

use crate::harness::{Adapter, Reply, Request, document};
use crate::sqlite::shop;

const ROLES: &str = r#"  clerk:
    tools: [{ allow: shop.* }]
    databases:
      shop:
        tables: { customers: [read, update], orders: [read, insert, update, delete] }
        deny_columns: { customers: [ssn] }
        max_rows: 50
        max_affected: 2
        raw_sql: true
  reader:
    tools: [{ allow: shop.* }]
    databases:
      shop:
        tables: { orders: [read] }
"#;

async fn adapter() -> (Adapter, tempfile::TempDir) {
    let (directory, url) = shop();
    (Adapter::start(&document(&url, ROLES)).await, directory)
}

/// The ids of the orders there are.
async fn ids(adapter: &Adapter) -> Vec<i64> {
    let rows = adapter.rows("clerk", r#"{"table":"orders","fields":["id"],"order":"id"}"#).await;
    rows["rows"].as_array().unwrap().iter().map(|row| row["id"].as_i64().unwrap()).collect()
}

async fn rest(adapter: &Adapter, method: &'static str, path: &str, body: &str) -> Reply {
    let path = format!("/api/v1/shop/{path}");
    adapter.send(Request::rest(method, &path, body).key("clerk")).await
}

#[tokio::test]
async fn rows_are_added_changed_and_removed() {
    let (adapter, _directory) = adapter().await;
    let rows =
        r#"{"table":"orders","rows":[{"id":7,"status":"new"},{"id":8,"status":null}],"returning":["id"]}"#;
    let done = adapter.done("clerk", "insert", rows).await;
    assert_eq!(done, json!({ "affected": 2, "rows": [{ "id": 7 }, { "id": 8 }] }));
    let change = r#"{"table":"orders","filter":"id = 7","set":{"status":"sent"}}"#;
    assert_eq!(adapter.done("clerk", "update", change).await, json!({ "affected": 1 }));
    let sent = adapter.rows("clerk", r#"{"table":"orders","filter":"status = 'sent'"}"#).await;
    assert_eq!((&sent["count"], &sent["rows"][0]["id"]), (&1.into(), &7.into()));
    let removal = r#"{"table":"orders","filter":"id >= 7"}"#;
    assert_eq!(adapter.done("clerk", "delete", removal).await, json!({ "affected": 2 }));
    assert_eq!(ids(&adapter).await, [1, 2, 3]);
    let events = adapter.events(|event| event.name == "delete").await;
    assert_eq!((events[0].rows, events[0].tables.as_slice()), (2, ["orders".to_owned()].as_slice()));
    assert!(events[0].statement.starts_with("DELETE"), "{}", events[0].statement);
}

#[tokio::test]
async fn a_dry_run_says_what_would_change_and_changes_nothing() {
    let (adapter, _directory) = adapter().await;
    for (tool, arguments) in [
        ("insert", r#"{"table":"orders","rows":[{"id":9}],"dry_run":true}"#),
        ("update", r#"{"table":"orders","filter":"id = 1","set":{"status":"gone"},"dry_run":true}"#),
        ("delete", r#"{"table":"orders","filter":"id = 1","dry_run":true}"#),
        ("run_sql", r#"{"sql":"DELETE FROM orders WHERE id = 1","dry_run":true}"#),
    ] {
        let done = adapter.done("clerk", tool, arguments).await;
        assert_eq!(done, json!({ "affected": 1, "dry_run": true }), "{tool}");
    }
    assert_eq!(ids(&adapter).await, [1, 2, 3]);
    let unchanged = adapter.rows("clerk", r#"{"table":"orders","filter":"status = 'gone'"}"#).await;
    assert_eq!(unchanged["count"], 0);
    let events = adapter.events(|event| event.name == "delete").await;
    assert!(events[0].statement.starts_with("/* dry run, rolled back */ "), "{}", events[0].statement);
}

#[tokio::test]
async fn more_than_the_role_may_change_is_rolled_back() {
    let (adapter, _directory) = adapter().await;
    let removal = r#"{"table":"orders","filter":"id > 0"}"#;
    let (reason, text) = adapter.refused("clerk", "delete", removal).await;
    assert!(reason == "max_affected" && text.contains("more than 2 rows"), "{text}");
    assert_eq!(ids(&adapter).await, [1, 2, 3]);
    let events = adapter.events(|event| event.rule == "max_affected").await;
    assert_eq!(events[0].decision(), proto::v1::Decision::Denied);
}

#[tokio::test]
async fn what_is_not_granted_is_not_changed() {
    let (adapter, _directory) = adapter().await;
    for (role, tool, arguments, expected) in [
        ("clerk", "delete", r#"{"table":"orders"}"#, "condition_needed"),
        ("clerk", "insert", r#"{"table":"customers","rows":[{"id":9}]}"#, "unknown_table"),
        ("clerk", "update", r#"{"table":"customers","filter":"id = 1","set":{"ssn":"x"}}"#, "unknown_column"),
        ("clerk", "update", r#"{"table":"secrets","filter":"id = 1","set":{"word":"x"}}"#, "unknown_table"),
        (
            "clerk",
            "update",
            r#"{"table":"orders","filter":"id = 1","set":{"status":"x"},"rows":1}"#,
            "arguments",
        ),
        ("reader", "delete", r#"{"table":"orders","filter":"id = 1"}"#, "unknown_table"),
        ("reader", "run_sql", r#"{"sql":"SELECT 1"}"#, "raw_sql"),
    ] {
        let (reason, text) = adapter.refused(role, tool, arguments).await;
        assert_eq!(reason, expected, "{tool} {arguments}: {text}");
        assert!(text.contains("(decision "), "{text}");
    }
    assert_eq!(ids(&adapter).await, [1, 2, 3]);
}

#[tokio::test]
async fn groups_are_counted_and_pages_follow_each_other() {
    let (adapter, _directory) = adapter().await;
    let groups =
        r#"{"table":"orders","fields":["status","count(*) AS n"],"group":["status"],"order":"n DESC"}"#;
    let groups = adapter.done("clerk", "aggregate", groups).await;
    assert_eq!(groups["rows"], json!([{ "status": "open", "n": 2 }, { "status": "closed", "n": 1 }]));
    let first =
        adapter.rows("clerk", r#"{"table":"orders","fields":["status"],"order":"id DESC","limit":2}"#).await;
    assert_eq!(first["rows"], json!([{ "status": "open" }, { "status": "closed" }]));
    let next = json!({
        "table": "orders", "fields": ["status"], "order": "id DESC", "limit": 2, "cursor": first["next_cursor"],
    });
    let second = adapter.rows("clerk", &next.to_string()).await;
    assert_eq!(second["rows"], json!([{ "status": "open" }]), "{second}");
    assert_eq!(second.get("next_cursor"), None, "{second}");
}

#[tokio::test]
async fn text_is_run_within_the_same_rights() {
    let (adapter, _directory) = adapter().await;
    let join = "SELECT c.name, count(*) AS n FROM customers AS c JOIN orders AS o ON o.customer_id = c.id \
        WHERE o.status = ? GROUP BY c.name ORDER BY c.name";
    let done =
        adapter.done("clerk", "run_sql", &json!({ "sql": join, "params": ["open"] }).to_string()).await;
    assert_eq!(done["rows"], json!([{ "name": "Ann", "n": 1 }, { "name": "Bo", "n": 1 }]));
    let change = json!({ "sql": "UPDATE orders SET status = 'x' WHERE id = 1 RETURNING status" }).to_string();
    let done = adapter.done("clerk", "run_sql", &change).await;
    assert_eq!((&done["affected"], &done["rows"]), (&1.into(), &json!([{ "status": "x" }])));
    for (sql, expected) in [
        ("SELECT ssn FROM customers", "unknown_column"),
        ("SELECT word FROM secrets", "unknown_table"),
        ("DELETE FROM customers WHERE id = 1", "unknown_table"),
        ("SELECT 1; SELECT 2", "not_possible"),
    ] {
        let (reason, text) = adapter.refused("clerk", "run_sql", &json!({ "sql": sql }).to_string()).await;
        assert_eq!(reason, expected, "{sql}: {text}");
    }
}

#[tokio::test]
async fn a_deep_text_is_refused_and_nothing_falls() {
    let (adapter, _directory) = adapter().await;
    for sql in [
        format!("SELECT {}1", "1+".repeat(16_000)),
        format!("SELECT {}1{}", "(".repeat(15_000), ")".repeat(15_000)),
        format!("SELECT {}1", "NOT ".repeat(7_500)),
        format!("SELECT 1 {}", "UNION ALL SELECT 1 ".repeat(1_600)),
    ] {
        adapter.refused("clerk", "run_sql", &json!({ "sql": sql }).to_string()).await;
    }
    assert_eq!(ids(&adapter).await, [1, 2, 3]);
}

#[tokio::test]
async fn urls_have_the_verbs_of_the_tools() {
    let (adapter, _directory) = adapter().await;
    let added =
        rest(&adapter, "POST", "_table/orders?returning=id", r#"{"resource":[{"id":7},{"id":8}]}"#).await;
    assert_eq!((added.status, &added.json()["resource"]), (201, &json!([{ "id": 7 }, { "id": 8 }])));
    assert_eq!(added.json()["meta"]["affected"], 2);
    let changed = rest(&adapter, "PATCH", "_table/orders?ids=7,8", r#"{"status":"new"}"#).await;
    assert_eq!((changed.status, &changed.json()["meta"]["affected"]), (200, &2.into()), "{}", changed.body);
    let put = rest(&adapter, "PUT", "_table/orders?ids=7&returning=status", r#"{"status":"old"}"#).await;
    assert_eq!(put.json()["resource"], json!([{ "status": "old" }]));
    let one = rest(&adapter, "GET", "_table/orders/7", "").await;
    assert_eq!((one.status, one.json()["status"].as_str()), (200, Some("old")), "{}", one.body);
    let dry = rest(&adapter, "DELETE", "_table/orders?ids=7,8&dry_run=true", "").await;
    assert_eq!((&dry.json()["meta"]["affected"], &dry.json()["meta"]["dry_run"]), (&2.into(), &true.into()));
    let removed = rest(&adapter, "DELETE", "_table/orders?filter=id+%3E+0+OR+1+%3D+1&ids=7", "").await;
    assert_eq!(removed.status, 400, "{}", removed.body);
    let removed = rest(&adapter, "DELETE", "_table/orders?filter=id+%3E+0+OR+id+%3C+0&ids=7,8", "").await;
    assert_eq!(removed.json()["meta"]["affected"], 2, "{}", removed.body);
    let gone = rest(&adapter, "GET", "_table/orders/7", "").await;
    assert_eq!((gone.status, &gone.json()["error"]["context"]["reason"]), (404, &"no_row".into()));
    let text =
        rest(&adapter, "POST", "_sql", r#"{"sql":"SELECT id FROM orders WHERE id > ?","params":[2]}"#).await;
    assert_eq!(text.json()["resource"], json!([{ "id": 3 }]), "{}", text.body);
}

#[tokio::test]
async fn urls_say_groups_counts_and_pages() {
    let (adapter, _directory) = adapter().await;
    let groups = "_table/orders?fields=status,COUNT(*)+AS+n&group=status&having=n+%3E+1";
    let groups = rest(&adapter, "GET", groups, "").await;
    assert_eq!(groups.json()["resource"], json!([{ "status": "open", "n": 2 }]), "{}", groups.body);
    let page = "_table/orders?fields=id&filter=status+%3D+'open'&limit=1&include_count=true";
    let page = rest(&adapter, "GET", page, "").await.json();
    assert_eq!((&page["resource"], &page["meta"]["total"]), (&json!([{ "id": 1 }]), &2.into()), "{page}");
    let cursor = page["meta"]["next_cursor"].as_str().unwrap();
    let next = format!("_table/orders?fields=id&filter=status+%3D+'open'&limit=1&cursor={cursor}");
    let next = rest(&adapter, "GET", &next, "").await.json();
    assert_eq!(next["resource"], json!([{ "id": 3 }]), "{next}");
    let ids = rest(&adapter, "GET", "_table/orders?fields=id&ids=3,1", "").await.json();
    assert_eq!(ids["resource"], json!([{ "id": 1 }, { "id": 3 }]), "{ids}");
}

#[tokio::test]
async fn rows_leave_line_by_line_where_that_is_asked() {
    let (adapter, _directory) = adapter().await;
    let ask = |path: &str| {
        Request::get(&format!("/api/v1/shop/{path}")).key("clerk").header("accept", "application/x-ndjson")
    };
    let reply = adapter.send(ask("_table/orders?fields=id,status")).await;
    assert!(reply.head.contains("content-type: application/x-ndjson"), "{}", reply.head);
    let lines: Vec<Value> = reply.body.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((lines.len(), &lines[2]), (3, &json!({ "id": 3, "status": "open" })));
    let events = adapter.events(|event| event.name == "query").await;
    assert_eq!(events[0].rows, 3);
    let empty = adapter.send(ask("_table/orders?filter=id+%3D+99")).await;
    assert_eq!((empty.status, empty.body.as_str()), (200, ""));
    let refused = adapter.send(ask("_table/secrets")).await;
    assert_eq!(
        (refused.status, &refused.json()["error"]["context"]["reason"]),
        (403, &"unknown_table".into())
    );
}

#[tokio::test]
async fn hidden_and_absent_tables_get_the_same_answer_for_every_verb() {
    let (adapter, _directory) = adapter().await;
    for (method, path, body) in [
        ("GET", "_table/T", ""),
        ("GET", "_table/T/1", ""),
        ("GET", "_table/T?ids=1", ""),
        ("POST", "_table/T", r#"{"id":1}"#),
        ("PATCH", "_table/T?filter=id+%3D+1", r#"{"id":1}"#),
        ("DELETE", "_table/T?ids=1", ""),
        ("GET", "_schema/T", ""),
    ] {
        let mut replies = Vec::new();
        for table in ["secrets", "nothing"] {
            let reply = rest(&adapter, method, &path.replace('T', table), body).await;
            let mut json = reply.json();
            json["error"]["context"]["decision"] = Value::Null;
            replies.push((reply.status, json.to_string().replace(table, "T")));
        }
        assert_eq!(replies[0], replies[1], "{method} {path}");
        assert_eq!(replies[0].0, 403, "{method} {path}");
    }
}

#[tokio::test]
async fn nothing_unknown_is_taken_from_a_url() {
    let (adapter, _directory) = adapter().await;
    for (method, path, body) in [
        ("DELETE", "_table/orders?filtre=id+%3D+1", ""),
        ("DELETE", "_table/orders?filter=id+%3D+1&limit=1", ""),
        ("DELETE", "_table/orders?filter=id+%3D+1&filter=id+%3D+2", ""),
        ("DELETE", "_table/orders?ids=", ""),
        ("PATCH", "_table/orders?ids=1)+OR+(1+%3D+1", r#"{"status":"x"}"#),
        ("PATCH", "_table/orders?ids=1", r#"[{"status":"x"},{"status":"y"}]"#),
        ("POST", "_table/orders", r#"{"id":1,"id":2}"#),
        ("POST", "_sql", r#"{"sql":"SELECT 1","limit":2}"#),
        ("GET", "_schema/orders?x=1", ""),
    ] {
        let reply = rest(&adapter, method, path, body).await;
        assert_eq!(
            (reply.status, &reply.json()["error"]["context"]["reason"]),
            (400, &"arguments".into()),
            "{path}"
        );
    }
    assert_eq!(ids(&adapter).await, [1, 2, 3]);
}

#[tokio::test]
async fn the_id_of_a_request_comes_back() {
    let (adapter, _directory) = adapter().await;
    let ask = |id: &str| Request::get("/api/v1").key("clerk").header("x-request-id", id);
    let reply = adapter.send(ask("abc-1")).await;
    assert!(reply.head.contains("x-request-id: abc-1"), "{}", reply.head);
    assert_eq!(reply.json()["resource"], json!([{ "name": "shop" }]));
    let reply = adapter.send(ask(&"a".repeat(500))).await;
    assert!(!reply.head.contains("x-request-id"), "{}", reply.head);
}

#[tokio::test]
async fn the_description_of_the_urls_is_that_of_its_caller() {
    let (adapter, _directory) = adapter().await;
    for path in ["/openapi.json", "/api/v1/shop/_openapi"] {
        assert_eq!(adapter.send(Request::get(path)).await.status, 401, "{path}");
        let clerk = adapter.send(Request::get(path).key("clerk")).await;
        assert!(clerk.json()["paths"]["/api/v1/shop/_table/orders"]["delete"].is_object(), "{}", clerk.body);
        let reader = adapter.send(Request::get(path).key("reader")).await;
        let verbs = reader.json()["paths"]["/api/v1/shop/_table/orders"].as_object().unwrap().len();
        assert_eq!((verbs, reader.json()["paths"].get("/api/v1/shop/_sql")), (1, None), "{}", reader.body);
        for hidden in ["secrets", "ssn"] {
            assert!(!clerk.body.contains(hidden) && !reader.body.contains(hidden), "{hidden}");
        }
    }
    assert_eq!(adapter.send(Request::get("/api/v1/other/_openapi").key("clerk")).await.status, 403);
}
