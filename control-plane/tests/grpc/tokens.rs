//! Who is let in, and how the tokens are kept.

use std::{fs, os::unix::fs::PermissionsExt};

use control_plane::tokens::{self, TokenError};
use proto::v1;
use tonic::Code;
use tonic_health::pb::{HealthCheckRequest, health_client::HealthClient};
use tonic_reflection::pb::v1::{
    ServerReflectionRequest, server_reflection_client::ServerReflectionClient,
    server_reflection_request::MessageRequest, server_reflection_response::MessageResponse,
};

use crate::harness::{Plane, Show, refused};

#[tokio::test]
async fn a_missing_or_wrong_token_is_refused_by_each_service() {
    let plane = Plane::with_document().await;
    let (node, admin) = (plane.tokens.node.text().to_owned(), plane.tokens.admin.text().to_owned());
    let wrong = |right: &str| {
        [None, Some(String::new()), Some(format!("{right}x")), Some(right.chars().skip(1).collect())]
    };
    for token in wrong(&node).into_iter().chain([Some(admin.clone())]) {
        let watch = plane.policy_showing(Show(token.clone())).watch(tokio_stream::empty()).await;
        refused(watch, Code::Unauthenticated, &["node.token"]);
        let publish = plane.audit_showing(Show(token)).publish(tokio_stream::empty()).await;
        refused(publish, Code::Unauthenticated, &["node.token"]);
    }
    for token in wrong(&admin).into_iter().chain([Some(node)]) {
        let list = plane.admin_showing(Show(token)).list_roles(v1::ListRolesRequest {}).await;
        refused(list, Code::Unauthenticated, &["admin.token"]);
    }
}

#[tokio::test]
async fn health_is_open() {
    let plane = Plane::start().await;
    let mut health = HealthClient::new(plane.channel());
    for service in ["", "trigate.v1.PolicyService", "trigate.v1.AuditService", "trigate.v1.AdminService"] {
        let answer = health.check(HealthCheckRequest { service: service.into() }).await.unwrap();
        assert_eq!(answer.into_inner().status, 1, "{service}");
    }
}

#[tokio::test]
async fn reflection_is_open_and_lists_the_services() {
    let plane = Plane::start().await;
    let list = MessageRequest::ListServices(String::new());
    let request = ServerReflectionRequest { message_request: Some(list), ..Default::default() };
    let mut client = ServerReflectionClient::new(plane.channel());
    let answers = client.server_reflection_info(tokio_stream::once(request));
    let answer = answers.await.unwrap().into_inner().message().await.unwrap().unwrap();
    let Some(MessageResponse::ListServicesResponse(listed)) = answer.message_response else {
        panic!("{answer:?}");
    };
    for service in ["trigate.v1.PolicyService", "trigate.v1.AuditService", "trigate.v1.AdminService"] {
        assert!(listed.service.iter().any(|listed| listed.name == service), "{service} is not in {listed:?}");
    }
}

#[test]
fn tokens_are_made_once_for_their_owner_only() {
    let directory = tempfile::tempdir().unwrap();
    let state = directory.path().join("state");
    let made = tokens::load_or_create(&state).unwrap();
    let read = tokens::load_or_create(&state).unwrap();
    assert_eq!((made.node.text(), made.admin.text()), (read.node.text(), read.admin.text()));
    assert_ne!(made.node.text(), made.admin.text());
    assert_eq!(fs::read_dir(&state).unwrap().count(), 2);
    for file in ["node.token", "admin.token"] {
        assert_eq!(fs::metadata(state.join(file)).unwrap().permissions().mode() & 0o777, 0o600);
    }
    assert!(!format!("{made:?}").contains(made.node.text()));
}

#[test]
fn tokens_made_at_the_same_time_are_the_same() {
    let directory = tempfile::tempdir().unwrap();
    let made: Vec<_> = std::thread::scope(|scope| {
        let starts: Vec<_> =
            (0..8).map(|_| scope.spawn(|| tokens::load_or_create(directory.path()))).collect();
        starts.into_iter().map(|start| start.join().unwrap().unwrap()).collect()
    });
    assert!(made.iter().all(|tokens| tokens.admin.text() == made[0].admin.text()));
}

#[test]
fn a_token_file_that_others_can_read_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    tokens::load_or_create(directory.path()).unwrap();
    let file = directory.path().join("admin.token");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    let error = tokens::load_or_create(directory.path()).unwrap_err();
    assert!(matches!(error, TokenError::Exposed { mode: 0o644, .. }), "{error}");
}

#[test]
fn a_token_file_without_a_token_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    tokens::load_or_create(directory.path()).unwrap();
    let file = directory.path().join("admin.token");
    for text in ["", "short", "with a space in it, but long enough to be one"] {
        fs::write(&file, text).unwrap();
        let error = tokens::load(&file).unwrap_err();
        assert!(matches!(error, TokenError::Malformed { .. }), "{error}");
    }
}
