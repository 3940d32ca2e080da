//! `trigate policy snapshot`: what a gateway gets of the newest revision, as the configuration of a filter whose host cannot
//! reach a control plane.

use std::path::PathBuf;

use adapter::Transport;
use anyhow::Context;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use prost::Message as _;
use proto::v1::policy_service_client::PolicyServiceClient;
use proto::v1::{Hello, NodeKind, WatchRequest, watch_request::Message};
use serde_json::json;

use crate::target::{answer, read_token};
use crate::{args, output, serving};

/// Larger than any document that a person writes.
const LARGEST: usize = 64 << 20;

/// Options of `trigate policy snapshot`.
#[derive(Debug, clap::Args)]
pub(crate) struct Snapshot {
    /// URL of the control plane
    #[arg(long, env = "TRIGATE_CONTROL_PLANE", value_name = "URL", default_value = "http://127.0.0.1:10001")]
    control_plane: String,
    /// File with the node token (or TRIGATE_NODE_TOKEN holds the token itself)
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
    /// Name of the gateway in its log
    #[arg(long, value_name = "NAME")]
    node: Option<String>,
    /// For a host that lets heads go before bodies are judged
    #[arg(long)]
    compat: bool,
}

impl Snapshot {
    /// Prints the filter's configuration, as a gateway would be given it now.
    pub(crate) async fn run(self) -> anyhow::Result<()> {
        let token = match &self.token_file {
            Some(file) => read_token(file)?,
            None => args::node_token_from_environment()
                .context("the node token is missing: give --token-file or TRIGATE_NODE_TOKEN")?,
        };
        let hello = Hello {
            kind: NodeKind::Gateway.into(),
            node: serving::node("snapshot"),
            revision: 0,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            takes_key_changes: false,
        };
        let hello = WatchRequest { message: Some(Message::Hello(hello)) };
        let mut client = PolicyServiceClient::new(Transport::remote(&self.control_plane, &token)?)
            .max_decoding_message_size(LARGEST);
        let mut snapshots = answer(client.watch(tokio_stream::once(hello)).await)?;
        let snapshot = snapshots.message().await?.context("the control plane has no policy yet")?;
        let mode = if self.compat { "compat" } else { "strict" };
        let node = self.node.unwrap_or_else(|| serving::node("gateway"));
        let snapshot = STANDARD.encode(snapshot.encode_to_vec());
        Ok(output::line(&json!({ "mode": mode, "node": node, "snapshot": snapshot }).to_string())?)
    }
}
