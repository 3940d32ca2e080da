//! Where the limits that several proxies share are counted, as written.

use serde::{Deserialize, Serialize};

/// A service of the `envoy.service.ratelimit.v3` API.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RateLimitService {
    /// The proxy's cluster that reaches it; the control plane where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cluster: Option<String>,
    /// What the service knows these limits by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domain: Option<String>,
    /// What becomes of a call that the service says nothing about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_failure: Option<OnFailure>,
}

/// What becomes of a call that the service says nothing about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OnFailure {
    /// It passes, uncounted.
    Allow,
    /// It is refused.
    #[default]
    Deny,
}
