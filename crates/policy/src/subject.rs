//! Who is asking, as already verified: by an API key here, or by the gateway's assertion at the adapter.

use thiserror::Error;

use crate::claims::Claims;

/// A caller whose identity has been verified.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Subject {
    /// Name of the key, for the audit.
    pub name: String,
    /// Id of the key.
    pub key_id: String,
    /// The one role the caller acts in.
    pub role: String,
    /// What else is known of it.
    pub claims: Claims,
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
