//! What the host of the filter has verified itself: a token, the certificate of the client, or the hop before.
//!
//! A host tells its properties as bytes without their kind (proxy-wasm, `proxy_get_property`), so each claim is asked for by
//! itself, and read as what it has to be.

use std::borrow::Cow;

use crate::claims::{Claim, Claims};
use crate::document::identity::PeerName;
use crate::identity::role::RoleChoice;
use crate::identity::{ClaimsRefused, Reading, Told, Trust, is_name};
use crate::subject::Subject;

/// Where Envoy's filter `jwt_authn` leaves payloads.
const JWT_AUTHN: [&str; 3] = ["metadata", "filter_metadata", "envoy.filters.http.jwt_authn"];

/// What the host has verified and is believed in.
#[derive(Debug, Clone, Default)]
pub struct HostTrust {
    pub(crate) token: Option<TokenTrust>,
    pub(crate) peer: Option<PeerTrust>,
    pub(crate) header: Option<HeaderTrust>,
    asks: Vec<Property>,
}

/// One value of the host: the paths of properties of which the first that is there counts.
pub type Property = Vec<Vec<String>>;

/// A payload that the host's own filter has verified.
#[derive(Debug, Clone)]
pub(crate) struct TokenTrust {
    pub(crate) metadata: String,
    pub(crate) issuer: String,
    pub(crate) reading: Reading,
}

/// The client's certificate.
#[derive(Debug, Clone)]
pub(crate) struct PeerTrust {
    pub(crate) name: PeerName,
    pub(crate) role: RoleChoice,
}

/// A header of the hop before.
#[derive(Debug, Clone)]
pub(crate) struct HeaderTrust {
    pub(crate) name: String,
    pub(crate) role: RoleChoice,
}

/// What the host answered.
#[derive(Debug, Clone, Copy)]
pub struct Peer<'h> {
    /// One answer for each of [`HostTrust::asks`].
    pub answers: &'h [Option<Vec<u8>>],
    /// The only value of the header that names the caller.
    pub name: Option<&'h str>,
    /// The values of the header that names roles or groups.
    pub groups: &'h [&'h str],
}

impl HostTrust {
    pub(crate) fn new(
        token: Option<TokenTrust>,
        peer: Option<PeerTrust>,
        header: Option<HeaderTrust>,
    ) -> HostTrust {
        let mut asks = Vec::new();
        if let Some(token) = &token {
            asks.extend(token.asked().into_iter().map(|claim| token.ask(&claim)));
        }
        if let Some(peer) = &peer {
            asks.push(vec![vec!["connection".to_owned(), peer.property().to_owned()]]);
        }
        HostTrust { token, peer, header, asks }
    }

    /// What the shell has to ask its host, in this order.
    #[must_use]
    pub fn asks(&self) -> &[Property] {
        &self.asks
    }

    /// The header that names the caller, and the one that names its roles or groups.
    #[must_use]
    pub fn headers(&self) -> Option<(&str, Option<&str>)> {
        self.header.as_ref().map(|header| (header.name.as_str(), header.role.source.as_deref()))
    }
}

impl TokenTrust {
    /// The claims that are read. INVARIANT: `iss`, the name, the groups, the scopes, then the claims for rules.
    fn asked(&self) -> Vec<Vec<&str>> {
        let reading = &self.reading;
        let mut asked = vec![
            vec!["iss"],
            one(reading.subject.as_deref(), &["sub"]),
            one(reading.role.source.as_deref(), &[]),
            one(reading.scopes.as_deref(), &["scope", "scp"]),
        ];
        asked.extend(reading.claims.iter().map(|claim| vec![claim.as_str()]));
        asked
    }

    fn ask(&self, names: &[&str]) -> Property {
        let payload = || JWT_AUTHN.into_iter().chain([self.metadata.as_str()]).map(str::to_owned);
        let mut paths = Vec::new();
        for name in names {
            paths.push(payload().chain([(*name).to_owned()]).collect());
            if name.contains('.') {
                paths.push(payload().chain(name.split('.').map(str::to_owned)).collect());
            }
        }
        paths
    }
}

impl PeerTrust {
    fn property(&self) -> &'static str {
        match self.name {
            PeerName::DnsSan => "dns_san_peer_certificate",
            PeerName::Subject => "subject_peer_certificate",
            PeerName::UriSan => "uri_san_peer_certificate",
        }
    }
}

impl Trust {
    /// Who the host says is calling: by a token it verified, else by the client's certificate, else by the hop before. None
    /// where it says nothing that is believed here.
    #[must_use]
    pub fn vouched(&self, peer: &Peer<'_>) -> Option<Result<Subject, ClaimsRefused>> {
        let host = &self.host;
        let mut answers = peer.answers.iter();
        if let Some(token) = &host.token {
            let told: Vec<_> = answers.by_ref().take(token.asked().len()).collect();
            if let Some(subject) = self.token(token, &told) {
                return Some(subject);
            }
        }
        let certificate = answers.next().and_then(text).filter(|_| host.peer.is_some());
        if let (Some(trust), Some(name)) = (&host.peer, certificate) {
            return Some(named("mtls", &name, &trust.role, vec![name.clone()]));
        }
        let (trust, name) = (host.header.as_ref()?, peer.name?);
        let groups = match trust.role.source {
            Some(_) => {
                peer.groups.iter().flat_map(|value| value.split(',')).map(|name| name.trim().into()).collect()
            }
            None => vec![name.into()],
        };
        Some(named("header", name, &trust.role, groups))
    }

    fn token(&self, trust: &TokenTrust, told: &[&Option<Vec<u8>>]) -> Option<Result<Subject, ClaimsRefused>> {
        let at = |index: usize| told.get(index).copied();
        let issuer = at(0).and_then(text)?;
        if issuer != trust.issuer {
            return None;
        }
        let claims = trust.reading.claims.iter().zip(told.iter().skip(4));
        let known =
            claims.filter_map(|(name, value)| Some((name.clone(), Claim::Text(text(value)?.into_owned()))));
        let scopes = at(3).map(list).unwrap_or_default();
        Some(self.subject(
            &trust.issuer,
            &trust.reading.role,
            Told {
                name: at(1).and_then(text),
                groups: at(2).map(list).unwrap_or_default(),
                scopes: scopes.iter().flat_map(|scopes| scopes.split(' ')).map(Cow::from).collect(),
                claims: known.collect(),
            },
        ))
    }
}

/// The name that is configured, or the usual ones.
fn one<'r>(name: Option<&'r str>, usual: &[&'static str]) -> Vec<&'r str> {
    name.map_or_else(|| usual.to_vec(), |name| vec![name])
}

/// A caller of whom a name and groups are all that is known. It has all scopes: there is nobody to ask for more.
fn named(
    issuer: &str,
    name: &str,
    role: &RoleChoice,
    groups: Vec<Cow<'_, str>>,
) -> Result<Subject, ClaimsRefused> {
    if !is_name(name) {
        return Err(ClaimsRefused::Nameless);
    }
    let role = role.choose(&groups).ok_or(ClaimsRefused::Roleless)?;
    Ok(Subject {
        name: name.to_owned(),
        issuer: issuer.to_owned(),
        role: role.to_owned(),
        claims: Claims::new(),
        ..Subject::default()
    })
}

/// An answer that is text.
fn text(answer: &Option<Vec<u8>>) -> Option<Cow<'_, str>> {
    let text = str::from_utf8(answer.as_deref()?).ok()?;
    (!text.is_empty()).then_some(Cow::Borrowed(text))
}

/// An answer that is a list of texts in Envoy's form (pairs of a text and nothing), or one text.
fn list(answer: &Option<Vec<u8>>) -> Vec<Cow<'_, str>> {
    let pairs = answer.as_deref().and_then(pairs);
    pairs.unwrap_or_else(|| text(answer).into_iter().collect())
}

/// The first parts of pairs as proxy-wasm marshals them: count, sizes of both parts of each, then the parts, each with a
/// zero byte behind it.
fn pairs(bytes: &[u8]) -> Option<Vec<Cow<'_, str>>> {
    let (count, mut rest) = number(bytes)?;
    let mut sizes = Vec::new();
    for _ in 0..count {
        let (first, behind) = number(rest)?;
        let (second, behind) = number(behind)?;
        sizes.push((first, second));
        rest = behind;
    }
    let mut texts = Vec::new();
    for (first, second) in sizes {
        let (text, behind) = rest.split_at_checked(first)?;
        texts.push(Cow::Borrowed(str::from_utf8(text).ok()?));
        rest = behind.strip_prefix(&[0])?.get(second..)?.strip_prefix(&[0])?;
    }
    rest.is_empty().then_some(texts)
}

fn number(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let (number, rest) = bytes.split_first_chunk()?;
    Some((usize::try_from(u32::from_le_bytes(*number)).ok()?, rest))
}
