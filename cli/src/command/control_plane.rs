//! `trigate control-plane`: the gRPC control plane alone, until it is told to stop.

use std::net::SocketAddr;

use anyhow::Context;
use control_plane::{ControlPlane, tokens};
use tokio::net::TcpListener;

use crate::args::StateArgs;
use crate::serving;
use crate::state::{Beacon, StateDir};

/// Options of `trigate control-plane`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Address to listen on
    #[arg(
        long,
        env = "TRIGATE_CONTROL_PLANE_LISTEN",
        value_name = "ADDR",
        default_value = "127.0.0.1:10001"
    )]
    listen: SocketAddr,
    /// URL of the store, sqlite://FILE; the state directory's by default
    #[arg(long, env = "TRIGATE_STORE", value_name = "URL")]
    store: Option<String>,
    /// URL of the adapter that runs the document's servers, http://HOST:PORT, to ask what they offer
    #[arg(long, value_name = "URL")]
    bridge: Option<String>,
    /// URL of the Redis that counts the limits several gateways share, redis://HOST:PORT; in memory by default
    #[arg(long, env = "TRIGATE_RATE_LIMIT_REDIS", hide_env_values = true, value_name = "URL")]
    rate_limit_redis: Option<String>,
    #[command(flatten)]
    state: StateArgs,
}

impl Args {
    /// Serves until a signal says stop.
    pub(crate) async fn run(self) -> anyhow::Result<()> {
        serving::tell("trigate-control-plane", "info");
        let state = StateDir::create(&self.state.state_dir)?;
        let _lock = state.hold_store()?;
        let stop = serving::stop_signal()?;
        let store = self.store.unwrap_or_else(|| state.store_url());
        let redis = self.rate_limit_redis.as_deref().map(str::parse::<control_plane::Redis>).transpose()?;
        let options = control_plane::Options { bridge: self.bridge, redis, ..state.plane_options()? };
        let plane = ControlPlane::open(&store, options).await?;
        let tokens = tokens::load_or_create(state.path())?;
        let listener = TcpListener::bind(self.listen)
            .await
            .map_err(|source| serving::cannot_listen(self.listen, "--listen", source))?;
        let address = listener.local_addr().context("cannot tell the address listened on")?;
        let url = format!("http://{address}");
        state.set_beacon(&Beacon { url: url.clone(), pid: std::process::id() })?;
        tracing::info!(%url, store, "control plane serves");
        plane.serve(listener, tokens, stop).await?;
        state.remove("control-plane.json");
        Ok(())
    }
}
