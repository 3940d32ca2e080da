//! The OpenAPI document of one caller.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{Path, Request};
use axum::http::StatusCode;
use axum::response::Response;

use super::{Entered, Shared, let_in};
use crate::databases::Age;
use crate::gate::Gate;
use crate::http::reply;
use crate::openapi;
use crate::session::{Recorded, Session, Target};
use crate::tools;

/// `GET /openapi.json`
pub(super) async fn of_all(gate: Shared, request: Request) -> Response {
    describe(gate.0, Target::All, request).await
}

/// `GET /api/v1/{database}/_openapi`
pub(super) async fn of_one(gate: Shared, Path(database): Path<String>, request: Request) -> Response {
    describe(gate.0, Target::One(database), request).await
}

async fn describe(gate: Arc<Gate>, target: Target, request: Request) -> Response {
    let began = Instant::now();
    let Entered { session, .. } = match let_in(gate, target, request).await {
        Ok(entered) => entered,
        Err(turned) => return turned,
    };
    // Without rights there is nothing to describe, and no database to say so of.
    if let (Target::One(_), Err(failure)) = (&session.target, session.database(None)) {
        session.record_failure(Recorded { name: NAME, ..Recorded::default() }, &failure);
        return reply::failed_rest(&failure, &session.caller.decision_id);
    }
    let document = document(&session).await;
    session.record_allowed(Recorded {
        name: NAME,
        rule: "own rights".to_owned(),
        took: began.elapsed(),
        ..Recorded::default()
    });
    reply::json(StatusCode::OK, document)
}

/// As what the audit shows it.
const NAME: &str = "openapi";

async fn document(session: &Session) -> Vec<u8> {
    let listing = tools::listing_of(session, Age::Now).await;
    openapi::document(&listing, |database, tool, table| {
        session.shows(database, &tools::name_in(session, database, tool, table))
    })
    .to_string()
    .into_bytes()
}
