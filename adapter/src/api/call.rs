//! Carries out a call: one request to the API, with its credential, and what came back as a result.
//!
//! Nothing is followed: a redirect is told like any other answer that is not the one asked for.

use std::time::Duration;

use http::header::{ACCEPT, HeaderName, HeaderValue};
use http::{StatusCode, Uri};
use rmcp::model::{CallToolResult, ContentBlock};
use serde_json::{Map, Value};
use web::{Ask, WebError};

use super::Api;
use super::request::{self, Unfit};

/// What requests say of themselves.
const AGENT: &str = concat!("trigate-adapter/", env!("CARGO_PKG_VERSION"));
/// Longest answer that is read.
const ANSWER: usize = 4 << 20;
/// Longest part of an error that is told.
const EXCERPT: usize = 8 << 10;
/// How long an API may take.
const PATIENCE: Duration = Duration::from_secs(120);

/// Why a call gave nothing.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failed {
    #[error("there is no tool `{0}`")]
    NoTool(String),
    #[error("{0}")]
    Arguments(#[from] Unfit),
    #[error("the API's credential could not be found by the control plane, so nothing was sent")]
    NoCredential,
    #[error("the API cannot be reached: {0}")]
    Web(#[from] WebError),
    #[error("the API did not answer within {} s", PATIENCE.as_secs())]
    Silent,
}

impl Api {
    /// Carries out a tool.
    pub(super) async fn call(
        &self,
        tool: &str,
        arguments: &Map<String, Value>,
    ) -> Result<CallToolResult, Failed> {
        let unknown = || Failed::NoTool(tool.chars().take(128).collect());
        let operation = self.operations.get(tool).ok_or_else(unknown)?;
        let uri: Uri = self.source.url.parse().map_err(|_| WebError::Url(self.source.url.clone()))?;
        let mut made = request::make(operation, uri.path(), arguments)?;
        made.headers.insert(ACCEPT, HeaderValue::from_static("application/json, text/*;q=0.5, */*;q=0.1"));
        if let Some((name, value)) = &self.source.credential {
            if value.is_empty() {
                return Err(Failed::NoCredential);
            }
            let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| WebError::Header)?;
            let mut value = HeaderValue::from_str(value).map_err(|_| WebError::Header)?;
            value.set_sensitive(true);
            // Whatever a parameter of the document is called: this one is the gateway's.
            made.headers.insert(name, value);
        }
        let url = origin(&uri) + &made.target;
        let ask = Ask { method: made.method, headers: made.headers, body: made.body, agent: AGENT };
        let exchange = async {
            let mut answer = web::send(&url, ask, ANSWER).await?;
            let media = answer.header("content-type").unwrap_or_default().to_ascii_lowercase();
            let whole = answer.whole().await;
            Ok::<_, WebError>((answer.status, media, whole))
        };
        let (status, media, body) =
            tokio::time::timeout(PATIENCE, exchange).await.map_err(|_| Failed::Silent)??;
        Ok(match body {
            Ok(body) => result(status, &media, &body),
            Err(error) => failure(format!("HTTP {status}, but {error}")),
        })
    }
}

/// Scheme and authority of a URL.
fn origin(uri: &Uri) -> String {
    let authority = uri.authority().map(http::uri::Authority::as_str).unwrap_or_default();
    format!("{}://{authority}", uri.scheme_str().unwrap_or("https"))
}

/// An answer as a result: JSON as it is, text as text.
fn result(status: StatusCode, media: &str, body: &[u8]) -> CallToolResult {
    let is_text = media.is_empty()
        || media.starts_with("text/")
        || media.contains("json")
        || media.contains("xml")
        || media.starts_with("application/x-www-form-urlencoded");
    let text = std::str::from_utf8(body).ok().filter(|_| is_text);
    if !status.is_success() {
        let said = text.unwrap_or_default();
        let part: String = said.chars().take(EXCERPT).collect();
        let cut = if part.len() < said.len() { " …" } else { "" };
        return failure(format!("HTTP {status}\n{part}{cut}").trim_end().to_owned());
    }
    let Some(text) = text else {
        let what = if media.is_empty() { "no type" } else { media };
        return failure(format!(
            "HTTP {status}, but the answer is {} bytes of {what}, which is no text",
            body.len()
        ));
    };
    let mut result = CallToolResult::success(vec![ContentBlock::text(text)]);
    if media.contains("json") {
        result.structured_content = serde_json::from_slice::<Value>(body).ok().filter(Value::is_object);
    }
    result
}

pub(super) fn failure(text: String) -> CallToolResult {
    CallToolResult::error(vec![ContentBlock::text(text)])
}
