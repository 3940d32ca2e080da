//! Plans SQL text on threads of its own: deep texts need deep stacks, and a hostile one must neither overflow the
//! runtime's nor keep it busy.
//!
//! There are few threads and a short queue before them: who comes when it is full is told to come again. The threads
//! start with the first text, because most processes never see one.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use tokio::sync::oneshot;

/// Bytes of a thread's stack; only what is touched becomes memory.
const STACK: usize = 64 << 20;
/// Texts planned at the same time.
const THREADS: usize = 2;
/// Texts that wait.
const QUEUE: usize = 64;

type Job = Box<dyn FnOnce() + Send>;

/// Runs what needs a deep stack.
#[derive(Default)]
pub(crate) struct Planner {
    jobs: OnceLock<Option<SyncSender<Job>>>,
}

/// Nothing came of it: too much is waiting, or the job failed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Overloaded;

impl Planner {
    /// Runs a job and gives its result. Whatever is costly to drop should be dropped within it.
    ///
    /// # Errors
    /// Too much is waiting already, or the job panicked.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Overloaded> {
        let (give, result) = oneshot::channel();
        let job: Job = Box::new(move || {
            // Who asked may have gone.
            if !give.is_closed() {
                let _ = give.send(job());
            }
        });
        let jobs = self.jobs.get_or_init(start).as_ref().ok_or(Overloaded)?;
        match jobs.try_send(job) {
            Ok(()) => result.await.map_err(|_| Overloaded),
            Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) => Err(Overloaded),
        }
    }
}

/// Starts the threads; they end when the planner is dropped.
fn start() -> Option<SyncSender<Job>> {
    let (jobs, queue) = sync_channel(QUEUE);
    let queue = Arc::new(Mutex::new(queue));
    let mut started = 0;
    for number in 0..THREADS {
        let queue = Arc::clone(&queue);
        let thread = std::thread::Builder::new().name(format!("plan-{number}")).stack_size(STACK);
        match thread.spawn(move || work(&queue)) {
            Ok(_) => started += 1,
            Err(error) => tracing::error!(%error, "a thread for planning SQL could not start"),
        }
    }
    (started > 0).then_some(jobs)
}

fn work(queue: &Mutex<Receiver<Job>>) {
    loop {
        let next = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = next else { return };
        // The result's other end is dropped with the job, and that is the answer; the thread lives on.
        if catch_unwind(AssertUnwindSafe(job)).is_err() {
            tracing::error!("planning a statement panicked");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn deep(levels: u64) -> u64 {
        let frame = std::hint::black_box([levels; 64]);
        if levels == 0 { 0 } else { 1 + deep(levels - 1) + frame[0] - levels }
    }

    #[tokio::test]
    async fn a_deep_job_has_the_stack_for_it() {
        assert_eq!(Planner::default().run(|| deep(20_000)).await, Ok(20_000));
    }

    #[tokio::test]
    async fn a_job_that_panics_takes_nothing_with_it() {
        let planner = Planner::default();
        for _ in 0..2 * THREADS {
            assert_eq!(planner.run(|| panic!("on purpose")).await, Err::<(), _>(Overloaded));
        }
        assert_eq!(planner.run(|| 7).await, Ok(7));
    }

    #[tokio::test]
    async fn what_comes_when_the_queue_is_full_is_turned_away() {
        let planner = Planner::default();
        let (open, gate) = std::sync::mpsc::channel::<()>();
        let gate = Arc::new(Mutex::new(gate));
        let wait = || {
            let gate = Arc::clone(&gate);
            planner.run(move || {
                let _ = gate.lock().unwrap().recv();
            })
        };
        let held: Vec<_> = (0..THREADS + QUEUE + 1).map(|_| Box::pin(wait())).collect();
        let mut held = futures::future::join_all(held);
        let turned_away = async {
            // Polled once, all that fit are waiting.
            futures::future::poll_fn(|cx| {
                let _ = std::future::Future::poll(std::pin::Pin::new(&mut held), cx);
                std::task::Poll::Ready(())
            })
            .await;
            planner.run(|| ()).await
        };
        assert_eq!(turned_away.await, Err(Overloaded));
        drop(open);
        held.await;
        assert_eq!(planner.run(|| 1).await, Ok(1));
    }
}
