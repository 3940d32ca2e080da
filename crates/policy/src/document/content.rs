//! What a role may receive, as written: secrets and personal data in results, and how long a result may be.

use std::collections::BTreeMap;

use content::Mode;
use serde::{Deserialize, Serialize};

/// What becomes of secrets and personal data in what a role receives.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Content {
    /// For all kinds of secrets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secrets: Option<Mode>,
    /// For all kinds of personal data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub personal: Option<Mode>,
    /// For single kinds, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub kinds: BTreeMap<String, Mode>,
    /// Longest message of an answer, in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_result: Option<u64>,
    /// What becomes of a call whose arguments contain what is looked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arguments: Option<ArgumentMode>,
    /// Other modes for the results of some tools; what is absent there is as above.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tools: Vec<ToolContent>,
}

/// Modes for the results of some tools.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ToolContent {
    /// Which tools, as in a rule: `server.name`.
    pub pattern: String,
    /// For all kinds of secrets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secrets: Option<Mode>,
    /// For all kinds of personal data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub personal: Option<Mode>,
    /// For single kinds, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub kinds: BTreeMap<String, Mode>,
    /// Longest message of an answer, in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_result: Option<u64>,
}

/// What becomes of a call whose arguments contain what is looked for. They are never changed: a server would act on
/// something that nobody asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ArgumentMode {
    /// It goes on, and the audit counts what was found.
    Observe,
    /// It is refused, if it contains a kind that would be redacted or refused in a result.
    Refuse,
}
