use rusqlite::Connection;
use sql::{Guard, Operation, OutputColumn, Type, Write};

use super::authorizer::{Accesses, Permission};
use super::handle::connect;
use super::*;
use crate::db::Commit;

const SHOP: &str = "
    CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT CHECK (b <> ''));
    CREATE TABLE u (a REFERENCES t (a) ON DELETE CASCADE);
    CREATE TABLE log (word);
    CREATE TRIGGER noted AFTER UPDATE ON t BEGIN INSERT INTO log SELECT b FROM t WHERE a = new.a; END;
    INSERT INTO t VALUES (1, 'x'), (2, 'y'), (3, 'z');";

struct Shop {
    directory: tempfile::TempDir,
    driver: Sqlite,
}

/// A statement as a test wants it run.
struct Try<'a> {
    sql: &'a str,
    effect: Effect,
    commit: Commit,
    operations: &'a [Operation],
    columns: usize,
}

fn change<'a>(sql: &'a str, operations: &'a [Operation]) -> Try<'a> {
    let effect = Effect::Write(Write { max_affected: 2, ..Write::default() });
    Try { sql, effect, commit: Commit::Commit, operations, columns: 0 }
}

const UPDATE: &[Operation] = &[Operation::Read, Operation::Update];
const DELETE: &[Operation] = &[Operation::Read, Operation::Delete];
const INSERT: &[Operation] = &[Operation::Read, Operation::Insert];

impl Shop {
    fn open() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("t.db");
        Connection::open(&path).unwrap().execute_batch(SHOP).unwrap();
        let driver = Sqlite::new(&format!("sqlite://{}", path.display()), Bounds::default());
        Self { directory, driver }
    }

    async fn run(&self, attempt: Try<'_>) -> Result<Outcome, DatabaseError> {
        let column = |index| OutputColumn { name: format!("c{index}"), ty: Type::Other, hidden: false };
        let columns: Vec<OutputColumn> = (0..attempt.columns).map(column).collect();
        let rows = RowsWriter::with_columns(&columns, 1, &self.driver.bounds, Sink::Answer);
        let tables = attempt.operations.iter().map(|operation| ("t".to_owned(), *operation)).collect();
        let triggers = Arc::new(["noted".to_owned()].into());
        let permission = match attempt.effect {
            Effect::Ddl => Permission::Ddl,
            _ => Permission::Statement(Accesses { tables, triggers, ..Accesses::default() }),
        };
        let statement = Statement {
            sql: attempt.sql.to_owned(),
            binds: Vec::new(),
            types: columns.iter().map(|column| column.ty).collect(),
            effect: attempt.effect,
            commit: attempt.commit,
            permission,
        };
        self.driver.execute(statement, rows).await
    }

    /// All of `t`, in one line.
    fn words(&self) -> String {
        let connection = Connection::open(self.directory.path().join("t.db")).unwrap();
        connection
            .query_row("SELECT group_concat(b, '') FROM (SELECT b FROM t ORDER BY a)", [], |row| row.get(0))
            .unwrap()
    }
}

/// A handle of the file, and what keeps the file.
fn handle() -> (Shop, Handle) {
    let shop = Shop::open();
    let handle = Handle::open(&shop.directory.path().join("t.db"), Mode::Read).unwrap();
    (shop, handle)
}

#[track_caller]
fn check_refused(connection: &Connection, sql: &str) {
    assert!(connection.execute_batch(sql).is_err(), "{sql} was not refused");
}

fn reading(table: &str) -> Permission {
    let tables = vec![(table.to_owned(), Operation::Read)];
    Permission::Statement(Accesses { tables, ..Accesses::default() })
}

const WRITES: [&str; 6] = [
    "INSERT INTO t VALUES (9, 'q')",
    "DELETE FROM t",
    "DROP TABLE t",
    "CREATE TABLE v (a)",
    "ATTACH ':memory:' AS other",
    "PRAGMA user_version = 7",
];

#[test]
fn a_handle_that_reads_cannot_write_even_without_its_authorizer() {
    let (shop, _) = handle();
    let connection = connect(&shop.directory.path().join("t.db"), Mode::Read).unwrap();
    for sql in WRITES {
        check_refused(&connection, sql);
    }
}

#[test]
fn the_authorizer_permits_the_statements_tables_only() {
    let (_shop, handle) = handle();
    let _granted = handle.permitted.grant(reading("t"));
    let numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3)
        SELECT a, json_extract(value, '$'), trigate_sha256(b) FROM t, n, json_each('[1]') WHERE b REGEXP 'x'";
    handle.connection.execute_batch(numbers).unwrap();
    for sql in WRITES.into_iter().chain([
        "SELECT a FROM u",
        "SELECT sql FROM sqlite_schema",
        "SELECT last_insert_rowid() FROM t",
        "SELECT zeroblob(1000000000)",
        "SELECT * FROM pragma_table_list",
    ]) {
        check_refused(&handle.connection, sql);
    }
}

#[test]
fn a_view_may_read_and_no_more() {
    let (_shop, handle) = handle();
    let _granted = handle.permitted.grant(Permission::View);
    handle
        .connection
        .execute_batch("WITH RECURSIVE n(i) AS (SELECT a FROM t UNION SELECT i FROM n) SELECT i FROM n")
        .unwrap();
    for sql in WRITES {
        check_refused(&handle.connection, sql);
    }
}

#[test]
fn without_a_permission_nothing_is_prepared() {
    let (_shop, handle) = handle();
    drop(handle.permitted.grant(Permission::View));
    check_refused(&handle.connection, "SELECT a FROM t");
}

#[tokio::test]
async fn a_change_is_counted_and_stays_or_nothing_does() {
    let shop = Shop::open();
    let two = "UPDATE t SET b = b || '!' WHERE a < 3 RETURNING a";
    let outcome = shop.run(Try { columns: 1, ..change(two, UPDATE) }).await.unwrap();
    // One row is all the answer takes; both were changed.
    assert_eq!((outcome.affected, outcome.rows.json.as_slice()), (2, br#"[{"c0":1}]"#.as_slice()));
    let three = change("UPDATE t SET b = 'q'", UPDATE);
    assert_eq!(shop.run(three).await, Err(DatabaseError::TooManyRows { limit: 2 }));
    let guards = vec![Guard { sql: "SELECT count(*) FROM t WHERE a = 1".to_owned(), binds: Vec::new() }];
    let effect = Effect::Write(Write { guards, max_affected: 2, returns_rows: false });
    let guarded = Try { effect, ..change("UPDATE t SET b = 'q' WHERE a = 1", UPDATE) };
    assert_eq!(shop.run(guarded).await, Err(DatabaseError::OutsideRows));
    for sql in ["INSERT INTO t VALUES (1, 'again')", "INSERT INTO t VALUES (9, '')"] {
        assert_eq!(shop.run(change(sql, INSERT)).await, Err(DatabaseError::Constraint), "{sql}");
    }
    assert_eq!(shop.words(), "x!y!z");
    let none = shop.run(change("UPDATE t SET b = 'q' WHERE a = 77", UPDATE)).await.unwrap();
    assert_eq!(none.affected, 0);
}

#[tokio::test]
async fn a_dry_run_counts_and_changes_nothing() {
    let shop = Shop::open();
    let dry = Try { commit: Commit::DryRun, ..change("UPDATE t SET b = 'q' WHERE a < 3", UPDATE) };
    assert_eq!(shop.run(dry).await.unwrap().affected, 2);
    let drop = Try { commit: Commit::DryRun, effect: Effect::Ddl, ..change("DROP TABLE t", &[]) };
    shop.run(drop).await.unwrap();
    assert_eq!(shop.words(), "xyz");
    let make = Try { effect: Effect::Ddl, ..change("CREATE TABLE made (a)", &[]) };
    shop.run(make).await.unwrap();
    assert!(shop.driver.catalogue().await.unwrap().tables.iter().any(|table| table.name == "made"));
}

#[tokio::test]
async fn a_statement_does_to_its_table_what_it_says_and_nothing_else() {
    let shop = Shop::open();
    let denied = Err(DatabaseError::Statement { code: "authorizer".to_owned() });
    for (sql, operations) in [
        ("DELETE FROM t WHERE a = 1", UPDATE),
        ("UPDATE t SET b = 'q' WHERE a = 1", DELETE),
        ("INSERT INTO log VALUES ('q')", INSERT),
        ("INSERT INTO t SELECT 9, word FROM log", INSERT),
        ("INSERT INTO t VALUES (1, 'q') ON CONFLICT (a) DO UPDATE SET b = 'q'", INSERT),
        ("DROP TABLE t", UPDATE),
        ("PRAGMA user_version = 7", UPDATE),
    ] {
        assert_eq!(shop.run(change(sql, operations)).await, denied, "{sql}");
    }
    assert_eq!(shop.words(), "xyz");
    // What a trigger does is part of the database.
    shop.run(change("UPDATE t SET b = 'q' WHERE a = 1", UPDATE)).await.unwrap();
    assert_eq!(shop.words(), "qyz");
}

#[tokio::test]
async fn a_change_waits_for_nobody_who_has_gone() {
    let shop = Shop::open();
    let endless = "UPDATE t SET b = (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)
        SELECT max(i) FROM n) WHERE a = 1";
    let gone = tokio::time::timeout(std::time::Duration::from_millis(50), shop.run(change(endless, UPDATE)));
    assert!(gone.await.is_err());
    // The one writer is free again, and nothing was changed.
    shop.run(change("UPDATE t SET b = 'w' WHERE a = 2", UPDATE)).await.unwrap();
    assert_eq!(shop.words(), "xwz");
}

#[test]
fn a_file_that_everybody_may_write_is_found() {
    use std::os::unix::fs::PermissionsExt as _;
    let (shop, _) = handle();
    assert_eq!(super::grade::grade(&shop.driver.path), Grade::default());
    std::fs::set_permissions(&shop.driver.path, std::fs::Permissions::from_mode(0o666)).unwrap();
    let grade = super::grade::grade(&shop.driver.path);
    assert_eq!((grade.findings.len(), grade.refusal()), (1, None));
}

#[test]
fn a_url_is_relative_or_absolute() {
    for (url, path) in [
        ("sqlite://shop.db", "shop.db"),
        ("sqlite://data/shop.db", "data/shop.db"),
        ("sqlite:///srv/shop.db", "/srv/shop.db"),
        ("sqlite:////srv/shop.db", "/srv/shop.db"),
        ("sqlite:shop.db", "shop.db"),
    ] {
        assert_eq!(Sqlite::new(url, Bounds::default()).path, PathBuf::from(path), "{url}");
    }
}
