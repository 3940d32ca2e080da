//! Keys of legacy sessions: who gets them, and how a new one takes the place of an old one.

use proto::v1::{self, NodeKind};

use crate::harness::Plane;

async fn rotate(plane: &Plane, end_sessions: bool) {
    let request = v1::RotateSessionKeysRequest { end_sessions };
    plane.admin().rotate_session_keys(request).await.unwrap();
}

#[tokio::test]
async fn gateways_get_session_keys_and_adapters_none() {
    let plane = Plane::with_document().await;
    let gateway = plane.watch(NodeKind::Gateway, "gateway").await.next().await;
    assert!(gateway.session_keys.iter().all(|key| key.len() == 32) && gateway.session_keys.len() == 1);
    let adapter = plane.watch(NodeKind::Adapter, "adapter").await.next().await;
    assert!(adapter.session_keys.is_empty());
}

#[tokio::test]
async fn a_new_key_is_pushed_under_the_same_revision_and_the_one_before_stays_live() {
    let plane = Plane::with_document().await;
    let mut node = plane.watch(NodeKind::Gateway, "gateway").await;
    let first = node.next().await;
    rotate(&plane, false).await;
    let second = node.next().await;
    assert_eq!(second.revision, first.revision);
    assert_eq!(second.session_keys.len(), 2);
    assert_eq!(second.session_keys.last(), first.session_keys.first());
    rotate(&plane, false).await;
    let third = node.next().await;
    assert_eq!(third.session_keys.len(), 2);
    assert_eq!(third.session_keys.last(), second.session_keys.first());
    assert!(!third.session_keys.contains(&first.session_keys.concat()));
}

#[tokio::test]
async fn when_all_sessions_end_no_older_key_is_left() {
    let plane = Plane::with_document().await;
    let mut node = plane.watch(NodeKind::Gateway, "gateway").await;
    let first = node.next().await;
    rotate(&plane, true).await;
    let second = node.next().await;
    assert_eq!(second.session_keys.len(), 1);
    assert_ne!(second.session_keys, first.session_keys);
}

#[tokio::test]
async fn session_keys_survive_a_restart() {
    let plane = Plane::with_document().await;
    let before = plane.watch(NodeKind::Gateway, "gateway").await.next().await.session_keys;
    let plane = Plane::start_in(plane.stop().await).await;
    let after = plane.watch(NodeKind::Gateway, "gateway").await.next().await.session_keys;
    assert_eq!(before, after);
}
