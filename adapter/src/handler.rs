//! The MCP server as rmcp wants it: tools, and nothing that is not offered.
//!
//! Each request brings its own session: over HTTP the layer in front put it into the request's extensions, on standard
//! input it is made here. What rmcp would answer with empty success by default is answered with "method not found".

use std::sync::Arc;

use http::request::Parts;
use rmcp::handler::server::ServerHandler;
use rmcp::model::{
    CacheScope, CallToolRequestParams, CallToolResponse, CallToolResult, CompleteRequestMethod,
    CompleteRequestParams, CompleteResult, ContentBlock, Implementation, InitializeRequestParams,
    InitializeResult, JsonObject, ListPromptsRequestMethod, ListPromptsResult,
    ListResourceTemplatesRequestMethod, ListResourceTemplatesResult, ListResourcesRequestMethod,
    ListResourcesResult, ListToolsResult, MetaObject, PaginatedRequestParams, ProtocolVersion,
    ServerCapabilities, ServerConfig, SubscriptionFilter,
};
use rmcp::service::{NotificationContext, RequestContext, RoleServer, SubscriptionContext};
use rmcp::{ErrorData, model};

use crate::failure::Failure;
use crate::session::Session;
use crate::{changes, reply, tools};

/// For how long a client may take the list of tools for current, in milliseconds.
const LIST_LIFETIME: u64 = 5_000;
/// Tools on one page of the list. Only tools of one table each ever fill one.
const PAGE: usize = 250;

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
    pub(crate) arguments: Option<&'a [u8]>,
}

impl DatabaseServer {
    fn session(&self, extensions: &model::Extensions, asked: Asked<'_>) -> Result<Arc<Session>, ErrorData> {
        let session = match self {
            DatabaseServer::Http => {
                let parts = extensions.get::<Parts>();
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
        let capabilities = ServerCapabilities::builder().enable_tools().enable_tool_list_changed().build();
        ServerConfig::new(capabilities)
            .with_server_info(Implementation::new("trigate", env!("CARGO_PKG_VERSION")).with_title("Trigate databases"))
            .with_instructions(
                "Databases within the rights of your role. Begin with `list_tables`, then `describe_table`; read with \
                 `query` and `aggregate`. A refusal says which permission is missing.",
            )
    }

    async fn initialize(
        &self,
        request: InitializeRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<InitializeResult, ErrorData> {
        context.peer.set_peer_info(request.clone());
        let mut info = self.negotiate_initialize(&request)?;
        // Over HTTP a legacy client has no session here, and so nothing that could tell it.
        if let (DatabaseServer::Http, Some(tools)) = (self, info.capabilities.tools.as_mut()) {
            tools.list_changed = None;
        }
        Ok(info)
    }

    async fn on_initialized(&self, context: NotificationContext<RoleServer>) {
        if let DatabaseServer::Local(make) = self {
            let make = Arc::clone(make);
            let session = move || make(Asked { method: "notifications/tools/list_changed", arguments: None });
            tokio::spawn(changes::tell(session, context.peer));
        }
    }

    fn accepted_subscription_filter(&self, _: &SubscriptionFilter) -> Option<SubscriptionFilter> {
        Some(SubscriptionFilter::builder().tools_list_changed().build())
    }

    async fn listen(&self, subscription: SubscriptionContext) -> Result<(), ErrorData> {
        let extensions = &subscription.request_context().extensions;
        let session = self.session(extensions, Asked { method: "subscriptions/listen", arguments: None })?;
        let gate = Arc::clone(&session.gate);
        let Some(_place) = changes::place(&gate) else {
            return Err(ErrorData::internal_error(
                "too many subscriptions; ask for the list now and then",
                None,
            ));
        };
        changes::serve(session, &subscription).await;
        Ok(())
    }

    async fn list_tools(
        &self,
        request: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        let session = self.session(&context.extensions, Asked { method: "tools/list", arguments: None })?;
        let start = match request.and_then(|request| request.cursor) {
            None => 0,
            Some(cursor) => cursor.parse::<usize>().map_err(|_| {
                ErrorData::invalid_params("unknown cursor; use the `nextCursor` of the page before", None)
            })?,
        };
        let tools = tokio::select! {
            tools = tools::list(&session) => tools,
            () = context.ct.cancelled() => Vec::new(),
        };
        let end = start.saturating_add(PAGE);
        let next = (end < tools.len()).then(|| end.to_string());
        let page = tools.into_iter().skip(start).take(PAGE).collect();
        let mut result = ListToolsResult::with_all_items(page);
        result.next_cursor = next;
        // Older clients know neither, and would have to ignore them.
        let is_modern =
            context.protocol_version().is_some_and(|version| version >= ProtocolVersion::V_2026_07_28);
        if is_modern {
            result = result.with_ttl_ms(LIST_LIFETIME).with_cache_scope(CacheScope::Private);
        }
        Ok(result)
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let arguments = request.arguments.map(model::JsonObject::from_iter).unwrap_or_default();
        let arguments = serde_json::to_vec(&arguments)
            .map_err(|_| ErrorData::internal_error("the arguments could not be read", None))?;
        let asked = Asked { method: "tools/call", arguments: Some(&arguments) };
        let session = self.session(&context.extensions, asked)?;
        let call = async {
            let call = tools::by_name(&session, &request.name, &arguments).await?;
            tools::call(&session, call).await
        };
        let outcome = tokio::select! {
            outcome = call => outcome,
            // The call's future is dropped with it, and that cancels and records it.
            () = context.ct.cancelled() => {
                return Err(ErrorData::internal_error(Failure::Cancelled.to_string(), None));
            }
        };
        match outcome {
            Ok(answer) => Ok(plain(reply::of_content(answer.content))?.into()),
            Err(failure @ Failure::UnknownTool { .. }) => {
                Err(ErrorData::invalid_params(failure.to_string(), None))
            }
            Err(failure) => {
                let decision = &session.caller.decision_id;
                let mut result =
                    CallToolResult::error(vec![ContentBlock::text(reply::refusal(&failure, decision))]);
                let context = failure.context(decision).into();
                result.meta = Some(MetaObject(JsonObject::from_iter([(reply::REFUSAL.to_owned(), context)])));
                Ok(result.into())
            }
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

/// The result in rmcp's type, which wants a tree.
fn plain(json: Vec<u8>) -> Result<CallToolResult, ErrorData> {
    let value = serde_json::from_slice(&json)
        .map_err(|_| ErrorData::internal_error("the result could not be written", None))?;
    let mut result = CallToolResult::structured(value);
    result.content = vec![ContentBlock::text(String::from_utf8(json).unwrap_or_default())];
    Ok(result)
}
