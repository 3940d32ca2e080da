//! NDJSON: one row a line, sent while the database is still being read.
//!
//! The status is known before the first line leaves. What goes wrong after that is said in a last line
//! `{"error": {...}}`, because nothing else can say it any more.

use std::convert::Infallible;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::http::header::{ACCEPT, CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use futures::{StreamExt as _, stream};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio_stream::wrappers::ReceiverStream;

use super::OwnedCall;
use super::envelope::Envelope;
use crate::db::rows::{Cut, Sink};
use crate::failure::Failure;
use crate::http::reply;
use crate::session::Session;
use crate::tools::{Answer, Content};

/// The media type.
const NDJSON: &str = "application/x-ndjson";
/// Pieces that wait for a slow client.
const WAITING: usize = 4;

/// Whether the client asks for lines.
pub(super) fn are_wanted(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
    accepted
        .flat_map(|value| value.split(','))
        .any(|one| one.split(';').next().is_some_and(|essence| essence.trim().eq_ignore_ascii_case(NDJSON)))
}

/// Runs the call and sends its rows.
pub(super) async fn answer(session: Arc<Session>, call: OwnedCall, envelope: &Envelope<'_>) -> Response {
    let (sender, mut pieces) = mpsc::channel(WAITING);
    let decision_id = session.caller.decision_id.clone();
    // In a set, because then the statement ends with the reply that nobody reads any more.
    let mut running = JoinSet::new();
    running.spawn(async move { call.run(&session, Sink::Lines(sender)).await });
    let first = pieces.recv().await;
    if let Some(first) = first {
        let rest = ReceiverStream::new(pieces);
        let end = stream::once(async move { last_line(running.join_next().await, &decision_id) });
        let lines = stream::once(async { first }).chain(rest).chain(end).map(Ok::<_, Infallible>);
        return (headers(), Body::from_stream(lines)).into_response();
    }
    match running.join_next().await {
        Some(Ok(Ok(Answer { content: content @ (Content::Changed(_) | Content::Object(_)), .. }))) => {
            envelope.of(content, None, &decision_id)
        }
        Some(Ok(Ok(_))) => (headers(), Body::empty()).into_response(),
        Some(Ok(Err(failure))) => reply::failed_rest(&failure, &decision_id),
        Some(Err(_)) | None => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

fn headers() -> [(axum::http::HeaderName, &'static str); 2] {
    [(CONTENT_TYPE, NDJSON), (CACHE_CONTROL, "no-store")]
}

/// What is left to say after the rows.
fn last_line(
    ended: Option<Result<Result<Answer, Failure>, tokio::task::JoinError>>,
    decision_id: &str,
) -> Bytes {
    let mut line = match ended {
        Some(Ok(Ok(answer))) => match answer.content {
            Content::Rows(rows) if rows.cut == Some(Cut::Bytes) => {
                let error = serde_json::json!({ "code": 413, "message": Cut::Bytes.hint() });
                serde_json::json!({ "error": error }).to_string().into_bytes()
            }
            _ => return Bytes::new(),
        },
        Some(Ok(Err(failure))) => reply::failure_json(&failure, decision_id),
        Some(Err(_)) | None => reply::failure_json(&Failure::Cancelled, decision_id),
    };
    line.push(b'\n');
    line.into()
}
