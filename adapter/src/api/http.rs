//! One HTTP request to an API of OpenAPI, with its credential, and what came back as a result.
//!
//! Nothing is followed: a redirect is told like any other answer that is not the one asked for.

use http::header::{ACCEPT, HeaderValue};
use http::{HeaderMap, StatusCode, Uri};
use rmcp::model::{CallToolResult, ContentBlock};
use serde_json::{Map, Value};
use web::{Ask, WebError};

use super::call::{AGENT, ANSWER, EXCERPT, Failed, PATIENCE, failure};
use super::openapi::Operation;
use super::request;

/// Carries out an operation of the API at a URL, with these headers.
pub(super) async fn call(
    (operation, url): (&Operation, &str),
    headers: HeaderMap,
    arguments: &Map<String, Value>,
) -> Result<CallToolResult, Failed> {
    let uri: Uri = url.parse().map_err(|_| WebError::Url(url.to_owned()))?;
    let mut made = request::make(operation, uri.path(), arguments)?;
    made.headers.insert(ACCEPT, HeaderValue::from_static("application/json, text/*;q=0.5, */*;q=0.1"));
    // Whatever a parameter of the document is called: these are the gateway's.
    for (name, value) in &headers {
        made.headers.insert(name, value.clone());
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
