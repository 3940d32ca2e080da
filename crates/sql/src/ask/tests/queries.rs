//! Rows and groups.

use serde_json::json;

use super::{check, condition, query};
use crate::dialect::Dialect;

#[track_caller]
fn check_condition(filter: &str, dialect: Dialect, expected: &str) {
    assert_eq!(condition(filter, dialect), expected);
}

#[test]
fn text_is_compared_exactly_where_the_collation_does_not() {
    let name = "CAST(CAST(`t`.`name` AS CHAR) AS BINARY)";
    let value = "CAST(CAST(? AS CHAR) AS BINARY)";
    let my = Dialect::MySql;
    check_condition(
        "name = 'x'",
        my,
        &format!("(`t`.`name` = ?) AND ({name} = {value}) with Text(\"x\"), Text(\"x\")"),
    );
    check_condition("name != 'x'", my, &format!("{name} <> {value} with Text(\"x\")"));
    check_condition("name not in ('x')", my, &format!("{name} NOT IN ({value}) with Text(\"x\")"));
    let both = format!("(`t`.`name` IN (?)) AND ({name} IN ({value})) with Text(\"x\"), Text(\"x\")");
    check_condition("name in ('x')", my, &both);
    check_condition("name > 'x'", my, "`t`.`name` > ? with Text(\"x\")");
    check_condition("name = 'x'", Dialect::Postgres, "\"t\".\"name\" = CAST($1 AS TEXT) with Text(\"x\")");
    check_condition("name <> 'x'", Dialect::Sqlite, "\"t\".\"name\" <> ?1 with Text(\"x\")");
    check_condition(
        "name = 'x'",
        Dialect::SqlServer,
        "([t].[name] = @p1) AND (CAST(CAST([t].[name] AS NVARCHAR(MAX)) AS VARBINARY(MAX)) = \
         CAST(CAST(@p1 AS NVARCHAR(MAX)) AS VARBINARY(MAX))) with Text(\"x\")",
    );
}

#[test]
fn columns_are_compared_with_columns_of_their_kind() {
    check_condition("total > weight", Dialect::Postgres, "\"t\".\"total\" > \"t\".\"weight\" with ");
    check_condition(
        "name = status",
        Dialect::Sqlite,
        "value_type: filter, character 8: `name` holds text: `'word'`",
    );
    let unknown = |name: &str| {
        format!(
            "syntax: filter, character 8: expected a value (a 'string' in single quotes, a number, TRUE or FALSE) or a \
             column, found `{name}`"
        )
    };
    check_condition("name = active", Dialect::Sqlite, &unknown("active"));
    check_condition("name = hidden", Dialect::Sqlite, &unknown("hidden"));
    check_condition("name = \"hidden\"", Dialect::Sqlite, &unknown("hidden"));
}

#[test]
fn numbers_and_moments_are_what_the_engine_compares_them_as() {
    check_condition(
        "total > 12.5",
        Dialect::MySql,
        "`t`.`total` > CAST(? AS DECIMAL(65,1)) with Text(\"12.5\")",
    );
    check_condition(
        "total > 12.505",
        Dialect::SqlServer,
        "[t].[total] > CAST(@p1 AS DECIMAL(38,3)) with Text(\"12.505\")",
    );
    check_condition("total > 1e3", Dialect::SqlServer, "[t].[total] > @p1 with Real(1000.0)");
    let seen = "seen < '2026-01-31 14:30+02:00'";
    check_condition(seen, Dialect::MySql, "`t`.`seen` < ? with Text(\"2026-01-31 12:30:00\")");
    check_condition(seen, Dialect::SqlServer, "[t].[seen] < @p1 with Text(\"2026-01-31 14:30+02:00\")");
    check_condition(
        "seen < '2026-01-31 14:30'",
        Dialect::SqlServer,
        "[t].[seen] < @p1 with Text(\"2026-01-31T14:30:00Z\")",
    );
}

#[test]
fn a_masked_column_is_text() {
    check_condition(
        "ssn = '6789'",
        Dialect::Postgres,
        "\"t\".\"ssn\" = CAST($1 AS TEXT) with Text(\"6789\")",
    );
}

#[test]
fn groups_add_up() {
    let request = query(json!({
        "fields": ["name", "count(*)", "sum(id)", "avg(total) as mean", "count(distinct name)", "min(day)"],
        "group": ["name"],
        "having": "count > 1 and mean > 2.5 and max(id) < 5 and name is not null",
        "order": "sum_id desc",
    }));
    check(
        &request,
        Dialect::Postgres,
        r#"SELECT "t"."name" AS "name", pg_catalog.count(*) AS "count",
           CAST(pg_catalog.sum("t"."id") AS BIGINT) AS "sum_id",
           pg_catalog.avg(CAST("t"."total" AS DOUBLE PRECISION)) AS "mean",
           pg_catalog.count(DISTINCT "t"."name") AS "count_distinct_name", pg_catalog.min("t"."day") AS "min_day"
           FROM "main"."t" AS "t" GROUP BY "t"."name"
           HAVING (pg_catalog.count(*) > CAST($1 AS BIGINT))
           AND (pg_catalog.avg(CAST("t"."total" AS DOUBLE PRECISION)) > CAST($2 AS DOUBLE PRECISION))
           AND (pg_catalog.max("t"."id") < CAST($3 AS BIGINT)) AND ("t"."name" IS NOT NULL)
           ORDER BY CAST(pg_catalog.sum("t"."id") AS BIGINT) DESC, "t"."name" ASC NULLS LAST
           with Integer(1), Real(2.5), Integer(5)"#,
    );
}

#[test]
fn groups_are_exact_where_the_collation_is_not() {
    let request = query(json!({"fields": ["count(distinct name)"], "group": ["name"]}));
    check(
        &request,
        Dialect::MySql,
        "SELECT count(DISTINCT CAST(CAST(`t`.`name` AS CHAR) AS BINARY)) AS `count_distinct_name` \
         FROM `main`.`t` AS `t` GROUP BY `t`.`name`, CAST(CAST(`t`.`name` AS CHAR) AS BINARY) \
         ORDER BY (`t`.`name` IS NULL) ASC, `t`.`name` ASC, CAST(CAST(`t`.`name` AS CHAR) AS BINARY) ASC with",
    );
}

#[test]
fn whole_numbers_add_up_in_64_bits_everywhere() {
    let request = query(json!({"fields": ["sum(id) as s", "count(*) as n"]}));
    let cases = [
        (
            Dialect::MySql,
            "SELECT CAST(sum(`t`.`id`) AS SIGNED) AS `s`, count(*) AS `n` FROM `main`.`t` AS `t` with",
        ),
        (
            Dialect::SqlServer,
            "SELECT SUM(CAST([t].[id] AS BIGINT)) AS [s], COUNT_BIG(*) AS [n] FROM [main].[t] AS [t] with",
        ),
        (Dialect::Sqlite, r#"SELECT sum("t"."id") AS "s", count(*) AS "n" FROM "main"."t" AS "t" with"#),
    ];
    for (dialect, expected) in cases {
        check(&request, dialect, expected);
    }
}

#[test]
fn what_groups_do_not_have_is_refused() {
    let cases = [
        (
            json!({"fields": ["name", "count(*)"]}),
            "request: fields, entry 1: `name` differs within a group; add it to \
           `group`, or take count, sum, avg, min or max of it",
        ),
        (
            json!({"fields": ["*"], "group": ["name"]}),
            "request: fields, entry 1: `*` differs within a group; add it \
           to `group`, or take count, sum, avg, min or max of it",
        ),
        (
            json!({"fields": ["sum(name)"]}),
            "request: fields, entry 1: `sum` of `name` is not possible: it holds text: \
           `'word'`",
        ),
        (
            json!({"having": "count(*) > 1"}),
            "request: fields, entry 1: nothing is named; name at least one column",
        ),
        (
            json!({"group": ["name"], "having": "total > 1"}),
            "request: having, character 1: `total` is neither a \
           column of `group` nor the name of a field; name it there",
        ),
        (
            json!({"group": ["name"], "having": "hidden > 1"}),
            "request: having, character 1: `hidden` is neither a \
           column of `group` nor the name of a field; name it there",
        ),
        (
            json!({"order": "count(*)"}),
            "request: order, character 1: `count(*)` is of many rows, but the fields are \
           not; name aggregates or `group` to sort by it",
        ),
        (
            json!({"filter": "count(*) > 1"}),
            "request: filter, character 1: `count(*)` is of many rows; conditions on \
           it go into `having`",
        ),
        (json!({"fields": ["count(*"]}), "syntax: fields, entry 1: expected ), found the end"),
        (
            json!({"fields": ["count(*)", "count(id) as count"]}),
            "repeated_name: fields, entry 2: `count` is named \
           twice; name it once",
        ),
        (
            json!({"fields": ["max(hidden)"]}),
            "unknown_column: fields, entry 1: no column `hidden` in `t` that this \
           role may read; `describe_table` lists the columns there are for it",
        ),
        (
            json!({"group": ["doc"]}),
            "value_type: group, entry 1: `doc` holds JSON: only `IS NULL` and `IS NOT NULL` \
           apply",
        ),
        (
            json!({"group": ["name"], "cursor": "AQ"}),
            "request: cursor: this query has none: its order must end in \
           the table's whole primary key, which the role must be able to read, and it must not be grouped; page by \
           `offset` instead",
        ),
    ];
    for (request, expected) in cases {
        check(&query(request), Dialect::Postgres, expected);
    }
}

#[test]
fn a_field_can_have_another_name_and_be_sorted_by_it() {
    check(
        &query(json!({"fields": ["total as amount", "id"], "order": "amount desc"})),
        Dialect::Sqlite,
        r#"SELECT "t"."total" AS "amount", "t"."id" AS "id" FROM "main"."t" AS "t"
           ORDER BY "t"."total" DESC, "t"."id" ASC with"#,
    );
}
