//! One look at where an issuer's keys are: a URL or a file, within bounds of time and size.

use std::{fs::File, io, io::Read, path::PathBuf, time::Duration};

use engine::jwks::{InvalidKeySet, KeySet, MAX_BYTES};
use hyper::{
    HeaderMap, Method,
    header::{ACCEPT, HeaderValue},
};
use policy::{
    document::identity::Jwks,
    identity::{is_loopback, is_safe_url},
};
use tokio::{task::spawn_blocking, time::timeout};
use url::Url;

use web::{Ask, WebError};

use crate::AGENT;

/// How long an issuer has to answer, redirects included.
const PATIENCE: Duration = Duration::from_secs(10);
/// Most redirects that are followed.
const REDIRECTS: usize = 3;

/// A set of keys, as it came.
#[derive(Debug)]
pub(super) struct Fetched {
    pub(super) jwks: Vec<u8>,
    /// How many of them can be used.
    pub(super) keys: usize,
}

/// Why there are no keys.
#[derive(Debug, thiserror::Error)]
pub(super) enum FetchError {
    #[error("file `{path}` cannot be read by the control plane: {source}", path = path.display())]
    File { path: PathBuf, source: io::Error },
    #[error("{0}")]
    Web(#[from] WebError),
    #[error("`{url}` answered with HTTP {status}")]
    Status { url: String, status: u16 },
    #[error("`{from}` redirects to where keys are not fetched from; expected https")]
    Redirect { from: String },
    #[error("more than {REDIRECTS} redirects")]
    Redirects,
    #[error("no answer within {} seconds", PATIENCE.as_secs())]
    Slow,
    #[error("{place} holds no key set: {source}")]
    KeySet { place: String, source: InvalidKeySet },
}

/// The keys at one place.
pub(super) async fn key_set(place: &Jwks) -> Result<Fetched, FetchError> {
    let (jwks, place) = match place {
        Jwks::File(path) => (file(path.clone()).await?, format!("file `{path}`")),
        Jwks::Uri(uri) => {
            let fetched = timeout(PATIENCE, web(uri)).await.map_err(|_| FetchError::Slow)?;
            (fetched?, format!("`{uri}`"))
        }
    };
    match KeySet::parse(&jwks) {
        Ok(set) => Ok(Fetched { jwks, keys: set.len() }),
        Err(source) => Err(FetchError::KeySet { place, source }),
    }
}

async fn file(path: String) -> Result<Vec<u8>, FetchError> {
    let place = PathBuf::from(&path);
    let read = spawn_blocking(move || {
        let mut bytes = Vec::new();
        // One byte more than is allowed shows that it is too long.
        File::open(path)?.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes)?;
        Ok(bytes)
    });
    let read = read.await.unwrap_or_else(|_| Err(io::ErrorKind::Interrupted.into()));
    read.map_err(|source| FetchError::File { path: place, source })
}

async fn web(uri: &str) -> Result<Vec<u8>, FetchError> {
    let mut url = uri.to_owned();
    for _ in 0..=REDIRECTS {
        let headers = HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static("application/json"))]);
        let ask = Ask { method: Method::GET, headers, body: Vec::new(), agent: AGENT };
        let mut answer = web::send(&url, ask, MAX_BYTES).await?;
        match answer.status.as_u16() {
            200 => return Ok(answer.whole().await?),
            301 | 302 | 303 | 307 | 308 => url = redirected(&url, answer.header("location"), uri)?,
            status => return Err(FetchError::Status { url, status }),
        }
    }
    Err(FetchError::Redirects)
}

/// Where a redirect leads. From the outside it must not lead onto this machine, nor anywhere unencrypted.
fn redirected(from: &str, location: Option<&str>, configured: &str) -> Result<String, FetchError> {
    let refused = || FetchError::Redirect { from: from.to_owned() };
    let target =
        Url::parse(from).and_then(|from| from.join(location.unwrap_or_default())).map_err(|_| refused())?;
    let target = target.to_string();
    // What is configured on this machine may be redirected on it.
    let is_outside = target.starts_with("https://") && !is_loopback(&target);
    if is_safe_url(&target) && (is_outside || is_loopback(configured)) { Ok(target) } else { Err(refused()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(from: &str, location: &str, expected: Option<&str>) {
        assert_eq!(redirected(from, Some(location), from).ok().as_deref(), expected, "{from} to {location}");
    }

    #[test]
    fn redirects_stay_within_the_rule_for_urls() {
        check("https://a.example/k", "/keys", Some("https://a.example/keys"));
        check("https://a.example/k", "https://b.example/keys", Some("https://b.example/keys"));
        check("http://127.0.0.1:1/k", "http://127.0.0.1:2/k", Some("http://127.0.0.1:2/k"));
        for inside in [
            "http://a.example/k",
            "http://127.0.0.1/k",
            "http://localhost/k",
            "https://127.0.0.1/k",
            "file:///etc/passwd",
            "ftp://a",
        ] {
            check("https://a.example/k", inside, None);
        }
        check("http://127.0.0.1:1/k", "http://10.0.0.1/k", None);
        assert!(
            redirected("https://a.example/k", Some("https://user@b.example/k"), "https://a.example/k")
                .is_err()
        );
    }
}
