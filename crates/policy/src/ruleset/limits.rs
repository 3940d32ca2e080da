//! The limits of a document, by what they stand at, and which of them a permitted call is counted by.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::catalogue::Known;
use crate::decision::Permit;
use crate::document::{self, Document, Effect, RateLimitService, Rule};
use crate::limit::{self, Counted, Key, Limit, Owner, Scope, Value};
use crate::operation::Operation;
use crate::problem::{Problems, member};
use crate::ruleset::RuleSet;
use crate::ruleset::role::Section;
use crate::subject::Subject;

/// Limits by the name of what they stand at.
type Table = HashMap<String, Vec<Arc<Limit>>>;

/// The limits of roles, endpoints and servers. Those of rules are with the rules.
#[derive(Debug, Clone, Default)]
pub(super) struct Limits {
    roles: Table,
    endpoints: Table,
    servers: Table,
    service: RateLimitService,
}

/// Limits at one kind of thing.
struct Kind {
    field: &'static str,
    noun: &'static str,
    per: &'static [Scope],
}

const ROLES: Kind = Kind { field: "roles", noun: "role", per: &[Scope::Subject] };
const ENDPOINTS: Kind = Kind { field: "endpoints", noun: "endpoint", per: &[] };
const SERVERS: Kind = Kind { field: "servers", noun: "server", per: &[] };
const DATABASES: Kind = Kind { field: "databases", noun: "database", per: &[] };

impl Limits {
    /// Takes over what a document says, and reports what is wrong with it.
    pub(super) fn compile(document: &Document, problems: &mut Problems) -> Limits {
        let roles = table(&ROLES, &document.roles, |role| role.limits.as_ref(), problems);
        let endpoints = table(&ENDPOINTS, &document.endpoints, |path| path.limits.as_ref(), problems);
        let mut servers = table(&SERVERS, &document.servers, |server| server.limits.as_ref(), problems);
        servers.extend(table(&DATABASES, &document.databases, |base| base.limits.as_ref(), problems));
        let service = document.rate_limit_service.clone().unwrap_or_default();
        service_problems(&service, problems);
        Limits { roles, endpoints, servers, service }
    }

    fn is_empty(&self) -> bool {
        self.roles.is_empty() && self.endpoints.is_empty() && self.servers.is_empty()
    }
}

fn table<T>(
    kind: &Kind,
    things: &BTreeMap<String, T>,
    limits: impl Fn(&T) -> Option<&document::Limits>,
    problems: &mut Problems,
) -> Table {
    let written = things.iter().filter_map(|(name, thing)| Some((name, limits(thing)?)));
    let made = written.map(|(name, written)| {
        let owner = format!("{} {name}", kind.noun);
        let place = member(&member(kind.field, name), "limits");
        let owner = Owner { name: &owner, identity: &owner, per: kind.per, tools: true };
        (name.clone(), limit::read(written, owner, &place, problems))
    });
    made.collect()
}

fn service_problems(service: &RateLimitService, problems: &mut Problems) {
    let place = |field: &str| member("rate_limit_service", field);
    for (field, text) in [("cluster", &service.cluster), ("domain", &service.domain)] {
        if text.as_ref().is_some_and(|text| text.trim().is_empty()) {
            problems.add(place(field), "expected a name");
        }
    }
}

/// The limits of a rule; `role` is where the role stands in the document.
pub(super) fn of_rule(
    role: &str,
    section: Section,
    rule: &Rule,
    place: &str,
    problems: &mut Problems,
) -> Option<Arc<[Arc<Limit>]>> {
    let written = rule.limit.as_ref()?;
    let place = member(place, "limit");
    if rule.effect == Effect::Deny {
        problems
            .add(&place, "only a rule that allows can have a limit: one that denies lets nothing through");
    }
    // What else the rule says tells it from another about the same name.
    let text = serde_json::to_string(&Rule { limit: None, ..rule.clone() }).unwrap_or_default();
    let identity = format!("{role} {} {text}", section.name());
    let (name, tools) = (rule.to_string(), section == Section::Tools);
    let owner = Owner { name: &name, identity: &identity, per: &[Scope::Subject], tools };
    Some(limit::read(written, owner, &place, problems).into())
}

impl RuleSet {
    /// The limits that a permitted operation is counted by, each with the key it is counted under; what is about the
    /// caller alone first. None at all is the usual case, and costs a look.
    #[must_use]
    pub fn limits(
        &self,
        permit: &Permit,
        subject: &Subject,
        (endpoint, server): (&str, &str),
        operation: &Operation<'_>,
    ) -> Vec<(Arc<Limit>, Key)> {
        if permit.limits().is_empty() && self.limits.is_empty() {
            return Vec::new();
        }
        let Limits { roles, endpoints, servers, .. } = &*self.limits;
        let at = |table: &'_ Table, name: &str| table.get(name).cloned().unwrap_or_default();
        let all = permit.limits().iter().cloned().chain(at(roles, &subject.role));
        let all = all.chain(at(endpoints, endpoint)).chain(at(servers, server));
        let tool = self.counted_as(server, operation);
        let counted = Counted { subject, endpoint, server, tool: &tool };
        let counting = all.filter(|limit| limit.counts(operation));
        counting
            .map(|limit| {
                let key = limit.key(&counted);
                (limit, key)
            })
            .collect()
    }

    /// What a limit counts this operation by.
    #[must_use]
    pub fn limit_values(
        &self,
        limit: &Limit,
        subject: &Subject,
        (endpoint, server): (&str, &str),
        operation: &Operation<'_>,
    ) -> Vec<Value> {
        let tool = self.counted_as(server, operation);
        limit.values(&Counted { subject, endpoint, server, tool: &tool }).collect()
    }

    /// Where limits that several proxies share are counted.
    #[must_use]
    pub fn rate_limit_service(&self) -> &RateLimitService {
        &self.limits.service
    }

    /// The name under which a tool is counted. Whoever invents names, or writes one in another case, gets no more by it:
    /// what a known server does not list is counted together.
    fn counted_as(&self, server: &str, operation: &Operation<'_>) -> String {
        let Operation::CallTool { name, .. } = operation else { return operation.method().to_owned() };
        match self.catalogue.known(server, name) {
            Known::Tool(_) => name.to_string(),
            Known::Unheard => name.to_lowercase(),
            Known::Unlisted => String::new(),
        }
    }
}
