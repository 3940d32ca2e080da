//! MCP over HTTP: the caller is recognised and the body read strictly before rmcp sees the request.
//!
//! rmcp's own checks of host and origin are off because ours come first and cover REST as well; sessions are off because
//! nothing here needs them, so legacy clients are served without state too.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::{Path, Request, State};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use engine::KeptArguments;
use http::request::Parts;
use mcp::{Frame, Limits};
use policy::Operation;
use policy::document::Arguments;
use policy::ruleset::DEFAULT_MAX_DEPTH;
use rmcp::transport::streamable_http_server::session::never::NeverSessionManager;
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};

use super::direct::{self, DirectCall};
use super::{beat, enter, max_body, reply};
use crate::admission::{Admitted, Asked};
use crate::api::handler::ApiServer;
use crate::bridge;
use crate::failure::Failure;
use crate::gate::Gate;
use crate::handler::DatabaseServer;
use crate::revision::Revision;
use crate::session::{Caller, Recorded, Session, Target};
use crate::{reply as result, tools};

/// How long a caller, known or not, may take to send a body.
const BODY_TIME: Duration = Duration::from_secs(30);

/// How often a quiet stream says that it is there.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// What the MCP routes share.
#[derive(Clone)]
pub(super) struct McpEndpoint {
    gate: Arc<Gate>,
    service: StreamableHttpService<DatabaseServer, NeverSessionManager>,
    apis: StreamableHttpService<ApiServer, NeverSessionManager>,
}

impl McpEndpoint {
    pub(super) fn new(gate: Arc<Gate>) -> Self {
        let mut config = StreamableHttpServerConfig::default().disable_allowed_hosts();
        config.json_response = true;
        config.legacy_session_mode = false;
        // Only subscriptions stream.
        config.sse_keep_alive = Some(KEEP_ALIVE);
        // The body is bounded before: rmcp must not have a smaller idea of it.
        config.max_request_body_bytes = usize::MAX;
        let apis = StreamableHttpService::new(|| Ok(ApiServer), Arc::default(), config.clone());
        let service = StreamableHttpService::new(|| Ok(DatabaseServer::Http), Arc::default(), config);
        Self { gate, service, apis }
    }
}

impl McpEndpoint {
    /// Answers for a server that is run here or made of an API, if the URL names one. What is no message is left to others.
    async fn served_here(
        &self,
        (revision, name): (&Revision, &str),
        caller: &Caller,
        parts: &Parts,
        (body, frame): (&Bytes, Option<&Frame<'_>>),
    ) -> Option<Response> {
        let is_post = parts.method == Method::POST;
        if let Some(server) = revision.bridged(name) {
            if !is_post {
                return Some(bridge::http::serve_bare(server, caller, parts).await);
            }
            return Some(bridge::http::serve(server, caller, parts, body, frame?).await);
        }
        let api = revision.api(name).filter(|_| is_post)?;
        if let Some(refused) = bridge::http::stranger(api.entry(), caller, parts, frame?) {
            return Some(refused);
        }
        let mut parts = parts.clone();
        parts.extensions.insert(Arc::clone(api));
        Some(self.apis.handle(Request::from_parts(parts, Body::from(body.clone()))).await.map(Body::new))
    }
}

/// `/mcp`: all databases of the caller.
pub(super) async fn all(State(endpoint): State<McpEndpoint>, request: Request) -> Response {
    serve(endpoint, Target::All, request).await
}

/// `/{database}/mcp`: one of them.
pub(super) async fn one(
    State(endpoint): State<McpEndpoint>,
    Path(database): Path<String>,
    request: Request,
) -> Response {
    serve(endpoint, Target::One(database), request).await
}

async fn serve(endpoint: McpEndpoint, target: Target, request: Request) -> Response {
    let (mut parts, body) = request.into_parts();
    let limit = max_body(&endpoint.gate);
    let body = match tokio::time::timeout(BODY_TIME, to_bytes(body, limit)).await {
        Ok(Ok(body)) => body,
        Ok(Err(_)) => return reply::too_large(limit),
        Err(_) => return StatusCode::REQUEST_TIMEOUT.into_response(),
    };
    let depth =
        endpoint.gate.revision().map_or(DEFAULT_MAX_DEPTH, |revision| revision.rules().gateway().max_depth);
    let frame = Frame::parse(&body, &Limits { bytes: limit, depth, ..Limits::default() });
    let id = match &frame {
        Ok(Frame::Request(request)) => Some(request.id.bytes()),
        _ => None,
    };
    let operation = frame.as_ref().ok().and_then(|frame| Operation::from_frame(frame).ok());
    let method = match parts.method {
        Method::POST => operation.as_ref().map(Operation::method),
        ref verb => Some(verb.as_str()),
    };
    let asked = Asked { target: &target, body: &body, method };
    let Admitted { revision, caller } = match enter(&endpoint.gate, &parts, asked) {
        Ok(admitted) => admitted,
        Err(turned) => return reply::turned_mcp(&turned, id),
    };
    if let Target::One(name) = &target {
        if name == policy::CHANGES {
            return beat::serve(&endpoint.gate, &caller, id).await;
        }
        let message = (&body, frame.as_ref().ok());
        if let Some(served) = endpoint.served_here((&revision, name), &caller, &parts, message).await {
            return served;
        }
    }
    if parts.method != Method::POST {
        return reply::post_only();
    }
    let method = parts.method.to_string();
    let arguments = KeptArguments::default();
    let mut session = Session { gate: endpoint.gate, revision, caller, target, method, arguments };
    let frame = match frame {
        Ok(frame) => frame,
        Err(error) => {
            session.record_failure(Recorded::default(), &Failure::Frame { problem: error.to_string() });
            return reply::unparsable(&error);
        }
    };
    session.method = match Operation::from_frame(&frame) {
        Ok(operation) => operation.method().to_owned(),
        Err(missing) => {
            session.record_failure(Recorded::default(), &Failure::Frame { problem: missing.to_string() });
            return reply::missing_param(&missing, id);
        }
    };
    session.arguments = kept_arguments(&frame, &session.revision);
    if let Frame::Request(request) = &frame {
        session.caller.origin.read(request.params.as_ref());
    }
    let call = match &frame {
        Frame::Request(request) => direct::read(&parts, request),
        Frame::Notification(_) | Frame::Response(_) => None,
    };
    if let (Some(call), Some(id)) = (call, id) {
        return answer(&session, call, id).await;
    }
    parts.extensions.insert(Arc::new(session));
    let reply = endpoint.service.handle(Request::from_parts(parts, Body::from(body.clone()))).await;
    reply.map(Body::new)
}

/// Calls a tool and writes the answer.
async fn answer(session: &Session, call: DirectCall<'_>, id: &[u8]) -> Response {
    let DirectCall { era, name, arguments } = call;
    let outcome = async {
        let call = tools::by_name(session, &name, arguments).await?;
        tools::call(session, call).await
    };
    let message = match outcome.await {
        Ok(answer) => result::message(id, era, &result::of_content(answer.content)),
        Err(failure @ Failure::UnknownTool { .. }) => Some(reply::unknown_tool(&failure, id)),
        Err(failure) => Some(result::failed(id, era, &failure, &session.caller.decision_id)),
    };
    reply::json(StatusCode::OK, message.unwrap_or_else(|| reply::unwritable(id)))
}

fn kept_arguments(frame: &Frame<'_>, revision: &Revision) -> KeptArguments {
    let keep: Arguments = revision.rules().audit().arguments;
    let Frame::Request(request) = frame else { return KeptArguments::default() };
    let arguments = request.params.as_ref().and_then(|params| params.get("arguments"));
    arguments.map_or_else(KeptArguments::default, |arguments| KeptArguments::of(arguments.bytes(), keep))
}
