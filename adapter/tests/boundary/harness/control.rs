//! The control plane's two services, as far as an adapter talks to them, played by the test.

use std::pin::Pin;
use std::sync::{Arc, Mutex};

use proto::v1::audit_service_server::AuditService;
use proto::v1::policy_service_server::PolicyService;
use proto::v1::watch_request::Message;
use proto::v1::{
    AuditAck, AuditBatch, AuditEvent, OfferRequest, OfferResponse, RoleOffer, Snapshot, WatchRequest,
};
use tokio::sync::watch;
use tokio_stream::{Stream, StreamExt as _, wrappers::WatchStream};
use tonic::{Request, Response, Status, Streaming};

/// What the adapter was told, and what it said.
#[derive(Clone)]
pub(crate) struct Control {
    newest: watch::Sender<Option<Snapshot>>,
    seen: Arc<Mutex<Seen>>,
}

/// What the adapter said.
#[derive(Default)]
pub(crate) struct Seen {
    pub(crate) acknowledged: u64,
    pub(crate) refused: Vec<(u64, String)>,
    pub(crate) events: Vec<AuditEvent>,
    /// The last lists of tools, and their digest.
    pub(crate) offered: (String, Vec<RoleOffer>),
}

impl Default for Control {
    fn default() -> Self {
        Self { newest: watch::Sender::new(None), seen: Arc::default() }
    }
}

impl Control {
    pub(crate) fn push(&self, snapshot: Snapshot) {
        self.newest.send_replace(Some(snapshot));
    }

    pub(crate) fn with<T>(&self, look: impl FnOnce(&Seen) -> T) -> T {
        look(&self.seen.lock().unwrap())
    }

    pub(crate) async fn until(&self, holds: impl Fn(&Seen) -> bool) {
        super::eventually("what the test waits for at the control plane", || self.with(&holds)).await;
    }
}

type Replies<T> = Pin<Box<dyn Stream<Item = Result<T, Status>> + Send>>;

#[tonic::async_trait]
impl PolicyService for Control {
    type WatchStream = Replies<Snapshot>;

    async fn watch(
        &self,
        request: Request<Streaming<WatchRequest>>,
    ) -> Result<Response<Self::WatchStream>, Status> {
        let mut said = request.into_inner();
        let seen = Arc::clone(&self.seen);
        tokio::spawn(async move {
            while let Some(Ok(request)) = said.next().await {
                let mut seen = seen.lock().unwrap();
                match request.message {
                    Some(Message::Ack(ack)) => seen.acknowledged = ack.revision,
                    Some(Message::Nack(nack)) => seen.refused.push((nack.revision, nack.reason)),
                    Some(Message::Hello(_)) | None => {}
                }
            }
        });
        let snapshots = WatchStream::new(self.newest.subscribe()).filter_map(|snapshot| snapshot.map(Ok));
        Ok(Response::new(Box::pin(snapshots)))
    }

    async fn offer(&self, request: Request<OfferRequest>) -> Result<Response<OfferResponse>, Status> {
        let (request, mut seen) = (request.into_inner(), self.seen.lock().unwrap());
        let known = request.digest == seen.offered.0;
        if !request.offers.is_empty() {
            seen.offered = (request.digest, request.offers);
        }
        Ok(Response::new(OfferResponse { wanted: vec!["shop".to_owned()], known }))
    }
}

#[tonic::async_trait]
impl AuditService for Control {
    type PublishStream = Replies<AuditAck>;

    async fn publish(
        &self,
        request: Request<Streaming<AuditBatch>>,
    ) -> Result<Response<Self::PublishStream>, Status> {
        let seen = Arc::clone(&self.seen);
        let acks = request.into_inner().map(move |batch| {
            let batch = batch?;
            let sequence = batch.first_sequence + batch.events.len() as u64 - 1;
            seen.lock().unwrap().events.extend(batch.events);
            Ok(AuditAck { sequence })
        });
        Ok(Response::new(Box::pin(acks)))
    }
}
