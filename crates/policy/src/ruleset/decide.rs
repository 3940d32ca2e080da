//! Whether an operation is permitted, and whether a list shows an entry: one judgement, with and without arguments.

use std::sync::Arc;

use mcp::list::ListKind;

use crate::code::Code;
use crate::decision::{Decision, Denial, Permit};
use crate::operation::{Arguments, Operation};
use crate::ruleset::RuleSet;
use crate::ruleset::guard::Asked;
use crate::ruleset::role::{Section, ServerRules};
use crate::ruleset::rules::{Stated, Verdict};
use crate::subject::{Scopes, Subject};

impl RuleSet {
    /// Whether a subject may do an operation on a server.
    #[must_use]
    pub fn decide(&self, subject: &Subject, server: &str, operation: &Operation<'_>) -> Decision {
        let Some(rules) = self.rules(subject, server) else {
            return deny_access(subject, server, operation);
        };
        let (section, name) = match operation {
            Operation::CallTool { name, .. } => (Section::Tools, name.as_ref()),
            Operation::GetPrompt { name, .. } => (Section::Prompts, name.as_ref()),
            Operation::ReadResource { uri } => (Section::Resources, uri.as_ref()),
            Operation::Complete { reference } => (Section::Completion, reference.as_ref()),
            Operation::Subscribe { uri } | Operation::Unsubscribe { uri } => {
                (Section::Subscriptions, uri.as_ref())
            }
            Operation::OpenStream => (Section::Subscriptions, "stream"),
            Operation::Task { verb, .. } => (Section::Tasks, *verb),
            Operation::Listen { topics } => return self.decide_topics(rules, (subject, server), topics),
            Operation::Answer | Operation::EndSession | Operation::Lifecycle { .. } | Operation::List(_) => {
                return Decision::Permit(Permit::by(Arc::clone(rules.access())));
            }
            Operation::Other { method } => {
                let asked = self.asked((subject, server), method);
                return match rules.judge(Section::Methods, &asked) {
                    Verdict::Permit(rule) => Decision::Permit(rule.permit()),
                    Verdict::Nothing(None) => Decision::Deny(unheard_of(server, method)),
                    refused => Decision::Deny(explain(Section::Methods, &asked, &refused)),
                };
            }
            Operation::Unanswerable { method } => {
                let what = format!("method `{method}` wants an answer, but came without an id");
                return Decision::Deny(Denial::new(Code::MethodNotAllowed, what));
            }
        };
        let asked = Asked { arguments: operation.arguments(), ..self.asked((subject, server), name) };
        match rules.judge(section, &asked) {
            Verdict::Permit(rule) => match self.unpinned(server, operation) {
                Some(denial) => Decision::Deny(denial),
                None => Decision::Permit(rule.permit()),
            },
            refused => Decision::Deny(explain(section, &asked, &refused)),
        }
    }

    /// Whether a list shows an entry: a tool or prompt by name, a resource by URI, a template by its text. It does
    /// where [`Self::decide`] permits its use with at least some arguments, or would to a token with more scopes: whoever
    /// holds one asks for them when it uses what it has seen.
    #[must_use]
    pub fn shows(&self, subject: &Subject, server: &str, kind: ListKind, name: &str) -> bool {
        let section = section_of(kind);
        let asked = self.asked((subject, server), name);
        self.rules(subject, server).is_some_and(|rules| match rules.judge(section, &asked) {
            Verdict::Permit(_) => true,
            Verdict::Nothing(Some(near)) => {
                matches!(subject.scopes, Scopes::Granted(_)) && near.lacks_only_scopes(&asked)
            }
            Verdict::Deny(_) | Verdict::Fault(_) | Verdict::Nothing(None) => false,
        }) && (kind != ListKind::Tools || self.pin_denial(server, name, None).is_none())
    }

    /// Whether a list shows the same to every caller of a role, so that it can be made once for all of them.
    #[must_use]
    pub fn shows_alike(&self, subject: &Subject, server: &str, kind: ListKind) -> bool {
        let rules = self.rules(subject, server);
        rules.is_none_or(|rules| !rules.section(section_of(kind)).tell_callers_apart())
    }

    /// Every topic has to be allowed; the rule of the last one stands for all, the limits of each count.
    fn decide_topics(
        &self,
        rules: &ServerRules,
        (subject, server): (&Subject, &str),
        topics: &[String],
    ) -> Decision {
        let mut permit = Permit::by(Arc::clone(rules.access()));
        for topic in topics {
            let asked = self.asked((subject, server), topic);
            match rules.judge(Section::Subscriptions, &asked) {
                Verdict::Permit(rule) => permit = rule.permit().and(&permit),
                refused => return Decision::Deny(explain(Section::Subscriptions, &asked, &refused)),
            }
        }
        Decision::Permit(permit)
    }

    /// What is asked of the rules, arguments aside.
    pub(super) fn asked<'a>(&'a self, (subject, server): (&'a Subject, &'a str), name: &'a str) -> Asked<'a> {
        Asked { subject, server, name, arguments: Arguments::Unknown, pinned: &self.pinned }
    }
}

fn section_of(kind: ListKind) -> Section {
    match kind {
        ListKind::Prompts => Section::Prompts,
        ListKind::ResourceTemplates | ListKind::Resources => Section::Resources,
        ListKind::Tools => Section::Tools,
    }
}

fn explain(section: Section, asked: &Asked<'_>, refused: &Verdict<'_>) -> Denial {
    let Asked { server, name, .. } = asked;
    let what = format!("{} `{name}` on server `{server}`", section.noun());
    let denial = |code| Denial::new(code, what.clone());
    let unmet = |stated: &Stated| {
        let guard = stated.guard()?;
        let obstacle = guard.obstacle(asked)?;
        let told = denial(obstacle.code).by(Arc::clone(&stated.text)).unmet(obstacle.words);
        Some(if obstacle.code == Code::InsufficientScope { told.lacking(&guard.scopes) } else { told })
    };
    let told = match refused {
        Verdict::Deny(stated) => Some(denial(Code::DeniedByRule).by(Arc::clone(&stated.text))),
        Verdict::Fault(stated) => unmet(stated),
        Verdict::Nothing(near) => near.and_then(unmet),
        Verdict::Permit(_) => None,
    };
    let right = || format!("{}: allow {server}.{name}", section.name());
    told.unwrap_or_else(|| denial(Code::DeniedByRule).missing_right(right()))
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
