//! `trigate up`: the whole gateway on one machine, from nothing to an address agents can connect to.
//!
//! Control plane and Envoy are processes of their own, so that either may die alone; the adapter runs in this one. All of it
//! is polled on the main thread (see `supervise`).

mod adapter_part;
mod configuration;
mod ext_proc_part;
mod readiness;
mod welcome;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::num::{NonZeroU32, NonZeroUsize};
use std::path::PathBuf;
use std::time::Duration;

use adapter::Bounds;
use anyhow::Context;
use policy::Document;

use crate::args::{self, BoundsArgs, Host, StateArgs};
use crate::demo;
use crate::document::{self, Edits, Settled, Wanted};
use crate::envoy::bootstrap::Addresses;
use crate::envoy::gate::Gate;
use crate::envoy::program;
use crate::envoy::tracing::Tracing;
use crate::launch;
use crate::serving;
use crate::state::StateDir;
use crate::supervise::{Handle, Program};
use crate::target::{self, Admin};

use configuration::Configuration;

/// How often the store is asked for a new revision, which may have other endpoints.
const GLANCE: Duration = Duration::from_secs(1);

/// Options of `trigate up`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The document, trigate.yaml; without it, a demo
    #[arg(long, env = "TRIGATE_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    /// Take the document even where it undoes edits made in the store
    #[arg(long, requires = "config")]
    replace: bool,
    /// Address agents connect to
    #[arg(long, env = "TRIGATE_LISTEN", value_name = "ADDR", default_value = "127.0.0.1:10000")]
    listen: SocketAddr,
    /// Address of the control plane; port 0 takes a free one
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:0")]
    control_plane_listen: SocketAddr,
    /// Address of Envoy's own administration; off by default
    #[arg(long, value_name = "ADDR")]
    envoy_admin: Option<SocketAddr>,
    /// The Envoy to run; the one on PATH by default
    #[arg(long, env = "TRIGATE_ENVOY", value_name = "PATH")]
    envoy: Option<PathBuf>,
    /// The filter's module; trigate_filter.wasm beside this program by default
    #[arg(long, env = "TRIGATE_FILTER", value_name = "PATH")]
    filter: Option<PathBuf>,
    /// What carries gate 2
    #[arg(long, env = "TRIGATE_HOST", value_enum, value_name = "HOST", default_value_t = Host::Wasm)]
    host: Host,
    /// Envoy's worker threads; one for each core by default
    #[arg(long, value_name = "N")]
    concurrency: Option<NonZeroU32>,
    #[command(flatten)]
    bounds: BoundsArgs,
    #[command(flatten)]
    state: StateArgs,
}

/// What is known before anything is started.
struct Ground {
    state: StateDir,
    wanted: Wanted,
    listen: SocketAddr,
    control_plane: SocketAddr,
    envoy_admin: Option<SocketAddr>,
    /// The filter's module, where that carries the gate.
    filter: Option<PathBuf>,
    workers: u32,
    bounds: Bounds,
    /// Where Envoy's spans go.
    tracing: Option<Tracing>,
}

/// The two children, as programs.
struct Programs {
    control_plane: Program,
    envoy: Program,
}

/// The parts that run in this process.
struct Parts {
    adapter: adapter_part::Part,
    ext_proc: ext_proc_part::Part,
}

impl Parts {
    /// Completes when one ends by itself, which it should not.
    async fn ended(&mut self) -> anyhow::Result<()> {
        tokio::select! {
            outcome = self.adapter.ended() => outcome,
            outcome = self.ext_proc.ended() => outcome,
        }
    }
}

/// The hands on the children.
struct Handles {
    control_plane: Handle,
    envoy: Handle,
}

impl Args {
    /// Runs until a signal says stop.
    pub(crate) async fn run(self) -> anyhow::Result<()> {
        serving::tell("trigate-adapter", "warn,trigate=info");
        let wanted =
            Wanted::read(self.config.as_deref(), if self.replace { Edits::Replace } else { Edits::Keep })?;
        let state = StateDir::create(&self.state.state_dir)?;
        let _lock = state.hold()?;
        let (envoy, version) = program::envoy(self.envoy.as_deref())?;
        let filter = match self.host {
            Host::ExtProc => None,
            Host::Wasm => Some(program::module(self.filter.as_deref())?),
        };
        let workers = match self.concurrency {
            Some(number) => number.get(),
            None => std::thread::available_parallelism().map_or(1, |n| u32::try_from(n.get()).unwrap_or(1)),
        };
        let stop = serving::stop_signal()?;
        state.remove("connect.json");
        state.remove("control-plane.json");
        let mut ground = Ground {
            listen: self.listen,
            control_plane: self.control_plane_listen,
            envoy_admin: self.envoy_admin,
            state,
            wanted,
            filter,
            workers,
            bounds: self.bounds.bounds(),
            tracing: Tracing::asked_for(&args::variable, version),
        };
        let adapter = adapter_part::Part::bind().await?;
        let programs =
            programs(&ground.state, &mut ground.control_plane, adapter.address(), (&envoy, workers))?;
        ground.listen = free(ground.listen, "--listen")?;
        ground.envoy_admin = ground.envoy_admin.map(|address| free(address, "--envoy-admin")).transpose()?;
        let parts = Parts { adapter, ext_proc: ext_proc_part::Part::default() };
        run(&ground, &programs, parts, stop).await
    }
}

/// Polls the children and what drives them together.
async fn run(
    ground: &Ground,
    programs: &Programs,
    mut parts: Parts,
    stop: impl Future<Output = ()>,
) -> anyhow::Result<()> {
    let (control_plane, control_plane_kept) = programs.control_plane.keep();
    let (envoy, envoy_kept) = programs.envoy.keep();
    let mut handles = Handles { control_plane, envoy };
    let driven = async {
        let outcome = tokio::select! {
            outcome = drive(ground, programs, &mut handles, &mut parts) => outcome,
            () = stop => Ok(()),
        };
        if outcome.is_ok() {
            eprintln!("stopping");
        }
        ground.state.remove("connect.json");
        // Gates first, so that what they still have to say to the audit can be stored.
        handles.envoy.stop().await;
        parts.ext_proc.stop().await;
        parts.adapter.stop().await;
        handles.control_plane.stop().await;
        ground.state.remove("control-plane.json");
        outcome
    };
    let (outcome, (), ()) = tokio::join!(driven, control_plane_kept, envoy_kept);
    outcome
}

/// Brings everything up in order, then follows the document. Ends only by a failure.
async fn drive(
    ground: &Ground,
    programs: &Programs,
    handles: &mut Handles,
    parts: &mut Parts,
) -> anyhow::Result<()> {
    let state = &ground.state;
    handles.control_plane.start();
    let beacon = readiness::control_plane(state, &mut handles.control_plane, &programs.control_plane).await?;
    let mut admin = target::remote(&beacon.url, &target::read_token(&state.file("admin.token"))?).await?;
    let mut settled = document::settle(&mut admin, state, &ground.wanted).await?;
    let keys = if settled.is_demo {
        demo::create_database(state)?;
        let keys = demo::keys(state, &mut admin, &settled.document).await?;
        settled.reload(&mut admin).await?;
        keys
    } else {
        BTreeMap::new()
    };
    let token = target::read_token(&state.file("node.token"))?;
    let launcher = launch::launcher(state).context("cannot start the thread that starts programs")?;
    parts.adapter.start(&beacon.url, &token, ground.bounds, launcher)?;
    let addresses = Addresses {
        listen: ground.listen,
        admin: ground.envoy_admin,
        adapter: parts.adapter.address(),
        control_plane: ground.control_plane,
    };
    let gate = match &ground.filter {
        Some(module) => Gate::Wasm(module.clone()),
        None => {
            let threads = usize::try_from(ground.workers).ok().and_then(NonZeroUsize::new);
            let threads = threads.unwrap_or(NonZeroUsize::MIN);
            Gate::ExtProc(parts.ext_proc.start(&beacon.url, &token, threads).await?)
        }
    };
    let mut configuration = Configuration::new(addresses, gate, token, ground.tracing.clone());
    configuration.render(&settled.document, state)?;
    handles.envoy.start();
    readiness::envoy(ground, &mut admin, handles, &programs.envoy, settled.revision).await?;
    let connect = welcome::Connect { control_plane: beacon.url, listen: ground.listen, keys };
    state.write_json("connect.json", &connect.to_json(&settled.document))?;
    welcome::print(&connect, &settled, state)?;
    tokio::select! {
        outcome = parts.ended() => outcome,
        outcome = follow(&mut admin, settled, &mut configuration, &connect, (state, &handles.envoy)) => outcome,
    }
}

/// Renders Envoy's configuration anew where a revision changes what Envoy has to know, and restarts it.
async fn follow(
    admin: &mut Admin,
    mut settled: Settled,
    configuration: &mut Configuration,
    connect: &welcome::Connect,
    (state, envoy): (&StateDir, &Handle),
) -> anyhow::Result<()> {
    loop {
        tokio::time::sleep(GLANCE).await;
        // A control plane that is down now is restarted by its supervisor: ask again.
        let Ok(true) = settled.refresh(admin).await else { continue };
        match configuration.render(&settled.document, state) {
            Ok(true) => {
                envoy.start();
                state.write_json("connect.json", &connect.to_json(&settled.document))?;
                tracing::info!(
                    "revision {} changes servers or endpoints: Envoy starts afresh",
                    settled.revision
                );
            }
            Ok(false) => {}
            Err(error) => tracing::error!("revision {}: {error:#}; Envoy keeps its routes", settled.revision),
        }
    }
}

/// Describes the children; ends what an earlier run left of them.
fn programs(
    state: &StateDir,
    control_plane: &mut SocketAddr,
    adapter: SocketAddr,
    (envoy, workers): (&std::path::Path, u32),
) -> anyhow::Result<Programs> {
    let text = |path: PathBuf| path.display().to_string();
    let envoy = Program {
        name: "Envoy",
        path: envoy.to_owned(),
        arguments: [
            "--config-path",
            &text(state.file("envoy.json")),
            "--concurrency",
            &workers.to_string(),
            "--disable-hot-restart",
            "--log-level",
            "warning",
            "--component-log-level",
            "wasm:info",
        ]
        .map(str::to_owned)
        .into(),
        log: state.file("envoy.log"),
        pid_file: state.file("envoy.pid"),
    };
    envoy.end_leftover();
    *control_plane = free(*control_plane, "--control-plane-listen")?;
    let control_plane = Program {
        name: "the control plane",
        path: std::env::current_exe().context("cannot tell where this program is")?,
        arguments: [
            "control-plane",
            "--listen",
            &control_plane.to_string(),
            "--bridge",
            &format!("http://{adapter}"),
            "--state-dir",
            &text(state.path().to_owned()),
        ]
        .map(str::to_owned)
        .into(),
        log: state.file("control-plane.log"),
        pid_file: state.file("control-plane.pid"),
    };
    Ok(Programs { control_plane, envoy })
}

/// Checks that an address can be listened on; port 0 becomes a free one.
fn free(address: SocketAddr, option: &str) -> anyhow::Result<SocketAddr> {
    std::net::TcpListener::bind(address)
        .and_then(|listener| listener.local_addr())
        .map_err(|source| serving::cannot_listen(address, option, source))
}

/// Addresses of the endpoints, by path.
fn endpoint_urls(listen: SocketAddr, document: &Document) -> Vec<(String, String)> {
    let host = if listen.ip().is_unspecified() {
        SocketAddr::from(([127, 0, 0, 1], listen.port())).to_string()
    } else {
        listen.to_string()
    };
    document.endpoints.keys().map(|path| (path.clone(), format!("http://{host}{path}"))).collect()
}
