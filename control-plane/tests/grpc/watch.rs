//! `Watch`: who gets which snapshot, when, and what becomes of the answers.

use std::time::{Duration, Instant};

use control_plane::{ControlPlane, CredentialSource, Options};
use policy::{Document, KeyChange, RuleSet};
use proto::v1::{self, NodeKind, watch_request::Message};
use tokio::time::timeout;
use tonic::Code;

use crate::harness::{DEADLINE, DOCUMENT, EMPTY, Plane, Watcher, eventually};

/// Everything a snapshot says, as one text.
fn text_of(snapshot: &v1::Snapshot) -> String {
    format!("{} {:?}", String::from_utf8_lossy(&snapshot.document), snapshot.secrets)
}

async fn nodes(plane: &Plane) -> Vec<v1::Node> {
    plane.admin().list_nodes(v1::ListNodesRequest {}).await.unwrap().into_inner().nodes
}

#[tokio::test]
async fn a_node_waits_until_there_is_a_revision() {
    let plane = Plane::start().await;
    let mut node = plane.watch(NodeKind::Gateway, "gateway").await;
    eventually(async || nodes(&plane).await.len() == 1).await;
    let early = timeout(Duration::from_millis(100), node.snapshots.message()).await;
    assert!(early.is_err(), "{early:?}");
    plane.apply(DOCUMENT).await;
    assert_eq!(node.next().await.revision, 1);
}

#[tokio::test]
async fn a_node_gets_the_newest_snapshot_at_once_and_then_each_revision() {
    let plane = Plane::with_document().await;
    let mut node = plane.watch(NodeKind::Gateway, "gateway").await;
    assert_eq!(node.next().await.revision, 1);
    plane.apply(EMPTY).await;
    assert_eq!(node.next().await.revision, 2);
    plane.apply(DOCUMENT).await;
    assert_eq!(node.next().await.revision, 3);
}

#[tokio::test]
async fn a_node_that_has_the_revision_already_gets_it_all_the_same() {
    let plane = Plane::with_document().await;
    let hello = v1::Hello {
        kind: NodeKind::Gateway.into(),
        node: "gateway".into(),
        revision: 1,
        ..Default::default()
    };
    let mut node = plane.watch_saying(Message::Hello(hello)).await;
    assert_eq!(node.next().await.revision, 1);
}

#[tokio::test]
async fn a_snapshot_compiles_and_matches_its_digest() {
    let plane = Plane::with_document().await;
    for kind in [NodeKind::Gateway, NodeKind::Adapter] {
        let snapshot = plane.watch(kind, "node").await.next().await;
        assert_eq!(snapshot.digest, blake3::hash(&snapshot.document).to_hex().to_string());
        let document = Document::from_json(&snapshot.document).unwrap();
        RuleSet::compile(&document, snapshot.revision).unwrap();
    }
}

#[tokio::test]
async fn a_gateway_gets_credentials_and_no_database_url() {
    let plane = Plane::with_document().await;
    let snapshot = plane.watch(NodeKind::Gateway, "gateway").await.next().await;
    assert!(!text_of(&snapshot).contains("secret/place"), "{snapshot:?}");
    assert!(!String::from_utf8_lossy(&snapshot.document).contains("upstream-secret"));
    let secret = snapshot.secrets.iter().find(|secret| secret.server == "tickets").unwrap();
    assert_eq!(
        (secret.header_name.as_str(), secret.header_value.as_str()),
        ("authorization", "Bearer upstream-secret")
    );
    let secret = snapshot.secrets.iter().find(|secret| secret.server == "shop").unwrap();
    assert_eq!(secret.assertion_key.len(), 32);
}

#[tokio::test]
async fn an_adapter_gets_the_database_url_and_nothing_of_upstream_servers() {
    let plane = Plane::with_document().await;
    let snapshot = plane.watch(NodeKind::Adapter, "adapter").await.next().await;
    let text = text_of(&snapshot);
    assert!(text.contains("secret/place"), "{text}");
    for absent in ["upstream", "TICKETS_TOKEN", "authorization"] {
        assert!(!text.contains(absent), "{absent} is in {text}");
    }
}

#[tokio::test]
async fn both_sides_get_the_same_assertion_key_before_and_after_a_restart() {
    async fn key(plane: &Plane, kind: NodeKind) -> Vec<u8> {
        let snapshot = plane.watch(kind, "node").await.next().await;
        let secret = snapshot.secrets.into_iter().find(|secret| secret.server == "shop").unwrap();
        secret.assertion_key
    }
    let plane = Plane::with_document().await;
    let before = key(&plane, NodeKind::Gateway).await;
    assert_eq!(key(&plane, NodeKind::Adapter).await, before);
    let plane = Plane::start_in(plane.stop().await).await;
    assert_eq!(key(&plane, NodeKind::Adapter).await, before);
}

#[tokio::test]
async fn a_credential_lost_since_it_was_applied_is_marked_as_missing() {
    let directory = Plane::with_document().await.stop().await;
    let plane = Plane::start_with(directory, CredentialSource::Variables([].into())).await;
    let snapshot = plane.watch(NodeKind::Gateway, "gateway").await.next().await;
    let secret = snapshot.secrets.iter().find(|secret| secret.server == "tickets").unwrap();
    assert_eq!((secret.header_name.as_str(), secret.header_value.as_str()), ("authorization", ""));
}

#[tokio::test]
async fn acknowledgements_and_refusals_are_recorded_until_the_node_leaves() {
    let plane = Plane::with_document().await;
    let mut node = plane.watch(NodeKind::Adapter, "host/adapter").await;
    node.next().await;
    node.say(Message::Ack(v1::Ack { revision: 1 })).await;
    eventually(async || nodes(&plane).await[0].revision == 1).await;
    plane.apply(EMPTY).await;
    node.next().await;
    node.say(Message::Nack(v1::Nack { revision: 2, reason: "not for me".into(), wants_whole: false })).await;
    eventually(async || nodes(&plane).await[0].nack == "revision 2: not for me").await;
    let recorded = nodes(&plane).await.remove(0);
    assert_eq!(
        (recorded.node.as_str(), recorded.kind(), recorded.revision),
        ("host/adapter", NodeKind::Adapter, 1)
    );
    assert!(recorded.connected.is_some());
    node.say(Message::Ack(v1::Ack { revision: 2 })).await;
    eventually(async || nodes(&plane).await[0].nack.is_empty()).await;
    drop(node);
    eventually(async || nodes(&plane).await.is_empty()).await;
}

#[tokio::test]
async fn a_revoked_key_is_gone_from_every_node_at_once() {
    let plane = Plane::with_document().await;
    let created = plane.create_key("support_agent", "bot").await;
    let id = created.key.unwrap().id;
    let mut nodes = Vec::new();
    for number in 0..16 {
        let kind = if number % 2 == 0 { NodeKind::Gateway } else { NodeKind::Adapter };
        let mut node = plane.watch(kind, &format!("node-{number}")).await;
        assert!(text_of(&node.until(created.revision).await).contains(&id));
        nodes.push(node);
    }
    let began = Instant::now();
    plane.admin().revoke_api_key(v1::RevokeApiKeyRequest { id: id.clone() }).await.unwrap();
    for node in &mut nodes {
        assert!(!text_of(&node.next().await).contains(&id));
    }
    assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
}

/// A gateway that takes changes of keys, after its first snapshot.
async fn taker(plane: &Plane) -> (Watcher, v1::Snapshot) {
    let hello = v1::Hello {
        kind: NodeKind::Gateway.into(),
        node: "taker".into(),
        takes_key_changes: true,
        ..Default::default()
    };
    let mut node = plane.watch_saying(Message::Hello(hello)).await;
    let first = node.next().await;
    (node, first)
}

fn change_of(snapshot: &v1::Snapshot) -> (u64, KeyChange) {
    assert!(snapshot.document.is_empty() && snapshot.secrets.is_empty(), "{snapshot:?}");
    let change = snapshot.key_change.as_ref().expect("a change of keys alone");
    (change.since, KeyChange::from_json(&change.change).unwrap())
}

#[tokio::test]
async fn who_takes_changes_of_keys_gets_no_more_than_them() {
    let plane = Plane::with_document().await;
    let (mut node, first) = taker(&plane).await;
    assert!(first.key_change.is_none() && !first.document.is_empty());

    let created = plane.create_key("support_agent", "bot").await;
    let id = created.key.unwrap().id;
    let second = node.next().await;
    let (since, change) = change_of(&second);
    assert_eq!((since, second.revision), (first.serial, created.revision));
    assert_eq!((change.removed.len(), change.added[0].id.as_str()), (0, id.as_str()));

    plane.admin().revoke_api_key(v1::RevokeApiKeyRequest { id: id.clone() }).await.unwrap();
    let third = node.next().await;
    let (since, change) = change_of(&third);
    assert_eq!((since, change.removed, change.added.len()), (second.serial, vec![id], 0));

    plane.apply(EMPTY).await;
    let whole = node.next().await;
    assert!(whole.key_change.is_none() && !whole.document.is_empty());
}

#[tokio::test]
async fn who_cannot_take_a_change_gets_the_whole() {
    let plane = Plane::with_document().await;
    let (mut node, _) = taker(&plane).await;
    let created = plane.create_key("support_agent", "bot").await;
    change_of(&node.next().await);
    let nack = v1::Nack { revision: created.revision, reason: "lost count".into(), wants_whole: true };
    node.say(Message::Nack(nack)).await;
    let whole = node.next().await;
    assert_eq!((whole.revision, whole.key_change.is_none()), (created.revision, true));
    assert!(text_of(&whole).contains(&created.key.unwrap().id));
}

#[tokio::test]
async fn a_revision_of_another_process_is_pushed_within_a_second() {
    let plane = Plane::with_document().await;
    let mut node = plane.watch(NodeKind::Gateway, "gateway").await;
    node.next().await;
    let options = Options { credentials: CredentialSource::Elsewhere, ..Options::default() };
    let other = ControlPlane::open(&plane.url(), options).await.unwrap();
    let mut admin = v1::admin_service_client::AdminServiceClient::new(other.admin_service());
    let began = Instant::now();
    admin.add_role(v1::AddRoleRequest { role: "added".into(), ..Default::default() }).await.unwrap();
    let snapshot = node.next().await;
    assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
    assert_eq!(snapshot.revision, 2);
    assert!(text_of(&snapshot).contains("added"));
}

#[tokio::test]
async fn a_stream_that_begins_wrongly_is_refused() {
    let plane = Plane::with_document().await;
    let nameless = v1::Hello { kind: NodeKind::Gateway.into(), ..Default::default() };
    let kindless = v1::Hello { node: "node".into(), ..Default::default() };
    for (first, says) in [
        (Message::Ack(v1::Ack { revision: 1 }), "expected `hello`"),
        (Message::Hello(nameless), "hello.node"),
        (Message::Hello(kindless), "hello.kind"),
    ] {
        let status = plane.watch_saying(first).await.end().await;
        assert_eq!(status.code(), Code::InvalidArgument);
        assert!(status.message().contains(says), "{status}");
    }
}

#[tokio::test]
async fn a_second_hello_ends_the_stream() {
    let plane = Plane::with_document().await;
    let mut node = plane.watch(NodeKind::Gateway, "gateway").await;
    node.next().await;
    node.say(Message::Hello(v1::Hello::default())).await;
    assert_eq!(node.end().await.code(), Code::InvalidArgument);
}

#[tokio::test]
async fn stopping_ends_open_streams() {
    let plane = Plane::with_document().await;
    let mut node = plane.watch(NodeKind::Gateway, "gateway").await;
    node.next().await;
    timeout(DEADLINE, plane.stop()).await.unwrap();
    assert_eq!(node.end().await.code(), Code::Unavailable);
}
