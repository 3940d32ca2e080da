use std::collections::{BTreeMap, BTreeSet};

use crate::catalogue::{Catalogue, Kind, Table};
use crate::rights::{Operation, Rights, TableRights};
use crate::scope::Scope;

use super::*;

const ALL: [Dialect; 4] = [Dialect::MySql, Dialect::Postgres, Dialect::SqlServer, Dialect::Sqlite];

fn column(name: &str, declared: &str, dialect: Dialect) -> Column {
    Column {
        name: name.to_owned(),
        type_name: declared.to_owned(),
        ty: dialect.column_type(declared),
        nullable: true,
        primary_key: false,
        comment: None,
    }
}

/// Whether a column declared so keeps the value as it is.
#[track_caller]
fn check(dialect: Dialect, declared: &str, value: Value, expected: bool) {
    let column = column("region", declared, dialect);
    assert_eq!(is_stored_as_it_is(&value, &column, dialect), expected, "{dialect:?} {declared}: {value:?}");
}

fn text(text: &str) -> Value {
    Value::Untyped(text.to_owned())
}

fn number(digits: &str) -> Value {
    Value::Number(digits.to_owned())
}

#[test]
fn blanks_at_the_end_of_a_text_may_be_lost() {
    for dialect in ALL {
        check(dialect, "text", text("EU"), true);
        check(dialect, "text", text("EU "), dialect == Dialect::Sqlite);
        check(dialect, "text", Value::Text("EU\t".to_owned()), dialect == Dialect::Sqlite);
        check(dialect, "text", number("1"), false);
    }
}

#[test]
fn a_text_for_another_type_is_kept_where_the_type_reads_it() {
    for dialect in [Dialect::MySql, Dialect::Postgres, Dialect::SqlServer] {
        check(dialect, "date", text("2026-01-31"), true);
        check(dialect, "date", text("2026-02-31"), false);
        check(dialect, "date", Value::Text("2026-01-31".to_owned()), false);
        check(dialect, "bigint", text("7"), true);
        check(dialect, "bigint", text("seven"), false);
    }
    check(Dialect::Sqlite, "date", text("31 January"), true);
    check(Dialect::Sqlite, "date", Value::Text("31 January".to_owned()), true);
    check(Dialect::Sqlite, "bigint", text("7"), false);
}

#[test]
fn a_number_that_would_be_rounded_is_not_kept() {
    for dialect in ALL {
        check(dialect, "bigint", number("7"), true);
        check(dialect, "bigint", number("7.5"), false);
        check(dialect, "decimal(10,2)", number("7.25"), true);
        check(dialect, "decimal(10,2)", Value::Decimal("7.255".to_owned()), false);
        check(dialect, "decimal(10,2)", number("7e-1"), false);
        check(dialect, "decimal(10,2)", number("7E1"), false);
        check(dialect, "decimal(10)", number("7.5"), false);
        check(dialect, "decimal(10)", number("7"), true);
        let keeps_all = matches!(dialect, Dialect::Postgres | Dialect::Sqlite);
        check(dialect, "decimal", number("7.5"), keeps_all);
    }
}

#[test]
fn a_value_of_another_type_is_not_kept() {
    for dialect in ALL {
        check(dialect, "bigint", Value::Null, true);
        check(dialect, "bigint", Value::Integer(7), true);
        check(dialect, "decimal(10,2)", Value::Integer(7), true);
        check(dialect, "text", Value::Integer(7), false);
        check(dialect, "text", Value::Boolean(true), false);
        check(dialect, "bigint", Value::Real(7.5), false);
    }
}

/// What a statement is refused for by a role whose rows are those of one region.
#[track_caller]
fn check_new_row(denied: &[&str], named: Option<&str>) {
    let dialect = Dialect::Postgres;
    let table = Table {
        schema: None,
        name: "people".to_owned(),
        kind: Kind::Table,
        columns: vec![column("id", "bigint", dialect), column("region", "text", dialect)],
        foreign_keys: Vec::new(),
        comment: None,
    };
    let catalogue = Catalogue { dialect, home: "public".to_owned(), tables: vec![table] };
    let rights = TableRights {
        operations: BTreeSet::from([Operation::Insert]),
        denied: denied.iter().map(|name| (*name).to_owned()).collect(),
        rows: vec!["region = 'EU'".to_owned()],
        ..TableRights::default()
    };
    let tables = BTreeMap::from([("people".to_owned(), rights)]);
    let scope = Scope::new(&catalogue, &Rights { tables, raw_sql: true, ..Rights::default() });
    let sql = "INSERT INTO people (id) VALUES (1)".to_owned();
    let request = crate::Request::Sql(crate::RawSql { sql, params: Vec::new() });
    let refusal = crate::plan(&request, &scope, &crate::Claims::default()).unwrap_err();
    let column = named.map(str::to_owned);
    let objection = Objection::NewRow { table: "people".to_owned(), column };
    assert_eq!(refusal, refused(At::default(), objection));
}

#[test]
fn a_new_row_is_refused_by_the_name_of_a_column_that_the_role_may_know() {
    check_new_row(&[], Some("region"));
    check_new_row(&["region"], None);
}
