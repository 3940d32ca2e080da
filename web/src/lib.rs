//! One HTTP request to a server of somebody else's, on a connection of its own.
//!
//! Nothing is followed: a redirect is an answer like any other, so that a credential goes where the document says and
//! nowhere else. No proxy of the environment is used. How much is read, and for how long, the caller bounds.

use std::{
    io,
    net::{IpAddr, ToSocketAddrs},
    sync::{Arc, OnceLock},
    thread,
    time::Duration,
};

use http_body_util::{BodyExt, Full};
use hyper::{
    HeaderMap, Method, Request, StatusCode, Uri,
    body::{Bytes, Incoming},
    client::conn::http1,
    header::{self, HeaderValue},
};
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    sync::oneshot,
    task::JoinHandle,
    time::timeout,
};
use tokio_rustls::{
    TlsConnector,
    rustls::{ClientConfig, RootCertStore, crypto, pki_types::ServerName},
};

/// How long a connection may take to be made.
const CONNECT: Duration = Duration::from_secs(5);

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
    let is_encrypted = match uri.scheme_str() {
        Some("http") => false,
        Some("https") => true,
        _ => return Err(wrong()),
    };
    let host = authority.host().trim_start_matches('[').trim_end_matches(']');
    let port = authority.port_u16().unwrap_or(if is_encrypted { 443 } else { 80 });
    let lost = |source| WebError::Connect { authority: authority.to_string(), source };
    let connected = timeout(CONNECT, connect(host, port)).await;
    let stream = connected.map_err(io::Error::from).and_then(|stream| stream).map_err(lost)?;
    stream.set_nodelay(true).map_err(lost)?;
    let host_header = HeaderValue::from_str(authority.as_str()).map_err(|_| wrong())?;
    let mut request = Request::new(Full::new(Bytes::from(ask.body)));
    *request.method_mut() = ask.method;
    *request.uri_mut() = uri.path_and_query().map(|path| Uri::from(path.clone())).unwrap_or_default();
    *request.headers_mut() = ask.headers;
    request.headers_mut().insert(header::HOST, host_header);
    request.headers_mut().insert(header::USER_AGENT, HeaderValue::from_static(ask.agent));
    if !is_encrypted {
        return exchange(stream, request, limit).await;
    }
    let name = ServerName::try_from(host.to_owned()).map_err(|_| wrong())?;
    let handshake = TlsConnector::from(tls()?).connect(name, stream);
    let encrypted = timeout(CONNECT, handshake).await.map_err(io::Error::from).and_then(|stream| stream);
    exchange(encrypted.map_err(lost)?, request, limit).await
}

async fn connect(host: &str, port: u16) -> io::Result<TcpStream> {
    if let Ok(address) = host.parse::<IpAddr>() {
        return TcpStream::connect((address, port)).await;
    }
    // The system's resolver can take its time. A thread that nobody waits for does not hold up the end of the process,
    // as one of the runtime's would.
    let (found, answer) = oneshot::channel();
    let name = host.to_owned();
    let ask = move || {
        let addresses = (name.as_str(), port).to_socket_addrs().map(Vec::from_iter);
        let _ = found.send(addresses);
    };
    thread::Builder::new().name("resolver".to_owned()).spawn(ask)?;
    let addresses = answer.await.map_err(io::Error::other)??;
    TcpStream::connect(addresses.as_slice()).await
}

async fn exchange(
    stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
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

/// TLS to whom the system's authorities vouch for, read once.
fn tls() -> Result<Arc<ClientConfig>, WebError> {
    static CONFIG: OnceLock<Option<Arc<ClientConfig>>> = OnceLock::new();
    let config = CONFIG.get_or_init(|| {
        let mut roots = RootCertStore::empty();
        let (added, _unusable) =
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        let builder = ClientConfig::builder_with_provider(Arc::new(crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .ok()?;
        (added > 0).then(|| Arc::new(builder.with_root_certificates(roots).with_no_client_auth()))
    });
    config.clone().ok_or(WebError::NoAuthorities)
}
