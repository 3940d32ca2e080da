//! What statements mean, said by their print.

use super::*;

#[test]
fn a_query_means_what_its_print_says() {
    check(
        Dialect::Postgres,
        "select a, b as c, count(*) n from s.t x where a > 1 and b in (1, -2) group by 1, 2 having count(*) > 1 order by n desc limit 5 offset 2",
        "SELECT \"a\", \"b\" AS \"c\", pg_catalog.count(*) AS \"n\" FROM \"s\".\"t\" AS \"x\" \
         WHERE (\"a\" > 1) AND (\"b\" IN (1, (-2))) GROUP BY 1, 2 HAVING pg_catalog.count(*) > 1 \
         ORDER BY \"n\" DESC LIMIT CAST($1 AS BIGINT) OFFSET CAST($2 AS BIGINT)",
    );
}

#[test]
fn operators_bind_as_in_the_engine() {
    for (sql, expected) in [
        ("SELECT -2 ^ 2", "SELECT (-2) ^ 2"),
        ("SELECT -a::int", "SELECT -(CAST(\"a\" AS INTEGER))"),
        ("SELECT a = b ~ c", "SELECT \"a\" = (\"b\" ~ \"c\")"),
        ("SELECT ~a + b", "SELECT ~(\"a\" + \"b\")"),
        ("SELECT a ->> 'b' = 'c'", "SELECT (\"a\" ->> $1) = $2"),
        ("SELECT a ->> 'b' || 'c'", "SELECT (\"a\" ->> $1) || $2"),
        ("SELECT a BETWEEN 1 AND 2 OR b", "SELECT (\"a\" BETWEEN 1 AND 2) OR \"b\""),
    ] {
        check(Dialect::Postgres, sql, expected);
    }
    for (sql, expected) in [
        ("SELECT a ->> '$.b' + 1", "SELECT (`a` ->> ?) + 1"),
        ("SELECT a ^ b * c", "SELECT (`a` ^ `b`) * `c`"),
        ("SELECT a << 1 & b", "SELECT (`a` << 1) & `b`"),
        ("SELECT -a ^ b", "SELECT (-(`a`)) ^ `b`"),
        ("SELECT a LIKE b = c", "SELECT (`a` LIKE `b`) = `c`"),
        ("SELECT a || b AND c", "SELECT `a` OR (`b` AND `c`)"),
        ("SELECT a MOD b + c", "SELECT (`a` % `b`) + `c`"),
        ("SELECT a && b > 1", "SELECT `a` AND (`b` > 1)"),
        ("SELECT a = b LIKE c", "SELECT `a` = (`b` LIKE `c`)"),
        ("SELECT a <=> b NOT IN (1)", "SELECT `a` <=> (`b` NOT IN (1))"),
        ("SELECT a > b BETWEEN 1 AND 2", "SELECT `a` > (`b` BETWEEN 1 AND 2)"),
        ("SELECT BINARY a = b AND c", "SELECT (CAST(`a` AS BINARY) = `b`) AND `c`"),
        ("SELECT (a = b) IS NULL", "SELECT (`a` = `b`) IS NULL"),
    ] {
        check(Dialect::MySql, sql, expected);
    }
    for (sql, expected) in [
        ("SELECT a ->> 'b' + 1", "SELECT (\"a\" ->> ?1) + 1"),
        ("SELECT a || b * c", "SELECT (\"a\" || \"b\") * \"c\""),
        ("SELECT a = b < c", "SELECT \"a\" = (\"b\" < \"c\")"),
        ("SELECT a << 1 & b", "SELECT (\"a\" << 1) & \"b\""),
        ("SELECT ~a * b", "SELECT (~(\"a\")) * \"b\""),
        ("SELECT a IS b = c", "SELECT (\"a\" IS NOT DISTINCT FROM \"b\") = \"c\""),
        ("SELECT a IS NOT b AND c", "SELECT (\"a\" IS DISTINCT FROM \"b\") AND \"c\""),
        ("SELECT a IS NULL + b", "SELECT \"a\" IS NOT DISTINCT FROM (NULL + \"b\")"),
        ("SELECT a IS NOT TRUE * b = c", "SELECT (\"a\" IS DISTINCT FROM (TRUE * \"b\")) = \"c\""),
        ("SELECT a IS NOT NULL AND b IS TRUE", "SELECT (\"a\" IS NOT NULL) AND (\"b\" IS TRUE)"),
    ] {
        check(Dialect::Sqlite, sql, expected);
    }
    check(Dialect::SqlServer, "SELECT a & b + c", "SELECT ([a] & [b]) + [c]");
    check(Dialect::SqlServer, "SELECT ~a * b", "SELECT (~([a])) * [b]");
}

#[test]
fn queries_of_postgres_mean_what_their_prints_say() {
    for (dialect, sql, expected) in [
        (
            Dialect::Postgres,
            "SELECT o.id FROM orders o JOIN customers c USING (id) LEFT JOIN x ON o.a = x.a NATURAL JOIN y, z CROSS JOIN LATERAL (SELECT 1) AS l",
            r#"SELECT "o"."id" FROM "orders" AS "o" JOIN "customers" AS "c" USING ("id") LEFT JOIN "x" ON "o"."a" = "x"."a" NATURAL JOIN "y", "z" CROSS JOIN LATERAL (SELECT 1) AS "l""#,
        ),
        (
            Dialect::Postgres,
            "WITH RECURSIVE t (n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM t WHERE n < 5) SELECT n FROM t",
            r#"WITH RECURSIVE "t" ("n") AS (VALUES (1) UNION ALL SELECT "n" + 1 FROM "t" WHERE "n" < 5) SELECT "n" FROM "t""#,
        ),
        (
            Dialect::Postgres,
            "SELECT a FROM t UNION SELECT b FROM u INTERSECT SELECT c FROM v ORDER BY 1",
            r#"SELECT "a" FROM "t" UNION (SELECT "b" FROM "u" INTERSECT SELECT "c" FROM "v") ORDER BY 1 ASC"#,
        ),
        (
            Dialect::Postgres,
            "SELECT DISTINCT ON (a) a, sum(b) FILTER (WHERE c) OVER w, string_agg(d, ',' ORDER BY e DESC NULLS LAST) FROM t WINDOW w AS (PARTITION BY a ORDER BY b ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)",
            r#"SELECT DISTINCT ON ("a") "a", pg_catalog.sum("b") FILTER (WHERE "c") OVER "w", pg_catalog.string_agg("d", $1 ORDER BY "e" DESC NULLS LAST) FROM "t" WINDOW "w" AS ( PARTITION BY "a" ORDER BY "b" ASC ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)"#,
        ),
        (
            Dialect::Postgres,
            "SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY a) FROM t GROUP BY ROLLUP (a, (b, c)), GROUPING SETS ((a), ())",
            r#"SELECT pg_catalog.percentile_cont(0.5) WITHIN GROUP (ORDER BY "a" ASC) FROM "t" GROUP BY ROLLUP (("a"), ("b", "c")), GROUPING SETS (("a"), ())"#,
        ),
        (
            Dialect::Postgres,
            "SELECT x FROM generate_series(1, 10) WITH ORDINALITY AS g (x, n)",
            r#"SELECT "x" FROM pg_catalog.generate_series(1, 10) WITH ORDINALITY AS "g" ("x", "n")"#,
        ),
        (
            Dialect::Postgres,
            "SELECT EXTRACT(dow FROM a), DATE '2026-01-31', a AT TIME ZONE 'UTC', now() - INTERVAL '7' DAY, trim(leading from b), position('x' in b), ARRAY[1, 2], a = ANY (ARRAY[1])",
            r#"SELECT EXTRACT(DOW FROM "a"), CAST($1 AS DATE), "a" AT TIME ZONE $2, pg_catalog.now() - CAST($3 AS INTERVAL), TRIM(LEADING FROM "b"), pg_catalog.strpos("b", $4), ARRAY[1, 2], "a" = ANY (ARRAY[1])"#,
        ),
        (
            Dialect::Postgres,
            "SELECT 1 WHERE (a, b) IN ((1, 2)) AND c ILIKE '%x' AND NOT EXISTS (SELECT 1) AND d IS NOT DISTINCT FROM NULL",
            r#"SELECT 1 WHERE (("a", "b") IN ((1, 2))) AND ("c" ILIKE $1) AND (NOT EXISTS (SELECT 1)) AND ("d" IS NOT DISTINCT FROM NULL)"#,
        ),
    ] {
        check(dialect, sql, expected);
    }
}

#[test]
fn queries_of_other_engines_mean_what_their_prints_say() {
    for (dialect, sql, expected) in [
        (
            Dialect::MySql,
            "SELECT a, COUNT(*) FROM t GROUP BY a, b WITH ROLLUP ORDER BY a IS NULL, a LIMIT 5, 10",
            "SELECT `a`, count(*) FROM `t` GROUP BY `a`, `b` WITH ROLLUP ORDER BY (`a` IS NULL) ASC, `a` ASC LIMIT ? OFFSET ?",
        ),
        (
            Dialect::MySql,
            r#"SELECT GROUP_CONCAT(DISTINCT a ORDER BY b SEPARATOR ';'), DATE_ADD(d, INTERVAL 1 DAY), NOT (a <=> b), "x" FROM t"#,
            "SELECT group_concat(DISTINCT `a` ORDER BY `b` ASC SEPARATOR ';'), date_add(`d`, INTERVAL 1 DAY), NOT (`a` <=> `b`), ? FROM `t`",
        ),
        (
            Dialect::SqlServer,
            "SELECT TOP 5 n = o.id, TRY_CAST(a AS INT), CONVERT(VARCHAR(10), d, 120), DATEADD(dd, 1, d), CAST(1 AS BIT) FROM orders o CROSS APPLY (SELECT 1 AS x) s OUTER APPLY STRING_SPLIT(o.a, ',') p",
            "SELECT TOP (@p1) [o].[id] AS [n], TRY_CAST([a] AS INT), CONVERT(NVARCHAR(10), [d], 120), DATEADD(DAY, 1, [d]), CAST(1 AS BIT) FROM [orders] AS [o] CROSS APPLY (SELECT 1 AS [x]) AS [s] OUTER APPLY STRING_SPLIT([o].[a], @p2) AS [p]",
        ),
        (
            Dialect::SqlServer,
            "SELECT a FROM t ORDER BY (SELECT NULL) OFFSET 5 ROWS FETCH NEXT 10 ROWS ONLY",
            "SELECT [a] FROM [t] ORDER BY (SELECT NULL) OFFSET @p1 ROWS FETCH NEXT @p2 ROWS ONLY",
        ),
        (
            Dialect::SqlServer,
            "SELECT STRING_AGG(a, ',') WITHIN GROUP (ORDER BY a) FROM t GROUP BY GROUPING SETS ((a), ())",
            "SELECT STRING_AGG([a], @p1) WITHIN GROUP (ORDER BY [a] ASC) FROM [t] GROUP BY GROUPING SETS (([a]), ())",
        ),
        (
            Dialect::Sqlite,
            "SELECT a FROM t WHERE a ISNULL AND b NOT GLOB 'x*' LIMIT -1 OFFSET 5",
            r#"SELECT "a" FROM "t" WHERE ("a" IS NULL) AND (NOT ("b" GLOB ?1)) LIMIT -1 OFFSET ?2"#,
        ),
    ] {
        check(dialect, sql, expected);
    }
}

#[test]
fn writes_mean_what_their_prints_say() {
    for (dialect, sql, expected) in [
        (
            Dialect::Postgres,
            "INSERT INTO t AS x (a, b) VALUES (1, DEFAULT) ON CONFLICT (a) DO UPDATE SET b = excluded.b + 1 WHERE x.b > 1 RETURNING a, b AS c",
            r#"INSERT INTO "t" AS "x" ("a", "b") VALUES (1, DEFAULT) ON CONFLICT ("a") DO UPDATE SET "b" = "excluded"."b" + 1 WHERE "x"."b" > 1 RETURNING "a", "b" AS "c""#,
        ),
        (
            Dialect::Postgres,
            "WITH x AS (SELECT 1 AS a) UPDATE t SET a = 1, b = DEFAULT WHERE t.a IN (SELECT a FROM x) RETURNING *",
            r#"WITH "x" AS (SELECT 1 AS "a") UPDATE "t" SET "a" = 1, "b" = DEFAULT WHERE "t"."a" IN (SELECT "a" FROM "x") RETURNING *"#,
        ),
        (
            Dialect::Postgres,
            "WITH x AS (SELECT 1 AS a) INSERT INTO t (a) SELECT a FROM x",
            r#"INSERT INTO "t" ("a") WITH "x" AS (SELECT 1 AS "a") SELECT "a" FROM "x""#,
        ),
        (
            Dialect::MySql,
            "INSERT INTO t SET a = 1, b = 'x' ON DUPLICATE KEY UPDATE a = VALUES(a)",
            "INSERT INTO `t` (`a`, `b`) VALUES (1, ?) ON DUPLICATE KEY UPDATE `a` = VALUES(`a`)",
        ),
        (Dialect::MySql, "DELETE FROM t WHERE a = 1", "DELETE FROM `t` WHERE `a` = 1"),
        (
            Dialect::SqlServer,
            "UPDATE o SET o.a = 1 OUTPUT inserted.a FROM orders AS o WHERE o.b = 2",
            "UPDATE [orders] AS [o] SET [a] = 1 OUTPUT [inserted].[a] WHERE [o].[b] = 2",
        ),
        (
            Dialect::SqlServer,
            "DELETE FROM orders OUTPUT deleted.id WHERE a = 1",
            "DELETE FROM [orders] OUTPUT [deleted].[id] WHERE [a] = 1",
        ),
    ] {
        check(dialect, sql, expected);
    }
}

#[test]
fn changes_of_the_schema_mean_what_their_prints_say() {
    for (dialect, sql, expected) in [
        (
            Dialect::Postgres,
            "CREATE TABLE IF NOT EXISTS s.t (id BIGSERIAL PRIMARY KEY, a VARCHAR(20) NOT NULL DEFAULT 'x', b NUMERIC(10, 2) UNIQUE, c INT REFERENCES u (id), d TIMESTAMPTZ DEFAULT CURRENT_TIMESTAMP)",
            r#"CREATE TABLE IF NOT EXISTS "s"."t" ("id" BIGINT GENERATED BY DEFAULT AS IDENTITY, "a" VARCHAR(20) NOT NULL DEFAULT 'x', "b" NUMERIC(10,2) UNIQUE, "c" INTEGER REFERENCES "u" ("id"), "d" TIMESTAMPTZ DEFAULT current_timestamp, PRIMARY KEY ("id"))"#,
        ),
        (
            Dialect::MySql,
            "CREATE TABLE t (id INT AUTO_INCREMENT, a VARCHAR(20), b INT, PRIMARY KEY (id), FOREIGN KEY (b) REFERENCES u (id))",
            "CREATE TABLE `t` (`id` BIGINT AUTO_INCREMENT, `a` VARCHAR(20), `b` INT, PRIMARY KEY (`id`), FOREIGN KEY (`b`) REFERENCES `u` (`id`))",
        ),
        (
            Dialect::Sqlite,
            "CREATE TABLE main.t (id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT, b INTEGER REFERENCES u (id))",
            r#"CREATE TABLE "main"."t" ("id" INTEGER PRIMARY KEY AUTOINCREMENT, "a" TEXT, "b" INTEGER REFERENCES "u" ("id"))"#,
        ),
        (
            Dialect::SqlServer,
            "CREATE TABLE t (id INT IDENTITY PRIMARY KEY, a NVARCHAR(20) DEFAULT 'x')",
            "CREATE TABLE [t] ([id] BIGINT IDENTITY(1,1), [a] NVARCHAR(20) DEFAULT N'x', PRIMARY KEY ([id]))",
        ),
        (
            Dialect::Sqlite,
            "CREATE UNIQUE INDEX main.i ON t (a, b)",
            r#"CREATE UNIQUE INDEX "main"."i" ON "t" ("a", "b")"#,
        ),
        (
            Dialect::Postgres,
            "ALTER TABLE t ADD COLUMN a INT NOT NULL DEFAULT 0",
            r#"ALTER TABLE "t" ADD COLUMN "a" INTEGER NOT NULL DEFAULT 0"#,
        ),
        (Dialect::MySql, "ALTER TABLE t RENAME COLUMN a TO b", "ALTER TABLE `t` RENAME COLUMN `a` TO `b`"),
        (Dialect::SqlServer, "ALTER TABLE t DROP COLUMN a", "ALTER TABLE [t] DROP COLUMN [a]"),
        (Dialect::Sqlite, "DROP TABLE IF EXISTS t", r#"DROP TABLE IF EXISTS "t""#),
    ] {
        check(dialect, sql, expected);
    }
}

#[test]
fn what_is_foreign_is_told_with_its_place() {
    let foreign = lowered(Dialect::Postgres, "SELECT a,\n  pg_sleep(1) FROM t", &[]).unwrap_err();
    assert_eq!((foreign.at.line, foreign.at.column), (2, 3));
    let foreign = lowered(Dialect::Postgres, "SELECT a FROM\n t WHERE", &[]).unwrap_err();
    assert!(foreign.what.starts_with("this syntax"), "{foreign:?}");
}

#[test]
fn parameters_of_a_caller_are_its_values() {
    let values = [Value::Integer(7), Value::Text("x".to_owned())];
    for (dialect, sql) in [
        (Dialect::Postgres, "SELECT a FROM t WHERE a = $1 AND b = $2"),
        (Dialect::MySql, "SELECT a FROM t WHERE a = ? AND b = ?"),
        (Dialect::Sqlite, "SELECT a FROM t WHERE a = ? AND b = ?2"),
        (Dialect::SqlServer, "SELECT a FROM t WHERE a = @p1 AND b = @p2"),
    ] {
        let body = lowered(dialect, sql, &values).unwrap();
        assert_eq!(print(&body, dialect).values, values, "{dialect:?}");
    }
}

#[test]
fn a_printed_text_is_read_strictly() {
    let values = [Value::Text("x".to_owned())];
    for sql in [
        "SELECT a AS \"a\"",
        "SELECT \"a\" FROM \"t\" \"x\"",
        "SELECT $1 AS \"a\"",
        "SELECT CAST($1 AS VARCHAR) AS \"a\"",
        "SELECT 'x' AS \"a\"",
        "SELECT lower(\"a\") AS \"a\"",
        "SELECT 1 FROM (SELECT 1)",
    ] {
        assert!(lower(sql, Author::Printer(&values), Dialect::Postgres).is_err(), "{sql}");
    }
    assert!(lower("SELECT CAST($1 AS TEXT) AS \"a\"", Author::Printer(&values), Dialect::Postgres).is_ok());
}
