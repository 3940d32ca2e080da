//! What agents connect to, as written: paths, what stands behind them, and how sessions on them live.

use serde::{Deserialize, Serialize};

use crate::document::limit::Limits;

/// What agents connect to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Endpoint {
    /// The servers and databases behind it. With more than one, tools are named `server__tool`.
    pub servers: Vec<String>,
    /// What becomes of a modern request whose headers do not repeat its body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub headers: Option<HeaderAgreement>,
    /// How much all callers together may ask for here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limits: Option<Limits>,
}

/// What becomes of a modern request whose mirrored headers (`MCP-Protocol-Version`, `Mcp-Method`, `Mcp-Name`, `Mcp-Param-*`)
/// do not repeat its body. The body decides in every case.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum HeaderAgreement {
    /// It is refused with 400 and -32020, as SEP-2243 has it.
    #[default]
    Enforce,
    /// The headers are set from the body.
    Fix,
    /// It goes on as it is, and the audit says what differs.
    Observe,
}

/// How legacy sessions live.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sessions {
    /// After how many hours a session is over and the key that seals new ones is replaced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_age_hours: Option<u64>,
}

/// Hours after which a session is over where the document does not say: a week.
const DEFAULT_SESSION_HOURS: u64 = 168;

impl Sessions {
    /// After how many milliseconds a session is over.
    #[must_use]
    pub fn max_age_ms(&self) -> u64 {
        self.max_age_hours.unwrap_or(DEFAULT_SESSION_HOURS).saturating_mul(3_600_000)
    }

    pub(crate) fn is_empty(&self) -> bool {
        *self == Sessions::default()
    }
}
