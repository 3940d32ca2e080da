//! What a server may ask of the client, as written: `roles.NAME.asks.SERVER`.

use serde::{Deserialize, Serialize};

/// What one server may ask of the callers of a role. What is absent may not be asked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asks {
    /// Let the client's model write something (`sampling/createMessage`).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub sampling: bool,
    /// Name the client's roots (`roots/list`).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub roots: bool,
    /// Let the user answer a question (`elicitation/create`).
    #[serde(default, skip_serializing_if = "Elicitation::is_empty")]
    pub elicitation: Elicitation,
}

/// How the user may be asked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Elicitation {
    /// By a form in the client.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub form: bool,
    /// By a page to open: the hosts it may be on, `*.` at the start of one standing for every name below it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hosts: Vec<String>,
}

impl Elicitation {
    fn is_empty(&self) -> bool {
        *self == Elicitation::default()
    }
}
