//! A gateway in small: the corpus's policy and frames, and whole exchanges from them, their bodies cut where one likes.
//!
//! The fuzzer uses it too, on frames that it has made of these.

use std::rc::Rc;

use engine::{
    DecisionId, Effect, Event, Exchange, Gauge, Head, Moment, Revision, ServerSecret, SnapshotParts, Step,
};

/// The document of the corpus.
pub(crate) const POLICY: &str = include_str!("../corpus/policy.yaml");
/// The key of the role with rules.
pub(crate) const AGENT: &str = "tg_agentaaaaaaa_agentaaaaaaaagentaaaaaaaagentaaaaaaaagentaaaaaaaagen";
/// The key of the role that may do everything.
pub(crate) const WHOLLY: &str = "tg_whollyaaaaaa_whollyaaaaaawhollyaaaaaawhollyaaaaaawhollyaaaaaawhol";

const VERSION: &str = "io.modelcontextprotocol/protocolVersion";

/// Bodies of requests, one for each method of both eras and some of the hostile kind.
pub(crate) fn requests() -> Vec<&'static str> {
    include_str!("../corpus/requests.jsonl").lines().collect()
}

/// Messages that servers answer with.
pub(crate) fn answers() -> Vec<&'static str> {
    include_str!("../corpus/answers.jsonl").lines().collect()
}

/// The rules of the corpus, in force.
pub(crate) fn moment() -> Moment {
    let document = policy::parse(POLICY).expect("the corpus's policy is read").document;
    let (document, conditions) = (document.to_json(), policy::Conditions::parse(&document).to_json());
    let secret = |server: &str, credential: Option<&str>| ServerSecret {
        server: server.to_owned(),
        credential: credential.map(|value| ("authorization".to_owned(), value.to_owned())),
        assertion_key: b"0123456789abcdef0123456789abcdef".to_vec(),
    };
    let parts = SnapshotParts {
        revision: 1,
        digest: &blake3::hash(&document).to_hex(),
        document: &document,
        conditions: &conditions,
        secrets: vec![secret("s", Some("Bearer upstream")), secret("shop", None)],
        session_keys: vec![vec![7; 32]],
        ..SnapshotParts::default()
    };
    let revision = Revision::from_snapshot(parts).expect("the corpus's policy compiles");
    Moment { now_ms: 1_780_000_000_000, revision: Some(Rc::new(revision)), audit: Gauge::Open }
}

/// A head of these pairs.
pub(crate) fn head(pairs: &[(&str, &str)]) -> Head {
    let headers = pairs.iter().map(|(name, value)| ((*name).to_owned(), value.as_bytes().to_vec())).collect();
    Head { headers, ..Head::default() }
}

/// The head a client of the body's era sends with it.
pub(crate) fn head_of(path: &str, key: &str, body: &[u8]) -> Head {
    let message: serde_json::Value = serde_json::from_slice(body).unwrap_or_default();
    let (bearer, params) = (format!("Bearer {key}"), message.get("params"));
    let mut pairs = vec![
        (":method", "POST"),
        (":path", path),
        (":authority", "gw"),
        ("content-type", "application/json"),
        ("accept", "application/json, text/event-stream"),
        ("authorization", &bearer),
    ];
    let text = |value: Option<&serde_json::Value>| value.and_then(|value| value.as_str()).map(str::to_owned);
    let version = text(params.and_then(|params| params.get("_meta")?.get(VERSION)));
    let method = text(message.get("method"));
    let named = ["name", "uri", "taskId"].iter().find_map(|member| text(params?.get(*member)));
    let named = named.map(|name| encoded(&name));
    if let (Some(version), Some(method)) = (&version, &method) {
        pairs.extend([("mcp-protocol-version", version.as_str()), ("mcp-method", method)]);
        pairs.extend(named.as_deref().map(|name| ("mcp-name", name)));
    }
    head(&pairs)
}

/// As a header carries it.
fn encoded(name: &str) -> String {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let plain = name.bytes().all(|byte| (b' '..=b'~').contains(&byte)) && !name.starts_with("=?");
    if plain { name.to_owned() } else { format!("=?base64?{}?=", STANDARD.encode(name)) }
}

/// What became of one exchange, in a form that can be compared.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Seen {
    /// The forward with its changes of the head, or the refusal.
    pub(crate) request: String,
    /// Whether the upstream got the request.
    pub(crate) forwarded: bool,
    /// What was done to the answer's head.
    pub(crate) answer_head: String,
    /// What the client got of the answer.
    pub(crate) answer: Vec<u8>,
    /// The answer was broken off.
    pub(crate) cut: bool,
    /// What was recorded.
    pub(crate) records: Vec<String>,
}

/// Runs exchanges under one policy.
pub(crate) struct Scene {
    /// Policy and time.
    pub(crate) moment: Moment,
}

/// An answer's head and its pieces.
pub(crate) struct Answer<'a> {
    /// Status and media type.
    pub(crate) head: &'a Head,
    /// The body.
    pub(crate) pieces: Vec<&'a [u8]>,
    /// Whether the end comes with the last piece, or after it.
    pub(crate) end_apart: bool,
}

impl Scene {
    /// Under the corpus's policy.
    pub(crate) fn new() -> Self {
        Self { moment: moment() }
    }

    /// A whole exchange: the request's body arrives up to each of `sizes`, then whole; then the answer, if there is one.
    pub(crate) fn run(&self, head: &Head, body: &[u8], sizes: &[usize], answer: Option<&Answer<'_>>) -> Seen {
        let mut exchange = Exchange::new(DecisionId::new(1_780_000_000_000, 7));
        let mut seen = Seen::default();
        let mut effect = self.tell(&mut exchange, &Event::RequestHead(head), &mut seen);
        for size in sizes {
            if matches!(effect, Effect::Hold) {
                effect = self.tell(&mut exchange, &Event::RequestGrew(*size), &mut seen);
            }
        }
        if matches!(effect, Effect::Hold) {
            effect = self.tell(&mut exchange, &Event::RequestBody(body), &mut seen);
        }
        match effect {
            Effect::Forward(forward) => {
                seen.forwarded = true;
                seen.request = format!("{:?}", forward.headers);
                if let Some(answer) = answer {
                    self.answer(&mut exchange, answer, &mut seen);
                }
            }
            other => seen.request = format!("{other:?}"),
        }
        seen
    }

    fn answer(&self, exchange: &mut Exchange, answer: &Answer<'_>, seen: &mut Seen) {
        if exchange.reads_answer() {
            match self.tell(exchange, &Event::ResponseHead(answer.head), seen) {
                Effect::Pass => {}
                Effect::ResponseHead(edits) => seen.answer_head = format!("{edits:?}"),
                other => {
                    seen.answer_head = format!("{other:?}");
                    return;
                }
            }
        }
        let end: &[u8] = b"";
        let mut pieces = answer.pieces.clone();
        if answer.end_apart || pieces.is_empty() {
            pieces.push(end);
        }
        let count = pieces.len();
        for (number, piece) in pieces.into_iter().enumerate() {
            // A piece that nobody reads is reported as empty, as the shell does.
            let bytes = if exchange.reads_answer() { piece } else { end };
            let event = Event::ResponseChunk { bytes, last: number + 1 == count };
            match self.tell(exchange, &event, seen) {
                Effect::Pass => seen.answer.extend_from_slice(piece),
                Effect::Replace(bytes) => seen.answer.extend(bytes),
                Effect::Cut => {
                    seen.cut = true;
                    return;
                }
                other => panic!("a piece of an answer leads to {other:?}"),
            }
        }
    }

    fn tell(&self, exchange: &mut Exchange, event: &Event<'_>, seen: &mut Seen) -> Effect {
        let Step { effect, record, withheld } = exchange.handle(event, &self.moment);
        seen.records.extend(record.into_iter().chain(withheld).map(|record| format!("{record:?}")));
        effect
    }
}

/// The message as a stream of events, among what else streams carry: a priming event, a comment, a later notification.
pub(crate) fn stream_of(message: &str, ending: &str) -> Vec<u8> {
    let lines = [
        "id: 0/0",
        "retry: 3000",
        "data:",
        "",
        ": keep-alive",
        "",
        "event: message",
        &format!("data: {message}"),
        "id: 1",
        "",
        "data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",",
        "data:\"params\":{\"progressToken\":7,\"progress\":1}}",
        "",
        "",
    ];
    lines.join(ending).into_bytes()
}
