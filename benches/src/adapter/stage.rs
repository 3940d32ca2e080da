//! The databases with their rows, and every server in front of them.

use std::collections::BTreeMap;
use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::process::Command;
use std::sync::Arc;

use anyhow::{Context, ensure};
use tests::postgres::Postgres;

use crate::adapter::options::Options;
use crate::adapter::peers::{self, Databases, Ground};
use crate::adapter::plan::{Engine, Variant};
use crate::child::{Cores, Running};
use crate::procfs::{self, Memory};

/// Rows of the table.
const ROWS: u32 = 100_000;

/// One server, as the way to one database.
#[derive(Debug)]
pub(crate) struct Place {
    pub(crate) variant: Variant,
    pub(crate) engine: Engine,
    pub(crate) address: SocketAddr,
    pub(crate) path: String,
    pub(crate) headers: Vec<String>,
    pub(crate) running: Arc<Running>,
}

/// All of them.
#[derive(Debug)]
pub(crate) struct Stage {
    pub(crate) cores: Cores,
    pub(crate) databases: Databases,
    pub(crate) places: BTreeMap<(Variant, Engine), Place>,
    /// Resident memory before any load.
    idle: BTreeMap<Variant, Memory>,
    // Dropped after those who use it.
    _postgres: Postgres,
}

impl Stage {
    /// Fills the databases and starts the servers.
    pub(crate) fn set(options: &Options) -> anyhow::Result<Self> {
        if options.work.exists() {
            fs::remove_dir_all(&options.work)?;
        }
        fs::create_dir_all(&options.work)?;
        let cores = Cores::share(&procfs::cores()?);
        // What is started from here on inherits it; the servers are given the other core.
        let pid = std::process::id().to_string();
        let pinned = Command::new("taskset").args(["--cpu-list", "--pid", &cores.rest, &pid]).output();
        ensure!(
            pinned.context("cannot start `taskset` (package util-linux)")?.status.success(),
            "`taskset` cannot pin this process"
        );
        eprintln!("filling the databases");
        let postgres = Postgres::start()?;
        postgres.run(&format!(
            "CREATE TABLE items (id integer PRIMARY KEY, name text NOT NULL, category text NOT NULL, \
             price double precision NOT NULL, quantity integer NOT NULL, active boolean NOT NULL, \
             created timestamptz NOT NULL, cost integer NOT NULL); \
             INSERT INTO items SELECT i, 'item ' || i, 'category ' || i % 20, (i % 10000) / 100.0, i % 500, i % 3 = 0, \
             timestamptz '2026-01-01' + i * interval '1 minute', i FROM generate_series(1, {ROWS}) i; ANALYZE items"
        ))?;
        let file = options.work.canonicalize()?.join("items.db");
        rusqlite::Connection::open(&file)?.execute_batch(&format!(
            "PRAGMA journal_mode = WAL; \
             CREATE TABLE items (id INTEGER PRIMARY KEY, name TEXT NOT NULL, category TEXT NOT NULL, \
             price REAL NOT NULL, quantity INTEGER NOT NULL, active BOOLEAN NOT NULL, created TIMESTAMP NOT NULL, \
             cost INTEGER NOT NULL); \
             WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {ROWS}) \
             INSERT INTO items SELECT i, 'item ' || i, 'category ' || i % 20, (i % 10000) / 100.0, i % 500, i % 3 = 0, \
             strftime('%Y-%m-%dT%H:%M:%SZ', 1767225600 + i * 60, 'unixepoch'), i FROM n; ANALYZE"
        ))?;
        let databases =
            Databases { postgres: postgres.url(), sqlite: format!("sqlite://{}", file.display()) };
        eprintln!("starting the servers");
        let places = peers::all(Ground { options, cores: &cores, databases: &databases })?;
        let mut stage = Self { cores, databases, places, idle: BTreeMap::new(), _postgres: postgres };
        stage.idle = stage.memory_now()?;
        Ok(stage)
    }

    /// Resident memory of each server before and after the load.
    pub(crate) fn memory(&self) -> anyhow::Result<BTreeMap<Variant, (Memory, Memory)>> {
        let now = self.memory_now()?;
        let idle = &self.idle;
        Ok(now
            .into_iter()
            .filter_map(|(variant, now)| Some((variant, (*idle.get(&variant)?, now))))
            .collect())
    }

    fn memory_now(&self) -> anyhow::Result<BTreeMap<Variant, Memory>> {
        let served = self.places.values().filter(|place| place.engine == Engine::Postgres);
        served.map(|place| Ok((place.variant, Memory::of(place.running.pid())?))).collect()
    }

    /// The address of one.
    pub(crate) fn place(&self, variant: Variant, engine: Engine) -> Option<&Place> {
        self.places.get(&(variant, engine))
    }
}

/// An address that nobody listens on.
pub(crate) fn free_address() -> anyhow::Result<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}
