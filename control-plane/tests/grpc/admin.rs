//! The operators' verbs: what each does to the document, and what each refuses.

use control_plane::MAX_DOCUMENT;
use policy::{ApiKeyText, RuleSet};
use proto::v1;
use tonic::Code;

use crate::harness::{DOCUMENT, EMPTY, Plane, refused};

fn apply(document: &str) -> v1::ApplyPolicyRequest {
    v1::ApplyPolicyRequest { document: document.into(), ..Default::default() }
}

fn grant(role: &str, database: &str, tables: &[&str], operations: &[&str]) -> v1::GrantRoleRequest {
    let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    let (tables, operations) = (owned(tables), owned(operations));
    v1::GrantRoleRequest { role: role.into(), database: database.into(), tables, operations }
}

fn deny(role: &str, database: &str, table: &str, columns: &[&str]) -> v1::DenyColumnsRequest {
    let columns = columns.iter().map(|column| (*column).to_owned()).collect();
    v1::DenyColumnsRequest { role: role.into(), database: database.into(), table: table.into(), columns }
}

fn key(role: &str, name: &str) -> v1::CreateApiKeyRequest {
    v1::CreateApiKeyRequest { role: role.into(), name: name.into(), expires: None, claims: Vec::new() }
}

async fn rules(plane: &Plane) -> RuleSet {
    RuleSet::compile(&policy::parse(&plane.document().await).unwrap().document, 1).unwrap()
}

#[tokio::test]
async fn before_the_first_revision_there_is_the_document_that_declares_nothing() {
    let plane = Plane::start().await;
    let answer = plane.admin().get_policy(v1::GetPolicyRequest { revision: 0 }).await.unwrap().into_inner();
    assert_eq!(policy::parse(&answer.document).unwrap().document, policy::Document::default());
    assert_eq!(answer.revision.unwrap().revision, 0);
    let listed = plane.admin().list_revisions(v1::ListRevisionsRequest { limit: 0 }).await.unwrap();
    assert!(listed.into_inner().revisions.is_empty());
}

#[tokio::test]
async fn a_document_is_kept_as_it_was_written() {
    let plane = Plane::start().await;
    let written = format!("# why it is so\n{DOCUMENT}");
    let request = v1::ApplyPolicyRequest { comment: "the first".into(), ..apply(&written) };
    let applied = plane.admin().apply_policy(request).await.unwrap().into_inner();
    assert_eq!((applied.revision, applied.changed), (1, true));
    let answer = plane.admin().get_policy(v1::GetPolicyRequest { revision: 1 }).await.unwrap().into_inner();
    assert_eq!(answer.document, written);
    let revision = answer.revision.unwrap();
    assert_eq!(revision.digest, blake3::hash(written.as_bytes()).to_hex().to_string());
    assert_eq!(revision.comment, "the first");
    assert!(revision.time.unwrap().seconds > 1_700_000_000);
}

#[tokio::test]
async fn the_same_document_again_is_no_new_revision() {
    let plane = Plane::with_document().await;
    let applied = plane.admin().apply_policy(apply(DOCUMENT)).await.unwrap().into_inner();
    assert_eq!((applied.revision, applied.changed), (1, false));
}

#[tokio::test]
async fn all_problems_of_a_document_are_told_together() {
    let plane = Plane::with_document().await;
    let bad = "version: 1\nendpoints:\n  /a/mcp: { servers: [nobody] }\nkeys:\n  - { id: x, name: n, role: ghost, sha256: zz }\n";
    let validated =
        plane.admin().validate_policy(v1::ValidatePolicyRequest { document: bad.into() }).await.unwrap();
    let problems = validated.into_inner().problems;
    assert!(problems.len() >= 3, "{problems:?}");
    assert!(problems.iter().all(|problem| problem.line > 0 && problem.column > 0), "{problems:?}");
    let told: Vec<_> = problems
        .iter()
        .map(|one| format!("{}:{} {}: {}", one.line, one.column, one.path, one.message))
        .collect();
    let told: Vec<_> = told.iter().map(String::as_str).collect();
    refused(plane.admin().apply_policy(apply(bad)).await, Code::InvalidArgument, &told);
    assert_eq!(plane.document().await, DOCUMENT);
}

#[tokio::test]
async fn more_problems_than_fit_the_headers_are_counted() {
    let plane = Plane::start().await;
    let bad: String = (0..150).map(|number| format!("unknown_{number}: 1\n")).collect();
    let document = format!("version: 1\n{bad}");
    refused(
        plane.admin().apply_policy(apply(&document)).await,
        Code::InvalidArgument,
        &["unknown_0", "more problems"],
    );
    let validated = plane.admin().validate_policy(v1::ValidatePolicyRequest { document }).await.unwrap();
    assert_eq!(validated.into_inner().problems.len(), 150);
}

#[tokio::test]
async fn a_document_without_problems_validates_and_changes_nothing() {
    let plane = Plane::start().await;
    let validated =
        plane.admin().validate_policy(v1::ValidatePolicyRequest { document: DOCUMENT.into() }).await;
    assert_eq!(validated.unwrap().into_inner().problems, []);
    assert_eq!(plane.document().await, EMPTY);
}

#[tokio::test]
async fn a_credential_that_is_not_there_is_a_problem() {
    let plane = Plane::start().await;
    let bad = DOCUMENT.replace("TICKETS_TOKEN", "NOT_SET");
    let says = &["servers.tickets.credential", "`NOT_SET` is not set"];
    refused(plane.admin().apply_policy(apply(&bad)).await, Code::InvalidArgument, says);
    let bad = DOCUMENT.replace("env: TICKETS_TOKEN", "file: /nowhere/token");
    let says = &["servers.tickets.credential", "`/nowhere/token` cannot be read"];
    refused(plane.admin().apply_policy(apply(&bad)).await, Code::InvalidArgument, says);
}

#[tokio::test]
async fn a_credential_is_read_from_a_file_without_its_line_end() {
    let plane = Plane::start().await;
    let file = plane.directory.path().join("token");
    std::fs::write(&file, "of-a-file\n").unwrap();
    plane.apply(&DOCUMENT.replace("env: TICKETS_TOKEN", &format!("file: {}", file.display()))).await;
    let snapshot = plane.watch(v1::NodeKind::Gateway, "gateway").await.next().await;
    assert!(snapshot.secrets.iter().any(|secret| secret.header_value == "Bearer of-a-file"));
    std::fs::write(&file, "two\nlines\n").unwrap();
    let validated = v1::ValidatePolicyRequest { document: plane.document().await };
    let problems = plane.admin().validate_policy(validated).await.unwrap().into_inner().problems;
    assert!(problems[0].message.contains("does not fit a header"), "{problems:?}");
}

#[tokio::test]
async fn a_document_that_is_too_long_is_refused() {
    let plane = Plane::start().await;
    let long = format!("version: 1\n#{}", "x".repeat(MAX_DOCUMENT));
    refused(plane.admin().apply_policy(apply(&long)).await, Code::InvalidArgument, &["at most"]);
}

#[tokio::test]
async fn an_apply_on_top_of_another_revision_is_refused() {
    let plane = Plane::with_document().await;
    plane.apply(EMPTY).await;
    let stale = v1::ApplyPolicyRequest { expected_revision: 1, ..apply(DOCUMENT) };
    refused(
        plane.admin().apply_policy(stale).await,
        Code::FailedPrecondition,
        &["the newest revision is 2, not 1"],
    );
    let fresh = v1::ApplyPolicyRequest { expected_revision: 2, ..apply(DOCUMENT) };
    assert_eq!(plane.admin().apply_policy(fresh).await.unwrap().into_inner().revision, 3);
}

#[tokio::test]
async fn revisions_are_listed_newest_first() {
    let plane = Plane::with_document().await;
    plane.apply(EMPTY).await;
    plane.apply(DOCUMENT).await;
    for (limit, expected) in [(0, vec![3, 2, 1]), (2, vec![3, 2])] {
        let listed =
            plane.admin().list_revisions(v1::ListRevisionsRequest { limit }).await.unwrap().into_inner();
        assert_eq!(listed.revisions.iter().map(|one| one.revision).collect::<Vec<_>>(), expected);
    }
}

#[tokio::test]
async fn an_older_revision_becomes_the_newest_again() {
    let plane = Plane::with_document().await;
    plane.apply(EMPTY).await;
    let mut node = plane.watch(v1::NodeKind::Gateway, "gateway").await;
    assert_eq!(node.next().await.revision, 2);
    let applied =
        plane.admin().roll_back_policy(v1::RollBackPolicyRequest { revision: 1 }).await.unwrap().into_inner();
    assert_eq!((applied.revision, applied.changed), (3, true));
    assert_eq!(plane.document().await, DOCUMENT);
    assert_eq!(node.next().await.revision, 3);
    let again =
        plane.admin().roll_back_policy(v1::RollBackPolicyRequest { revision: 3 }).await.unwrap().into_inner();
    assert_eq!((again.revision, again.changed), (3, false));
}

#[tokio::test]
async fn a_revision_that_never_was_is_not_found() {
    let plane = Plane::with_document().await;
    let says = &["no revision 9", "the newest is 1"];
    for revision in [9, u64::MAX] {
        let got = plane.admin().get_policy(v1::GetPolicyRequest { revision }).await;
        refused(got, Code::NotFound, &["the newest is 1"]);
    }
    refused(
        plane.admin().roll_back_policy(v1::RollBackPolicyRequest { revision: 9 }).await,
        Code::NotFound,
        says,
    );
    let zero = plane.admin().roll_back_policy(v1::RollBackPolicyRequest { revision: 0 }).await;
    refused(zero, Code::NotFound, &["no revision 0"]);
    let diff = v1::DiffPolicyRequest { from: 9, ..Default::default() };
    refused(plane.admin().diff_policy(diff).await, Code::NotFound, says);
}

#[tokio::test]
async fn a_diff_shows_what_changed() {
    let plane = Plane::with_document().await;
    let changed = DOCUMENT.replace("shop.query", "shop.describe_table");
    plane.apply(&changed).await;
    let diff = async |request| plane.admin().diff_policy(request).await.unwrap().into_inner().unified;
    let two = diff(v1::DiffPolicyRequest { from: 1, to: 2, ..Default::default() }).await;
    for line in [
        "--- revision 1",
        "+++ revision 2",
        "-      - allow: shop.query",
        "+      - allow: shop.describe_table",
    ] {
        assert!(two.lines().any(|one| one == line), "`{line}` is not in\n{two}");
    }
    let candidate = diff(v1::DiffPolicyRequest { document: DOCUMENT.into(), ..Default::default() }).await;
    assert!(
        candidate.contains("+++ candidate") && candidate.contains("+      - allow: shop.query"),
        "{candidate}"
    );
    assert_eq!(diff(v1::DiffPolicyRequest { from: 1, to: 1, ..Default::default() }).await, "");
}

#[tokio::test]
async fn the_verbs_make_a_role_that_works() {
    let plane = Plane::with_document().await;
    let mut admin = plane.admin();
    let role = v1::AddRoleRequest { role: "ai-reader".into(), description: "Read-only".into() };
    assert_eq!(admin.add_role(role).await.unwrap().into_inner().revision, 2);
    admin.grant_role(grant("ai-reader", "shop", &["customers", "orders"], &["GET"])).await.unwrap();
    admin.deny_columns(deny("ai-reader", "shop", "customers", &["email", "phone"])).await.unwrap();
    let created = admin.create_api_key(key("ai-reader", "my-agent")).await.unwrap().into_inner();
    assert_eq!(created.revision, 5);
    let shown = ApiKeyText::parse(&created.text).unwrap();
    let subject = rules(&plane).await.authenticate(&shown, 0).unwrap();
    assert_eq!((subject.name.as_str(), subject.role.as_str()), ("my-agent", "ai-reader"));
    assert!(!plane.document().await.contains(&created.text));

    let listed = admin.list_roles(v1::ListRolesRequest {}).await.unwrap().into_inner().roles;
    let reader = listed.iter().find(|role| role.name == "ai-reader").unwrap();
    assert_eq!(reader.description, "Read-only");
    let expected = [
        "tools: allow shop.*",
        "shop.customers: read",
        "shop.orders: read",
        "shop.customers: no columns email, phone",
    ];
    assert_eq!(reader.rights, expected);

    let keys = admin.list_api_keys(v1::ListApiKeysRequest {}).await.unwrap().into_inner().keys;
    assert_eq!(keys, [created.key.clone().unwrap()]);
    let comments =
        admin.list_revisions(v1::ListRevisionsRequest { limit: 4 }).await.unwrap().into_inner().revisions;
    let comments: Vec<_> = comments.into_iter().map(|one| one.comment).collect();
    assert_eq!(
        comments[1..],
        [
            "role deny-columns ai-reader shop.customers: email, phone",
            "role grant ai-reader shop: GET on customers, orders",
            "role add ai-reader",
        ]
    );

    let id = created.key.unwrap().id;
    admin.revoke_api_key(v1::RevokeApiKeyRequest { id }).await.unwrap();
    rules(&plane).await.authenticate(&shown, 0).unwrap_err();
}

#[tokio::test]
async fn a_right_that_is_there_already_is_no_new_revision() {
    let plane = Plane::with_document().await;
    let applied =
        plane.admin().grant_role(grant("support_agent", "shop", &["customers"], &["read"])).await.unwrap();
    assert!(!applied.into_inner().changed);
}

#[tokio::test]
async fn a_key_expires_when_it_was_told_to() {
    let plane = Plane::with_document().await;
    let at = |seconds| Some(prost_types::Timestamp { seconds, nanos: 0 });
    let until = v1::CreateApiKeyRequest { expires: at(4_000_000_000), ..key("support_agent", "bot") };
    let created = plane.admin().create_api_key(until).await.unwrap().into_inner();
    assert_eq!(created.key.unwrap().expires, at(4_000_000_000));
    let shown = ApiKeyText::parse(&created.text).unwrap();
    let rules = rules(&plane).await;
    rules.authenticate(&shown, 3_999_999_999).unwrap();
    rules.authenticate(&shown, 4_000_000_001).unwrap_err();
    for past in [-1, 0, 1_700_000_000] {
        let request = v1::CreateApiKeyRequest { expires: at(past), ..key("support_agent", "bot") };
        refused(
            plane.admin().create_api_key(request).await,
            Code::InvalidArgument,
            &["`expires` must be in the future"],
        );
    }
}

#[tokio::test]
async fn unknown_and_taken_names_are_refused() {
    let plane = Plane::with_document().await;
    let mut admin = plane.admin();
    let taken = v1::AddRoleRequest { role: "support_agent".into(), ..Default::default() };
    refused(admin.add_role(taken).await, Code::AlreadyExists, &["support_agent"]);
    let request = grant("ghost", "shop", &["customers"], &["read"]);
    refused(admin.grant_role(request).await, Code::NotFound, &["unknown role `ghost`", "support_agent"]);
    let request = grant("support_agent", "ghost", &["customers"], &["read"]);
    refused(admin.grant_role(request).await, Code::NotFound, &["unknown database `ghost`", "shop"]);
    refused(
        admin.deny_columns(deny("ghost", "shop", "customers", &["ssn"])).await,
        Code::NotFound,
        &["`ghost`"],
    );
    let request = deny("support_agent", "shop", "orders", &["note"]);
    refused(admin.deny_columns(request).await, Code::FailedPrecondition, &["shop.orders"]);
    refused(admin.create_api_key(key("ghost", "bot")).await, Code::NotFound, &["unknown role `ghost`"]);
    let request = v1::RevokeApiKeyRequest { id: "ghost".into() };
    refused(admin.revoke_api_key(request).await, Code::NotFound, &["unknown key `ghost`"]);
    assert_eq!(plane.document().await, DOCUMENT);
}

#[tokio::test]
async fn everything_that_is_missing_or_misspelt_is_told_together() {
    let plane = Plane::with_document().await;
    let mut admin = plane.admin();
    refused(admin.add_role(v1::AddRoleRequest::default()).await, Code::InvalidArgument, &["`role`"]);
    let request = v1::GrantRoleRequest::default();
    refused(admin.grant_role(request).await, Code::InvalidArgument, &["`role`", "`database`"]);
    let request = grant("support_agent", "shop", &["customers"], &["read", "smell", "taste"]);
    refused(admin.grant_role(request).await, Code::InvalidArgument, &["`smell`", "`taste`"]);
    let request = grant("support_agent", "shop", &[], &["read"]);
    refused(admin.grant_role(request).await, Code::InvalidArgument, &["table"]);
    let request = grant("support_agent", "shop", &["customers"], &[]);
    refused(admin.grant_role(request).await, Code::InvalidArgument, &["operation"]);
    let request = v1::DenyColumnsRequest::default();
    refused(admin.deny_columns(request).await, Code::InvalidArgument, &["`role`", "`database`", "`table`"]);
    let request = deny("support_agent", "shop", "customers", &[" "]);
    refused(admin.deny_columns(request).await, Code::InvalidArgument, &["`columns`"]);
    refused(admin.create_api_key(key("", "")).await, Code::InvalidArgument, &["`role`", "`name`"]);
    let request = v1::RevokeApiKeyRequest::default();
    refused(admin.revoke_api_key(request).await, Code::InvalidArgument, &["`id`"]);
}

#[tokio::test]
async fn of_concurrent_edits_none_is_lost() {
    let plane = Plane::with_document().await;
    let edits = (0..24).map(|number| {
        let mut admin = plane.admin();
        async move {
            let role = v1::AddRoleRequest { role: format!("role-{number}"), ..Default::default() };
            admin.add_role(role).await.unwrap().into_inner().revision
        }
    });
    let mut revisions = futures::future::join_all(edits).await;
    revisions.sort_unstable();
    assert_eq!(revisions, (2..26).collect::<Vec<_>>());
    let roles = plane.admin().list_roles(v1::ListRolesRequest {}).await.unwrap().into_inner().roles;
    assert_eq!(roles.len(), 25);
}

#[tokio::test]
async fn a_caller_who_goes_away_leaves_no_revision_unpushed() {
    let plane = Plane::with_document().await;
    let mut node = plane.watch(v1::NodeKind::Gateway, "gateway").await;
    node.next().await;
    for number in 0..20 {
        let mut admin = plane.admin();
        let role = v1::AddRoleRequest { role: format!("role-{number}"), ..Default::default() };
        let call = tokio::spawn(async move { admin.add_role(role).await });
        tokio::time::timeout(std::time::Duration::from_millis(number), async {
            std::future::pending::<()>().await
        })
        .await
        .unwrap_err();
        call.abort();
    }
    let last = plane.apply(EMPTY).await;
    assert_eq!(node.until(last).await.revision, last);
}
