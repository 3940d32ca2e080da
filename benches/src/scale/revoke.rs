//! How long a revoked key lives on: from the return of the command until every worker refuses it.

use std::fs;
use std::io::Write;
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use serde_json::Value;

use crate::frames;
use crate::http::{Inbox, Message};
use crate::scale::Options;
use crate::scale::documents::{self, PATH, Size};
use crate::scale::stage::Stage;

/// Connections that ask; Envoy spreads them over its workers, and that all are on one of two is next to impossible.
const CONNECTIONS: usize = 16;
/// How long the asking goes on at most.
const PATIENCE: Duration = Duration::from_secs(20);

/// What was found under one policy.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) size: Size,
    pub(crate) resident_mib: f64,
    /// p50, p99 and the longest.
    pub(crate) revoked_ms: (f64, f64, f64),
}

/// Under a small policy and a large one.
pub(crate) fn measure(options: &Options) -> anyhow::Result<Vec<Row>> {
    if options.work.exists() {
        fs::remove_dir_all(&options.work)?;
    }
    [Size::SMALL, Size::LARGE].into_iter().map(|size| row(options, size)).collect()
}

fn row(options: &Options, size: Size) -> anyhow::Result<Row> {
    eprintln!("revocations under {size}");
    let stage = Stage::set(options, size)?;
    let mut times =
        (0..options.revocations).map(|_| revoke(&stage, size)).collect::<anyhow::Result<Vec<f64>>>()?;
    times.sort_by(f64::total_cmp);
    let at = |share: f64| {
        let place = (times.len() as f64 * share).ceil() as usize;
        times.get(place.saturating_sub(1)).copied().unwrap_or_default()
    };
    Ok(Row { size, resident_mib: stage.resident_mib()?, revoked_ms: (at(0.5), at(0.99), at(1.0)) })
}

/// Makes a key, waits until every connection is let through with it, revokes it, and asks until none is. Milliseconds.
fn revoke(stage: &Stage, size: Size) -> anyhow::Result<f64> {
    let role = documents::role_name(0);
    let created = stage
        .plane
        .trigate(["apikey", "create"], &["--role", &role, "--name", "bench", "--output", "json"])?;
    let created: Value = serde_json::from_str(&created)?;
    let text = |member: &str| created.get(member).and_then(Value::as_str).context("no key was made");
    let (id, key) = (text("id")?, text("key")?);
    let body = frames::call(&documents::tool_of(size, 0), 300);
    let connections = (0..CONNECTIONS).map(|_| Caller::new(stage.address, key, &body));
    let mut callers = connections.collect::<anyhow::Result<Vec<Caller>>>()?;
    until_all(&mut callers, 200)?;
    stage.plane.trigate(["apikey", "revoke"], &[id])?;
    let returned = Instant::now();
    until_all(&mut callers, 401)?;
    Ok(returned.elapsed().as_secs_f64() * 1e3)
}

/// Asks on all connections, over and over, until each was answered with this status.
fn until_all(callers: &mut [Caller], status: u16) -> anyhow::Result<()> {
    let deadline = Instant::now() + PATIENCE;
    for caller in callers {
        while caller.ask()? != status {
            ensure!(Instant::now() < deadline, "a worker does not answer {status} within {PATIENCE:?}");
        }
    }
    Ok(())
}

/// One connection that asks the same over and over.
struct Caller {
    stream: TcpStream,
    inbox: Inbox,
    request: String,
}

impl Caller {
    fn new(target: SocketAddr, key: &str, body: &str) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(target)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let request = format!(
            "POST {PATH} HTTP/1.1\r\nhost: {target}\r\ncontent-type: application/json\r\naccept: application/json, \
             text/event-stream\r\nauthorization: Bearer {key}\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        Ok(Self { stream, inbox: Inbox::default(), request })
    }

    /// The status of the answer.
    fn ask(&mut self) -> anyhow::Result<u16> {
        self.stream.write_all(self.request.as_bytes())?;
        loop {
            ensure!(self.inbox.fill(&mut self.stream)? > 0, "Envoy closed a connection");
            if let Some(message) = Message::parse(self.inbox.bytes())? {
                let (status, length) = (message.status().unwrap_or_default(), message.length);
                self.inbox.consume(length);
                return Ok(status);
            }
        }
    }
}
