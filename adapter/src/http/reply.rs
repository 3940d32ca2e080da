//! Refusals before a tool is reached, in the form of each protocol: JSON-RPC errors for MCP, an envelope for REST.

use axum::http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use mcp::{Fault, FrameError};
use policy::MissingParam;

use super::Turned;
use crate::failure::Failure;

/// A JSON body.
pub(crate) fn json(status: StatusCode, body: Vec<u8>) -> Response {
    let headers = [(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "no-store")];
    (status, headers, body).into_response()
}

/// A refused caller, for MCP.
pub(super) fn turned_mcp(turned: &Turned, id: Option<&[u8]>) -> Response {
    let data = format!("{{\"decision\":\"{}\",\"rule\":\"{}\"}}", turned.decision_id, turned.refused.check());
    let fault = Fault { code: turned.refused.code(), message: turned.refused.to_string(), data: Some(data) };
    challenged(turned, json(status(turned.refused.status()), fault.to_json(id)))
}

/// A refused caller, for REST.
pub(super) fn turned_rest(turned: &Turned) -> Response {
    let text = turned.refused.to_string();
    challenged(turned, envelope(turned.refused.status(), turned.refused.check(), &text, &turned.decision_id))
}

/// A call that gave nothing, for REST.
pub(super) fn failed_rest(failure: &Failure, decision_id: &str) -> Response {
    json(status(failure.status()), failure_json(failure, decision_id))
}

/// Why a call gave nothing, as REST says it.
pub(super) fn failure_json(failure: &Failure, decision_id: &str) -> Vec<u8> {
    let context = failure.context(decision_id);
    let error =
        serde_json::json!({ "code": failure.status(), "message": failure.in_full(), "context": context });
    serde_json::json!({ "error": error }).to_string().into_bytes()
}

/// No row has the id that the URL names.
pub(super) fn no_such_row(decision_id: &str) -> Response {
    envelope(404, "no_row", "no row with this id among those that this role may read", decision_id)
}

/// A body that is not one well-formed message.
pub(super) fn unparsable(error: &FrameError) -> Response {
    let fault = Fault { code: error.code(), message: error.to_string(), data: None };
    json(StatusCode::BAD_REQUEST, fault.to_json(error.id().as_deref()))
}

/// A message without a parameter that its method needs.
pub(super) fn missing_param(missing: &MissingParam, id: Option<&[u8]>) -> Response {
    let fault = Fault { code: mcp::fault::INVALID_PARAMS, message: missing.to_string(), data: None };
    json(StatusCode::BAD_REQUEST, fault.to_json(id))
}

/// A tool that there is not, for MCP.
pub(super) fn unknown_tool(failure: &Failure, id: &[u8]) -> Vec<u8> {
    Fault { code: mcp::fault::INVALID_PARAMS, message: failure.to_string(), data: None }.to_json(Some(id))
}

/// A result that is no text.
pub(super) fn unwritable(id: &[u8]) -> Vec<u8> {
    let message = "the result could not be written".to_owned();
    Fault { code: mcp::fault::INTERNAL_ERROR, message, data: None }.to_json(Some(id))
}

/// A body beyond the limit, or one that could not be read.
pub(super) fn too_large(limit: usize) -> Response {
    let message = format!("the request is larger than {limit} bytes or ended too early");
    let fault = Fault { code: mcp::fault::INVALID_REQUEST, message, data: None };
    json(StatusCode::PAYLOAD_TOO_LARGE, fault.to_json(None))
}

/// A body beyond the limit, for REST.
pub(super) fn too_large_rest(limit: usize) -> Response {
    let text = format!("the body is larger than {limit} bytes or ended too early");
    envelope(413, "body", &text, "")
}

/// A verb that the path does not have, for REST.
pub(super) async fn no_such_verb() -> Response {
    envelope(405, "verb", "this path does not have this verb; `/openapi.json` lists those there are", "")
}

/// A verb that the stateless endpoint does not have.
pub(super) fn post_only() -> Response {
    let message = "this MCP endpoint keeps no sessions and has no streams of its own; use POST".to_owned();
    let fault = Fault { code: mcp::fault::INVALID_REQUEST, message, data: None };
    with(json(StatusCode::METHOD_NOT_ALLOWED, fault.to_json(None)), ALLOW, "POST")
}

/// A path that is not one of ours.
pub(super) async fn no_such_path() -> Response {
    let text = "no such path; there are `/mcp`, `/{database}/mcp`, `/api/v1` and `/openapi.json`";
    envelope(404, "path", text, "")
}

fn envelope(code: u16, word: &str, message: &str, decision_id: &str) -> Response {
    let body = serde_json::json!({
        "error": { "code": code, "message": message, "context": { "reason": word, "decision": decision_id } }
    });
    json(status(code), body.to_string().into_bytes())
}

fn challenged(turned: &Turned, reply: Response) -> Response {
    match turned.refused.challenge() {
        Some(challenge) => with(reply, WWW_AUTHENTICATE, &challenge),
        None if turned.refused.status() == 503 => with(reply, RETRY_AFTER, "1"),
        None => reply,
    }
}

fn with(mut reply: Response, name: HeaderName, value: &str) -> Response {
    if let Ok(value) = HeaderValue::from_str(value) {
        reply.headers_mut().insert(name, value);
    }
    reply
}

fn status(code: u16) -> StatusCode {
    StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}
