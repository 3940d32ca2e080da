//! Events arrive at least once and are kept exactly once, a power cut included.

use anyhow::{Context, Result};
use proto::v1::admin_service_client::AdminServiceClient;
use proto::v1::audit_service_client::AuditServiceClient;
use proto::v1::{AuditBatch, AuditEvent, Decision, Gate, QueryAuditRequest};
use tests::control_plane::ControlPlane;
use tokio_stream::StreamExt;

use crate::{Bearer, channel};

fn batch(first: u64, count: u64) -> AuditBatch {
    let event = |number: u64| AuditEvent {
        decision_id: format!("decision-{number}"),
        gate: Gate::Mcp.into(),
        decision: Decision::Allowed.into(),
        ..AuditEvent::default()
    };
    AuditBatch {
        producer: "a-worker".to_owned(),
        first_sequence: first,
        events: (first..first + count).map(event).collect(),
        dropped: 0,
    }
}

/// Sends batches on one stream and reads acknowledgements up to that number.
async fn publish(control_plane: &ControlPlane, batches: Vec<AuditBatch>, up_to: u64) -> Result<()> {
    let bearer = Bearer::of(control_plane.node_token())?;
    let mut client = AuditServiceClient::with_interceptor(channel(control_plane).await?, bearer);
    // Without end: a producer keeps its stream.
    let stream = tokio_stream::iter(batches).chain(tokio_stream::pending());
    let mut acks = client.publish(stream).await?.into_inner();
    while acks.message().await?.context("the stream ended before the acknowledgement")?.sequence < up_to {}
    Ok(())
}

async fn stored(control_plane: &ControlPlane) -> Result<Vec<String>> {
    let bearer = Bearer::of(control_plane.admin_token())?;
    let mut client = AdminServiceClient::with_interceptor(channel(control_plane).await?, bearer);
    let mut events = client.query_audit(QueryAuditRequest::default()).await?.into_inner();
    let mut found = Vec::new();
    while let Some(event) = events.message().await? {
        found.push(event.decision_id);
    }
    Ok(found)
}

fn numbers(range: std::ops::RangeInclusive<u64>) -> Vec<String> {
    range.map(|number| format!("decision-{number}")).collect()
}

#[tokio::test]
async fn what_is_sent_again_is_kept_once() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let control_plane = ControlPlane::start(folder.path())?;
    publish(&control_plane, vec![batch(1, 3), batch(2, 3), batch(5, 1)], 5).await?;
    assert_eq!(stored(&control_plane).await?, numbers(1..=5));
    Ok(())
}

#[tokio::test]
async fn what_was_acknowledged_survives_a_power_cut() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let first = ControlPlane::start(folder.path())?;
    let address = first.address();
    publish(&first, vec![batch(1, 500)], 500).await?;
    first.kill()?;
    let second = ControlPlane::start_at(folder.path(), address)?;
    // The producer did not see its acknowledgement and sends again from the middle.
    publish(&second, vec![batch(300, 300)], 599).await?;
    let mut found = stored(&second).await?;
    found.sort_by_key(|id| id.len());
    assert_eq!(found.len(), 599);
    Ok(())
}
