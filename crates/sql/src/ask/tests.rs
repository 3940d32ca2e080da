//! Requests as the statements they become, before anything is scoped.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value as Json, json};

use super::body;
use crate::catalogue::{Catalogue, Column, Kind, Table};
use crate::claims::{Claim, Claims};
use crate::dialect::Dialect;
use crate::print::print;
use crate::refusal::Refusal;
use crate::request::Request;
use crate::rights::{Mask, Operation, Rights, TableRights};
use crate::scope::Scope;

mod pages;
mod queries;
mod rules;
mod writes;

/// A table with a column of each kind, one of them hidden and one masked.
fn scope(dialect: Dialect) -> Scope {
    let columns = [
        ("id", "bigint", false),
        ("name", "varchar(80)", true),
        ("total", "numeric(10,2)", false),
        ("weight", "double precision", true),
        ("paid", boolean(dialect), false),
        ("day", "date", false),
        ("seen", zoned(dialect), true),
        ("doc", "json", true),
        ("raw", bytes(dialect), true),
        ("status", "order_status", true),
        ("tags", "text[]", true),
        ("ssn", "varchar(11)", true),
        ("hidden", "varchar(11)", true),
    ];
    let columns = columns.map(|(name, type_name, nullable)| Column {
        name: name.to_owned(),
        type_name: type_name.to_owned(),
        ty: dialect.column_type(type_name),
        nullable,
        primary_key: name == "id",
        comment: None,
    });
    let table = Table {
        schema: None,
        name: "t".to_owned(),
        kind: Kind::Table,
        columns: columns.into(),
        foreign_keys: Vec::new(),
        comment: None,
    };
    let rights = TableRights {
        operations: BTreeSet::from([
            Operation::Delete,
            Operation::Insert,
            Operation::Read,
            Operation::Update,
        ]),
        denied: BTreeSet::from(["hidden".to_owned()]),
        masks: BTreeMap::from([("ssn".to_owned(), Mask::Last4)]),
        ..TableRights::default()
    };
    let rights =
        Rights { tables: BTreeMap::from([("t".to_owned(), rights)]), max_rows: 100, ..Rights::default() };
    // SQLite knows no other schema.
    Scope::new(&Catalogue { dialect, home: "main".to_owned(), tables: vec![table] }, &rights)
}

fn boolean(dialect: Dialect) -> &'static str {
    if dialect == Dialect::SqlServer { "bit" } else { "boolean" }
}

fn zoned(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::MySql => "timestamp",
        Dialect::Postgres | Dialect::Sqlite => "timestamptz",
        Dialect::SqlServer => "datetimeoffset",
    }
}

fn bytes(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::MySql | Dialect::Sqlite => "blob",
        Dialect::Postgres => "bytea",
        Dialect::SqlServer => "varbinary(80)",
    }
}

/// What becomes of the request: a statement and its values, or the refusal.
fn said(request: &Request, dialect: Dialect) -> String {
    match body(request, &scope(dialect)) {
        Ok(asked) => {
            let printed = print(&asked.body, dialect);
            let values: Vec<String> = printed
                .values
                .iter()
                .filter_map(|value| value.bind())
                .map(|bind| format!("{bind:?}"))
                .collect();
            format!("{} with {}", printed.sql, values.join(", "))
        }
        Err(refusal) => format!("{}: {refusal}", refusal.code()),
    }
}

fn query(mut query: Json) -> Request {
    query["table"] = json!("t");
    Request::Query(serde_json::from_value(query).unwrap())
}

#[track_caller]
fn check(request: &Request, dialect: Dialect, expected: &str) {
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(words(&said(request, dialect)), words(expected));
}

/// What follows WHERE for the filter.
fn condition(filter: &str, dialect: Dialect) -> String {
    let said = said(&query(json!({ "fields": ["id"], "filter": filter })), dialect);
    let after = said.split_once(" WHERE ").map_or(said.as_str(), |(_, after)| after);
    let (condition, rest) = after.split_once(" ORDER BY ").unwrap_or((after, ""));
    let values = rest.split_once(" with ").map_or(String::new(), |(_, values)| format!(" with {values}"));
    format!("{condition}{values}")
}

fn claims() -> Claims {
    let text = |text: &str| Claim::Text(text.to_owned());
    Claims(BTreeMap::from([
        ("region".to_owned(), text("EU")),
        ("level".to_owned(), Claim::Number("3".to_owned())),
        ("staff".to_owned(), Claim::Boolean(true)),
        ("teams".to_owned(), Claim::List(vec![text("a"), text("b")])),
        ("none".to_owned(), Claim::List(Vec::new())),
    ]))
}

#[test]
fn sql_text_is_not_asked() {
    let sql = Request::Sql(crate::request::RawSql::default());
    assert_eq!(body(&sql, &scope(Dialect::Postgres)).unwrap_err(), Refusal::Unverified);
}
