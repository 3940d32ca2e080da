//! The gRPC boundary: the control plane as its own process, spoken to by the generated clients as any node would.

mod catalogue;
mod doors;
mod publish;
mod watch;

use anyhow::Result;
use tests::control_plane::ControlPlane;
use tonic::metadata::MetadataValue;
use tonic::service::Interceptor;
use tonic::transport::Channel;
use tonic::{Request, Status};

/// Adds a token to every call.
#[derive(Clone)]
pub(crate) struct Bearer(Option<MetadataValue<tonic::metadata::Ascii>>);

impl Bearer {
    pub(crate) fn of(token: &str) -> Result<Self> {
        Ok(Self(Some(format!("Bearer {token}").parse()?)))
    }

    pub(crate) fn none() -> Self {
        Self(None)
    }
}

impl Interceptor for Bearer {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        if let Some(value) = &self.0 {
            request.metadata_mut().insert("authorization", value.clone());
        }
        Ok(request)
    }
}

pub(crate) async fn channel(control_plane: &ControlPlane) -> Result<Channel> {
    Ok(Channel::from_shared(control_plane.url())?.connect().await?)
}
