//! Follows the policy: one stream, reopened whenever it breaks; the last good revision stays in force meanwhile.

use std::sync::Arc;

use proto::v1::policy_service_client::PolicyServiceClient;
use proto::v1::watch_request::Message;
use proto::v1::{Ack, Hello, Nack, NodeKind, WatchRequest};
use tokio::sync::{mpsc, watch};
use tokio_stream::{StreamExt as _, wrappers::ReceiverStream};

use crate::backoff::Backoff;
use crate::config::{Means, Node};
use crate::revision::Revision;

/// Larger than any document that a person writes.
const LARGEST_SNAPSHOT: usize = 64 << 20;

/// The revision in force; none before the first.
pub(crate) type Current = watch::Receiver<Option<Arc<Revision>>>;

/// Follows the policy for as long as it is polled.
pub(crate) async fn follow(node: Node, means: Means, current: watch::Sender<Option<Arc<Revision>>>) {
    let mut backoff = Backoff::default();
    loop {
        match stream(&node, &means, &current, &mut backoff).await {
            Ok(()) => tracing::warn!("the policy stream ended; the last revision stays in force"),
            Err(status) => {
                tracing::warn!(
                    reason = status.message(),
                    "the policy stream broke; the last revision stays in force"
                );
            }
        }
        backoff.wait().await;
    }
}

async fn stream(
    node: &Node,
    means: &Means,
    current: &watch::Sender<Option<Arc<Revision>>>,
    backoff: &mut Backoff,
) -> Result<(), tonic::Status> {
    let (sender, receiver) = mpsc::channel(16);
    let say = async |message| {
        // The receiving end lives as long as the stream, whose end the loop below sees.
        let _ = sender.send(WatchRequest { message: Some(message) }).await;
    };
    let revision = current.borrow().as_ref().map_or(0, |revision| revision.rules().revision());
    let kind = NodeKind::Adapter.into();
    let version = env!("CARGO_PKG_VERSION").to_owned();
    say(Message::Hello(Hello { kind, node: node.name.clone(), revision, version, ..Hello::default() })).await;
    let mut client =
        PolicyServiceClient::new(node.policy.clone()).max_decoding_message_size(LARGEST_SNAPSHOT);
    let mut snapshots = client.watch(ReceiverStream::new(receiver)).await?.into_inner();
    while let Some(snapshot) = snapshots.next().await.transpose()? {
        backoff.reset();
        let number = snapshot.revision;
        let previous = current.borrow().clone();
        match Revision::from_snapshot(snapshot, previous.as_deref(), means) {
            Ok(revision) => {
                current.send_replace(Some(Arc::new(revision)));
                tracing::info!(revision = number, "policy in force");
                say(Message::Ack(Ack { revision: number })).await;
            }
            Err(error) => {
                tracing::error!(revision = number, %error, "policy refused; the previous one stays in force");
                say(Message::Nack(Nack { revision: number, reason: error.to_string(), wants_whole: false }))
                    .await;
            }
        }
    }
    Ok(())
}
