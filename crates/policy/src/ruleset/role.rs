//! The rules of one role, by server and section.

use std::collections::HashMap;
use std::sync::Arc;

use crate::condition;
use crate::document;
use crate::limit::Limit;
use crate::pattern::Pattern;
use crate::ruleset::asks::Asks;
use crate::ruleset::guard::{Asked, Guard};
use crate::ruleset::rights::DatabaseRights;
use crate::ruleset::rules::{Rules, Stated, Verdict};
use crate::ruleset::screen::Screens;

/// One compiled role.
#[derive(Debug, Clone, Default)]
pub(super) struct Role {
    servers: HashMap<String, ServerRules>,
    databases: HashMap<String, DatabaseRights>,
    asks: Asks,
    screens: Option<Screens>,
}

/// The lists of rules a role has. INVARIANT: in the order of [`document::Role::sections`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Section {
    Tools,
    Prompts,
    Resources,
    Completion,
    Subscriptions,
    Tasks,
    Methods,
}

/// What a role may do on one server, where it may do anything at all.
#[derive(Debug, Clone)]
pub(super) struct ServerRules {
    access: Arc<str>,
    everything: Option<Stated>,
    tools: Rules,
    prompts: Rules,
    resources: Rules,
    completion: Rules,
    subscriptions: Rules,
    tasks: Rules,
    methods: Rules,
}

/// A rule of the document whose pattern is known to be good.
pub(super) struct ParsedRule<'d> {
    pub(super) section: Section,
    pub(super) rule: &'d document::Rule,
    pub(super) pattern: Pattern,
    pub(super) guard: Option<Guard>,
    pub(super) limits: Option<Arc<[Arc<Limit>]>>,
    /// Where it stands in the document: `roles.agent.tools[0]`.
    pub(super) place: Arc<str>,
}

impl Section {
    pub(super) const ALL: [Section; 7] = [
        Section::Tools,
        Section::Prompts,
        Section::Resources,
        Section::Completion,
        Section::Subscriptions,
        Section::Tasks,
        Section::Methods,
    ];

    pub(super) fn name(self) -> &'static str {
        match self {
            Section::Tools => "tools",
            Section::Prompts => "prompts",
            Section::Resources => "resources",
            Section::Completion => "completion",
            Section::Subscriptions => "subscriptions",
            Section::Tasks => "tasks",
            Section::Methods => "methods",
        }
    }

    /// How conditions call what is asked for.
    pub(super) fn condition_name(self) -> condition::Name {
        match self {
            Section::Tools => condition::Name::Tool,
            Section::Prompts => condition::Name::Prompt,
            Section::Resources | Section::Completion | Section::Subscriptions => condition::Name::Uri,
            Section::Tasks => condition::Name::Task,
            Section::Methods => condition::Name::Method,
        }
    }

    pub(super) fn noun(self) -> &'static str {
        match self {
            Section::Tools => "tool",
            Section::Prompts => "prompt",
            Section::Resources => "resource",
            Section::Completion => "completion for",
            Section::Subscriptions => "subscription to",
            Section::Tasks => "task operation",
            Section::Methods => "method",
        }
    }
}

impl Role {
    pub(super) fn compile(
        everything: bool,
        rules: &[ParsedRule<'_>],
        servers: &[&str],
        databases: HashMap<String, DatabaseRights>,
    ) -> Role {
        let everything = everything.then(|| Stated::always("everything: true"));
        let servers = servers
            .iter()
            .filter_map(|server| {
                Some(((*server).to_owned(), ServerRules::compile(everything.clone(), rules, server)?))
            })
            .collect();
        Role { servers, databases, asks: Asks::default(), screens: None }
    }

    pub(super) fn with_asks(self, asks: Asks) -> Role {
        Role { asks, ..self }
    }

    /// What a server may ask of the callers of this role; none where nothing is said about it.
    pub(super) fn asks(&self, server: &str) -> Option<&document::Asks> {
        self.asks.of(server)
    }

    pub(super) fn with_screens(self, screens: Option<Screens>) -> Role {
        Role { screens, ..self }
    }

    pub(super) fn screens(&self) -> Option<&Screens> {
        self.screens.as_ref()
    }

    /// Whether a rule about a tool holds its arguments to the server's own schema.
    pub(super) fn needs_pinned(&self, server: &str, tool: &str) -> bool {
        self.server(server).is_some_and(|rules| rules.tools.needs_pinned(tool))
    }

    pub(super) fn server(&self, name: &str) -> Option<&ServerRules> {
        self.servers.get(name)
    }

    pub(super) fn rights(&self, database: &str) -> Option<&DatabaseRights> {
        self.databases.get(database)
    }
}

impl ServerRules {
    /// None where nothing on this server is allowed.
    fn compile(everything: Option<Stated>, rules: &[ParsedRule<'_>], server: &str) -> Option<ServerRules> {
        let here = || rules.iter().filter(|parsed| parsed.pattern.server.matches(server));
        let allowed = here().find(|parsed| parsed.rule.allows());
        let access = match (&everything, allowed) {
            (Some(everything), _) => Arc::clone(&everything.text),
            (None, Some(parsed)) => parsed.rule.to_string().into(),
            (None, None) => return None,
        };
        let section = |wanted: Section| Rules::compile(here().filter(|parsed| parsed.section == wanted));
        Some(ServerRules {
            access,
            everything,
            tools: section(Section::Tools),
            prompts: section(Section::Prompts),
            resources: section(Section::Resources),
            completion: section(Section::Completion),
            subscriptions: section(Section::Subscriptions),
            tasks: section(Section::Tasks),
            methods: section(Section::Methods),
        })
    }

    /// The rule that gives the role any business on this server.
    pub(super) fn access(&self) -> &Arc<str> {
        &self.access
    }

    /// The rule that gives the role the server whole, if it has it.
    pub(super) fn everything(&self) -> Option<&Stated> {
        self.everything.as_ref()
    }

    /// Whether a rule allows this by its name. What MCP forbids or does not know is not part of a server given whole.
    pub(super) fn allows_by_name(&self, asked: &Asked<'_>) -> bool {
        matches!(self.methods.judge(asked), Verdict::Permit(_))
    }

    pub(super) fn judge(&self, section: Section, asked: &Asked<'_>) -> Verdict<'_> {
        match (self.section(section).judge(asked), &self.everything) {
            (Verdict::Nothing(_), Some(everything)) => Verdict::Permit(everything),
            (verdict, _) => verdict,
        }
    }

    pub(super) fn section(&self, section: Section) -> &Rules {
        match section {
            Section::Tools => &self.tools,
            Section::Prompts => &self.prompts,
            Section::Resources => &self.resources,
            Section::Completion => &self.completion,
            Section::Subscriptions => &self.subscriptions,
            Section::Tasks => &self.tasks,
            Section::Methods => &self.methods,
        }
    }
}
