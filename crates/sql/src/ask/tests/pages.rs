//! Pages, and the cursors between them.

use serde_json::json;

use super::{body, check, query, scope};
use crate::cursor::encode;
use crate::dialect::Dialect;

#[test]
fn the_columns_of_the_order_are_there_for_the_cursor_and_hidden() {
    let request = query(json!({"fields": ["day"], "order": "day desc"}));
    let asked = body(&request, &scope(Dialect::Sqlite)).unwrap();
    assert_eq!(asked.cursor.unwrap().columns, [0, 1]);
    let expected = "SELECT \"t\".\"day\" AS \"day\", \"t\".\"id\" AS \"\u{1}1\" FROM \"main\".\"t\" AS \"t\" \
                    ORDER BY \"t\".\"day\" DESC, \"t\".\"id\" ASC with";
    check(&request, Dialect::Sqlite, expected);
}

/// The condition that the cursor adds to a query by `order`, the values of its columns given.
#[track_caller]
fn check_page(order: &str, cells: &[&str], dialect: Dialect, expected: &str) {
    let first = query(json!({"fields": ["id", "name", "seen"], "order": order}));
    let plan = body(&first, &scope(dialect)).unwrap().cursor.unwrap();
    let cursor = encode(plan.fingerprint, cells);
    let said = super::said(
        &query(json!({"fields": ["id", "name", "seen"], "order": order, "cursor": cursor})),
        dialect,
    );
    let (_, condition) = said.split_once(" WHERE ").unwrap_or(("", &said));
    assert_eq!(condition.split_once(" ORDER BY ").map_or(condition, |(condition, _)| condition), expected);
}

#[test]
fn a_page_begins_after_the_one_before() {
    let (lite, pg) = (Dialect::Sqlite, Dialect::Postgres);
    check_page("id", &["7"], lite, r#""t"."id" > ?1"#);
    check_page("id desc", &["7"], pg, r#""t"."id" < CAST($1 AS BIGINT)"#);
    check_page(
        "name desc, seen",
        &["\"x\"", "\"2026-01-31T14:30:00Z\"", "7"],
        pg,
        r#"("t"."name" <= $1) AND (("t"."name" < $2) OR (("t"."name" = $3) AND (("t"."seen" > $4) OR ("t"."seen" IS NULL))) OR (("t"."name" = $5) AND ("t"."seen" = $6) AND ("t"."id" > CAST($7 AS BIGINT))))"#,
    );
    check_page(
        "total, id",
        &["12.50", "7"],
        Dialect::MySql,
        "(`t`.`total` >= CAST(? AS DECIMAL(65,2))) AND ((`t`.`total` > CAST(? AS DECIMAL(65,2))) OR \
         ((`t`.`total` = CAST(? AS DECIMAL(65,2))) AND (`t`.`id` > ?)))",
    );
}

#[test]
fn nulls_are_the_largest_values() {
    let lite = Dialect::Sqlite;
    check_page("name", &["null", "7"], lite, r#"("t"."name" IS NULL) AND ("t"."id" > ?1)"#);
    check_page(
        "name desc",
        &["null", "7"],
        lite,
        r#"("t"."name" IS NOT NULL) OR (("t"."name" IS NULL) AND ("t"."id" > ?1))"#,
    );
    check_page(
        "name",
        &["\"x\"", "7"],
        lite,
        r#"(("t"."name" > ?1) OR ("t"."name" IS NULL)) OR (("t"."name" = ?1) AND ("t"."id" > ?2))"#,
    );
}

#[test]
fn a_cursor_that_does_not_fit_is_refused() {
    let foreign = "request: cursor: it does not belong to this query; repeat the query it came from (same table, filter \
                   and order), or leave the cursor out to begin again";
    for cells in [&["7", "8"][..], &[], &["\"x\""], &["[1]"], &["1 or 1"], &["1.5.5"]] {
        check_page("id", cells, Dialect::Postgres, foreign);
    }
    let asked = body(&query(json!({"order": "id"})), &scope(Dialect::Postgres)).unwrap();
    let cursor = encode(asked.cursor.unwrap().fingerprint, &["7"]);
    for other in [json!({"order": "id desc"}), json!({"filter": "id > 1"}), json!({"order": "name"})] {
        let mut other = other;
        other["cursor"] = json!(cursor);
        check(&query(other), Dialect::Postgres, foreign);
    }
    check(
        &query(json!({"order": "id", "cursor": cursor, "offset": 1})),
        Dialect::Postgres,
        "request: cursor: it already says where the page begins; leave `offset` out",
    );
}

#[test]
fn orders_of_which_no_value_comes_back_as_it_was_have_no_cursors() {
    for (order, dialect) in
        [("tags", Dialect::Postgres), ("status", Dialect::MySql), ("status", Dialect::SqlServer)]
    {
        let asked = body(&query(json!({"order": order})), &scope(dialect)).unwrap();
        assert_eq!(asked.cursor, None, "{order}");
    }
    let asked = body(&query(json!({"order": "status"})), &scope(Dialect::Postgres)).unwrap();
    assert_eq!(asked.cursor.unwrap().columns.len(), 2);
}
