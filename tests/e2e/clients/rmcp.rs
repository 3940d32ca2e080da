//! The Rust client, in the two ways in which it begins.

use anyhow::{Context, Result};
use rmcp::RoleClient;
use rmcp::model::{CallToolRequestParams, ClientConfig, ProtocolVersion};
use rmcp::service::{ClientLifecycleMode, ClientServiceExt, RunningService, ServiceError};
use rmcp::transport::StreamableHttpClientTransport;
use rmcp::transport::streamable_http_client::StreamableHttpClientTransportConfig;
use serde_json::{Value, json};
use tests::keys::Key;

/// It asks which era the server speaks.
pub(super) fn auto(url: &str) -> Result<Value> {
    look(
        url,
        ClientLifecycleMode::Auto {
            preferred_versions: vec![ProtocolVersion::V_2026_07_28],
            legacy_version: None,
        },
    )
}

/// It opens a session, naming the newest revision in `initialize`.
pub(super) fn default(url: &str) -> Result<Value> {
    look(url, ClientLifecycleMode::Initialize)
}

fn look(url: &str, mode: ClientLifecycleMode) -> Result<Value> {
    let config = StreamableHttpClientTransportConfig::with_uri(url).auth_header(Key::of("reader").text);
    tokio::runtime::Runtime::new()?.block_on(async {
        let transport = StreamableHttpClientTransport::from_config(config);
        let client = ClientConfig::default().serve_with_lifecycle(transport, mode).await?;
        let found = found(&client).await;
        client.cancel().await?;
        found
    })
}

async fn found(client: &RunningService<RoleClient, ClientConfig>) -> Result<Value> {
    let info = client.peer_info().context("nothing is known of the server")?;
    let listed: Vec<_> = client.list_all_tools().await?.into_iter().map(|tool| tool.name).collect();
    let allowed = client.call_tool(CallToolRequestParams::new("test_simple_text")).await?;
    let text = allowed.content.first().and_then(|content| content.as_text()).map(|text| text.text.clone());
    let denied = match client.call_tool(CallToolRequestParams::new("delete_everything")).await {
        Err(ServiceError::McpError(error)) => json!(error.code.0),
        other => json!(format!("{other:?}")),
    };
    Ok(json!({ "protocol": info.protocol_version, "listed": listed, "allowed": text, "denied": denied }))
}
