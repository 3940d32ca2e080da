//! `AdminService`: the operators' verbs. Each change is an edit of the one document and makes a new revision of it.

use std::sync::Arc;

use policy::{ApiKeyText, Document, EditError, Timestamp, Verb, document::Key, edit, key};
use proto::v1::{self, admin_service_server::AdminService};
use similar::TextDiff;
use tonic::{Request, Response, Status};

use super::{
    credentials, pins, servers, status,
    trail::{self, Events},
};
use crate::{
    Shared, instant,
    ledger::{Applied, LedgerError},
    rights,
    store::{Rotation, StoredRevision},
};

/// Lines around each change in a diff.
const CONTEXT: usize = 3;

/// The service.
pub struct AdminDesk {
    shared: Arc<Shared>,
}

type Answer<T> = Result<Response<T>, Status>;

impl AdminDesk {
    pub(crate) fn new(shared: Arc<Shared>) -> Self {
        Self { shared }
    }

    /// Edits the newest document.
    async fn edit(
        &self,
        comment: String,
        edit: impl Fn(&mut Document) -> Result<(), EditError>,
    ) -> Answer<v1::ApplyPolicyResponse> {
        let ((), applied) = self.shared.ledger.edit(&comment, edit).await?;
        Ok(Response::new(applied.into()))
    }
}

impl From<Applied> for v1::ApplyPolicyResponse {
    fn from(applied: Applied) -> Self {
        Self { revision: applied.revision, changed: applied.changed }
    }
}

#[tonic::async_trait]
impl AdminService for AdminDesk {
    async fn validate_policy(
        &self,
        request: Request<v1::ValidatePolicyRequest>,
    ) -> Answer<v1::ValidatePolicyResponse> {
        let problems = self.shared.ledger.problems(request.into_inner().document).await?;
        let problems = problems.into_iter().map(|problem| v1::Problem {
            line: problem.line,
            column: problem.column,
            path: problem.path,
            message: problem.message,
        });
        Ok(Response::new(v1::ValidatePolicyResponse { problems: problems.collect() }))
    }

    async fn apply_policy(
        &self,
        request: Request<v1::ApplyPolicyRequest>,
    ) -> Answer<v1::ApplyPolicyResponse> {
        let v1::ApplyPolicyRequest { document, comment, expected_revision } = request.into_inner();
        let applied = self.shared.ledger.apply(document, comment, expected_revision).await?;
        Ok(Response::new(applied.into()))
    }

    async fn get_policy(&self, request: Request<v1::GetPolicyRequest>) -> Answer<v1::GetPolicyResponse> {
        let stored = self.shared.ledger.revision(request.into_inner().revision).await?;
        let document = stored.document.clone();
        Ok(Response::new(v1::GetPolicyResponse { revision: Some(described(stored)), document }))
    }

    async fn list_revisions(
        &self,
        request: Request<v1::ListRevisionsRequest>,
    ) -> Answer<v1::ListRevisionsResponse> {
        let limit = match request.into_inner().limit {
            0 => u32::MAX,
            limit => limit,
        };
        let stored = self.shared.store.revisions(limit).await?;
        let revisions = stored.into_iter().map(described).collect();
        Ok(Response::new(v1::ListRevisionsResponse { revisions }))
    }

    async fn diff_policy(&self, request: Request<v1::DiffPolicyRequest>) -> Answer<v1::DiffPolicyResponse> {
        let v1::DiffPolicyRequest { from, to, document } = request.into_inner();
        let old = self.shared.ledger.revision(from).await?;
        let (new_name, new) = if document.is_empty() {
            let new = self.shared.ledger.revision(to).await?;
            (format!("revision {}", new.revision), new.document)
        } else {
            ("candidate".to_owned(), document)
        };
        let unified = TextDiff::from_lines(&old.document, &new)
            .unified_diff()
            .context_radius(CONTEXT)
            .header(&format!("revision {}", old.revision), &new_name)
            .to_string();
        Ok(Response::new(v1::DiffPolicyResponse { unified }))
    }

    async fn roll_back_policy(
        &self,
        request: Request<v1::RollBackPolicyRequest>,
    ) -> Answer<v1::ApplyPolicyResponse> {
        let applied = self.shared.ledger.roll_back(request.into_inner().revision).await?;
        Ok(Response::new(applied.into()))
    }

    async fn add_role(&self, request: Request<v1::AddRoleRequest>) -> Answer<v1::ApplyPolicyResponse> {
        let v1::AddRoleRequest { role, description } = request.into_inner();
        named(&[("role", &role)])?;
        self.edit(format!("role add {role}"), |document| edit::add_role(document, &role, &description)).await
    }

    async fn grant_role(&self, request: Request<v1::GrantRoleRequest>) -> Answer<v1::ApplyPolicyResponse> {
        let v1::GrantRoleRequest { role, database, tables, operations } = request.into_inner();
        named(&[("role", &role), ("database", &database)])?;
        let verbs = verbs(&operations)?;
        let tables: Vec<_> = tables.iter().map(String::as_str).collect();
        named(&tables.iter().map(|table| ("tables", *table)).collect::<Vec<_>>())?;
        let comment =
            format!("role grant {role} {database}: {} on {}", operations.join(", "), tables.join(", "));
        self.edit(comment, |document| edit::grant(document, &role, &database, &tables, &verbs)).await
    }

    async fn deny_columns(
        &self,
        request: Request<v1::DenyColumnsRequest>,
    ) -> Answer<v1::ApplyPolicyResponse> {
        let v1::DenyColumnsRequest { role, database, table, columns } = request.into_inner();
        named(&[("role", &role), ("database", &database), ("table", &table)])?;
        let columns: Vec<_> = columns.iter().map(String::as_str).collect();
        named(&columns.iter().map(|column| ("columns", *column)).collect::<Vec<_>>())?;
        let comment = format!("role deny-columns {role} {database}.{table}: {}", columns.join(", "));
        self.edit(comment, |document| edit::deny_columns(document, &role, &database, &table, &columns)).await
    }

    async fn list_roles(&self, _: Request<v1::ListRolesRequest>) -> Answer<v1::ListRolesResponse> {
        let document = self.shared.ledger.document().await?;
        let roles = document.roles.into_iter().map(|(name, role)| {
            let rights = rights::in_words(&role);
            v1::Role { name, description: role.description, rights }
        });
        Ok(Response::new(v1::ListRolesResponse { roles: roles.collect() }))
    }

    async fn create_api_key(
        &self,
        request: Request<v1::CreateApiKeyRequest>,
    ) -> Answer<v1::CreateApiKeyResponse> {
        let v1::CreateApiKeyRequest { role, name, expires, claims } = request.into_inner();
        named(&[("role", &role), ("name", &name)])?;
        let expires = expires.map(moment_to_come).transpose()?;
        let mut entropy = [0; key::ENTROPY];
        getrandom::fill(&mut entropy).map_err(|error| status::no_entropy(&error))?;
        let text = ApiKeyText::generate(&entropy);
        let claims =
            policy::claims::of_pairs(claims.iter().map(|claim| (claim.name.as_str(), claim.value.as_str())));
        let key = Key {
            id: text.id().to_owned(),
            name,
            role,
            sha256: text.digest_hex(),
            expires,
            claims,
            scopes: None,
        };
        let comment = format!("apikey create {} for {}: {}", key.name, key.role, key.id);
        let add = |document: &mut Document| edit::add_key(document, key.clone());
        let ((), applied) = self.shared.ledger.edit(&comment, add).await?;
        Ok(Response::new(v1::CreateApiKeyResponse {
            key: Some(listed(key)),
            text: text.as_str().to_owned(),
            revision: applied.revision,
        }))
    }

    async fn list_api_keys(&self, _: Request<v1::ListApiKeysRequest>) -> Answer<v1::ListApiKeysResponse> {
        let document = self.shared.ledger.document().await?;
        Ok(Response::new(v1::ListApiKeysResponse { keys: document.keys.into_iter().map(listed).collect() }))
    }

    async fn revoke_api_key(
        &self,
        request: Request<v1::RevokeApiKeyRequest>,
    ) -> Answer<v1::ApplyPolicyResponse> {
        let id = request.into_inner().id;
        named(&[("id", &id)])?;
        self.edit(format!("apikey revoke {id}"), |document| edit::revoke_key(document, &id)).await
    }

    async fn rotate_session_keys(
        &self,
        request: Request<v1::RotateSessionKeysRequest>,
    ) -> Answer<v1::RotateSessionKeysResponse> {
        let rotation = if request.into_inner().end_sessions { Rotation::Forget } else { Rotation::Replace };
        self.shared
            .store
            .rotate_session_keys(rotation, instant::now_ms())
            .await
            .map_err(LedgerError::from)?;
        self.shared.ledger.refresh().await.map_err(LedgerError::from)?;
        Ok(Response::new(v1::RotateSessionKeysResponse {}))
    }

    async fn add_server(&self, request: Request<v1::AddServerRequest>) -> Answer<v1::ApplyPolicyResponse> {
        let request = request.into_inner();
        named(&[("name", &request.name), ("declaration", &request.declaration)])?;
        Ok(Response::new(servers::add(&self.shared, request).await?))
    }

    async fn remove_server(
        &self,
        request: Request<v1::RemoveServerRequest>,
    ) -> Answer<v1::RemoveServerResponse> {
        let request = request.into_inner();
        named(&[("name", &request.name)])?;
        Ok(Response::new(servers::remove(&self.shared, request).await?))
    }

    async fn list_catalogue(
        &self,
        request: Request<v1::ListCatalogueRequest>,
    ) -> Answer<v1::ListCatalogueResponse> {
        Ok(Response::new(servers::catalogue(&self.shared, request.into_inner()).await?))
    }

    async fn list_nodes(&self, _: Request<v1::ListNodesRequest>) -> Answer<v1::ListNodesResponse> {
        let document = self.shared.ledger.document().await?;
        let issuers = self.shared.key_sets.report(&document);
        Ok(Response::new(v1::ListNodesResponse { nodes: self.shared.nodes.list(), issuers }))
    }

    async fn set_credential(
        &self,
        request: Request<v1::SetCredentialRequest>,
    ) -> Answer<v1::SetCredentialResponse> {
        credentials::set(&self.shared, request.into_inner()).await
    }

    async fn list_credentials(
        &self,
        _: Request<v1::ListCredentialsRequest>,
    ) -> Answer<v1::ListCredentialsResponse> {
        credentials::list(&self.shared).await
    }

    async fn remove_credential(
        &self,
        request: Request<v1::RemoveCredentialRequest>,
    ) -> Answer<v1::RemoveCredentialResponse> {
        credentials::remove(&self.shared, request.into_inner()).await
    }

    async fn explain(&self, request: Request<v1::ExplainRequest>) -> Answer<v1::ExplainResponse> {
        let request = request.into_inner();
        let newest = self.shared.ledger.newest().await?;
        let document = self.shared.ledger.document().await?;
        let catalogue = self.shared.ledger.catalogue(&document).await.map_err(LedgerError::from)?;
        let answer = super::explain::explain(&document, newest.revision, catalogue, &request);
        Ok(Response::new(answer.map_err(status::invalid)?))
    }

    async fn list_pins(&self, request: Request<v1::ListPinsRequest>) -> Answer<v1::ListPinsResponse> {
        Ok(Response::new(pins::list(&self.shared, request.into_inner()).await?))
    }

    async fn approve_pins(
        &self,
        request: Request<v1::ApprovePinsRequest>,
    ) -> Answer<v1::ApprovePinsResponse> {
        let request = request.into_inner();
        named(&[("server", &request.server), ("approver", &request.approver)])?;
        Ok(Response::new(pins::approve(&self.shared, request).await?))
    }

    async fn revoke_pins(&self, request: Request<v1::RevokePinsRequest>) -> Answer<v1::ApprovePinsResponse> {
        let request = request.into_inner();
        named(&[("server", &request.server), ("approver", &request.approver)])?;
        Ok(Response::new(pins::revoke(&self.shared, request).await?))
    }

    async fn ask_servers(&self, request: Request<v1::AskServersRequest>) -> Answer<v1::AskServersResponse> {
        Ok(Response::new(pins::ask(&self.shared, request.into_inner().servers).await?))
    }

    type QueryAuditStream = Events;

    async fn query_audit(&self, request: Request<v1::QueryAuditRequest>) -> Answer<Events> {
        let v1::QueryAuditRequest { filter, limit } = request.into_inner();
        Ok(Response::new(trail::query(&self.shared, filter, limit).await?))
    }

    type TailAuditStream = Events;

    async fn tail_audit(&self, request: Request<v1::TailAuditRequest>) -> Answer<Events> {
        let v1::TailAuditRequest { filter, last } = request.into_inner();
        Ok(Response::new(trail::tail(&self.shared, filter, last).await?))
    }
}

fn described(stored: StoredRevision) -> v1::Revision {
    v1::Revision {
        revision: stored.revision,
        // The empty document before the first revision was never stored.
        time: (stored.revision != 0).then(|| instant::timestamp(stored.time_us)),
        comment: stored.comment,
        digest: stored.digest,
    }
}

fn listed(key: Key) -> v1::ApiKey {
    let expires = key.expires.and_then(|expires| i64::try_from(expires.unix()).ok());
    v1::ApiKey {
        id: key.id,
        name: key.name,
        role: key.role,
        expires: expires.map(|seconds| prost_types::Timestamp { seconds, nanos: 0 }),
    }
}

/// Refuses a request with empty names, telling all of them.
fn named(fields: &[(&str, &str)]) -> Result<(), Status> {
    let empty = fields.iter().filter(|(_, value)| value.trim().is_empty());
    let empty: Vec<_> = empty.map(|(field, _)| format!("`{field}` must not be empty")).collect();
    if empty.is_empty() { Ok(()) } else { Err(status::invalid(empty.join("\n"))) }
}

/// The operations as the document has them; all that are unknown are told together.
fn verbs(operations: &[String]) -> Result<Vec<Verb>, Status> {
    let mut verbs = Vec::new();
    let mut unknown = Vec::new();
    for operation in operations {
        match operation.parse::<Verb>() {
            Ok(verb) => verbs.push(verb),
            Err(error) => unknown.push(error.to_string()),
        }
    }
    if unknown.is_empty() { Ok(verbs) } else { Err(status::invalid(unknown.join("\n"))) }
}

fn moment_to_come(time: prost_types::Timestamp) -> Result<Timestamp, Status> {
    let seconds = u64::try_from(time.seconds).ok().filter(|_| time.seconds > instant::now_seconds());
    seconds.map(Timestamp::from_unix).ok_or_else(|| status::invalid("`expires` must be in the future"))
}
