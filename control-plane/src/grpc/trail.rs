//! Reading the audit for people: stored events of a query, and events as they come.

use std::sync::Arc;

use proto::v1::{AuditEvent, AuditFilter, Decision, Gate};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;

use super::status;
use crate::{
    Shared, instant,
    store::{AuditQuery, Cursor, StoreError},
};

/// Events that wait for a slow reader.
const AHEAD: usize = 64;

/// Events on their way to whoever asked.
pub(super) type Events = ReceiverStream<Result<AuditEvent, Status>>;

type Outbound = mpsc::Sender<Result<AuditEvent, Status>>;

/// Why no more events go out.
enum End {
    /// The reader went away.
    Gone,
    Failed(StoreError),
}

impl From<StoreError> for End {
    fn from(error: StoreError) -> Self {
        Self::Failed(error)
    }
}

/// The newest `limit` events (all for 0) that answer the filter, oldest first.
pub(super) async fn query(
    shared: &Arc<Shared>,
    filter: Option<AuditFilter>,
    limit: u32,
) -> Result<Events, Status> {
    let query = checked(filter)?;
    let start = shared.store.audit_start(Arc::clone(&query), limit).await?;
    Ok(stream(
        shared,
        move |shared, outbound| async move { send_stored(&shared, &query, start, &outbound).await },
    ))
}

/// The newest `last` events that answer the filter, and all that follow.
pub(super) async fn tail(
    shared: &Arc<Shared>,
    filter: Option<AuditFilter>,
    last: u32,
) -> Result<Events, Status> {
    let query = checked(filter)?;
    // Before the answer: what is stored once the caller has it must be seen.
    let start = shared.store.audit_start(Arc::clone(&query), last).await?;
    Ok(stream(shared, move |shared, outbound| async move {
        let mut stored = shared.store.audit_stored();
        if last > 0 {
            send_stored(&shared, &query, start, &outbound).await?;
        }
        let mut seen = start.last();
        loop {
            let newest = *stored.borrow_and_update();
            while seen < newest {
                let page = shared.store.audit_after(Arc::clone(&query), seen).await?;
                seen = page.seen;
                send(page.events, &outbound).await?;
            }
            stored.changed().await.map_err(|_| StoreError::Stopped)?;
        }
    }))
}

/// Runs what sends events, until it ends, the reader goes away or the control plane stops.
fn stream<F: Future<Output = Result<(), End>> + Send + 'static>(
    shared: &Arc<Shared>,
    work: impl FnOnce(Arc<Shared>, Outbound) -> F,
) -> Events {
    let (outbound, events) = mpsc::channel(AHEAD);
    let work = work(Arc::clone(shared), outbound.clone());
    let stopped = shared.stopped();
    tokio::spawn(async move {
        let end = tokio::select! {
            end = work => end,
            () = outbound.closed() => Err(End::Gone),
            () = stopped => {
                let _ = outbound.try_send(Err(status::stopping()));
                Ok(())
            }
        };
        if let Err(End::Failed(error)) = end {
            let _ = outbound.send(Err(error.into())).await;
        }
    });
    ReceiverStream::new(events)
}

async fn send_stored(
    shared: &Shared,
    query: &Arc<AuditQuery>,
    start: Cursor,
    outbound: &Outbound,
) -> Result<(), End> {
    let mut next = Some(start);
    while let Some(cursor) = next {
        let page = shared.store.audit_page(Arc::clone(query), cursor).await?;
        send(page.events, outbound).await?;
        next = page.next;
    }
    Ok(())
}

async fn send(events: Vec<AuditEvent>, outbound: &Outbound) -> Result<(), End> {
    for event in events {
        outbound.send(Ok(event)).await.map_err(|_| End::Gone)?;
    }
    Ok(())
}

fn checked(filter: Option<AuditFilter>) -> Result<Arc<AuditQuery>, Status> {
    let filter = filter.unwrap_or_default();
    if let (Some(since), Some(until)) = (filter.since, filter.until)
        && instant::micros(since) >= instant::micros(until)
    {
        return Err(status::invalid("`since` must be before `until`"));
    }
    if Decision::try_from(filter.decision).is_err() {
        return Err(status::invalid(format!(
            "unknown decision `{}`: expected allowed, denied or failed",
            filter.decision
        )));
    }
    if Gate::try_from(filter.gate).is_err() {
        return Err(status::invalid(format!("unknown gate `{}`: expected 2 or 3", filter.gate)));
    }
    Ok(Arc::new(AuditQuery::from(filter)))
}
