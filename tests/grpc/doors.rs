//! Each service takes its own token: nodes do not administer, administrators are no nodes, strangers are neither.

use anyhow::Result;
use proto::v1::admin_service_client::AdminServiceClient;
use proto::v1::audit_service_client::AuditServiceClient;
use proto::v1::policy_service_client::PolicyServiceClient;
use proto::v1::{AuditBatch, ListRolesRequest, WatchRequest};
use tests::control_plane::ControlPlane;
use tonic::Code;

use crate::{Bearer, channel};

/// What the three services say to a token; none = it is let in.
async fn answers(control_plane: &ControlPlane, bearer: &Bearer) -> Result<[Option<Code>; 3]> {
    let channel = channel(control_plane).await?;
    let mut admin = AdminServiceClient::with_interceptor(channel.clone(), bearer.clone());
    let mut policy = PolicyServiceClient::with_interceptor(channel.clone(), bearer.clone());
    let mut audit = AuditServiceClient::with_interceptor(channel, bearer.clone());
    Ok([
        admin.list_roles(ListRolesRequest {}).await.err().map(|status| status.code()),
        policy.watch(tokio_stream::iter(Vec::<WatchRequest>::new())).await.err().map(|status| status.code()),
        audit.publish(tokio_stream::iter(Vec::<AuditBatch>::new())).await.err().map(|status| status.code()),
    ])
}

#[tokio::test]
async fn a_token_opens_its_own_door_alone() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let control_plane = ControlPlane::start(folder.path())?;
    let no = Some(Code::Unauthenticated);
    let wrong = Bearer::of(&control_plane.node_token().to_uppercase())?;
    assert_eq!(answers(&control_plane, &Bearer::none()).await?, [no; 3], "without a token");
    assert_eq!(answers(&control_plane, &wrong).await?, [no; 3], "with a wrong token");
    let [admin, policy, audit] = answers(&control_plane, &Bearer::of(control_plane.node_token())?).await?;
    assert!(admin.is_some() && policy.is_none() && audit.is_none(), "a node: {admin:?} {policy:?} {audit:?}");
    let [admin, policy, audit] = answers(&control_plane, &Bearer::of(control_plane.admin_token())?).await?;
    assert!(
        admin.is_none() && policy.is_some() && audit.is_some(),
        "an administrator: {admin:?} {policy:?} {audit:?}"
    );
    Ok(())
}

#[tokio::test]
async fn tokens_outlive_the_process_and_differ_between_directories() -> Result<()> {
    let (folder, other) = (tempfile::tempdir()?, tempfile::tempdir()?);
    let first = ControlPlane::start(folder.path())?;
    let token = first.node_token().to_owned();
    let elsewhere = ControlPlane::start(other.path())?;
    assert_ne!(elsewhere.node_token(), token);
    assert_ne!(first.admin_token(), token);
    first.kill()?;
    assert_eq!(ControlPlane::start(folder.path())?.node_token(), token);
    Ok(())
}
