//! A few threads, each with its own policy, outbox and streams to the control plane, as the workers of a proxy have them.
//!
//! What the engine holds belongs to one thread; an exchange stays on the thread that began it.

use std::rc::Rc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use node::{Memory, Worker};
use proto::envoy::service::ext_proc::v3::ProcessingRequest;
use tokio::runtime::Builder;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::oneshot;
use tokio::task::LocalSet;
use tonic::{Status, Streaming};

use crate::answers::{self, Answers, Speaker};
use crate::course;
use crate::link::{self, Upstream};

/// How long the last decisions have to reach the control plane.
const GRACE: Duration = Duration::from_secs(2);
/// How often leases of what runs are looked after.
const RENEWAL: Duration = Duration::from_secs(1);
/// How often it is looked whether they have.
const GLANCE: Duration = Duration::from_millis(20);

/// The threads.
pub(crate) struct Gate {
    threads: Vec<Thread>,
    next: AtomicUsize,
}

struct Thread {
    orders: UnboundedSender<Order>,
    ended: Mutex<Option<oneshot::Receiver<()>>>,
}

enum Order {
    Attend(Box<Streaming<ProcessingRequest>>, Speaker),
    Stop,
}

impl Gate {
    /// Starts so many threads.
    pub(crate) fn start(threads: usize, node: &str, upstream: &Upstream) -> std::io::Result<Gate> {
        let counts = Memory::default();
        let thread = |_| Thread::start(node.to_owned(), upstream.clone(), counts.clone());
        let threads = (0..threads).map(thread).collect::<Result<_, _>>();
        Ok(Gate { threads: threads?, next: AtomicUsize::new(0) })
    }

    /// Gives an exchange to the next thread.
    pub(crate) fn begin(&self, requests: Streaming<ProcessingRequest>) -> Result<Answers, Status> {
        let gone = || Status::unavailable("the gate is stopping");
        let turn = self.next.fetch_add(1, Ordering::Relaxed) % self.threads.len().max(1);
        let thread = self.threads.get(turn).ok_or_else(gone)?;
        let (speaker, answers) = answers::pair();
        thread.orders.send(Order::Attend(Box::new(requests), speaker)).map_err(|_| gone())?;
        Ok(answers)
    }

    /// Lets the threads deliver what they still hold, and ends them.
    pub(crate) async fn stop(&self) {
        for thread in &self.threads {
            // A thread that is gone needs no order.
            let _ = thread.orders.send(Order::Stop);
        }
        for thread in &self.threads {
            let ended = thread.ended.lock().unwrap_or_else(PoisonError::into_inner).take();
            if let Some(ended) = ended
                && ended.await.is_err()
            {
                tracing::error!("a thread of the gate has failed");
            }
        }
    }
}

impl Thread {
    fn start(node: String, upstream: Upstream, counts: Memory) -> std::io::Result<Thread> {
        let (orders, given) = unbounded_channel();
        let (end, ended) = oneshot::channel();
        let runtime = Builder::new_current_thread().enable_all().build()?;
        std::thread::Builder::new().name("gate".to_owned()).spawn(move || {
            LocalSet::new().block_on(&runtime, run(&node, (upstream, counts), given));
            // Who waits for the end may have gone.
            let _ = end.send(());
        })?;
        Ok(Thread { orders, ended: Mutex::new(Some(ended)) })
    }
}

async fn run(node: &str, (upstream, counts): (Upstream, Memory), mut orders: UnboundedReceiver<Order>) {
    let worker = Rc::new(Worker::new(node, entropy()).counting_in(Box::new(counts)));
    let way = upstream.connect();
    let links = [
        tokio::task::spawn_local(link::follow(Rc::clone(&worker), way.clone())),
        tokio::task::spawn_local(link::deliver(Rc::clone(&worker), way.clone())),
        tokio::task::spawn_local(renew(Rc::clone(&worker))),
    ];
    while let Some(Order::Attend(requests, speaker)) = orders.recv().await {
        tokio::task::spawn_local(course::attend((Rc::clone(&worker), way.clone()), *requests, speaker));
    }
    let delivered = async {
        while !worker.outbox.borrow().is_empty() {
            tokio::time::sleep(GLANCE).await;
        }
    };
    if tokio::time::timeout(GRACE, delivered).await.is_err() {
        tracing::warn!("stopped before all decisions were acknowledged");
    }
    links.iter().for_each(tokio::task::JoinHandle::abort);
}

/// Says again and again that what runs on this thread still runs.
async fn renew(worker: Rc<Worker>) {
    loop {
        tokio::time::sleep(RENEWAL).await;
        worker.look_at_clock(now_ms());
        worker.renew();
    }
}

/// Unix time in milliseconds.
pub(crate) fn now_ms() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(now.as_millis()).unwrap_or(u64::MAX)
}

/// 128 random bits: identifiers must differ between threads.
fn entropy() -> u128 {
    let mut bytes = [0; 16];
    if getrandom::fill(&mut bytes).is_err() {
        tracing::warn!("the system gives no randomness: identifiers of this thread start from its clock");
        return u128::from(now_ms());
    }
    u128::from_le_bytes(bytes)
}
