use control_plane::ControlPlane;
use proto::v1::AddRoleRequest;

use super::*;

const FIRST: &str = "version: 1\nroles:\n  first: { description: as in the file }\n";
const SECOND: &str = "version: 1\nroles:\n  second: { description: as in the file }\n";

/// A store in memory, and a state directory for the note.
struct Store {
    admin: Admin,
    state: StateDir,
    _dir: tempfile::TempDir,
}

impl Store {
    async fn new() -> Store {
        let plane = ControlPlane::open("sqlite::memory:", control_plane::Options::default()).await.unwrap();
        let dir = tempfile::tempdir().unwrap();
        let state = StateDir::create(dir.path()).unwrap();
        Store { admin: Admin::in_process(&plane), state, _dir: dir }
    }

    async fn start(&mut self, text: &str, edits: Edits) -> anyhow::Result<Vec<String>> {
        let wanted = Wanted::File { name: "trigate.yaml".to_owned(), text: text.to_owned(), edits };
        let settled = settle(&mut self.admin, &self.state, &wanted).await?;
        Ok(settled.document.roles.into_keys().collect())
    }

    async fn edit(&mut self) {
        let request = AddRoleRequest { role: "added".to_owned(), description: String::new() };
        self.admin.client.add_role(request).await.unwrap();
    }
}

#[tokio::test]
async fn a_changed_file_is_applied() {
    let mut store = Store::new().await;
    assert_eq!(store.start(FIRST, Edits::Keep).await.unwrap(), ["first"]);
    assert_eq!(store.start(SECOND, Edits::Keep).await.unwrap(), ["second"]);
}

#[tokio::test]
async fn edits_of_the_store_outlive_a_start_with_the_same_file() {
    let mut store = Store::new().await;
    store.start(FIRST, Edits::Keep).await.unwrap();
    store.edit().await;
    assert_eq!(store.start(FIRST, Edits::Keep).await.unwrap(), ["added", "first"]);
}

#[tokio::test]
async fn a_changed_file_does_not_undo_edits_unasked() {
    let mut store = Store::new().await;
    store.start(FIRST, Edits::Keep).await.unwrap();
    store.edit().await;
    let error = store.start(SECOND, Edits::Keep).await.unwrap_err().to_string();
    assert!(error.contains("trigate.yaml") && error.contains("--replace"), "{error}");
    assert_eq!(store.start(SECOND, Edits::Replace).await.unwrap(), ["second"]);
}

#[tokio::test]
async fn a_file_applied_by_hand_and_edited_since_is_recognised() {
    let mut store = Store::new().await;
    let request =
        ApplyPolicyRequest { document: FIRST.to_owned(), comment: String::new(), expected_revision: 0 };
    store.admin.client.apply_policy(request).await.unwrap();
    store.edit().await;
    assert_eq!(store.start(FIRST, Edits::Keep).await.unwrap(), ["added", "first"]);
    store.start(SECOND, Edits::Keep).await.unwrap_err();
}

#[tokio::test]
async fn the_demo_makes_way_for_a_file() {
    let mut store = Store::new().await;
    assert!(settle(&mut store.admin, &store.state, &Wanted::Stored).await.unwrap().is_demo);
    store.edit().await;
    assert!(settle(&mut store.admin, &store.state, &Wanted::Stored).await.unwrap().is_demo);
    assert_eq!(store.start(FIRST, Edits::Keep).await.unwrap(), ["first"]);
    assert!(!settle(&mut store.admin, &store.state, &Wanted::Stored).await.unwrap().is_demo);
}
