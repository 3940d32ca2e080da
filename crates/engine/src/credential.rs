//! Which credential a request presents: `Authorization: Bearer` or `X-API-Key`, and never two different ones.

use policy::{ApiKeyText, ClaimsRefused, KeyRefused};

use crate::TokenRefused;

/// Why a request has no subject. Every case is answered with 401, a JSON-RPC body and a challenge.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Unauthenticated {
    /// The policy, or what it says of the caller, changed while the request was under way.
    #[error("what is known of the caller has changed meanwhile; send the request again")]
    Changed,
    /// Two different credentials: which one counts would be a guess.
    #[error("two different credentials were sent; send one, in `Authorization: Bearer` or in `X-API-Key`")]
    Conflicting,
    /// Not a key of ours.
    #[error("the credential is not an API key of the form tg_<id>_<secret>")]
    Malformed,
    /// None.
    #[error("no API key was sent; send it as `Authorization: Bearer` or as `X-API-Key`")]
    Missing,
    /// A token, but not one that counts here.
    #[error("{0}")]
    Token(TokenRefused),
    /// The host vouches for the caller, but not for one who may call here.
    #[error("{0}")]
    Vouched(ClaimsRefused),
    /// A key, but not one that counts now. Unknown and revoked are one answer.
    #[error("the API key is {}", refused(*.0))]
    Refused(KeyRefused),
}

const fn refused(why: KeyRefused) -> &'static str {
    match why {
        KeyRefused::Expired => "expired; ask for a new one",
        KeyRefused::Unknown => "not known here or was revoked",
    }
}

/// The value of `WWW-Authenticate` (RFC 6750 §3).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Challenge(pub Unauthenticated);

impl std::fmt::Display for Challenge {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            // RFC 6750 §3.1: a request without credentials gets no error code.
            Unauthenticated::Missing => f.write_str(r#"Bearer realm="trigate""#),
            Unauthenticated::Conflicting => f.write_str(r#"Bearer realm="trigate", error="invalid_request""#),
            Unauthenticated::Changed
            | Unauthenticated::Malformed
            | Unauthenticated::Refused(_)
            | Unauthenticated::Token(_)
            | Unauthenticated::Vouched(_) => f.write_str(r#"Bearer realm="trigate", error="invalid_token""#),
        }
    }
}

/// The key among all values of `authorization` and of `x-api-key`.
///
/// # Errors
/// None, a malformed one, or two that differ.
pub fn presented_key<'a>(
    authorization: impl Iterator<Item = &'a [u8]>,
    x_api_key: impl Iterator<Item = &'a [u8]>,
) -> Result<ApiKeyText, Unauthenticated> {
    let text = presented(authorization, x_api_key)?;
    ApiKeyText::parse(text).map_err(|_| Unauthenticated::Malformed)
}

/// The one credential among all values of `authorization` and of `x-api-key`.
pub(crate) fn presented<'a>(
    authorization: impl Iterator<Item = &'a [u8]>,
    x_api_key: impl Iterator<Item = &'a [u8]>,
) -> Result<&'a str, Unauthenticated> {
    let mut presented: Option<&'a str> = None;
    for text in authorization.map(bearer).chain(x_api_key.map(plain)) {
        let text = text?;
        match presented {
            Some(first) if first != text => return Err(Unauthenticated::Conflicting),
            _ => presented = Some(text),
        }
    }
    presented.ok_or(Unauthenticated::Missing)
}

/// The token of a `Bearer` credential; the scheme is case-insensitive (RFC 9110 §11.1).
fn bearer(value: &[u8]) -> Result<&str, Unauthenticated> {
    let (scheme, token) = plain(value)?.split_once(' ').ok_or(Unauthenticated::Malformed)?;
    if scheme.eq_ignore_ascii_case("bearer") { Ok(token.trim()) } else { Err(Unauthenticated::Malformed) }
}

fn plain(value: &[u8]) -> Result<&str, Unauthenticated> {
    str::from_utf8(value).map(str::trim).map_err(|_| Unauthenticated::Malformed)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "tg_k7f3q2m5x4aa_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    const OTHER: &str = "tg_k7f3q2m5x4ab_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

    #[track_caller]
    fn check(authorization: &[&str], x_api_key: &[&str], expected: Result<&str, Unauthenticated>) {
        let key = presented_key(
            authorization.iter().map(|value| value.as_bytes()),
            x_api_key.iter().map(|value| value.as_bytes()),
        );
        assert_eq!(key.as_ref().map(ApiKeyText::id).map_err(|error| *error), expected);
    }

    #[test]
    fn either_header_carries_the_key() {
        check(&[&format!("Bearer {KEY}")], &[], Ok("k7f3q2m5x4aa"));
        check(&[&format!("bearer  {KEY} ")], &[], Ok("k7f3q2m5x4aa"));
        check(&[], &[KEY], Ok("k7f3q2m5x4aa"));
    }

    #[test]
    fn the_same_key_twice_is_one_credential() {
        check(&[&format!("Bearer {KEY}")], &[KEY], Ok("k7f3q2m5x4aa"));
    }

    #[test]
    fn two_different_keys_are_a_conflict() {
        check(&[&format!("Bearer {KEY}")], &[OTHER], Err(Unauthenticated::Conflicting));
        check(&[], &[KEY, OTHER], Err(Unauthenticated::Conflicting));
    }

    #[test]
    fn another_scheme_is_malformed_even_beside_a_good_key() {
        check(&["Basic dXNlcjpwYXNz"], &[KEY], Err(Unauthenticated::Malformed));
        check(&[&format!("Bearer {KEY}, Bearer {OTHER}")], &[], Err(Unauthenticated::Malformed));
    }

    #[test]
    fn nothing_is_missing() {
        check(&[], &[], Err(Unauthenticated::Missing));
    }
}
