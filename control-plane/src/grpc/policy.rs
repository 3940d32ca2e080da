//! `PolicyService`: one stream for each node, on which it gets every revision.

use std::{sync::Arc, time::Duration};

use proto::v1::{
    Hello, NodeKind, OfferRequest, OfferResponse, Snapshot, WatchRequest,
    policy_service_server::PolicyService, watch_request::Message,
};
use tokio::{
    sync::{Notify, mpsc},
    time::timeout,
};
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status, Streaming};

use super::status;
use crate::{Shared, catalogue::roles, nodes::Connection, telemetry};

/// How long a node has to say hello.
const PATIENCE: Duration = Duration::from_secs(10);

/// The service.
pub struct PolicyDesk {
    shared: Arc<Shared>,
}

impl PolicyDesk {
    pub(crate) fn new(shared: Arc<Shared>) -> Self {
        Self { shared }
    }
}

type Outbound = mpsc::Sender<Result<Snapshot, Status>>;

#[tonic::async_trait]
impl PolicyService for PolicyDesk {
    type WatchStream = ReceiverStream<Result<Snapshot, Status>>;

    async fn watch(
        &self,
        request: Request<Streaming<WatchRequest>>,
    ) -> Result<Response<Self::WatchStream>, Status> {
        let (outbound, snapshots) = mpsc::channel(1);
        let shared = Arc::clone(&self.shared);
        let inbound = request.into_inner();
        // The answer must not wait for the hello: a client may wait for the answer before it says it.
        tokio::spawn(async move {
            let stopped = shared.stopped();
            let end = tokio::select! {
                end = attend(&shared, inbound, &outbound) => end,
                () = outbound.closed() => Ok(()),
                () = stopped => Err(status::stopping()),
            };
            if let Err(status) = end {
                // A node that is gone already needs no reason.
                let _ = outbound.try_send(Err(status));
            }
        });
        Ok(Response::new(ReceiverStream::new(snapshots)))
    }

    async fn offer(&self, request: Request<OfferRequest>) -> Result<Response<OfferResponse>, Status> {
        let request = request.into_inner();
        if request.node.is_empty() {
            return Err(status::invalid("`node` must name the node"));
        }
        Ok(Response::new(roles::hear(&self.shared, request).await?))
    }
}

async fn attend(
    shared: &Shared,
    mut inbound: Streaming<WatchRequest>,
    outbound: &Outbound,
) -> Result<(), Status> {
    let hello = match timeout(PATIENCE, inbound.message()).await.map_err(|_| status::silent())?? {
        Some(WatchRequest { message: Some(Message::Hello(hello)) }) => checked(hello)?,
        Some(_) => return Err(status::invalid("expected `hello` as the first message")),
        None => return Ok(()),
    };
    let name = hello.node.as_str();
    tracing::info!(node = name, version = hello.version, revision = hello.revision, "node connected");
    let node = shared.nodes.join(&hello);
    let whole_wanted = Notify::new();
    let ended = tokio::select! {
        ended = push(shared, &hello, outbound, &whole_wanted) => ended,
        ended = hear(inbound, &hello, &node, &whole_wanted) => ended,
    };
    tracing::info!(node = name, "node disconnected");
    ended
}

/// Sends the newest snapshot at once, and every later one. A node that reads slowly skips those it was too slow for.
///
/// Where only keys have changed since the one before, that is all that is sent to a node that takes it; should the node
/// refuse it, the whole follows.
async fn push(
    shared: &Shared,
    hello: &Hello,
    outbound: &Outbound,
    whole_wanted: &Notify,
) -> Result<(), Status> {
    let mut published = shared.ledger.subscribe();
    let mut sent = None;
    loop {
        let newest = published.borrow_and_update().clone();
        if let Some(newest) = newest
            && let Some(snapshot) = newest.for_node(hello.kind(), sent)
        {
            if outbound.send(Ok(snapshot)).await.is_err() {
                return Ok(());
            }
            telemetry::snapshot(hello.kind(), telemetry::Snapshot::Pushed);
            sent = hello.takes_key_changes.then_some(newest.serial);
        }
        tokio::select! {
            changed = published.changed() => changed.map_err(|_| status::stopping())?,
            () = whole_wanted.notified() => sent = None,
        }
    }
}

/// Takes down what the node says of the snapshots it got.
async fn hear(
    mut inbound: Streaming<WatchRequest>,
    hello: &Hello,
    node: &Connection,
    whole_wanted: &Notify,
) -> Result<(), Status> {
    let (kind, name) = (hello.kind(), hello.node.as_str());
    while let Some(request) = inbound.message().await? {
        match request.message {
            Some(Message::Ack(ack)) => {
                tracing::debug!(node = name, revision = ack.revision, "revision taken");
                telemetry::snapshot(kind, telemetry::Snapshot::Taken);
                node.acknowledge(ack);
            }
            Some(Message::Nack(nack)) => {
                let (revision, reason) = (nack.revision, &nack.reason);
                telemetry::snapshot(kind, telemetry::Snapshot::Refused);
                if nack.wants_whole {
                    tracing::warn!(
                        node = name,
                        revision,
                        reason,
                        "change of keys refused; the whole policy follows"
                    );
                    whole_wanted.notify_one();
                } else {
                    tracing::error!(node = name, revision, reason, "revision refused");
                    node.refuse(&nack);
                }
            }
            Some(Message::Hello(_)) => {
                return Err(status::invalid("`hello` comes once, as the first message"));
            }
            None => return Err(status::invalid("expected `ack` or `nack`")),
        }
    }
    // A node that has nothing more to say still listens.
    std::future::pending().await
}

fn checked(hello: Hello) -> Result<Hello, Status> {
    if hello.kind() == NodeKind::Unspecified {
        return Err(status::invalid("`hello.kind` must say gateway or adapter"));
    }
    if hello.node.is_empty() {
        return Err(status::invalid("`hello.node` must name the node"));
    }
    Ok(hello)
}
