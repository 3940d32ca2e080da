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

#[cfg(test)]
mod tests {
    use super::*;

    fn rules() -> RuleSet {
        crate::parse(
            "version: 1
servers: { s: { url: http://127.0.0.1:1/mcp }, t: { url: http://127.0.0.1:2/mcp } }
roles:
  agent:
    tools: [ { allow: s.* } ]
    asks:
      s: { elicitation: { hosts: [login.example.com, \"*.idp.example\", \"localhost:8080\"] } }
      \"*\": { sampling: true }
  whole: { everything: true }
  narrowed: { everything: true, asks: { s: { roots: true } } }
",
        )
        .unwrap()
        .compile(1)
        .unwrap()
    }

    #[track_caller]
    fn check(role: &str, server: &str, ask: &Ask<'_>, missing: Option<&str>) {
        let subject = Subject { role: role.to_owned(), ..Subject::default() };
        let answer = rules().may_ask(&subject, server, ask);
        assert_eq!(answer.as_ref().err().and_then(Denial::missing), missing, "{answer:?}");
    }

    #[test]
    fn an_entry_of_the_servers_own_counts_before_the_one_for_all() {
        check("agent", "t", &Ask::Sampling, None);
        check("agent", "t", &Ask::Roots, Some("asks: t: roots: true"));
        check("agent", "s", &Ask::Sampling, Some("asks: s: sampling: true"));
        check("agent", "s", &Ask::Form, Some("asks: s: elicitation: form: true"));
    }

    #[test]
    fn a_server_given_whole_may_ask_what_no_entry_narrows() {
        for ask in [Ask::Sampling, Ask::Roots, Ask::Form, Ask::Page { url: "https://anywhere.example/" }] {
            check("whole", "s", &ask, None);
            check("narrowed", "t", &ask, None);
        }
        check("narrowed", "s", &Ask::Roots, None);
        check("narrowed", "s", &Ask::Sampling, Some("asks: s: sampling: true"));
        check("nobody", "s", &Ask::Roots, Some("asks: s: roots: true"));
    }

    #[test]
    fn pages_are_known_by_their_host() {
        let page = |url: &'static str| Ask::Page { url };
        check("agent", "s", &page("https://login.example.com/a"), None);
        check("agent", "s", &page("https://a.b.idp.example/"), None);
        check("agent", "s", &page("http://localhost:8080/"), None);
        for (url, host) in [
            ("https://idp.example/", "idp.example"),
            ("https://evilidp.example/", "evilidp.example"),
            ("https://login.example.com:8443/", "login.example.com:8443"),
            ("https://xlogin.example.com/", "xlogin.example.com"),
        ] {
            check("agent", "s", &page(url), Some(&format!("asks: s: elicitation: hosts: [{host}]")));
        }
        check("agent", "s", &page("https://a@login.example.com/"), Some("an https URL with a plain host"));
    }

    #[test]
    fn a_host_is_written_in_lower_case_with_a_star_at_its_start_at_most() {
        for host in ["a", "a.example", "*.a.example", "a.example:1", "*.a:65535"] {
            assert!(is_host_pattern(host), "{host}");
        }
        for host in [
            "",
            "*",
            "*a.example",
            "a.*.b",
            "A.example",
            "a.example:0",
            "a.example:65536",
            "a:b",
            "https://a",
            "a/b",
            "a.",
        ] {
            assert!(!is_host_pattern(host), "{host}");
        }
    }

    #[test]
    fn what_nobody_knows_is_sent_by_its_name_alone() {
        let rules = crate::parse(
            "version: 1
servers: { s: { url: http://127.0.0.1:1/mcp } }
roles:
  whole: { everything: true }
  named: { methods: [ { allow: \"s.result:*\" }, { deny: \"s.result:secret\" } ] }
",
        )
        .unwrap()
        .compile(1)
        .unwrap();
        let sends = |role: &str, name: &str| {
            let subject = Subject { role: role.to_owned(), ..Subject::default() };
            rules.may_send(&subject, "s", name).map_err(|denial| denial.missing().map(str::to_owned))
        };
        assert_eq!(sends("named", "result:preview"), Ok(()));
        assert!(sends("named", "result:secret").is_err());
        assert_eq!(sends("named", "preview"), Err(Some("methods: allow s.preview".to_owned())));
        assert!(sends("whole", "result:preview").is_err());
    }
}
