//! Waits until a part serves, or says why it never will.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};

use anyhow::bail;
use proto::v1::{ListNodesRequest, NodeKind};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{Ground, Handles};
use crate::state::{Beacon, StateDir};
use crate::supervise::{Handle, Program};
use crate::target::Admin;

/// How long a part may take before something is wrong.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long every worker may take to report its policy, before one that answers is enough.
const ALL_WORKERS: Duration = Duration::from_secs(15);
/// How long a number of workers has to last to be all of them.
const SETTLE: Duration = Duration::from_millis(500);
const PAUSE: Duration = Duration::from_millis(25);

/// Waits for the control plane.
pub(super) async fn control_plane(
    state: &StateDir,
    handle: &mut Handle,
    program: &Program,
) -> anyhow::Result<Beacon> {
    let listening = async {
        loop {
            if let Some(beacon) = state.beacon() {
                return beacon;
            }
            tokio::time::sleep(PAUSE).await;
        }
    };
    tokio::select! {
        beacon = listening => Ok(beacon),
        how = handle.failed() => bail!("{}", obituary(program, &how)),
        () = tokio::time::sleep(PATIENCE) => bail!("the control plane does not begin to serve: see `{}`", program.log.display()),
    }
}

/// Waits until Envoy answers and its filter has the policy.
pub(super) async fn envoy(
    ground: &Ground,
    admin: &mut Admin,
    handles: &mut Handles,
    program: &Program,
    revision: u64,
) -> anyhow::Result<()> {
    let address = match ground.listen {
        any if any.ip().is_unspecified() => SocketAddr::from((Ipv4Addr::LOCALHOST, any.port())),
        given => given,
    };
    let ready = async {
        if every_worker(admin, revision, ground.workers as usize).await {
            while TcpStream::connect(address).await.is_err() {
                tokio::time::sleep(PAUSE).await;
            }
            return;
        }
        // Some worker does not report: ask one. The filter says 503 until it has a policy, and anything else (to a caller
        // without a key: 401 or 404) afterwards. It is not asked without need, because its answers are in the audit.
        while !matches!(probe(address).await, Ok(status) if status != 503) {
            tokio::time::sleep(PAUSE).await;
        }
    };
    tokio::select! {
        () = ready => Ok(()),
        how = handles.envoy.failed() => bail!("{}", obituary(program, &how)),
        () = tokio::time::sleep(PATIENCE) => {
            bail!("Envoy runs, but its filter got no policy from the control plane: see `{}`", program.log.display())
        }
    }
}

/// Waits until every worker runs under the revision; false where some do not in time.
async fn every_worker(admin: &mut Admin, revision: u64, workers: usize) -> bool {
    let began = Instant::now();
    let mut before = 0;
    while began.elapsed() < ALL_WORKERS {
        let now = workers_at(admin, revision).await;
        // Envoy's main thread has an instance of the filter as well, and so counts as one: wait for all of them, or for a
        // number that no longer grows.
        if now > workers || (now == workers && now == before) {
            return true;
        }
        before = now;
        tokio::time::sleep(if now == workers { SETTLE } else { PAUSE }).await;
    }
    false
}

/// Filter instances that run under the revision.
async fn workers_at(admin: &mut Admin, revision: u64) -> usize {
    let Ok(listed) = admin.client.list_nodes(ListNodesRequest {}).await else { return 0 };
    let nodes = listed.into_inner().nodes;
    nodes.iter().filter(|node| node.kind() == NodeKind::Gateway && node.revision >= revision).count()
}

/// The HTTP status a caller without a key gets.
async fn probe(address: SocketAddr) -> std::io::Result<u16> {
    let exchange = async {
        let mut stream = TcpStream::connect(address).await?;
        let request = format!("GET / HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await?;
        let mut head = [0; 12]; // HTTP/1.1 200
        stream.read_exact(&mut head).await?;
        let status = head.get(9..).and_then(|digits| std::str::from_utf8(digits).ok());
        status.and_then(|digits| digits.parse().ok()).ok_or_else(|| std::io::ErrorKind::InvalidData.into())
    };
    tokio::time::timeout(Duration::from_secs(5), exchange).await?
}

fn obituary(program: &Program, how: &str) -> String {
    format!(
        "{} {how}; its log `{}` ends with:\n{}",
        program.name,
        program.log.display(),
        program.last_words(5)
    )
}
