//! REST: the same tools under URLs, with the same rights and the same audit.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{Path, Query, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use engine::KeptArguments;
use rmcp::model::JsonObject;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{enter, reply};
use crate::admission::Asked;
use crate::gate::Gate;
use crate::session::{Session, Target};
use crate::tools::{self, Content, ToolKind};

/// Most rows of one answer where the URL does not say.
const DEFAULT_LIMIT: u64 = 25;

/// The query string of `_table/{table}`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Selection {
    /// Columns, separated by commas.
    fields: Option<String>,
    filter: Option<String>,
    order: Option<String>,
    limit: Option<u64>,
    offset: Option<u64>,
}

/// `GET /api/v1/{database}/_table`
pub(super) async fn tables(
    State(gate): State<Arc<Gate>>,
    Path(database): Path<String>,
    request: Request,
) -> Response {
    Call { gate, database, tool: ToolKind::ListTables }.answer(request, |_| Ok(JsonObject::new())).await
}

/// `GET /api/v1/{database}/_schema/{table}`
pub(super) async fn table(
    State(gate): State<Arc<Gate>>,
    Path((database, table)): Path<(String, String)>,
    request: Request,
) -> Response {
    let call = Call { gate, database, tool: ToolKind::DescribeTable };
    call.answer(request, |_| Ok(JsonObject::from_iter([("table".to_owned(), Value::String(table))]))).await
}

/// `GET /api/v1/{database}/_table/{table}?fields&filter&order&limit&offset`
pub(super) async fn rows(
    State(gate): State<Arc<Gate>>,
    Path((database, table)): Path<(String, String)>,
    request: Request,
) -> Response {
    Call { gate, database, tool: ToolKind::Query }.answer(request, |request| selected(table, request)).await
}

fn selected(table: String, request: &Request) -> Result<JsonObject, String> {
    let Query(selection) =
        Query::<Selection>::try_from_uri(request.uri()).map_err(|error| error.body_text())?;
    let mut arguments = JsonObject::from_iter([("table".to_owned(), Value::String(table))]);
    let fields = selection.fields.as_deref().unwrap_or_default().split(',').map(str::trim);
    let fields: Vec<&str> = fields.filter(|field| !field.is_empty()).collect();
    arguments.insert("fields".to_owned(), json!(fields));
    arguments.insert("filter".to_owned(), json!(selection.filter));
    arguments.insert("order".to_owned(), json!(selection.order));
    arguments.insert("limit".to_owned(), json!(selection.limit.unwrap_or(DEFAULT_LIMIT)));
    arguments.insert("offset".to_owned(), json!(selection.offset.unwrap_or(0)));
    Ok(arguments)
}

/// One REST call.
struct Call {
    gate: Arc<Gate>,
    database: String,
    tool: ToolKind,
}

impl Call {
    async fn answer(
        self,
        request: Request,
        arguments: impl FnOnce(&Request) -> Result<JsonObject, String>,
    ) -> Response {
        let began = Instant::now();
        let given = arguments(&request);
        let (parts, _) = request.into_parts();
        let target = Target::One(self.database);
        // The gateway speaks MCP only: an assertion counts for nothing here.
        let asked = Asked { target: &target, body: b"", method: None };
        let admitted = match enter(&self.gate, &parts, asked) {
            Ok(admitted) => admitted,
            Err(turned) => return reply::turned_rest(&turned),
        };
        let keep = admitted.revision.rules().audit().arguments;
        let query = parts.uri.query().unwrap_or_default();
        let session = Session {
            gate: self.gate,
            revision: admitted.revision,
            caller: admitted.caller,
            target,
            method: parts.method.to_string(),
            arguments: KeptArguments::of(json!(query).to_string().as_bytes(), keep),
        };
        let given = match given {
            Ok(given) => given,
            // Refused by the tool, so that it is recorded like every other call.
            Err(problem) => JsonObject::from_iter([(problem, Value::Null)]),
        };
        let page = Page::of(&given);
        match tools::call(&session, self.tool, given).await {
            Ok(answer) => ok(answer.content, page, began),
            Err(failure) => reply::failed_rest(&failure, &session.caller.decision_id),
        }
    }
}

/// What was asked for, repeated in the envelope.
struct Page {
    limit: u64,
    offset: u64,
}

impl Page {
    fn of(arguments: &JsonObject) -> Self {
        let number = |name: &str| arguments.get(name).and_then(Value::as_u64).unwrap_or(0);
        Self { limit: number("limit"), offset: number("offset") }
    }
}

fn ok(content: Content, page: Page, began: Instant) -> Response {
    let rows = match content {
        Content::Object(json) => return reply::json(StatusCode::OK, json),
        Content::Rows(rows) => rows,
    };
    let mut body = Vec::with_capacity(rows.json.len() + 160);
    body.extend_from_slice(b"{\"resource\":");
    body.extend_from_slice(&rows.json);
    let meta = json!({
        "count": rows.count,
        "limit": page.limit,
        "offset": page.offset,
        "truncated": rows.cut.is_some(),
        "took_ms": u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX),
    });
    body.extend_from_slice(format!(",\"meta\":{meta}}}").as_bytes());
    reply::json(StatusCode::OK, body)
}
