//! One HTTP request to a server of somebody else's, on a connection of its own; or the connection alone.
//!
//! Nothing is followed: a redirect is an answer like any other, so that a credential goes where the document says and
//! nowhere else. No proxy of the environment is used. How much is read, and for how long, the caller bounds.

mod connection;

use std::io;

use http_body_util::{BodyExt, Full};
use hyper::{
    HeaderMap, Method, Request, StatusCode, Uri,
    body::{Bytes, Incoming},
    client::conn::http1,
    header::{self, HeaderValue},
};
use hyper_util::rt::TokioIo;
use tokio::task::JoinHandle;

pub use connection::{Protocol, Stream, connect};

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WebError {
    /// What was named is no URL of the kind.
    #[error("`{0}` is no URL that can be asked; expected http://host/path or https://host/path")]
    Url(String),
    /// Nobody is there.
    #[error("no connection to `{authority}`: {source}")]
    Connect {
        /// Host and port.
        authority: String,
        /// What the operating system said.
        source: io::Error,
    },
    /// Nobody vouches for anybody.
    #[error(
        "no TLS is possible: the system has no certificate authorities; install the package ca-certificates"
    )]
    NoAuthorities,
    /// It ended before the answer did.
    #[error("the connection broke: {0}")]
    Http(#[from] hyper::Error),
    /// More than was to be read.
    #[error("the answer is longer than {0} bytes")]
    TooLong(usize),
    /// A header that is none.
    #[error("a header cannot be sent: its value is not printable ASCII")]
    Header,
}

/// What is asked.
#[derive(Debug)]
pub struct Ask {
    /// GET, POST, ...
    pub method: Method,
    /// Headers beside those of host and agent.
    pub headers: HeaderMap,
    /// The body, empty for none.
    pub body: Vec<u8>,
    /// What the request says of who asks.
    pub agent: &'static str,
}

/// An answer whose body is still to be read. Dropping it closes the connection.
#[derive(Debug)]
pub struct Answer {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    body: Incoming,
    /// Bytes that may still come.
    room: usize,
    limit: usize,
    connection: JoinHandle<()>,
}

impl Drop for Answer {
    fn drop(&mut self) {
        self.connection.abort();
    }
}

impl Answer {
    /// A header's value, where it is text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The next piece of the body; none at its end.
    ///
    /// # Errors
    /// The connection broke, or the answer is longer than was to be read.
    pub async fn piece(&mut self) -> Result<Option<Bytes>, WebError> {
        while let Some(frame) = self.body.frame().await {
            let Ok(bytes) = frame?.into_data() else { continue };
            self.room = self.room.checked_sub(bytes.len()).ok_or(WebError::TooLong(self.limit))?;
            return Ok(Some(bytes));
        }
        Ok(None)
    }

    /// All of the body.
    ///
    /// # Errors
    /// The connection broke, or the answer is longer than was to be read.
    pub async fn whole(&mut self) -> Result<Vec<u8>, WebError> {
        let mut whole = Vec::new();
        while let Some(piece) = self.piece().await? {
            whole.extend_from_slice(&piece);
        }
        Ok(whole)
    }
}

/// Sends a request and reads the head of its answer; at most `limit` bytes of the body will be read.
///
/// # Errors
/// There is no such URL, nobody is there, or the connection broke.
pub async fn send(url: &str, ask: Ask, limit: usize) -> Result<Answer, WebError> {
    let wrong = || WebError::Url(url.to_owned());
    let uri: Uri = url.parse().map_err(|_| wrong())?;
    let authority =
        uri.authority().filter(|authority| !authority.as_str().contains('@')).ok_or_else(wrong)?;
    let host_header = HeaderValue::from_str(authority.as_str()).map_err(|_| wrong())?;
    let mut request = Request::new(Full::new(Bytes::from(ask.body)));
    *request.method_mut() = ask.method;
    *request.uri_mut() = uri.path_and_query().map(|path| Uri::from(path.clone())).unwrap_or_default();
    *request.headers_mut() = ask.headers;
    request.headers_mut().insert(header::HOST, host_header);
    request.headers_mut().insert(header::USER_AGENT, HeaderValue::from_static(ask.agent));
    let stream = connect(url, Protocol::Http1).await?;
    exchange(stream, request, limit).await
}

async fn exchange(
    stream: Box<dyn Stream>,
    request: Request<Full<Bytes>>,
    limit: usize,
) -> Result<Answer, WebError> {
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    let connection = tokio::spawn(async move {
        // What breaks here, the reader of the answer is told.
        let _ = connection.await;
    });
    let answered = sender.send_request(request).await;
    let (head, body) = match answered {
        Ok(answer) => answer.into_parts(),
        Err(error) => {
            connection.abort();
            return Err(error.into());
        }
    };
    Ok(Answer { status: head.status, headers: head.headers, body, room: limit, limit, connection })
}
