//! An endpoint, ready to be matched: its path, what stands behind it, how strict it is.

use crate::document::HeaderAgreement;

/// A path that agents connect to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// The path, such as `/shop/mcp`.
    pub path: String,
    /// The server or database behind it.
    pub server: String,
    /// Which of the two it is.
    pub kind: ServerKind,
    /// What becomes of a modern request whose headers do not repeat its body.
    pub headers: HeaderAgreement,
}

/// What stands behind an endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServerKind {
    /// A database, served by the adapter.
    Database,
    /// Somebody's MCP server.
    Upstream,
}
