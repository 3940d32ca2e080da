//! The service: who may call it, where it listens, how it ends.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use proto::envoy::service::ext_proc::v3::ProcessingRequest;
use proto::envoy::service::ext_proc::v3::external_processor_server::{
    ExternalProcessor, ExternalProcessorServer,
};
use subtle::ConstantTimeEq as _;
use thiserror::Error;
use tokio::net::TcpListener;
use tokio_stream::wrappers::TcpListenerStream;
use tonic::metadata::{Ascii, MetadataValue};
use tonic::transport::{Endpoint, Server};
use tonic::{Request, Response, Status, Streaming};

use crate::answers::Answers;
use crate::gate::Gate;
use crate::link::Upstream;

/// Largest message; a body is one message, and how large it may be is policy.
const LARGEST: usize = 256 << 20;
/// Exchanges of one connection. Streams of agents stay open for as long as they like.
const EXCHANGES: u32 = 10_000;

/// What the service is started with.
#[derive(Debug)]
pub struct Config {
    /// Where Envoy connects to.
    pub listener: TcpListener,
    /// URL of the control plane.
    pub control_plane: String,
    /// The node token.
    pub token: String,
    /// Name of this gateway in audit rows and `trigate nodes list`.
    pub node: String,
    /// Threads that decide.
    pub threads: NonZeroUsize,
    /// Who may call.
    pub admission: Admission,
}

/// Who may have requests judged. What is answered holds the credentials of servers, so this is not for everybody.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Admission {
    /// Whoever reaches the address: something else keeps strangers away.
    Anyone,
    /// Who shows the node token as `authorization: Bearer`.
    Token,
}

/// Why the service does not serve.
#[derive(Debug, Error)]
pub enum ServeError {
    /// The control plane's address.
    #[error("the control plane's address `{0}` is not a URL such as `http://127.0.0.1:10001`")]
    ControlPlane(String),
    /// The token.
    #[error("the node token holds characters that cannot be sent in a header; check the token file")]
    Token,
    /// A thread.
    #[error("cannot start a thread: {0}")]
    Thread(std::io::Error),
    /// The listener.
    #[error("the service stopped: {0}")]
    Transport(#[from] tonic::transport::Error),
}

struct Service {
    gate: Arc<Gate>,
    token: Option<MetadataValue<Ascii>>,
}

/// Serves until `shutdown` completes, then delivers the decisions that are left.
///
/// # Errors
/// The configuration cannot be used, or the listener fails.
pub async fn serve(config: Config, shutdown: impl Future<Output = ()> + Send) -> Result<(), ServeError> {
    let mut token: MetadataValue<Ascii> =
        format!("Bearer {}", config.token).try_into().map_err(|_| ServeError::Token)?;
    token.set_sensitive(true);
    let endpoint = Endpoint::from_shared(config.control_plane.clone())
        .map_err(|_| ServeError::ControlPlane(config.control_plane))?
        .connect_timeout(Duration::from_secs(5))
        .http2_keep_alive_interval(Duration::from_secs(20))
        .keep_alive_while_idle(true);
    let upstream = Upstream { endpoint, token: token.clone() };
    let gate = Gate::start(config.threads.get(), &config.node, &upstream).map_err(ServeError::Thread)?;
    let gate = Arc::new(gate);
    let token = (config.admission == Admission::Token).then_some(token);
    let service = ExternalProcessorServer::new(Service { gate: Arc::clone(&gate), token })
        .max_decoding_message_size(LARGEST)
        .max_encoding_message_size(LARGEST);
    let served = Server::builder()
        .tcp_nodelay(true)
        .max_concurrent_streams(EXCHANGES)
        .initial_stream_window_size(1 << 20)
        .initial_connection_window_size(16 << 20)
        .add_service(service)
        .serve_with_incoming(TcpListenerStream::new(config.listener));
    let outcome = tokio::select! {
        outcome = served => outcome.map_err(ServeError::from),
        // Connections break with this: what is under way is refused by Envoy, as it has to be.
        () = shutdown => Ok(()),
    };
    gate.stop().await;
    outcome
}

#[tonic::async_trait]
impl ExternalProcessor for Service {
    type ProcessStream = Answers;

    async fn process(
        &self,
        request: Request<Streaming<ProcessingRequest>>,
    ) -> Result<Response<Answers>, Status> {
        if let Some(token) = &self.token {
            let shown = request.metadata().get("authorization").map(MetadataValue::as_bytes);
            if !bool::from(shown.unwrap_or_default().ct_eq(token.as_bytes())) {
                tracing::error!(
                    "a caller does not show the node token, nothing of it passes: see `initial_metadata`"
                );
                return Err(Status::unauthenticated("the caller has to show the node token"));
            }
        }
        self.gate.begin(request.into_inner()).map(Response::new)
    }
}
