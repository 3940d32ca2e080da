//! All processes of a run, up and checked: the upstream, the control plane, and one Envoy for each variant.
//!
//! Each variant is a process of its own, so that its memory and CPU time are its own. An idle Envoy costs nothing worth
//! the name, and between measurements the run waits until all are idle.

use std::fs;
use std::io::ErrorKind;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use clap::ValueEnum;
use serde::Serialize;
use serde_json::Value;

use crate::child::{Cores, Running, pinned};
use crate::frames::{self, Request};
use crate::gateway::envoy::{self, Addresses};
use crate::gateway::options::Options;
use crate::gateway::plane::{FORBIDDEN_TOOL, Plane, STATE};
use crate::gateway::probe;
use crate::procfs;

/// What stands between load and upstream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Variant {
    /// Nothing.
    Direct,
    /// Envoy as a mere proxy.
    Plain,
    /// A second such Envoy: what it differs by is noise.
    Again,
    /// Envoy with a wasm filter that does nothing: what the host alone costs.
    Noop,
    /// Envoy with its own MCP filter, and RBAC.
    Native,
    /// Envoy with our filter: identity, policy and audit.
    Trigate,
}

impl Variant {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Variant::Direct => "direct",
            Variant::Plain => "plain",
            Variant::Again => "plain again",
            Variant::Noop => "no-op wasm filter",
            Variant::Native => "native mcp + rbac",
            Variant::Trigate => "trigate",
        }
    }
}

/// One variant, running.
#[derive(Debug)]
pub(crate) struct Place {
    pub(crate) variant: Variant,
    pub(crate) address: SocketAddr,
    admin: Option<SocketAddr>,
    running: Running,
}

impl Place {
    pub(crate) fn pid(&self) -> u32 {
        self.running.pid()
    }
}

/// All of them.
#[derive(Debug)]
pub(crate) struct Stage {
    pub(crate) cores: Cores,
    /// In the order of [`Variant`]; the upstream stands for `direct`.
    pub(crate) places: Vec<Place>,
    pub(crate) plane: Option<Plane>,
    /// The agent's key; sent to every variant, so that all get the same bytes.
    pub(crate) key: String,
    /// The load generator's binary.
    pub(crate) load: PathBuf,
}

impl Stage {
    /// Starts everything.
    pub(crate) fn set(options: &Options) -> anyhow::Result<Self> {
        if options.work.exists() {
            fs::remove_dir_all(&options.work)?;
        }
        fs::create_dir_all(&options.work)?;
        let cores = Cores::share(&procfs::cores()?);
        let (running, address) = start_upstream(&cores, &options.work)?;
        let upstream = Place { variant: Variant::Direct, address, admin: None, running };
        let (mut plane, mut key) = (None, format!("tg_{}_{}", "a".repeat(12), "a".repeat(52)));
        if options.variants.contains(&Variant::Trigate) {
            let started = Plane::start(options, &cores)?;
            key = started.prepare(upstream.address, &options.work)?;
            plane = Some(started);
        }
        let mut variants = options.variants.clone();
        variants.sort_unstable();
        variants.dedup();
        let mut stage = Self { cores, places: vec![upstream], plane, key, load: beside("load")? };
        for variant in variants.into_iter().filter(|variant| *variant != Variant::Direct) {
            let place = stage.start_envoy(variant, options)?;
            stage.places.push(place);
        }
        if let Some(plane) = &mut stage.plane {
            plane.expect_audit()?;
        }
        Ok(stage)
    }

    fn start_envoy(&self, variant: Variant, options: &Options) -> anyhow::Result<Place> {
        let upstream = self.places.first().context("there is no upstream")?.address;
        let addresses = Addresses { listen: free_address()?, admin: free_address()?, upstream };
        let config = match (variant, &self.plane) {
            (Variant::Native, _) => envoy::native(addresses),
            (Variant::Trigate, Some(plane)) => {
                let module = options.filter.canonicalize().with_context(|| {
                    format!(
                        "no `{}`: build it with `make filter`, or name it with --filter",
                        options.filter.display()
                    )
                })?;
                envoy::trigate(addresses, &module, plane)
            }
            (Variant::Noop, _) => {
                let module = options.work.canonicalize()?.join("noop.wasm");
                fs::write(&module, wat::parse_str(include_str!("noop.wat"))?)?;
                envoy::noop(addresses, &module)
            }
            _ => envoy::plain(addresses),
        };
        let name = format!("envoy-{variant:?}").to_lowercase();
        let file = options.work.join(format!("{name}.json"));
        fs::write(&file, serde_json::to_string_pretty(&config)?)?;
        let program = options
            .envoy
            .canonicalize()
            .with_context(|| format!("no `{}`: name Envoy's binary with --envoy", options.envoy.display()))?;
        let mut command = pinned(&self.cores.tested, &program);
        command.arg("-c").arg(&file).args(["--concurrency", "1", "--disable-hot-restart", "-l", "warn"]);
        let mut running = Running::start(&name, &mut command, &options.work)?;
        running.until(|| {
            let answer =
                probe::post(addresses.listen, "/mcp20", Some(&self.key), &Request::Call(300).body())?;
            ensure!(answer.is_result(), "{name} answers {}: {}", answer.status, answer.body);
            Ok(())
        })?;
        Ok(Place { variant, address: addresses.listen, admin: Some(addresses.admin), running })
    }

    /// Ends all processes and removes what is of no use without them: the store grows by hundreds of bytes a call.
    pub(crate) fn strike(self, options: &Options) -> anyhow::Result<()> {
        drop(self);
        match fs::remove_dir_all(options.work.join(STATE)) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        }
    }

    /// Checks that each variant refuses and hides what it should. Speed without that would be no news.
    pub(crate) fn probe(&self) -> anyhow::Result<()> {
        for place in &self.places {
            let post = |path: &str, body: &str| probe::post(place.address, path, Some(&self.key), body);
            let forbidden = post("/mcp20", &frames::call(FORBIDDEN_TOOL, 300))?;
            let tools = |path: &str| -> anyhow::Result<usize> {
                let list = post(path, &Request::List.body())?;
                Ok(list.json().pointer("/result/tools").and_then(Value::as_array).map_or(0, Vec::len))
            };
            let found = (forbidden.status, forbidden.is_result(), tools("/mcp20")?, tools("/mcp500")?);
            let expected = match place.variant {
                Variant::Direct | Variant::Plain | Variant::Again | Variant::Noop => (200, true, 20, 500),
                Variant::Native => (403, false, 20, 500),
                Variant::Trigate => (200, false, 18, 450),
            };
            let name = place.variant.name();
            ensure!(
                found == expected,
                "{name}: forbidden call (status, result), tools listed: {found:?}, expected {expected:?}"
            );
            if place.variant == Variant::Trigate {
                let status = probe::post(place.address, "/mcp20", None, &Request::Call(300).body())?.status;
                ensure!(status == 401, "{name}: a call without a key is answered {status}, not 401");
            }
        }
        Ok(())
    }

    /// Waits until no process works any more: what one measurement leaves behind must not burden the next.
    pub(crate) fn settle(&self) -> anyhow::Result<()> {
        let used = || -> anyhow::Result<Duration> {
            let pids = self.places.iter().map(Place::pid).chain(self.plane.as_ref().map(Plane::pid));
            pids.map(procfs::cpu_time).sum()
        };
        let window = Duration::from_millis(50);
        let deadline = Instant::now() + Duration::from_secs(10);
        let mut before = used()?;
        loop {
            std::thread::sleep(window);
            let now = used()?;
            if now.saturating_sub(before) < window / 20 || Instant::now() > deadline {
                return Ok(());
            }
            before = now;
        }
    }

    /// The filter's own counters, as Envoy's administration shows them.
    pub(crate) fn counters(&self) -> anyhow::Result<Vec<(String, u64)>> {
        let place = self.places.iter().find(|place| place.variant == Variant::Trigate);
        let Some(admin) = place.and_then(|place| place.admin) else { return Ok(Vec::new()) };
        let stats = probe::get(admin, "/stats?filter=trigate%5C.(audit%7Cdecisions)")?;
        let line = |line: &str| {
            let (name, value) = line.split_once(": ")?;
            let (_, name) = name.split_once("trigate.")?;
            Some((name.to_owned(), value.parse().ok()?))
        };
        Ok(stats.body.lines().filter_map(line).collect())
    }
}

/// The MCP server behind the gateway, and where it listens.
pub(crate) fn start_upstream(cores: &Cores, logs: &Path) -> anyhow::Result<(Running, SocketAddr)> {
    let mut running = Running::start("upstream", &mut pinned(&cores.rest, &beside("upstream")?), logs)?;
    let out = logs.join("upstream.out");
    let address = running.until(|| Ok(fs::read_to_string(&out)?.trim().parse()?))?;
    Ok((running, address))
}

/// Another program of this package.
fn beside(name: &str) -> anyhow::Result<PathBuf> {
    let path = std::env::current_exe()?.with_file_name(name);
    ensure!(path.is_file(), "no `{}`: build it with `cargo build --release -p benches`", path.display());
    Ok(path)
}

pub(crate) fn free_address() -> anyhow::Result<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}
