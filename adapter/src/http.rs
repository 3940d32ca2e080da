//! The HTTP side: routes, and what every request goes through before MCP or REST see it.

pub(crate) mod beat;
mod direct;
mod mcp_endpoint;
pub(crate) mod reply;
mod rest;

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use http::request::Parts;
use policy::ruleset::DEFAULT_MAX_BODY;
use proto::v1::{AuditEvent, Decision, Gate as AuditGate};

use crate::admission::{Admitted, Asked, Refused, admit};
use crate::gate::{Gate, new_decision_id, now_ms};
use crate::session::{Target, timestamp};

/// The routes of the adapter.
pub(crate) fn router(gate: Arc<Gate>) -> Router {
    let mcp = mcp_endpoint::McpEndpoint::new(Arc::clone(&gate));
    Router::new()
        .route("/mcp", any(mcp_endpoint::all))
        .route("/{database}/mcp", any(mcp_endpoint::one))
        .with_state(mcp)
        .merge(
            Router::new()
                .route("/healthz", get(health))
                .fallback(reply::no_such_path)
                .with_state(Arc::clone(&gate)),
        )
        .merge(rest::router(gate))
}

/// Whether the adapter can serve: it can, once it has a policy.
async fn health(State(gate): State<Arc<Gate>>) -> Response {
    match gate.revision() {
        Some(revision) => format!("ok, revision {}\n", revision.rules().revision()).into_response(),
        None => (StatusCode::SERVICE_UNAVAILABLE, "waiting for the policy\n").into_response(),
    }
}

/// The largest body in force.
fn max_body(gate: &Gate) -> usize {
    gate.revision().map_or(DEFAULT_MAX_BODY, |revision| revision.rules().gateway().max_body)
}

/// Recognises the caller; a refusal is recorded here, once for both protocols.
fn enter(gate: &Gate, parts: &Parts, asked: Asked<'_>) -> Result<Admitted, Turned> {
    admit(gate, parts, asked).map_err(|refused| {
        let decision_id = new_decision_id().to_string();
        let server = match asked.target {
            Target::All => String::new(),
            Target::One(database) => database.chars().take(128).collect(),
        };
        gate.audit.publish(AuditEvent {
            time: Some(timestamp(now_ms())),
            decision_id: decision_id.clone(),
            gate: AuditGate::Database.into(),
            node: gate.node.clone(),
            endpoint: parts.uri.path().chars().take(512).collect(),
            server,
            method: parts.method.to_string(),
            decision: Decision::Denied.into(),
            rule: refused.check().to_owned(),
            reason: refused.to_string(),
            code: refused.code(),
            revision: gate.revision().map_or(0, |revision| revision.rules().revision()),
            ..AuditEvent::default()
        });
        Turned { refused, decision_id }
    })
}

/// A refusal under its decision id.
struct Turned {
    refused: Refused,
    decision_id: String,
}
