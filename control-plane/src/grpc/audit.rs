//! `AuditService`: what both gates decided, into the store.

use std::{pin::Pin, sync::Arc};

use futures::{Stream, StreamExt};
use proto::v1::{AuditAck, AuditBatch, AuditEvent, audit_service_server::AuditService};
use tonic::{Request, Response, Status, Streaming};

use super::status;
use crate::Shared;

/// The service.
pub struct AuditDesk {
    shared: Arc<Shared>,
}

impl AuditDesk {
    pub(crate) fn new(shared: Arc<Shared>) -> Self {
        Self { shared }
    }
}

#[tonic::async_trait]
impl AuditService for AuditDesk {
    type PublishStream = Pin<Box<dyn Stream<Item = Result<AuditAck, Status>> + Send>>;

    async fn publish(
        &self,
        request: Request<Streaming<AuditBatch>>,
    ) -> Result<Response<Self::PublishStream>, Status> {
        let inbound = request.into_inner().take_until(self.shared.stopped());
        // One batch of a stream at a time: were a later batch stored after an earlier one failed, the earlier one's
        // events would look like duplicates when they are sent again. Batches of many streams are committed together.
        let acks = futures::stream::try_unfold(
            (Box::pin(inbound), Arc::clone(&self.shared)),
            |(mut inbound, shared)| async {
                let Some(batch) = inbound.next().await.transpose()? else { return Ok(None) };
                let ack = store(&shared, batch).await?;
                Ok(Some((ack, (inbound, shared))))
            },
        );
        Ok(Response::new(Box::pin(acks)))
    }
}

async fn store(shared: &Shared, batch: AuditBatch) -> Result<AuditAck, Status> {
    if batch.producer.is_empty() {
        return Err(status::invalid("`producer` must name the producer"));
    }
    let events = batch.events.len() as u64;
    let last = batch.first_sequence.checked_add(events).filter(|last| i64::try_from(*last).is_ok());
    if last.is_none() || (batch.first_sequence == 0 && events != 0) {
        return Err(status::invalid("`first_sequence` must count from 1 and fit 63 bits"));
    }
    for server in batch.events.iter().filter_map(unpinned) {
        shared.offers.want(server);
    }
    let sequence = shared.store.publish(batch).await?;
    Ok(AuditAck { sequence })
}

/// The server whose pins decided an event: it may offer what the catalogue does not have yet.
fn unpinned(event: &AuditEvent) -> Option<&str> {
    let server = event.rule.strip_prefix("servers.")?.strip_suffix(".pins: enforce");
    server.or_else(|| event.rule.strip_prefix("servers.")?.strip_suffix(".pins: observe"))
}
