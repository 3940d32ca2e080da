//! An agent: it speaks MCP as a client of either era does, and lets a test bend each request.

use anyhow::{Context, Result, ensure};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use crate::http::{Open, Request, Response, Url};

/// The revision modern requests name.
pub const MODERN: &str = "2026-07-28";
/// The revision legacy sessions name.
pub const LEGACY: &str = "2025-11-25";

/// A client of one endpoint.
#[derive(Clone, Debug)]
pub struct Agent {
    /// The endpoint.
    pub url: Url,
    key: Option<String>,
    session: Option<String>,
}

impl Agent {
    /// An agent of the modern era, with its key if it has one.
    pub fn modern(url: &str, key: Option<&str>) -> Result<Self> {
        Ok(Self { url: Url::parse(url)?, key: key.map(str::to_owned), session: None })
    }

    /// An agent that has opened a legacy session.
    pub fn legacy(url: &str, key: Option<&str>) -> Result<Self> {
        let mut agent = Self::modern(url, key)?;
        let params = json!({
            "protocolVersion": LEGACY, "capabilities": {}, "clientInfo": {"name": "tests", "version": "1"}
        });
        let body = json!({"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": params});
        let response = agent.post(body.to_string()).send(&agent.url)?;
        ensure!(response.status == 200, "initialize got {}: {}", response.status, response.text());
        // A server without sessions gives no id; header-less requests are legacy all the same.
        agent.session = Some(response.headers.get("mcp-session-id").unwrap_or_default().to_owned());
        let ready = json!({"jsonrpc": "2.0", "method": "notifications/initialized"});
        let response = agent.post(ready.to_string()).send(&agent.url)?;
        ensure!(
            response.status == 202,
            "notifications/initialized got {}: {}",
            response.status,
            response.text()
        );
        Ok(agent)
    }

    /// The session's id, as the client holds it; none for a modern agent, empty where the server began none.
    pub fn session(&self) -> Option<&str> {
        self.session.as_deref()
    }

    /// The same agent with another session's id.
    #[must_use]
    pub fn in_session(&self, id: &str) -> Self {
        Self { session: Some(id.to_owned()), ..self.clone() }
    }

    /// A POST with the agent's headers and this body, to the byte.
    pub fn post(&self, body: impl Into<Vec<u8>>) -> Request {
        self.with_identity(
            Request::new("POST", body)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json, text/event-stream"),
        )
    }

    /// Adds key and session.
    pub fn with_identity(&self, mut request: Request) -> Request {
        if let Some(key) = &self.key {
            request = request.header("Authorization", &format!("Bearer {key}"));
        }
        if let Some(session) = self.session.as_deref() {
            request = request.header("MCP-Protocol-Version", LEGACY);
            if !session.is_empty() {
                request = request.header("Mcp-Session-Id", session);
            }
        }
        request
    }

    /// The request for a method, as this agent's era writes it.
    pub fn request(&self, method: &str, params: Value) -> Request {
        let body = self.body(method, params.clone()).to_string();
        let request = self.post(body);
        if self.session.is_some() {
            return request;
        }
        let named =
            ["name", "uri", "taskId"].iter().find_map(|member| params.get(*member)).and_then(Value::as_str);
        modern_headers(request, method, named)
    }

    /// The body of that request.
    pub fn body(&self, method: &str, mut params: Value) -> Value {
        if self.session.is_none()
            && let Some(params) = params.as_object_mut()
        {
            let meta = params.entry("_meta").or_insert_with(|| json!({}));
            if let Some(meta) = meta.as_object_mut() {
                meta.insert("io.modelcontextprotocol/protocolVersion".to_owned(), json!(MODERN));
                meta.insert("io.modelcontextprotocol/clientCapabilities".to_owned(), json!({}));
            }
        }
        json!({"jsonrpc": "2.0", "id": 7, "method": method, "params": params})
    }

    /// Sends a method and reads the response.
    pub fn send(&self, method: &str, params: Value) -> Result<Response> {
        self.request(method, params).send(&self.url)
    }

    /// Sends a method and leaves the response open.
    pub fn open(&self, method: &str, params: Value) -> Result<Open> {
        self.request(method, params).open(&self.url)
    }

    /// Sends a method and reads the message that answers it.
    pub fn ask(&self, method: &str, params: Value) -> Result<Value> {
        self.send(method, params)?.message()
    }

    /// Calls a tool.
    pub fn call(&self, tool: &str, arguments: Value) -> Result<Value> {
        self.ask("tools/call", json!({"name": tool, "arguments": arguments}))
    }

    /// Calls a tool and takes the result, or fails with the error that came instead.
    pub fn result(&self, tool: &str, arguments: Value) -> Result<Value> {
        let message = self.call(tool, arguments)?;
        message.get("result").cloned().with_context(|| format!("`{tool}` got {message}"))
    }
}

/// The headers that mirror a modern request's body.
pub fn modern_headers(request: Request, method: &str, named: Option<&str>) -> Request {
    let request = request.header("MCP-Protocol-Version", MODERN).header("Mcp-Method", method);
    match named {
        Some(name) if name.bytes().all(|byte| byte.is_ascii_graphic()) => request.header("Mcp-Name", name),
        // What does not fit into a header is encoded (Streamable HTTP of 2026-07-28, "value encoding").
        Some(name) => request.header("Mcp-Name", &format!("=?base64?{}?=", STANDARD.encode(name))),
        None => request,
    }
}

/// The code of the error in a message.
pub fn error_code(message: &Value) -> Option<i64> {
    message.pointer("/error/code").and_then(Value::as_i64)
}
