//! Gate 3: MCP and REST server in front of databases.
