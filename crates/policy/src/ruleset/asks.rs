//! What the servers behind the gateway may ask of the callers of one role.

use std::collections::HashMap;
use std::sync::Arc;

use crate::ask::{Ask, host_of_page, is_host};
use crate::code::Code;
use crate::decision::Denial;
use crate::document;
use crate::problem::{Problems, did_you_mean, item, member};
use crate::ruleset::RuleSet;
use crate::subject::Subject;

/// The entry for the servers without one of their own.
const OTHERS: &str = "*";

/// The entries of one role, by server.
#[derive(Debug, Clone, Default)]
pub(super) struct Asks(HashMap<String, Arc<document::Asks>>);

impl Asks {
    /// Takes over what a role says, and reports what is wrong with it.
    pub(super) fn compile<'d>(
        written: &'d document::Role,
        place: &str,
        servers: &[&'d str],
        problems: &mut Problems,
    ) -> Asks {
        let list = member(place, "asks");
        for (server, asks) in &written.asks {
            let place = member(&list, server);
            if server != OTHERS && !servers.contains(&server.as_str()) {
                let hint = did_you_mean(server, servers.iter().copied());
                problems.add(&place, format!("no server or database is named `{server}`{hint}"));
            }
            let hosts = member(&member(&place, "elicitation"), "hosts");
            for (index, host) in asks.elicitation.hosts.iter().enumerate() {
                if !is_host_pattern(host) {
                    let message = format!(
                        "`{host}` is no host in lower case; expected such as `login.example.com`, `*.example.com` or `localhost:8080`"
                    );
                    problems.add(item(&hosts, index), message);
                }
            }
        }
        let entries = written.asks.iter().map(|(server, asks)| (server.clone(), Arc::new(asks.clone())));
        Asks(entries.collect())
    }

    /// What a server may ask; none where nothing is said about it.
    pub(super) fn of(&self, server: &str) -> Option<&document::Asks> {
        self.0.get(server).or_else(|| self.0.get(OTHERS)).map(Arc::as_ref)
    }
}

impl RuleSet {
    /// Whether a server may ask this of a subject. Where a role says nothing about a server, only `everything` permits it.
    ///
    /// # Errors
    /// It may not.
    pub fn may_ask(&self, subject: &Subject, server: &str, ask: &Ask<'_>) -> Result<(), Denial> {
        let role = self.roles.get(&subject.role);
        let permitted = role.is_some_and(|role| match role.asks(server) {
            Some(asks) => allows(asks, ask),
            None => role.server(server).is_some_and(|rules| rules.everything().is_some()),
        });
        if permitted {
            return Ok(());
        }
        let what = format!("server `{server}` asks the client for `{}`", ask.method());
        Err(Denial::new(Code::AskRefused, what).missing_right(missing(server, ask)))
    }

    /// Whether a rule under `methods` lets a server send this: a method, or `result:` and a type of result.
    ///
    /// # Errors
    /// No rule does.
    pub fn may_send(&self, subject: &Subject, server: &str, name: &str) -> Result<(), Denial> {
        let rules = self.roles.get(&subject.role).and_then(|role| role.server(server));
        if rules.is_some_and(|rules| rules.allows_by_name(&self.asked((subject, server), name))) {
            return Ok(());
        }
        let what = format!("server `{server}` sends `{name}`");
        Err(Denial::new(Code::MessageRefused, what).missing_right(format!("methods: allow {server}.{name}")))
    }
}

/// Whether an entry lets this be asked.
fn allows(asks: &document::Asks, ask: &Ask<'_>) -> bool {
    match ask {
        Ask::Form => asks.elicitation.form,
        Ask::Page { url } => host_of_page(url)
            .is_some_and(|host| asks.elicitation.hosts.iter().any(|pattern| covers(pattern, &host))),
        Ask::Roots => asks.roots,
        Ask::Sampling => asks.sampling,
    }
}

/// The field that would have to say yes.
fn missing(server: &str, ask: &Ask<'_>) -> String {
    match ask {
        Ask::Form => format!("asks: {server}: elicitation: form: true"),
        Ask::Page { url } => match host_of_page(url) {
            Some(host) => format!("asks: {server}: elicitation: hosts: [{host}]"),
            None => "an https URL with a plain host".to_owned(),
        },
        Ask::Roots => format!("asks: {server}: roots: true"),
        Ask::Sampling => format!("asks: {server}: sampling: true"),
    }
}

fn covers(pattern: &str, host: &str) -> bool {
    match pattern.strip_prefix('*') {
        Some(below) => host.strip_suffix(below).is_some_and(|name| !name.is_empty()),
        None => pattern == host,
    }
}

fn is_host_pattern(pattern: &str) -> bool {
    let host = pattern.strip_prefix("*.").unwrap_or(pattern);
    let (host, port) = host.split_once(':').map_or((host, None), |(host, port)| (host, Some(port)));
    is_host(host)
        && !host.bytes().any(|byte| byte.is_ascii_uppercase())
        && port.is_none_or(|port| port.parse::<u16>().is_ok_and(|port| port > 0))
}
