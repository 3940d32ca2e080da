//! What an adapter says to the control plane of its databases' tools.

use crate::harness::{Adapter, Request, document};
use crate::sqlite::{ROLES, shop};

/// The names that were said of a role.
fn said(adapter: &Adapter, role: &str) -> Vec<String> {
    adapter.control().with(|seen| {
        let of_role = seen.offered.1.iter().filter(|offer| offer.database == "shop" && offer.role == role);
        let tools = of_role.flat_map(|offer| &offer.tools);
        let names = tools.map(|tool| serde_json::from_str::<serde_json::Value>(tool).unwrap());
        names.map(|tool| tool["name"].as_str().unwrap().to_owned()).collect()
    })
}

#[tokio::test]
async fn each_role_has_the_list_that_its_callers_get() {
    let (_directory, url) = shop();
    let adapter = Adapter::start(&document(&url, ROLES)).await;
    adapter.control().until(|seen| !seen.offered.1.is_empty()).await;
    let listed = adapter.send(Request::modern("tools/list", "").key("support")).await.json();
    let tools = listed["result"]["tools"].as_array().unwrap();
    let names: Vec<_> = tools.iter().map(|tool| tool["name"].as_str().unwrap()).collect();
    assert_eq!(said(&adapter, "support"), names);
    let definitions = adapter.control().with(|seen| {
        let of_role = seen.offered.1.iter().find(|offer| offer.role == "support");
        of_role.unwrap().tools.clone()
    });
    let read: Vec<serde_json::Value> =
        definitions.iter().map(|tool| serde_json::from_str(tool).unwrap()).collect();
    assert_eq!(read, *tools);
    // Nobody was asked: the audit has the client's own list and no other.
    let events = adapter.events(|event| event.method == "tools/list").await;
    assert_eq!(events.len(), 1);
}

#[tokio::test]
async fn another_policy_has_other_lists() {
    let (_directory, url) = shop();
    let adapter = Adapter::start(&document(&url, ROLES)).await;
    adapter.control().until(|seen| !seen.offered.1.is_empty()).await;
    let fewer = "  reader:\n    tools: [ { allow: shop.* } ]\n    databases: { shop: { tables: { orders: [read] } } }\n";
    adapter.push(&document(&url, fewer), 2).await;
    adapter
        .control()
        .until(|seen| seen.offered.1.iter().all(|offer| offer.role == "reader") && !seen.offered.1.is_empty())
        .await;
    assert_eq!(said(&adapter, "reader"), ["list_tables", "describe_table", "query", "aggregate"]);
}
