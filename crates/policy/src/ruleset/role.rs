//! The rules of one role, by server and section: exact names in a map, globs in the order in which they decide.

use std::collections::HashMap;
use std::sync::Arc;

use crate::document;
use crate::pattern::{Pattern, Rank};
use crate::ruleset::asks::Asks;
use crate::ruleset::rights::DatabaseRights;
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

/// What the rules of a section say about a name.
pub(super) enum Verdict<'r> {
    /// This rule denies.
    Deny(&'r Arc<str>),
    /// No rule matches.
    Nothing,
    /// This rule permits.
    Permit(&'r Arc<str>),
}

/// What a role may do on one server, where it may do anything at all.
#[derive(Debug, Clone)]
pub(super) struct ServerRules {
    access: Arc<str>,
    everything: Option<Arc<str>>,
    tools: Rules,
    prompts: Rules,
    resources: Rules,
    completion: Rules,
    subscriptions: Rules,
    tasks: Rules,
    methods: Rules,
}

/// One section on one server.
#[derive(Debug, Clone, Default)]
struct Rules {
    exact: HashMap<String, Stated>,
    /// Most specific first, and among equals what denies first.
    globs: Vec<(Pattern, Stated)>,
}

/// A rule's verdict and its text.
#[derive(Debug, Clone)]
enum Stated {
    Allow(Arc<str>),
    Deny(Arc<str>),
}

/// A rule of the document whose pattern is known to be good.
pub(super) struct ParsedRule<'d> {
    pub(super) section: Section,
    pub(super) rule: &'d document::Rule,
    pub(super) pattern: Pattern,
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
        let everything = everything.then(|| Arc::<str>::from("everything: true"));
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

    pub(super) fn server(&self, name: &str) -> Option<&ServerRules> {
        self.servers.get(name)
    }

    pub(super) fn rights(&self, database: &str) -> Option<&DatabaseRights> {
        self.databases.get(database)
    }
}

impl ServerRules {
    /// None where nothing on this server is allowed.
    fn compile(everything: Option<Arc<str>>, rules: &[ParsedRule<'_>], server: &str) -> Option<ServerRules> {
        let here = || rules.iter().filter(|parsed| parsed.pattern.server.matches(server));
        let allowed = here().find(|parsed| parsed.rule.allows());
        let access = match (&everything, allowed) {
            (Some(everything), _) => Arc::clone(everything),
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
    pub(super) fn everything(&self) -> Option<&Arc<str>> {
        self.everything.as_ref()
    }

    /// Whether a rule allows this by its name. What MCP forbids or does not know is not part of a server given whole.
    pub(super) fn allows_by_name(&self, name: &str) -> bool {
        matches!(self.methods.find(name), Some(Stated::Allow(_)))
    }

    pub(super) fn judge(&self, section: Section, name: &str) -> Verdict<'_> {
        let rules = match section {
            Section::Tools => &self.tools,
            Section::Prompts => &self.prompts,
            Section::Resources => &self.resources,
            Section::Completion => &self.completion,
            Section::Subscriptions => &self.subscriptions,
            Section::Tasks => &self.tasks,
            Section::Methods => &self.methods,
        };
        match (rules.find(name), &self.everything) {
            (Some(Stated::Allow(rule)), _) | (None, Some(rule)) => Verdict::Permit(rule),
            (Some(Stated::Deny(rule)), _) => Verdict::Deny(rule),
            (None, None) => Verdict::Nothing,
        }
    }
}

impl Rules {
    fn compile<'p>(parsed: impl Iterator<Item = &'p ParsedRule<'p>>) -> Rules {
        let mut rules = Rules::default();
        for ParsedRule { rule, pattern, .. } in parsed {
            let stated = Stated::of(rule);
            match pattern.name.literal() {
                Some(name) if pattern.rank.is_exact() => rules.add_exact(name, stated),
                _ => rules.globs.push((pattern.clone(), stated)),
            }
        }
        rules.globs.sort_by_key(|(pattern, stated)| stated.order(pattern.rank));
        rules
    }

    fn add_exact(&mut self, name: &str, stated: Stated) {
        let replaces = self.exact.get(name).is_none_or(|known| !known.denies() && stated.denies());
        if replaces {
            self.exact.insert(name.to_owned(), stated);
        }
    }

    fn find(&self, name: &str) -> Option<&Stated> {
        self.exact.get(name).or_else(|| {
            self.globs.iter().find(|(pattern, _)| pattern.name.matches(name)).map(|(_, stated)| stated)
        })
    }
}

impl Stated {
    fn of(rule: &document::Rule) -> Stated {
        match rule.effect {
            document::Effect::Allow => Stated::Allow(rule.to_string().into()),
            document::Effect::Deny => Stated::Deny(rule.to_string().into()),
        }
    }

    fn denies(&self) -> bool {
        matches!(self, Stated::Deny(_))
    }

    /// Sorts the more specific first and, among equals, what denies first.
    fn order(&self, rank: Rank) -> (std::cmp::Reverse<Rank>, bool) {
        (std::cmp::Reverse(rank), !self.denies())
    }
}
