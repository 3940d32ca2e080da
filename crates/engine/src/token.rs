//! Access tokens (RFC 7519, RFC 9068): whether a token is its issuer's, and what it says.
//!
//! A token is refused unless everything holds: its form, an algorithm that the policy and the key agree on, a key of its
//! own issuer, the signature, its times, an audience of ours. No header of it chooses a key (`jku`, `x5u`, `jwk` are not
//! read), and whatever the gateway would have to understand and does not (`crit`, another `typ`) refuses it.

mod verdicts;

use std::{collections::HashMap, sync::Arc};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use mcp::{Json, Limits};
use policy::{Accepted, ClaimsRefused, RuleSet};

use crate::jwks::{self, KeySet};
use verdicts::Verdicts;

/// Longest token, in bytes.
pub(crate) const MAX_BYTES: usize = 16 * 1024;

const LIMITS: Limits = Limits { bytes: MAX_BYTES, depth: 16, members: 4_000 };

/// Why a token is not accepted. None of the texts holds any of it.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum TokenRefused {
    /// Signed in a way that is not accepted, or not at all.
    #[error("the token is signed with an algorithm that is not accepted from its issuer")]
    Algorithm,
    /// What it says is not accepted.
    #[error("{0}")]
    Claims(#[from] ClaimsRefused),
    /// Its header has extensions.
    #[error("the token's header has critical extensions, which are not understood here")]
    Critical,
    /// Issued by somebody else.
    #[error("the token's issuer is not one that is trusted here")]
    Issuer,
    /// No such key.
    #[error("the token's issuer has no key that fits the token; ask it for a new token")]
    Key,
    /// The keys of its issuer are not there.
    #[error("the gateway has no keys of the token's issuer yet; try again shortly, or ask its operator")]
    KeysMissing,
    /// Not the form of a token.
    #[error("the credential is neither an API key nor a signed JSON Web Token")]
    Malformed,
    /// Not signed by its issuer, or changed.
    #[error("the token's signature is not its issuer's")]
    Signature,
    /// Longer than any token has to be.
    #[error("the token is longer than {MAX_BYTES} bytes")]
    TooLong,
    /// A token, but no access token.
    #[error("the token is not an access token")]
    Type,
}

/// The keys of the issuers, and what was found of tokens under them.
#[derive(Debug, Default)]
pub(crate) struct Tokens {
    keys: HashMap<String, KeySet>,
    verdicts: Verdicts,
}

/// The parts of a token.
struct Parts<'t> {
    signed: &'t [u8],
    header: Vec<u8>,
    payload: Vec<u8>,
    signature: Vec<u8>,
}

impl Tokens {
    pub(crate) fn new(keys: HashMap<String, KeySet>) -> Self {
        Self { keys, verdicts: Verdicts::default() }
    }

    /// Who shows a token at the endpoint of this path.
    ///
    /// # Errors
    /// The first reason for which it is not accepted.
    pub(crate) fn judge(
        &self,
        token: &str,
        rules: &RuleSet,
        path: &str,
        now: u64,
    ) -> Result<Arc<Accepted>, TokenRefused> {
        if token.len() > MAX_BYTES {
            return Err(TokenRefused::TooLong);
        }
        let digest = blake3::hash(token.as_bytes());
        let accepted = match self.verdicts.find(&digest) {
            Some(accepted) if now < accepted.ends => accepted,
            Some(_) => return Err(ClaimsRefused::Expired.into()),
            None => {
                let accepted = Arc::new(self.verify(token, rules, now)?);
                self.verdicts.keep(&digest, &accepted);
                accepted
            }
        };
        if accepted.reach.has(path) { Ok(accepted) } else { Err(ClaimsRefused::Audience.into()) }
    }

    fn verify(&self, token: &str, rules: &RuleSet, now: u64) -> Result<Accepted, TokenRefused> {
        let parts = Parts::of(token)?;
        let header = json(&parts.header)?;
        let payload = json(&parts.payload)?;
        let text = |name: &str| match header.member(name) {
            None => Ok(None),
            Some(value) => value.as_str().map(Some).ok_or(TokenRefused::Malformed),
        };
        if header.member("crit").is_some() {
            return Err(TokenRefused::Critical);
        }
        if !text("typ")?.is_none_or(|name| is_access_token(&name)) {
            return Err(TokenRefused::Type);
        }
        let issuer = payload.member("iss").and_then(Json::as_str).ok_or(TokenRefused::Malformed)?;
        let trusted = rules.trust().issuer(&issuer).ok_or(TokenRefused::Issuer)?;
        let algorithm = text("alg")?.and_then(|name| jwks::algorithm(&name));
        let algorithm = algorithm.filter(|algorithm| trusted.accepts(*algorithm));
        let algorithm = algorithm.ok_or(TokenRefused::Algorithm)?;
        let keys = self.keys.get(trusted.name()).ok_or(TokenRefused::KeysMissing)?;
        let candidates = keys.candidates(text("kid")?.as_deref(), algorithm);
        if candidates.is_empty() {
            return Err(TokenRefused::Key);
        }
        if !candidates.iter().any(|key| key.signed(parts.signed, &parts.signature)) {
            return Err(TokenRefused::Signature);
        }
        Ok(rules.trust().accept(trusted, payload, now)?)
    }
}

impl<'t> Parts<'t> {
    /// Takes a token in its compact form (RFC 7515 §3.1) apart. Of an encrypted one (five parts) nothing fits.
    fn of(token: &'t str) -> Result<Self, TokenRefused> {
        let (signed, signature) = token.rsplit_once('.').ok_or(TokenRefused::Malformed)?;
        let (header, payload) = signed.split_once('.').ok_or(TokenRefused::Malformed)?;
        let decode = |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|_| TokenRefused::Malformed);
        Ok(Self {
            signed: signed.as_bytes(),
            header: decode(header)?,
            payload: decode(payload)?,
            signature: decode(signature)?,
        })
    }
}

/// Strict JSON, and an object: what two parsers could read in two ways is no token.
fn json(bytes: &[u8]) -> Result<Json<'_>, TokenRefused> {
    let json = Json::parse(bytes, &LIMITS).map_err(|_| TokenRefused::Malformed)?;
    if json.object().is_some() { Ok(json) } else { Err(TokenRefused::Malformed) }
}

/// `JWT`, or `at+jwt` (RFC 9068 §2.1), with or without `application/`. Tokens of other kinds, such as assertions for an
/// authorization server, are signed with the same keys and must not pass for one.
fn is_access_token(kind: &str) -> bool {
    let kind = kind.to_ascii_lowercase();
    matches!(kind.strip_prefix("application/").unwrap_or(&kind), "jwt" | "at+jwt")
}
