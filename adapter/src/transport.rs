//! How the adapter reaches the control plane: one kind of client, over the network or within the process.
//!
//! The adapter does not know which it has. A remote transport carries the node's token; an in-process one needs none,
//! because whoever can hand it over already holds the store.

use std::convert::Infallible;
use std::task::{Context, Poll};

use http::{HeaderValue, Request, Response, header::AUTHORIZATION};
use tonic::body::Body;
use tonic::transport::Endpoint;
use tower::util::BoxCloneSyncService;
use tower::{BoxError, Service, ServiceExt as _};

/// A gRPC client's way to its service. Cheap to clone.
#[derive(Clone)]
pub struct Transport(BoxCloneSyncService<Request<Body>, Response<Body>, BoxError>);

/// Why a [`Transport`] could not be made.
#[derive(Debug, thiserror::Error)]
pub enum TransportError {
    /// The address is not a URI.
    #[error("the control plane's address `{address}` is not a URI such as `http://127.0.0.1:15010`")]
    Address {
        /// As given.
        address: String,
    },
    /// The token cannot stand in a header.
    #[error("the node token holds characters that cannot be sent in a header; check the token file")]
    Token,
}

impl Transport {
    /// Over the network, connecting when first used and again whenever the connection is lost.
    ///
    /// # Errors
    /// The address is no URI, or the token is no header value.
    pub fn remote(address: &str, token: &str) -> Result<Self, TransportError> {
        let endpoint = Endpoint::from_shared(address.to_owned())
            .map_err(|_| TransportError::Address { address: address.to_owned() })?
            .connect_timeout(std::time::Duration::from_secs(5))
            .http2_keep_alive_interval(std::time::Duration::from_secs(20))
            .keep_alive_while_idle(true);
        let mut bearer =
            HeaderValue::try_from(format!("Bearer {token}")).map_err(|_| TransportError::Token)?;
        bearer.set_sensitive(true);
        let channel = endpoint.connect_lazy();
        let service = channel
            .map_request(move |mut request: Request<Body>| {
                request.headers_mut().insert(AUTHORIZATION, bearer.clone());
                request
            })
            .map_err(BoxError::from);
        Ok(Self(BoxCloneSyncService::new(service)))
    }

    /// Within the process: `service` is a tonic server such as `PolicyServiceServer`.
    pub fn in_process<S>(service: S) -> Self
    where
        S: Service<Request<Body>, Response = Response<Body>, Error = Infallible>
            + Clone
            + Send
            + Sync
            + 'static,
        S::Future: Send + 'static,
    {
        Self(BoxCloneSyncService::new(service.map_err(|never| match never {})))
    }
}

impl Service<Request<Body>> for Transport {
    type Response = Response<Body>;
    type Error = BoxError;
    type Future =
        <BoxCloneSyncService<Request<Body>, Response<Body>, BoxError> as Service<Request<Body>>>::Future;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        self.0.call(request)
    }
}
