//! The adapter as a part of `trigate up`: in this process, told by the control plane like any other node.

use std::net::{Ipv4Addr, SocketAddr};

use adapter::{Bounds, Config, Launcher, Node, ServeError, Transport};
use anyhow::Context;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::serving::node;

/// The adapter: where it listens, and what runs once it does.
pub(super) struct Part {
    address: SocketAddr,
    listener: Option<TcpListener>,
    running: Option<Running>,
}

struct Running {
    stop: oneshot::Sender<()>,
    task: JoinHandle<Result<(), ServeError>>,
}

impl Part {
    /// Takes a free port of the loopback address.
    pub(super) async fn bind() -> anyhow::Result<Part> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .await
            .context("cannot listen for the adapter on 127.0.0.1")?;
        Ok(Part { address: listener.local_addr()?, listener: Some(listener), running: None })
    }

    /// Where it listens.
    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Starts it.
    pub(super) fn start(
        &mut self,
        control_plane: &str,
        token: &str,
        bounds: Bounds,
        launcher: Launcher,
    ) -> anyhow::Result<()> {
        let listener = self.listener.take().context("the adapter was started before")?;
        let transport = Transport::remote(control_plane, token)?;
        let node = Node { policy: transport.clone(), audit: transport, name: node("adapter") };
        let config = Config { listener, node, allowed_hosts: Vec::new(), bounds, launcher: Some(launcher) };
        let (sender, receiver) = oneshot::channel();
        let shutdown = async {
            let _ = receiver.await;
        };
        self.running = Some(Running { stop: sender, task: tokio::spawn(adapter::serve(config, shutdown)) });
        Ok(())
    }

    /// Completes when it ends by itself, which it should not.
    pub(super) async fn ended(&mut self) -> anyhow::Result<()> {
        match &mut self.running {
            Some(running) => {
                (&mut running.task).await.context("the adapter broke down")?.context("the adapter failed")
            }
            None => std::future::pending().await,
        }
    }

    /// Stops it, after what it has begun.
    pub(super) async fn stop(&mut self) {
        let Some(Running { stop, mut task }) = self.running.take() else { return };
        if task.is_finished() {
            return;
        }
        let _ = stop.send(());
        if tokio::time::timeout(std::time::Duration::from_secs(3), &mut task).await.is_err() {
            task.abort(); // streams of agents may stay open for ever
        }
    }
}
