//! The list of tools: what it names, and how much of a model's memory it takes.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::Value;
use sql::{
    Catalogue, Column, Columns, Dialect, ForeignKey, Kind, Mask, Operation, Rights, Scope, Table,
    TableRights, Type,
};

use super::*;
use crate::tools::ask::TablesPage;
use crate::tools::list_tables::page_of;
use crate::tools::listing::every;

const ALL: [Operation; 4] = [Operation::Read, Operation::Insert, Operation::Update, Operation::Delete];

fn table(name: &str, columns: &[&str]) -> Table {
    let columns = columns.iter().map(|name| Column {
        name: (*name).into(),
        type_name: "text".into(),
        ty: Type::Text,
        nullable: true,
        primary_key: *name == "id",
        comment: Some(format!("comment of {name}")),
    });
    Table {
        schema: None,
        name: name.into(),
        kind: Kind::Table,
        columns: columns.collect(),
        foreign_keys: Vec::<ForeignKey>::new(),
        comment: Some(format!("comment of {name}\nin two lines")),
    }
}

fn listed(name: &str, tables: Vec<Table>, rights: &[(&str, &[Operation])], shape: ToolShape) -> Listed {
    let catalogue = Catalogue { dialect: Dialect::Sqlite, home: "main".into(), tables };
    let tables = rights.iter().map(|(table, operations)| {
        let rights = TableRights {
            operations: operations.iter().copied().collect(),
            columns: Columns::All,
            denied: BTreeSet::from(["secret".to_owned()]),
            masks: [("masked".to_owned(), Mask::Hash)].into(),
            ..TableRights::default()
        };
        ((*table).to_owned(), rights)
    });
    // SQL text is a right of its own; the large schema's role has it.
    let raw_sql = name == "large";
    let rights = Rights { tables: tables.collect(), max_rows: 50, raw_sql, ..Rights::default() };
    Listed { name: name.into(), scope: Arc::new(Scope::new(&catalogue, &rights)), shape }
}

fn shop() -> Vec<Table> {
    vec![
        table("customers", &["id", "name", "secret"]),
        table("log", &["line"]),
        table("orders", &["id", "masked", "total"]),
    ]
}

fn listing(databases: Vec<Listed>) -> Listing {
    let mut listing = Listing::default();
    databases.into_iter().for_each(|database| listing.add(database));
    listing
}

fn shown(databases: Vec<Listed>) -> Vec<Value> {
    let tools = tools(&listing(databases), |_, _| true);
    tools.iter().map(|tool| serde_json::to_value(tool).unwrap()).collect()
}

fn names(tools: &[Value]) -> Vec<&str> {
    tools.iter().map(|tool| tool["name"].as_str().unwrap()).collect()
}

fn input<'a>(tools: &'a [Value], name: &str, pointer: &str) -> &'a Value {
    let tool = tools.iter().find(|tool| tool["name"] == name).unwrap();
    tool.pointer(&format!("/inputSchema/properties{pointer}")).unwrap_or(&Value::Null)
}

const SOME: [(&str, &[Operation]); 2] = [("customers", &[Operation::Read]), ("orders", &ALL)];

#[test]
fn a_tool_is_there_only_where_it_is_of_use() {
    let reader = shown(vec![listed("shop", shop(), &[("orders", &[Operation::Read])], ToolShape::Generic)]);
    assert_eq!(names(&reader), ["list_tables", "describe_table", "query", "aggregate"]);
    let writer = shown(vec![listed("shop", shop(), &[("log", &[Operation::Insert])], ToolShape::Generic)]);
    assert_eq!(names(&writer), ["list_tables", "describe_table", "insert"]);
    assert!(shown(vec![listed("shop", shop(), &[], ToolShape::Generic)]).is_empty());
}

#[test]
fn sql_text_is_a_tool_only_with_the_right_to_it() {
    let of = |name| shown(vec![listed(name, shop(), &SOME, ToolShape::Generic)]);
    assert!(names(&of("large")).contains(&"run_sql"));
    assert!(!names(&of("shop")).contains(&"run_sql"));
}

#[test]
fn each_operation_names_its_own_tables_and_columns() {
    let tools = shown(vec![listed("shop", shop(), &SOME, ToolShape::Generic)]);
    assert_eq!(*input(&tools, "query", "/table/enum"), serde_json::json!(["customers", "orders"]));
    assert_eq!(*input(&tools, "update", "/table/enum"), serde_json::json!(["orders"]));
    assert_eq!(*input(&tools, "update", "/set/propertyNames/enum"), serde_json::json!(["id", "total"]));
    assert_eq!(*input(&tools, "query", "/limit/maximum"), serde_json::json!(50));
    assert_eq!(*input(&tools, "query", "/database"), Value::Null);
}

#[test]
fn what_is_masked_is_read_and_not_written() {
    let tools = shown(vec![listed("shop", shop(), &SOME, ToolShape::PerTable)]);
    assert!(input(&tools, "orders_query", "/fields/items/enum").to_string().contains("masked"));
    assert_eq!(*input(&tools, "orders_update", "/set/properties/masked"), Value::Null);
}

#[test]
fn nothing_hidden_is_named_in_either_shape() {
    for shape in [ToolShape::Generic, ToolShape::PerTable] {
        let text = Value::Array(shown(vec![listed("shop", shop(), &SOME, shape)])).to_string();
        assert!(text.contains("comment of orders"), "{text}");
        for hidden in ["secret", "log"] {
            assert!(!text.contains(hidden), "{hidden} in {text}");
        }
    }
}

#[test]
fn several_databases_have_to_be_told_apart() {
    let tools = shown(vec![
        listed("billing", shop(), &[("orders", &[Operation::Read])], ToolShape::Generic),
        listed("shop", shop(), &[("orders", &ALL)], ToolShape::Generic),
    ]);
    assert_eq!(names(&tools)[0], "list_databases");
    assert_eq!(*input(&tools, "query", "/database/enum"), serde_json::json!(["billing", "shop"]));
    assert_eq!(*input(&tools, "insert", "/database/enum"), serde_json::json!(["shop"]));
    let insert = tools.iter().find(|tool| tool["name"] == "insert").unwrap();
    assert_eq!(insert["inputSchema"]["required"], serde_json::json!(["database", "table", "rows"]));
}

#[test]
fn a_database_may_have_tools_of_one_table_each() {
    let tools = shown(vec![listed("shop", shop(), &SOME, ToolShape::PerTable)]);
    assert_eq!(
        names(&tools),
        [
            "list_tables",
            "describe_table",
            "customers_query",
            "customers_aggregate",
            "orders_query",
            "orders_aggregate",
            "orders_insert",
            "orders_update",
            "orders_delete",
        ]
    );
    assert_eq!(*input(&tools, "orders_query", "/table"), Value::Null);
    let column = input(&tools, "orders_insert", "/rows/items/properties/total");
    assert_eq!(column["description"], "comment of total");
}

#[test]
fn rules_on_names_hold_for_tools_of_one_table() {
    let listing = listing(vec![
        listed("billing", shop(), &SOME, ToolShape::PerTable),
        listed("shop", shop(), &SOME, ToolShape::PerTable),
    ]);
    let tools = tools(&listing, |database, name| database == "shop" && name == "orders_query");
    assert_eq!(tools.iter().map(|tool| tool.name.as_ref()).collect::<Vec<_>>(), ["shop-orders_query"]);
}

#[test]
fn annotations_say_what_a_tool_does() {
    let tools = shown(vec![listed("shop", shop(), &SOME, ToolShape::Generic)]);
    let hints = |name: &str| {
        let tool = tools.iter().find(|tool| tool["name"] == name).unwrap();
        let hint = |hint: &str| tool["annotations"][hint].as_bool().unwrap();
        (hint("readOnlyHint"), hint("destructiveHint"), hint("idempotentHint"))
    };
    assert_eq!(hints("query"), (true, false, true));
    assert_eq!(hints("insert"), (false, false, false));
    assert_eq!(hints("update"), (false, true, false));
    assert_eq!(hints("delete"), (false, true, true));
    assert!(tools.iter().all(|tool| tool["outputSchema"]["type"] == "object"));
}

/// Models count differently; four bytes to a token is what English and JSON come to, roughly.
fn tokens(text: &str) -> usize {
    text.len() / 4
}

fn large() -> Listed {
    let columns: Vec<String> = (0..20).map(|number| format!("column_{number}")).collect();
    let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
    let tables = (0..500).map(|number| table(&format!("department_table_{number:03}"), &columns));
    listed("large", tables.collect(), &[("*", &ALL)], ToolShape::Generic)
}

#[test]
fn the_list_of_a_schema_of_500_tables_takes_at_most_2500_tokens() {
    let tools = Value::Array(shown(vec![large()])).to_string();
    assert!(tokens(&tools) <= 2_500, "about {} tokens", tokens(&tools));
    assert!(!tools.contains("department_table_") && tools.contains("`list_tables`"), "{tools}");
}

#[test]
fn a_page_of_100_of_500_tables_takes_at_most_2500_tokens() {
    let large = large();
    let (page, rows) = page_of("shop", every(&large.scope), &TablesPage::default());
    let text = String::from_utf8(page).unwrap();
    assert!(tokens(&text) <= 2_500, "about {} tokens", tokens(&text));
    let page: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        (rows, &page["total"], &page["next_cursor"]),
        (100, &500.into(), &"department_table_099".into())
    );
    assert_eq!(page["tables"][0]["comment"], "comment of department_table_000");
    assert_eq!(page["tables"][0]["columns"], 20);
}

#[test]
fn pages_follow_each_other_until_all_is_seen() {
    let large = large();
    let (mut cursor, mut seen) = (None, Vec::new());
    loop {
        let page = TablesPage::new(Some("TABLE_1".into()), Some(40), cursor.take());
        let (page, _) = page_of("shop", every(&large.scope), &page);
        let page: Value = serde_json::from_slice(&page).unwrap();
        seen.extend(page["tables"].as_array().unwrap().iter().map(|table| table["name"].to_string()));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = Some(next.to_owned()),
            None => break,
        }
    }
    let once: BTreeSet<&String> = seen.iter().collect();
    assert_eq!((seen.len(), once.len()), (100, 100));
}

#[test]
fn a_search_finds_names_comments_and_columns() {
    let database = listed("shop", shop(), &SOME, ToolShape::Generic);
    let found = |search: &str| {
        let page = TablesPage::new(Some(search.into()), None, None);
        let (page, _) = page_of("shop", every(&database.scope), &page);
        let page: Value = serde_json::from_slice(&page).unwrap();
        page["tables"].as_array().unwrap().iter().map(|table| table["name"].to_string()).collect::<String>()
    };
    assert_eq!(found("ORD"), "\"orders\"");
    assert_eq!(found("total"), "\"orders\"");
    assert_eq!(found("of cust"), "\"customers\"");
    // What is hidden finds nothing either.
    assert_eq!(found("secret"), "");
}
