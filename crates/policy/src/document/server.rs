//! An upstream server as written: where it is or how it is run, and where the credential for it is kept.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::document::limit::Limits;

/// An upstream MCP server. An operator must give exactly one of `url` and `command`; a gateway's snapshot leaves out how a
/// server is run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    /// Where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Program and arguments of one that is run here and speaks on its standard input and output.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<Vec<String>>,
    /// Environment variables the program gets beside those that every program needs.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub env: BTreeMap<String, Variable>,
    /// File of the OpenAPI document of an API, whose operations become tools.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub openapi: Option<String>,
    /// File of the descriptors of a gRPC server, whose methods become tools.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub protobuf: Option<String>,
    /// Which of an API's operations, or of a gRPC server's methods.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub only: Option<Only>,
    /// The directory it runs in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cwd: Option<String>,
    /// The name of its cluster in an Envoy that is already there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cluster: Option<String>,
    /// What the gateway authenticates with; the agent never sees it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credential: Option<Credential>,
    /// Whether its tools are held to the definitions that were approved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pins: Option<Pins>,
    /// How much all callers together may ask of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limits: Option<Limits>,
}

impl Server {
    /// One that is there already.
    #[must_use]
    pub fn at(url: &str) -> Server {
        Server { url: Some(url.to_owned()), ..Server::default() }
    }

    /// Whether the adapter serves it to the gateway: it is run here, or made of an API.
    #[must_use]
    pub fn is_bridged(&self) -> bool {
        self.command.is_some() || self.is_made()
    }

    /// Whether it speaks no MCP: its tools are made of a description.
    #[must_use]
    pub fn is_made(&self) -> bool {
        self.openapi.is_some() || self.protobuf.is_some()
    }

    /// What it is known by to whoever keeps what it offers: what another one offered says nothing of this one.
    #[must_use]
    pub fn identity(&self) -> Cow<'_, str> {
        // Lists, strings and maps with string keys: there is nothing in it that JSON cannot hold.
        let json = |parts: Result<String, _>| Cow::Owned(parts.unwrap_or_default());
        match (&self.url, &self.protobuf) {
            (Some(url), _) if !self.is_made() => Cow::Borrowed(url),
            (Some(url), Some(file)) => json(serde_json::to_string(&(url, "protobuf", file, &self.only))),
            (Some(url), None) => json(serde_json::to_string(&(url, &self.openapi, &self.only))),
            (None, _) => json(serde_json::to_string(&(&self.command, &self.env, &self.cwd))),
        }
    }

    /// A short mark of the entry that it is run by, alike for alike entries only.
    #[must_use]
    pub fn entry(&self) -> String {
        let digest = Sha256::digest(self.identity().as_bytes());
        digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
    }

    /// The secrets its program gets, by variable.
    pub fn kept_variables(&self) -> impl Iterator<Item = (&str, &SecretSource)> {
        self.env.iter().filter_map(|(name, variable)| match variable {
            Variable::Kept(source) => Some((name.as_str(), source)),
            Variable::Text(_) => None,
        })
    }

    /// Forgets how it is run, or what it is made of.
    pub(crate) fn forget_bridge(&mut self) {
        if self.is_bridged() {
            self.url = None;
        }
        (self.openapi, self.protobuf, self.only, self.command) = (None, None, None, None);
        self.env.clear();
        self.cwd = None;
    }
}

/// Which operations become tools. One that any of the lists names does; without any, all do.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Only {
    /// Those with one of these tags.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Those with one of these ids. Of gRPC: those with one of these full names, and those of services with one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub operations: Vec<String>,
}

/// The value of an environment variable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Variable {
    /// As it stands in the document.
    Text(String),
    /// A secret; the control plane resolves it.
    Kept(SecretSource),
}

/// Whether a server's tools are held to the definitions that were approved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Pins {
    /// How, and nothing else.
    Mode(PinMode),
    /// How, and what is approved without being asked for.
    Full(PinSettings),
}

/// The long form of [`Pins`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PinSettings {
    /// How.
    pub mode: PinMode,
    /// What becomes of the definitions that are seen first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<First>,
}

/// What becomes of a tool whose definition is not the approved one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PinMode {
    /// Nothing: nobody looks.
    #[default]
    Off,
    /// It is recorded.
    Observe,
    /// It disappears from lists, and calls of it are refused.
    Enforce,
}

/// What becomes of the definitions that a server shows first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum First {
    /// An operator approves them, like any other.
    #[default]
    Ask,
    /// They are approved by themselves; later ones are not.
    Trust,
}

impl Pins {
    /// How definitions are held to what was approved.
    #[must_use]
    pub fn mode(self) -> PinMode {
        match self {
            Pins::Mode(mode) | Pins::Full(PinSettings { mode, .. }) => mode,
        }
    }

    /// Whether the definitions seen first are approved by themselves.
    #[must_use]
    pub fn trusts_first(self) -> bool {
        matches!(self, Pins::Full(PinSettings { first: Some(First::Trust), .. }))
    }
}

/// What the gateway authenticates with at a server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub enum Credential {
    /// A statement of who is calling, signed with this secret: for servers of one's own.
    Assertion(SecretSource),
    /// `Authorization: Basic`, of a secret that reads `user:password`.
    Basic(SecretSource),
    /// `Authorization: Bearer`.
    Bearer(SecretSource),
    /// A header of its own.
    Header(HeaderCredential),
}

impl Credential {
    /// The header that carries it.
    #[must_use]
    pub fn header_name(&self) -> &str {
        match self {
            Credential::Assertion(_) => "x-trigate-assertion",
            Credential::Basic(_) | Credential::Bearer(_) => "authorization",
            Credential::Header(header) => &header.name,
        }
    }

    /// Where the secret is kept.
    #[must_use]
    pub fn source(&self) -> &SecretSource {
        match self {
            Credential::Assertion(source) | Credential::Basic(source) | Credential::Bearer(source) => source,
            Credential::Header(header) => &header.value,
        }
    }
}

/// A header that carries a secret as its value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeaderCredential {
    /// Name of the header.
    pub name: String,
    /// Where its value is kept.
    pub value: SecretSource,
}

/// Where a secret is kept. The control plane resolves it; the document never holds the secret itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub enum SecretSource {
    /// An environment variable of the control plane.
    Env(String),
    /// A file the control plane can read; white space around its text is not part of the secret.
    File(String),
    /// The store of the control plane, under this name.
    Stored(String),
}
