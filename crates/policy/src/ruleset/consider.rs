//! What became of each rule, for explanations: the same judgement, told rule by rule.

use crate::condition::Outcomes;
use crate::explain::{Considered, RuleOutcome};
use crate::operation::Operation;
use crate::ruleset::RuleSet;
use crate::ruleset::guard::Asked;
use crate::ruleset::role::Section;
use crate::ruleset::rules::Stated;
use crate::subject::Subject;

impl RuleSet {
    /// The rules that were asked about an operation, in their order, then those that are about something else.
    pub(crate) fn consider(
        &self,
        subject: &Subject,
        server: &str,
        operation: &Operation<'_>,
    ) -> Vec<Considered> {
        let section = match operation {
            Operation::CallTool { .. } => Section::Tools,
            Operation::GetPrompt { .. } => Section::Prompts,
            _ => Section::Resources,
        };
        let name = operation.name().unwrap_or_default();
        let asked = Asked { subject, server, name, arguments: operation.arguments(), pinned: &self.pinned };
        let Some(rules) = self.rules(subject, server).map(|rules| rules.section(section)) else {
            return Vec::new();
        };
        let asked_of: Vec<&Stated> = rules.matching(name).collect();
        let elsewhere =
            rules.all().filter(|stated| !asked_of.iter().any(|asked| std::ptr::eq(*asked, *stated)));
        let mut elsewhere: Vec<Considered> = elsewhere
            .map(|stated| {
                told(stated, RuleOutcome::Elsewhere, format!("its pattern does not match `{server}.{name}`"))
            })
            .collect();
        elsewhere.sort_by(|left, right| left.place.cmp(&right.place));
        asked_of.into_iter().map(|stated| considered(stated, &asked)).chain(elsewhere).collect()
    }
}

fn considered(stated: &Stated, asked: &Asked<'_>) -> Considered {
    let obstacle = || stated.guard().and_then(|guard| guard.obstacle(asked)).map(|obstacle| obstacle.words);
    let unmet = || obstacle().unwrap_or_else(|| "what it asks for cannot be met".to_owned());
    match stated.outcomes(asked) {
        Outcomes::TRUE => told(stated, RuleOutcome::Matches, "it matches".to_owned()),
        Outcomes::FALSE => told(stated, RuleOutcome::Unmet, unmet()),
        Outcomes::ERROR => told(stated, RuleOutcome::Fails, unmet()),
        outcomes if outcomes.may_be_true() => {
            told(stated, RuleOutcome::MayMatch, "it matches some arguments".to_owned())
        }
        _ => told(stated, RuleOutcome::Unmet, "it matches no arguments of this caller".to_owned()),
    }
}

fn told(stated: &Stated, outcome: RuleOutcome, why: String) -> Considered {
    Considered { rule: stated.text.to_string(), place: stated.place.to_string(), outcome, why }
}
