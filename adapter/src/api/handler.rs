//! An API as rmcp wants a server: its tools, and nothing that is not offered. The layer in front puts the API of a request
//! into the request's extensions.

use std::sync::Arc;

use http::request::Parts;
use rmcp::handler::server::ServerHandler;
use rmcp::model::{
    CacheScope, CallToolRequestParams, CallToolResponse, CompleteRequestMethod, CompleteRequestParams,
    CompleteResult, Implementation, JsonObject, ListPromptsRequestMethod, ListPromptsResult,
    ListResourceTemplatesRequestMethod, ListResourceTemplatesResult, ListResourcesRequestMethod,
    ListResourcesResult, ListToolsResult, PaginatedRequestParams, ProtocolVersion, ServerCapabilities,
    ServerConfig,
};
use rmcp::service::{RequestContext, RoleServer};
use rmcp::{ErrorData, model};

use super::Api;
use super::call::{Failed, failure};

/// For how long a client may take the list of tools for current, in milliseconds.
const LIST_LIFETIME: u64 = 60_000;
/// Tools on one page of the list.
const PAGE: usize = 250;

/// The API that a request is for.
#[derive(Clone)]
pub(crate) struct ApiServer;

fn api(extensions: &model::Extensions) -> Result<Arc<Api>, ErrorData> {
    let parts = extensions.get::<Parts>();
    let found = parts.and_then(|parts| parts.extensions.get::<Arc<Api>>()).cloned();
    found.ok_or_else(|| ErrorData::internal_error("no API is named", None))
}

fn not_offered<M: rmcp::model::ConstString, T>() -> Result<T, ErrorData> {
    Err(ErrorData::method_not_found::<M>())
}

impl ServerHandler for ApiServer {
    fn get_info(&self) -> ServerConfig {
        let capabilities = ServerCapabilities::builder().enable_tools().build();
        let own = Implementation::new("trigate", env!("CARGO_PKG_VERSION")).with_title("Trigate API");
        ServerConfig::new(capabilities).with_server_info(own)
    }

    async fn list_tools(
        &self,
        request: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        let api = api(&context.extensions)?;
        if let Some(problem) = api.problem() {
            return Err(ErrorData::internal_error(
                format!("the API's document gives no tools: {problem}"),
                None,
            ));
        }
        let start = match request.and_then(|request| request.cursor) {
            None => 0,
            Some(cursor) => cursor.parse::<usize>().map_err(|_| {
                ErrorData::invalid_params("unknown cursor; use the `nextCursor` of the page before", None)
            })?,
        };
        let end = start.saturating_add(PAGE);
        let page = api.tools.iter().skip(start).take(PAGE).cloned().collect();
        let mut result = ListToolsResult::with_all_items(page);
        result.next_cursor = (end < api.tools.len()).then(|| end.to_string());
        // Older clients know neither, and would have to ignore them.
        if context.protocol_version().is_some_and(|version| version >= ProtocolVersion::V_2026_07_28) {
            result = result.with_ttl_ms(LIST_LIFETIME).with_cache_scope(CacheScope::Private);
        }
        Ok(result)
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let api = api(&context.extensions)?;
        let arguments = request.arguments.map(JsonObject::from_iter).unwrap_or_default();
        let outcome = tokio::select! {
            outcome = api.call(&request.name, &arguments) => outcome,
            () = context.ct.cancelled() => return Err(ErrorData::internal_error("the call was cancelled", None)),
        };
        match outcome {
            Ok(result) => Ok(result.into()),
            Err(error @ Failed::NoTool(_)) => Err(ErrorData::invalid_params(error.to_string(), None)),
            Err(error) => Ok(failure(error.to_string()).into()),
        }
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
