//! The answer to an operation: a permit that only this crate can make, or a denial with its reasons.
//!
//! A denial knows the rule, the missing right and the code; how it becomes a reply is the business of `engine`.

use std::fmt;
use std::sync::Arc;

use crate::code::Code;
use crate::limit::Limit;

/// What the rules say about one operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// It must not happen.
    Deny(Denial),
    /// It may happen.
    Permit(Permit),
}

impl Decision {
    /// The rule that decided, as written, or the words that stand for the lack of one.
    #[must_use]
    pub fn rule(&self) -> &str {
        match self {
            Decision::Deny(denial) => denial.rule(),
            Decision::Permit(permit) => permit.rule(),
        }
    }

    /// Whether the operation may happen.
    #[must_use]
    pub fn permits(&self) -> bool {
        matches!(self, Decision::Permit(_))
    }
}

/// Evidence that the rules permit an operation. Only [`RuleSet::decide`](crate::RuleSet::decide) makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permit {
    rule: Arc<str>,
    /// The limits of the rule, where it has any.
    limits: Option<Arc<[Arc<Limit>]>>,
}

impl Permit {
    pub(crate) fn by(rule: Arc<str>) -> Permit {
        Permit { rule, limits: None }
    }

    /// The same within these limits.
    pub(crate) fn within(self, limits: Option<Arc<[Arc<Limit>]>>) -> Permit {
        Permit { limits, ..self }
    }

    /// The same within the limits of another as well.
    pub(crate) fn and(self, other: &Permit) -> Permit {
        let Some(others) = &other.limits else { return self };
        let own = self.limits().iter().filter(|own| !others.contains(own));
        Permit { limits: Some(others.iter().chain(own).map(Arc::clone).collect()), ..self }
    }

    /// The limits of the rules that permit.
    pub(crate) fn limits(&self) -> &[Arc<Limit>] {
        self.limits.as_deref().unwrap_or_default()
    }

    /// The rule that permits, as written (`allow shop.query`).
    #[must_use]
    pub fn rule(&self) -> &str {
        &self.rule
    }
}

/// Why an operation must not happen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Denial {
    code: Code,
    rule: Option<Arc<str>>,
    missing: Option<String>,
    unmet: Option<String>,
    scopes: Vec<String>,
    what: String,
}

impl Denial {
    pub(crate) fn new(code: Code, what: String) -> Denial {
        Denial { code, rule: None, missing: None, unmet: None, scopes: Vec::new(), what }
    }

    pub(crate) fn by(self, rule: Arc<str>) -> Denial {
        Denial { rule: Some(rule), ..self }
    }

    /// What stands between the call and the rule, in words.
    pub(crate) fn unmet(self, unmet: String) -> Denial {
        Denial { unmet: Some(unmet), ..self }
    }

    /// Scopes that would have been enough.
    pub(crate) fn lacking(self, scopes: &[String]) -> Denial {
        Denial { scopes: scopes.to_vec(), ..self }
    }

    pub(crate) fn missing_right(self, missing: String) -> Denial {
        Denial { missing: Some(missing), ..self }
    }

    /// The audit buffer is full, and the policy says `audit.on_full: refuse`.
    #[must_use]
    pub fn audit_full() -> Denial {
        Denial::new(
            Code::AuditFull,
            "the audit buffer is full and the policy refuses calls it cannot record; try again later".into(),
        )
    }

    /// The kind of refusal.
    #[must_use]
    pub fn code(&self) -> Code {
        self.code
    }

    /// The rule that denied, as written (`deny shop.delete`), or `no rule`.
    #[must_use]
    pub fn rule(&self) -> &str {
        self.rule.as_deref().unwrap_or("no rule")
    }

    /// The right that would have permitted it, as one would write it (`tools: allow shop.delete`). None where a rule
    /// denied on purpose, and where no rule can permit it.
    #[must_use]
    pub fn missing(&self) -> Option<&str> {
        self.missing.as_deref()
    }

    /// All scopes the operation needs, where nothing else stands between the caller and it; empty elsewhere.
    #[must_use]
    pub fn scopes(&self) -> &[String] {
        &self.scopes
    }

    /// What the client is told, in words a model can act on.
    #[must_use]
    pub fn public(&self) -> String {
        if let Some(unmet) = &self.unmet {
            return format!("{}: {unmet}", self.what);
        }
        match (&self.rule, &self.missing) {
            (Some(rule), _) => format!("{}: denied by the rule `{rule}`", self.what),
            (None, Some(missing)) => format!("{}: no rule allows it; missing `{missing}`", self.what),
            (None, None) => self.what.clone(),
        }
    }
}

impl fmt::Display for Denial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.code.number(), self.code.name(), self.public())
    }
}
