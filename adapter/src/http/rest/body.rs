//! The body of a REST call: strict JSON within the policy's bounds, read only after the caller is known.

use std::time::Duration;

use axum::body::to_bytes;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use mcp::{Json, Limits};
use policy::ruleset::DEFAULT_MAX_DEPTH;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::gate::Gate;
use crate::http::{max_body, reply};

/// How long a known caller may take to send a body.
const TIME: Duration = Duration::from_secs(30);

/// A body; empty for verbs that have none.
pub(super) struct Body {
    bytes: Bytes,
    depth: usize,
}

/// Values by the names of their columns.
pub(super) type Row = Map<String, Value>;

/// The forms rows come in.
#[derive(Deserialize)]
#[serde(untagged)]
enum Rows {
    Enveloped(Enveloped),
    Many(Vec<Row>),
    One(Row),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Enveloped {
    resource: Vec<Row>,
}

/// One statement as text.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SqlText {
    pub(super) sql: String,
    #[serde(default)]
    pub(super) params: Vec<Value>,
    #[serde(default)]
    pub(super) dry_run: bool,
}

impl Body {
    /// Reads it.
    ///
    /// # Errors
    /// It is too large or too slow; the reply says so.
    pub(super) async fn read(gate: &Gate, method: &Method, body: axum::body::Body) -> Result<Self, Response> {
        let depth =
            gate.revision().map_or(DEFAULT_MAX_DEPTH, |revision| revision.rules().gateway().max_depth);
        if !matches!(*method, Method::POST | Method::PUT | Method::PATCH) {
            return Ok(Self { bytes: Bytes::new(), depth });
        }
        let limit = max_body(gate);
        match tokio::time::timeout(TIME, to_bytes(body, limit)).await {
            Ok(Ok(bytes)) => Ok(Self { bytes, depth }),
            Ok(Err(_)) => Err(reply::too_large_rest(limit)),
            Err(_) => Err(StatusCode::REQUEST_TIMEOUT.into_response()),
        }
    }

    /// Body and query string as one JSON document, for the audit.
    pub(super) fn beside(&self, query: &str) -> Vec<u8> {
        let mut json = Vec::with_capacity(self.bytes.len() + query.len() + 32);
        if self.bytes.is_empty() {
            mcp::write_string(&mut json, query);
            return json;
        }
        json.extend_from_slice(b"{\"query\":");
        mcp::write_string(&mut json, query);
        json.extend_from_slice(b",\"body\":");
        match self.strict() {
            Ok(()) => json.extend_from_slice(&self.bytes),
            Err(_) => mcp::write_string(&mut json, &String::from_utf8_lossy(&self.bytes)),
        }
        json.push(b'}');
        json
    }

    /// A key that comes twice would be one value here and another elsewhere.
    fn strict(&self) -> Result<(), String> {
        let limits = Limits { bytes: self.bytes.len(), depth: self.depth, ..Limits::default() };
        Json::parse(&self.bytes, &limits).map(drop).map_err(|error| format!("the body: {error}"))
    }

    fn json<T: DeserializeOwned>(&self, expected: &str) -> Result<T, String> {
        self.strict()?;
        serde_json::from_slice(&self.bytes).map_err(|_| format!("the body: expected {expected}"))
    }

    /// New rows.
    pub(super) fn rows(&self) -> Result<Vec<Row>, String> {
        let rows = self.json("an object, an array of objects, or `{\"resource\": [...]}`")?;
        Ok(match rows {
            Rows::Enveloped(Enveloped { resource }) => resource,
            Rows::Many(rows) => rows,
            Rows::One(row) => vec![row],
        })
    }

    /// The columns to set.
    pub(super) fn row(&self) -> Result<Row, String> {
        let mut rows = self.rows()?;
        match (rows.pop(), rows.is_empty()) {
            (Some(row), true) => Ok(row),
            _ => Err("the body: expected one object with the columns to set".to_owned()),
        }
    }

    /// One statement.
    pub(super) fn sql(&self) -> Result<SqlText, String> {
        self.json("`{\"sql\": \"...\", \"params\": [...]}`")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(text: &str) -> Body {
        Body { bytes: Bytes::copy_from_slice(text.as_bytes()), depth: 16 }
    }

    #[track_caller]
    fn check(text: &str, expected: usize) {
        assert_eq!(body(text).rows().unwrap().len(), expected, "{text}");
    }

    #[test]
    fn rows_come_in_three_forms() {
        check(r#"{"resource":[{"a":1},{"a":2}]}"#, 2);
        check(r#"[{"a":1},{"a":2}]"#, 2);
        check(r#"{"a":1}"#, 1);
        // A column may have the envelope's name.
        check(r#"{"resource":"oak"}"#, 1);
    }

    #[test]
    fn what_readers_could_take_differently_is_refused() {
        for text in ["", "{", r#"{"a":1,"a":2}"#, "[1]", "7"] {
            assert!(body(text).rows().is_err(), "{text}");
        }
        assert!(body(r#"[{"a":1},{"a":2}]"#).row().is_err());
        assert!(body(r#"{"sql":"SELECT 1","parms":[]}"#).sql().is_err());
    }
}
