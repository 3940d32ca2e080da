//! Rows to add, to change and to remove.

use serde_json::{Value as Json, json};

use super::check;
use crate::dialect::Dialect;
use crate::request::Request;

fn insert(mut insert: Json) -> Request {
    insert["table"] = json!("t");
    Request::Insert(serde_json::from_value(insert).unwrap())
}

#[test]
fn values_are_of_the_columns_types() {
    let rows = insert(json!({"rows": [{
        "id": "9007199254740993", "name": "x", "total": "12.50", "paid": true, "day": "2026-01-31", "raw": "AAEC",
        "status": "new", "weight": 1.5, "seen": null,
    }]}));
    check(
        &rows,
        Dialect::Postgres,
        r#"INSERT INTO "main"."t" ("id", "name", "total", "weight", "paid", "day", "seen", "raw", "status")
           VALUES (CAST($1 AS BIGINT), CAST($2 AS TEXT), CAST(CAST($3 AS TEXT) AS NUMERIC),
           CAST($4 AS DOUBLE PRECISION), TRUE, CAST(CAST($5 AS TEXT) AS DATE), NULL, CAST($6 AS BYTEA), $7)
           with Integer(9007199254740993), Text("x"), Text("12.50"), Real(1.5), Text("2026-01-31"),
           Bytes([0, 1, 2]), Text("new")"#,
    );
    check(
        &rows,
        Dialect::MySql,
        r#"INSERT INTO `main`.`t` (`id`, `name`, `total`, `weight`, `paid`, `day`, `seen`, `raw`, `status`)
           VALUES (?, ?, CAST(? AS DECIMAL(65,2)), ?, TRUE, ?, NULL, ?, ?)
           with Integer(9007199254740993), Text("x"), Text("12.50"), Real(1.5), Text("2026-01-31"),
           Bytes([0, 1, 2]), Text("new")"#,
    );
}

#[test]
fn documents_and_lists_are_text_that_the_engine_reads() {
    let rows = insert(
        json!({"rows": [{"doc": {"a": [1, "x"]}, "tags": ["a\"b", null, "c\\"]}, {"doc": "x", "tags": []}]}),
    );
    check(
        &rows,
        Dialect::Postgres,
        r#"INSERT INTO "main"."t" ("doc", "tags") VALUES (CAST(CAST($1 AS TEXT) AS JSON), $2),
           (CAST(CAST($3 AS TEXT) AS JSON), $4)
           with Text("{\"a\":[1,\"x\"]}"), Text("{\"a\\\"b\",NULL,\"c\\\\\"}"), Text("\"x\""), Text("{}")"#,
    );
    check(
        &insert(json!({"rows": [{"doc": 1}]})),
        Dialect::Sqlite,
        r#"INSERT INTO "main"."t" ("doc") VALUES (?1) with Text("1")"#,
    );
}

#[test]
fn what_a_column_cannot_hold_is_refused_with_its_row() {
    let cases = [
        (json!({"id": 1.5}), "`id` holds a whole number of at most 64 bits: `42`"),
        (json!({"id": {}}), "`id` holds a whole number of at most 64 bits: `42`"),
        (json!({"id": "9223372036854775808"}), "`id` holds a whole number of at most 64 bits: `42`"),
        (json!({"name": true}), "`name` holds text: `'word'`"),
        (json!({"name": "a\u{0}"}), "`name` holds text: `'word'`"),
        (json!({"name": ["a"]}), "`name` holds text: `'word'`"),
        (json!({"day": "2026-02-30"}), "`day` holds a date: `'2026-01-31'`"),
        (json!({"raw": "%"}), "`raw` holds bytes: a string of base64"),
    ];
    for (row, expected) in cases {
        check(
            &insert(json!({"rows": [{"id": 1, "name": "x"}, row]})),
            Dialect::Postgres,
            &format!("request: rows, entry 2: {expected}"),
        );
    }
    check(
        &insert(json!({"rows": [{"id": 2.0}]})),
        Dialect::Sqlite,
        r#"INSERT INTO "main"."t" ("id") VALUES (?1) with Integer(2)"#,
    );
}

#[test]
fn columns_are_named_once_and_exist() {
    let unknown = "no column `hidden` in `t` that this role may read; `describe_table` lists the columns there are for it";
    let cases = [
        (
            json!({"rows": []}),
            "request: rows, entry 1: nothing is named; name at least one column".to_owned(),
        ),
        (
            json!({"rows": [{}]}),
            "request: rows, entry 1: nothing is named; name at least one column".to_owned(),
        ),
        (json!({"rows": [{"hidden": 1}]}), format!("unknown_column: rows, entry 1: {unknown}")),
        (
            json!({"rows": [{"id": 1}], "returning": ["hidden"]}),
            format!("unknown_column: returning, entry 1: {unknown}"),
        ),
        (
            json!({"rows": [{"id": 1}], "on_conflict": ["hidden"]}),
            format!("unknown_column: on_conflict, entry 1: {unknown}"),
        ),
        (
            json!({"rows": [{"ID": 1, "id": 2}]}),
            "repeated_name: rows, entry 1: `id` is named twice; name it once".to_owned(),
        ),
    ];
    for (request, expected) in cases {
        check(&insert(request), Dialect::Postgres, &expected);
    }
}

#[test]
fn what_a_row_does_not_name_gets_its_default() {
    let rows = insert(json!({"rows": [{"id": 1}, {"name": null}]}));
    check(
        &rows,
        Dialect::Postgres,
        r#"INSERT INTO "main"."t" ("id", "name") VALUES (CAST($1 AS BIGINT), DEFAULT), (DEFAULT, NULL) with Integer(1)"#,
    );
    let ragged = "request: rows, entry 1: it lacks columns that other rows name; name the same columns in every row, or \
                  insert it by itself";
    check(&rows, Dialect::Sqlite, ragged);
    let conflict = insert(json!({"rows": [{"id": 1}, {"id": 2, "name": null}], "on_conflict": ["id"]}));
    check(&conflict, Dialect::Postgres, ragged);
}

#[test]
fn too_many_values_at_once_are_refused() {
    let rows = |count: usize| insert(json!({"rows": vec![json!({"id": 1, "name": "x"}); count]}));
    let said = super::said(&rows(1001), Dialect::SqlServer);
    assert_eq!(said, "request: rows, entry 1: more than 2000 values in one request; split it");
    assert!(super::said(&rows(1000), Dialect::SqlServer).starts_with("INSERT"));
}

#[test]
fn a_row_that_is_there_already_gets_the_new_values() {
    let upsert = insert(json!({
        "rows": [{"id": 1, "name": "x"}], "on_conflict": ["id"], "returning": ["id", "name"],
    }));
    check(
        &upsert,
        Dialect::Postgres,
        r#"INSERT INTO "main"."t" ("id", "name") VALUES (CAST($1 AS BIGINT), CAST($2 AS TEXT))
           ON CONFLICT ("id") DO UPDATE SET "name" = "excluded"."name"
           RETURNING "t"."id" AS "id", "t"."name" AS "name" with Integer(1), Text("x")"#,
    );
    check(
        &upsert,
        Dialect::MySql,
        "request: returning, entry 1: this database gives back no rows of a change; query them afterwards",
    );
    let upsert = insert(json!({"rows": [{"id": 1, "name": "x"}], "on_conflict": ["id"]}));
    check(
        &upsert,
        Dialect::MySql,
        "INSERT INTO `main`.`t` (`id`, `name`) VALUES (?, ?) ON DUPLICATE KEY UPDATE `name` = VALUES(`name`) \
         with Integer(1), Text(\"x\")",
    );
    check(
        &insert(json!({"rows": [{"id": 1}], "on_conflict": ["id"]})),
        Dialect::Sqlite,
        r#"INSERT INTO "main"."t" ("id") VALUES (?1) ON CONFLICT ("id") DO NOTHING with Integer(1)"#,
    );
}

#[test]
fn rows_are_changed_and_removed_by_a_filter() {
    let update =
        json!({"table": "t", "set": {"name": "y", "total": 3}, "filter": "id = 1", "returning": ["id"]});
    check(
        &Request::Update(serde_json::from_value(update).unwrap()),
        Dialect::Postgres,
        r#"UPDATE "main"."t" SET "name" = CAST($1 AS TEXT), "total" = CAST(CAST($2 AS TEXT) AS NUMERIC)
           WHERE "t"."id" = CAST($3 AS BIGINT) RETURNING "t"."id" AS "id"
           with Text("y"), Text("3"), Integer(1)"#,
    );
    let nothing = Request::Update(serde_json::from_value(json!({"table": "t", "set": {}})).unwrap());
    check(&nothing, Dialect::Postgres, "request: set: nothing is named; name at least one column");
    let delete = json!({"table": "t", "filter": "id = 1 or hidden = 2"});
    check(
        &Request::Delete(serde_json::from_value(delete).unwrap()),
        Dialect::Sqlite,
        "unknown_column: filter, character 11: no column `hidden` in `t` that this role may read; `describe_table` lists \
         the columns there are for it",
    );
    let delete = json!({"table": "T", "filter": "id = 1"});
    check(
        &Request::Delete(serde_json::from_value(delete).unwrap()),
        Dialect::Sqlite,
        r#"DELETE FROM "main"."t" WHERE "t"."id" = ?1 with Integer(1)"#,
    );
}
