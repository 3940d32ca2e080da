//! OTLP over HTTP, on the client that the process has for everything else.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use tokio::runtime::Handle;
use web::Ask;

use super::settings::Target;

/// Longest answer that is read: a receiver has little to say.
const ANSWER: usize = 64 * 1024;

/// Sends from the threads of the exporters on the runtime that was there when it was made.
#[derive(Debug)]
pub(super) struct Client {
    runtime: Handle,
    patience: Duration,
}

impl Client {
    /// A client for a receiver. Made within the runtime.
    pub(super) fn new(target: &Target) -> Self {
        Self { runtime: Handle::current(), patience: target.patience }
    }
}

impl HttpClient for Client {
    fn send_bytes<'me, 'answer>(
        &'me self,
        request: Request<Bytes>,
    ) -> Pin<Box<dyn Future<Output = Result<Response<Bytes>, HttpError>> + Send + 'answer>>
    where
        'me: 'answer,
        Self: 'answer,
    {
        let patience = self.patience;
        // The clock of the runtime is there within it alone.
        let sent = self.runtime.spawn(async move { tokio::time::timeout(patience, send(request)).await });
        Box::pin(async move { sent.await?? })
    }
}

async fn send(request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
    let (head, body) = request.into_parts();
    let ask = Ask {
        method: head.method,
        headers: head.headers,
        body: body.to_vec(),
        agent: concat!("trigate/", env!("CARGO_PKG_VERSION")),
    };
    let mut answer = web::send(&head.uri.to_string(), ask, ANSWER).await?;
    let body = answer.whole().await?;
    let mut response = Response::new(Bytes::from(body));
    *response.status_mut() = answer.status;
    *response.headers_mut() = std::mem::take(&mut answer.headers);
    Ok(response)
}
