//! What a role may receive: the modes for each kind of content and the longest result, by tool.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashSet};

use content::{Kind, Mode, Rules};

use crate::document::{ArgumentMode, Content};
use crate::operation::Operation;
use crate::pattern::Pattern;
use crate::problem::{Problems, did_you_mean, item, member};

/// Bounds of `max_result`.
const RESULT: (u64, u64) = (1024, 64 * 1024 * 1024);

/// What is done with the content of one exchange.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Screen {
    /// What becomes of secrets and personal data in the answer.
    pub rules: Rules,
    /// Longest message of the answer, in bytes, where the document says.
    pub longest: Option<usize>,
    /// Whether the arguments are looked at, and what becomes of the call.
    pub arguments: Option<ArgumentMode>,
}

/// The screens of one role.
#[derive(Debug, Clone)]
pub(super) struct Screens {
    all: Screen,
    /// For the results of some tools, most specific pattern first.
    tools: Vec<(Pattern, Screen)>,
}

/// Modes as they stand at one place of the document.
struct Written<'d> {
    secrets: Option<Mode>,
    personal: Option<Mode>,
    kinds: &'d BTreeMap<String, Mode>,
    max_result: Option<u64>,
}

impl Screen {
    /// The stricter of the two in everything.
    fn strictest(self, other: Screen) -> Screen {
        let longest = match (self.longest, other.longest) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        Screen { rules: self.rules.strictest(other.rules), longest, ..self }
    }
}

impl Screens {
    pub(super) fn compile(
        written: &Content,
        place: &str,
        known: &HashSet<&str>,
        problems: &mut Problems,
    ) -> Screens {
        let Content { secrets, personal, kinds, max_result, arguments, tools } = written;
        let base = Written { secrets: *secrets, personal: *personal, kinds, max_result: *max_result };
        let idle = Rules::of(Mode::Ignore, Mode::Ignore);
        let all = base.screen(Screen { rules: idle, longest: None, arguments: *arguments }, place, problems);
        let mut compiled = Vec::new();
        for (index, tool) in tools.iter().enumerate() {
            let place = item(&member(place, "tools"), index);
            let pattern = match Pattern::parse(&tool.pattern) {
                Ok(pattern) => pattern,
                Err(error) => {
                    problems.add(member(&place, "pattern"), format!("`{}` {error}", tool.pattern));
                    continue;
                }
            };
            if let Some(server) = pattern.server.literal().filter(|server| !known.contains(server)) {
                let hint = did_you_mean(server, known.iter().copied());
                problems.add(
                    member(&place, "pattern"),
                    format!("no server or database is named `{server}`{hint}"),
                );
            }
            // A kind that has a mode above keeps it, unless the tool has one for its group or for itself.
            let (secrets, personal, max_result) = (tool.secrets, tool.personal, tool.max_result);
            let written = Written { secrets, personal, kinds: &tool.kinds, max_result };
            compiled.push((pattern, written.screen(all, &place, problems)));
        }
        compiled.sort_by_key(|(pattern, _)| Reverse(pattern.rank));
        if arguments.is_some() && all.rules.is_idle() {
            problems.add(
                member(place, "arguments"),
                "nothing is looked for in them; set `secrets`, `personal` or `kinds` as well",
            );
        }
        Screens { all, tools: compiled }
    }

    /// What is done with the answer of an operation. The result of a task, and what a stream carries, may be of any tool:
    /// there the strictest of all counts.
    pub(super) fn of(&self, server: &str, operation: &Operation<'_>) -> Screen {
        match operation {
            Operation::CallTool { name, .. } => self
                .tools
                .iter()
                .find(|(pattern, _)| pattern.server.matches(server) && pattern.name.matches(name))
                .map_or(self.all, |(_, screen)| *screen),
            Operation::OpenStream | Operation::Listen { .. } | Operation::Task { .. } => {
                let here = self.tools.iter().filter(|(pattern, _)| pattern.server.matches(server));
                here.fold(self.all, |strictest, (_, screen)| strictest.strictest(*screen))
            }
            _ => self.all,
        }
    }
}

impl Written<'_> {
    /// These modes over others.
    fn screen(&self, over: Screen, place: &str, problems: &mut Problems) -> Screen {
        let mut rules = over.rules;
        for kind in Kind::ALL {
            let group = match kind.group() {
                content::Group::Personal => self.personal,
                content::Group::Secrets => self.secrets,
            };
            rules = group.map_or(rules, |mode| rules.with(kind, mode));
        }
        for (name, mode) in self.kinds {
            match Kind::from_name(name) {
                Some(kind) => rules = rules.with(kind, *mode),
                None => {
                    let hint = did_you_mean(name, Kind::ALL.into_iter().map(Kind::name));
                    let message = format!("no kind of content is named `{name}`{hint}");
                    problems.add(member(&member(place, "kinds"), name), message);
                }
            }
        }
        let (least, most) = RESULT;
        if self.max_result.is_some_and(|bytes| !(least..=most).contains(&bytes)) {
            problems.add(member(place, "max_result"), format!("expected a number from {least} to {most}"));
        }
        let longest = self.max_result.and_then(|bytes| usize::try_from(bytes).ok()).or(over.longest);
        Screen { rules, longest, ..over }
    }
}
