//! Serving on a socket: who may call what, health, reflection, and an end that does not hang.
//!
//! Plain HTTP/2: where nodes are on other machines, a TLS proxy or a mesh stands before it.

use std::{sync::Arc, time::Duration};

use proto::v1::{
    admin_service_server::AdminServiceServer, audit_service_server::AuditServiceServer,
    policy_service_server::PolicyServiceServer,
};
use tokio::net::TcpListener;
use tonic::{
    Request, Status,
    service::{Interceptor, interceptor::InterceptedService},
    transport::{Server, server::TcpIncoming},
};

use crate::{
    AdminDesk, AuditDesk, ControlPlane, PolicyDesk, catalogue, grpc, key_sets, telemetry,
    tokens::{ADMIN_FILE, NODE_FILE, Token, Tokens},
};

/// How often a silent connection is asked whether it is still there, and how long it has to answer.
const KEEPALIVE: Duration = Duration::from_secs(20);
/// How long connections have to end after a shutdown.
const GRACE: Duration = Duration::from_secs(3);

/// Why the control plane does not serve.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServeError {
    /// The reflection service could not read the contract.
    #[error("the reflection service failed: {0}")]
    Reflection(#[from] tonic_reflection::server::Error),
    /// The socket failed.
    #[error("the control plane's socket failed: {0}")]
    Transport(#[from] tonic::transport::Error),
}

impl ControlPlane {
    /// Serves until `shutdown` completes; streams are then ended, and what was received is stored.
    ///
    /// # Errors
    /// The socket failed.
    pub async fn serve(
        self,
        listener: TcpListener,
        tokens: Tokens,
        shutdown: impl Future<Output = ()>,
    ) -> Result<(), ServeError> {
        let node = Bearer { token: tokens.node, file: NODE_FILE };
        let admin = Bearer { token: tokens.admin, file: ADMIN_FILE };
        let (health, health_service) = tonic_health::server::health_reporter();
        health.set_serving::<PolicyServiceServer<PolicyDesk>>().await;
        health.set_serving::<AuditServiceServer<AuditDesk>>().await;
        health.set_serving::<AdminServiceServer<AdminDesk>>().await;
        let reflection = || {
            tonic_reflection::server::Builder::configure()
                .register_encoded_file_descriptor_set(proto::DESCRIPTORS)
                .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
        };
        let incoming = TcpIncoming::from(listener).with_nodelay(Some(true)).with_keepalive(Some(KEEPALIVE));
        let router = Server::builder()
            .http2_keepalive_interval(Some(KEEPALIVE))
            .http2_keepalive_timeout(Some(KEEPALIVE))
            .layer(telemetry::Calls)
            .add_service(InterceptedService::new(self.policy_service(), node.clone()))
            .add_service(InterceptedService::new(self.rate_limit_service(), node.clone()))
            .add_service(InterceptedService::new(self.audit_service(), node))
            .add_service(InterceptedService::new(self.admin_service(), admin))
            .add_service(health_service)
            .add_service(reflection().build_v1()?)
            .add_service(reflection().build_v1alpha()?);
        tokio::spawn(catalogue::asker::run(Arc::downgrade(&self.shared)));
        tokio::spawn(key_sets::run(Arc::downgrade(&self.shared)));
        let stopped = self.shared.stopped();
        let served = router.serve_with_incoming_shutdown(incoming, stopped);
        let late = async {
            shutdown.await;
            self.shared.stopping.send_replace(true);
            tokio::time::sleep(GRACE).await;
        };
        tokio::select! {
            served = served => Ok(served?),
            () = late => Ok(()),
        }
    }
}

/// Lets through who shows the token.
#[derive(Clone)]
struct Bearer {
    token: Token,
    /// The file the token is in, for the refusal.
    file: &'static str,
}

impl Interceptor for Bearer {
    fn call(&mut self, request: Request<()>) -> Result<Request<()>, Status> {
        let mut shown = request.metadata().get_all("authorization").iter();
        let right = match (shown.next(), shown.next()) {
            (Some(value), None) => bearer(value.as_bytes()).is_some_and(|token| self.token.is(token)),
            _ => false,
        };
        if right { Ok(request) } else { Err(grpc::unauthenticated(self.file)) }
    }
}

/// The token of `Bearer TOKEN`; the scheme's name is the same in any case.
fn bearer(value: &[u8]) -> Option<&[u8]> {
    let (scheme, token) = value.split_at_checked(b"bearer ".len())?;
    scheme.eq_ignore_ascii_case(b"bearer ").then_some(token)
}
