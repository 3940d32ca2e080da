//! The HTTP side of a server that is run here: Streamable HTTP of both eras for the gateway, and for nobody else.
//!
//! An answer is plain JSON where nothing comes before it, else a stream of events. A stream that the gateway closes
//! cancels its request. What the legacy handshake says was asked once, when the program started; sessions are names
//! only, by which a cancellation finds its request.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::stream::{self, Stream, StreamExt as _};
use http::request::Parts;
use mcp::revision::{self, Era};
use mcp::{Fault, Frame, Request, fault};
use policy::Code;
use tokio::sync::broadcast::error::RecvError;

use super::Bridged;
use super::link::{Call, Gone, Hello, Said, Who};
use crate::http::reply::json;
use crate::session::{Caller, Via};

/// How often a quiet stream says that it is there.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// Where a session is named.
const SESSION: &str = "mcp-session-id";
/// Methods that change what one process does for all of its callers.
const SHARED: [&str; 3] = ["logging/setLevel", "resources/subscribe", "resources/unsubscribe"];

/// Serves one request of the gateway.
pub(crate) async fn serve(
    server: &Arc<Bridged>,
    caller: &Caller,
    parts: &Parts,
    body: &[u8],
    frame: &Frame<'_>,
) -> Response {
    if let Some(refused) = stranger(&server.entry, caller, parts, frame) {
        return refused;
    }
    match (&parts.method, frame) {
        (&Method::POST, Frame::Request(request)) => {
            let answered = answer(server, who(parts, caller), request, body).await;
            answered.unwrap_or_else(|gone| unreachable(&gone, request.id.bytes()))
        }
        (&Method::POST, frame) => {
            if let Frame::Notification(notification) = frame
                && notification.method == "notifications/cancelled"
                && let Some(id) = notification.params.as_ref().and_then(|params| params.get("requestId"))
            {
                server.link.cancel(&who(parts, caller), id.bytes());
            }
            StatusCode::ACCEPTED.into_response()
        }
        _ => StatusCode::METHOD_NOT_ALLOWED.into_response(),
    }
}

/// Serves what has no message: the stream of news, and the end of a session.
pub(crate) async fn serve_bare(server: &Arc<Bridged>, caller: &Caller, parts: &Parts) -> Response {
    if let Some(refused) = elsewhere(&server.entry, caller, parts, None) {
        return refused;
    }
    match (&parts.method, server.link.hello().await) {
        (_, Err(gone)) => unreachable(&gone, b"null"),
        (&Method::GET, Ok(hello)) if hello.era == Era::Legacy => news(server),
        // Nothing is kept for a session.
        (&Method::DELETE, Ok(hello)) if hello.era == Era::Legacy => StatusCode::NO_CONTENT.into_response(),
        _ => StatusCode::METHOD_NOT_ALLOWED.into_response(),
    }
}

/// Refuses whoever is not the gateway, and who means another entry of the document than the one in force.
pub(crate) fn stranger(entry: &str, caller: &Caller, parts: &Parts, frame: &Frame<'_>) -> Option<Response> {
    let id = match frame {
        Frame::Request(request) => Some(request.id.bytes()),
        Frame::Notification(_) | Frame::Response(_) => None,
    };
    elsewhere(entry, caller, parts, id)
}

fn elsewhere(own: &str, caller: &Caller, parts: &Parts, id: Option<&[u8]>) -> Option<Response> {
    if caller.via != Via::Gateway {
        let message = "this server is reached through the gateway only".to_owned();
        let fault = Fault { code: Code::NoAccessToServer.number(), message, data: None };
        return Some(json(StatusCode::FORBIDDEN, fault.to_json(id)));
    }
    let meant = parts.uri.query().and_then(|query| query.strip_prefix("entry="));
    if meant.is_some_and(|entry| entry != own) {
        let message = "another entry of this server is in force here; ask again shortly".to_owned();
        let fault = Fault { code: Code::NoPolicy.number(), message, data: None };
        return Some(json(StatusCode::SERVICE_UNAVAILABLE, fault.to_json(id)));
    }
    None
}

/// The session, or who calls without one.
fn who(parts: &Parts, caller: &Caller) -> Who {
    match parts.headers.get(SESSION) {
        Some(session) => String::from_utf8_lossy(session.as_bytes()).into_owned(),
        None => format!("{} {}", caller.subject.name, caller.subject.key_id),
    }
}

async fn answer(
    server: &Arc<Bridged>,
    who: Who,
    request: &Request<'_>,
    body: &[u8],
) -> Result<Response, Gone> {
    let hello = server.link.hello().await?;
    let id = request.id.bytes();
    if hello.era == Era::Legacy
        && let Some(own) = legacy(&hello, request)
    {
        return Ok(own);
    }
    let mut call = server.link.call(who, id, body).await?;
    Ok(match call.next().await {
        Some(Said::Note(note)) => events(call, note, id.to_vec()),
        Some(Said::Answer(answer)) => json(status(&hello, &answer), answer),
        Some(Said::Gone(gone)) => return Err(gone),
        None => StatusCode::BAD_GATEWAY.into_response(),
    })
}

/// What is answered here for a legacy server.
fn legacy(hello: &Hello, request: &Request<'_>) -> Option<Response> {
    let id = request.id.bytes();
    let method = request.method.as_ref();
    if revision::era(method, request.params.as_ref()) == Era::Modern {
        let asked = request.params.as_ref().and_then(revision::named);
        let requested = asked.map_or("null", mcp::Json::text);
        let data = format!("{{\"supported\":[\"{}\"],\"requested\":{requested}}}", hello.revision);
        let message = "this server speaks an older revision of the protocol".to_owned();
        let fault = Fault { code: fault::UNSUPPORTED_PROTOCOL_VERSION, message, data: Some(data) };
        return Some(json(StatusCode::BAD_REQUEST, fault.to_json(Some(id))));
    }
    match method {
        "initialize" => {
            let mut answer = json(StatusCode::OK, result(id, &hello.result));
            if let Some(session) = session() {
                answer.headers_mut().insert(HeaderName::from_static(SESSION), session);
            }
            Some(answer)
        }
        "ping" => Some(json(StatusCode::OK, result(id, b"{}"))),
        shared if SHARED.contains(&shared) => {
            let message =
                "this server is shared by several clients and cannot do this for one of them".to_owned();
            let fault = Fault { code: fault::METHOD_NOT_FOUND, message, data: None };
            Some(json(StatusCode::OK, fault.to_json(Some(id))))
        }
        _ => None,
    }
}

fn result(id: &[u8], result: &[u8]) -> Vec<u8> {
    [br#"{"jsonrpc":"2.0","id":"#.as_slice(), id, br#","result":"#, result, b"}"].concat()
}

fn session() -> Option<HeaderValue> {
    let mut random = [0; 16];
    getrandom::fill(&mut random).ok()?;
    HeaderValue::from_str(&format!("{:032x}", u128::from_be_bytes(random))).ok()
}

/// The status that goes with an answer: modern servers say refusals of the protocol in both.
fn status(hello: &Hello, answer: &[u8]) -> StatusCode {
    let error = match Frame::parse(answer, &super::rewrite::LIMITS) {
        Ok(Frame::Response(mcp::Response { outcome: mcp::Outcome::Error(error), .. })) => error,
        _ => return StatusCode::OK,
    };
    let code = error.member("code").and_then(|code| code.text().parse().ok()).unwrap_or_default();
    match code {
        _ if hello.era == Era::Legacy => StatusCode::OK,
        fault::METHOD_NOT_FOUND => StatusCode::NOT_FOUND,
        fault::HEADER_MISMATCH | fault::MISSING_CLIENT_CAPABILITY | fault::UNSUPPORTED_PROTOCOL_VERSION => {
            StatusCode::BAD_REQUEST
        }
        _ => StatusCode::OK,
    }
}

/// A stream of what comes before the answer, and the answer.
fn events(call: Call, first: Vec<u8>, id: Vec<u8>) -> Response {
    let rest = stream::unfold((call, id), async |(mut call, id)| {
        let message = match call.next().await? {
            Said::Note(message) | Said::Answer(message) => message,
            Said::Gone(gone) => lost(&gone, &id),
        };
        Some((message, (call, id)))
    });
    streamed(stream::once(async { first }).chain(rest))
}

/// A stream of what changes in the server's lists.
fn news(server: &Arc<Bridged>) -> Response {
    let news = stream::unfold(server.link.listen(), async |mut news| {
        loop {
            match news.recv().await {
                Ok(message) => return Some((message.to_vec(), news)),
                Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return None,
            }
        }
    });
    streamed(news)
}

fn streamed(messages: impl Stream<Item = Vec<u8>> + Send + 'static) -> Response {
    let events = messages.map(|message| {
        Ok::<_, Infallible>(Event::default().event("message").data(String::from_utf8_lossy(&message)))
    });
    let stream = Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE));
    stream.into_response().map(Body::new)
}

fn unreachable(gone: &Gone, id: &[u8]) -> Response {
    json(StatusCode::BAD_GATEWAY, lost(gone, id))
}

fn lost(gone: &Gone, id: &[u8]) -> Vec<u8> {
    let message = format!("{gone}; it is started again by itself, try again shortly");
    Fault { code: Code::ServerUnreachable.number(), message, data: None }.to_json(Some(id))
}
