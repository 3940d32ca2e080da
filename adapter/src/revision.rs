//! One revision of the policy as the adapter holds it: the rules, the assertion keys, the open databases and the servers
//! that are run here.

use std::collections::BTreeMap;
use std::sync::Arc;

use engine::{InvalidSnapshot, ServerSecret, SnapshotParts};
use policy::{Document, RuleSet};
use proto::v1::Snapshot;

use crate::api::{self, Api};
use crate::bridge::{self, Bridged};
use crate::config::Means;
use crate::databases::{Logins, OpenDatabase};
use crate::db::UrlError;

/// A revision that requests are judged under. A request keeps the one it began with.
pub(crate) struct Revision {
    policy: engine::Revision,
    databases: BTreeMap<String, Result<Arc<OpenDatabase>, UrlError>>,
    bridged: BTreeMap<String, Arc<Bridged>>,
    apis: BTreeMap<String, Arc<Api>>,
}

impl Revision {
    /// Reads a snapshot; databases whose URL is the same as in `previous` stay open, and
    /// servers whose entry is the same go on.
    ///
    /// # Errors
    /// Digest, document or rules are not in order.
    pub(crate) fn from_snapshot(
        snapshot: Snapshot,
        previous: Option<&Self>,
        means: &Means,
    ) -> Result<Self, InvalidSnapshot> {
        let (mut variables, mut credentials) = (BTreeMap::new(), BTreeMap::new());
        let secrets = snapshot.secrets.into_iter().map(|secret| {
            if !secret.header_name.is_empty() {
                credentials.insert(secret.server.clone(), (secret.header_name, secret.header_value));
            }
            variables.insert(secret.server.clone(), secret.variables.into_iter().collect());
            ServerSecret { server: secret.server, credential: None, assertion_key: secret.assertion_key }
        });
        let policy = engine::Revision::from_snapshot(SnapshotParts {
            revision: snapshot.revision,
            digest: &snapshot.digest,
            document: &snapshot.document,
            conditions: &snapshot.conditions,
            secrets: secrets.collect(),
            ..SnapshotParts::default()
        })?;
        let databases = policy.rules().databases().map(|(name, url)| {
            let before = previous.and_then(|revision| revision.database(name)?.as_ref().ok());
            let logins = match policy.rules().allows_unsafe_login(name) {
                true => Logins::All,
                false => Logins::Safe,
            };
            let opened = OpenDatabase::open(url.unwrap_or_default(), before, means.bounds, logins);
            if let Err(error) = &opened {
                tracing::error!(database = name, %error, "database cannot be opened");
            }
            (name.to_owned(), opened)
        });
        let databases = databases.collect();
        let revision = snapshot.revision;
        let document = Document::from_json(&snapshot.document)
            .map_err(|source| InvalidSnapshot::Document { revision, source })?;
        let nothing = BTreeMap::new();
        let before = previous.map_or(&nothing, |revision| &revision.bridged);
        let bridged = bridge::open(&document.servers, &variables, before, means.launcher.as_ref());
        let nothing = BTreeMap::new();
        let before = previous.map_or(&nothing, |revision| &revision.apis);
        let apis = api::open(&document.servers, &credentials, before);
        Ok(Self { policy, databases, bridged, apis })
    }

    /// The rules.
    pub(crate) fn rules(&self) -> &RuleSet {
        self.policy.rules()
    }

    /// The key that assertions for a database are signed with; empty verifies nothing.
    pub(crate) fn assertion_key(&self, database: &str) -> &[u8] {
        self.policy.secret(database).map(|secret| secret.assertion_key.as_slice()).unwrap_or_default()
    }

    /// What columns of a database are hashed with. It lasts as long as the database's assertion key does, so equal values
    /// stay equal from one answer to the next, and who only reads the document cannot hash guesses.
    pub(crate) fn mask_key(&self, database: &str) -> String {
        let key =
            blake3::derive_key("trigate: hashes in place of column values", self.assertion_key(database));
        blake3::Hash::from_bytes(key).to_hex().to_string()
    }

    /// A database by name.
    pub(crate) fn database(&self, name: &str) -> Option<&Result<Arc<OpenDatabase>, UrlError>> {
        self.databases.get(name)
    }

    /// A server that is run here, by name.
    pub(crate) fn bridged(&self, name: &str) -> Option<&Arc<Bridged>> {
        self.bridged.get(name)
    }

    /// An API, by the name of its server.
    pub(crate) fn api(&self, name: &str) -> Option<&Arc<Api>> {
        self.apis.get(name)
    }

    /// Stops every server that is run here.
    pub(crate) async fn stop_servers(&self) {
        futures::future::join_all(self.bridged.values().map(|server| server.stop())).await;
    }

    /// The names of all databases, in order.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.databases.keys().map(String::as_str)
    }
}
