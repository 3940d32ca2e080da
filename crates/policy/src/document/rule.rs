//! A rule as written: `allow` or `deny`, the pattern it is about, and what a call has to meet besides.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use thiserror::Error;

use crate::document::limit::Limits;

/// One rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "RuleForm", into = "RuleForm")]
pub struct Rule {
    /// Whether it permits or denies what it matches.
    pub effect: Effect,
    /// What it is about: `server.name`.
    pub pattern: String,
    /// A CEL expression that has to be true for the rule to match.
    pub when: Option<String>,
    /// What the arguments have to be for the rule to match.
    pub schema: Option<Schema>,
    /// Scopes the caller needs; a call without them is refused with a challenge that names them.
    pub scopes: Vec<String>,
    /// How often what it permits may be done.
    pub limit: Option<Limits>,
}

/// What a rule does with what it matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// It permits it.
    Allow,
    /// It denies it.
    Deny,
}

/// What the arguments of a call have to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "SchemaForm", into = "SchemaForm")]
pub enum Schema {
    /// Valid against the input schema that the server itself declared for the tool and an operator approved.
    Pinned,
    /// Valid against this JSON Schema.
    Written(Value),
}

/// The two ways to write one: the word `pinned`, or the schema.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum SchemaForm {
    Word(PinnedWord),
    Written(Value),
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum PinnedWord {
    Pinned,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleForm {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    allow: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    deny: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    when: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    schema: Option<Schema>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    scopes: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    limit: Option<Limits>,
}

/// A rule neither allows nor denies, or does both.
#[derive(Debug, Error)]
#[error("a rule needs exactly one of the fields `allow`, `deny`")]
struct NoEffect;

impl Rule {
    /// A rule that permits whatever the pattern matches.
    #[must_use]
    pub fn allow(pattern: impl Into<String>) -> Rule {
        Rule::new(Effect::Allow, pattern.into())
    }

    /// A rule that denies whatever the pattern matches.
    #[must_use]
    pub fn deny(pattern: impl Into<String>) -> Rule {
        Rule::new(Effect::Deny, pattern.into())
    }

    fn new(effect: Effect, pattern: String) -> Rule {
        Rule { effect, pattern, when: None, schema: None, scopes: Vec::new(), limit: None }
    }

    /// Whether it permits what it matches.
    #[must_use]
    pub fn allows(&self) -> bool {
        self.effect == Effect::Allow
    }
}

impl fmt::Display for Rule {
    /// `allow shop.query`: the effect and the pattern, which is how a decision names its rule.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.effect.name(), self.pattern)
    }
}

impl Effect {
    /// The field of the document the pattern stands in.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Effect::Allow => "allow",
            Effect::Deny => "deny",
        }
    }
}

impl TryFrom<RuleForm> for Rule {
    type Error = NoEffect;

    fn try_from(form: RuleForm) -> Result<Rule, NoEffect> {
        let rule = match (form.allow, form.deny) {
            (Some(pattern), None) => Rule::allow(pattern),
            (None, Some(pattern)) => Rule::deny(pattern),
            _ => return Err(NoEffect),
        };
        Ok(Rule { when: form.when, schema: form.schema, scopes: form.scopes, limit: form.limit, ..rule })
    }
}

impl From<Rule> for RuleForm {
    fn from(rule: Rule) -> RuleForm {
        let (allow, deny) = match rule.effect {
            Effect::Allow => (Some(rule.pattern), None),
            Effect::Deny => (None, Some(rule.pattern)),
        };
        RuleForm { allow, deny, when: rule.when, schema: rule.schema, scopes: rule.scopes, limit: rule.limit }
    }
}

impl From<SchemaForm> for Schema {
    fn from(form: SchemaForm) -> Schema {
        match form {
            SchemaForm::Word(PinnedWord::Pinned) => Schema::Pinned,
            SchemaForm::Written(value) => Schema::Written(value),
        }
    }
}

impl From<Schema> for SchemaForm {
    fn from(schema: Schema) -> SchemaForm {
        match schema {
            Schema::Pinned => SchemaForm::Word(PinnedWord::Pinned),
            Schema::Written(value) => SchemaForm::Written(value),
        }
    }
}
