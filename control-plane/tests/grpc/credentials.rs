//! Stored credentials: sealed, given to gateways, never given back.

use control_plane::{CredentialSource, store::Store};
use proto::v1::{self, NodeKind};
use tonic::Code;

use crate::harness::Plane;

const CANARY: &str = "canary-5f1c9e-upstream-secret";

const DOCUMENT: &str = "version: 1
servers: { tickets: { url: http://127.0.0.1:9/mcp, credential: { bearer: { stored: tickets } } } }
endpoints: { /tickets/mcp: { servers: [tickets] } }
";

async fn set(plane: &Plane, name: &str, secret: &str) -> Result<(), tonic::Status> {
    let request = v1::SetCredentialRequest { name: name.to_owned(), secret: secret.as_bytes().to_vec() };
    plane.admin().set_credential(request).await.map(drop)
}

async fn header(plane: &Plane) -> String {
    let snapshot = plane.watch(NodeKind::Gateway, "gateway").await.next().await;
    snapshot.secrets.first().map(|secret| secret.header_value.clone()).unwrap_or_default()
}

#[tokio::test]
async fn a_stored_credential_reaches_gateways_and_is_nowhere_in_the_clear() {
    let plane = Plane::start().await;
    set(&plane, "tickets", &format!("  {CANARY}\n")).await.unwrap();
    plane.apply(DOCUMENT).await;
    assert_eq!(header(&plane).await, format!("Bearer {CANARY}"));
    let listed = plane.admin().list_credentials(v1::ListCredentialsRequest {}).await.unwrap().into_inner();
    assert_eq!((listed.credentials[0].name.as_str(), listed.credentials[0].servers.len()), ("tickets", 1));
    assert!(!format!("{listed:?}{}", plane.document().await).contains("canary"));
    let directory = plane.stop().await;
    for file in std::fs::read_dir(directory.path()).unwrap() {
        let path = file.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        assert!(!bytes.windows(6).any(|window| window == b"canary"), "in {}", path.display());
    }
    assert_eq!(header(&Plane::start_in(directory).await).await, format!("Bearer {CANARY}"));
}

#[tokio::test]
async fn a_new_or_removed_credential_counts_at_once() {
    let plane = Plane::start().await;
    set(&plane, "tickets", "one").await.unwrap();
    plane.apply(DOCUMENT).await;
    let mut gateway = plane.watch(NodeKind::Gateway, "gateway").await;
    gateway.next().await;
    set(&plane, "tickets", "two").await.unwrap();
    assert_eq!(gateway.next().await.secrets[0].header_value, "Bearer two");
    let remove = v1::RemoveCredentialRequest { name: "tickets".to_owned() };
    plane.admin().remove_credential(remove.clone()).await.unwrap();
    // A header without a value: the gateway refuses rather than send a call as nobody.
    let secret = gateway.next().await.secrets[0].clone();
    assert_eq!((secret.header_name.as_str(), secret.header_value.as_str()), ("authorization", ""));
    assert_eq!(plane.admin().remove_credential(remove).await.unwrap_err().code(), Code::NotFound);
}

#[tokio::test]
async fn a_document_that_needs_a_credential_nobody_stored_is_refused() {
    let plane = Plane::start().await;
    let request = v1::ApplyPolicyRequest { document: DOCUMENT.to_owned(), ..Default::default() };
    let refused = plane.admin().apply_policy(request).await.unwrap_err();
    assert!(refused.message().contains("trigate credential set tickets"), "{refused:?}");
    for (name, secret) in [("", "x"), ("a b", "x"), ("a", ""), ("a", "two\nlines"), ("a", "\u{7f}")] {
        assert_eq!(
            set(&plane, name, secret).await.unwrap_err().code(),
            Code::InvalidArgument,
            "{name} {secret}"
        );
    }
}

#[tokio::test]
async fn another_key_opens_nothing() {
    let plane = Plane::start().await;
    set(&plane, "tickets", CANARY).await.unwrap();
    plane.apply(DOCUMENT).await;
    let directory = plane.stop().await;
    std::fs::remove_file(directory.path().join("store.key")).unwrap();
    let plane = Plane::start_with(directory, CredentialSource::Process).await;
    assert_eq!(header(&plane).await, "");
    let sealed = Store::open(&plane.url()).unwrap().credentials().await.unwrap();
    assert_eq!(sealed.len(), 1);
}

#[tokio::test]
async fn the_secret_of_an_assertion_is_a_key_and_no_header() {
    let plane = Plane::start().await;
    set(&plane, "tickets", CANARY).await.unwrap();
    plane.apply(&DOCUMENT.replace("bearer", "assertion")).await;
    let snapshot = plane.watch(NodeKind::Gateway, "gateway").await.next().await;
    let secret = &snapshot.secrets[0];
    assert_eq!((secret.header_name.as_str(), secret.assertion_key.as_slice()), ("", CANARY.as_bytes()));
}
