use std::collections::BTreeMap;

use super::*;
use crate::catalogue::Table;
use crate::rights::TableRights;

fn table(name: &str, columns: &[&str], keys: &[(&str, &str, &str)]) -> Table {
    let column = |name: &&str| Column {
        name: (*name).to_owned(),
        type_name: "integer".to_owned(),
        ty: Dialect::Sqlite.column_type("integer"),
        nullable: false,
        primary_key: *name == "id",
        comment: None,
    };
    let key = |(own, table, target): &(&str, &str, &str)| ForeignKey {
        columns: vec![(*own).to_owned()],
        schema: None,
        table: (*table).to_owned(),
        references: vec![(*target).to_owned()],
    };
    Table {
        schema: None,
        name: name.to_owned(),
        kind: Kind::Table,
        columns: columns.iter().map(column).collect(),
        foreign_keys: keys.iter().map(key).collect(),
        comment: None,
    }
}

fn reading(tables: &[(&str, &[&str])]) -> Rights {
    let entry = |(table, denied): &(&str, &[&str])| {
        let rights = TableRights {
            operations: BTreeSet::from([Operation::Read]),
            denied: denied.iter().map(|name| (*name).to_owned()).collect(),
            ..TableRights::default()
        };
        ((*table).to_owned(), rights)
    };
    Rights { tables: tables.iter().map(entry).collect::<BTreeMap<_, _>>(), max_rows: 1, ..Rights::default() }
}

/// The relations that are left of `orders.customer_id -> customers.id` under the rights.
#[track_caller]
fn check(tables: &[(&str, &[&str])], expected: usize) {
    let catalogue = Catalogue {
        dialect: Dialect::Sqlite,
        home: "main".to_owned(),
        tables: vec![
            table("customers", &["id", "name"], &[]),
            table("orders", &["id", "customer_id"], &[("customer_id", "customers", "id")]),
        ],
    };
    let scope = Scope::new(&catalogue, &reading(tables));
    let keys = scope.table("orders").map_or(0, |orders| orders.foreign_keys.len());
    assert_eq!(keys, expected);
}

#[test]
fn a_relation_is_shown_when_both_ends_are() {
    check(&[("orders", &[]), ("customers", &["name"])], 1);
}

#[test]
fn a_relation_with_a_hidden_end_is_hidden() {
    check(&[("orders", &[])], 0);
    check(&[("orders", &["customer_id"]), ("customers", &[])], 0);
    check(&[("orders", &[]), ("customers", &["id"])], 0);
}

#[test]
fn no_rights_show_nothing() {
    let catalogue = Catalogue {
        dialect: Dialect::Sqlite,
        home: "main".to_owned(),
        tables: vec![table("orders", &["id"], &[])],
    };
    let scope = Scope::new(&catalogue, &Rights::default());
    assert_eq!(scope.tables(Operation::Read).count(), 0);
    assert_eq!(scope.table("orders"), None);
    assert_eq!(scope.max_rows(), 0);
}
