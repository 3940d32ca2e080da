//! Who is let in: assertions, keys, hosts and origins.

use adapter::Bounds;
use engine::assertion::LIFETIME_MS;

use crate::harness::{Adapter, Request, document};
use crate::sqlite::{ROLES, shop};

const QUERY: &str = r#"{"table":"orders","limit":1}"#;

async fn adapter() -> (Adapter, tempfile::TempDir) {
    let (directory, url) = shop();
    (Adapter::start(&document(&url, ROLES)).await, directory)
}

#[track_caller]
fn check_refused(reply: &crate::harness::Reply, status: u16, text: &str) {
    assert_eq!(reply.status, status, "{}", reply.body);
    let message = reply.json()["error"]["message"].as_str().unwrap().to_owned();
    assert!(message.contains(text), "{message}");
    assert_eq!(reply.head.contains("www-authenticate: bearer"), status == 401, "{}", reply.head);
}

#[tokio::test]
async fn the_gateways_assertion_is_accepted_and_its_decision_id_taken_over() {
    let (adapter, _directory) = adapter().await;
    // The gateway forwards the host that the agent named; what is signed needs no host.
    let request = Request::tool("query", QUERY).host("gw.example.com").asserted("support", |assertion| {
        assertion.decision_id = "01hfassertion".into();
    });
    let reply = adapter.send(request).await;
    assert_eq!(reply.json()["result"]["isError"], false, "{}", reply.body);
    let events = adapter.events(|event| event.decision_id == "01hfassertion").await;
    assert_eq!(events[0].subject, "agent");
    assert_eq!(events[0].trace_id, "0af7651916cd43dd8448eb211c80319c");
    assert_eq!(events[0].rows, 1);
    assert_eq!(events[0].tables, ["orders"]);
    assert!(events[0].statement.contains("\"orders\""), "{}", events[0].statement);
    assert_eq!(events[0].arguments, QUERY);
}

#[tokio::test]
async fn an_assertion_for_another_body_is_refused() {
    let (adapter, _directory) = adapter().await;
    let mut request = Request::tool("query", QUERY).asserted("support", |_| {});
    request.body = request.body.replace("orders", "products");
    check_refused(&adapter.send(request).await, 401, "for another body");
    let events = adapter.events(|event| event.rule == "assertion").await;
    assert_eq!(events[0].decision(), proto::v1::Decision::Denied);
}

#[tokio::test]
async fn an_assertion_for_another_method_is_refused() {
    let (adapter, _directory) = adapter().await;
    let other = |assertion: &mut engine::assertion::Assertion| assertion.method = "tools/list".into();
    let request = Request::tool("query", QUERY).asserted("support", other);
    check_refused(&adapter.send(request).await, 401, "another method");
    let get = |assertion: &mut engine::assertion::Assertion| assertion.method = "GET".into();
    let rest = Request::get("/api/v1/shop/_table/orders").asserted("support", get);
    let reply = adapter.send(rest).await;
    assert_eq!(reply.status, 401, "{}", reply.body);
}

#[tokio::test]
async fn an_assertion_for_another_server_is_refused() {
    let (adapter, _directory) = adapter().await;
    let other = |assertion: &mut engine::assertion::Assertion| assertion.server = "other".into();
    check_refused(
        &adapter.send(Request::tool("query", QUERY).asserted("support", other)).await,
        401,
        "another server",
    );
    let elsewhere = Request::tool("query", QUERY).asserted("support", |_| {}).path("/other/mcp");
    check_refused(&adapter.send(elsewhere).await, 401, "not signed with this server's key");
    let nowhere = Request::tool("query", QUERY).asserted("support", |_| {}).path("/mcp");
    check_refused(&adapter.send(nowhere).await, 401, "another server");
}

#[tokio::test]
async fn an_assertion_is_over_after_its_lifetime() {
    let (adapter, _directory) = adapter().await;
    let old = Request::tool("query", QUERY).asserted("support", |assertion| {
        assertion.issued -= 2 * LIFETIME_MS;
        assertion.expires -= 2 * LIFETIME_MS;
    });
    check_refused(&adapter.send(old).await, 401, "expired");
    let endless = Request::tool("query", QUERY).asserted("support", |assertion| assertion.expires = u64::MAX);
    check_refused(&adapter.send(endless).await, 401, "future");
}

#[tokio::test]
async fn an_assertion_counts_once() {
    let (adapter, _directory) = adapter().await;
    let request = Request::tool("query", QUERY).asserted("support", |_| {});
    assert_eq!(adapter.send(request.clone()).await.status, 200);
    check_refused(&adapter.send(request).await, 401, "used before");
}

#[tokio::test]
async fn an_assertion_beside_another_credential_is_refused() {
    let (adapter, _directory) = adapter().await;
    let request = Request::tool("query", QUERY).asserted("support", |_| {}).key("support");
    check_refused(&adapter.send(request).await, 401, "only credential");
}

#[tokio::test]
async fn a_key_is_accepted_in_either_header() {
    let (adapter, _directory) = adapter().await;
    assert_eq!(adapter.send(Request::tool("query", QUERY).key("support")).await.status, 200);
    let key = crate::harness::key("support");
    assert_eq!(
        adapter.send(Request::tool("query", QUERY).header("x-api-key", key.as_str())).await.status,
        200
    );
}

#[tokio::test]
async fn no_key_an_unknown_one_and_two_different_ones_are_refused() {
    let (adapter, _directory) = adapter().await;
    check_refused(&adapter.send(Request::tool("query", QUERY)).await, 401, "no API key");
    check_refused(&adapter.send(Request::tool("query", QUERY).key("stranger")).await, 401, "not known");
    let stranger = crate::harness::key("stranger");
    let two = Request::tool("query", QUERY).key("support").header("x-api-key", stranger.as_str());
    check_refused(&adapter.send(two).await, 401, "two different credentials");
    let events = adapter.events(|event| event.rule == "authentication").await;
    assert!(events.iter().all(|event| event.role.is_empty()));
}

#[tokio::test]
async fn a_revoked_key_is_unknown_under_the_next_revision() {
    let (adapter, directory) = adapter().await;
    let url = format!("sqlite://{}/shop.db", directory.path().display());
    adapter.push(&document(&url, "  other:\n    description: nobody\n"), 2).await;
    check_refused(&adapter.send(Request::tool("query", QUERY).key("support")).await, 401, "not known");
}

#[tokio::test]
async fn a_foreign_host_or_origin_is_refused_before_the_key_is_looked_at() {
    let (adapter, _directory) = adapter().await;
    let request = Request::tool("query", QUERY).key("support");
    check_refused(&adapter.send(request.clone().host("evil.example:80")).await, 403, "host");
    check_refused(
        &adapter.send(request.clone().header("origin", "http://evil.example")).await,
        403,
        "origin",
    );
    for host in ["127.0.0.1:1234", "[::1]:9", "adapter.test", "ADAPTER.test:80"] {
        assert_eq!(adapter.send(request.clone().host(host)).await.status, 200, "{host}");
    }
    check_refused(
        &adapter.send(Request::get("/api/v1/shop/_table").key("support").host("evil.example")).await,
        403,
        "host",
    );
}

#[tokio::test]
async fn without_a_policy_everything_is_refused() {
    let adapter = Adapter::without_policy(Bounds::default()).await;
    let reply = adapter.send(Request::tool("query", QUERY).key("support")).await;
    assert_eq!((reply.status, reply.json()["error"]["code"].as_i64()), (503, Some(4034)));
    assert_eq!(adapter.send(Request::get("/healthz")).await.status, 503);
}

#[tokio::test]
async fn a_snapshot_that_is_not_in_order_leaves_the_last_one_in_force() {
    let (adapter, _directory) = adapter().await;
    let (_other, url) = shop();
    let mut snapshot = crate::harness::snapshot(&document(&url, ROLES), 2);
    snapshot.document.push(b' ');
    assert!(adapter.push_refused(snapshot).await.contains("digest"));
    assert_eq!(adapter.send(Request::tool("query", QUERY).key("support")).await.status, 200);
}
