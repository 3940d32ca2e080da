//! Carries out a call: what is alike for all APIs, their credentials and bounds.

use std::time::Duration;

use http::HeaderMap;
use http::header::{HeaderName, HeaderValue};
use rmcp::model::{CallToolResult, ContentBlock};
use serde_json::{Map, Value};
use web::WebError;

use super::request::Unfit;
use super::{Api, Carrier, Source, grpc, http as plain};

/// What requests say of themselves.
pub(super) const AGENT: &str = concat!("trigate-adapter/", env!("CARGO_PKG_VERSION"));
/// Longest answer that is read.
pub(super) const ANSWER: usize = 4 << 20;
/// Longest part of an error that is told.
pub(super) const EXCERPT: usize = 8 << 10;
/// How long an API may take.
pub(super) const PATIENCE: Duration = Duration::from_secs(120);

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
    #[error("{0}")]
    Grpc(#[from] grpc::Broken),
}

impl Api {
    /// Carries out a tool.
    pub(super) async fn call(
        &self,
        tool: &str,
        arguments: &Map<String, Value>,
    ) -> Result<CallToolResult, Failed> {
        let unknown = || Failed::NoTool(tool.chars().take(128).collect());
        let url = self.source.url.as_str();
        match &self.carrier {
            Carrier::Http(operations) => {
                let operation = operations.get(tool).ok_or_else(unknown)?;
                plain::call((operation, url), self.source.headers()?, arguments).await
            }
            Carrier::Grpc(service) => {
                let method = service.method(tool).ok_or_else(unknown)?;
                Ok(service.call((method, url), self.source.headers()?, arguments).await?)
            }
        }
    }
}

impl Source {
    /// The header that carries the credential, if there is one.
    fn headers(&self) -> Result<HeaderMap, Failed> {
        let mut headers = HeaderMap::new();
        if let Some((name, value)) = &self.credential {
            if value.is_empty() {
                return Err(Failed::NoCredential);
            }
            let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| WebError::Header)?;
            let mut value = HeaderValue::from_str(value).map_err(|_| WebError::Header)?;
            value.set_sensitive(true);
            headers.insert(name, value);
        }
        Ok(headers)
    }
}

pub(super) fn failure(text: String) -> CallToolResult {
    CallToolResult::error(vec![ContentBlock::text(text)])
}
