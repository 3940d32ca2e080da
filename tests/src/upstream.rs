//! An upstream in this process: it records what arrives, to the byte, and answers as the test scripted it.
//!
//! For what the real fixture server cannot do: odd framing, an answer cut anywhere, an answer that never ends.

use std::io::{BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::wire::{Body, Headers, read_head};

/// Whether a request is the control plane's own, which asks what there is.
pub fn is_curious(headers: &Headers) -> bool {
    headers.get("user-agent").is_some_and(|agent| agent.starts_with("trigate-control-plane/"))
}

/// A request as it arrived.
#[derive(Clone, Debug)]
pub struct Received {
    /// POST, GET, ...
    pub method: String,
    /// The path.
    pub path: String,
    /// Header lines.
    pub headers: Headers,
    /// The body, to the byte.
    pub body: Vec<u8>,
}

impl Received {
    /// The body as JSON; null if it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

/// What the upstream answers: pieces of a body, each after a pause.
#[derive(Clone, Debug)]
pub struct Answer {
    status: u16,
    media_type: String,
    headers: Vec<(String, String)>,
    pieces: Vec<(Duration, Vec<u8>)>,
}

impl Answer {
    /// A JSON body in one piece.
    pub fn json(body: &Value) -> Self {
        Self::bytes("application/json", body.to_string().into_bytes())
    }

    /// Any body in one piece.
    pub fn bytes(media_type: &str, body: Vec<u8>) -> Self {
        Self {
            status: 200,
            media_type: media_type.to_owned(),
            headers: Vec::new(),
            pieces: vec![(Duration::ZERO, body)],
        }
    }

    /// An event stream in pieces, each sent after its pause.
    pub fn stream(pieces: Vec<(Duration, Vec<u8>)>) -> Self {
        Self { status: 200, media_type: "text/event-stream".to_owned(), headers: Vec::new(), pieces }
    }

    /// The same with one more header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The same with another status.
    #[must_use]
    pub fn status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }
}

type Script = dyn Fn(&Received) -> Answer + Send + Sync;

/// A listening upstream. It lives until the test process ends.
#[derive(Clone)]
pub struct Upstream {
    address: SocketAddr,
    received: Arc<Mutex<Vec<Received>>>,
    asked: Arc<AtomicUsize>,
    abandoned: Arc<AtomicUsize>,
}

impl Upstream {
    /// Starts one that answers by this script.
    pub fn start(script: impl Fn(&Received) -> Answer + Send + Sync + 'static) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").context("an upstream's port")?;
        let upstream = Self {
            address: listener.local_addr()?,
            received: Arc::default(),
            asked: Arc::default(),
            abandoned: Arc::default(),
        };
        let (state, script) = (upstream.clone(), Arc::new(script) as Arc<Script>);
        thread::spawn(move || {
            for connection in listener.incoming().flatten() {
                let (state, script) = (state.clone(), Arc::clone(&script));
                // The proxy closes when it likes: an error here is the end of one connection.
                thread::spawn(move || drop(state.serve(connection, script.as_ref())));
            }
        });
        Ok(upstream)
    }

    /// Starts one that answers each request with its own body as the text of a tool's result.
    pub fn echo() -> Result<Self> {
        Self::start(|received| {
            let message = received.json();
            let said = json!([{"type": "text", "text": String::from_utf8_lossy(&received.body)}]);
            let result = json!({"content": said, "resultType": "complete"});
            Answer::json(&json!({"jsonrpc": "2.0", "id": message.get("id"), "result": result}))
        })
    }

    /// Starts one that looks at no header but what HTTP needs: it answers both eras, and one of its tools has arguments
    /// that clients repeat in headers.
    pub fn careless() -> Result<Self> {
        Self::start(|received| {
            let message = received.json();
            let Some(id) = message.get("id") else {
                return Answer::bytes("text/plain", Vec::new()).status(202);
            };
            let method = message.get("method").and_then(Value::as_str).unwrap_or_default();
            let result = match method {
                "initialize" => json!({
                    "protocolVersion": "2025-11-25", "capabilities": {"tools": {}},
                    "serverInfo": {"name": "careless", "version": "1"}
                }),
                "server/discover" => json!({
                    "supportedVersions": ["2026-07-28"], "capabilities": {"tools": {}},
                    "serverInfo": {"name": "careless", "version": "1"},
                    "ttlMs": 0, "cacheScope": "private", "resultType": "complete"
                }),
                "tools/list" => json!({
                    "tools": [{"name": "query", "inputSchema": {"type": "object", "properties": {
                        "region": {"type": "string", "x-mcp-header": "Region"},
                        "limit": {"type": "integer", "x-mcp-header": "Limit"}
                    }}}],
                    "ttlMs": 0, "cacheScope": "private", "resultType": "complete"
                }),
                "tools/call" => {
                    json!({"content": [{"type": "text", "text": "done"}], "resultType": "complete"})
                }
                _ => {
                    let error = json!({"code": -32601, "message": "no such method"});
                    return Answer::json(&json!({"jsonrpc": "2.0", "id": id, "error": error}));
                }
            };
            Answer::json(&json!({"jsonrpc": "2.0", "id": id, "result": result}))
        })
    }

    /// Its MCP endpoint.
    pub fn url(&self) -> String {
        format!("http://{}/mcp", self.address)
    }

    /// How often the control plane has asked what there is; the script answers it as it does agents.
    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    /// What has arrived so far of agents.
    pub fn received(&self) -> Vec<Received> {
        self.received.lock().map(|all| all.clone()).unwrap_or_default()
    }

    /// Answers that nobody waited for to the end.
    pub fn abandoned(&self) -> usize {
        self.abandoned.load(Ordering::SeqCst)
    }

    /// Forgets what has arrived.
    pub fn forget(&self) {
        if let Ok(mut all) = self.received.lock() {
            all.clear();
        }
    }

    fn serve(&self, connection: TcpStream, script: &Script) -> Result<()> {
        let mut writer = connection.try_clone()?;
        connection.set_nodelay(true)?;
        let mut reader = BufReader::new(connection);
        while let Some((line, headers)) = read_head(&mut reader)? {
            let mut words = line.split(' ').map(str::to_owned);
            let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
            let mut body = Body::of_request(reader, &headers)?;
            let request = Received { method, path, headers, body: body.rest()? };
            reader = body.into_connection();
            let answer = script(&request);
            if is_curious(&request.headers) {
                self.asked.fetch_add(1, Ordering::SeqCst);
            } else if let Ok(mut all) = self.received.lock() {
                all.push(request);
            }
            if let Err(error) = write(&mut writer, &answer) {
                self.abandoned.fetch_add(1, Ordering::SeqCst);
                return Err(error);
            }
        }
        Ok(())
    }
}

fn write(to: &mut TcpStream, answer: &Answer) -> Result<()> {
    let more: String = answer.headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let head = format!(
        "HTTP/1.1 {} Scripted\r\nContent-Type: {}\r\n{more}Transfer-Encoding: chunked\r\n\r\n",
        answer.status, answer.media_type
    );
    to.write_all(head.as_bytes())?;
    for (pause, bytes) in &answer.pieces {
        // The script asks for this pause: it is what the test measures.
        thread::sleep(*pause);
        if !bytes.is_empty() {
            to.write_all(format!("{:x}\r\n", bytes.len()).as_bytes())?;
            to.write_all(bytes)?;
            to.write_all(b"\r\n")?;
        }
    }
    to.write_all(b"0\r\n\r\n")?;
    Ok(())
}
