//! Why a call is decided as it is: every rule of its section and what became of it, and the smallest change that would
//! allow what is refused. The decision is [`RuleSet::decide`]'s own, and a change is proposed only after it was tried.

mod change;

use mcp::{Json, Limits};

pub use crate::explain::change::Change;

use crate::claims::Claims;
use crate::decision::Decision;
use crate::document::{Document, Key};
use crate::key::ApiKeyText;
use crate::operation::{Arguments, Operation};
use crate::problem::did_you_mean;
use crate::ruleset::RuleSet;
use crate::subject::Subject;

/// What is asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Who calls.
    pub subject: Subject,
    /// The server.
    pub server: String,
    /// What is called.
    pub target: Target,
    /// What it is called with, as JSON; none asks whether anything could be allowed, as lists do.
    pub arguments: Option<String>,
}

/// What is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A prompt, by name.
    Prompt(String),
    /// A resource, by URI.
    Resource(String),
    /// A tool, by name.
    Tool(String),
}

/// The answer, as values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// What the gateway decides.
    pub decision: Decision,
    /// The rules of the section, in the order in which they were asked.
    pub considered: Vec<Considered>,
    /// What would have to change for the call to be permitted; none where it is, and where no small change was found.
    pub change: Vec<Change>,
    /// The limits that the call would be counted by, in words; the endpoint's are not asked about.
    pub limits: Vec<String>,
}

/// One rule and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Considered {
    /// The rule, as written: `allow shop.query`.
    pub rule: String,
    /// Where it stands: `roles.agent.tools[0]`.
    pub place: String,
    /// Whether it matched.
    pub outcome: RuleOutcome,
    /// Why, in words.
    pub why: String,
}

/// Whether a rule matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RuleOutcome {
    /// It is about another name or server.
    Elsewhere,
    /// It could not be evaluated, which denies.
    Fails,
    /// It matched.
    Matches,
    /// It may match: the arguments are not known.
    MayMatch,
    /// It is about the name, but what it asks for is not met.
    Unmet,
}

impl RuleOutcome {
    /// One word for programs.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            RuleOutcome::Elsewhere => "elsewhere",
            RuleOutcome::Fails => "fails",
            RuleOutcome::Matches => "matches",
            RuleOutcome::MayMatch => "may_match",
            RuleOutcome::Unmet => "unmet",
        }
    }
}

/// Who calls, for a question: the holder of a key by its id or name, or anyone of a role.
///
/// # Errors
/// No key or role is named so; the error says which is meant.
pub fn subject(
    document: &Document,
    rules: &RuleSet,
    (key, role): (Option<&str>, Option<&str>),
    claims: Claims,
) -> Result<Subject, String> {
    let Some(key) = key else {
        let role = role.unwrap_or_default().to_owned();
        if !document.roles.contains_key(&role) {
            let hint = did_you_mean(&role, document.roles.keys().map(String::as_str));
            return Err(format!("no role is named `{role}`{hint}"));
        }
        return Ok(Subject { role, claims, ..Subject::default() });
    };
    // Who gives the whole key means the key; what is said of it is its id.
    let whole = ApiKeyText::parse(key).ok();
    let key = whole.as_ref().map_or(key, ApiKeyText::id);
    let is_meant = |known: &&Key| known.id == key || known.name == key;
    let Some(known) = document.keys.iter().find(is_meant) else {
        let names: Vec<&str> = document.keys.iter().map(|key| key.name.as_str()).collect();
        return Err(format!("no key has the id or name `{key}`; there is {}", names.join(", ")));
    };
    let mut subject = rules.subject_of(&known.id).unwrap_or_default();
    subject.claims.extend(claims);
    Ok(subject)
}

/// Explains a decision of these rules, which were made of this document.
#[must_use]
pub fn explain(document: &Document, rules: &RuleSet, question: &Question) -> Explanation {
    let (decision, considered, limits) = question.ask(|question, operation| {
        let (subject, server) = (&question.subject, question.server.as_str());
        let decision = rules.decide(subject, server, operation);
        let limits = match &decision {
            Decision::Permit(permit) => rules.limits(permit, subject, ("", server), operation),
            Decision::Deny(_) => Vec::new(),
        };
        let limits = limits.iter().map(|(limit, _)| limit.words()).collect();
        (decision, rules.consider(subject, server, operation), limits)
    });
    let change = if decision.permits() {
        Vec::new()
    } else {
        change::smallest(document, rules, question, &considered)
    };
    Explanation { decision, considered, change, limits }
}

impl Question {
    /// What the rules decide.
    #[must_use]
    pub fn decide(&self, rules: &RuleSet) -> Decision {
        self.ask(|question, operation| rules.decide(&question.subject, &question.server, operation))
    }

    /// Makes the operation that a frame of this call would make, and asks about it.
    fn ask<T>(&self, about: impl FnOnce(&Question, &Operation<'_>) -> T) -> T {
        let limits = Limits { bytes: usize::MAX, depth: 512, members: usize::MAX };
        // What is no JSON is no object, and meets no rule that looks into it.
        let text = self.arguments.as_deref();
        let json = text.map(|text| Json::parse(text.as_bytes(), &limits).unwrap_or(Json::NULL));
        let arguments = json.map_or(Arguments::Unknown, Arguments::Known);
        let operation = match &self.target {
            Target::Prompt(name) => Operation::GetPrompt { name: name.into(), arguments },
            Target::Resource(uri) => Operation::ReadResource { uri: uri.into() },
            Target::Tool(name) => Operation::CallTool { name: name.into(), arguments },
        };
        about(self, &operation)
    }
}

impl Target {
    /// The section of a role whose rules are about it.
    #[must_use]
    pub fn section(&self) -> &'static str {
        match self {
            Target::Prompt(_) => "prompts",
            Target::Resource(_) => "resources",
            Target::Tool(_) => "tools",
        }
    }

    /// Its name or URI.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Target::Prompt(name) | Target::Resource(name) | Target::Tool(name) => name,
        }
    }
}

#[cfg(test)]
mod tests;
