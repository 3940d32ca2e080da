//! One decision as the audit trail keeps it. The shell adds the node's name and puts it into the wire form.

use mcp::revision::Era;
use policy::{Denial, Permit, document::Arguments};

use crate::{DecisionId, KeptArguments};

/// Longest text taken from a caller into a record; the rest is cut.
const LONGEST: usize = 512;

/// The W3C header that names a trace.
pub(crate) const TRACE: &str = "traceparent";

/// One decision of gate 2.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Record {
    /// Unix time in milliseconds.
    pub time_ms: u64,
    /// Joins this row with gate 3's.
    pub decision_id: String,
    /// W3C trace id, empty where the caller sent none.
    pub trace_id: String,
    /// Who called; empty where nobody was recognised.
    pub subject: String,
    /// Id of the API key that was presented.
    pub key_id: String,
    /// Who vouches for the caller: the issuer of its token; empty for keys.
    pub issuer: String,
    /// The role that decided.
    pub role: String,
    /// Path that was called.
    pub endpoint: String,
    /// Upstream server or database.
    pub server: String,
    /// The era the request speaks; none where that was not read.
    pub era: Option<Era>,
    /// JSON-RPC method, or the HTTP method where no frame was read.
    pub method: String,
    /// Tool, prompt or resource.
    pub name: String,
    /// Allowed or denied.
    pub outcome: Outcome,
    /// The rule that decided, as written, or the check that refused.
    pub rule: String,
    /// Why it was refused, or what was found though it was allowed.
    pub reason: String,
    /// The refusal's JSON-RPC code, 0 where allowed.
    pub code: i32,
    /// Revision of the policy.
    pub revision: u64,
    /// `blake3:` and hex, empty where the operation has no arguments.
    pub arguments_digest: String,
    /// The arguments, where the policy wants them kept, with secrets struck.
    pub arguments: String,
    /// What was found in the arguments or, in the record of a result, in the answer.
    pub findings: Vec<Finding>,
}

/// How often one kind of content was found, and what became of it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Finding {
    /// Its kind.
    pub kind: &'static str,
    /// How often.
    pub count: u32,
    /// `observe`, `redact` or `refuse`.
    pub mode: &'static str,
}

/// What was decided.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Outcome {
    /// It went on to the server.
    Allow,
    /// It was refused here.
    #[default]
    Deny,
}

impl Record {
    pub(crate) fn new(id: DecisionId, time_ms: u64) -> Self {
        Self { time_ms, decision_id: id.to_string(), ..Self::default() }
    }

    pub(crate) fn allow(&mut self, permit: &Permit) {
        self.outcome = Outcome::Allow;
        self.rule = permit.rule().to_owned();
    }

    pub(crate) fn deny(&mut self, denial: &Denial) {
        self.refuse(denial.rule(), &denial.public(), denial.code().number());
    }

    pub(crate) fn refuse(&mut self, check: &str, reason: &str, code: i32) {
        self.outcome = Outcome::Deny;
        self.rule = check.to_owned();
        self.reason = clip(reason);
        self.code = code;
    }

    /// The record of what came back: it has the decision's id, but no arguments.
    pub(crate) fn of_result(&self) -> Self {
        Self {
            method: "result".to_owned(),
            rule: "content".to_owned(),
            arguments_digest: String::new(),
            arguments: String::new(),
            findings: Vec::new(),
            ..self.clone()
        }
    }

    /// Adds what was found, though it refused nothing.
    pub(crate) fn note(&mut self, found: &str) {
        let blank = if self.reason.is_empty() { "" } else { "; " };
        self.reason = clip(&format!("{}{blank}{found}", self.reason));
    }

    /// Takes the digest of the arguments, and themselves where the policy says so.
    pub(crate) fn arguments(&mut self, bytes: &[u8], keep: Arguments) {
        let kept = KeptArguments::of(bytes, keep);
        self.arguments_digest = kept.digest;
        self.arguments = kept.text;
    }
}

/// The text, cut at a character boundary to what a record holds.
pub(crate) fn clip(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        None => text.to_owned(),
        Some(_) => text.chars().take(LONGEST).chain("…".chars()).collect(),
    }
}

/// Whether this is a W3C `traceparent` of version 00 to the letter, fit to be sent on as a header.
pub(crate) fn is_traceparent(text: &str) -> bool {
    let hex = |part: &str, length: usize| {
        part.len() == length
            && part.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
    };
    let mut parts = text.split('-');
    parts.next() == Some("00")
        && [32, 16, 2].into_iter().all(|length| parts.next().is_some_and(|part| hex(part, length)))
        && parts.next().is_none()
}

/// The trace id of a W3C `traceparent`: 32 hex digits, not all zero.
#[must_use]
pub fn trace_id(traceparent: &str) -> Option<String> {
    let trace = traceparent.split('-').nth(1)?;
    let valid = trace.len() == 32
        && trace.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
        && trace.bytes().any(|byte| byte != b'0');
    valid.then(|| trace.to_owned())
}
