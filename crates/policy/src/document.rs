//! `trigate.yaml` as written: every field the way the operator gave it, nothing resolved.
//!
//! Nothing downstream decides from these types; [`RuleSet::compile`](crate::RuleSet::compile) makes the checked form. They
//! are also what a snapshot carries (as JSON), reduced to what one kind of node needs.

pub mod asks;
pub mod case;
pub mod content;
pub mod database;
pub mod endpoint;
pub mod identity;
pub mod limit;
pub mod rate_limit_service;
pub mod role;
pub mod rule;
pub mod server;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::claims::Claims;
pub use crate::document::asks::{Asks, Elicitation};
pub use crate::document::case::{Case, Expected};
pub use crate::document::content::{ArgumentMode, Content, ToolContent};
pub use crate::document::database::{Database, ToolShape};
pub use crate::document::endpoint::{Endpoint, HeaderAgreement, Sessions};
pub use crate::document::identity::Identity;
pub use crate::document::limit::Limits;
pub use crate::document::rate_limit_service::{OnFailure, RateLimitService};
pub use crate::document::role::{DatabaseGrants, Mask, Role, TableOperation, Verb};
pub use crate::document::rule::{Effect, Rule, Schema};
pub use crate::document::server::{
    Credential, First, HeaderCredential, Only, PinMode, PinSettings, Pins, SecretSource, Server, Variable,
};
use crate::pattern;
use crate::timestamp::Timestamp;
use crate::yaml;

/// The version of the document's format.
pub const VERSION: u32 = 1;

/// The whole document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// Always [`VERSION`].
    pub version: u32,
    /// How the gateway meets the outside.
    #[serde(default, skip_serializing_if = "Gateway::is_empty")]
    pub gateway: Gateway,
    /// What the audit records.
    #[serde(default, skip_serializing_if = "Audit::is_empty")]
    pub audit: Audit,
    /// Upstream MCP servers, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub servers: BTreeMap<String, Server>,
    /// Databases served by the adapter, by name; each is also a server.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub databases: BTreeMap<String, Database>,
    /// What agents connect to, by path.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub endpoints: BTreeMap<String, Endpoint>,
    /// Who may call beside the holders of API keys.
    #[serde(default, skip_serializing_if = "Identity::is_empty")]
    pub identity: Identity,
    /// Where limits that several proxies share are counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate_limit_service: Option<RateLimitService>,
    /// How legacy sessions live.
    #[serde(default, skip_serializing_if = "Sessions::is_empty")]
    pub sessions: Sessions,
    /// API keys: digests only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keys: Vec<Key>,
    /// What callers may do, by role.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub roles: BTreeMap<String, Role>,
    /// Calls, and what the rules have to make of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tests: Vec<Case>,
}

/// How the gateway meets the outside.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gateway {
    /// The URL agents know the gateway by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub public_url: Option<String>,
    /// Values of `Origin` that are accepted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allowed_origins: Vec<String>,
    /// Values of `Host` that are accepted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allowed_hosts: Vec<String>,
    /// Longest request body, in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_body: Option<u64>,
    /// Deepest JSON.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_depth: Option<u64>,
    /// What becomes of a path that is no endpoint.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unmatched: Option<Unmatched>,
}

impl Gateway {
    fn is_empty(&self) -> bool {
        *self == Gateway::default()
    }
}

/// What becomes of a path that is no endpoint.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Unmatched {
    /// It gets 404.
    #[default]
    Deny,
    /// It goes on untouched: for a filter in an Envoy that serves other things as well.
    Pass,
}

/// What the audit records.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Audit {
    /// What is kept of the arguments of a call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arguments: Option<Arguments>,
    /// What happens when the buffer of events is full.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_full: Option<OnFull>,
}

impl Audit {
    fn is_empty(&self) -> bool {
        *self == Audit::default()
    }
}

/// What the audit keeps of the arguments of a call.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Arguments {
    /// Their digest.
    #[default]
    Digest,
    /// Their digest and their text, with secrets struck.
    Full,
    /// Nothing.
    None,
}

/// What happens when the buffer of audit events is full.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OnFull {
    /// The event is dropped and counted.
    #[default]
    Drop,
    /// The call is refused.
    Refuse,
}

/// An API key: everything but the key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Key {
    /// The part of the key's text that is no secret.
    pub id: String,
    /// Who uses it.
    pub name: String,
    /// What it may do.
    pub role: String,
    /// Lower-case hex SHA-256 of the whole text of the key.
    pub sha256: String,
    /// When it ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<Timestamp>,
    /// What rules on rows may compare with.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub claims: Claims,
    /// Scopes its callers have. None: all there are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scopes: Option<Vec<String>>,
}

/// The bytes are no policy document.
#[derive(Debug, Error)]
#[error("the policy document cannot be read: {0}")]
pub struct InvalidDocument(#[from] serde_json::Error);

impl Default for Document {
    /// A document that declares nothing, and so denies everything.
    fn default() -> Document {
        Document {
            version: VERSION,
            gateway: Gateway::default(),
            audit: Audit::default(),
            servers: BTreeMap::new(),
            databases: BTreeMap::new(),
            endpoints: BTreeMap::new(),
            identity: Identity::default(),
            rate_limit_service: None,
            sessions: Sessions::default(),
            keys: Vec::new(),
            roles: BTreeMap::new(),
            tests: Vec::new(),
        }
    }
}

impl Document {
    /// Reads the form a snapshot carries.
    ///
    /// # Errors
    /// The bytes are not JSON, or not a document of this version.
    pub fn from_json(bytes: &[u8]) -> Result<Document, InvalidDocument> {
        Ok(serde_json::from_slice(bytes)?)
    }

    /// The form a snapshot carries.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        // Strings, integers and maps with string keys: there is nothing in a document that JSON cannot hold.
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// The form an operator reads, fields in the order of the reference.
    #[must_use]
    pub fn to_yaml(&self) -> String {
        yaml::print(self)
    }

    /// What a gateway needs: no database URL, no rights inside databases, no hint where credentials are kept or how servers
    /// are run.
    #[must_use]
    pub fn for_gateway(&self) -> Document {
        let mut reduced = self.clone();
        for server in reduced.servers.values_mut() {
            server.credential = None;
            server.forget_bridge();
        }
        for database in reduced.databases.values_mut() {
            *database = Database { limits: database.limits.take(), ..Database::default() };
        }
        reduced.roles.values_mut().for_each(|role| role.databases.clear());
        reduced.tests.clear();
        reduced
    }

    /// What an adapter needs: no server but those it runs, no endpoint, and no rule that is only about servers.
    #[must_use]
    pub fn for_adapter(&self) -> Document {
        let mut reduced = self.clone();
        reduced.servers.retain(|_, server| server.is_bridged());
        reduced.endpoints.clear();
        reduced.identity = Identity::default();
        reduced.servers.values_mut().for_each(|server| server.limits = None);
        reduced.rate_limit_service = None;
        reduced.databases.values_mut().for_each(|database| database.limits = None);
        reduced.tests.clear();
        for role in reduced.roles.values_mut() {
            role.asks.clear();
            role.content = None;
            role.limits = None;
            for rules in role.sections_mut() {
                rules.retain(|rule| {
                    pattern::literal_server(&rule.pattern)
                        .is_none_or(|server| !self.servers.contains_key(server))
                });
                rules.iter_mut().for_each(|rule| rule.limit = None);
            }
        }
        reduced
    }
}
