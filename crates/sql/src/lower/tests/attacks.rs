//! No text of the attack corpora stops or hangs the reading, and what lowers reads back.

use super::*;

#[track_caller]
fn each_is_read(dialect: Dialect, text: &str) {
    let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with("-- ")).collect();
    let all = lines.join("\n");
    let outcomes: Vec<bool> = all.split(";\n").map(|sql| printed(dialect, sql.trim()).is_ok()).collect();
    assert!(outcomes.len() > 100 && outcomes.contains(&false));
}

#[test]
fn attacks_are_read_to_their_end() {
    each_is_read(Dialect::MySql, include_str!("../../../tests/attacks/mysql.sql"));
    each_is_read(Dialect::Postgres, include_str!("../../../tests/attacks/postgres.sql"));
    each_is_read(Dialect::SqlServer, include_str!("../../../tests/attacks/sqlserver.sql"));
    each_is_read(Dialect::Sqlite, include_str!("../../../tests/attacks/sqlite.sql"));
}
