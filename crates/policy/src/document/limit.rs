//! Limits as written: how often, how much in a day, how many at a time, and what each of them is counted for.
//!
//! The same form stands at a rule (`limit`) and at a server, a database, an endpoint and a role (`limits`).

use serde::{Deserialize, Serialize};

/// One or more limits; all of them hold.
pub type Limits = Several<Limit>;

/// A value, or a list of such values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "SeveralForm<T>", into = "SeveralForm<T>")]
#[serde(bound(serialize = "T: Clone + Serialize", deserialize = "T: Deserialize<'de>"))]
pub struct Several<T>(pub Vec<T>);

/// The two ways to write one.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum SeveralForm<T> {
    List(Vec<T>),
    One(T),
}

/// One limit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Limit {
    /// A rate and nothing else: `30/min`.
    Rate(String),
    /// The long form.
    Full(LimitSettings),
}

/// The long form of [`Limit`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LimitSettings {
    /// How often: `30/min`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<String>,
    /// How many at once after a pause; as many as the rate names where it does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub burst: Option<u64>,
    /// How many in one hour or day of UTC: `1000/day`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quota: Option<String>,
    /// How many at a time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub concurrent: Option<u64>,
    /// What has a count of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per: Option<Several<Scope>>,
    /// What is counted; a rule counts what it permits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counts: Option<Counts>,
    /// Whether all proxies count it together, at the rate-limit service.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub shared: bool,
}

/// What has a count of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// Each path that agents connect to.
    Endpoint,
    /// Each role.
    Role,
    /// Each server or database.
    Server,
    /// Each caller: a key, or a subject of an issuer.
    Subject,
    /// Each tool.
    Tool,
}

/// What a limit counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Counts {
    /// What rules are about: tools, prompts, resources, completion, subscriptions, tasks, other methods.
    #[default]
    Calls,
    /// Every request, lists and the making of connections included.
    Requests,
}

impl LimitSettings {
    /// Whether it is a rate and nothing else, as the short form is.
    pub(crate) fn is_rate_alone(&self) -> bool {
        *self == LimitSettings { rate: self.rate.clone(), ..LimitSettings::default() }
    }
}

impl Limit {
    /// The long form of what was written.
    #[must_use]
    pub fn settings(&self) -> LimitSettings {
        match self {
            Limit::Rate(rate) => LimitSettings { rate: Some(rate.clone()), ..LimitSettings::default() },
            Limit::Full(settings) => settings.clone(),
        }
    }
}

impl<T> From<SeveralForm<T>> for Several<T> {
    fn from(form: SeveralForm<T>) -> Several<T> {
        match form {
            SeveralForm::List(values) => Several(values),
            SeveralForm::One(value) => Several(vec![value]),
        }
    }
}

impl<T> From<Several<T>> for SeveralForm<T> {
    fn from(mut several: Several<T>) -> SeveralForm<T> {
        match (several.0.pop(), several.0.is_empty()) {
            (Some(value), true) => SeveralForm::One(value),
            (last, _) => {
                several.0.extend(last);
                SeveralForm::List(several.0)
            }
        }
    }
}

impl Scope {
    /// The word a document uses, which is the key of a shared limit's descriptor as well.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Scope::Endpoint => "endpoint",
            Scope::Role => "role",
            Scope::Server => "server",
            Scope::Subject => "subject",
            Scope::Tool => "tool",
        }
    }
}
