//! The document against its own structure, and against what its caller may not see.

use std::collections::BTreeSet;
use std::sync::Arc;

use policy::document::ToolShape;
use sql::{
    Catalogue, Column, Columns, Dialect, Kind, Mask, Operation, Rights, Scope, Table, TableRights, Type,
};

use super::*;

fn table(name: &str, columns: &[&str]) -> Table {
    let columns = columns.iter().map(|name| Column {
        name: (*name).into(),
        type_name: "text".into(),
        ty: Type::Text,
        nullable: false,
        primary_key: *name == "id",
        comment: Some(format!("comment of {name}")),
    });
    Table {
        schema: None,
        name: name.into(),
        kind: Kind::Table,
        columns: columns.collect(),
        foreign_keys: Vec::new(),
        comment: Some(format!("comment of {name}")),
    }
}

fn rights(operations: &[Operation], denied: &[&str]) -> TableRights {
    TableRights {
        operations: operations.iter().copied().collect(),
        columns: Columns::All,
        denied: denied.iter().map(|name| (*name).to_owned()).collect(),
        ..TableRights::default()
    }
}

fn listing() -> Listing {
    let catalogue = Catalogue {
        dialect: Dialect::Sqlite,
        home: "main".into(),
        tables: vec![
            table("customers", &["id", "name", "ssn"]),
            table("Odd / name", &["id"]),
            table("payroll", &["id", "salary"]),
            table("log", &["line"]),
        ],
    };
    let all = [Operation::Read, Operation::Insert, Operation::Update, Operation::Delete];
    let tables = [
        (
            "customers".to_owned(),
            TableRights { masks: [("name".to_owned(), Mask::Hash)].into(), ..rights(&all, &["ssn"]) },
        ),
        ("Odd / name".to_owned(), rights(&[Operation::Read], &[])),
        ("log".to_owned(), rights(&[Operation::Insert], &[])),
    ];
    let rights = Rights { tables: tables.into(), max_rows: 50, raw_sql: true, ..Rights::default() };
    let scope = Arc::new(Scope::new(&catalogue, &rights));
    let mut listing = Listing::default();
    listing.add(Listed { name: "shop".into(), scope, shape: ToolShape::Generic });
    listing
}

fn everything() -> Value {
    document(&listing(), |_, _, _| true)
}

/// Every `$ref` of a value.
fn references<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
    match value {
        Value::Object(members) => {
            found.extend(members.get("$ref").and_then(Value::as_str));
            members.values().for_each(|member| references(member, found));
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}

#[test]
fn every_reference_leads_somewhere() {
    let document = everything();
    let mut found = Vec::new();
    references(&document, &mut found);
    assert!(found.len() > 10);
    for reference in found {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{reference}");
    }
}

#[test]
fn every_verb_has_what_openapi_wants() {
    let document = everything();
    assert_eq!(document["openapi"], "3.1.0");
    for member in ["title", "version"] {
        assert!(document["info"][member].is_string(), "{member}");
    }
    for (path, verbs) in document["paths"].as_object().unwrap() {
        assert!(path.starts_with('/'), "{path}");
        for (verb, operation) in verbs.as_object().unwrap() {
            assert!(["get", "post", "put", "patch", "delete"].contains(&verb.as_str()), "{path} {verb}");
            let responses = operation["responses"].as_object().unwrap();
            assert!(responses.contains_key("default") && responses.len() == 2, "{path} {verb}");
            for (status, response) in responses.iter().filter(|(status, _)| *status != "default") {
                assert!(response["description"].is_string(), "{path} {verb} {status}");
            }
            check_parameters(path, operation);
        }
    }
}

/// Names are there and come once, and a path's own are exactly those in its braces.
#[track_caller]
fn check_parameters(path: &str, operation: &Value) {
    let none = Vec::new();
    let parameters = operation.get("parameters").and_then(Value::as_array).unwrap_or(&none);
    let mut seen = BTreeSet::new();
    for parameter in parameters {
        assert!(parameter["schema"].is_object(), "{path}: {parameter}");
        assert!(
            seen.insert((parameter["in"].as_str().unwrap(), parameter["name"].as_str().unwrap())),
            "{path}"
        );
        assert_eq!(parameter["in"] == "path", parameter["required"] == true, "{path}: {parameter}");
    }
    let named = seen.iter().filter(|(place, _)| *place == "path").map(|(_, name)| format!("{{{name}}}"));
    let braced = path.split('/').filter(|part| part.starts_with('{')).map(str::to_owned);
    assert_eq!(named.collect::<Vec<_>>(), braced.collect::<Vec<_>>(), "{path}");
}

#[test]
fn component_names_are_of_the_characters_they_may_have() {
    let document = everything();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    let may = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    assert!(schemas.keys().all(|name| name.bytes().all(may)), "{schemas:?}");
}

#[test]
fn nothing_hidden_is_named() {
    let text = everything().to_string();
    for hidden in ["ssn", "payroll", "salary"] {
        assert!(!text.contains(hidden), "{hidden}");
    }
    for shown in ["comment of customers", "comment of name", "Odd%20%2F%20name"] {
        assert!(text.contains(shown), "{shown}");
    }
}

#[track_caller]
fn check_verbs(table: &str, expected: &[&str]) {
    let document = everything();
    let verbs = document["paths"][format!("/api/v1/shop/_table/{table}")].as_object().unwrap();
    assert_eq!(verbs.keys().collect::<Vec<_>>(), expected);
}

#[test]
fn verbs_are_those_that_the_role_has() {
    check_verbs("customers", &["delete", "get", "patch", "post", "put"]);
    check_verbs("Odd%20%2F%20name", &["get"]);
    check_verbs("log", &["post"]);
}

#[test]
fn what_is_masked_is_read_and_not_written() {
    let schemas = &everything()["components"]["schemas"];
    assert!(schemas["shop.customers"]["properties"]["name"].is_object());
    assert_eq!(schemas["shop.customers..write"]["properties"].as_object().unwrap().len(), 1);
}

#[test]
fn a_tool_that_rules_deny_is_no_verb() {
    let document = document(&listing(), |_, tool, _| tool == ToolKind::Query);
    let paths: Vec<&String> = document["paths"].as_object().unwrap().keys().collect();
    assert_eq!(
        paths,
        [
            "/api/v1",
            "/api/v1/shop/_table/Odd%20%2F%20name",
            "/api/v1/shop/_table/Odd%20%2F%20name/{id}",
            "/api/v1/shop/_table/customers",
            "/api/v1/shop/_table/customers/{id}",
        ]
    );
}
