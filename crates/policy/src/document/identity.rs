//! Who may call beside the holders of API keys, as written: issuers of tokens, and what the host has verified.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Who may call beside the holders of API keys.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// Issuers whose tokens are accepted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub jwt: Vec<JwtIssuer>,
    /// Scopes that include others.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub scopes: BTreeMap<String, Vec<String>>,
    /// What the host of the filter has verified itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<HostIdentity>,
}

impl Identity {
    pub(super) fn is_empty(&self) -> bool {
        *self == Identity::default()
    }
}

/// An issuer of tokens (RFC 7519), and what its tokens say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JwtIssuer {
    /// The value of `iss`, compared exactly.
    pub issuer: String,
    /// Values of `aud` of which a token must have one. None: the URL of the endpoint that is called.
    #[serde(default, skip_serializing_if = "Texts::is_empty")]
    pub audience: Texts,
    /// Where its keys are.
    pub jwks: Jwks,
    /// Signature algorithms that are accepted. None: all there are.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub algorithms: Vec<Algorithm>,
    /// How much the clocks may differ, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leeway: Option<u64>,
    /// The claim that holds the scopes: a list, or text with blanks. None: `scope`, else `scp`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scopes: Option<String>,
    /// The claim that names the caller. None: `sub`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// Claims that rules get to see.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<String>,
    /// The claim that names roles or groups of the caller: text, or a list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub roles: Option<String>,
    /// Roles by those names. The first entry that fits wins.
    #[serde(default, skip_serializing_if = "RoleMap::is_empty")]
    pub map: RoleMap,
    /// The role of who gets none by the others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
}

/// Where the keys of an issuer are. The control plane fetches them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub enum Jwks {
    /// A file the control plane can read.
    File(String),
    /// A URL: `https`, or `http` on this machine.
    Uri(String),
}

/// A signature algorithm (RFC 7518 §3.1, RFC 8037).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Algorithm {
    /// ECDSA on P-256 with SHA-256.
    #[serde(rename = "ES256")]
    Es256,
    /// Ed25519.
    #[serde(rename = "EdDSA")]
    EdDsa,
    /// RSA PKCS#1 1.5 with SHA-256.
    #[serde(rename = "RS256")]
    Rs256,
}

impl Algorithm {
    /// All there are.
    pub const ALL: [Algorithm; 3] = [Algorithm::Es256, Algorithm::EdDsa, Algorithm::Rs256];

    /// The value of `alg`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Algorithm::Es256 => "ES256",
            Algorithm::EdDsa => "EdDSA",
            Algorithm::Rs256 => "RS256",
        }
    }
}

/// What the host of the filter has verified itself. Each is trusted only where it is written here.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HostIdentity {
    /// The payload that Envoy's filter `jwt_authn` leaves in its metadata.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jwt_authn: Option<HostToken>,
    /// The certificate of the client.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mtls: Option<HostPeer>,
    /// A header that the hop before sets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub header: Option<HostHeader>,
}

/// The payload of a token that Envoy's filter `jwt_authn` has verified.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HostToken {
    /// The filter's `payload_in_metadata`.
    pub metadata: String,
    /// The value of `iss`, compared exactly.
    pub issuer: String,
    /// The claim that holds the scopes. None: `scope`, else `scp`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scopes: Option<String>,
    /// The claim that names the caller. None: `sub`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// Claims that rules get to see, as text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<String>,
    /// The claim that names roles or groups of the caller: text, or a list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub roles: Option<String>,
    /// Roles by those names. The first entry that fits wins.
    #[serde(default, skip_serializing_if = "RoleMap::is_empty")]
    pub map: RoleMap,
    /// The role of who gets none by the others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
}

/// The certificate of the client, verified by the host's TLS.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HostPeer {
    /// What of it names the caller.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<PeerName>,
    /// Roles by that name.
    #[serde(default, skip_serializing_if = "RoleMap::is_empty")]
    pub map: RoleMap,
    /// The role of who gets none by the map.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
}

/// What of a certificate names its holder.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PeerName {
    /// The first DNS name among its alternative names.
    DnsSan,
    /// Its subject.
    Subject,
    /// The first URI among its alternative names, such as a SPIFFE id.
    #[default]
    UriSan,
}

/// A header that the hop before sets, and takes away where a client sent it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HostHeader {
    /// The header that names the caller.
    pub name: String,
    /// The header that names roles or groups of the caller, with commas between them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub roles: Option<String>,
    /// Roles by those names. The first entry that fits wins.
    #[serde(default, skip_serializing_if = "RoleMap::is_empty")]
    pub map: RoleMap,
    /// The role of who gets none by the others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
}

/// One text or several.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Texts(pub Vec<String>);

impl Texts {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Serialize for Texts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.as_slice() {
            [one] => serializer.serialize_str(one),
            several => serializer.collect_seq(several),
        }
    }
}

impl<'de> Deserialize<'de> for Texts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Texts, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Form {
            One(String),
            Several(Vec<String>),
        }
        Ok(match Form::deserialize(deserializer)? {
            Form::One(one) => Texts(vec![one]),
            Form::Several(several) => Texts(several),
        })
    }
}

/// Roles by the names of groups, in the order of the text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RoleMap(pub Vec<(String, String)>);

impl RoleMap {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Serialize for RoleMap {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(group, role)| (group, role)))
    }
}

impl<'de> Deserialize<'de> for RoleMap {
    /// A mapping, or pairs as the reader of the text hands them on.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<RoleMap, D::Error> {
        deserializer.deserialize_any(RoleMapVisitor)
    }
}

struct RoleMapVisitor;

impl<'de> Visitor<'de> for RoleMapVisitor {
    type Value = RoleMap;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("groups with their roles")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<RoleMap, A::Error> {
        let mut map = Vec::new();
        while let Some(entry) = entries.next_entry()? {
            map.push(entry);
        }
        Ok(RoleMap(map))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut pairs: A) -> Result<RoleMap, A::Error> {
        let mut map = Vec::new();
        while let Some(pair) = pairs.next_element()? {
            map.push(pair);
        }
        Ok(RoleMap(map))
    }
}
