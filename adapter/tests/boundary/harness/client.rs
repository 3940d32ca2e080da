//! HTTP as bytes: one connection per request, nothing added but what the request says.

use std::fmt::Write as _;

use engine::assertion::{Assertion, LIFETIME_MS, body_digest};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A request.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) method: &'static str,
    pub(crate) path: String,
    pub(crate) host: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

/// A reply.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

/// The `_meta` of a modern request.
const META: &str = r#""_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}"#;

impl Request {
    /// A GET.
    pub(crate) fn get(path: &str) -> Self {
        Self {
            method: "GET",
            path: path.into(),
            host: "localhost".into(),
            headers: Vec::new(),
            body: String::new(),
        }
    }

    /// A POST of JSON to the MCP endpoint of `shop`.
    pub(crate) fn post(body: &str) -> Self {
        let headers =
            [("content-type", "application/json"), ("accept", "application/json, text/event-stream")];
        let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        Self {
            method: "POST",
            path: "/shop/mcp".into(),
            host: "localhost".into(),
            headers,
            body: body.into(),
        }
    }

    /// A modern request with the headers that mirror it. `params` is what stands beside `_meta`.
    pub(crate) fn modern(method: &str, params: &str) -> Self {
        let comma = if params.is_empty() { "" } else { "," };
        Self::post(&format!(
            r#"{{"jsonrpc":"2.0","id":7,"method":"{method}","params":{{{params}{comma}{META}}}}}"#
        ))
        .header("mcp-protocol-version", "2026-07-28")
        .header("mcp-method", method)
    }

    /// A modern call of a tool.
    pub(crate) fn tool(name: &str, arguments: &str) -> Self {
        Self::modern("tools/call", &format!(r#""name":"{name}","arguments":{arguments}"#))
            .header("mcp-name", name)
    }

    /// A request of the 2025-06-18 protocol.
    pub(crate) fn legacy(method: &str, params: &str) -> Self {
        Self::post(&format!(r#"{{"jsonrpc":"2.0","id":"a","method":"{method}","params":{{{params}}}}}"#))
            .header("mcp-protocol-version", "2025-06-18")
    }

    /// A call of a REST path, with or without a body.
    pub(crate) fn rest(method: &'static str, path: &str, body: &str) -> Self {
        let request = Self { method, body: body.into(), ..Self::get(path) };
        if body.is_empty() { request } else { request.header("content-type", "application/json") }
    }

    pub(crate) fn path(mut self, path: &str) -> Self {
        self.path = path.into();
        self
    }

    pub(crate) fn host(mut self, host: &str) -> Self {
        self.host = host.into();
        self
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// With the key of a role.
    pub(crate) fn key(self, role: &str) -> Self {
        let key = super::key(role);
        self.header("authorization", &format!("Bearer {}", key.as_str()))
    }

    /// With the gateway's assertion of a role, changed as a test wants it.
    pub(crate) fn asserted(self, role: &str, change: impl FnOnce(&mut Assertion)) -> Self {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_millis();
        let now = u64::try_from(now).unwrap();
        let mut assertion = Assertion {
            subject: "agent".into(),
            key_id: "k7f3q2m5x4aa".into(),
            issuer: String::new(),
            role: role.into(),
            claims: policy::Claims::default(),
            decision_id: format!("{:?}", std::time::Instant::now()),
            trace_id: "0af7651916cd43dd8448eb211c80319c".into(),
            endpoint: "/shop/mcp".into(),
            server: "shop".into(),
            method: "tools/call".into(),
            name: "query".into(),
            body: body_digest(self.body.as_bytes()),
            issued: now,
            expires: now + LIFETIME_MS,
        };
        change(&mut assertion);
        let signed = engine::assertion::sign(&assertion, super::ASSERTION_KEY);
        self.header(engine::assertion::HEADER, &signed)
    }
}

impl Reply {
    /// The body as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {} {}", self.head, self.body))
    }
}

/// A reply that is still coming.
pub(crate) struct Stream {
    stream: TcpStream,
    seen: Vec<u8>,
}

impl Stream {
    /// Reads until the reply contains a text.
    pub(crate) async fn until(&mut self, text: &str) -> String {
        let mut piece = [0; 4096];
        loop {
            let seen = String::from_utf8_lossy(&self.seen).into_owned();
            if seen.contains(text) {
                return seen;
            }
            let read = self.stream.read(&mut piece).await.unwrap();
            assert!(read > 0, "the reply ended without `{text}`: {seen}");
            self.seen.extend_from_slice(&piece[..read]);
        }
    }
}

/// Sends one request, whose reply may take its time.
pub(crate) async fn open(address: &str, request: Request) -> Stream {
    Stream { stream: sent(address, request).await, seen: Vec::new() }
}

/// Sends one request and reads the whole reply.
pub(crate) async fn send(address: &str, request: Request) -> Reply {
    let mut stream = sent(address, request).await;
    let mut raw = Vec::new();
    stream.read_to_end(&mut raw).await.unwrap();
    let raw = String::from_utf8(raw).unwrap();
    let (head, body) = raw.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    let chunked = head.to_ascii_lowercase().contains("transfer-encoding: chunked");
    Reply {
        status,
        head: head.to_ascii_lowercase(),
        body: if chunked { unchunked(body) } else { body.into() },
    }
}

async fn sent(address: &str, request: Request) -> TcpStream {
    let mut head = format!(
        "{} {} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n",
        request.method, request.path, request.host
    );
    for (name, value) in &request.headers {
        write!(head, "{name}: {value}\r\n").unwrap();
    }
    if !request.body.is_empty() || request.method == "POST" {
        write!(head, "content-length: {}\r\n", request.body.len()).unwrap();
    }
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(format!("{head}\r\n{}", request.body).as_bytes()).await.unwrap();
    stream
}

fn unchunked(mut body: &str) -> String {
    let mut whole = String::new();
    while let Some((size, rest)) = body.split_once("\r\n") {
        let size = usize::from_str_radix(size, 16).unwrap();
        whole.push_str(&rest[..size]);
        body = &rest[size + 2..];
    }
    whole
}
