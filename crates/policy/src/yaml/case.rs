//! Running the cases of a document: each is a call that the rules decide as a gateway would.

use std::sync::Arc;

use crate::catalogue::Catalogue;
use crate::decision::Decision;
use crate::document::{Case, Expected};
use crate::explain::{self, Question, Target};
use crate::problem::{Problem, Problems, item};
use crate::ruleset::RuleSet;
use crate::yaml::Source;

impl Source {
    /// Runs the cases of `tests:` and gives those that came out otherwise than they expect, each with its place. Without a
    /// catalogue no rule with `schema: pinned` can match.
    ///
    /// # Errors
    /// As [`Source::check`]: the document has to compile.
    pub fn run_cases(&self, catalogue: Arc<Catalogue>) -> Result<Problems, Problems> {
        let rules = self.compile(0)?.with_catalogue(catalogue);
        let failures = self.document.tests.iter().enumerate().filter_map(|(index, case)| {
            let message = failure(self, &rules, case)?;
            Some(self.place(Problem::at(item("tests", index), message)))
        });
        Ok(Problems(failures.collect()))
    }
}

fn failure(source: &Source, rules: &RuleSet, case: &Case) -> Option<String> {
    let question = match question(source, rules, case) {
        Ok(question) => question,
        Err(message) => return Some(message),
    };
    let decision = question.decide(rules);
    let got = match &decision {
        Decision::Permit(permit) => format!("allowed by the rule `{}`", permit.rule()),
        Decision::Deny(denial) => format!("denied: {denial}"),
    };
    if decision.permits() != (case.expect == Expected::Allow) {
        let wanted = if case.expect == Expected::Allow { "allow" } else { "deny" };
        return Some(format!("expected {wanted}, but it is {got}"));
    }
    let rule = case.rule.as_deref().filter(|rule| *rule != decision.rule())?;
    Some(format!("expected the rule `{rule}` to decide, but it was `{}`", decision.rule()))
}

fn question(source: &Source, rules: &RuleSet, case: &Case) -> Result<Question, String> {
    let who = (case.key.as_deref(), case.role.as_deref());
    let subject = explain::subject(&source.document, rules, who, case.claims.clone())?;
    let split = |text: &str| text.split_once('.').map(|(server, name)| (server.to_owned(), name.to_owned()));
    let tool = case.tool.as_deref().and_then(split).map(|(server, name)| (server, Target::Tool(name)));
    let prompt = case.prompt.as_deref().and_then(split).map(|(server, name)| (server, Target::Prompt(name)));
    let resource =
        case.resource.as_deref().and_then(split).map(|(server, uri)| (server, Target::Resource(uri)));
    let (server, target) = tool.or(prompt).or(resource).ok_or("expected a `tool`, `prompt` or `resource`")?;
    Ok(Question {
        subject,
        server,
        target,
        arguments: Some(serde_json::Value::from(case.args.clone()).to_string()),
    })
}
