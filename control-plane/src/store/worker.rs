//! A thread of the store: one connection, and a queue of what is to be done with it.

use std::{sync::mpsc, thread};

use proto::v1;
use rusqlite::Connection;
use tokio::sync::{oneshot, watch};

use super::{StoreError, audit};

/// Audit events in one transaction, at most: bounds how long the first of them waits for its acknowledgement.
const GROUP: usize = 20_000;

/// A batch on its way to the writer.
pub(super) struct Publication {
    pub(super) batch: v1::AuditBatch,
    pub(super) stored: oneshot::Sender<Result<u64, StoreError>>,
}

type Job = Box<dyn FnOnce(&mut Connection) + Send>;

pub(super) enum Work {
    Run(Job),
    Publish(Publication),
}

/// One thread with one connection, and the queue of its work.
pub(super) struct Worker {
    queue: Option<mpsc::Sender<Work>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Worker {
    pub(super) fn start(connection: Connection, stored: watch::Sender<i64>) -> Result<Self, StoreError> {
        let (queue, work) = mpsc::channel();
        let thread = thread::Builder::new()
            .name("store".to_owned())
            .spawn(move || labour(connection, &work, &stored))
            .map_err(|_| StoreError::Stopped)?;
        Ok(Self { queue: Some(queue), thread: Some(thread) })
    }

    pub(super) fn queue(&self, work: Work) -> Result<(), StoreError> {
        let queue = self.queue.as_ref().ok_or(StoreError::Stopped)?;
        queue.send(work).map_err(|_| StoreError::Stopped)
    }

    pub(super) async fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (done, answer) = oneshot::channel();
        self.queue(Work::Run(Box::new(move |connection| {
            // Nobody waits any more where the caller went away: the work is done all the same.
            let _ = done.send(job(connection));
        })))?;
        answer.await.map_err(|_| StoreError::Stopped)?
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // Closing the queue ends the thread after what is queued; joining lets SQLite fold its log into the file.
        self.queue = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn labour(mut connection: Connection, work: &mpsc::Receiver<Work>, stored: &watch::Sender<i64>) {
    while let Ok(next) = work.recv() {
        match next {
            Work::Run(job) => job(&mut connection),
            Work::Publish(first) => {
                let (group, interrupted) = gather(first, work);
                commit(&mut connection, group, stored);
                if let Some(job) = interrupted {
                    job(&mut connection);
                }
            }
        }
    }
}

/// The batches that wait already, up to the next job or [`GROUP`] events.
fn gather(first: Publication, work: &mpsc::Receiver<Work>) -> (Vec<Publication>, Option<Job>) {
    let mut events = first.batch.events.len();
    let mut group = vec![first];
    while events < GROUP {
        match work.try_recv() {
            Ok(Work::Publish(next)) => {
                events = events.saturating_add(next.batch.events.len());
                group.push(next);
            }
            Ok(Work::Run(job)) => return (group, Some(job)),
            Err(_) => break,
        }
    }
    (group, None)
}

fn commit(connection: &mut Connection, group: Vec<Publication>, stored: &watch::Sender<i64>) {
    let (batches, waiting): (Vec<_>, Vec<_>) = group.into_iter().map(|one| (one.batch, one.stored)).unzip();
    match audit::insert(connection, &batches) {
        Ok(inserted) => {
            note_stored(stored, inserted.newest);
            for (waiting, sequence) in waiting.into_iter().zip(inserted.sequences) {
                let _ = waiting.send(Ok(sequence));
            }
        }
        Err(error) => {
            tracing::error!(%error, batches = batches.len(), "audit events were not stored; their producers send them again");
            for waiting in waiting {
                let _ = waiting.send(Err(error.clone()));
            }
        }
    }
}

pub(super) fn note_stored(stored: &watch::Sender<i64>, newest: i64) {
    stored.send_if_modified(|known| {
        let newer = newest > *known;
        *known = newest.max(*known);
        newer
    });
}
