//! A connection to a server: resolved, bounded in time, encrypted where the URL says so.

use std::{
    io,
    net::{IpAddr, ToSocketAddrs},
    sync::{Arc, OnceLock},
    thread,
    time::Duration,
};

use hyper::Uri;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    sync::oneshot,
    time::timeout,
};
use tokio_rustls::{
    TlsConnector,
    rustls::{ClientConfig, RootCertStore, crypto, pki_types::ServerName},
};

use crate::WebError;

/// How long a connection may take to be made.
const CONNECT: Duration = Duration::from_secs(5);

/// What will be spoken on a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// HTTP/1.1.
    Http1,
    /// HTTP/2; a server that encrypts has to agree to it, one that does not is taken to know it.
    Http2,
}

/// Bytes both ways.
pub trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

/// Connects to the host of a URL.
///
/// # Errors
/// There is no such URL, nobody is there, nobody vouches for who is, or it speaks another protocol.
pub async fn connect(url: &str, protocol: Protocol) -> Result<Box<dyn Stream>, WebError> {
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
    let connected = timeout(CONNECT, open(host, port)).await;
    let stream = connected.map_err(io::Error::from).and_then(|stream| stream).map_err(lost)?;
    stream.set_nodelay(true).map_err(lost)?;
    if !is_encrypted {
        return Ok(Box::new(stream));
    }
    let name = ServerName::try_from(host.to_owned()).map_err(|_| wrong())?;
    let handshake = TlsConnector::from(tls(protocol)?).connect(name, stream);
    let encrypted = timeout(CONNECT, handshake).await.map_err(io::Error::from).and_then(|stream| stream);
    let stream = encrypted.map_err(lost)?;
    let agreed = stream.get_ref().1.alpn_protocol();
    if protocol == Protocol::Http2 && agreed != Some(b"h2") {
        return Err(lost(io::Error::other("the server does not speak HTTP/2")));
    }
    Ok(Box::new(stream))
}

async fn open(host: &str, port: u16) -> io::Result<TcpStream> {
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

/// TLS to whom the system's authorities vouch for, read once.
fn tls(protocol: Protocol) -> Result<Arc<ClientConfig>, WebError> {
    static CONFIGS: OnceLock<Option<[Arc<ClientConfig>; 2]>> = OnceLock::new();
    let configs = CONFIGS.get_or_init(|| {
        let mut roots = RootCertStore::empty();
        let (added, _unusable) =
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        let builder = ClientConfig::builder_with_provider(Arc::new(crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .ok()?;
        let http1 = builder.with_root_certificates(roots).with_no_client_auth();
        let mut http2 = http1.clone();
        http2.alpn_protocols = vec![b"h2".to_vec()];
        (added > 0).then(|| [http1, http2].map(Arc::new))
    });
    let [http1, http2] = configs.clone().ok_or(WebError::NoAuthorities)?;
    Ok(match protocol {
        Protocol::Http1 => http1,
        Protocol::Http2 => http2,
    })
}
