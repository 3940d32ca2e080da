//! Conditions of rules: CEL expressions over `args`, `subject`, `claims`, `server` and the name of what is asked for.
//!
//! The `cel` crate reads the text; `lower` turns its tree into a closed form in which every name is known, and `evaluate`
//! walks that form with whatever is known: at call time everything, for a list everything but the arguments. The answer
//! is a set of outcomes, so that "could some arguments be allowed" and "are these allowed" are one question.

mod bits;
mod evaluate;
mod function;
mod lower;
mod node;
mod number;
mod outcome;
mod pattern;
mod print;
mod value;

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize, Serializer};

use crate::condition::evaluate::Evaluator;
use crate::condition::node::Node;
use crate::operation::Arguments;
use crate::subject::Subject;

pub(crate) use crate::condition::node::Name;
pub(crate) use crate::condition::number::Number;
pub(crate) use crate::condition::outcome::Outcomes;

/// Longest expression, in bytes.
const MAX_TEXT: usize = 2048;

/// An expression whose names are all known and which can be true.
#[derive(Debug, Clone, Deserialize)]
#[serde(from = "Node")]
pub(crate) struct Condition {
    root: Arc<Node>,
}

/// What an expression may ask about.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Facts<'v> {
    /// Who calls; none while it is not known yet.
    pub(crate) subject: Option<&'v Subject>,
    /// The server; none while it may be any.
    pub(crate) server: Option<&'v str>,
    /// The tool, prompt or URI; none while it may be any.
    pub(crate) name: Option<&'v str>,
    /// The arguments.
    pub(crate) arguments: Arguments<'v>,
}

/// Why an expression is no condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Malformed {
    /// How many characters stand before what is wrong.
    pub(crate) offset: usize,
    /// What is wrong.
    pub(crate) message: String,
}

/// Why an expression could not be evaluated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault(String);

/// What an expression comes to.
#[derive(Debug)]
pub(crate) struct Evaluation {
    /// What it may come to; one thing where everything is known.
    pub(crate) outcomes: Outcomes,
    /// Why it cannot be evaluated, where it surely cannot.
    pub(crate) fault: Option<Fault>,
}

impl<'v> Facts<'v> {
    /// Nothing is known.
    pub(crate) const NONE: Facts<'static> =
        Facts { subject: None, server: None, name: None, arguments: Arguments::Unknown };
}

impl Condition {
    /// Reads an expression; `name` is how rules of its section call what is asked for.
    pub(crate) fn compile(text: &str, name: Name) -> Result<Condition, Malformed> {
        let condition = Condition::from(lower::lower(text, name)?);
        let outcomes = condition.evaluate(&Facts::NONE).outcomes;
        if outcomes.may_be_true() {
            Ok(condition)
        } else {
            let message = if outcomes.may_be_false() {
                "the condition can never be true, so the rule can never match"
            } else {
                "expected an expression that is true or false"
            };
            Err(Malformed { offset: 0, message: message.to_owned() })
        }
    }

    /// What it comes to under these facts.
    pub(crate) fn evaluate(&self, facts: &Facts<'_>) -> Evaluation {
        let mut evaluator = Evaluator::new(*facts);
        match evaluator.value(&self.root) {
            Ok(value) => Evaluation { outcomes: value.truth(), fault: None },
            Err(fault) => Evaluation { outcomes: Outcomes::ERROR, fault: Some(fault) },
        }
        .explained(&self.root)
    }

    /// The conjuncts that are not met, where all facts are known: first what is about arguments. A conjunct about the caller
    /// is no business of the caller's and is left out.
    pub(crate) fn unmet(&self, facts: &Facts<'_>) -> Vec<String> {
        let mut evaluator = Evaluator::new(*facts);
        let mut unmet = Vec::new();
        for part in self.root.conjuncts() {
            let truth = evaluator.value(part).map(|value| value.truth());
            if truth == Ok(Outcomes::FALSE) && part.mentions_arguments() {
                unmet.push(part.to_string());
            }
        }
        unmet
    }

    /// Members of `args` it reads without asking first whether they are there.
    pub(crate) fn arguments(&self) -> Vec<&str> {
        self.root.members_of(node::Variable::Arguments)
    }

    /// Claims it reads without asking first whether they are there.
    pub(crate) fn claims(&self) -> Vec<&str> {
        self.root.members_of(node::Variable::Claims)
    }
}

impl Evaluation {
    fn explained(mut self, root: &Node) -> Evaluation {
        if self.fault.is_none() && self.outcomes == Outcomes::ERROR {
            self.fault = Some(Fault(format!("`{root}` is not true or false")));
        }
        self
    }
}

impl From<Node> for Condition {
    fn from(root: Node) -> Condition {
        Condition { root: Arc::new(root) }
    }
}

impl Serialize for Condition {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.root.serialize(serializer)
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.root.fmt(f)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests;
