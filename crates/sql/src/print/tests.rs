use super::*;
use crate::lower::{Author, lower};

/// What a caller's text becomes.
#[track_caller]
fn check(dialect: Dialect, written: &str, printed: &str) {
    let body = lower(written, Author::Caller(&[]), dialect).unwrap();
    assert_eq!(print(&body, dialect).sql, printed);
}

#[test]
fn every_name_is_quoted_and_a_quote_in_it_doubled() {
    check(Dialect::Postgres, r#"SELECT a, "b""c" x FROM t"#, r#"SELECT "a", "b""c" AS "x" FROM "t""#);
    check(Dialect::Sqlite, r#"SELECT [a"b] FROM t u"#, r#"SELECT "a""b" FROM "t" AS "u""#);
    check(Dialect::MySql, "SELECT `a``b` FROM s.t", "SELECT `a``b` FROM `s`.`t`");
    check(Dialect::SqlServer, "SELECT [a]]b] FROM t", "SELECT [a]]b] FROM [t]");
}

#[test]
fn precedence_is_said() {
    check(
        Dialect::Postgres,
        "SELECT a + b * c, -a FROM t WHERE a = 1 OR b = 2 AND NOT c IS NULL",
        "SELECT \"a\" + (\"b\" * \"c\"), -(\"a\") FROM \"t\" \
         WHERE (\"a\" = 1) OR ((\"b\" = 2) AND (NOT (\"c\" IS NULL)))",
    );
}

#[test]
fn equal_values_share_a_number_where_there_are_numbers() {
    let written = "SELECT coalesce(a, 'x') FROM t WHERE b = 'y' GROUP BY coalesce(a, 'x')";
    check(
        Dialect::Postgres,
        written,
        r#"SELECT coalesce("a", $1) FROM "t" WHERE "b" = $2 GROUP BY coalesce("a", $1)"#,
    );
    check(
        Dialect::Sqlite,
        written,
        r#"SELECT coalesce("a", ?1) FROM "t" WHERE "b" = ?2 GROUP BY coalesce("a", ?1)"#,
    );
    check(
        Dialect::SqlServer,
        written,
        "SELECT COALESCE([a], @p1) FROM [t] WHERE [b] = @p2 GROUP BY COALESCE([a], @p1)",
    );
    check(
        Dialect::MySql,
        written,
        "SELECT coalesce(`a`, ?) FROM `t` WHERE `b` = ? GROUP BY coalesce(`a`, ?)",
    );
}

#[test]
fn a_page_is_said_as_each_engine_says_it() {
    let written = "SELECT a FROM t ORDER BY a LIMIT 10 OFFSET 5";
    check(
        Dialect::Postgres,
        written,
        "SELECT \"a\" FROM \"t\" ORDER BY \"a\" ASC LIMIT CAST($1 AS BIGINT) OFFSET CAST($2 AS BIGINT)",
    );
    check(Dialect::Sqlite, written, "SELECT \"a\" FROM \"t\" ORDER BY \"a\" ASC LIMIT ?1 OFFSET ?2");
    check(Dialect::MySql, written, "SELECT `a` FROM `t` ORDER BY `a` ASC LIMIT ? OFFSET ?");
    check(
        Dialect::SqlServer,
        "SELECT a FROM t ORDER BY a OFFSET 5 ROWS FETCH NEXT 10 ROWS ONLY",
        "SELECT [a] FROM [t] ORDER BY [a] ASC OFFSET @p1 ROWS FETCH NEXT @p2 ROWS ONLY",
    );
    check(Dialect::SqlServer, "SELECT DISTINCT TOP 3 a FROM t", "SELECT DISTINCT TOP (@p1) [a] FROM [t]");
}

#[test]
fn functions_of_postgresql_are_those_of_its_catalogue() {
    check(
        Dialect::Postgres,
        "SELECT lower(a), coalesce(a, b), current_date, count(*) FILTER (WHERE a > 1) FROM t",
        "SELECT pg_catalog.lower(\"a\"), coalesce(\"a\", \"b\"), current_date, \
         pg_catalog.count(*) FILTER (WHERE \"a\" > 1) FROM \"t\"",
    );
}

#[test]
fn what_only_some_engines_have_is_said_in_their_way() {
    check(
        Dialect::MySql,
        "SELECT a, b FROM t WHERE NOT a <=> b GROUP BY a, b WITH ROLLUP",
        "SELECT `a`, `b` FROM `t` WHERE NOT (`a` <=> `b`) GROUP BY `a`, `b` WITH ROLLUP",
    );
    check(
        Dialect::Postgres,
        "SELECT a FROM t GROUP BY ROLLUP (a, (b, c)) ORDER BY a DESC NULLS LAST",
        "SELECT \"a\" FROM \"t\" GROUP BY ROLLUP ((\"a\"), (\"b\", \"c\")) ORDER BY \"a\" DESC NULLS LAST",
    );
    check(
        Dialect::SqlServer,
        "SELECT u.a FROM t OUTER APPLY (SELECT TOP 1 a FROM u WHERE u.b = t.b) u",
        "SELECT [u].[a] FROM [t] OUTER APPLY (SELECT TOP (@p1) [a] FROM [u] WHERE [u].[b] = [t].[b]) AS [u]",
    );
    check(
        Dialect::Sqlite,
        "SELECT a FROM t WHERE a LIKE 'x%' UNION ALL SELECT b FROM u",
        "SELECT \"a\" FROM \"t\" WHERE \"a\" LIKE ?1 UNION ALL SELECT \"b\" FROM \"u\"",
    );
}
