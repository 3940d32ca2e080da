//! What Envoy answers by itself, put into the form that MCP clients read: a JSON-RPC error.
//!
//! The filter's own refusals have that form already and pass as they are, told apart by their content type. The rest is said
//! by Envoy alone: the filter's VM has failed, the server cannot be reached, the request was no sound HTTP.

use policy::Code;
use serde_json::{Value, json};

/// What Envoy calls the reply it sends when the filter has trapped, or is being started again; and when the service that
/// carries the gate in its place fails or does not answer.
const FAILED: &str =
    "response.code_details == 'wasm_fail_stream' || response.code_details.startsWith('ext_proc_error')";
/// Replies that no filter wrote; Envoy gives its own a content type only after this was asked.
const ENVOYS_OWN: &str = "!('content-type' in response.headers)";
/// JSON-RPC's own code for a request of the wrong form.
const INVALID_REQUEST: i32 = -32600;
/// The upstream could not be reached, closed the connection, or took too long.
const UPSTREAM: [&str; 8] = ["UC", "UF", "UH", "UMSDR", "UO", "UR", "URX", "UT"];

/// The connection manager's `local_reply_config`.
pub(crate) fn render() -> Value {
    json!({ "mappers": [
        mapper(&expression(FAILED), &error(Code::GateFailed.number(),
            "the gateway's filter failed, so the request was refused; it is being started again: try again shortly")),
        mapper(
            &json!({ "and_filter": { "filters": [
                { "response_flag_filter": { "flags": UPSTREAM } }, expression(ENVOYS_OWN)
            ] } }),
            &error(Code::ServerUnreachable.number(), "the server cannot be reached by the gateway; try again shortly")
        ),
        mapper(&expression(ENVOYS_OWN), &error(INVALID_REQUEST,
            "the request was refused before it was judged: its form is not what this gateway accepts")),
    ] })
}

fn mapper(filter: &Value, error: &Value) -> Value {
    json!({
        "filter": filter,
        "body": { "inline_string": error.to_string() },
        "headers_to_add": [
            { "header": { "key": "content-type", "value": "application/json" } },
            { "header": { "key": "retry-after", "value": "1" } }
        ]
    })
}

/// Envoy knows no id of the request's.
fn error(code: i32, message: &str) -> Value {
    json!({ "jsonrpc": "2.0", "id": null, "error": { "code": code, "message": message } })
}

fn expression(text: &str) -> Value {
    json!({ "extension_filter": {
        "name": "envoy.access_loggers.extension_filters.cel",
        "typed_config": {
            "@type": "type.googleapis.com/envoy.extensions.access_loggers.filters.cel.v3.ExpressionFilter",
            "expression": text
        }
    } })
}
