//! Whose word is taken for who a caller is, compiled: issuers of tokens, and what the host has verified.
//!
//! Here the claims of a token become a [`Subject`]; that the token is its issuer's is shown by `engine`, which checks the
//! signature before it asks. What is refused here says why in words that hold nothing of the token.

mod audience;
mod claim;
mod host;
mod role;
mod scope;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use mcp::Json;
use thiserror::Error;

use crate::claims::Claims;
use crate::document::identity::Algorithm;
use crate::subject::{Scopes, Subject};

pub use crate::identity::audience::Reach;
pub(crate) use crate::identity::audience::{Audiences, canonical};
pub(crate) use crate::identity::host::{HeaderTrust, PeerTrust, TokenTrust};
pub use crate::identity::host::{HostTrust, Peer, Property};
pub(crate) use crate::identity::role::RoleChoice;
pub(crate) use crate::identity::scope::Hierarchy;
pub use crate::ruleset::identity::{is_loopback, is_safe_url};

/// Seconds that the clocks may differ, where the document does not say.
pub const DEFAULT_LEEWAY: u64 = 60;
/// Longest name of a caller, in bytes.
const LONGEST_NAME: usize = 512;

/// Whose word is taken.
#[derive(Debug, Clone, Default)]
pub struct Trust {
    pub(crate) issuers: Vec<TrustedIssuer>,
    pub(crate) host: HostTrust,
    pub(crate) hierarchy: Hierarchy,
}

/// An issuer whose tokens are accepted.
#[derive(Debug, Clone)]
pub struct TrustedIssuer {
    pub(crate) issuer: String,
    pub(crate) audiences: Audiences,
    pub(crate) algorithms: Vec<Algorithm>,
    pub(crate) leeway: u64,
    pub(crate) reading: Reading,
}

/// Which claims say what.
#[derive(Debug, Clone, Default)]
pub(crate) struct Reading {
    pub(crate) subject: Option<String>,
    pub(crate) scopes: Option<String>,
    pub(crate) claims: Vec<String>,
    pub(crate) role: RoleChoice,
}

/// What a token tells of its subject, read but not judged.
struct Told<'t> {
    name: Option<Cow<'t, str>>,
    groups: Vec<Cow<'t, str>>,
    scopes: Vec<Cow<'t, str>>,
    claims: Claims,
}

/// What a token says, where it is accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// Who it is.
    pub subject: Subject,
    /// Which endpoints it is good for.
    pub reach: Reach,
    /// The second in which it is over, leeway included.
    pub ends: u64,
}

/// Why the claims of a token are not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ClaimsRefused {
    /// It is for somebody else.
    #[error(
        "the token is for another audience than this endpoint; ask its issuer for one with the endpoint's URL as `resource`"
    )]
    Audience,
    /// Its time is over.
    #[error("the token has expired; ask its issuer for a new one")]
    Expired,
    /// Its time has not come, or it was issued later than now.
    #[error("the token is not valid yet; check the clocks of its issuer and the gateway")]
    Early,
    /// A claim is missing or of the wrong kind.
    #[error("the claim `{0}` of the token is missing or malformed")]
    Malformed(&'static str),
    /// It names no caller.
    #[error("the token does not name its subject in the claim that the policy reads it from")]
    Nameless,
    /// It gives no role.
    #[error("the token gives its subject no role here; ask the gateway's operator")]
    Roleless,
}

impl Trust {
    /// The issuer of exactly this name.
    #[must_use]
    pub fn issuer(&self, name: &str) -> Option<&TrustedIssuer> {
        self.issuers.iter().find(|issuer| issuer.issuer == name)
    }

    /// The issuers, in the order of the document.
    #[must_use]
    pub fn issuers(&self) -> &[TrustedIssuer] {
        &self.issuers
    }

    /// What the host has verified itself and is believed in.
    #[must_use]
    pub fn host(&self) -> &HostTrust {
        &self.host
    }

    /// Names of who issues tokens that are accepted here, whoever verifies them.
    pub fn authorization_servers(&self) -> impl Iterator<Item = &str> {
        let host = self.host.token.as_ref().map(|token| token.issuer.as_str());
        let issuers = self.issuers.iter().map(|issuer| issuer.issuer.as_str());
        let other = host.filter(|host| self.issuer(host).is_none());
        issuers.chain(other)
    }

    /// What the claims of an issuer's token say. Whether it is the issuer's has been shown before.
    ///
    /// # Errors
    /// The first reason for which they are not accepted.
    pub fn accept(
        &self,
        issuer: &TrustedIssuer,
        claims: Json<'_>,
        now: u64,
    ) -> Result<Accepted, ClaimsRefused> {
        let time = |name: &'static str| match claims.member(name) {
            None => Ok(None),
            Some(value) => claim::seconds(value).map(Some).ok_or(ClaimsRefused::Malformed(name)),
        };
        let ends = time("exp")?.ok_or(ClaimsRefused::Malformed("exp"))?.saturating_add(issuer.leeway);
        if now >= ends {
            return Err(ClaimsRefused::Expired);
        }
        let latest = now.saturating_add(issuer.leeway);
        if time("nbf")?.is_some_and(|begins| begins > latest)
            || time("iat")?.is_some_and(|issued| issued > latest)
        {
            return Err(ClaimsRefused::Early);
        }
        let audience = claims.member("aud").and_then(claim::texts).ok_or(ClaimsRefused::Malformed("aud"))?;
        let reach = issuer.audiences.reach(&audience).ok_or(ClaimsRefused::Audience)?;
        let reading = &issuer.reading;
        let find = |name: &str| claim::at(claims, name);
        let scopes = match &reading.scopes {
            Some(name) => find(name),
            None => find("scope").or_else(|| find("scp")),
        };
        let known = reading.claims.iter().filter_map(|name| Some((name.clone(), claim::value(find(name)?)?)));
        let told = Told {
            name: find(reading.subject.as_deref().unwrap_or("sub")).and_then(Json::as_str),
            groups: reading.role.source.as_deref().and_then(find).and_then(claim::texts).unwrap_or_default(),
            scopes: scopes.and_then(claim::scopes).unwrap_or_default(),
            claims: known.collect(),
        };
        Ok(Accepted { subject: self.subject(&issuer.issuer, &reading.role, told)?, reach, ends })
    }

    /// The caller that a token names.
    fn subject(&self, issuer: &str, role: &RoleChoice, told: Told<'_>) -> Result<Subject, ClaimsRefused> {
        let name = told.name.filter(|name| is_name(name)).ok_or(ClaimsRefused::Nameless)?;
        let role = role.choose(&told.groups).ok_or(ClaimsRefused::Roleless)?;
        let scopes = self.hierarchy.all_of(told.scopes.iter().map(Cow::as_ref));
        Ok(Subject {
            name: name.into_owned(),
            key_id: String::new(),
            issuer: issuer.to_owned(),
            role: role.to_owned(),
            scopes: Scopes::Granted(scopes.into()),
            claims: told.claims,
        })
    }
}

impl TrustedIssuer {
    /// The value of `iss`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.issuer
    }

    /// Whether signatures of this kind are accepted.
    #[must_use]
    pub fn accepts(&self, algorithm: Algorithm) -> bool {
        self.algorithms.contains(&algorithm)
    }
}

/// Whether a text can name a caller in the audit.
pub(crate) fn is_name(text: &str) -> bool {
    !text.trim().is_empty() && text.len() <= LONGEST_NAME && !text.chars().any(char::is_control)
}
