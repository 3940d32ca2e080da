//! Passwords in URLs and connection strings: `scheme://user:password@host` (RFC 3986, 3.2.1).

use std::ops::Range;

use super::is_placeholder;

/// Longest authority that is read.
const AUTHORITY: usize = 512;

/// The password in the authority that starts at a place, behind `://`.
pub(crate) fn password(text: &str, start: usize) -> Option<Range<usize>> {
    let rest = text.get(start..)?;
    let end = rest.bytes().take(AUTHORITY).position(|byte| byte <= b' ' || b"/?#\"'<>`\\|,;".contains(&byte));
    let authority = match end {
        Some(end) => rest.get(..end)?,
        None if rest.len() <= AUTHORITY => rest,
        None => return None,
    };
    let (userinfo, _) = authority.rsplit_once('@')?;
    let (user, password) = userinfo.split_once(':')?;
    let from = start + user.len() + 1;
    // A user that was redacted has a colon of its own.
    (!user.contains('[') && !password.is_empty() && !is_placeholder(password))
        .then_some(from..from + password.len())
}
