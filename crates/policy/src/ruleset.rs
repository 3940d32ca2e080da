//! The compiled rules: who a key belongs to, which server an endpoint stands for, and whether an operation is permitted.
//!
//! Everything is looked up in maps made by [`RuleSet::compile`]; deciding allocates nothing until it has to explain a
//! denial. The engine and the adapter ask; neither sees the document behind it.

mod asks;
mod compile;
mod endpoint;
pub(crate) mod identity;
pub mod pins;
mod resource;
pub mod rights;
mod role;
mod screen;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use mcp::list::ListKind;
use subtle::ConstantTimeEq;

use crate::catalogue::Catalogue;
use crate::code::Code;
use crate::decision::{Decision, Denial, Permit};
use crate::document::{Arguments, Database, Document, OnFull, PinMode, ToolShape, Unmatched};
use crate::identity::Trust;
use crate::key::ApiKeyText;
use crate::operation::Operation;
use crate::problem::Problems;
pub use crate::ruleset::endpoint::{Endpoint, ServerKind};
pub use crate::ruleset::resource::Resource;
use crate::ruleset::resource::Resources;
use crate::ruleset::rights::DatabaseRights;
use crate::ruleset::role::{Role, Section, ServerRules, Verdict};
pub use crate::ruleset::screen::Screen;
use crate::subject::{KeyRefused, Subject};

/// Longest request body where the document does not say: 4 MiB.
pub const DEFAULT_MAX_BODY: usize = 4 * 1024 * 1024;
/// Deepest JSON where the document does not say.
pub const DEFAULT_MAX_DEPTH: usize = 64;

/// One revision of the document, ready to decide.
#[derive(Debug, Clone)]
pub struct RuleSet {
    revision: u64,
    gateway: Gateway,
    audit: Audit,
    endpoints: HashMap<String, Endpoint>,
    session_age_ms: u64,
    trust: Trust,
    resources: Resources,
    keys: HashMap<String, AcceptedKey>,
    roles: HashMap<String, Role>,
    databases: BTreeMap<String, Database>,
    catalogue: Arc<Catalogue>,
    /// Servers whose definitions are pinned, and how.
    pins: HashMap<String, PinMode>,
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

#[derive(Debug, Clone)]
struct AcceptedKey {
    digest: [u8; 32],
    expires: Option<u64>,
    subject: Subject,
}

impl RuleSet {
    /// Makes rules of a document.
    ///
    /// # Errors
    /// Everything that is wrong with the document, by path.
    pub fn compile(document: &Document, revision: u64) -> Result<RuleSet, Problems> {
        compile::compile(document, revision)
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

    /// Who presents a key.
    ///
    /// # Errors
    /// The key is unknown, revoked or expired.
    pub fn authenticate(&self, presented: &ApiKeyText, now_unix: u64) -> Result<Subject, KeyRefused> {
        let key = self.keys.get(presented.id()).ok_or(KeyRefused::Unknown)?;
        // Only who knows the secret may learn that the key has expired.
        if !bool::from(key.digest.ct_eq(&presented.digest())) {
            return Err(KeyRefused::Unknown);
        }
        if key.expires.is_some_and(|end| now_unix >= end) {
            return Err(KeyRefused::Expired);
        }
        Ok(key.subject.clone())
    }

    /// Whether a subject may do an operation on a server.
    #[must_use]
    pub fn decide(&self, subject: &Subject, server: &str, operation: &Operation<'_>) -> Decision {
        let Some(rules) = self.rules(subject, server) else {
            return deny_access(subject, server, operation);
        };
        let asked = match operation {
            Operation::CallTool { name, .. } => (Section::Tools, name.as_ref()),
            Operation::GetPrompt { name, .. } => (Section::Prompts, name.as_ref()),
            Operation::ReadResource { uri } => (Section::Resources, uri.as_ref()),
            Operation::Complete { reference } => (Section::Completion, reference.as_ref()),
            Operation::Subscribe { uri } | Operation::Unsubscribe { uri } => {
                (Section::Subscriptions, uri.as_ref())
            }
            Operation::OpenStream => (Section::Subscriptions, "stream"),
            Operation::Task { verb, .. } => (Section::Tasks, *verb),
            Operation::Listen { topics } => return decide_topics(rules, server, topics),
            Operation::Answer | Operation::EndSession | Operation::Lifecycle { .. } | Operation::List(_) => {
                return Decision::Permit(Permit::by(Arc::clone(rules.access())));
            }
            Operation::Other { method } => {
                return match rules.judge(Section::Methods, method) {
                    Verdict::Permit(rule) => Decision::Permit(Permit::by(Arc::clone(rule))),
                    Verdict::Nothing => Decision::Deny(unheard_of(server, method)),
                    refused @ Verdict::Deny(_) => {
                        Decision::Deny(explain(server, (Section::Methods, method), &refused))
                    }
                };
            }
            Operation::Unanswerable { method } => {
                let what = format!("method `{method}` wants an answer, but came without an id");
                return Decision::Deny(Denial::new(Code::MethodNotAllowed, what));
            }
        };
        match rules.judge(asked.0, asked.1) {
            Verdict::Permit(rule) => match self.unpinned(server, operation) {
                Some(denial) => Decision::Deny(denial),
                None => Decision::Permit(Permit::by(Arc::clone(rule))),
            },
            refused => Decision::Deny(explain(server, asked, &refused)),
        }
    }

    /// Whether a list shows an entry: a tool or prompt by name, a resource by URI, a template by its text. It does exactly
    /// where [`Self::decide`] permits its use.
    #[must_use]
    pub fn shows(&self, subject: &Subject, server: &str, kind: ListKind, name: &str) -> bool {
        let section = match kind {
            ListKind::Prompts => Section::Prompts,
            ListKind::ResourceTemplates | ListKind::Resources => Section::Resources,
            ListKind::Tools => Section::Tools,
        };
        self.rules(subject, server)
            .is_some_and(|rules| matches!(rules.judge(section, name), Verdict::Permit(_)))
            && (kind != ListKind::Tools || self.pin_denial(server, name, None).is_none())
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

/// Every topic has to be allowed; the rule of the last one stands for all.
fn decide_topics(rules: &ServerRules, server: &str, topics: &[String]) -> Decision {
    let mut permit = rules.access();
    for topic in topics {
        match rules.judge(Section::Subscriptions, topic) {
            Verdict::Permit(rule) => permit = rule,
            refused => return Decision::Deny(explain(server, (Section::Subscriptions, topic), &refused)),
        }
    }
    Decision::Permit(Permit::by(Arc::clone(permit)))
}

fn explain(server: &str, (section, name): (Section, &str), refused: &Verdict<'_>) -> Denial {
    let what = format!("{} `{name}` on server `{server}`", section.noun());
    let denial = Denial::new(Code::DeniedByRule, what);
    match refused {
        Verdict::Deny(rule) => denial.by(Arc::clone(rule)),
        _ => denial.missing_right(format!("{}: allow {server}.{name}", section.name())),
    }
}

fn deny_access(subject: &Subject, server: &str, operation: &Operation<'_>) -> Decision {
    if let Operation::Other { method } = operation {
        return Decision::Deny(unheard_of(server, method));
    }
    let what = format!("role `{}` has no access to server `{server}`", subject.role);
    Decision::Deny(
        Denial::new(Code::NoAccessToServer, what).missing_right(format!("tools: allow {server}.*")),
    )
}

fn unheard_of(server: &str, method: &str) -> Denial {
    let what = format!("`{method}` is no method that MCP gives to clients");
    Denial::new(Code::MethodNotAllowed, what).missing_right(format!("methods: allow {server}.{method}"))
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
