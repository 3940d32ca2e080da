//! Who calls: by an API key, by a token, or by what the host has verified. A credential that is shown and does not count
//! refuses the request, whatever else would speak for its caller.

use policy::{ApiKeyText, Peer, Subject};

use crate::{
    Revision, TokenRefused,
    credential::{Unauthenticated, presented},
    event::Head,
};

/// What begins an API key; everything else in `Authorization: Bearer` is a token.
const KEY_PREFIX: &str = "tg_";

/// What a caller is known by, kept as long as its exchange lasts, so that it can be judged again.
pub(crate) enum Credential {
    Key(ApiKeyText),
    Token(Box<Shown>),
    Vouched(Box<Vouched>),
}

/// A token, and the path of the endpoint it was shown at.
pub(crate) struct Shown {
    token: String,
    path: String,
}

/// What the host said of the caller.
pub(crate) struct Vouched {
    answers: Vec<Option<Vec<u8>>>,
    name: Option<String>,
    groups: Vec<String>,
}

impl std::fmt::Debug for Credential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Key(_) => "Key(…)",
            Self::Token(_) => "Token(…)",
            Self::Vouched(_) => "Vouched(…)",
        })
    }
}

impl Credential {
    /// What the head of a request shows.
    pub(crate) fn of(head: &Head, revision: &Revision, path: &str) -> Result<Self, Unauthenticated> {
        let text = match presented(head.all("authorization"), head.all("x-api-key")) {
            Err(Unauthenticated::Missing) => return vouched(head, revision),
            presented => presented?,
        };
        if text.starts_with(KEY_PREFIX) {
            return ApiKeyText::parse(text).map(Self::Key).map_err(|_| Unauthenticated::Malformed);
        }
        // `X-API-Key` carries nothing but keys, and without issuers nothing but keys is a credential.
        if head.has("x-api-key") || revision.rules().trust().issuers().is_empty() {
            return Err(Unauthenticated::Malformed);
        }
        Ok(Self::Token(Box::new(Shown { token: text.to_owned(), path: path.to_owned() })))
    }

    /// The id of the key, for the audit; empty for what is none.
    pub(crate) fn key_id(&self) -> &str {
        match self {
            Self::Key(key) => key.id(),
            Self::Token(_) | Self::Vouched(_) => "",
        }
    }

    /// Whose it is.
    pub(crate) fn subject(&self, revision: &Revision, now: u64) -> Result<Subject, Unauthenticated> {
        match self {
            Self::Key(key) => revision.rules().authenticate(key, now).map_err(Unauthenticated::Refused),
            Self::Token(shown) => {
                let accepted = revision.tokens().judge(&shown.token, revision.rules(), &shown.path, now);
                accepted.map(|accepted| accepted.subject.clone()).map_err(Unauthenticated::Token)
            }
            Self::Vouched(vouched) => {
                let groups: Vec<_> = vouched.groups.iter().map(String::as_str).collect();
                let peer = Peer { answers: &vouched.answers, name: vouched.name.as_deref(), groups: &groups };
                let subject = revision.rules().trust().vouched(&peer);
                subject.ok_or(Unauthenticated::Missing)?.map_err(Unauthenticated::Vouched)
            }
        }
    }
}

/// What the host says, where it is believed in anything. Two callers in one header are none.
fn vouched(head: &Head, revision: &Revision) -> Result<Credential, Unauthenticated> {
    let host = revision.rules().trust().host();
    let (name, groups) = match host.headers() {
        None => (None, Vec::new()),
        Some((name, _)) if head.all(name).nth(1).is_some() => return Err(Unauthenticated::Conflicting),
        Some((name, groups)) => {
            let values = groups.into_iter().flat_map(|groups| head.all(groups));
            let groups = values.filter_map(|value| Some(str::from_utf8(value).ok()?.to_owned()));
            (head.one(name).map(str::to_owned), groups.collect())
        }
    };
    if name.is_none() && head.host.iter().all(Option::is_none) {
        return Err(Unauthenticated::Missing);
    }
    Ok(Credential::Vouched(Box::new(Vouched { answers: head.host.clone(), name, groups })))
}

impl Unauthenticated {
    /// The HTTP status. What a new token would not mend is no 401: clients would ask their issuer again and again.
    pub(crate) const fn status(self) -> u16 {
        match self {
            Self::Token(TokenRefused::KeysMissing) => 503,
            Self::Token(TokenRefused::Claims(policy::ClaimsRefused::Roleless)) | Self::Vouched(_) => 403,
            Self::Changed
            | Self::Conflicting
            | Self::Malformed
            | Self::Missing
            | Self::Refused(_)
            | Self::Token(_) => 401,
        }
    }

    /// The kind of refusal.
    pub(crate) const fn code(self) -> policy::Code {
        match self.status() {
            403 => policy::Code::NoRole,
            503 => policy::Code::KeysMissing,
            _ => policy::Code::Unauthenticated,
        }
    }
}
