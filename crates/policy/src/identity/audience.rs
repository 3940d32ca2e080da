//! Whom a token is for (RFC 7519 §4.1.3), and which endpoints that opens (RFC 8707).

use std::borrow::Cow;

/// Audiences of which a token must have one.
#[derive(Debug, Clone, Default)]
pub(crate) struct Audiences {
    /// Canonical; empty where the URL of each endpoint is its audience.
    pub(crate) named: Vec<String>,
    /// The canonical public URL.
    pub(crate) base: String,
}

/// Which endpoints an accepted token is good for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// All of them.
    Everywhere,
    /// Those of these paths.
    Endpoints(Vec<String>),
}

impl Reach {
    /// Whether the endpoint of this path is among them.
    #[must_use]
    pub fn has(&self, path: &str) -> bool {
        match self {
            Reach::Everywhere => true,
            Reach::Endpoints(paths) => paths.iter().any(|known| known == bare(path)),
        }
    }
}

impl Audiences {
    /// What the values of `aud` open; none where none of them is ours.
    pub(super) fn reach(&self, audience: &[Cow<'_, str>]) -> Option<Reach> {
        let mut paths = Vec::new();
        for value in audience {
            let value = canonical(value);
            let path = self.path(&value);
            let ours = if self.named.is_empty() { path.is_some() } else { self.named.contains(&value) };
            match path {
                _ if !ours => {}
                // The URL of one endpoint opens that one, whatever the document lists beside it.
                Some(path) => paths.push(path.to_owned()),
                None => return Some(Reach::Everywhere),
            }
        }
        (!paths.is_empty()).then_some(Reach::Endpoints(paths))
    }

    /// The path of the endpoint whose URL this is.
    pub(crate) fn path<'v>(&self, value: &'v str) -> Option<&'v str> {
        let path = value.strip_prefix(&self.base).filter(|_| !self.base.is_empty())?;
        path.starts_with('/').then_some(path)
    }
}

/// The form in which URLs are compared: scheme and host in lower case, no `/` at the end. Other text stays as it is.
pub(crate) fn canonical(value: &str) -> String {
    let Some((scheme, rest)) = value.split_once("://") else { return value.to_owned() };
    let end = rest.find('/').unwrap_or(rest.len());
    let (host, path) = rest.split_at_checked(end).unwrap_or((rest, ""));
    let (scheme, host) = (scheme.to_ascii_lowercase(), host.to_ascii_lowercase());
    format!("{scheme}://{host}{}", bare(path))
}

fn bare(path: &str) -> &str {
    path.strip_suffix('/').unwrap_or(path)
}
