use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::catalogue::{Catalogue, Column, Kind, Table};
use crate::rights::{Operation, Rights, TableRights};
use crate::scope::Scope;
use crate::{Claims, Query, Request, plan};

fn statement(dialect: Dialect) -> Statement {
    let column = |name: &str, type_name: &str| Column {
        name: name.to_owned(),
        type_name: type_name.to_owned(),
        ty: dialect.column_type(type_name),
        nullable: name != "id",
        primary_key: name == "id",
        comment: None,
    };
    let table = Table {
        schema: None,
        name: "t".to_owned(),
        kind: Kind::Table,
        columns: vec![column("id", "integer"), column("total", "numeric"), column("s", "text")],
        foreign_keys: Vec::new(),
        comment: None,
    };
    let rights = TableRights { operations: BTreeSet::from([Operation::Read]), ..TableRights::default() };
    let rights =
        Rights { tables: BTreeMap::from([("t".to_owned(), rights)]), max_rows: 10, ..Rights::default() };
    let query = Query {
        table: "t".to_owned(),
        filter: Some("id = 1 and (s = 'a' or s contains 'b') and not total > 2.5".to_owned()),
        order: Some("s".to_owned()),
        offset: Some(5),
        ..Query::default()
    };
    plan(
        &Request::Query(query),
        &Scope::new(&Catalogue { dialect, home: home(dialect).to_owned(), tables: vec![table] }, &rights),
        &Claims::default(),
    )
    .unwrap()
}

/// Changes the printed text and says whether it still reads back as the statement.
#[track_caller]
fn reads_back_with(dialect: Dialect, from: &str, to: &str) -> bool {
    let statement = statement(dialect);
    let Printed { sql, values } = print(&statement.body, dialect);
    assert!(sql.contains(from), "`{from}` is not in {sql}");
    lower(&sql.replacen(from, to, 1), &values, dialect) == Ok(statement.body)
}

#[test]
fn the_print_reads_back_as_it_is() {
    assert!(reads_back_with(Dialect::Sqlite, "SELECT", "SELECT"));
    assert!(reads_back_with(Dialect::Postgres, "SELECT", "SELECT"));
}

#[test]
fn a_print_that_says_something_else_does_not_read_back() {
    let changes = [
        (" AS \"id\"", " AS \"total\""),
        ("\"t\".\"id\" AS \"id\"", "\"id\" AS \"id\""),
        ("\"t\".\"id\" AS \"id\"", "t.\"id\" AS \"id\""),
        ("\"t\".\"id\" AS \"id\"", "\"t\".\"ssn\" AS \"id\""),
        ("\"t\".\"id\" AS \"id\"", "*"),
        ("\"t\".\"id\" AS \"id\"", "\"t\".*"),
        ("\"t\".\"id\" AS \"id\"", "f(\"t\") AS \"id\""),
        ("SELECT ", "SELECT DISTINCT "),
        ("\"main\".\"t\" AS", "\"t\" AS"),
        ("\"main\".\"t\" AS", "\"temp\".\"t\" AS"),
        ("\"main\".\"t\" AS", "\"main\".\"u\" AS"),
        ("\"main\".\"t\" AS \"t\"", "\"main\".\"t\" AS \"t\", \"main\".\"u\" AS \"u\""),
        ("\"main\".\"t\" AS \"t\"", "\"main\".\"t\" AS \"t\" JOIN \"main\".\"u\" AS \"u\" ON 1"),
        ("\"main\".\"t\" AS \"t\")", "\"main\".\"t\" AS \"t\" WHERE 1)"),
        ("\"main\".\"t\" AS \"t\")", "\"main\".\"t\" AS \"t\" UNION SELECT 1)"),
        (" AND (", " OR ("),
        ("((\"t\".\"s\" = ", "(NOT (\"t\".\"s\" = "),
        ("NOT (", "("),
        (" = ", " <> "),
        ("?1", "?2"),
        ("?1", "1"),
        ("?1", "$1"),
        ("?1", "?99"),
        ("LIKE ?3", "LIKE 'b'"),
        ("ESCAPE '!'", "ESCAPE '%'"),
        (" ESCAPE '!'", ""),
        (" NULLS LAST", ""),
        (" ASC", " DESC"),
        (" OFFSET ?6", ""),
        ("LIMIT ?5", "LIMIT 1"),
        (" OFFSET ?6", " OFFSET ?6; DROP TABLE t"),
        (" OFFSET ?6", " OFFSET ?6 UNION SELECT 1"),
        ("SELECT ", "WITH x AS (SELECT 1) SELECT "),
    ];
    for (from, to) in changes {
        assert!(!reads_back_with(Dialect::Sqlite, from, to), "`{from}` -> `{to}`");
    }
}

#[test]
fn a_parameter_under_another_cast_does_not_read_back() {
    let changes = [
        ("CAST($1 AS BIGINT)", "$1"),
        ("CAST($1 AS BIGINT)", "CAST($1 AS TEXT)"),
        ("CAST($1 AS BIGINT)", "CAST(CAST($1 AS BIGINT) AS regclass)"),
        ("CAST($1 AS BIGINT)", "TRY_CAST($1 AS BIGINT)"),
        ("CAST(CAST($4 AS TEXT) AS NUMERIC)", "CAST($4 AS NUMERIC)"),
        ("ILIKE", "LIKE"),
        (" OFFSET CAST($6 AS BIGINT)", " OFFSET CAST($6 AS BIGINT) FOR UPDATE"),
        ("(\"t\".\"id\" = ", "(\"t\".\"id\" OPERATOR(evil.=) "),
    ];
    for (from, to) in changes {
        assert!(!reads_back_with(Dialect::Postgres, from, to), "`{from}` -> `{to}`");
    }
}

#[test]
fn the_row_limit_is_one_less_than_what_is_asked_for() {
    let checked = check(&statement(Dialect::Sqlite), Dialect::Sqlite).unwrap();
    assert_eq!(checked.row_limit(), 10);
    assert_eq!(checked.binds().get(4), Some(&Bind::Integer(11)));
}

#[test]
fn what_runs_says_what_it_reads() {
    let checked = check(&statement(Dialect::Postgres), Dialect::Postgres).unwrap();
    assert_eq!(checked.tables(), ["t"]);
    let names: Vec<&str> = checked.columns().iter().map(|column| column.name.as_str()).collect();
    assert_eq!(names, ["id", "total", "s"]);
}

fn home(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Postgres => "public",
        Dialect::SqlServer => "dbo",
        Dialect::MySql | Dialect::Sqlite => "main",
    }
}
