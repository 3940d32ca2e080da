//! REST: the same tools under URLs, with the same rights and the same audit.
//!
//! A path, its parameters and its body become a call of a tool; what the tool gives goes into an envelope, or leaves line
//! by line.

mod asked;
mod body;
mod document;
mod envelope;
mod ids;
mod lines;
mod parameters;

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use axum::routing::{get, post};
use engine::KeptArguments;

use super::{enter, reply};
use crate::admission;
use crate::db::rows::Sink;
use crate::failure::Failure;
use crate::gate::Gate;
use crate::session::{Session, Target};
use crate::tools::ask::Asked;
use crate::tools::{self, Answer, Call, ToolKind};
use asked::Wanted;
use body::Body;
use envelope::Envelope;

type Shared = State<Arc<Gate>>;
type InTable = Path<(String, String)>;

/// What a path names.
#[derive(Clone, Debug, Eq, PartialEq)]
enum Resource {
    /// The databases.
    Databases,
    /// One row of a table.
    Row { table: String, id: String },
    /// The rows of a table.
    Rows { table: String },
    /// What all tables are made of.
    Schema,
    /// The database, for SQL text.
    Sql,
    /// What a table is made of.
    Table { table: String },
    /// The tables.
    Tables,
}

/// The routes.
pub(super) fn router(gate: Arc<Gate>) -> Router {
    Router::new()
        .route("/openapi.json", get(document::of_all))
        .route("/api/v1", get(databases))
        .route("/api/v1/{database}/_openapi", get(document::of_one))
        .route("/api/v1/{database}/_schema", get(schema))
        .route("/api/v1/{database}/_schema/{table}", get(table))
        .route("/api/v1/{database}/_sql", post(sql))
        .route("/api/v1/{database}/_table", get(tables))
        .route("/api/v1/{database}/_table/{table}", get(rows).post(rows).put(rows).patch(rows).delete(rows))
        .route("/api/v1/{database}/_table/{table}/{id}", get(row))
        .method_not_allowed_fallback(reply::no_such_verb)
        .layer(from_fn(echo_request_id))
        .with_state(gate)
}

async fn databases(State(gate): Shared, request: Request) -> Response {
    serve(gate, Target::All, Resource::Databases, request).await
}

async fn tables(State(gate): Shared, Path(database): Path<String>, request: Request) -> Response {
    serve(gate, Target::One(database), Resource::Tables, request).await
}

async fn rows(State(gate): Shared, Path((database, table)): InTable, request: Request) -> Response {
    serve(gate, Target::One(database), Resource::Rows { table }, request).await
}

async fn row(
    State(gate): Shared,
    Path((database, table, id)): Path<(String, String, String)>,
    request: Request,
) -> Response {
    serve(gate, Target::One(database), Resource::Row { table, id }, request).await
}

async fn schema(State(gate): Shared, Path(database): Path<String>, request: Request) -> Response {
    serve(gate, Target::One(database), Resource::Schema, request).await
}

async fn table(State(gate): Shared, Path((database, table)): InTable, request: Request) -> Response {
    serve(gate, Target::One(database), Resource::Table { table }, request).await
}

async fn sql(State(gate): Shared, Path(database): Path<String>, request: Request) -> Response {
    serve(gate, Target::One(database), Resource::Sql, request).await
}

/// Gives back the `X-Request-ID` that came, if it is one.
async fn echo_request_id(request: Request, next: Next) -> Response {
    let is_plain = |id: &HeaderValue| id.len() <= 128 && id.as_bytes().iter().all(u8::is_ascii_graphic);
    let id = request.headers().get("x-request-id").cloned().filter(is_plain);
    let mut response = next.run(request).await;
    if let Some(id) = id {
        response.headers_mut().insert("x-request-id", id);
    }
    response
}

/// A caller that was let in, and what it sent.
struct Entered {
    session: Session,
    method: Method,
    headers: HeaderMap,
    query: String,
    body: Body,
}

/// Recognises the caller, and only then reads the body.
async fn let_in(gate: Arc<Gate>, target: Target, request: Request) -> Result<Entered, Response> {
    let (parts, body) = request.into_parts();
    // The gateway speaks MCP only: an assertion counts for nothing here.
    let asked = admission::Asked { target: &target, body: b"", method: None };
    let admitted = enter(&gate, &parts, asked).map_err(|turned| reply::turned_rest(&turned))?;
    let body = Body::read(&gate, &parts.method, body).await?;
    let keep = admitted.revision.rules().audit().arguments;
    let query = parts.uri.query().unwrap_or_default().to_owned();
    let session = Session {
        gate,
        revision: admitted.revision,
        caller: admitted.caller,
        target,
        method: parts.method.to_string(),
        arguments: KeptArguments::of(&body.beside(&query), keep),
    };
    Ok(Entered { session, method: parts.method, headers: parts.headers, query, body })
}

async fn serve(gate: Arc<Gate>, target: Target, resource: Resource, request: Request) -> Response {
    let began = Instant::now();
    let Entered { session, method, headers, query, body } = match let_in(gate, target, request).await {
        Ok(entered) => entered,
        Err(turned) => return turned,
    };
    let request = asked::Request { resource: &resource, method: &method, query: &query, body: &body };
    let Wanted { tool, table, asked, page, count } = request.wanted(&session).await;
    let name = match (&session.target, &table) {
        (Target::One(database), Some(table)) => tools::name_for(&session, database, tool, table).await,
        _ => tool.name().to_owned(),
    };
    let envelope = Envelope { resource: &resource, method: &method, page, began };
    if lines::are_wanted(&headers) && matches!(resource, Resource::Rows { .. } | Resource::Sql) {
        let call = OwnedCall { tool, name, asked };
        return lines::answer(Arc::new(session), call, &envelope).await;
    }
    let answer = OwnedCall { tool, name: name.clone(), asked }.run(&session, Sink::Answer).await;
    let total = match (&answer, count) {
        (Ok(_), Some(count)) => match total(&session, name, count).await {
            Ok(total) => Some(total),
            Err(failure) => return reply::failed_rest(&failure, &session.caller.decision_id),
        },
        _ => None,
    };
    match answer {
        Ok(answer) => envelope.of(answer.content, total, &session.caller.decision_id),
        Err(failure) => reply::failed_rest(&failure, &session.caller.decision_id),
    }
}

/// How many rows there are on all pages.
async fn total(session: &Session, name: String, asked: Asked) -> Result<u64, Failure> {
    let call = OwnedCall { tool: ToolKind::Query, name, asked: Ok(asked) };
    let answer = call.run(session, Sink::Answer).await?;
    envelope::only_number(&answer.content).ok_or(Failure::Database(crate::db::DatabaseError::Changed))
}

/// A call that borrows nothing.
struct OwnedCall {
    tool: ToolKind,
    name: String,
    asked: Result<Asked, Failure>,
}

impl OwnedCall {
    async fn run(self, session: &Session, sink: Sink) -> Result<Answer, Failure> {
        let OwnedCall { tool, name, asked } = self;
        tools::call(session, Call { tool, name: Cow::Owned(name), asked, arguments: None, sink }).await
    }
}
