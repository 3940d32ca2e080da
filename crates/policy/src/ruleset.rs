//! The compiled rules: who a key belongs to, which server an endpoint stands for, and whether an operation is permitted.
//!
//! Everything is looked up in maps made by [`RuleSet::compile`]; deciding allocates nothing until it has to explain a
//! denial. The engine and the adapter ask; neither sees the document behind it.

mod any;
mod asks;
mod compile;
mod consider;
mod decide;
mod endpoint;
pub mod guard;
pub(crate) mod identity;
mod keys;
mod limits;
mod outputs;
mod pinned;
pub mod pins;
mod resource;
pub mod rights;
mod role;
mod rules;
mod screen;
mod upstream;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::catalogue::Catalogue;
use crate::condition::{Condition, Name};
use crate::conditions::Conditions;
use crate::document::{Arguments, Database, Document, OnFull, PinMode, ToolShape, Unmatched};
use crate::identity::Trust;
use crate::operation::Operation;
use crate::problem::Problems;
pub use crate::ruleset::endpoint::{Backend, Endpoint, SEPARATOR, ServerKind};
use crate::ruleset::keys::Keys;
use crate::ruleset::limits::Limits;
pub use crate::ruleset::outputs::OutputFit;
use crate::ruleset::outputs::OutputSchemas;
use crate::ruleset::pinned::PinnedSchemas;
pub use crate::ruleset::resource::Resource;
use crate::ruleset::resource::Resources;
use crate::ruleset::rights::DatabaseRights;
use crate::ruleset::role::{Role, Section, ServerRules};
pub use crate::ruleset::screen::Screen;
pub use crate::ruleset::upstream::{ADAPTER_CLUSTER, CHANGES, Upstream, default_cluster};
use crate::subject::Subject;

/// Longest request body where the document does not say: 4 MiB.
pub const DEFAULT_MAX_BODY: usize = 4 * 1024 * 1024;
/// Deepest JSON where the document does not say.
pub const DEFAULT_MAX_DEPTH: usize = 64;

/// The condition of a rule of a section, where it has a good one.
pub(crate) fn condition(section: &str, rule: &crate::document::Rule) -> Option<Condition> {
    let section = Section::ALL.into_iter().find(|known| known.name() == section)?;
    Condition::compile(rule.when.as_deref()?, section.condition_name()).ok()
}

/// How conditions of each section of a role call what is asked for, in the order of the sections.
pub(crate) fn section_names() -> [Name; 7] {
    Section::ALL.map(Section::condition_name)
}

/// One revision of the document, ready to decide.
#[derive(Debug, Clone)]
pub struct RuleSet {
    revision: u64,
    gateway: Gateway,
    audit: Audit,
    endpoints: Arc<HashMap<String, Endpoint>>,
    session_age_ms: u64,
    trust: Trust,
    resources: Arc<Resources>,
    keys: Keys,
    roles: Arc<HashMap<String, Role>>,
    databases: BTreeMap<String, Database>,
    limits: Arc<Limits>,
    catalogue: Arc<Catalogue>,
    pinned: Arc<PinnedSchemas>,
    outputs: Arc<OutputSchemas>,
    /// Servers whose definitions are pinned, and how.
    pins: HashMap<String, PinMode>,
    upstreams: HashMap<String, Upstream>,
}

/// How the gateway meets the outside, with defaults filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gateway {
    /// The URL agents know the gateway by.
    pub public_url: Option<String>,
    /// Values of `Origin` that are accepted.
    pub allowed_origins: Vec<String>,
    /// Values of `Host` that are accepted; empty accepts any.
    pub allowed_hosts: Vec<String>,
    /// Longest request body, in bytes.
    pub max_body: usize,
    /// Deepest JSON.
    pub max_depth: usize,
    /// What becomes of a path that is no endpoint.
    pub unmatched: Unmatched,
}

/// What the audit records, with defaults filled in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Audit {
    /// What is kept of the arguments of a call.
    pub arguments: Arguments,
    /// What happens when the buffer of events is full.
    pub on_full: OnFull,
}

impl RuleSet {
    /// Makes rules of a document.
    ///
    /// # Errors
    /// Everything that is wrong with the document, by path.
    pub fn compile(document: &Document, revision: u64) -> Result<RuleSet, Problems> {
        compile::compile(document, revision, &Condition::compile)
    }

    /// Makes rules of a document whose conditions were parsed elsewhere.
    ///
    /// # Errors
    /// Everything that is wrong with the document, by path; a condition that is not there as well.
    pub fn compile_parsed(
        document: &Document,
        revision: u64,
        conditions: &Conditions,
    ) -> Result<RuleSet, Problems> {
        compile::compile(document, revision, &|text, name| conditions.get(text, name))
    }

    /// The revision these rules were made of.
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// How the gateway meets the outside.
    #[must_use]
    pub fn gateway(&self) -> &Gateway {
        &self.gateway
    }

    /// What the audit records.
    #[must_use]
    pub fn audit(&self) -> &Audit {
        &self.audit
    }

    /// The endpoint of exactly this path.
    #[must_use]
    pub fn endpoint(&self, path: &str) -> Option<&Endpoint> {
        self.endpoints.get(path)
    }

    /// All endpoints, in no order.
    pub fn endpoints(&self) -> impl Iterator<Item = &Endpoint> {
        self.endpoints.values()
    }

    /// Where an upstream server is, for questions of the gateway's own.
    #[must_use]
    pub fn upstream(&self, server: &str) -> Option<&Upstream> {
        self.upstreams.get(server)
    }

    /// How long a legacy session lasts, in milliseconds.
    #[must_use]
    pub fn session_age_ms(&self) -> u64 {
        self.session_age_ms
    }

    /// An endpoint as clients with tokens see it; none where no tokens are accepted.
    #[must_use]
    pub fn resource(&self, path: &str) -> Option<&Resource> {
        self.resources.endpoint(path)
    }

    /// The metadata (RFC 9728) that stands at this path, as JSON.
    #[must_use]
    pub fn resource_metadata(&self, path: &str) -> Option<&str> {
        self.resources.metadata(path)
    }

    /// Whose word is taken for who a caller is, beside the keys.
    #[must_use]
    pub fn trust(&self) -> &Trust {
        &self.trust
    }

    /// Whether a tool's structured result is what the tool declares.
    #[must_use]
    pub fn output_fit(&self, server: &str, tool: &str, result: mcp::Json<'_>) -> OutputFit {
        self.outputs.fit(&self.catalogue, server, tool, result)
    }

    /// What is done with the content of an exchange; none where the role has no rules about it.
    #[must_use]
    pub fn screen(&self, subject: &Subject, server: &str, operation: &Operation<'_>) -> Option<Screen> {
        let screen = self.roles.get(&subject.role)?.screens()?.of(server, operation);
        (screen.longest.is_some() || !screen.rules.is_idle()).then_some(screen)
    }

    /// What a role may do inside a database; none where it was granted nothing there.
    #[must_use]
    pub fn database_rights(&self, role: &str, database: &str) -> Option<&DatabaseRights> {
        self.roles.get(role)?.rights(database)
    }

    /// The databases with their URLs, in order of their names. A gateway's snapshot has no URLs.
    pub fn databases(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        self.databases.iter().map(|(name, database)| (name.as_str(), database.url.as_deref()))
    }

    /// Which tools are made of a database.
    #[must_use]
    pub fn tool_shape(&self, database: &str) -> ToolShape {
        self.databases.get(database).and_then(|database| database.tools).unwrap_or_default()
    }

    /// Whether a login of any power is used for a database.
    #[must_use]
    pub fn allows_unsafe_login(&self, database: &str) -> bool {
        self.databases.get(database).is_some_and(|database| database.allow_unsafe_login)
    }

    /// The roles, in no order.
    pub fn roles(&self) -> impl Iterator<Item = &str> {
        self.roles.keys().map(String::as_str)
    }

    /// Whether there is a role of this name.
    #[must_use]
    pub fn has_role(&self, role: &str) -> bool {
        self.roles.contains_key(role)
    }

    /// The rules of the subject's role on a server, if there is any that allows something.
    fn rules(&self, subject: &Subject, server: &str) -> Option<&ServerRules> {
        self.roles.get(&subject.role)?.server(server)
    }
}

impl Default for Gateway {
    fn default() -> Gateway {
        Gateway {
            public_url: None,
            allowed_origins: Vec::new(),
            allowed_hosts: Vec::new(),
            max_body: DEFAULT_MAX_BODY,
            max_depth: DEFAULT_MAX_DEPTH,
            unmatched: Unmatched::default(),
        }
    }
}

#[cfg(test)]
mod tests;
