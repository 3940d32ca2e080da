//! The headers in which a modern request repeats its body (`MCP-Protocol-Version`, `Mcp-Method`, `Mcp-Name`; SEP-2243).
//!
//! The body is the truth and decides alone. A header that says something else is refused, because what stands behind the
//! gate may route or decide by it. On a legacy request these headers mean nothing and are not looked at.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use mcp::{Frame, Object, revision};

use crate::event::Head;

const VERSION: &str = "mcp-protocol-version";
const METHOD: &str = "mcp-method";
const NAME: &str = "mcp-name";

/// The mirrored headers of one request, as sent.
#[derive(Debug, Default)]
pub(crate) struct Mirror {
    version: Option<String>,
    method: Option<String>,
    name: Option<String>,
}

/// A header that does not repeat the body.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the header `{header}` must repeat `{member}` of the body")]
pub(crate) struct Mismatch {
    header: &'static str,
    member: &'static str,
}

impl Mirror {
    pub(crate) fn of(head: &Head) -> Self {
        let read = |name| head.one(name).map(str::to_owned);
        Self { version: read(VERSION), method: read(METHOD), name: read(NAME) }
    }

    /// Compares the headers with the body they came with.
    pub(crate) fn check(&self, frame: &Frame<'_>) -> Result<(), Mismatch> {
        let (method, params) = match frame {
            Frame::Request(request) => (request.method.as_ref(), request.params.as_ref()),
            Frame::Notification(notification) => (notification.method.as_ref(), notification.params.as_ref()),
            Frame::Response(_) => return Ok(()),
        };
        if revision::era(method, params) == revision::Era::Legacy {
            return Ok(());
        }
        let version = params.and_then(revision::named).and_then(|version| version.as_str());
        if self.version.as_deref() != version.as_deref() {
            return Err(Mismatch { header: VERSION, member: revision::VERSION_KEY });
        }
        if self.method.as_deref() != Some(method) {
            return Err(Mismatch { header: METHOD, member: "method" });
        }
        match named_by(method) {
            Some(member) => self.check_name(params, member),
            None => Ok(()),
        }
    }

    /// A body that lacks the member itself is refused for that, not here.
    fn check_name(&self, params: Option<&Object<'_>>, member: &'static str) -> Result<(), Mismatch> {
        let Some(named) = params.and_then(|params| params.get(member)?.as_str()) else { return Ok(()) };
        let mirrored = self.name.as_deref().and_then(decode);
        if mirrored.as_deref() == Some(&*named) { Ok(()) } else { Err(Mismatch { header: NAME, member }) }
    }
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

/// A header's value: as it stands, or `=?base64?…?=` where it would not fit into a header.
fn decode(value: &str) -> Option<String> {
    let Some(encoded) = value.strip_prefix("=?base64?") else { return Some(value.to_owned()) };
    let bytes = STANDARD.decode(encoded.strip_suffix("?=")?).ok()?;
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use mcp::Limits;

    use super::*;

    const CALL: &str = r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}}"#;

    #[track_caller]
    fn check(body: &str, headers: &[(&str, &str)], expected: Result<(), &str>) {
        let headers =
            headers.iter().map(|(name, value)| ((*name).to_owned(), value.as_bytes().to_vec())).collect();
        let mirror = Mirror::of(&Head { headers, last: false });
        let frame = Frame::parse(body.as_bytes(), &Limits::default()).unwrap();
        assert_eq!(mirror.check(&frame).map_err(|mismatch| mismatch.header), expected);
    }

    #[test]
    fn equal_headers_pass() {
        check(CALL, &[(VERSION, "2026-07-28"), (METHOD, "tools/call"), (NAME, "a")], Ok(()));
        check(CALL, &[(VERSION, "2026-07-28"), (METHOD, "tools/call"), (NAME, "=?base64?YQ==?=")], Ok(()));
    }

    #[test]
    fn a_missing_or_other_header_is_named() {
        check(CALL, &[(METHOD, "tools/call"), (NAME, "a")], Err(VERSION));
        check(CALL, &[(VERSION, "2026-07-28"), (METHOD, "Tools/call"), (NAME, "a")], Err(METHOD));
        check(CALL, &[(VERSION, "2026-07-28"), (METHOD, "tools/call")], Err(NAME));
        check(CALL, &[(VERSION, "2026-07-28"), (METHOD, "tools/call"), (NAME, "=?base64?YQ?=")], Err(NAME));
    }

    #[test]
    fn on_a_legacy_request_they_mean_nothing() {
        let legacy = r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a"}}"#;
        check(legacy, &[(NAME, "b"), (METHOD, "ping")], Ok(()));
    }
}
