//! What a role may receive: contents are looked at, and what was found is reported.
//!
//! Here the rules of `policy` meet the detectors of `content`. What a kind is, and where it is looked for, is theirs;
//! this is how a finding becomes a verdict over a message and a record beside the decision's own.

use content::{Mode, Outcome as Found, Rules, Tally};
use mcp::{Json, Limits};
use policy::{ArgumentMode, Arguments, Code, Operation, OutputFit, RuleSet, Screen};

use crate::{
    Finding, Outcome, Record,
    inspection::{Verdict, Withheld},
};

/// Least time between two records of one stream, in milliseconds; what is found meanwhile goes into the next.
const PAUSE_MS: u64 = 1000;

/// Most bytes of a message that is looked at, where the policy says nothing: a text made to be slow takes a worker some
/// tenths of a second.
const LONGEST: usize = 4 * 1024 * 1024;

/// The look at the messages of one answer.
#[derive(Debug)]
pub(crate) struct Screening {
    screen: Screen,
    scope: Scope,
    /// The tool whose result it is, where it is one.
    tool: Option<String>,
    /// Found since the last record.
    found: Tally,
    refused: Option<Withheld>,
    /// When the last record was made.
    reported_ms: Option<u64>,
    /// The decision, for the records of what came back.
    record: Record,
}

/// Which messages are looked at.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Scope {
    /// All of them.
    All,
    /// All but the request's own result: a list, or what a server says of itself.
    AroundDefinitions,
}

/// Whether more of an answer may come.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Course {
    Going,
    Over,
}

impl Screening {
    pub(crate) fn of(screen: &Screen, operation: &Operation<'_>, record: &Record) -> Self {
        let definitions = matches!(operation, Operation::List(_) | Operation::Lifecycle { .. });
        let scope = if definitions { Scope::AroundDefinitions } else { Scope::All };
        let tool = match operation {
            Operation::CallTool { name, .. } => Some(name.clone().into_owned()),
            _ => None,
        };
        let record = record.of_result();
        Self {
            screen: *screen,
            scope,
            tool,
            found: Tally::default(),
            refused: None,
            reported_ms: None,
            record,
        }
    }

    /// Most bytes of one message; as many as the policy says, of results.
    pub(crate) fn longest(&self) -> Option<usize> {
        let unsaid = (!self.screen.rules.is_idle()).then_some(LONGEST);
        self.screen.longest.or(unsaid).filter(|_| self.scope == Scope::All)
    }

    /// Looks at one message; `asked` is the request's id, if it has one.
    pub(crate) fn message(
        &mut self,
        document: &[u8],
        limits: &Limits,
        asked: Option<&[u8]>,
        rules: &RuleSet,
    ) -> Verdict {
        if self.screen.rules.is_idle() {
            return Verdict::Keep;
        }
        let json = match Json::parse(document, limits) {
            Ok(json) => json,
            Err(error) => return Verdict::Withheld(Withheld::unjudged(error)),
        };
        // Of another id, it is the result of something else on this stream.
        let is_own = asked.is_some() && json.member("id").map(Json::bytes) == asked;
        if self.scope == Scope::AroundDefinitions && is_own && json.member("result").is_some() {
            return Verdict::Keep;
        }
        let inspected = content::inspect(json, &self.screen.rules);
        self.found.merge(&inspected.found);
        let refused = |reason| Verdict::Withheld(Withheld { code: Code::ContentRefused, reason });
        match inspected.outcome {
            Found::Kept => Verdict::Keep,
            Found::Redacted(bytes) => match self.misfit(json, &bytes, rules) {
                None => Verdict::Edited(bytes),
                Some(words) => refused(format!("it contains {}, and without it {words}", inspected.found)),
            },
            Found::Refused(why) => refused(why.to_string()),
        }
    }

    /// Why a redacted result cannot stand for the original: it no longer is what its tool declares.
    fn misfit(&self, original: Json<'_>, redacted: &[u8], rules: &RuleSet) -> Option<&'static str> {
        let tool = self.tool.as_deref()?;
        let limits = Limits { bytes: redacted.len(), depth: usize::MAX, members: usize::MAX };
        let redacted = structured(Json::parse(redacted, &limits).ok()?)?;
        let original = structured(original)?;
        if original.text() == redacted.text() {
            return None;
        }
        let fit = |result| rules.output_fit(&self.record.server, tool, result);
        match fit(redacted) {
            OutputFit::Fits => None,
            // What the server itself got wrong is between it and the client.
            OutputFit::Breaks if fit(original) == OutputFit::Breaks => None,
            OutputFit::Breaks => Some("it would not meet the outputSchema of the tool"),
            OutputFit::Unknown => Some("nobody could say whether it meets the outputSchema of the tool"),
        }
    }

    /// A message was withheld, by whichever step.
    pub(crate) fn withheld(&mut self, why: &Withheld) {
        self.refused = Some(why.clone());
    }

    /// The record of what was found since the last one, if it is time for one.
    pub(crate) fn report(&mut self, now_ms: u64, course: Course) -> Option<Record> {
        let rested = self.reported_ms.is_none_or(|last| now_ms.saturating_sub(last) >= PAUSE_MS);
        let due = self.refused.is_some() || course == Course::Over || rested;
        if !due || (self.refused.is_none() && self.found.is_empty()) {
            return None;
        }
        self.reported_ms = Some(now_ms);
        let found = std::mem::take(&mut self.found);
        let mut record = Record { time_ms: now_ms, ..self.record.clone() };
        record.findings = findings(&found, &self.screen.rules);
        if let Some(why) = self.refused.take() {
            record.refuse("content", &why.reason, why.code.number());
        } else {
            record.outcome = Outcome::Allow;
            record.reason = format!("found {found}");
        }
        Some(record)
    }
}

/// The structured result of a call.
fn structured(message: Json<'_>) -> Option<Json<'_>> {
    message.member("result")?.member("structuredContent")
}

/// What the arguments of a call contain, into its record; why the call is refused for it, if it is.
pub(crate) fn arguments(
    operation: &Operation<'_>,
    screen: &Screen,
    record: &mut Record,
) -> Result<(), content::Refusal> {
    let (
        Some(mode),
        Operation::CallTool { arguments: Arguments::Known(arguments), .. }
        | Operation::GetPrompt { arguments: Arguments::Known(arguments), .. },
    ) = (screen.arguments, operation)
    else {
        return Ok(());
    };
    // Nothing is changed on its way to a server, so what would be redacted is refused.
    let rules = match mode {
        ArgumentMode::Observe => screen.rules.at_most(Mode::Observe),
        ArgumentMode::Refuse => screen.rules.without_redaction(),
    };
    let inspected = content::inspect_value(*arguments, &rules);
    record.findings = findings(&inspected.found, &rules);
    match inspected.outcome {
        Found::Refused(why) => Err(why),
        Found::Kept | Found::Redacted(_) => Ok(()),
    }
}

fn findings(found: &Tally, rules: &Rules) -> Vec<Finding> {
    found
        .iter()
        .map(|(kind, count)| Finding { kind: kind.name(), count, mode: rules.mode(kind).name() })
        .collect()
}
