//! A node gets the newest revision at once, each new one as it is made, and of each only what it needs.

use std::time::Duration;

use anyhow::{Context, Result};
use proto::v1::policy_service_client::PolicyServiceClient;
use proto::v1::watch_request::Message;
use proto::v1::{Hello, NodeKind, Snapshot, WatchRequest};
use tests::control_plane::ControlPlane;
use tests::document::Document;
use tokio_stream::StreamExt;
use tonic::Streaming;

use crate::{Bearer, channel};

async fn watch(control_plane: &ControlPlane, kind: NodeKind) -> Result<Streaming<Snapshot>> {
    let hello = Hello { kind: kind.into(), node: "test".to_owned(), ..Hello::default() };
    let hello = WatchRequest { message: Some(Message::Hello(hello)) };
    let bearer = Bearer::of(control_plane.node_token())?;
    let mut client = PolicyServiceClient::with_interceptor(channel(control_plane).await?, bearer);
    Ok(client.watch(tokio_stream::once(hello).chain(tokio_stream::pending())).await?.into_inner())
}

async fn next(snapshots: &mut Streaming<Snapshot>) -> Result<Snapshot> {
    let next = tokio::time::timeout(Duration::from_secs(5), snapshots.message());
    next.await.context("no snapshot within five seconds")??.context("the stream ended")
}

fn document(role: &str) -> String {
    Document::new()
        .server("tools", "http://127.0.0.1:1/mcp", ", credential: { bearer: { env: PATH } }")
        .database("shop", "sqlite:///nowhere/secret-place.db")
        .role(role, "tools: [{ allow: tools.* }], databases: { shop: { tables: { orders: [read] } } }")
        .text()
}

#[tokio::test]
async fn a_node_gets_the_newest_revision_and_each_new_one() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let control_plane = ControlPlane::start(folder.path())?;
    control_plane.apply(folder.path(), &document("first"))?;
    let mut snapshots = watch(&control_plane, NodeKind::Gateway).await?;
    let first = next(&mut snapshots).await?;
    assert!(String::from_utf8_lossy(&first.document).contains("first"));
    control_plane.apply(folder.path(), &document("second"))?;
    let second = next(&mut snapshots).await?;
    assert!(second.revision > first.revision && second.digest != first.digest);
    assert!(String::from_utf8_lossy(&second.document).contains("second"));
    Ok(())
}

#[tokio::test]
async fn a_node_that_waits_gets_nothing_before_there_is_a_policy() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let control_plane = ControlPlane::start(folder.path())?;
    let mut snapshots = watch(&control_plane, NodeKind::Gateway).await?;
    let early = tokio::time::timeout(Duration::from_millis(300), snapshots.message()).await;
    assert!(early.is_err(), "a snapshot of nothing: {early:?}");
    control_plane.apply(folder.path(), &document("first"))?;
    assert_eq!(next(&mut snapshots).await?.revision, 1);
    Ok(())
}

#[tokio::test]
async fn each_kind_of_node_gets_what_it_needs_and_no_more() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let control_plane = ControlPlane::start(folder.path())?;
    control_plane.apply(folder.path(), &document("reader"))?;
    let gateway = next(&mut watch(&control_plane, NodeKind::Gateway).await?).await?;
    let adapter = next(&mut watch(&control_plane, NodeKind::Adapter).await?).await?;
    let text = |snapshot: &Snapshot| String::from_utf8_lossy(&snapshot.document).into_owned();
    assert!(!text(&gateway).contains("secret-place"), "a gateway sees a database's URL");
    assert!(text(&adapter).contains("secret-place"));
    assert!(!text(&adapter).contains("127.0.0.1:1"), "an adapter sees an upstream");
    let secret = |snapshot: &Snapshot, server: &str| {
        snapshot.secrets.iter().find(|secret| secret.server == server).cloned()
    };
    let credential = secret(&gateway, "tools").context("no credential for the gateway")?;
    assert_eq!(credential.header_name.to_ascii_lowercase(), "authorization");
    assert!(credential.header_value.starts_with("Bearer "));
    assert!(secret(&adapter, "tools").is_none(), "an adapter sees an upstream's credential");
    let keys = [secret(&gateway, "shop"), secret(&adapter, "shop")]
        .map(|secret| secret.map(|secret| secret.assertion_key));
    assert_eq!(keys[0], keys[1], "both sides of the assertion have one key");
    assert_eq!(keys[0].as_ref().map(Vec::len), Some(32));
    Ok(())
}
