//! SQLite: rights, limits and values.

use std::time::{Duration, Instant};

use adapter::Bounds;
use rusqlite::Connection;
use serde_json::json;

use crate::harness::{Adapter, Request, document};

/// Roles that the tests of all boundaries use.
pub(crate) const ROLES: &str = r#"  support:
    tools: [{ allow: shop.* }]
    databases:
      shop:
        tables: { customers: [read], orders: [read], products: [insert] }
        deny_columns: { customers: [ssn] }
        max_rows: 5
  lister:
    tools: [{ allow: shop.list_tables }]
    databases:
      shop:
        tables: { orders: [read] }
  everything:
    tools: [{ allow: shop.* }]
    databases:
      shop:
        tables: { "*": [read] }
"#;

/// A small shop in a directory of its own, with its URL.
pub(crate) fn shop() -> (tempfile::TempDir, String) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("shop.db");
    let database = Connection::open(&path).unwrap();
    database
        .execute_batch(
            "CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT NOT NULL, ssn TEXT);
             CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customers (id), status TEXT);
             CREATE TABLE products (id INTEGER PRIMARY KEY, name TEXT);
             CREATE TABLE secrets (id INTEGER PRIMARY KEY, word TEXT);
             CREATE VIEW open_orders AS SELECT id FROM orders WHERE status = 'open';
             INSERT INTO customers VALUES (1, 'Ann', 'canary-1'), (2, 'Bo', 'canary-2');
             INSERT INTO orders VALUES (1, 1, 'open'), (2, 1, 'closed'), (3, 2, 'open');
             INSERT INTO products WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20)
               SELECT i, 'p' || i FROM n;
             INSERT INTO secrets VALUES (1, 'canary-3');",
        )
        .unwrap();
    let url = format!("sqlite://{}", path.display());
    (directory, url)
}

async fn adapter() -> (Adapter, tempfile::TempDir) {
    let (directory, url) = shop();
    (Adapter::start(&document(&url, ROLES)).await, directory)
}

#[tokio::test]
async fn permitted_rows_come_without_denied_columns() {
    let (adapter, _directory) = adapter().await;
    let rows = adapter.rows("support", r#"{"table":"customers","order":"id"}"#).await;
    assert_eq!(rows["rows"], json!([{ "id": 1, "name": "Ann" }, { "id": 2, "name": "Bo" }]));
    assert_eq!(rows["truncated"], false);
}

#[tokio::test]
async fn a_denied_column_cannot_be_named_anywhere() {
    let (adapter, _directory) = adapter().await;
    for arguments in [
        r#"{"table":"customers","fields":["ssn"]}"#,
        r#"{"table":"customers","fields":["SSN"]}"#,
        r#"{"table":"customers","filter":"ssn = 'canary-1'"}"#,
        r#"{"table":"customers","filter":"customers.ssn IS NOT NULL"}"#,
        r#"{"table":"customers","filter":"\"ssn\" STARTS WITH 'c'"}"#,
        r#"{"table":"customers","order":"ssn"}"#,
    ] {
        let text = adapter.refusal("support", arguments).await;
        assert!(
            text.contains("missing permission: read on column") && text.contains("smallest grant:"),
            "{text}"
        );
        assert!(!text.contains("canary"), "{text}");
    }
    let events = adapter.events(|event| event.rule == "unknown_column").await;
    assert!(events.iter().all(|event| event.decision() == proto::v1::Decision::Denied));
}

#[tokio::test]
async fn hidden_and_absent_tables_get_the_same_answer() {
    let (adapter, _directory) = adapter().await;
    let hidden = adapter.refusal("support", r#"{"table":"secrets"}"#).await;
    let absent = adapter.refusal("support", r#"{"table":"nothing"}"#).await;
    assert_eq!(hidden.replace("secrets", "nothing"), absent);
    assert!(hidden.contains("missing permission: read on table `secrets`"), "{hidden}");
    // Inserting is granted there, reading is not.
    adapter.refusal("support", r#"{"table":"products"}"#).await;
    adapter.refusal("support", r#"{"table":"sqlite_schema"}"#).await;
    adapter.refusal("everything", r#"{"table":"sqlite_schema"}"#).await;
}

#[tokio::test]
async fn the_row_limit_of_the_role_holds_and_a_cut_answer_says_so() {
    let (directory, url) = shop();
    let roles = ROLES.replace("products: [insert]", "products: [read]");
    let adapter = Adapter::start(&document(&url, &roles)).await;
    let rows = adapter.rows("support", r#"{"table":"products","limit":100}"#).await;
    assert_eq!((&rows["count"], &rows["truncated"]), (&5.into(), &true.into()));
    assert!(rows["hint"].as_str().unwrap().contains("offset"));
    let rows = adapter.rows("support", r#"{"table":"products","limit":2,"offset":18,"fields":["id"]}"#).await;
    assert_eq!((&rows["rows"], &rows["truncated"]), (&json!([{ "id": 19 }, { "id": 20 }]), &false.into()));
    drop(directory);
}

#[tokio::test]
async fn an_answer_stops_at_the_limit_of_bytes() {
    let (_directory, url) = shop();
    let bounds = Bounds { result_bytes: 60, ..Bounds::default() };
    let adapter = Adapter::start_with(&document(&url, ROLES), bounds).await;
    let rows = adapter.rows("everything", r#"{"table":"products"}"#).await;
    assert_eq!((&rows["count"], &rows["truncated"]), (&2.into(), &true.into()));
    assert!(rows["hint"].as_str().unwrap().contains("too large"), "{rows}");
}

#[tokio::test]
async fn every_type_has_one_form() {
    let (directory, url) = shop();
    Connection::open(directory.path().join("shop.db"))
        .unwrap()
        .execute_batch(
            "CREATE TABLE kinds (id INTEGER PRIMARY KEY, flag BOOLEAN, amount DECIMAL(10,2), ratio REAL, big BIGINT,
               bytes BLOB, doc JSON, day DATE, note TEXT, absent TEXT);
             INSERT INTO kinds VALUES (1, 1, 12.5, 0.1, 9223372036854775807, x'00ff', '{ \"a\": [1, 2] }',
               '2026-01-31', 'q\" \\ ü' || char(10), NULL);",
        )
        .unwrap();
    let adapter = Adapter::start(&document(&url, ROLES)).await;
    let rows = adapter.rows("everything", r#"{"table":"kinds"}"#).await;
    assert_eq!(
        rows["rows"][0],
        json!({
            "id": 1, "flag": true, "amount": "12.5", "ratio": 0.1, "big": "9223372036854775807", "bytes": "AP8=",
            "doc": { "a": [1, 2] }, "day": "2026-01-31", "note": "q\" \\ ü\n", "absent": null,
        })
    );
}

#[tokio::test]
async fn a_new_column_shows_at_once() {
    let (adapter, directory) = adapter().await;
    adapter.rows("support", r#"{"table":"orders"}"#).await;
    Connection::open(directory.path().join("shop.db"))
        .unwrap()
        .execute_batch("ALTER TABLE orders ADD COLUMN colour TEXT DEFAULT 'red'")
        .unwrap();
    // A query that names it makes the adapter look again.
    let rows = adapter.rows("support", r#"{"table":"orders","fields":["colour"],"limit":1}"#).await;
    assert_eq!(rows["rows"], json!([{ "colour": "red" }]));
    let list = adapter.send(Request::modern("tools/list", "").key("support")).await;
    assert!(list.body.contains("colour"), "{}", list.body);
    let table = adapter.call("support", "describe_table", r#"{"table":"orders"}"#).await;
    assert_eq!(table["structuredContent"]["columns"][3]["name"], "colour", "{table}");
}

#[tokio::test]
async fn a_dropped_column_is_our_error_not_the_databases() {
    let (adapter, directory) = adapter().await;
    adapter.rows("support", r#"{"table":"orders"}"#).await;
    Connection::open(directory.path().join("shop.db"))
        .unwrap()
        .execute_batch("DROP VIEW open_orders; ALTER TABLE orders DROP COLUMN status")
        .unwrap();
    let rows = adapter.rows("support", r#"{"table":"orders","limit":1}"#).await;
    assert_eq!(rows["rows"], json!([{ "id": 1, "customer_id": 1 }]));
}

#[tokio::test]
async fn views_are_read_like_tables() {
    let (adapter, _directory) = adapter().await;
    let rows = adapter.rows("everything", r#"{"table":"open_orders"}"#).await;
    assert_eq!(rows["rows"], json!([{ "id": 1 }, { "id": 3 }]));
    let text = adapter.refusal("support", r#"{"table":"open_orders"}"#).await;
    assert!(text.contains("no table"), "{text}");
}

#[tokio::test]
async fn a_statement_is_cancelled_at_its_deadline() {
    let (directory, url) = shop();
    Connection::open(directory.path().join("shop.db"))
        .unwrap()
        .execute_batch(
            "CREATE VIEW endless AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)
               SELECT i AS id FROM n WHERE i < 0",
        )
        .unwrap();
    let bounds = Bounds { statement: Duration::from_secs(1), connections: 1, ..Bounds::default() };
    let adapter = Adapter::start_with(&document(&url, ROLES), bounds).await;
    let began = Instant::now();
    let text = adapter.refusal("everything", r#"{"table":"endless"}"#).await;
    assert!(text.contains("longer than 1 s"), "{text}");
    assert!(began.elapsed() < Duration::from_secs(5));
    let events = adapter.events(|event| event.decision() == proto::v1::Decision::Failed).await;
    assert_eq!(events[0].rule, "allow shop.*");
    // Its one connection is free again.
    adapter.rows("everything", r#"{"table":"orders"}"#).await;
}

#[tokio::test]
async fn a_file_that_is_not_there_is_said_so_without_its_path() {
    let adapter = Adapter::start(&document("sqlite://nowhere/at/all.db", ROLES)).await;
    let text = adapter.refusal("support", r#"{"table":"orders"}"#).await;
    assert_eq!(text, "the database cannot be reached");
}

#[tokio::test]
async fn arguments_beyond_the_schema_are_refused() {
    let (adapter, _directory) = adapter().await;
    for (arguments, part) in [
        (r#"{"table":"orders","where":"1=1"}"#, "where"),
        (r#"{}"#, "table"),
        (r#"{"table":"orders","limit":"5"}"#, "invalid type"),
        (r#"{"table":"orders","filter":"1=1; DROP TABLE orders"}"#, "filter, character 4"),
        (r#"{"table":"orders; DROP TABLE orders"}"#, "no table"),
    ] {
        let text = adapter.refusal("support", arguments).await;
        assert!(text.contains(part), "{text}");
    }
}
