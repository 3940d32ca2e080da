//! The MCP server as rmcp wants it: tools, and nothing that is not offered.
//!
//! Each request brings its own session: over HTTP the layer in front put it into the request's extensions, on standard
//! input it is made here. What rmcp would answer with empty success by default is answered with "method not found".

use std::sync::Arc;

use http::request::Parts;
use rmcp::handler::server::ServerHandler;
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, CompleteRequestMethod, CompleteRequestParams,
    CompleteResult, ContentBlock, Implementation, ListPromptsRequestMethod, ListPromptsResult,
    ListResourceTemplatesRequestMethod, ListResourceTemplatesResult, ListResourcesRequestMethod,
    ListResourcesResult, ListToolsResult, PaginatedRequestParams, ServerCapabilities, ServerConfig,
};
use rmcp::service::{RequestContext, RoleServer};
use rmcp::{ErrorData, model};

use crate::failure::Failure;
use crate::session::{Recorded, Session};
use crate::splice::Slot;
use crate::tools::{self, Content, ToolKind};

/// Where the session of a request comes from.
#[derive(Clone)]
pub(crate) enum DatabaseServer {
    /// From the request's extensions.
    Http,
    /// From the one local caller.
    Local(Arc<dyn Fn(Asked<'_>) -> Option<Session> + Send + Sync>),
}

/// What a local request asks.
pub(crate) struct Asked<'a> {
    /// The JSON-RPC method.
    pub(crate) method: &'a str,
    /// The tool's arguments.
    pub(crate) arguments: Option<&'a model::JsonObject>,
}

impl DatabaseServer {
    fn session(
        &self,
        context: &RequestContext<RoleServer>,
        asked: Asked<'_>,
    ) -> Result<Arc<Session>, ErrorData> {
        let session = match self {
            DatabaseServer::Http => {
                let parts = context.extensions.get::<Parts>();
                parts.and_then(|parts| parts.extensions.get::<Arc<Session>>()).cloned()
            }
            DatabaseServer::Local(make) => make(asked).map(Arc::new),
        };
        session.ok_or_else(|| {
            let text = "the adapter has no policy yet, so everything is denied; it asks the control plane again by itself";
            ErrorData::new(model::ErrorCode(policy::Code::NoPolicy.number()), text, None)
        })
    }
}

fn not_offered<M: rmcp::model::ConstString, T>() -> Result<T, ErrorData> {
    Err(ErrorData::method_not_found::<M>())
}

impl ServerHandler for DatabaseServer {
    fn get_info(&self) -> ServerConfig {
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
            .with_server_info(Implementation::new("trigate", env!("CARGO_PKG_VERSION")).with_title("Trigate databases"))
            .with_instructions(
                "Reads databases within the rights of your role. Begin with `list_tables`, then `describe_table`, then \
                 `query`. A refusal says which permission is missing.",
            )
    }

    async fn list_tools(
        &self,
        request: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        if request.is_some_and(|request| request.cursor.is_some()) {
            return Err(ErrorData::invalid_params("there is one page only; leave `cursor` out", None));
        }
        let session = self.session(&context, Asked { method: "tools/list", arguments: None })?;
        let tools = tokio::select! {
            tools = tools::list(&session) => tools,
            () = context.ct.cancelled() => Vec::new(),
        };
        Ok(ListToolsResult::with_all_items(tools))
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let session =
            self.session(&context, Asked { method: "tools/call", arguments: request.arguments.as_ref() })?;
        let Some(tool) = ToolKind::named(&request.name) else {
            let name: String = request.name.chars().take(128).collect();
            let failure = Failure::UnknownTool { tool: name.clone() };
            session.record_failure(Recorded { name: &name, ..Recorded::default() }, &failure);
            return Err(ErrorData::invalid_params(failure.to_string(), None));
        };
        let call = tools::call(&session, tool, request.arguments.unwrap_or_default());
        let outcome = tokio::select! {
            outcome = call => outcome,
            // The call's future is dropped with it, and that cancels the statement.
            () = context.ct.cancelled() => {
                session.record_failure(Recorded { name: tool.name(), ..Recorded::default() }, &Failure::Cancelled);
                return Err(ErrorData::internal_error(Failure::Cancelled.to_string(), None));
            }
        };
        let result = match outcome {
            Ok(answer) => {
                let json = envelope(answer.content);
                match context.extensions.get::<Parts>().and_then(|parts| parts.extensions.get::<Slot>()) {
                    Some(slot) => slot.hold(json),
                    None => plain(json)?,
                }
            }
            Err(failure) => CallToolResult::error(vec![ContentBlock::text(failure.to_string())]),
        };
        Ok(result.into())
    }

    async fn complete(
        &self,
        _: CompleteRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<CompleteResult, ErrorData> {
        not_offered::<CompleteRequestMethod, _>()
    }

    async fn list_prompts(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListPromptsResult, ErrorData> {
        not_offered::<ListPromptsRequestMethod, _>()
    }

    async fn list_resources(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListResourcesResult, ErrorData> {
        not_offered::<ListResourcesRequestMethod, _>()
    }

    async fn list_resource_templates(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListResourceTemplatesResult, ErrorData> {
        not_offered::<ListResourceTemplatesRequestMethod, _>()
    }
}

/// The tool's result as a JSON object.
fn envelope(content: Content) -> Vec<u8> {
    let rows = match content {
        Content::Object(json) => return json,
        Content::Rows(rows) => rows,
    };
    let mut json = Vec::with_capacity(rows.json.len() + 160);
    let head = format!("{{\"count\":{},\"truncated\":{}", rows.count, rows.cut.is_some());
    json.extend_from_slice(head.as_bytes());
    if let Some(cut) = rows.cut {
        json.extend_from_slice(b",\"hint\":");
        crate::cell::text(&mut json, cut.hint());
    }
    json.extend_from_slice(b",\"rows\":");
    json.extend_from_slice(&rows.json);
    json.push(b'}');
    json
}

/// A result without a slot to keep it raw in: rmcp's type wants a tree.
fn plain(json: Vec<u8>) -> Result<CallToolResult, ErrorData> {
    let value = serde_json::from_slice(&json)
        .map_err(|_| ErrorData::internal_error("the result could not be written", None))?;
    let mut result = CallToolResult::structured(value);
    result.content = vec![ContentBlock::text(String::from_utf8(json).unwrap_or_default())];
    Ok(result)
}
