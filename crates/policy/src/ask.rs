//! What a server asks of the client, and the part of it that rules go by.
//!
//! Modern servers ask in a result (`inputRequests`), legacy ones by requests on a stream; it is the same question either
//! way, and [`RuleSet::may_ask`](crate::RuleSet::may_ask) answers it.

use std::borrow::Cow;

/// Something a server wants of the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ask<'a> {
    /// That the user fills in a form.
    Form,
    /// That the user opens a page.
    Page {
        /// Its URL, as written.
        url: &'a str,
    },
    /// Its roots.
    Roots,
    /// That its model writes something.
    Sampling,
}

impl Ask<'_> {
    /// The method by which it is asked.
    #[must_use]
    pub fn method(&self) -> &'static str {
        match self {
            Ask::Form | Ask::Page { .. } => "elicitation/create",
            Ask::Roots => "roots/list",
            Ask::Sampling => "sampling/createMessage",
        }
    }
}

/// The host of a page that a user may be sent to, with its port where that is not the usual one.
///
/// None for what is not plainly such a URL: another scheme, credentials before the host, characters that browsers drop
/// or turn into others. `http` is for this very machine only.
pub(crate) fn host_of_page(url: &str) -> Option<Cow<'_, str>> {
    if !url.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\') {
        return None;
    }
    let (scheme, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()) => {
            (host, Some(port))
        }
        Some((_, _)) => return None,
        None => (authority, None),
    };
    if !is_host(host) {
        return None;
    }
    let usual = match scheme.to_ascii_lowercase().as_str() {
        "https" => "443",
        "http" if matches!(host, "localhost" | "127.0.0.1") => "80",
        _ => return None,
    };
    let named = if port.is_none_or(|port| port == usual) { host } else { authority };
    Some(if named.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(named.to_ascii_lowercase())
    } else {
        Cow::Borrowed(named)
    })
}

/// Letters, digits and hyphens in labels; names in other scripts have to come in their ASCII form.
pub(crate) fn is_host(host: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    host.len() <= 253 && host.split('.').all(label)
}

#[cfg(test)]
mod tests {
    use super::host_of_page;

    #[track_caller]
    fn check(url: &str, expected: Option<&str>) {
        assert_eq!(host_of_page(url).as_deref(), expected, "{url}");
    }

    #[test]
    fn a_page_is_known_by_its_host() {
        check("https://login.example.com", Some("login.example.com"));
        check("HTTPS://Login.Example.com:443/a?b=c#d", Some("login.example.com"));
        check("https://login.example.com:8443/", Some("login.example.com:8443"));
        check("http://localhost:3000/cb", Some("localhost:3000"));
    }

    #[test]
    fn what_a_browser_could_read_otherwise_has_no_host() {
        for url in [
            "https://login.example.com@evil.example/",
            "https://login.example.com:pw@evil.example/",
            "https://evil.example\\@login.example.com/",
            "https:\\\\evil.example",
            "https:evil.example",
            "https:///evil.example",
            "https://",
            "https://login.example.com:/",
            "https://log\tin.example.com/",
            " https://login.example.com/",
            "https://login.example.com./",
            "https://\u{ff45}vil.example/",
            "https://[::1]/",
            "http://login.example.com/",
            "javascript://login.example.com/%0aalert(1)",
            "data:text/html,x",
            "ftp://login.example.com/",
            "",
        ] {
            check(url, None);
        }
    }
}
