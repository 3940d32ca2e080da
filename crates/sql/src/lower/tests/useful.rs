//! Every statement of the corpora lowers, prints, and reads back as the same.

use super::*;

/// The statements of a file: comments, then a statement up to `;` at the end of a line.
fn statements(text: &str) -> impl Iterator<Item = String> {
    let lines = text.lines().filter(|line| !line.starts_with("--"));
    let joined: Vec<&str> = lines.collect();
    let all = joined.join("\n");
    let pieces: Vec<String> =
        all.split(";\n").map(|piece| piece.trim().trim_end_matches(';').to_owned()).collect();
    pieces.into_iter().filter(|piece| !piece.is_empty())
}

#[track_caller]
fn every_one_lowers(dialect: Dialect, files: [&str; 2]) {
    let mut refused = Vec::new();
    for sql in files.into_iter().flat_map(statements) {
        let outcome = std::panic::catch_unwind(|| printed(dialect, &sql));
        match outcome {
            Ok(Ok(_)) => {}
            Ok(Err(foreign)) => refused.push(format!("{sql}\n    {foreign:?}")),
            Err(_) => refused.push(format!("{sql}\n    does not read back")),
        }
    }
    assert!(refused.is_empty(), "{} refused:\n{}", refused.len(), refused.join("\n"));
}

#[test]
fn statements_of_daily_work_lower_in_postgres() {
    every_one_lowers(
        Dialect::Postgres,
        [
            include_str!("../../../tests/useful/postgres.sql"),
            include_str!("../../../tests/useful/postgres_writes.sql"),
        ],
    );
}

#[test]
fn statements_of_daily_work_lower_in_mysql() {
    every_one_lowers(
        Dialect::MySql,
        [
            include_str!("../../../tests/useful/mysql.sql"),
            include_str!("../../../tests/useful/mysql_writes.sql"),
        ],
    );
}

#[test]
fn statements_of_daily_work_lower_in_sqlite() {
    every_one_lowers(
        Dialect::Sqlite,
        [
            include_str!("../../../tests/useful/sqlite.sql"),
            include_str!("../../../tests/useful/sqlite_writes.sql"),
        ],
    );
}

#[test]
fn statements_of_daily_work_lower_in_sql_server() {
    every_one_lowers(
        Dialect::SqlServer,
        [
            include_str!("../../../tests/useful/sqlserver.sql"),
            include_str!("../../../tests/useful/sqlserver_writes.sql"),
        ],
    );
}
