//! The store: what it opens, what it refuses, and what it keeps whatever happens.

use std::{
    env,
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Stdio},
};

use control_plane::{ControlPlane, CredentialSource, Options, StoreError};
use proto::v1::{self, admin_service_client::AdminServiceClient, audit_service_client::AuditServiceClient};

use crate::harness::{DOCUMENT, EMPTY, Plane, batch, event, names, store_file, url};

/// Says to a copy of this test where its store is.
const KILLED: &str = "TRIGATE_TEST_KILLED_STORE";

async fn open(url: &str) -> Result<ControlPlane, StoreError> {
    ControlPlane::open(url, Options { credentials: CredentialSource::Elsewhere, ..Options::default() }).await
}

#[track_caller]
fn check(opened: Result<ControlPlane, StoreError>, says: &[&str]) {
    let error = opened.err().expect("refused").to_string();
    for text in says {
        assert!(error.contains(text), "`{text}` is not in: {error}");
    }
}

#[tokio::test]
async fn a_restart_keeps_everything() {
    let plane = Plane::with_document().await;
    let created = plane.create_key("support_agent", "bot").await;
    plane.publish("worker", vec![event(1, "kept")]).await;
    let (document, node_token) = (plane.document().await, plane.tokens.node.text().to_owned());
    let plane = Plane::start_in(plane.stop().await).await;
    assert_eq!(plane.document().await, document);
    assert_eq!(plane.tokens.node.text(), node_token);
    assert_eq!(names(&plane.query(v1::AuditFilter::default(), 0).await), ["kept"]);
    let mut node = plane.watch(v1::NodeKind::Adapter, "adapter").await;
    assert_eq!(node.next().await.revision, created.revision);
}

#[tokio::test]
async fn other_urls_are_refused() {
    check(open("postgres://user:secret@db/trigate").await, &["PostgreSQL", "later", "sqlite://"]);
    check(open("mysql://user:secret@db/trigate").await, &["sqlite://PATH"]);
    check(open("/var/lib/store.db").await, &["sqlite://PATH"]);
    check(open("sqlite://").await, &["sqlite://PATH"]);
    let error = open("mysql://user:secret@db/trigate").await.err().unwrap();
    assert!(!error.to_string().contains("secret"), "{error}");
}

#[tokio::test]
async fn a_path_that_cannot_be_opened_is_named() {
    let directory = tempfile::tempdir().unwrap();
    let missing = directory.path().join("missing/store.db");
    check(open(&url(&missing)).await, &["missing/store.db", "No such file", "must exist"]);
    check(open(&url(directory.path())).await, &["Is a directory"]);
}

#[tokio::test]
async fn a_file_of_a_newer_version_is_refused_and_stays_as_it_is() {
    let directory = Plane::with_document().await.stop().await;
    let file = store_file(directory.path());
    rusqlite::Connection::open(&file).unwrap().pragma_update(None, "user_version", 99).unwrap();
    check(open(&url(&file)).await, &["control-plane.db", "newer Trigate", "layout 99", "run that version"]);
}

#[tokio::test]
async fn a_file_of_somebody_else_is_refused_and_stays_as_it_is() {
    let directory = tempfile::tempdir().unwrap();
    let database = directory.path().join("shop.db");
    rusqlite::Connection::open(&database).unwrap().execute_batch("CREATE TABLE customers (id)").unwrap();
    let text = directory.path().join("notes.txt");
    std::fs::write(&text, "these are notes, and no database at all".repeat(50)).unwrap();
    for file in [database, text] {
        let before = std::fs::read(&file).unwrap();
        check(open(&url(&file)).await, &["not a store of Trigate"]);
        assert_eq!(std::fs::read(&file).unwrap(), before);
    }
}

#[cfg(unix)]
#[tokio::test]
async fn the_store_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let plane = Plane::with_document().await;
    for file in ["control-plane.db", "control-plane.db-wal"] {
        let mode = std::fs::metadata(plane.directory.path().join(file)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
}

#[tokio::test]
async fn two_processes_edit_one_store_and_lose_nothing() {
    let plane = Plane::with_document().await;
    let other = open(&plane.url()).await.unwrap();
    let edit = async |mut admin: AdminServiceClient<_>, side: &str| {
        for number in 0..15 {
            let role = v1::AddRoleRequest { role: format!("{side}-{number}"), ..Default::default() };
            admin.add_role(role).await.unwrap();
        }
    };
    let here = async {
        let mut admin = plane.admin();
        for number in 0..15 {
            let role = v1::AddRoleRequest { role: format!("here-{number}"), ..Default::default() };
            admin.add_role(role).await.unwrap();
        }
    };
    tokio::join!(here, edit(AdminServiceClient::new(other.admin_service()), "there"));
    let roles = plane.admin().list_roles(v1::ListRolesRequest {}).await.unwrap().into_inner().roles;
    assert_eq!(roles.len(), 31);
    let mut node = plane.watch(v1::NodeKind::Gateway, "gateway").await;
    assert_eq!(node.until(31).await.revision, 31);
}

#[tokio::test]
async fn what_was_acknowledged_survives_a_kill() {
    if let Some(file) = env::var_os(KILLED) {
        return write_until_killed(Path::new(&file)).await;
    }
    let directory = tempfile::tempdir().unwrap();
    let file = store_file(directory.path());
    let mut child = Command::new(env::current_exe().unwrap())
        .args(["--exact", "store::what_was_acknowledged_survives_a_kill", "--nocapture"])
        .env(KILLED, &file)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let acknowledged =
        lines.filter_map(|line| line.strip_prefix("stored ").and_then(|round| round.parse::<u64>().ok()));
    let rounds = acknowledged.take(50).last().unwrap();
    child.kill().unwrap();
    child.wait().unwrap();

    let plane = Plane::start_in(directory).await;
    let stored = plane.query(v1::AuditFilter::default(), 0).await.len() as u64;
    assert!(stored >= rounds * 10, "{stored} events of {rounds} rounds");
    let revisions = plane.admin().list_revisions(v1::ListRevisionsRequest { limit: 0 }).await.unwrap();
    assert!(revisions.into_inner().revisions.len() as u64 >= rounds);
    plane.apply(DOCUMENT).await;
}

/// Stores a revision and ten events a round, and prints each round that was acknowledged.
async fn write_until_killed(file: &Path) {
    let plane = open(&url(file)).await.unwrap();
    let mut admin = AdminServiceClient::new(plane.admin_service());
    for round in 1_u64.. {
        let document = format!("{EMPTY}# {round}\n");
        let request = v1::ApplyPolicyRequest { document, ..Default::default() };
        admin.apply_policy(request).await.unwrap();
        let events = (0..10).map(|number| event(number, "kept")).collect();
        let sent = tokio_stream::once(batch("worker", round * 10 - 9, events));
        let acks = AuditServiceClient::new(plane.audit_service()).publish(sent).await.unwrap();
        assert_eq!(acks.into_inner().message().await.unwrap().unwrap().sequence, round * 10);
        println!("stored {round}");
    }
}
