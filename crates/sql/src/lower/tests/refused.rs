//! Statements that do not lower, and what they are told.

mod expressions;

use super::*;

#[test]
fn other_statements_are_refused_by_their_name() {
    for (sql, what) in [
        ("COPY t FROM '/etc/passwd'", "COPY"),
        ("COPY (SELECT 1) TO PROGRAM 'id'", "COPY"),
        ("SET TRANSACTION READ WRITE", "SET"),
        ("SET ROLE admin", "SET"),
        ("RESET ROLE", "RESET"),
        ("BEGIN", "BEGIN"),
        ("COMMIT", "COMMIT"),
        ("EXPLAIN SELECT 1", "EXPLAIN"),
        ("SHOW search_path", "SHOW"),
        ("PREPARE p AS SELECT 1", "PREPARE"),
        ("EXECUTE p", "EXECUTE"),
        ("DECLARE c CURSOR FOR SELECT 1", "DECLARE"),
        ("CALL p()", "CALL"),
        ("TRUNCATE TABLE t", "TRUNCATE"),
        ("VACUUM t", "VACUUM"),
        ("GRANT SELECT ON t TO u", "GRANT"),
        ("CREATE VIEW v AS SELECT 1", "CREATE VIEW"),
        ("CREATE ROLE r", "CREATE ROLE"),
        ("CREATE EXTENSION dblink", "CREATE EXTENSION"),
        ("ALTER ROLE r SUPERUSER", "ALTER ROLE"),
        ("LISTEN c", "LISTEN"),
        ("DROP VIEW v", "DROP VIEW"),
        ("DISCARD ALL", "DISCARD"),
        ("MERGE INTO t USING s ON t.id = s.id WHEN MATCHED THEN DELETE", "MERGE"),
    ] {
        refused(Dialect::Postgres, sql, what);
    }
    refused(Dialect::MySql, "LOCK TABLES t READ", "");
    refused(Dialect::MySql, "LOAD DATA INFILE 'f' INTO TABLE t", "");
    refused(Dialect::MySql, "KILL 5", "KILL");
    refused(Dialect::Sqlite, "ATTACH DATABASE 'f' AS f", "ATTACH");
    refused(Dialect::Sqlite, "PRAGMA writable_schema = 1", "PRAGMA");
    refused(Dialect::SqlServer, "EXEC sp_who", "EXEC");
    refused(Dialect::SqlServer, "EXEC('DELETE FROM t')", "EXEC");
    refused(Dialect::SqlServer, "IF 1 = 1 DELETE FROM t", "");
    refused(Dialect::SqlServer, "DECLARE @x INT", "");
}

#[test]
fn two_statements_are_refused() {
    refused_everywhere("SELECT 1; SELECT 2", "more than one statement");
    refused_everywhere("SELECT 1; DROP TABLE t", "more than one statement");
    refused(Dialect::MySql, "SELECT 1--1;DROP TABLE t", "more than one statement");
    refused_everywhere("", "without a statement");
    refused_everywhere(" ; ", "without a statement");
}

#[test]
fn statements_hidden_in_queries_are_refused() {
    refused(
        Dialect::Postgres,
        "WITH x AS (DELETE FROM t RETURNING *) SELECT * FROM x",
        "a write within a query",
    );
    refused(
        Dialect::Postgres,
        "WITH x AS (INSERT INTO t (a) VALUES (1) RETURNING *) SELECT * FROM x",
        "a write",
    );
    refused(Dialect::Postgres, "SELECT 1 UNION TABLE secrets", "TABLE as a query");
    refused(Dialect::Postgres, "TABLE secrets", "");
    refused_everywhere("SELECT * INTO n FROM t", "INTO");
    refused(Dialect::MySql, "SELECT * FROM t INTO OUTFILE '/tmp/x'", "");
    refused(Dialect::MySql, "SELECT 1 INTO @a", "");
    refused_everywhere("CREATE TABLE n AS SELECT * FROM t", "");
}

#[test]
fn words_of_tsql_that_begin_statements_are_no_aliases() {
    for word in
        ["SHUTDOWN", "COMMIT", "ROLLBACK", "REVERT", "RECONFIGURE", "CHECKPOINT", "BEGIN", "DBCC", "KILL"]
    {
        refused(Dialect::SqlServer, &format!("SELECT id FROM t {word}"), "");
        refused(Dialect::SqlServer, &format!("SELECT id {word}"), "");
        refused(Dialect::SqlServer, &format!("SELECT id FROM (SELECT id FROM t) {word}"), "");
        refused(Dialect::SqlServer, &format!("DELETE FROM t {word}"), "");
    }
}

#[test]
fn locks_and_hints_are_refused() {
    refused(Dialect::Postgres, "SELECT * FROM t FOR UPDATE", "a lock");
    refused(Dialect::Postgres, "SELECT * FROM t FOR NO KEY UPDATE", "");
    refused(Dialect::MySql, "SELECT * FROM t LOCK IN SHARE MODE", "");
    refused(Dialect::MySql, "SELECT * FROM t FOR SHARE", "a lock");
    refused(Dialect::MySql, "SELECT * FROM t USE INDEX (i)", "an index hint");
    refused(Dialect::MySql, "SELECT * FROM t PARTITION (p)", "PARTITION");
    refused(Dialect::MySql, "SELECT STRAIGHT_JOIN * FROM t", "a word of MySQL");
    refused(Dialect::MySql, "SELECT SQL_NO_CACHE * FROM t", "a word of MySQL");
    refused(Dialect::MySql, "SELECT * FROM t STRAIGHT_JOIN u", "STRAIGHT_JOIN");
    refused(Dialect::SqlServer, "SELECT * FROM t WITH (TABLOCKX)", "a table hint");
    refused(Dialect::SqlServer, "SELECT * FROM t OPTION (RECOMPILE)", "");
    refused(Dialect::SqlServer, "SELECT * FROM t FOR XML AUTO", "FOR XML");
    refused(Dialect::SqlServer, "SELECT * FROM t FOR JSON AUTO", "FOR");
    refused(Dialect::Sqlite, "SELECT * FROM t INDEXED BY i", "");
    refused(Dialect::Postgres, "SELECT * FROM t TABLESAMPLE SYSTEM (1)", "TABLESAMPLE");
    refused(Dialect::SqlServer, "SELECT * FROM t FOR SYSTEM_TIME ALL", "");
    refused(Dialect::SqlServer, "SELECT * FROM t PIVOT (sum(a) FOR b IN ([1], [2])) AS p", "PIVOT");
}

#[test]
fn functions_outside_the_list_are_refused_wherever_they_stand() {
    for sql in [
        "SELECT pg_read_file('x')",
        "SELECT * FROM pg_read_file('x')",
        "SELECT * FROM t, LATERAL pg_read_file(t.a)",
        "SELECT * FROM t JOIN LATERAL pg_read_file(t.a) AS f ON TRUE",
        "SELECT 1 FROM t WHERE pg_sleep(10) IS NULL",
        "SELECT 1 FROM t GROUP BY pg_sleep(10)",
        "SELECT 1 FROM t ORDER BY pg_sleep(10)",
        "SELECT sum(a) FILTER (WHERE pg_sleep(1) IS NULL) FROM t",
        "SELECT count(*) OVER (PARTITION BY pg_sleep(1)) FROM t",
        "SELECT set_config('a', 'b', false)",
        "SELECT current_setting('a')",
        "SELECT query_to_xml('select 1', true, true, '')",
        "SELECT public.lower('a')",
        "SELECT evil.f('a')",
        "SELECT pg_catalog.pg_read_file('x')",
        "SELECT a.b.c('x')",
        "SELECT \"lower\"('a')",
        "SELECT current_user",
        "SELECT session_user",
        "SELECT dblink('host=x', 'select 1')",
        "SELECT lo_import('/etc/passwd')",
        "INSERT INTO t (a) VALUES (pg_read_file('x'))",
        "UPDATE t SET a = pg_read_file('x')",
        "DELETE FROM t WHERE pg_read_file('x') = 'a'",
        "INSERT INTO t (a) VALUES (1) RETURNING pg_read_file('x')",
        "SELECT nextval('s')",
        "SELECT version()",
    ] {
        refused(Dialect::Postgres, sql, "function");
    }
    for sql in
        ["SELECT LOAD_FILE('x')", "SELECT SLEEP(5)", "SELECT BENCHMARK(1, 2)", "SELECT GET_LOCK('a', 1)"]
    {
        refused(Dialect::MySql, sql, "function");
    }
    for sql in [
        "SELECT * FROM OPENROWSET('a', 'b', 'c')",
        "SELECT * FROM OPENQUERY(s, 'select 1')",
        "SELECT * FROM fn_trace_gettable('a', 1)",
        "SELECT dbo.f(1)",
        "SELECT * FROM t CROSS APPLY dbo.f(t.id) AS x",
        "SELECT t.ssn.value('.', 'int') FROM t",
        "SELECT t.ssn.query('.') FROM t",
    ] {
        refused(Dialect::SqlServer, sql, "");
    }
    for sql in
        ["SELECT load_extension('x')", "SELECT * FROM pragma_table_info('t')", "SELECT writefile('a', 'b')"]
    {
        refused(Dialect::Sqlite, sql, "function");
    }
}

#[test]
fn writes_to_several_tables_are_refused() {
    refused(Dialect::MySql, "UPDATE a, b SET a.x = b.x WHERE a.id = b.id", "");
    refused(Dialect::MySql, "UPDATE a JOIN b ON a.id = b.id SET a.x = b.x", "several tables");
    refused(Dialect::MySql, "DELETE a FROM a JOIN b ON a.id = b.id", "list of tables");
    refused(Dialect::MySql, "DELETE FROM a USING a JOIN b ON a.id = b.id", "");
    refused(Dialect::MySql, "UPDATE t SET a = 1 ORDER BY b LIMIT 1", "ORDER BY and LIMIT");
    refused(Dialect::MySql, "INSERT IGNORE INTO t (a) VALUES (1)", "IGNORE");
    refused(Dialect::Postgres, "UPDATE a SET x = b.x FROM b WHERE a.id = b.id", "UPDATE … FROM");
    refused(Dialect::Postgres, "DELETE FROM a USING b WHERE a.id = b.id", "USING");
    refused(Dialect::Postgres, "UPDATE a SET (x, y) = (1, 2)", "several columns");
    refused(
        Dialect::Postgres,
        "INSERT INTO t (a) VALUES (1) ON CONFLICT ON CONSTRAINT c DO NOTHING",
        "CONSTRAINT",
    );
    refused(Dialect::Postgres, "INSERT INTO t DEFAULT VALUES", "");
    refused(Dialect::Postgres, "UPDATE t SET t.a.b = 1", "qualified");
}

#[test]
fn other_changes_of_the_schema_are_refused() {
    for sql in [
        "CREATE TEMPORARY TABLE t (a INT)",
        "CREATE UNLOGGED TABLE t (a INT)",
        "CREATE TABLE t (a INT) PARTITION BY RANGE (a)",
        "CREATE TABLE t (a INT) INHERITS (u)",
        "CREATE TABLE t (LIKE u)",
        "CREATE TABLE t (a INT CHECK (pg_sleep(1) IS NULL))",
        "CREATE TABLE t (a INT DEFAULT nextval('s'))",
        "CREATE TABLE t (a INT DEFAULT (1 + 1))",
        "CREATE TABLE t (a INT GENERATED ALWAYS AS (b + 1) STORED)",
        "CREATE TABLE t (a evil)",
        "CREATE TABLE t (a INT REFERENCES u (id) ON DELETE CASCADE)",
        "CREATE INDEX i ON t (lower(a))",
        "CREATE INDEX i ON t USING gin (a)",
        "CREATE INDEX i ON t (a) WHERE a > 1",
        "CREATE INDEX CONCURRENTLY i ON t (a)",
        "DROP TABLE a, b",
        "DROP TABLE a CASCADE",
        "DROP SCHEMA s",
        "ALTER TABLE t OWNER TO u",
        "ALTER TABLE t DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE t ADD COLUMN a INT, ADD COLUMN b INT",
        "ALTER TABLE t DROP COLUMN a CASCADE",
        "ALTER TABLE t ALTER COLUMN a TYPE TEXT USING pg_read_file(a)",
        "ALTER TABLE t RENAME TO u",
        "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0)",
    ] {
        refused(Dialect::Postgres, sql, "");
    }
}

#[test]
fn texts_that_hide_something_are_refused() {
    for comment in ["/*!50000 x */", "/*M!100000 x */", "/*+ x */", "/*! x */"] {
        refused_everywhere(&format!("SELECT {comment} 1"), "a comment that begins with");
    }
    refused(Dialect::MySql, "SELECT '/\\*!', 1 /*! UNION SELECT 2 */", "a comment that begins with");
    refused_everywhere("SELECT\u{00A0}1", "the invisible character U+00A0");
    refused_everywhere("SELECT \u{200B}a FROM t", "the invisible character U+200B");
    refused_everywhere("SELECT 1 -- \u{202E}", "the invisible character U+202E");
    refused_everywhere("SELECT 1\0", "the invisible character U+0000");
    refused_everywhere("SELECT 1\u{000B}", "the invisible character U+000B");
}

#[test]
fn texts_beyond_the_limits_are_refused() {
    let long = format!("SELECT {}", "1 + ".repeat(9000));
    refused_everywhere(&long, "more than 32768 bytes");
    refused_everywhere(&format!("SELECT {}1", "1 + ".repeat(2000)), "nested deeper than 200 levels");
    refused_everywhere(&format!("SELECT {}1{}", "(".repeat(5000), ")".repeat(5000)), "nested as deep");
    refused_everywhere(&format!("SELECT {}1", "NOT ".repeat(5000)), "");
    refused_everywhere(&format!("SELECT 1{}", " UNION SELECT 1".repeat(1000)), "nested deeper");
    refused(Dialect::Postgres, &format!("SELECT 1{}", "::int".repeat(5000)), "nested deeper");
    refused_everywhere(&format!("SELECT * FROM {}a{}", "(".repeat(3000), ")".repeat(3000)), "nested as deep");
    refused_everywhere(&format!("SELECT * FROM a{}", " CROSS JOIN a".repeat(2000)), "nested deeper");
}

#[test]
fn frames_that_no_engine_takes_are_refused() {
    let over = |frame: &str| format!("SELECT sum(a) OVER (ORDER BY a ROWS {frame}) FROM t");
    for frame in [
        "BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED PRECEDING",
        "BETWEEN UNBOUNDED FOLLOWING AND UNBOUNDED FOLLOWING",
        "BETWEEN CURRENT ROW AND 1 PRECEDING",
        "BETWEEN 1 FOLLOWING AND CURRENT ROW",
        "1 FOLLOWING",
    ] {
        refused_everywhere(&over(frame), "a frame that ends before it starts");
    }
    for frame in ["BETWEEN 2 PRECEDING AND 1 PRECEDING", "BETWEEN 1 FOLLOWING AND 2 FOLLOWING", "1 PRECEDING"]
    {
        for dialect in ALL {
            assert!(printed(dialect, &over(frame)).is_ok(), "{dialect:?}: {frame}");
        }
    }
}
