//! Document to rules. Every cross-reference is checked, and everything that is wrong is reported, not only the first.

mod case;
mod endpoint;
mod guard;
mod server;
mod url;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::condition::{Condition, Malformed, Name};
use crate::document::{self, Document};
use crate::pattern::Pattern;
use crate::problem::{Problems, did_you_mean, item, member};
use crate::ruleset::asks::Asks;
pub(super) use crate::ruleset::compile::url::is_http_url;
use crate::ruleset::compile::url::problem_of_database_url;
use crate::ruleset::identity;
use crate::ruleset::keys::Keys;
use crate::ruleset::limits::{self, Limits};
use crate::ruleset::resource::Resources;
use crate::ruleset::rights::DatabaseRights;
use crate::ruleset::role::{ParsedRule, Role, Section};
use crate::ruleset::screen::Screens;
use crate::ruleset::upstream;
use crate::ruleset::{Audit, DEFAULT_MAX_BODY, DEFAULT_MAX_DEPTH, Gateway, RuleSet};

/// Bounds of `gateway.max_body` and `gateway.max_depth`.
const BODY: (u64, u64) = (1024, 256 * 1024 * 1024);
const DEPTH: (u64, u64) = (4, 512);

/// Where conditions come from: a parser, or those parsed before.
pub(super) type ReadCondition<'r> = &'r dyn Fn(&str, Name) -> Result<Condition, Malformed>;

pub(super) fn compile(
    document: &Document,
    revision: u64,
    read: ReadCondition<'_>,
) -> Result<RuleSet, Problems> {
    let mut compiler = Compiler { document, read, problems: Problems::default() };
    if document.version != document::VERSION {
        compiler
            .problems
            .add("version", format!("expected {}, the version this program knows", document::VERSION));
    }
    let gateway = compiler.gateway();
    compiler.servers();
    compiler.databases();
    let endpoints = compiler.endpoints();
    let session_age_ms = compiler.session_age();
    let trust = identity::trust(document, &mut compiler.problems);
    let known = document.roles.keys().map(String::as_str).collect();
    let keys = Keys::compile(&document.keys, &known, &trust.hierarchy, &mut compiler.problems);
    let roles = compiler.roles();
    let limits = Limits::compile(document, &mut compiler.problems);
    case::check(document, &mut compiler.problems);
    if !compiler.problems.is_empty() {
        return Err(compiler.problems);
    }
    let audit = Audit {
        arguments: document.audit.arguments.unwrap_or_default(),
        on_full: document.audit.on_full.unwrap_or_default(),
    };
    let databases =
        document.databases.iter().map(|(name, written)| (name.clone(), written.clone())).collect();
    let (catalogue, pinned, outputs) = (Arc::default(), Arc::default(), Arc::default());
    let pins = document.servers.iter().filter_map(|(name, server)| Some((name.clone(), server.pins?.mode())));
    let pins = pins.collect();
    Ok(RuleSet {
        revision,
        gateway,
        audit,
        endpoints: Arc::new(endpoints),
        session_age_ms,
        resources: Arc::new(Resources::new(document, &trust)),
        trust,
        keys,
        roles: Arc::new(roles),
        databases,
        limits: Arc::new(limits),
        catalogue,
        pinned,
        outputs,
        pins,
        upstreams: upstream::of(document),
    })
}

struct Compiler<'d> {
    document: &'d Document,
    read: ReadCondition<'d>,
    problems: Problems,
}

impl<'d> Compiler<'d> {
    fn gateway(&mut self) -> Gateway {
        let written = &self.document.gateway;
        if let Some(url) = written.public_url.as_deref().filter(|url| !is_http_url(url)) {
            self.problems.add(
                "gateway.public_url",
                format!("`{url}` is no URL; expected https://host or http://host"),
            );
        }
        for (index, origin) in written.allowed_origins.iter().enumerate() {
            let is_origin = is_http_url(origin) && origin.matches('/').count() == 2;
            if !is_origin && origin != "null" {
                let message = format!(
                    "`{origin}` is no origin; expected scheme and host, such as https://app.example.com"
                );
                self.problems.add(item("gateway.allowed_origins", index), message);
            }
        }
        for (index, host) in written.allowed_hosts.iter().enumerate() {
            if host.is_empty() || host.contains(['/', ' ', '@']) {
                let message =
                    format!("`{host}` is no host; expected a name, with a port if it is not the usual one");
                self.problems.add(item("gateway.allowed_hosts", index), message);
            }
        }
        Gateway {
            public_url: written.public_url.clone(),
            allowed_origins: written.allowed_origins.clone(),
            allowed_hosts: written.allowed_hosts.clone(),
            max_body: self.bounded("gateway.max_body", written.max_body, BODY).unwrap_or(DEFAULT_MAX_BODY),
            max_depth: self
                .bounded("gateway.max_depth", written.max_depth, DEPTH)
                .unwrap_or(DEFAULT_MAX_DEPTH),
            unmatched: written.unmatched.unwrap_or_default(),
        }
    }

    fn bounded(&mut self, path: &str, value: Option<u64>, (least, most): (u64, u64)) -> Option<usize> {
        let value = value?;
        if !(least..=most).contains(&value) {
            self.problems.add(path, format!("expected a number from {least} to {most}"));
        }
        usize::try_from(value).ok()
    }

    fn databases(&mut self) {
        for (name, database) in &self.document.databases {
            let place = member("databases", name);
            self.check_name(&place, name);
            if self.document.servers.contains_key(name) {
                let message = format!(
                    "`{name}` is the name of a server as well; each is a server to rules, rename one"
                );
                self.problems.add(&place, message);
            }
            if let Some(problem) = database.url.as_deref().and_then(problem_of_database_url) {
                self.problems.add(member(&place, "url"), problem);
            }
        }
    }

    fn server_names(&self) -> impl Iterator<Item = &'d str> + use<'d> {
        self.document.servers.keys().chain(self.document.databases.keys()).map(String::as_str)
    }

    fn roles(&mut self) -> HashMap<String, Role> {
        let servers: Vec<&str> = self.server_names().collect();
        let known: HashSet<&str> = servers.iter().copied().collect();
        let mut roles = HashMap::new();
        for (name, written) in &self.document.roles {
            let place = member("roles", name);
            if name.trim().is_empty() || name.len() > 128 || name.chars().any(char::is_control) {
                self.problems.add(&place, "expected a name of 1 to 128 characters");
            }
            let rules = self.rules(&place, written, &known);
            let mut databases = HashMap::new();
            for (database, grants) in &written.databases {
                let place = member(&member(&place, "databases"), database);
                if !self.document.databases.contains_key(database) {
                    let hint = did_you_mean(database, self.document.databases.keys().map(String::as_str));
                    self.problems.add(&place, format!("no database is named `{database}`{hint}"));
                }
                databases
                    .insert(database.clone(), DatabaseRights::compile(grants, &place, &mut self.problems));
            }
            let asks = Asks::compile(written, &place, &servers, &mut self.problems);
            let screens = written.content.as_ref().map(|content| {
                Screens::compile(content, &member(&place, "content"), &known, &mut self.problems)
            });
            let role = Role::compile(written.everything, &rules, &servers, databases);
            roles.insert(name.clone(), role.with_asks(asks).with_screens(screens));
        }
        roles
    }

    fn rules(&mut self, place: &str, role: &'d document::Role, known: &HashSet<&str>) -> Vec<ParsedRule<'d>> {
        let mut parsed = Vec::new();
        for (section, (field, rules)) in Section::ALL.into_iter().zip(role.sections()) {
            for (index, rule) in rules.iter().enumerate() {
                let entry = item(&member(place, field), index);
                let guard = guard::guard(section, rule, &entry, self.read, &mut self.problems);
                let limits = limits::of_rule(place, section, rule, &entry, &mut self.problems);
                let place = member(&entry, rule.effect.name());
                match Pattern::parse(&rule.pattern) {
                    Err(error) => self.problems.add(place, format!("`{}` {error}", rule.pattern)),
                    Ok(pattern) => {
                        let server = pattern.server.literal().filter(|server| !known.contains(server));
                        if let Some(server) = server {
                            let hint = did_you_mean(server, known.iter().copied());
                            self.problems
                                .add(place, format!("no server or database is named `{server}`{hint}"));
                        }
                        let place = entry.into();
                        parsed.push(ParsedRule { section, rule, pattern, guard, limits, place });
                    }
                }
            }
        }
        guard::report_idle(&parsed, &mut self.problems);
        parsed
    }
}
