//! What lowers, and what it means; what does not, and why.

use crate::dialect::Dialect;
use crate::ir::Body;
use crate::print::print;
use crate::value::Value;

use super::{Author, Foreign, lower};

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

/// The statement means what its print says.
#[track_caller]
fn check(dialect: Dialect, sql: &str, expected: &str) {
    match printed(dialect, sql) {
        Ok(print) => assert_eq!(print, expected, "{dialect:?}: {sql}"),
        Err(foreign) => panic!("{dialect:?}: {sql}\nrefused: {foreign:?}"),
    }
}
