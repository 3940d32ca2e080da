//! Who is asking, as already verified: by an API key or a token here, or by the gateway's assertion at the adapter.

use std::collections::BTreeSet;
use std::sync::Arc;

use thiserror::Error;

use crate::claims::Claims;

/// A caller whose identity has been verified.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Subject {
    /// Name of the key or subject of the token, for the audit.
    pub name: String,
    /// Id of the key; empty for other credentials.
    pub key_id: String,
    /// Who vouches for the name: the issuer of the token, or what the host verified. Empty for keys.
    pub issuer: String,
    /// The one role the caller acts in.
    pub role: String,
    /// Scopes the caller has.
    pub scopes: Scopes,
    /// What else is known of it.
    pub claims: Claims,
}

impl Subject {
    /// What sessions, tasks and limits are bound to: who it is, whatever its role, and whichever of its tokens it shows.
    /// No two callers have the same.
    #[must_use]
    pub fn identity(&self) -> String {
        // Neither the id of a key nor an issuer holds a blank.
        if self.issuer.is_empty() {
            format!("key {}", self.key_id)
        } else {
            format!("token {} {}", self.issuer, self.name)
        }
    }
}

/// Scopes (RFC 6749 §3.3) a caller has.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub enum Scopes {
    /// All there are: keys, where the document does not say otherwise.
    #[default]
    All,
    /// These, with all that they include. A token's can become more when its holder asks its issuer (MCP: step-up).
    Granted(Arc<BTreeSet<String>>),
    /// These, with all that they include, for good.
    Only(Arc<BTreeSet<String>>),
}

impl Scopes {
    /// Whether all of these are among them.
    pub fn hold<'a>(&self, needed: impl IntoIterator<Item = &'a String>) -> bool {
        match self {
            Scopes::All => true,
            Scopes::Granted(held) | Scopes::Only(held) => {
                needed.into_iter().all(|scope| held.contains(scope))
            }
        }
    }
}

/// Why a well-formed key was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum KeyRefused {
    /// The key was right, but its time is over.
    #[error("the API key has expired; ask for a new one")]
    Expired,
    /// No such key: never made, revoked, or the wrong secret. The three look alike on purpose.
    #[error("the API key is unknown or revoked; check it or ask for a new one")]
    Unknown,
}
