//! Single requests, to know that each variant does what it is there for before its speed means anything.

use std::io::Write;
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::ensure;
use serde_json::Value;

use crate::http::{Inbox, Message};

/// An answer, read.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: String,
}

impl Answer {
    /// The body as JSON; null where it is none.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_default()
    }

    /// Whether it is a JSON-RPC result.
    pub(crate) fn is_result(&self) -> bool {
        self.status == 200 && self.json().get("result").is_some()
    }
}

/// Posts one MCP message.
pub(crate) fn post(target: SocketAddr, path: &str, key: Option<&str>, body: &str) -> anyhow::Result<Answer> {
    let authorization = key.map(|key| format!("authorization: Bearer {key}\r\n")).unwrap_or_default();
    send(
        target,
        &format!(
            "POST {path} HTTP/1.1\r\nhost: {target}\r\ncontent-type: application/json\r\naccept: application/json, text/event-stream\r\nmcp-protocol-version: 2025-11-25\r\n{authorization}content-length: {}\r\n\r\n{body}",
            body.len()
        ),
    )
}

/// Gets one page.
pub(crate) fn get(target: SocketAddr, path: &str) -> anyhow::Result<Answer> {
    send(target, &format!("GET {path} HTTP/1.1\r\nhost: {target}\r\n\r\n"))
}

fn send(target: SocketAddr, request: &str) -> anyhow::Result<Answer> {
    let mut stream = TcpStream::connect(target)?;
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    stream.write_all(request.as_bytes())?;
    let mut inbox = Inbox::default();
    loop {
        ensure!(inbox.fill(&mut stream)? > 0, "the server closed the connection before it had answered");
        if let Some(message) = Message::parse(inbox.bytes())? {
            let body = String::from_utf8_lossy(&message.body).into_owned();
            return Ok(Answer { status: message.status().unwrap_or(0), body });
        }
    }
}
