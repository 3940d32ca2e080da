//! What the host must do. Nothing is forwarded without a [`policy::Permit`], which only the policy can make.

use policy::Permit;

use crate::{LimitQuestion, request::Asking};

/// The engine's answer to one event.
#[derive(Debug)]
pub enum Effect {
    /// Let the head go on with these changes, and keep the body: the next event decides. Only where the host cannot keep heads.
    Advance(Vec<HeaderEdit>),
    /// Ask these questions and report each answer; the request waits.
    Ask(Ask),
    /// Ask the rate-limit service and report what it says; the request waits.
    AskLimit(LimitQuestion),
    /// End the stream at once: the right to it has gone.
    Cut,
    /// Let the request go on, with these changes to its head.
    Forward(Forward),
    /// Keep what has arrived; the next event decides.
    Hold,
    /// Nothing to change; what was reported goes on as it is.
    Pass,
    /// Put these bytes in place of the reported chunk of the answer.
    Replace(Vec<u8>),
    /// Answer the client now; nothing reaches the upstream.
    Reply(Reply),
    /// Change the answer's head.
    ResponseHead(Vec<HeaderEdit>),
}

/// Questions that have to be answered before a request goes on.
#[derive(Debug)]
pub struct Ask {
    /// They are asked at the same time. An answer is reported by the question's place here.
    pub questions: Vec<Question>,
    /// Who waits for the answers.
    pub(crate) asking: Option<Box<Asking>>,
}

/// One HTTP request of the gate's own.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Question {
    /// Name of the host's cluster to ask.
    pub cluster: String,
    /// Pseudo-headers (`:method`, `:path`, `:authority`) included.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// How long the answer may take, in milliseconds.
    pub patience_ms: u64,
}

/// A request that may go on.
#[derive(Debug)]
pub struct Forward {
    /// The proof that the policy permits it.
    pub permit: Permit,
    /// Changes to the head, in order.
    pub headers: Vec<HeaderEdit>,
    /// What goes on in place of the body, where it is another: the judged one with ids opened.
    pub body: Option<Vec<u8>>,
}

/// One change of a header: set to the value, or removed where there is none.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct HeaderEdit {
    /// Lower-case name.
    pub name: String,
    /// The new value.
    pub value: Option<String>,
}

impl HeaderEdit {
    /// Removes the header.
    #[must_use]
    pub fn remove(name: &str) -> Self {
        Self { name: name.to_owned(), value: None }
    }

    /// Sets the header, replacing all its values.
    #[must_use]
    pub fn set(name: &str, value: impl Into<String>) -> Self {
        Self { name: name.to_owned(), value: Some(value.into()) }
    }
}

/// An answer made at the gate: a refusal, mostly. The body is JSON-RPC, or empty where nothing is answered, so that it
/// survives a host that drops headers.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// Headers, `content-type` included.
    pub headers: Vec<(&'static str, String)>,
    /// JSON text.
    pub body: Vec<u8>,
}
