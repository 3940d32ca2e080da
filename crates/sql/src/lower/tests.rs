//! What lowers, and what it means; what does not, and why.

use crate::dialect::Dialect;
use crate::ir::Body;
use crate::print::print;
use crate::value::Value;

use super::{Author, Foreign, lower};

mod attacks;
mod meaning;
mod refused;
mod useful;

const ALL: [Dialect; 4] = [Dialect::MySql, Dialect::Postgres, Dialect::SqlServer, Dialect::Sqlite];

/// On a stack like the one callers' texts are planned on.
fn lowered(dialect: Dialect, sql: &str, params: &[Value]) -> Result<Body, Foreign> {
    let (sql, params) = (sql.to_owned(), params.to_vec());
    std::thread::Builder::new()
        .stack_size(64 * 1024 * 1024)
        .spawn(move || lower(&sql, Author::Caller(&params), dialect))
        .unwrap()
        .join()
        .unwrap()
}

/// The form without what a print does not keep: positions, and whether names had quotes.
fn comparable(body: &Body) -> String {
    let debug = format!("{body:?}").replace("quoted: false", "quoted: true");
    let mut pieces = debug.split("At { line: ");
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |text, piece| text + "At" + piece.split_once('}').unwrap().1)
}

/// As much of a text as a failure shows.
fn shown(sql: &str) -> String {
    sql.chars().take(1000).collect()
}

/// The print of the lowered statement, which must read back as the same form.
#[track_caller]
fn printed(dialect: Dialect, sql: &str) -> Result<String, Foreign> {
    let body = lowered(dialect, sql, &[])?;
    let print = print(&body, dialect);
    let back = lower(&print.sql, Author::Printer(&print.values), dialect).unwrap_or_else(|foreign| {
        panic!("{dialect:?}: {sql}\nprints as {}\nrefused: {foreign:?}", print.sql)
    });
    assert_eq!(comparable(&body), comparable(&back), "{dialect:?}: {sql}\nprints as {}", print.sql);
    Ok(print.sql)
}

#[track_caller]
fn refused(dialect: Dialect, sql: &str, what: &str) {
    match printed(dialect, sql) {
        Ok(print) => panic!("{dialect:?}: {}\nlowers, and prints as {}", shown(sql), shown(&print)),
        Err(foreign) => assert!(foreign.what.contains(what), "{dialect:?}: {}\n{}", shown(sql), foreign.what),
    }
}

#[track_caller]
fn refused_everywhere(sql: &str, what: &str) {
    ALL.into_iter().for_each(|dialect| refused(dialect, sql, what));
}

/// The statement means what its print says.
#[track_caller]
fn check(dialect: Dialect, sql: &str, expected: &str) {
    match printed(dialect, sql) {
        Ok(print) => assert_eq!(print, expected, "{dialect:?}: {sql}"),
        Err(foreign) => panic!("{dialect:?}: {sql}\nrefused: {foreign:?}"),
    }
}

#[test]
fn many_operands_of_one_operator_are_not_deep() {
    for dialect in ALL {
        let sql = format!("SELECT 1 FROM t WHERE a = 1{}", " OR a = 1".repeat(1000));
        assert!(printed(dialect, &sql).is_ok(), "{dialect:?}");
    }
}

#[test]
fn what_is_as_deep_as_may_be_reads_back() {
    for (open, inner, close, times) in [
        ("SELECT ", "abs(", "1", 190),
        ("SELECT ", "- ", "a", 190),
        ("SELECT a FROM t WHERE ", "NOT (", "a = 1", 90),
        ("SELECT ", "CASE WHEN a = 1 THEN ", "1", 60),
        ("SELECT a FROM t WHERE ", "a IN (SELECT a FROM t WHERE ", "a = 1", 40),
        ("SELECT a FROM ", "(SELECT a FROM ", "t", 60),
        ("SELECT a FROM t WHERE ", "(a = 1 OR (a = 2 AND ", "a = 3", 60),
    ] {
        let end = match inner {
            "- " => "",
            "CASE WHEN a = 1 THEN " => " END",
            "(SELECT a FROM " => ") AS x",
            "(a = 1 OR (a = 2 AND " => "))",
            _ => ")",
        };
        let sql = format!("{open}{}{close}{}", inner.repeat(times), end.repeat(times));
        for dialect in ALL {
            let sql = sql.clone();
            let thread = std::thread::Builder::new().stack_size(64 * 1024 * 1024);
            thread.spawn(move || printed(dialect, &sql).unwrap()).unwrap().join().unwrap();
        }
    }
}
