//! The load generator: one thread, N keep-alive connections, every answer checked.
//!
//! Closed loop: each connection sends its next request when the last one is answered. Fixed rate: requests are due at
//! even intervals, and latency counts from when a request was due, so that a server that stalls does not hide the
//! requests it kept from being sent. An answer that is wrong ends the run: figures of a broken run mean nothing.

mod connection;
mod tally;

use std::io;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

use crate::frames::{FIRST_ID, Request};
use crate::load::connection::Connection;
use crate::load::tally::Tally;
pub use crate::load::tally::{Latency, Outcome};
use crate::poll::{Poller, Ticker};

/// The ticker's token; connections have theirs from 0.
const TICK: u64 = u64::MAX;
/// How long no answer at all may come.
const STALL: Duration = Duration::from_secs(10);

/// How requests follow each other.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Pace {
    /// As fast as answers come.
    Closed,
    /// So many a second.
    Rate(f64),
}

impl Pace {
    /// The ticker wakes for each request that is due, or in a closed loop to look at the clock.
    fn tick(self) -> Duration {
        match self {
            Pace::Closed => Duration::from_millis(5),
            Pace::Rate(rate) => Duration::from_secs_f64(1.0 / rate),
        }
    }
}

/// What to send, where, and for how long.
#[derive(Debug, Clone)]
pub struct Options {
    /// Address of the server.
    pub target: SocketAddr,
    /// Path of the endpoint.
    pub path: String,
    /// Headers beside the usual ones, `name: value` each.
    pub headers: Vec<String>,
    /// What each request is.
    pub request: Request,
    /// Connections, all open from the beginning.
    pub connections: usize,
    /// How requests follow each other.
    pub pace: Pace,
    /// Time before the measurement begins.
    pub warm_up: Duration,
    /// Time of the measurement.
    pub measured: Duration,
    /// The process whose CPU time is read.
    pub pid: Option<u32>,
}

/// Sends the load and reports what came of it.
pub fn run(options: &Options) -> anyhow::Result<Outcome> {
    let mut poller = Poller::new()?;
    let ticker = Ticker::every(options.pace.tick())?;
    poller.add(&ticker, TICK)?;
    let mut generator = Generator::open(options)?;
    for (token, connection) in (0..).zip(&generator.connections) {
        poller.add(connection, token)?;
    }
    generator.go_on(&poller)?;
    let mut ready = Vec::new();
    loop {
        poller.wait(&mut ready).context("cannot wait for answers")?;
        for token in &ready {
            match *token {
                TICK => ticker.reset(),
                token => generator.receive(token as usize, &poller)?,
            }
        }
        let now = Instant::now();
        if let Some(outcome) = generator.tally.turn(now)? {
            return Ok(outcome);
        }
        if now.duration_since(generator.last_answer) > STALL {
            bail!("no answer for {} s", STALL.as_secs());
        }
        generator.go_on(&poller)?;
    }
}

struct Generator {
    connections: Vec<Connection>,
    /// Connections without a request under way.
    idle: Vec<usize>,
    pace: Pace,
    begun: Instant,
    /// Requests sent so far.
    sent: u64,
    last_answer: Instant,
    tally: Tally,
}

impl Generator {
    fn open(options: &Options) -> anyhow::Result<Self> {
        let open = |_| Connection::open(options);
        let connections = (0..options.connections).map(open).collect::<anyhow::Result<Vec<_>>>()?;
        let begun = Instant::now();
        Ok(Self {
            idle: (0..connections.len()).collect(),
            connections,
            pace: options.pace,
            begun,
            sent: 0,
            last_answer: begun,
            tally: Tally::new(options, begun),
        })
    }

    /// Sends what is due, as far as there are idle connections.
    fn go_on(&mut self, poller: &Poller) -> io::Result<()> {
        while let Some(due) = self.due(Instant::now()) {
            let Some(token) = self.idle.pop() else { break };
            if let Some(connection) = self.connections.get_mut(token) {
                connection.send(FIRST_ID + self.sent % FIRST_ID, due);
                connection.flush(poller, token as u64)?;
            }
            self.sent += 1;
        }
        Ok(())
    }

    /// When the next request was due, if it is.
    fn due(&self, now: Instant) -> Option<Instant> {
        match self.pace {
            Pace::Closed => Some(now),
            Pace::Rate(rate) => {
                let due = self.begun + Duration::from_secs_f64(self.sent as f64 / rate);
                (due <= now).then_some(due)
            }
        }
    }

    fn receive(&mut self, token: usize, poller: &Poller) -> anyhow::Result<()> {
        let Some(connection) = self.connections.get_mut(token) else { return Ok(()) };
        connection.flush(poller, token as u64)?;
        let Some(answer) = connection.receive()? else { return Ok(()) };
        self.last_answer = Instant::now();
        self.tally.count(answer, self.last_answer);
        self.idle.push(token);
        self.go_on(poller).context("cannot send")
    }
}
