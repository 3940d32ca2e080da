//! Conditions and schemas of rules, compiled; and the rules that can never match, which are mistakes.

use std::collections::HashMap;
use std::sync::Arc;

use crate::condition::Facts;
use crate::document::{self, Effect};
use crate::problem::{Problem, Problems, item, member};
use crate::ruleset::compile::ReadCondition;
use crate::ruleset::guard::{Guard, GuardSchema};
use crate::ruleset::identity::problem_of_scope;
use crate::ruleset::role::{ParsedRule, Section};
use crate::schema::{Origin, Schema};

/// What a rule asks besides its pattern; none where it asks nothing. `place` is where the rule stands.
pub(super) fn guard(
    section: Section,
    rule: &document::Rule,
    place: &str,
    read: ReadCondition<'_>,
    problems: &mut Problems,
) -> Option<Guard> {
    scopes(rule, place, problems);
    let condition = rule.when.as_deref().and_then(|text| {
        let compiled = read(text, section.condition_name());
        let place = member(place, "when");
        compiled.map_err(|wrong| problems.push(Problem::within(place, wrong.offset, wrong.message))).ok()
    });
    let schema = rule.schema.as_ref().and_then(|written| schema(section, written, place, problems));
    let guarded = condition.is_some() || schema.is_some() || !rule.scopes.is_empty();
    guarded.then(|| Guard { condition, schema, scopes: rule.scopes.clone() })
}

fn scopes(rule: &document::Rule, place: &str, problems: &mut Problems) {
    let place = member(place, "scopes");
    if rule.effect == Effect::Deny && !rule.scopes.is_empty() {
        problems.add(&place, "only a rule that allows can ask for scopes: callers choose which they ask for");
    }
    for (index, scope) in rule.scopes.iter().enumerate() {
        if let Some(problem) = problem_of_scope(scope) {
            problems.add(item(&place, index), problem);
        }
    }
}

fn schema(
    section: Section,
    written: &document::Schema,
    place: &str,
    problems: &mut Problems,
) -> Option<GuardSchema> {
    let place = member(place, "schema");
    match (written, section) {
        (document::Schema::Pinned, Section::Tools) => Some(GuardSchema::Pinned),
        (document::Schema::Pinned, _) => {
            problems.add(place, "only tools declare a schema of their arguments; write the schema here");
            None
        }
        (document::Schema::Written(value), Section::Tools | Section::Prompts) => {
            match Schema::compile(value, Origin::Written) {
                Ok(schema) => Some(GuardSchema::Written(Arc::new(schema))),
                Err(wrong) => {
                    let dot = if wrong.path.is_empty() || wrong.path.starts_with('[') { "" } else { "." };
                    problems.add(format!("{place}{dot}{}", wrong.path), wrong.message);
                    None
                }
            }
        }
        (document::Schema::Written(_), _) => {
            problems.add(place, "only rules for tools and prompts have arguments to hold to a schema");
            None
        }
    }
}

/// Reports rules of one role that can never decide anything.
pub(super) fn report_idle(rules: &[ParsedRule<'_>], problems: &mut Problems) {
    // Only its equal can be as specific as an exact name, and of those there may be thousands.
    let mut exact: HashMap<(&str, &str), Vec<&ParsedRule<'_>>> = HashMap::new();
    let (mut globs, none) = (Vec::new(), Vec::new());
    for rule in rules.iter().filter(|rule| rule.guard.is_none()) {
        if rule.pattern.rank.is_exact() {
            exact.entry((rule.section.name(), &rule.rule.pattern)).or_default().push(rule);
        } else {
            globs.push(rule);
        }
    }
    for rule in rules {
        report_constant(rule, problems);
        let others = if rule.pattern.rank.is_exact() {
            exact.get(&(rule.section.name(), rule.rule.pattern.as_str())).unwrap_or(&none)
        } else {
            &globs
        };
        let others =
            others.iter().filter(|other| other.section == rule.section && !std::ptr::eq(**other, rule));
        let message = others.filter(|other| covers(other, rule)).find_map(|other| shadow(rule, other));
        if let Some(message) = message {
            problems.add(member(&rule.place, rule.rule.effect.name()), message);
        }
    }
}

/// Whether whatever the one is about is decided by the other first, or together with it.
fn covers(other: &ParsedRule<'_>, rule: &ParsedRule<'_>) -> bool {
    other.pattern.rank >= rule.pattern.rank && other.pattern.covers(&rule.pattern)
}

fn shadow(rule: &ParsedRule<'_>, other: &ParsedRule<'_>) -> Option<String> {
    let guarded = rule.guard.is_some();
    match (rule.rule.effect, other.rule.effect) {
        (Effect::Allow, Effect::Deny) => Some(format!(
            "the rule can never match: `{}` at `{}` denies all it could allow",
            other.rule, other.place
        )),
        (Effect::Deny, Effect::Deny) if guarded => Some(format!(
            "the rule changes nothing: `{}` at `{}` denies it in any case",
            other.rule, other.place
        )),
        (Effect::Allow, Effect::Allow) if guarded => Some(format!(
            "what the rule asks for has no effect: `{}` at `{}` allows it without",
            other.rule, other.place
        )),
        _ => None,
    }
}

/// A condition on the server or the name that the pattern itself rules out.
fn report_constant(rule: &ParsedRule<'_>, problems: &mut Problems) {
    let Some(condition) = rule.guard.as_ref().and_then(|guard| guard.condition.as_ref()) else {
        return;
    };
    let (server, name) = (rule.pattern.server.literal(), rule.pattern.name.literal());
    let outcomes = condition.evaluate(&Facts { server, name, ..Facts::NONE }).outcomes;
    if !outcomes.may_be_true() {
        let message =
            "the condition can never be true for what the pattern is about, so the rule can never match";
        problems.add(member(&rule.place, "when"), message);
    }
}
