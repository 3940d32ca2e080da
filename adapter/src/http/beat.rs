//! A stream that is kept open for the gateway and beats: where one endpoint has several servers, the gateway tells its caller
//! at each beat which lists have changed. Nothing else is said here, and nothing of it reaches the caller.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures::stream;
use mcp::Fault;
use policy::Code;
use tokio::time::MissedTickBehavior;

use super::reply;
use crate::gate::Gate;
use crate::session::{Caller, Via};

/// How often it beats: so long may a change go untold, and a caller be told whose key was revoked.
const BEAT: Duration = Duration::from_secs(1);
/// Such streams at the same time.
pub(crate) const STREAMS: usize = 10_000;

/// Opens a stream for the gateway, and for nobody else.
pub(super) async fn serve(gate: &Gate, caller: &Caller, id: Option<&[u8]>) -> Response {
    if caller.via != Via::Gateway {
        return reply::no_such_path().await;
    }
    let Ok(place) = Arc::clone(&gate.streams).try_acquire_owned() else {
        let message = "too many streams are open; ask for the lists now and then".to_owned();
        let fault = Fault { code: Code::ServerUnreachable.number(), message, data: None };
        return reply::json(StatusCode::SERVICE_UNAVAILABLE, fault.to_json(id));
    };
    let mut beat = tokio::time::interval(BEAT);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let beats = stream::unfold((beat, place), async |(mut beat, place)| {
        beat.tick().await;
        Some((Ok::<_, Infallible>(Bytes::from_static(b":\n\n")), (beat, place)))
    });
    let headers = [(CONTENT_TYPE, "text/event-stream"), (CACHE_CONTROL, "no-store")];
    (headers, Body::from_stream(beats)).into_response()
}
