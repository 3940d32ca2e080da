//! JSON-RPC and MCP as values: strict parser, event-stream codec, revisions, limits, faults.
