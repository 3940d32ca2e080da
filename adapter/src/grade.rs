//! What is wrong with the login that the adapter was given, and what to do about it.
//!
//! The adapter keeps callers to their rights by what it prints; the login keeps the adapter to its own. A login that could
//! read every file or switch off the database's own protection makes one mistake here everybody's loss, so such a
//! database is not used unless the policy says so.

/// How much more than it needs a login may do.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Grade {
    /// What was found, worst first; nothing for a login that may do what it needs and no more.
    pub(crate) findings: Vec<Finding>,
}

/// One thing that is wrong.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Finding {
    /// What follows from it.
    pub(crate) severity: Severity,
    /// What it is, as it follows `the login`: `is a superuser`.
    pub(crate) what: String,
    /// Why it matters.
    pub(crate) why: &'static str,
    /// What to do.
    pub(crate) remedy: String,
}

/// What follows from a finding.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Severity {
    /// The database is not used unless the policy allows unsafe logins for it.
    Refuse,
    /// It is said at start.
    Warn,
}

impl Grade {
    /// Of findings in any order.
    pub(crate) fn of(mut findings: Vec<Finding>) -> Self {
        findings.sort_by_key(|finding| finding.severity);
        Self { findings }
    }

    /// The worst finding, where it is one for which a database is not used.
    pub(crate) fn refusal(&self) -> Option<&Finding> {
        self.findings.first().filter(|finding| finding.severity == Severity::Refuse)
    }
}

#[cfg(test)]
mod tests {
    use super::{Finding, Grade, Severity};

    fn finding(severity: Severity, what: &str) -> Finding {
        Finding { severity, what: what.to_owned(), why: "", remedy: String::new() }
    }

    #[test]
    fn the_worst_comes_first_and_decides() {
        let grade = Grade::of(vec![finding(Severity::Warn, "a"), finding(Severity::Refuse, "b")]);
        assert_eq!(grade.refusal().map(|finding| finding.what.as_str()), Some("b"));
        assert_eq!(Grade::of(vec![finding(Severity::Warn, "a")]).refusal(), None);
        assert_eq!(Grade::default().refusal(), None);
    }
}
