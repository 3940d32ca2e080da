//! What a rule asks of a call besides its name: a condition, a schema. One judgement serves calls and lists.

use std::sync::Arc;

use crate::code::Code;
use crate::condition::{Condition, Facts, Outcomes};
use crate::operation::Arguments;
use crate::ruleset::pinned::PinnedSchemas;
use crate::schema::{Schema, Validity};
use crate::subject::Subject;

/// What is asked, and of whom.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) subject: &'a Subject,
    pub(super) server: &'a str,
    /// Name of the tool or prompt, URI of the resource, or topic.
    pub(super) name: &'a str,
    pub(super) arguments: Arguments<'a>,
    pub(super) pinned: &'a PinnedSchemas,
}

/// What a rule asks besides its pattern.
#[derive(Debug, Clone)]
pub(super) struct Guard {
    pub(super) condition: Option<Condition>,
    pub(super) schema: Option<GuardSchema>,
    /// Scopes the caller needs.
    pub(super) scopes: Vec<String>,
}

/// Where a rule's schema comes from.
#[derive(Debug, Clone)]
pub(super) enum GuardSchema {
    /// From the server, by way of the catalogue.
    Pinned,
    /// From the rule.
    Written(Arc<Schema>),
}

/// What stands between a call and a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Obstacle {
    /// The kind of refusal.
    pub code: Code,
    /// What is not met, or what went wrong, in words.
    pub words: String,
}

impl Guard {
    /// Whether the rule matches; an error is neither yes nor no. Several outcomes only where the arguments are not known.
    ///
    /// The schema comes first: a condition may rely on what it has made sure of.
    pub(super) fn outcomes(&self, asked: &Asked<'_>) -> Outcomes {
        if self.lacks_only_scopes(asked) { Outcomes::FALSE } else { self.outcomes_but_scopes(asked) }
    }

    /// Whether the rule would match if the caller had its scopes.
    pub(super) fn lacks_only_scopes(&self, asked: &Asked<'_>) -> bool {
        !asked.subject.scopes.hold(&self.scopes) && self.outcomes_but_scopes(asked).may_be_true()
    }

    fn outcomes_but_scopes(&self, asked: &Asked<'_>) -> Outcomes {
        let shape = self.schema.as_ref().map_or(Outcomes::TRUE, |schema| schema.outcomes(asked));
        if !shape.may_be_true() {
            return shape;
        }
        let condition = self.condition.as_ref();
        let truth = condition.map_or(Outcomes::TRUE, |condition| condition.evaluate(&asked.facts()).outcomes);
        truth.or(shape.without(Outcomes::TRUE))
    }

    /// Whether two callers of one role may find the rule to match differently.
    pub(super) fn tells_callers_apart(&self) -> bool {
        self.condition.is_some() || !self.scopes.is_empty()
    }

    pub(super) fn is_pinned(&self) -> bool {
        matches!(self.schema, Some(GuardSchema::Pinned))
    }

    /// Why the rule does not match this call, where its arguments are known.
    pub(super) fn obstacle(&self, asked: &Asked<'_>) -> Option<Obstacle> {
        let shape = self.schema.as_ref().and_then(|schema| schema.obstacle(asked));
        let unmet = shape.or_else(|| obstacle_of(self.condition.as_ref()?, asked));
        unmet.or_else(|| {
            let words = || format!("the caller needs the scopes `{}`", self.scopes.join("`, `"));
            let lacks = !asked.subject.scopes.hold(&self.scopes);
            lacks.then(|| Obstacle { code: Code::InsufficientScope, words: words() })
        })
    }
}

impl GuardSchema {
    fn outcomes(&self, asked: &Asked<'_>) -> Outcomes {
        match (self.schema(asked), asked.arguments) {
            (Err(_), _) => Outcomes::ERROR,
            (Ok(_), Arguments::Unknown) => Outcomes::ANY_TRUTH,
            (Ok(schema), Arguments::Known(arguments)) => match schema.validate(arguments) {
                Validity::Valid => Outcomes::TRUE,
                Validity::Invalid(_) => Outcomes::FALSE,
                Validity::Undecided(_) => Outcomes::ERROR,
            },
        }
    }

    fn schema<'s>(&'s self, asked: &Asked<'s>) -> Result<&'s Schema, String> {
        match self {
            GuardSchema::Pinned => asked.pinned.schema(asked.server, asked.name),
            GuardSchema::Written(schema) => Ok(schema),
        }
    }

    fn obstacle(&self, asked: &Asked<'_>) -> Option<Obstacle> {
        let schema = match self.schema(asked) {
            Ok(schema) => schema,
            Err(words) => return Some(Obstacle { code: Code::SchemaUnusable, words }),
        };
        let Arguments::Known(arguments) = asked.arguments else { return None };
        match schema.validate(arguments) {
            Validity::Valid => None,
            Validity::Invalid(words) => Some(Obstacle { code: Code::ArgumentsInvalid, words }),
            Validity::Undecided(words) => Some(Obstacle { code: Code::SchemaUnusable, words }),
        }
    }
}

impl<'a> Asked<'a> {
    fn facts(&self) -> Facts<'a> {
        Facts {
            subject: Some(self.subject),
            server: Some(self.server),
            name: Some(self.name),
            arguments: self.arguments,
        }
    }
}

fn obstacle_of(condition: &Condition, asked: &Asked<'_>) -> Option<Obstacle> {
    let evaluation = condition.evaluate(&asked.facts());
    if let Some(fault) = evaluation.fault {
        let words = format!("a condition could not be evaluated: {fault}");
        return Some(Obstacle { code: Code::ConditionFailed, words });
    }
    if evaluation.outcomes.may_be_true() {
        return None;
    }
    let unmet = condition.unmet(&asked.facts());
    let words = if unmet.is_empty() {
        "a condition on who calls is not met".to_owned()
    } else {
        format!("the arguments have to meet `{}`", unmet.join("` and `"))
    };
    Some(Obstacle { code: Code::ConditionUnmet, words })
}
