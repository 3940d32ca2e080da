//! The one request that matters for speed, `tools/call`, answered without rmcp in between.
//!
//! Only a request that is beyond doubt is taken: one era, headers that say once what the body says, no parameter but the
//! usual ones. Any other is rmcp's, whose checks and refusals are the specification's; so nothing is judged twice.

use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName};
use mcp::revision::{self, Era};
use mcp::{Kind, Object};

/// The key within `_meta` of what a client can do.
const CAPABILITIES: &str = "io.modelcontextprotocol/clientCapabilities";
/// The legacy revisions that rmcp serves too.
const LEGACY: [&str; 4] = ["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"];

/// A call of a tool.
pub(super) struct DirectCall<'a> {
    /// The generation of the protocol.
    pub(super) era: Era,
    /// The tool.
    pub(super) name: String,
    /// Its arguments: a JSON object.
    pub(super) arguments: &'a [u8],
}

/// The call that a request is, if it is one beyond doubt.
pub(super) fn read<'a>(parts: &Parts, request: &mcp::Request<'a>) -> Option<DirectCall<'a>> {
    let params = request.params.as_ref().filter(|_| request.method == "tools/call")?;
    let is_usual = |key: &str| matches!(key, "name" | "arguments" | "_meta");
    if !is_json(&parts.headers) || !params.iter().all(|(key, _)| is_usual(key)) {
        return None;
    }
    let name = params.get("name")?.as_str()?.into_owned();
    let arguments = match params.get("arguments") {
        None => b"{}".as_slice(),
        Some(arguments) if arguments.kind() == Kind::Object => arguments.bytes(),
        Some(_) => return None,
    };
    let era = era(&parts.headers, params, &name)?;
    Some(DirectCall { era, name, arguments })
}

/// The one value of a header.
fn only<'a>(headers: &'a HeaderMap, name: &'static str) -> Option<&'a str> {
    let mut values = headers.get_all(HeaderName::from_static(name)).iter();
    match (values.next(), values.next()) {
        (Some(one), None) => one.to_str().ok(),
        _ => None,
    }
}

/// Whether a JSON body came and any answer is accepted, both in plain words.
fn is_json(headers: &HeaderMap) -> bool {
    let accepted = only(headers, "accept").unwrap_or_default();
    let mut accepted = accepted.split(',').map(str::trim);
    let takes = |wanted: &str| accepted.clone().any(|one| one.eq_ignore_ascii_case(wanted));
    let both = takes("application/json") && takes("text/event-stream");
    let content = only(headers, "content-type").unwrap_or_default();
    both && accepted.all(|one| !one.contains([';', '"'])) && content.eq_ignore_ascii_case("application/json")
}

fn era(headers: &HeaderMap, params: &Object<'_>, name: &str) -> Option<Era> {
    let meta = params.get("_meta");
    if meta.is_some_and(|meta| meta.kind() != Kind::Object) {
        return None;
    }
    let has = |name: &'static str| headers.contains_key(HeaderName::from_static(name));
    let version = only(headers, "mcp-protocol-version");
    let Some(named) = revision::named(params) else {
        let is_known = match version {
            Some(version) => LEGACY.contains(&version),
            None => !has("mcp-protocol-version"),
        };
        let mirrors = has("mcp-method") || has("mcp-name");
        return (is_known && !mirrors && !declares_capabilities(params)).then_some(Era::Legacy);
    };
    let is_modern = named.as_str().as_deref() == Some(revision::MODERN)
        && version == Some(revision::MODERN)
        && only(headers, "mcp-method") == Some("tools/call")
        && only(headers, "mcp-name") == Some(name)
        && is_token(name)
        && declares_capabilities(params)
        && !headers.keys().any(|header| header.as_str().starts_with("mcp-param-"));
    is_modern.then_some(Era::Modern)
}

fn declares_capabilities(params: &Object<'_>) -> bool {
    let declared = params.get("_meta").and_then(|meta| meta.member(CAPABILITIES));
    // What is in it is for rmcp to read; nothing here depends on it.
    declared.is_some_and(|declared| declared.text() == "{}")
}

/// Whether a header can carry the name as it is.
fn is_token(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte))
}

#[cfg(test)]
mod tests {
    use axum::http::Request;
    use mcp::{Frame, Limits};

    use super::*;

    const MODERN: &str = r#""_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}"#;
    const USUAL: [(&str, &str); 5] = [
        ("accept", "application/json, text/event-stream"),
        ("content-type", "application/json"),
        ("mcp-protocol-version", "2026-07-28"),
        ("mcp-method", "tools/call"),
        ("mcp-name", "query"),
    ];

    #[track_caller]
    fn check(headers: &[(&str, &str)], params: &str, expected: Option<Era>) {
        let body = format!(r#"{{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{{{params}}}}}"#);
        let mut request = Request::builder();
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (parts, ()) = request.body(()).unwrap().into_parts();
        let Ok(Frame::Request(request)) = Frame::parse(body.as_bytes(), &Limits::default()) else { panic!() };
        assert_eq!(read(&parts, &request).map(|call| call.era), expected, "{headers:?} {params}");
    }

    fn with(name: &'static str, value: &'static str) -> Vec<(&'static str, &'static str)> {
        USUAL
            .into_iter()
            .map(|(header, usual)| (header, if header == name { value } else { usual }))
            .collect()
    }

    #[test]
    fn what_is_beyond_doubt_is_taken() {
        check(&USUAL, &format!(r#""name":"query","arguments":{{}},{MODERN}"#), Some(Era::Modern));
        check(&USUAL, &format!(r#""name":"query",{MODERN}"#), Some(Era::Modern));
        check(&USUAL[..2], r#""name":"query","arguments":{}"#, Some(Era::Legacy));
        let legacy = [USUAL[0], USUAL[1], ("mcp-protocol-version", "2025-06-18")];
        check(&legacy, r#""name":"query","_meta":{"progressToken":1}"#, Some(Era::Legacy));
    }

    #[test]
    fn headers_that_differ_from_the_body_are_not_judged_here() {
        let params = format!(r#""name":"query","arguments":{{}},{MODERN}"#);
        check(&with("mcp-name", "delete"), &params, None);
        check(&with("mcp-method", "tools/list"), &params, None);
        check(&with("mcp-protocol-version", "2025-06-18"), &params, None);
        check(&with("accept", "application/json"), &params, None);
        check(&with("accept", "application/json;q=0, text/event-stream"), &params, None);
        check(&with("content-type", "text/plain"), &params, None);
        check(&[&USUAL[..], &[("mcp-name", "query")]].concat(), &params, None);
        check(&[&USUAL[..], &[("mcp-param-table", "orders")]].concat(), &params, None);
        check(&USUAL[..4], &params, None);
    }

    #[test]
    fn unusual_parameters_are_not_judged_here() {
        check(&USUAL, &format!(r#""name":"query","task":{{}},{MODERN}"#), None);
        check(&USUAL, &format!(r#""name":"query","arguments":[],{MODERN}"#), None);
        check(
            &USUAL,
            r#""name":"query","_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}"#,
            None,
        );
        check(&USUAL, r#""name":"query""#, None);
        check(&[USUAL[0], USUAL[1], ("mcp-protocol-version", "1999-01-01")], r#""name":"query""#, None);
    }
}
