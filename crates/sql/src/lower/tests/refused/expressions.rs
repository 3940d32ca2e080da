//! Operators, types and literals that the closed form has no word for.

use super::*;

#[test]
fn expressions_outside_the_closed_form_are_refused_in_postgres() {
    for (sql, what) in [
        ("SELECT 1 OPERATOR(evil.+) 2", "operator"),
        ("SELECT 1 <-> 2", "operator"),
        ("SELECT a @@ b FROM t", "operator"),
        ("SELECT 't'::regclass", "REGCLASS"),
        ("SELECT CAST('t' AS regclass)", "REGCLASS"),
        ("SELECT '<a/>'::xml", "xml"),
        ("SELECT 'a'::evil", "evil"),
        ("SELECT 'a'::evil.d", "evil"),
        ("SELECT xml '<a/>'", "xml"),
        ("SELECT B'101'", "a literal"),
        ("SELECT X'41'", "hexadecimal"),
        ("SELECT U&'\\0041'", "a literal"),
        ("SELECT (c).ssn FROM c", "a field"),
        ("SELECT c.*::text FROM c", ""),
        ("SELECT count(c.*) FROM c", "star"),
        ("SELECT ROW(c.*) FROM c", ""),
        ("SELECT ARRAY(SELECT 1)", "the function `ARRAY`"),
        ("SELECT a COLLATE \"C\" FROM t", "COLLATE"),
        ("SELECT a SIMILAR TO 'x' FROM t", "SIMILAR"),
        ("SELECT 'a' 'b'", "a name in '"),
        ("SELECT make_interval(days => 3)", ""),
        ("SELECT * FROM ROWS FROM (generate_series(1, 2)) AS x", ""),
        ("SELECT * FROM json_to_record('{}') AS x(a int)", ""),
        ("SELECT $1", "no value"),
        ("SELECT :a", "no value"),
    ] {
        refused(Dialect::Postgres, sql, what);
    }
}

#[test]
fn expressions_outside_the_closed_form_are_refused_in_mysql() {
    for (sql, what) in [
        ("SELECT @@version", ""),
        ("SELECT @a", ""),
        ("SELECT @a := 1", ""),
        ("SELECT _utf8'a'", "character set"),
        ("SELECT 0x41", "hexadecimal"),
        ("SELECT a MEMBER OF ('[1]') FROM t", "MEMBER OF"),
        ("SELECT MATCH (a) AGAINST ('x') FROM t", "MATCH"),
        ("SELECT a XOR b FROM t", "operator"),
        ("SELECT a = b IS NULL FROM t", "parentheses"),
        ("SELECT a BETWEEN b AND c LIKE d FROM t", "parentheses"),
        ("SELECT a IN (1) NOT IN (2) FROM t", "parentheses"),
        ("SELECT CONVERT(a USING latin1) FROM t", "CONVERT"),
        ("SELECT * FROM JSON_TABLE('[1]', '$[*]' COLUMNS (a INT PATH '$')) AS j", "JSON_TABLE"),
        ("SELECT ?", "no value"),
        ("SELECT a FROM \"t\"", "a name in \""),
    ] {
        refused(Dialect::MySql, sql, what);
    }
}

#[test]
fn expressions_outside_the_closed_form_are_refused_in_sql_server() {
    for (sql, what) in [
        ("SELECT @@VERSION", ""),
        ("SELECT @x", "no value"),
        ("SELECT * FROM #t", ""),
        ("SELECT * FROM @t", ""),
        ("SELECT $5", ""),
        ("SELECT 0x41", "hexadecimal"),
        ("SELECT {d '2024-01-01'}", ""),
        ("SELECT * FROM a.b.c.d", "three parts"),
        ("SELECT * FROM a..d", ""),
        ("SELECT NEXT VALUE FOR s", ""),
        ("SELECT CAST('a' AS sysname)", "sysname"),
        ("SELECT TOP (5) PERCENT id FROM t", "PERCENT"),
        ("SELECT TOP (5) WITH TIES id FROM t ORDER BY id", "WITH TIES"),
        ("SELECT TOP (SELECT 5) id FROM t", ""),
        ("UPDATE t SET a = 1 OUTPUT inserted.a INTO x", "INTO"),
        ("UPDATE a SET x = 1 FROM a JOIN b ON a.id = b.id", "several tables"),
        ("DELETE a FROM a JOIN b ON a.id = b.id", ""),
        ("INSERT INTO t EXEC p", ""),
    ] {
        refused(Dialect::SqlServer, sql, what);
    }
}

#[test]
fn expressions_outside_the_closed_form_are_refused_in_sqlite() {
    for (sql, what) in [
        ("SELECT x'41'", "hexadecimal"),
        ("SELECT a FROM t WHERE a MATCH 'x'", "operator"),
        ("SELECT a COLLATE nocase FROM t", "COLLATE"),
        ("INSERT OR REPLACE INTO t (a) VALUES (1)", "INSERT OR"),
        ("REPLACE INTO t (a) VALUES (1)", "REPLACE"),
        ("SELECT 1 UNION SELECT 2 INTERSECT SELECT 3", "INTERSECT"),
        ("SELECT DATE '2024-01-01'", "type before it"),
        ("SELECT RAISE(ABORT, 'x')", ""),
        ("SELECT a = ANY (SELECT 1) FROM t", "ANY or ALL"),
    ] {
        refused(Dialect::Sqlite, sql, what);
    }
}
