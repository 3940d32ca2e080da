//! The external processor as a part of `trigate up`: in this process, told by the control plane like any other node.

use std::net::{Ipv4Addr, SocketAddr};
use std::num::NonZeroUsize;

use anyhow::Context;
use ext_proc::{Admission, Config, ServeError};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::serving::node;

/// The running service, if it runs.
#[derive(Default)]
pub(super) struct Part {
    running: Option<Running>,
}

struct Running {
    stop: oneshot::Sender<()>,
    task: JoinHandle<Result<(), ServeError>>,
}

impl Part {
    /// Starts it on a free port of the loopback address.
    pub(super) async fn start(
        &mut self,
        control_plane: &str,
        token: &str,
        threads: NonZeroUsize,
    ) -> anyhow::Result<SocketAddr> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .await
            .context("cannot listen for the external processor on 127.0.0.1")?;
        let address = listener.local_addr()?;
        let config = Config {
            listener,
            control_plane: control_plane.to_owned(),
            token: token.to_owned(),
            node: node("ext-proc"),
            threads,
            admission: Admission::Token,
        };
        let (stop, stopped) = oneshot::channel();
        let shutdown = async {
            let _ = stopped.await;
        };
        self.running = Some(Running { stop, task: tokio::spawn(ext_proc::serve(config, shutdown)) });
        Ok(address)
    }

    /// Completes when it ends by itself, which it should not.
    pub(super) async fn ended(&mut self) -> anyhow::Result<()> {
        match &mut self.running {
            Some(Running { task, .. }) => task
                .await
                .context("the external processor broke down")?
                .context("the external processor failed"),
            None => std::future::pending().await,
        }
    }

    /// Stops it, once its decisions are delivered.
    pub(super) async fn stop(&mut self) {
        let Some(Running { stop, task }) = self.running.take() else { return };
        // One that has ended by itself needs no word.
        let _ = stop.send(());
        let _ = task.await;
    }
}
