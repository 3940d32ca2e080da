//! `trigate ext-proc`: gate 2 as a service that Envoy's `ext_proc` filter asks, for proxies that run no wasm.

use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::path::PathBuf;

use anyhow::Context;
use ext_proc::{Admission, Config};
use tokio::net::TcpListener;

use crate::target::read_token;
use crate::{args, serving};

/// Options of `trigate ext-proc`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Address Envoy connects to
    #[arg(long, env = "TRIGATE_EXT_PROC_LISTEN", value_name = "ADDR", default_value = "127.0.0.1:10003")]
    listen: SocketAddr,
    /// URL of the control plane
    #[arg(long, env = "TRIGATE_CONTROL_PLANE", value_name = "URL", default_value = "http://127.0.0.1:10001")]
    control_plane: String,
    /// File with the node token (or TRIGATE_NODE_TOKEN holds the token itself)
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
    /// Name of this gateway in the audit and in `trigate nodes list`
    #[arg(long, value_name = "NAME")]
    node: Option<String>,
    /// Threads that decide; one for each core by default
    #[arg(long, value_name = "N")]
    threads: Option<NonZeroUsize>,
    /// Judge for whoever reaches the address, not only for who shows the node token
    #[arg(long)]
    without_token: bool,
}

impl Args {
    /// Serves until a signal says stop.
    pub(crate) async fn run(self) -> anyhow::Result<()> {
        serving::log_to_stderr("info");
        let token = match &self.token_file {
            Some(file) => read_token(file)?,
            None => args::node_token_from_environment()
                .context("the node token is missing: give --token-file or TRIGATE_NODE_TOKEN")?,
        };
        let stop = serving::stop_signal()?;
        let listener = TcpListener::bind(self.listen)
            .await
            .map_err(|source| serving::cannot_listen(self.listen, "--listen", source))?;
        let address = listener.local_addr().context("cannot tell the address listened on")?;
        tracing::info!(%address, control_plane = self.control_plane, "external processor serves");
        let threads = match self.threads {
            Some(number) => number,
            None => std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN),
        };
        let config = Config {
            listener,
            control_plane: self.control_plane,
            token,
            node: self.node.unwrap_or_else(|| serving::node("ext-proc")),
            threads,
            admission: if self.without_token { Admission::Anyone } else { Admission::Token },
        };
        Ok(ext_proc::serve(config, stop).await?)
    }
}
