//! PostgreSQL: the same rights, its own types, and a session that cannot write.

use std::time::{Duration, Instant};

use adapter::Bounds;
use serde_json::json;

use crate::harness::{Adapter, Cluster, Request, document};
use crate::sqlite::ROLES;

const SHOP: &str = "
    CREATE TABLE customers (id int PRIMARY KEY, name text NOT NULL, ssn text);
    CREATE TABLE orders (id int PRIMARY KEY, customer_id int REFERENCES customers (id), status text);
    CREATE TABLE products (id int PRIMARY KEY, name text);
    CREATE TABLE secrets (id int PRIMARY KEY, word text);
    CREATE SCHEMA sales;
    CREATE TABLE sales.regions (id int PRIMARY KEY, \"Odd Name\" text);
    COMMENT ON COLUMN customers.name IS 'Full name';
    INSERT INTO customers VALUES (1, 'Ann', 'canary-1'), (2, 'Bo', 'canary-2');
    INSERT INTO orders VALUES (1, 1, 'open'), (2, 1, 'closed'), (3, 2, 'open');
    INSERT INTO products SELECT i, 'p' || i FROM generate_series(1, 20) i;
    INSERT INTO secrets VALUES (1, 'canary-3');
    INSERT INTO sales.regions VALUES (1, 'North');";

async fn shop(bounds: Bounds) -> (Cluster, tokio_postgres::Client, Adapter) {
    let cluster = Cluster::start().await;
    let client = cluster.client().await;
    client.batch_execute(SHOP).await.unwrap();
    let adapter = Adapter::start_with(&document(&cluster.url(), ROLES), bounds).await;
    (cluster, client, adapter)
}

/// One server for all that does not change it: starting one takes longer than the rest.
#[tokio::test]
async fn rights_hold() {
    let (_cluster, client, adapter) = shop(Bounds::default()).await;
    let rows = adapter.rows("support", r#"{"table":"customers","order":"id DESC"}"#).await;
    assert_eq!(rows["rows"], json!([{ "id": 2, "name": "Bo" }, { "id": 1, "name": "Ann" }]));
    for arguments in [
        r#"{"table":"customers","fields":["ssn"]}"#,
        r#"{"table":"customers","filter":"ssn = 'canary-1'"}"#,
        r#"{"table":"customers","order":"ssn"}"#,
        r#"{"table":"secrets"}"#,
        r#"{"table":"products"}"#,
        r#"{"table":"sales.regions"}"#,
        r#"{"table":"pg_catalog.pg_authid"}"#,
        r#"{"table":"customers","filter":"id = 99999999999999999999"}"#,
    ] {
        let text = adapter.refusal("support", arguments).await;
        assert!(!text.contains("canary") && !text.contains("ERROR"), "{text}");
    }
    let rows = adapter
        .rows("everything", r#"{"table":"products","filter":"id BETWEEN 3 AND 4 OR name ENDS WITH '20'"}"#)
        .await;
    assert_eq!(
        rows["rows"],
        json!([{ "id": 3, "name": "p3" }, { "id": 4, "name": "p4" }, { "id": 20, "name": "p20" }])
    );
    let rows =
        adapter.rows("everything", r#"{"table":"sales.regions","filter":"\"Odd Name\" = 'North'"}"#).await;
    assert_eq!(rows["rows"], json!([{ "id": 1, "Odd Name": "North" }]));

    let table = adapter.call("support", "describe_table", r#"{"table":"customers"}"#).await;
    let columns = &table["structuredContent"]["columns"];
    assert_eq!(
        (&columns[1]["comment"], &columns[1]["nullable"]),
        (&"Full name".into(), &false.into()),
        "{table}"
    );
    assert!(!table.to_string().contains("ssn"), "{table}");
    let table = adapter.call("support", "describe_table", r#"{"table":"orders"}"#).await;
    assert_eq!(table["structuredContent"]["foreign_keys"][0]["table"], "customers", "{table}");

    client.batch_execute("ALTER TABLE orders ADD COLUMN colour text DEFAULT 'red'").await.unwrap();
    let list = adapter.send(Request::modern("tools/list", "").key("support")).await;
    assert!(list.body.contains("colour"), "{}", list.body);
    let rows = adapter.rows("support", r#"{"table":"orders","fields":["colour"],"limit":1}"#).await;
    assert_eq!((&rows["rows"], &rows["truncated"]), (&json!([{ "colour": "red" }]), &true.into()));
}

#[tokio::test]
async fn every_type_has_one_form() {
    let (_cluster, client, adapter) = shop(Bounds::default()).await;
    client
        .batch_execute(
            "CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE DOMAIN percent AS int; CREATE TYPE pair AS (a int, b text);
             CREATE TABLE kinds AS SELECT 1::int2 AS i2, 9223372036854775807 AS i8, 12.50::numeric(10,2) AS amount,
               'NaN'::numeric AS nan, 0.1::float4 AS f4, 'Infinity'::float8 AS f8, true AS flag, 'a\"b'::text AS note,
               'x'::char(3) AS padded, '\\x00ff'::bytea AS bytes, '{ \"a\": 1.0 }'::jsonb AS doc, '[1 , 2]'::json AS list,
               '6f1c1f0e-8d5b-4f6e-9a51-0b8f6c1f2a3d'::uuid AS id, '2026-01-31'::date AS day,
               '14:30:00.5'::time AS clock, '2026-01-31 14:30:00'::timestamp AS local,
               '2026-01-31 14:30:00+02'::timestamptz AS moment, '1 day 02:00'::interval AS span,
               'ok'::mood AS mood, 7::percent AS share, ARRAY[[1,2],[3,NULL]] AS grid, ROW(1, 'x')::pair AS pair,
               '10.0.0.0/8'::cidr AS net, '::1'::inet AS host, NULL::text AS nothing",
        )
        .await
        .unwrap();
    let rows = adapter.rows("everything", r#"{"table":"kinds"}"#).await;
    assert_eq!(
        rows["rows"][0],
        json!({
            "i2": 1, "i8": "9223372036854775807", "amount": "12.50", "nan": "NaN", "f4": 0.1, "f8": "Infinity",
            "flag": true, "note": "a\"b", "padded": "x  ", "bytes": "AP8=", "doc": { "a": 1.0 }, "list": [1, 2],
            "id": "6f1c1f0e-8d5b-4f6e-9a51-0b8f6c1f2a3d", "day": "2026-01-31", "clock": "14:30:00.5",
            "local": "2026-01-31T14:30:00", "moment": "2026-01-31T12:30:00Z", "span": "P1DT2H", "mood": "ok",
            "share": 7, "grid": [[1, 2], [3, null]], "pair": { "a": 1, "b": "x" }, "net": "10.0.0.0/8",
            "host": "::1", "nothing": null,
        })
    );
    for filter in [
        "id = '6f1c1f0e-8d5b-4f6e-9a51-0b8f6c1f2a3d'",
        "amount = 12.5 AND flag = true AND mood = 'ok'",
        "moment < '2026-01-31T12:30:01Z' AND day >= '2026-01-31' AND clock < '15:00:00'",
    ] {
        let rows =
            adapter.rows("everything", &json!({ "table": "kinds", "filter": filter }).to_string()).await;
        assert_eq!(rows["count"], 1, "{filter}");
    }
}

#[tokio::test]
async fn what_a_view_runs_cannot_write_and_ends_at_the_deadline() {
    let bounds = Bounds { statement: Duration::from_secs(1), connections: 1, ..Bounds::default() };
    let (_cluster, client, adapter) = shop(bounds).await;
    client
        .batch_execute(
            "CREATE FUNCTION meddle() RETURNS int LANGUAGE sql AS $$ DELETE FROM public.orders; SELECT 1 $$;
             CREATE VIEW meddling AS SELECT public.meddle() AS id;
             CREATE VIEW slow AS SELECT pg_catalog.pg_sleep(60)::text AS id;
             CREATE VIEW telling AS SELECT ssn::int AS id FROM public.customers;",
        )
        .await
        .unwrap();
    let text = adapter.refusal("everything", r#"{"table":"meddling"}"#).await;
    assert!(text.contains("25006"), "{text}");
    let began = Instant::now();
    let text = adapter.refusal("everything", r#"{"table":"slow"}"#).await;
    assert!(text.contains("longer than 1 s"), "{text}");
    assert!(began.elapsed() < Duration::from_secs(5));
    // The server's text would quote the value.
    let text = adapter.refusal("everything", r#"{"table":"telling"}"#).await;
    assert!(text.contains("does not fit") && !text.contains("canary"), "{text}");
    let rows = adapter.rows("everything", r#"{"table":"orders"}"#).await;
    assert_eq!(rows["count"], 3);
}

#[tokio::test]
async fn a_server_that_is_gone_is_said_so() {
    let (cluster, _client, adapter) = shop(Bounds::default()).await;
    adapter.rows("everything", r#"{"table":"orders"}"#).await;
    drop(cluster);
    let text = adapter.refusal("everything", r#"{"table":"orders"}"#).await;
    assert_eq!(text, "the database cannot be reached");
}

#[tokio::test]
async fn a_superusers_login_is_not_used_unless_the_policy_says_so() {
    let (cluster, client, adapter) = shop(Bounds::default()).await;
    let allowed = document(&cluster.url(), ROLES);
    let safe = allowed.replace(", allow_unsafe_login: true", "");
    adapter.rows("everything", r#"{"table":"orders"}"#).await;
    adapter.push(&safe, 2).await;
    let text = adapter.refusal("everything", r#"{"table":"orders"}"#).await;
    assert!(text.contains("its login is a superuser") && text.contains("allow_unsafe_login"), "{text}");
    client
        .batch_execute("CREATE ROLE clerk LOGIN; GRANT SELECT ON ALL TABLES IN SCHEMA public TO clerk")
        .await
        .unwrap();
    adapter.push(&safe.replace("trigate@", "clerk@"), 3).await;
    let rows = adapter.rows("everything", r#"{"table":"orders"}"#).await;
    assert_eq!(rows["count"], 3);
}
