//! What holds for every text a caller may send: nothing panics, nothing hidden is named, everything is quoted.

#![cfg(not(target_arch = "wasm32"))]

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use sql::{
    Catalogue, Checked, Claims, Column, Columns, Dialect, Insert, Kind, Operation, Query, Refusal, Request,
    Rights, Scope, Table, TableRights, check, parse_filter, parse_row_rule, plan,
};

use prints::assert_only_own_words_outside_quotes;
use texts::{dialects, filters, pieces};

#[path = "properties/prints.rs"]
mod prints;
#[path = "properties/texts.rs"]
mod texts;

const HIDDEN: &str = "zzhidden";
const VISIBLE: [&str; 7] = ["id", "Name", "odd \"name\"", "x.y", "über", "total", "flag"];

fn scope(dialect: Dialect) -> Scope {
    let (integer, boolean) =
        if dialect == Dialect::SqlServer { ("bigint", "bit") } else { ("integer", "boolean") };
    let types = [integer, "varchar(80)", "text", "text", "text", "numeric", boolean, "text"];
    let names = VISIBLE.into_iter().chain([HIDDEN]);
    let columns = names.zip(types).map(|(name, type_name)| Column {
        name: name.to_owned(),
        type_name: type_name.to_owned(),
        ty: dialect.column_type(type_name),
        nullable: name != "id",
        primary_key: name == "id",
        comment: None,
    });
    let table = Table {
        schema: None,
        name: "items".to_owned(),
        kind: Kind::Table,
        columns: columns.collect(),
        foreign_keys: Vec::new(),
        comment: None,
    };
    let rights = TableRights {
        operations: BTreeSet::from([Operation::Insert, Operation::Read]),
        columns: Columns::All,
        denied: BTreeSet::from([HIDDEN.to_owned()]),
        ..TableRights::default()
    };
    let rights =
        Rights { tables: BTreeMap::from([("items".to_owned(), rights)]), max_rows: 100, ..Rights::default() };
    Scope::new(&Catalogue { dialect, home: home(dialect).to_owned(), tables: vec![table] }, &rights)
}

const DIALECTS: [Dialect; 4] = [Dialect::MySql, Dialect::Postgres, Dialect::SqlServer, Dialect::Sqlite];

fn answer(query: &Query, dialect: Dialect) -> Result<Checked, Refusal> {
    planned(&Request::Query(query.clone()), dialect)
}

fn planned(request: &Request, dialect: Dialect) -> Result<Checked, Refusal> {
    plan(request, &scope(dialect), &Claims::default()).and_then(|statement| check(&statement, dialect))
}

fn items() -> Query {
    Query { table: "items".to_owned(), ..Query::default() }
}

#[track_caller]
fn check_answer(query: &Query, dialect: Dialect) {
    match answer(query, dialect) {
        Ok(checked) => {
            assert_only_own_words_outside_quotes(checked.sql(), dialect);
            assert!(!checked.sql().contains(HIDDEN), "{}", checked.sql());
        }
        Err(refusal) => {
            assert_ne!(refusal, Refusal::Unverified, "the print did not read back for {query:?}");
            assert!(!refusal.to_string().is_empty());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_filter_is_answered(filter in any::<String>(), dialect in dialects()) {
        check_answer(&Query { filter: Some(filter), ..items() }, dialect);
    }

    #[test]
    fn any_pieces_of_filters_are_answered(filter in pieces(), dialect in dialects()) {
        check_answer(&Query { filter: Some(filter), ..items() }, dialect);
    }

    #[test]
    fn any_order_is_answered(order in pieces(), dialect in dialects()) {
        check_answer(&Query { order: Some(order), ..items() }, dialect);
    }

    #[test]
    fn any_names_are_answered(table in any::<String>(), field in any::<String>(), dialect in dialects()) {
        check_answer(&Query { table, ..Query::default() }, dialect);
        check_answer(&Query { fields: vec![field], ..items() }, dialect);
    }

    #[test]
    fn any_groups_are_answered(
        fields in prop::collection::vec(pieces(), 0..3), group in prop::sample::subsequence(VISIBLE.to_vec(), 0..3),
        having in pieces(), order in pieces(), dialect in dialects(),
    ) {
        let group: Vec<String> = group.into_iter().map(str::to_owned).collect();
        let query = Query { fields, group, having: Some(having), order: Some(order), ..items() };
        check_answer(&query, dialect);
    }

    #[test]
    fn sound_groups_pass_and_read_back(
        group in prop::sample::subsequence(VISIBLE.to_vec(), 1..4), least in 0..9, distinct in any::<bool>(),
        dialect in dialects(),
    ) {
        let distinct = if distinct { "distinct " } else { "" };
        let mut fields: Vec<String> = group.iter().map(|name| (*name).to_owned()).collect();
        fields.extend(["count(*) as n".to_owned(), format!("sum({distinct}total)"), "avg(id)".to_owned(),
            "max(\"Name\")".to_owned(), format!("count({distinct}\"Name\")")]);
        let group = group.into_iter().map(str::to_owned).collect();
        let having = Some(format!("n > {least} and min(total) < 5.5 and count(*) < 100"));
        let query = Query { fields, group, having, order: Some("n desc, max(total)".to_owned()), ..items() };
        let result = answer(&query, dialect);
        prop_assert!(result.is_ok(), "{query:?}: {result:?}");
        check_answer(&query, dialect);
    }

    #[test]
    fn any_cursor_is_answered(
        cursor in any::<String>(), cells in prop::collection::vec(".{0,8}", 0..4), dialect in dialects(),
    ) {
        check_answer(&Query { cursor: Some(cursor), ..items() }, dialect);
        let ordered = Query { order: Some("\"Name\" desc, total".to_owned()), ..items() };
        let plan = answer(&ordered, dialect).unwrap().cursor().unwrap().clone();
        let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
        check_answer(&Query { cursor: Some(sql::cursor::encode(plan.fingerprint, &cells)), ..ordered }, dialect);
    }

    #[test]
    fn a_cursor_of_the_answer_goes_on_and_reads_back(
        name in prop::option::of(".{0,8}"), total in prop::option::of(any::<i32>()), id in any::<i64>(),
        descending in any::<bool>(), dialect in dialects(),
    ) {
        let direction = if descending { "desc" } else { "asc" };
        let query = Query { order: Some(format!("\"Name\" {direction}, total")), fields: vec!["id".into()], ..items() };
        let first = answer(&query, dialect).unwrap();
        let plan = first.cursor().unwrap();
        let names: Vec<(&str, bool)> = plan.columns.iter()
            .map(|at| (first.columns()[*at].name.trim_start_matches('\u{1}'), first.columns()[*at].hidden)).collect();
        prop_assert_eq!(names, [("1", true), ("2", true), ("id", false)]);
        let cells = [serde_json::json!(name).to_string(), serde_json::json!(total).to_string(), id.to_string()];
        let cursor = sql::cursor::encode(plan.fingerprint, &cells.each_ref().map(String::as_str));
        let next = Query { cursor: Some(cursor), ..query };
        let result = answer(&next, dialect);
        let is_stored = name.is_none_or(|name| !name.contains('\0')) || dialect == Dialect::Sqlite;
        prop_assert_eq!(result.is_ok(), is_stored, "{:?}", result);
        check_answer(&next, dialect);
    }

    #[test]
    fn any_rule_is_read_or_refused(rule in any::<String>(), pieces in pieces()) {
        // A rule may say more than a filter, never less.
        for text in [rule, pieces] {
            prop_assert!(parse_row_rule(&text).is_ok() || parse_filter(&text).is_err() || text.contains("claims"));
        }
    }

    #[test]
    fn any_row_is_answered(
        id in any::<i64>(), name in any::<String>(), total in any::<f64>(), column in any::<String>(), dialect in dialects(),
    ) {
        let row = |value: serde_json::Value| value.as_object().unwrap().clone();
        let request = |rows| Request::Insert(Insert { table: "items".to_owned(), rows, ..Insert::default() });
        let rows = vec![row(serde_json::json!({"id": id, "Name": name, "total": total, "flag": id > 0}))];
        let refused = planned(&request(rows), dialect).err();
        prop_assert_ne!(refused, Some(Refusal::Unverified));
        let rows = vec![row(serde_json::json!({column: name}))];
        prop_assert_ne!(planned(&request(rows), dialect).err(), Some(Refusal::Unverified));
    }

    #[test]
    fn sound_filters_pass_and_read_back(filter in filters(), dialect in dialects()) {
        let query = Query { filter: Some(filter.clone()), ..items() };
        let result = answer(&query, dialect);
        prop_assert!(result.is_ok(), "{filter}: {result:?}");
        check_answer(&query, dialect);
    }

    #[test]
    fn hidden_and_absent_names_differ_in_nothing_but_the_name(
        before in filters(), upper in any::<bool>(), quoted in any::<bool>(), dialect in dialects(),
    ) {
        let refusal = |name: &str| {
            let name = if upper { name.to_uppercase() } else { name.to_owned() };
            let name = if quoted { format!("\"{name}\"") } else { name };
            let query = Query { filter: Some(format!("{before} or {name} = 1")), ..items() };
            answer(&query, dialect).map(|_| ()).unwrap_err().to_string().to_lowercase()
        };
        prop_assert_eq!(refusal("zzhidden"), refusal("zznothin").replace("zznothin", "zzhidden"));
    }

    #[test]
    fn any_catalogue_name_prints_and_reads_back(name in "[^\0]{1,15}", dialect in dialects()) {
        let ty = dialect.column_type("text");
        let column = Column {
            name: name.clone(), type_name: "text".to_owned(), ty, nullable: true, primary_key: false, comment: None,
        };
        let table = Table {
            schema: None, name: name.clone(), kind: Kind::View, columns: vec![column], foreign_keys: Vec::new(),
            comment: None,
        };
        let rights = TableRights {
            operations: BTreeSet::from([Operation::Read]), ..TableRights::default()
        };
        let rights = Rights { tables: BTreeMap::from([("*".to_owned(), rights)]), max_rows: 1, ..Rights::default() };
        let scope = Scope::new(&Catalogue { dialect, home: home(dialect).to_owned(), tables: vec![table] }, &rights);
        let Some(label) = scope.tables(Operation::Read).next().map(|table| table.label.clone()) else { return Ok(()) };
        let statement = plan(&Request::Query(Query { table: label, ..Query::default() }), &scope, &Claims::default()).unwrap();
        prop_assert!(check(&statement, dialect).is_ok());
    }
}

#[test]
fn nesting_is_bounded_and_the_bound_is_reachable() {
    let nested = |levels: usize| format!("{}id = 1{}", "(".repeat(levels), ")".repeat(levels));
    assert!(parse_filter(&nested(32)).is_ok());
    assert!(parse_filter(&nested(33)).is_err());
    assert!(parse_filter(&nested(10_000)).is_err());
    assert!(parse_filter(&"not ".repeat(10_000)).is_err());
    let deepest = (0..32).fold("id = 1".to_owned(), |inner, level| match level % 3 {
        0 => format!("not {inner}"),
        1 => format!("({inner} and id = 2)"),
        _ => format!("({inner} or id = 3)"),
    });
    for dialect in DIALECTS {
        let query = Query { filter: Some(deepest.clone()), ..items() };
        assert!(answer(&query, dialect).is_ok(), "{:?}", answer(&query, dialect));
    }
}

#[test]
fn size_is_bounded_and_the_bound_is_reachable() {
    let conditions = |count: usize| vec!["id = 1"; count].join(" or ");
    let values = |count: usize| format!("id in ({})", vec!["1"; count].join(","));
    for dialect in DIALECTS {
        let accepts = |filter: String| answer(&Query { filter: Some(filter), ..items() }, dialect).is_ok();
        assert!(accepts(conditions(200)));
        assert!(!accepts(conditions(201)));
        assert!(accepts(values(2000)));
        assert!(!accepts(values(2001)));
        assert!(!accepts(format!("\"Name\" = '{}'", "x".repeat(33_000))));
        assert!(!accepts(format!("id = {}", "1".repeat(200))));
        assert!(!accepts(format!("{} = 1", "i".repeat(200))));
    }
}

fn home(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Postgres => "public",
        Dialect::SqlServer => "dbo",
        Dialect::MySql | Dialect::Sqlite => "main",
    }
}
