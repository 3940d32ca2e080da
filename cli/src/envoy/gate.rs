//! The filter that stands for gate 2 in Envoy's configuration: the wasm module, or Envoy's own filter that asks `trigate
//! ext-proc`.

use std::net::SocketAddr;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::envoy::upstream;

/// Where the cluster of the external processor is named in Envoy's filter.
const EXT_PROC: &str = "trigate_ext_proc";

/// What carries the engine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Gate {
    /// A service at this address.
    ExtProc(SocketAddr),
    /// The module in this file, within Envoy.
    Wasm(PathBuf),
}

impl Gate {
    /// The entry of `http_filters`. `shows_decisions`: decisions are kept beside requests, where spans take them from.
    pub(crate) fn filter(&self, node: &str, token: &str, shows_decisions: bool) -> Value {
        match self {
            Self::ExtProc(_) => ext_proc(token),
            Self::Wasm(module) => wasm(&module.display().to_string(), (node, token), shows_decisions),
        }
    }

    /// The clusters it needs beside the control plane's.
    pub(crate) fn clusters(&self) -> Option<Value> {
        match self {
            Self::ExtProc(address) => Some(upstream::http2(EXT_PROC, *address)),
            Self::Wasm(_) => None,
        }
    }
}

fn wasm(module: &str, (node, token): (&str, &str), shows_decisions: bool) -> Value {
    let mut configuration = json!({ "control_plane": upstream::CONTROL_PLANE, "node": node, "token": token });
    if let (true, Value::Object(members)) = (shows_decisions, &mut configuration) {
        members.insert("access_log".to_owned(), Value::Bool(true));
    }
    let configuration = configuration.to_string();
    json!({
        "name": "trigate",
        "typed_config": {
            "@type": "type.googleapis.com/envoy.extensions.filters.http.wasm.v3.Wasm",
            "config": {
                "name": "trigate",
                "root_id": "trigate",
                "failure_policy": "FAIL_RELOAD",
                // Headers wait until the body is judged.
                "allow_on_headers_stop_iteration": true,
                "vm_config": {
                    "vm_id": "trigate",
                    "runtime": "envoy.wasm.runtime.v8",
                    "code": { "local": { "filename": module } }
                },
                "configuration": {
                    "@type": "type.googleapis.com/google.protobuf.StringValue",
                    "value": configuration
                }
            }
        }
    })
}

/// The modes are those that `ext-proc` insists on: a filter that shows less gets nothing through.
fn ext_proc(token: &str) -> Value {
    json!({
        "name": "trigate",
        "typed_config": {
            "@type": "type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor",
            "grpc_service": {
                "envoy_grpc": { "cluster_name": EXT_PROC },
                "initial_metadata": [{ "key": "authorization", "value": format!("Bearer {token}") }]
            },
            // No service, no request.
            "failure_mode_allow": false,
            "status_on_error": { "code": "ServiceUnavailable" },
            "message_timeout": "5s",
            "processing_mode": {
                "request_header_mode": "SEND",
                "request_body_mode": "BUFFERED",
                "request_trailer_mode": "SEND",
                "response_header_mode": "SEND",
                "response_body_mode": "STREAMED",
                "response_trailer_mode": "SEND"
            },
            // What nobody has to read is not sent.
            "allow_mode_override": true,
            // A header that must not go upstream and cannot be removed ends the request.
            "mutation_rules": { "allow_envoy": true, "disallow_is_error": true },
            "request_attributes": [
                "connection.dns_san_peer_certificate",
                "connection.subject_peer_certificate",
                "connection.uri_san_peer_certificate"
            ],
            "metadata_options": {
                "forwarding_namespaces": { "untyped": ["envoy.filters.http.jwt_authn"] }
            }
        }
    })
}
