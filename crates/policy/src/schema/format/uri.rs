//! URIs of RFC 3986.

use std::net::Ipv6Addr;

/// With a scheme.
pub(super) fn is_uri(text: &str) -> bool {
    scheme(text).is_some_and(is_behind_scheme)
}

/// With a scheme or without.
pub(super) fn is_reference(text: &str) -> bool {
    match scheme(text) {
        Some(rest) => is_behind_scheme(rest),
        // A first segment with a colon would read as a scheme.
        None => {
            let end = text.find(['/', '?', '#']).unwrap_or(text.len());
            !text.get(..end).is_some_and(|segment| segment.contains(':')) && is_behind_scheme(text)
        }
    }
}

/// What stands behind the scheme and its colon.
fn scheme(text: &str) -> Option<&str> {
    let (scheme, rest) = text.split_once(':')?;
    let plain = |sign: u8| sign.is_ascii_alphanumeric() || matches!(sign, b'+' | b'-' | b'.');
    let letter = scheme.starts_with(|first: char| first.is_ascii_alphabetic());
    (letter && scheme.bytes().all(plain)).then_some(rest)
}

fn is_behind_scheme(text: &str) -> bool {
    let (text, fragment) = text.split_once('#').unwrap_or((text, ""));
    let (text, query) = text.split_once('?').unwrap_or((text, ""));
    let path = match text.strip_prefix("//") {
        Some(text) => {
            let end = text.find('/').unwrap_or(text.len());
            let (authority, path) = text.split_at_checked(end).unwrap_or((text, ""));
            if !is_authority(authority) {
                return false;
            }
            path
        }
        None => text,
    };
    is_made_of(path, b":@/") && is_made_of(query, b":@/?") && is_made_of(fragment, b":@/?")
}

/// `user@host:port`; hosts in brackets are addresses of IPv6 or later.
fn is_authority(text: &str) -> bool {
    let (user, host) = text.split_once('@').unwrap_or(("", text));
    let (is_host, port) = match host.strip_prefix('[').map(|host| host.split_once(']')) {
        Some(Some((address, port))) => (address.parse::<Ipv6Addr>().is_ok() || is_future(address), port),
        Some(None) => return false,
        None => {
            let (host, port) =
                host.split_at_checked(host.find(':').unwrap_or(host.len())).unwrap_or((host, ""));
            (is_made_of(host, b""), port)
        }
    };
    let digits = |port: &str| port.bytes().all(|byte| byte.is_ascii_digit());
    is_host && is_made_of(user, b":") && (port.is_empty() || port.strip_prefix(':').is_some_and(digits))
}

/// `v1.fe80`
fn is_future(address: &str) -> bool {
    let Some((version, rest)) = address.strip_prefix(['v', 'V']).and_then(|rest| rest.split_once('.')) else {
        return false;
    };
    let hexadecimal = !version.is_empty() && version.bytes().all(|byte| byte.is_ascii_hexdigit());
    hexadecimal && !rest.is_empty() && !rest.contains('%') && is_made_of(rest, b":")
}

/// Whether a text has only signs that stand for themselves, those given, and `%` with two digits.
fn is_made_of(text: &str, more: &[u8]) -> bool {
    let mut pieces = text.split('%');
    let plain =
        |byte: u8| byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=".contains(&byte) || more.contains(&byte);
    let encoded = |piece: &str| {
        piece.as_bytes().first_chunk::<2>().is_some_and(|code| code.iter().all(u8::is_ascii_hexdigit))
    };
    pieces.next().is_none_or(|first| first.bytes().all(plain))
        && pieces.all(|piece| encoded(piece) && piece.bytes().all(plain))
}
