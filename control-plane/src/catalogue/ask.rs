//! Asks one MCP server what it offers: every page of every list, in the era it speaks.
//!
//! Answers are read by the strict parser of `mcp`, and definitions are kept as the server wrote them: their digests have to
//! be those of what passes the gate. Sizes, pages and time are bounded; what the server asks or tells beside the answer is
//! not heard.

mod exchange;

use std::{collections::BTreeSet, time::Duration};

use mcp::{Json, list::ListKind, revision::Era};
use policy::catalogue::offer::Greeting;
use serde_json::json;
use tokio::time::timeout;

use self::exchange::Peer;
use web::WebError;

/// How long a server may take to tell everything.
const PATIENCE: Duration = Duration::from_secs(30);
/// Most pages of one list.
const PAGES: usize = 200;
/// Most items of one list.
const ITEMS: usize = 10_000;
/// Most bytes of all definitions of one list.
const BYTES: usize = 16 * 1024 * 1024;

/// JSON-RPC's word for a method that the server does not have.
const METHOD_NOT_FOUND: i64 = -32601;

/// Whom to ask, and as whom.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Target {
    pub(crate) server: String,
    /// What its offer is kept under.
    pub(crate) identity: String,
    pub(crate) url: String,
    pub(crate) credential: Showing,
}

/// The credential that a server is shown.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Showing {
    /// An assertion about the control plane itself, signed with this key.
    Assertion(Vec<u8>),
    /// A header, by name and value.
    Header(String, String),
    /// One that cannot be had, for this reason.
    Missing(String),
    /// None.
    Nothing,
}

/// What a server offers: definitions as it wrote them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Offer {
    pub(crate) era: Era,
    pub(crate) greeting: Greeting,
    pub(crate) tools: Vec<String>,
    pub(crate) prompts: Vec<String>,
    pub(crate) resources: Vec<String>,
    pub(crate) templates: Vec<String>,
}

/// Why a server's offer is not known.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum AskError {
    #[error("{0}")]
    Credential(String),
    #[error("{0}")]
    Web(#[from] WebError),
    #[error("it did not answer `{0}` within {seconds} s", seconds = PATIENCE.as_secs())]
    Silent(&'static str),
    #[error("it answered `{method}` with HTTP {status}{said}")]
    Status { method: &'static str, status: u16, said: String },
    #[error("it answered `{method}` with what is no message: {reason}")]
    Unreadable { method: &'static str, reason: String },
    #[error("it refused `{method}`: {code} {message}")]
    Refused { method: &'static str, code: i64, message: String },
    #[error("its answer to `{method}` has no list `{member}`")]
    NoList { method: &'static str, member: &'static str },
    #[error("its answer to `{method}` repeats a cursor")]
    Circle { method: &'static str },
    #[error("its answer to `{method}` has more than {PAGES} pages, {ITEMS} items or {BYTES} bytes")]
    TooMuch { method: &'static str },
}

impl AskError {
    /// Whether the server may only have been asked in the wrong era.
    fn is_of_era(&self) -> bool {
        match self {
            // It began to answer, so it knows what it was asked.
            Self::Credential(_) | Self::Circle { .. } | Self::TooMuch { .. } => false,
            Self::Status { status, .. } => !is_final(*status),
            Self::Web(error) => {
                !matches!(error, WebError::Connect { .. } | WebError::Url(_) | WebError::NoAuthorities)
            }
            _ => true,
        }
    }
}

/// Whether a status says something of the server or of who asks, whatever is asked.
fn is_final(status: u16) -> bool {
    matches!(status, 300..=399 | 401 | 403 | 407 | 429 | 500..)
}

/// Asks in the era that was right the last time, then in the other.
pub(crate) async fn ask(target: &Target, known: Option<Era>) -> Result<Offer, AskError> {
    let asked = async {
        let first = known.unwrap_or(Era::Modern);
        match ask_in(target, first).await {
            Err(error) if error.is_of_era() => {
                let other = if first == Era::Modern { Era::Legacy } else { Era::Modern };
                // The first word is the better one: it is that of the era the server is known to speak.
                ask_in(target, other).await.map_err(|later| if known.is_some() { error } else { later })
            }
            asked => asked,
        }
    };
    timeout(PATIENCE, asked).await.unwrap_or(Err(AskError::Silent("everything")))
}

async fn ask_in(target: &Target, era: Era) -> Result<Offer, AskError> {
    let mut peer = Peer::greet(target, era).await?;
    let offer = lists(&mut peer, era).await;
    peer.leave().await;
    offer
}

async fn lists(peer: &mut Peer<'_>, era: Era) -> Result<Offer, AskError> {
    Ok(Offer {
        era,
        greeting: peer.greeting(),
        tools: list(peer, ListKind::Tools).await?,
        prompts: list(peer, ListKind::Prompts).await?,
        resources: list(peer, ListKind::Resources).await?,
        templates: list(peer, ListKind::ResourceTemplates).await?,
    })
}

/// All pages of one list; empty where the server has no such thing.
async fn list(peer: &mut Peer<'_>, kind: ListKind) -> Result<Vec<String>, AskError> {
    if !peer.offers(kind) {
        return Ok(Vec::new());
    }
    let (method, mut items, mut bytes) = (kind.method(), Vec::new(), 0);
    let mut cursors = BTreeSet::new();
    let mut params = json!({});
    for _ in 0..PAGES {
        let page = match peer.call(method, params).await {
            Err(AskError::Refused { code: METHOD_NOT_FOUND, .. }) if items.is_empty() => return Ok(items),
            page => page?,
        };
        let page = page.json()?;
        let member = kind.array_key();
        let listed = page.member(member).and_then(Json::array);
        for item in listed.ok_or(AskError::NoList { method, member })? {
            bytes += item.text().len();
            items.push(item.text().to_owned());
        }
        if items.len() > ITEMS || bytes > BYTES {
            return Err(AskError::TooMuch { method });
        }
        let Some(cursor) = page.member("nextCursor").and_then(Json::as_str) else { return Ok(items) };
        params = json!({ "cursor": cursor });
        if !cursors.insert(cursor.into_owned()) {
            return Err(AskError::Circle { method });
        }
    }
    Err(AskError::TooMuch { method })
}
