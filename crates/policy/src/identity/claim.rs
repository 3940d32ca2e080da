//! Claims of a token as values of ours. What is of the wrong kind is not there.

use std::borrow::Cow;

use mcp::{Json, Kind};

use crate::claims::Claim;

/// The claim of this name, or along this path: a claim whose whole name holds dots comes first.
pub(super) fn at<'c>(claims: Json<'c>, name: &str) -> Option<Json<'c>> {
    claims.member(name).or_else(|| name.split('.').try_fold(claims, Json::member))
}

/// A moment in whole seconds (RFC 7519 §2, `NumericDate`); a fraction is cut off.
pub(super) fn seconds(value: Json<'_>) -> Option<u64> {
    if value.kind() != Kind::Number {
        return None;
    }
    let text = value.text();
    let whole = text.split_once('.').map_or(text, |(whole, _)| whole);
    // An exponent or a sign is no form that issuers write.
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    if plain { whole.parse().ok() } else { None }
}

/// One text, or a list of nothing but texts.
pub(super) fn texts(value: Json<'_>) -> Option<Vec<Cow<'_, str>>> {
    match value.kind() {
        Kind::String => Some(vec![value.as_str()?]),
        Kind::Array => value.array()?.into_iter().map(Json::as_str).collect(),
        Kind::Bool | Kind::Null | Kind::Number | Kind::Object => None,
    }
}

/// Scopes: text with blanks (RFC 6749 §3.3), or a list of texts.
pub(super) fn scopes(value: Json<'_>) -> Option<Vec<Cow<'_, str>>> {
    match texts(value)? {
        one if value.kind() == Kind::String => {
            let text = one.into_iter().next().unwrap_or_default();
            Some(
                text.split(' ')
                    .filter(|scope| !scope.is_empty())
                    .map(|scope| scope.to_owned().into())
                    .collect(),
            )
        }
        several => Some(several),
    }
}

/// What rules can compare with: text, whole numbers, `true`, `false`, and lists of them.
pub(super) fn value(value: Json<'_>) -> Option<Claim> {
    match value.kind() {
        Kind::Array => value.array()?.into_iter().map(scalar).collect::<Option<_>>().map(Claim::List),
        _ => scalar(value),
    }
}

fn scalar(value: Json<'_>) -> Option<Claim> {
    match value.kind() {
        Kind::Bool => value.as_bool().map(Claim::Boolean),
        Kind::Number => value.text().parse().ok().map(Claim::Number),
        Kind::String => value.as_str().map(|text| Claim::Text(text.into_owned())),
        Kind::Array | Kind::Null | Kind::Object => None,
    }
}
