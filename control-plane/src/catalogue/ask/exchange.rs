//! One conversation with a server: how a method is called, and how its answer is found among what comes.
//!
//! A modern server is asked `server/discover` and then each list, every request for itself. With a legacy one a session is
//! agreed on first and ended afterwards. The answer may be JSON or one of the events of a stream.

use engine::assertion::{self, Assertion};
use hyper::{
    HeaderMap, Method,
    header::{HeaderName, HeaderValue},
};
use mcp::{
    Frame, Json, Limits, Outcome, Response,
    list::ListKind,
    revision::{self, Era},
    sse::Decoder,
};
use policy::catalogue::offer::Greeting;
use serde_json::{Value, json};
use web::{Answer, Ask, WebError};

use super::{AskError, Showing, Target, is_final};
use crate::{AGENT, instant};

/// Bounds of one message: those that the gate keeps.
const LIMITS: Limits = Limits { bytes: 4 * 1024 * 1024, depth: 120, members: 500_000 };
/// Most bytes of one answer, which may hold events beside the message.
const ANSWER: usize = 2 * LIMITS.bytes;
/// Longest part of a server's own words that is repeated.
const EXCERPT: usize = 200;

/// Longest instructions of a server that are kept, in bytes.
const INSTRUCTIONS: usize = 8 * 1024;

/// The revision offered to a legacy server.
const OFFERED: &str = revision::LEGACY[0];

/// A server under way.
pub(super) struct Peer<'t> {
    target: &'t Target,
    era: Era,
    /// Legacy: the session and the revision it was agreed on.
    session: Option<String>,
    revision: String,
    capabilities: Vec<String>,
    instructions: Option<Box<str>>,
    last_id: u64,
}

/// The result of one call.
pub(super) struct Page {
    method: &'static str,
    message: Vec<u8>,
}

impl Page {
    /// The result's value.
    pub(super) fn json(&self) -> Result<Json<'_>, AskError> {
        match outcome(self.method, &self.message)? {
            Outcome::Result(result) => Ok(result),
            Outcome::Error(error) => Err(refused(self.method, error)),
        }
    }
}

impl<'t> Peer<'t> {
    /// Learns what the server can do: by `server/discover`, or by a legacy handshake.
    pub(super) async fn greet(target: &'t Target, era: Era) -> Result<Self, AskError> {
        let mut peer = Self {
            target,
            era,
            session: None,
            revision: revision::MODERN.to_owned(),
            capabilities: Vec::new(),
            instructions: None,
            last_id: 0,
        };
        if era == Era::Modern {
            let found = peer.call("server/discover", json!({})).await?;
            peer.take_greeting(found.json()?);
            return Ok(peer);
        }
        peer.revision = OFFERED.to_owned();
        let who = json!({ "name": "trigate", "version": env!("CARGO_PKG_VERSION") });
        let hello = json!({ "protocolVersion": OFFERED, "capabilities": {}, "clientInfo": who });
        let greeted = peer.call("initialize", hello).await?;
        let greeted = greeted.json()?;
        if let Some(agreed) = greeted.member("protocolVersion").and_then(Json::as_str) {
            peer.revision = agreed.into_owned();
        }
        peer.take_greeting(greeted);
        let ready = json!({ "jsonrpc": "2.0", "method": "notifications/initialized" });
        peer.post("notifications/initialized", &ready).await?;
        Ok(peer)
    }

    fn take_greeting(&mut self, greeting: Json<'_>) {
        let instructions = greeting.member("instructions").and_then(Json::as_str);
        self.instructions = instructions.filter(|text| text.len() <= INSTRUCTIONS).map(Into::into);
        let capabilities = greeting.member("capabilities").and_then(Json::object);
        let names = capabilities.iter().flat_map(|object| object.iter());
        self.capabilities = names.map(|(name, _)| name.to_owned()).collect();
    }

    /// What the server said of itself.
    pub(super) fn greeting(&self) -> Greeting {
        Greeting {
            revision: self.revision.as_str().into(),
            sessions: self.session.is_some(),
            completions: self.has("completions"),
            instructions: self.instructions.clone(),
        }
    }

    fn has(&self, capability: &str) -> bool {
        self.capabilities.iter().any(|has| has == capability)
    }

    /// Whether the server says that it has lists of this kind. Tools are asked for whatever it says.
    pub(super) fn offers(&self, kind: ListKind) -> bool {
        let capability = match kind {
            ListKind::Tools => return true,
            ListKind::Prompts => "prompts",
            ListKind::Resources | ListKind::ResourceTemplates => "resources",
        };
        self.has(capability)
    }

    /// Calls a method and waits for its result.
    pub(super) async fn call(&mut self, method: &'static str, mut params: Value) -> Result<Page, AskError> {
        self.last_id += 1;
        if self.era == Era::Modern
            && let Some(params) = params.as_object_mut()
        {
            let who = json!({ "name": "trigate", "version": env!("CARGO_PKG_VERSION") });
            let meta = json!({
                revision::VERSION_KEY: self.revision,
                "io.modelcontextprotocol/clientCapabilities": {},
                "io.modelcontextprotocol/clientInfo": who,
            });
            params.insert("_meta".to_owned(), meta);
        }
        let body = json!({ "jsonrpc": "2.0", "id": self.last_id, "method": method, "params": params });
        let answer = self.post(method, &body).await?;
        if let Some(session) = answer.header("mcp-session-id").filter(|_| self.era == Era::Legacy) {
            self.session = Some(session.to_owned());
        }
        let message = self.message(method, answer).await?;
        // An error is the answer as well; the caller sees it when it reads the page.
        if let Outcome::Error(error) = outcome(method, &message)? {
            return Err(refused(method, error));
        }
        Ok(Page { method, message })
    }

    async fn post(&self, method: &str, body: &Value) -> Result<Answer, AskError> {
        let body = body.to_string().into_bytes();
        let mut headers = self.headers(method, &body)?;
        headers.insert("content-type", HeaderValue::from_static("application/json"));
        headers.insert("accept", HeaderValue::from_static("application/json, text/event-stream"));
        if self.era == Era::Modern {
            headers.insert("mcp-method", value(method)?);
        }
        if self.era == Era::Modern || method != "initialize" {
            headers.insert("mcp-protocol-version", value(&self.revision)?);
        }
        let ask = Ask { method: Method::POST, headers, body, agent: AGENT };
        Ok(web::send(&self.target.url, ask, ANSWER).await?)
    }

    fn headers(&self, method: &str, body: &[u8]) -> Result<HeaderMap, AskError> {
        let mut headers = HeaderMap::new();
        match &self.target.credential {
            Showing::Assertion(key) => {
                let signed = assertion::sign(&self.assertion(method, body), key);
                headers.insert(assertion::HEADER, value(&signed)?);
            }
            Showing::Header(name, secret) => {
                let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| WebError::Header)?;
                headers.insert(name, value(secret)?);
            }
            Showing::Missing(reason) => return Err(AskError::Credential(reason.clone())),
            Showing::Nothing => {}
        }
        if let Some(session) = &self.session {
            headers.insert("mcp-session-id", value(session)?);
        }
        Ok(headers)
    }

    /// What a server that trusts the gateway's word is told of who asks: nobody's agent, in no role.
    fn assertion(&self, method: &str, body: &[u8]) -> Assertion {
        let issued = u64::try_from(instant::now().div_euclid(1000)).unwrap_or_default();
        Assertion {
            subject: "trigate-control-plane".to_owned(),
            key_id: String::new(),
            issuer: String::new(),
            role: String::new(),
            claims: policy::Claims::default(),
            decision_id: format!("asked-{:x}-{:x}", instant::now(), self.last_id),
            trace_id: String::new(),
            endpoint: String::new(),
            server: self.target.server.clone(),
            method: method.to_owned(),
            name: String::new(),
            body: assertion::body_digest(body),
            issued,
            expires: issued.saturating_add(assertion::LIFETIME_MS),
        }
    }

    /// The message that answers the last call.
    async fn message(&self, method: &'static str, mut answer: Answer) -> Result<Vec<u8>, AskError> {
        let status = answer.status.as_u16();
        let media = answer.header("content-type").unwrap_or_default().to_ascii_lowercase();
        if is_final(status) {
            let said = if media.starts_with("application/json") { answer.whole().await.ok() } else { None };
            let said = said.and_then(|body| own_words(&body)).unwrap_or_default();
            return Err(AskError::Status { method, status, said });
        }
        if media.starts_with("application/json") {
            return Ok(answer.whole().await?);
        }
        if !answer.status.is_success() || !media.starts_with("text/event-stream") {
            return Err(AskError::Status { method, status, said: String::new() });
        }
        let unreadable = |reason: String| AskError::Unreadable { method, reason };
        let mut events = Decoder::new(LIMITS.bytes);
        while let Some(piece) = answer.piece().await? {
            events.push(&piece).map_err(|error| unreadable(error.to_string()))?;
            while let Some(event) = events.next_event() {
                if let Some(data) = event.data.filter(|data| self.answers(data)) {
                    return Ok(data);
                }
            }
        }
        Err(unreadable("the stream ended before its answer".to_owned()))
    }

    /// Whether a message of a stream is the answer to the last call. What else there is, is not for us.
    fn answers(&self, data: &[u8]) -> bool {
        match Frame::parse(data, &LIMITS) {
            Ok(Frame::Response(response)) => {
                response.id.is_none_or(|id| id.bytes() == self.last_id.to_string().as_bytes())
            }
            Ok(Frame::Request(_) | Frame::Notification(_)) => false,
            // Reading it again says what is wrong with it.
            Err(_) => !data.is_empty(),
        }
    }

    /// Ends a legacy session; whether the server minds is its own affair.
    pub(super) async fn leave(self) {
        if self.session.is_none() {
            return;
        }
        if let Ok(mut headers) = self.headers("DELETE", b"")
            && let Ok(revision) = value(&self.revision)
        {
            headers.insert("mcp-protocol-version", revision);
            let ask = Ask { method: Method::DELETE, headers, body: Vec::new(), agent: AGENT };
            drop(web::send(&self.target.url, ask, ANSWER).await);
        }
    }
}

fn outcome<'m>(method: &'static str, message: &'m [u8]) -> Result<Outcome<'m>, AskError> {
    let unreadable = |reason: String| AskError::Unreadable { method, reason };
    match Frame::parse(message, &LIMITS).map_err(|error| unreadable(error.to_string()))? {
        Frame::Response(response) => Ok(response.outcome),
        Frame::Request(_) | Frame::Notification(_) => Err(unreadable("it is no answer".to_owned())),
    }
}

fn refused(method: &'static str, error: Json<'_>) -> AskError {
    let code = error.member("code").and_then(|code| code.text().parse().ok()).unwrap_or_default();
    AskError::Refused { method, code, message: excerpt(error) }
}

/// What an error says, in part.
fn excerpt(error: Json<'_>) -> String {
    let words = error.member("message").and_then(Json::as_str).unwrap_or_default();
    words.chars().filter(|character| !character.is_control()).take(EXCERPT).collect()
}

/// The words of an error that came with a status, if it is one of JSON-RPC.
fn own_words(body: &[u8]) -> Option<String> {
    let Ok(Frame::Response(Response { outcome: Outcome::Error(error), .. })) = Frame::parse(body, &LIMITS)
    else {
        return None;
    };
    Some(format!(": {}", excerpt(error)))
}

fn value(text: &str) -> Result<HeaderValue, WebError> {
    HeaderValue::from_str(text).map_err(|_| WebError::Header)
}
