//! An HTTP client that sends exactly what it is told, on a fresh connection each time.
//!
//! A fresh connection per request is what makes every Envoy worker take part.

use std::io::{BufReader, Write};
use std::net::TcpStream;
use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use serde_json::Value;

use crate::sse::Events;
use crate::wire::{Body, Headers, read_head};

const PATIENCE: Duration = Duration::from_secs(30);

/// An `http://host:port/path` address.
#[derive(Clone, Debug)]
pub struct Url {
    /// Host and port, as in the `Host` header.
    pub authority: String,
    /// Path and query.
    pub path: String,
}

impl Url {
    /// Reads an address.
    pub fn parse(text: &str) -> Result<Self> {
        let rest = text.strip_prefix("http://").with_context(|| format!("`{text}` is no http:// address"))?;
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        Ok(Self { authority: authority.to_owned(), path: format!("/{path}") })
    }
}

/// A request. Headers are sent as they are, beside `Host`, `Content-Length` and `Connection: close`.
#[derive(Clone, Debug)]
pub struct Request {
    /// POST, GET, ...
    pub method: String,
    /// Header lines.
    pub headers: Headers,
    /// The body, to the byte.
    pub body: Vec<u8>,
}

impl Request {
    /// A request without headers.
    pub fn new(method: &str, body: impl Into<Vec<u8>>) -> Self {
        Self { method: method.to_owned(), headers: Headers::default(), body: body.into() }
    }

    /// Adds a header line, even if there is one of that name.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.0.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Takes all header lines of that name away.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.headers.0.retain(|(given, _)| !given.eq_ignore_ascii_case(name));
        self
    }

    /// Sends it and reads the head of the response; the body is still to come.
    pub fn open(&self, url: &Url) -> Result<Open> {
        let mut head = format!("{} {} HTTP/1.1\r\n", self.method, url.path);
        if self.headers.get("host").is_none() {
            head.push_str(&format!("Host: {}\r\n", url.authority));
        }
        for (name, value) in &self.headers.0 {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        if self.headers.get("transfer-encoding").is_none() && (self.method == "POST" || !self.body.is_empty())
        {
            head.push_str(&format!("Content-Length: {}\r\n", self.body.len()));
        }
        head.push_str("Connection: close\r\n\r\n");

        let mut connection = TcpStream::connect(&url.authority)
            .with_context(|| format!("connecting to `{}`", url.authority))?;
        connection.set_read_timeout(Some(PATIENCE))?;
        connection.set_nodelay(true)?;
        connection.write_all(head.as_bytes())?;
        // A server that refuses early closes while we still write: its answer is what counts.
        let _ = connection.write_all(&self.body);
        Open::read(BufReader::new(connection))
    }

    /// Sends it and reads the whole response.
    pub fn send(&self, url: &Url) -> Result<Response> {
        self.open(url)?.whole()
    }
}

/// A response whose body is still coming.
#[derive(Debug)]
pub struct Open {
    /// The status code.
    pub status: u16,
    /// The headers.
    pub headers: Headers,
    /// The body.
    pub body: Body,
}

impl Open {
    fn read(mut from: BufReader<TcpStream>) -> Result<Self> {
        let (line, headers) = read_head(&mut from)?.context("the server closed without a response")?;
        let status = line
            .split(' ')
            .nth(1)
            .and_then(|code| code.parse().ok())
            .ok_or_else(|| anyhow!("`{line}` is no status line"))?;
        let body = Body::of_response(from, status, &headers)?;
        Ok(Self { status, headers, body })
    }

    /// Reads the rest.
    pub fn whole(mut self) -> Result<Response> {
        let body = self.body.rest()?;
        Ok(Response { status: self.status, headers: self.headers, body })
    }

    /// Reads the body as events.
    pub fn events(self) -> Events {
        Events::new(self.body)
    }
}

/// A whole response.
#[derive(Clone, Debug)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// The headers.
    pub headers: Headers,
    /// The body.
    pub body: Vec<u8>,
}

impl Response {
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The JSON-RPC message: the body itself, or the response among its events.
    pub fn message(&self) -> Result<Value> {
        if self.headers.media_type() != "text/event-stream" {
            return serde_json::from_slice(&self.body)
                .with_context(|| format!("status {}, body `{}` is not JSON", self.status, self.text()));
        }
        let text = self.text().replace("\r\n", "\n");
        text.lines()
            .filter_map(|line| line.strip_prefix("data:"))
            .filter_map(|data| serde_json::from_str::<Value>(data.trim()).ok())
            .find(|message| message.get("result").is_some() || message.get("error").is_some())
            .with_context(|| format!("no response among the events `{text}`"))
    }
}
