//! server.json.
