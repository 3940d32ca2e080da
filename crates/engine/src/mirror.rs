//! The headers in which a modern request repeats its body: `MCP-Protocol-Version`, `Mcp-Method`, `Mcp-Name` and
//! `Mcp-Param-*` (SEP-2243; Streamable HTTP of 2026-07-28, "request metadata").
//!
//! The body is the truth and decides alone. What a header says beside it is refused, set right or only noted, as the
//! endpoint has it, because what stands behind the gate may route or decide by it. On a legacy request these headers mean
//! nothing and are not looked at.

mod value;

use std::{borrow::Cow, fmt};

use mcp::{Frame, Json, Object, revision};
use policy::{Operation, catalogue::header::HeaderParam};
use value::Expected;

use crate::{HeaderEdit, event::Head, session};

pub(crate) const VERSION: &str = "mcp-protocol-version";
pub(crate) const METHOD: &str = "mcp-method";
pub(crate) const NAME: &str = "mcp-name";
const PARAM: &str = "mcp-param-";

/// Names that need no copy.
const KNOWN: [&str; 4] = [VERSION, METHOD, NAME, session::HEADER];

/// The `Mcp-*` headers of one request, as sent.
#[derive(Debug, Default)]
pub(crate) struct Mirror {
    lines: Vec<(Cow<'static, str>, Vec<u8>)>,
}

/// A header that does not repeat the body.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Mismatch {
    header: String,
    /// What it has to repeat; none where the body has nothing to repeat.
    member: Option<String>,
    /// What it would have to be.
    right: Option<String>,
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.member {
            Some(member) => {
                write!(f, "the header `{}` must repeat `{member}` of the body, once", self.header)
            }
            None => write!(f, "the header `{}` repeats nothing of the body; leave it out", self.header),
        }
    }
}

impl Mismatch {
    /// The edit that sets the header right.
    pub(crate) fn fix(self) -> HeaderEdit {
        HeaderEdit { name: self.header, value: self.right }
    }
}

/// What is sent under one header name.
enum Sent<'m> {
    Nothing,
    One(&'m str),
    /// Several lines, or bytes that are no text.
    Unclear,
}

impl Mirror {
    pub(crate) fn of(head: &Head) -> Self {
        let named = |name: &String| match KNOWN.iter().find(|known| *known == name) {
            Some(known) => Cow::Borrowed(*known),
            None => Cow::Owned(name.clone()),
        };
        let lines = head.headers.iter().filter(|(name, _)| name.starts_with("mcp-"));
        Self { lines: lines.map(|(name, value)| (named(name), value.clone())).collect() }
    }

    /// The legacy session that the request names; what cannot be read is the name of none.
    pub(crate) fn session(&self) -> Option<&str> {
        match self.sent(session::HEADER) {
            Sent::One(session) => Some(session),
            Sent::Nothing => None,
            Sent::Unclear => Some(""),
        }
    }

    /// The names of the headers that repeat a body, of those that were sent.
    pub(crate) fn repeated(&self) -> impl Iterator<Item = &str> {
        self.lines
            .iter()
            .map(|(name, _)| name.as_ref())
            .filter(|name| *name == NAME || *name == METHOD || name.starts_with(PARAM))
    }

    /// Whether it is unclear which revision a legacy request names.
    pub(crate) fn names_revisions(&self) -> bool {
        matches!(self.sent(VERSION), Sent::Unclear)
    }

    /// Every header that does not repeat the body of a modern message; `params` are those of the tool that is called.
    pub(crate) fn mismatches(&self, frame: &Frame<'_>, params: &[HeaderParam]) -> Vec<Mismatch> {
        let mut found = Vec::new();
        let (method, body) = match frame {
            Frame::Request(request) => (request.method.as_ref(), request.params.as_ref()),
            Frame::Notification(notification) => (notification.method.as_ref(), notification.params.as_ref()),
            Frame::Response(_) => return found,
        };
        let version = body.and_then(revision::named).and_then(Json::as_str);
        let version = version.as_deref().map_or(Expected::Nothing, Expected::Plain);
        self.compare(VERSION, || revision::VERSION_KEY.to_owned(), version, &mut found);
        // What headers a notification has to have is not defined, so it may do without.
        if matches!(frame, Frame::Request(_)) || !matches!(self.sent(METHOD), Sent::Nothing) {
            self.compare(METHOD, || "method".to_owned(), Expected::Plain(method), &mut found);
        }
        // A body that lacks the member itself is refused for that, not here.
        let named = named_by(method).and_then(|member| Some((member, body?.get(member)?.as_str()?)));
        match named {
            Some((member, name)) => {
                self.compare(NAME, || format!("params.{member}"), Expected::Text(&name), &mut found);
            }
            None if matches!(self.sent(NAME), Sent::Unclear) => {
                found.push(Mismatch { header: NAME.to_owned(), member: None, right: None });
            }
            None => {}
        }
        for param in params {
            self.compare_param(param, body, &mut found);
        }
        found
    }

    fn compare_param(&self, param: &HeaderParam, body: Option<&Object<'_>>, found: &mut Vec<Mismatch>) {
        let arguments = body.and_then(|body| body.get("arguments"));
        let argument = param.path.iter().try_fold(arguments, |at, name| Some(at?.member(name)));
        let member = || format!("params.arguments.{}", param.path.join("."));
        let header = format!("{PARAM}{}", param.header);
        self.compare(&header, member, Expected::of(argument.flatten()), found);
    }

    fn compare(
        &self,
        header: &str,
        member: impl FnOnce() -> String,
        expected: Expected<'_>,
        found: &mut Vec<Mismatch>,
    ) {
        let agrees = match self.sent(header) {
            Sent::Nothing => expected == Expected::Nothing,
            Sent::One(sent) => expected.is(sent),
            Sent::Unclear => false,
        };
        if !agrees {
            let member = (expected != Expected::Nothing).then(member);
            found.push(Mismatch { header: header.to_owned(), member, right: expected.encoded() });
        }
    }

    fn sent(&self, header: &str) -> Sent<'_> {
        let mut lines = self.lines.iter().filter(|(name, _)| name == header).map(|(_, value)| value);
        match (lines.next(), lines.next()) {
            (None, _) => Sent::Nothing,
            // Blanks around a value are not part of it (RFC 9110 §5.5).
            (Some(line), None) => str::from_utf8(line).map_or(Sent::Unclear, |line| Sent::One(line.trim())),
            (Some(_), Some(_)) => Sent::Unclear,
        }
    }
}

/// A text as a header's value, in base 64 where it does not fit as it is.
pub(crate) fn encoded(text: &str) -> String {
    Expected::Text(text).encoded().unwrap_or_default()
}

/// Whether a modern request repeats in `Mcp-Name` what a server calls a tool or prompt.
pub(crate) fn repeats_name(operation: &Operation<'_>) -> bool {
    matches!(operation, Operation::CallTool { .. } | Operation::GetPrompt { .. })
}

/// The member of `params` that `Mcp-Name` repeats.
fn named_by(method: &str) -> Option<&'static str> {
    match method {
        "tools/call" | "prompts/get" => Some("name"),
        "resources/read" => Some("uri"),
        "tasks/get" | "tasks/update" | "tasks/cancel" => Some("taskId"),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
