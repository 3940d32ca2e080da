use rusqlite::Connection;

use super::*;

/// A file with one table, and a handle on it.
fn handle() -> (tempfile::TempDir, Handle) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("t.db");
    Connection::open(&path).unwrap().execute_batch("CREATE TABLE t (a); CREATE TABLE u (a);").unwrap();
    let handle = Handle::open(&path).unwrap();
    (directory, handle)
}

#[track_caller]
fn check_refused(connection: &Connection, sql: &str) {
    assert!(connection.execute_batch(sql).is_err(), "{sql} was not refused");
}

const WRITES: [&str; 6] = [
    "INSERT INTO t VALUES (1)",
    "DELETE FROM t",
    "DROP TABLE t",
    "CREATE TABLE v (a)",
    "ATTACH ':memory:' AS other",
    "PRAGMA user_version = 7",
];

#[test]
fn a_handle_cannot_write_even_without_its_authorizer() {
    let (directory, _) = handle();
    let connection = connect(&directory.path().join("t.db")).unwrap();
    for sql in WRITES {
        check_refused(&connection, sql);
    }
}

#[test]
fn the_authorizer_permits_the_statements_tables_only() {
    let (_directory, handle) = handle();
    let _permission = handle.permitted.tables(&["t".to_owned()]);
    handle.connection.execute_batch("SELECT a FROM t").unwrap();
    for sql in WRITES.into_iter().chain([
        "SELECT a FROM u",
        "SELECT sql FROM sqlite_schema",
        "SELECT random() FROM t",
    ]) {
        check_refused(&handle.connection, sql);
    }
}

#[test]
fn a_view_may_read_and_no_more() {
    let (_directory, handle) = handle();
    let _permission = handle.permitted.view();
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
    let (_directory, handle) = handle();
    drop(handle.permitted.view());
    check_refused(&handle.connection, "SELECT a FROM t");
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
