use std::collections::{BTreeMap, BTreeSet};

use crate::catalogue::{Catalogue, Column, Kind, Table, Type};
use crate::rights::{Mask, Rights, TableRights};
use crate::{Claims, RawSql, Request, Statement, plan};

use super::*;

/// `people` with its column `born` masked, `ssn` denied, and only those of one region.
fn scope(dialect: Dialect) -> Scope {
    let column = |name: &str, declared: &str| Column {
        name: name.to_owned(),
        type_name: declared.to_owned(),
        ty: dialect.column_type(declared),
        nullable: name != "id",
        primary_key: name == "id",
        comment: None,
    };
    let people = Table {
        schema: None,
        name: "people".to_owned(),
        kind: Kind::Table,
        columns: vec![
            column("id", "bigint"),
            column("name", "text"),
            column("born", "date"),
            column("ssn", "text"),
            column("region", "text"),
        ],
        foreign_keys: Vec::new(),
        comment: None,
    };
    let rights = TableRights {
        operations: BTreeSet::from([Operation::Read, Operation::Update]),
        denied: BTreeSet::from(["ssn".to_owned(), "region".to_owned()]),
        masks: BTreeMap::from([("born".to_owned(), Mask::Null)]),
        rows: vec!["region = 'EU'".to_owned()],
        ..TableRights::default()
    };
    let catalogue = Catalogue { dialect, home: "home".to_owned(), tables: vec![people] };
    let catalogue = match dialect {
        Dialect::Sqlite => Catalogue { home: "main".to_owned(), ..catalogue },
        _ => catalogue,
    };
    let tables = BTreeMap::from([("people".to_owned(), rights)]);
    Scope::new(&catalogue, &Rights { tables, max_rows: 10, raw_sql: true, ..Rights::default() })
}

fn planned(sql: &str, dialect: Dialect) -> Result<Statement, Refusal> {
    let request = Request::Sql(RawSql { sql: sql.to_owned(), params: Vec::new() });
    plan(&request, &scope(dialect), &Claims::default())
}

/// The names and types of the answer's columns.
#[track_caller]
fn check_columns(sql: &str, dialect: Dialect, expected: &[(&str, Type)]) {
    let statement = planned(sql, dialect).unwrap();
    let columns: Vec<(&str, Type)> =
        statement.columns.iter().map(|column| (column.name.as_str(), column.ty)).collect();
    assert_eq!(columns, expected, "{sql}");
}

#[track_caller]
fn check_limit(sql: &str, expected: u64) {
    assert_eq!(planned(sql, Dialect::Postgres).unwrap().row_limit, expected, "{sql}");
}

#[track_caller]
fn check_too_large(sql: &str, dialect: Dialect) {
    let refusal = planned(sql, dialect).unwrap_err();
    assert_eq!(refusal.code(), "too_large", "{refusal}");
}

#[test]
fn columns_have_the_names_and_types_that_are_plain_to_see() {
    let sql = "SELECT id, name AS n, born, count(*), min(id), CAST(id AS text), name = 'x', 1.5, (SELECT max(name) \
               FROM people) FROM people GROUP BY 1, 2, 3";
    check_columns(
        sql,
        Dialect::Postgres,
        &[
            ("id", Type::Integer),
            ("n", Type::Text),
            ("born", Type::Text),
            ("count", Type::Integer),
            ("min", Type::Integer),
            ("id_2", Type::Text),
            ("column7", Type::Boolean),
            ("column8", Type::Decimal),
            ("column9", Type::Text),
        ],
    );
}

#[test]
fn names_already_there_are_passed_over() {
    let sql = "SELECT id AS a, id AS a_2, id AS a, id AS A FROM people";
    let integer = Type::Integer;
    check_columns(
        sql,
        Dialect::Sqlite,
        &[("a", integer), ("a_2", integer), ("a_3", integer), ("A_4", integer)],
    );
}

#[test]
fn a_statement_says_what_it_touches_its_rules_included() {
    let statement = planned("SELECT count(*) FROM people WHERE name = 'x'", Dialect::MySql).unwrap();
    assert_eq!(statement.tables, ["people"]);
    let [access] = statement.accesses.as_slice() else { panic!("{:?}", statement.accesses) };
    assert_eq!(access.operation, Operation::Read);
    assert_eq!(access.columns, BTreeSet::from(["name", "region"].map(str::to_owned)));
}

#[test]
fn what_a_change_gives_back_on_sql_server_is_of_the_new_row_or_of_the_old_one_where_it_is_said() {
    let dialect = Dialect::SqlServer;
    let update = crate::Update {
        table: "people".to_owned(),
        set: serde_json::Map::from_iter([("name".to_owned(), "x".into())]),
        filter: Some("id = 7".to_owned()),
        returning: vec!["name".to_owned()],
    };
    let asked = plan(&Request::Update(update), &scope(dialect), &Claims::default()).unwrap();
    let sql = "UPDATE people SET name = 'x' OUTPUT inserted.name AS new, deleted.name AS old WHERE id = 7";
    for (statement, given) in [
        (asked, "OUTPUT [inserted].[name] AS [name]"),
        (planned(sql, dialect).unwrap(), "OUTPUT [inserted].[name] AS [new], [deleted].[name] AS [old]"),
    ] {
        let checked = crate::check(&statement, dialect).unwrap();
        assert!(checked.sql().contains(given), "{}", checked.sql());
    }
}

#[test]
fn the_smaller_limit_holds() {
    check_limit("SELECT id FROM people", 10);
    check_limit("SELECT id FROM people LIMIT 3", 3);
    check_limit("SELECT id FROM people LIMIT 0", 0);
    check_limit("SELECT id FROM people LIMIT 300", 10);
    check_limit("(SELECT id FROM people LIMIT 5)", 5);
    check_limit("SELECT id FROM people UNION SELECT 1", 10);
    check_limit("VALUES (1), (2)", 10);
}

#[test]
fn what_unfolds_into_too_much_is_refused() {
    let stars = vec!["*"; 7000].join(", ");
    check_too_large(&format!("SELECT {stars} FROM people a, people b, people c"), Dialect::Postgres);
    let tables: Vec<String> = (0..65).map(|number| format!("people t{number}")).collect();
    check_too_large(&format!("SELECT 1 FROM {}", tables.join(", ")), Dialect::Postgres);
    let (list, uses) = (vec!["1"; 2000].join(", "), vec!["x"; 50].join(" OR "));
    check_too_large(&format!("SELECT id IN ({list}) AS x FROM people WHERE {uses}"), Dialect::Sqlite);
}

/// Engines that copy a query of WITH at each use would fill their memory.
#[test]
fn queries_of_with_that_double_each_other_are_refused() {
    let doubled = |count: usize| {
        let each = (1..count).map(|n| format!("a{n} AS (SELECT x.id FROM a{} x, a{} y)", n - 1, n - 1));
        let all: Vec<String> =
            std::iter::once("a0 AS (SELECT id FROM people)".to_owned()).chain(each).collect();
        format!("WITH {} SELECT count(*) FROM a{}", all.join(", "), count - 1)
    };
    for dialect in [Dialect::MySql, Dialect::Postgres, Dialect::SqlServer, Dialect::Sqlite] {
        check_too_large(&doubled(29), dialect);
        assert!(planned(&doubled(8), dialect).is_ok());
    }
}

#[test]
fn many_outputs_of_one_name_are_named_at_once() {
    let list = vec!["id"; 5000].join(", ");
    let statement = planned(&format!("SELECT {list} FROM people"), Dialect::Sqlite).unwrap();
    assert_eq!(statement.columns.last().map(|column| column.name.as_str()), Some("id_5000"));
}
