//! The adapter as a part of `trigate up`: in this process, told by the control plane like any other node.

use std::net::{Ipv4Addr, SocketAddr};

use adapter::{Bounds, Config, Node, ServeError, Transport};
use anyhow::Context;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::serving::node;

/// The running adapter, if it runs.
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
        bounds: Bounds,
    ) -> anyhow::Result<SocketAddr> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .await
            .context("cannot listen for the adapter on 127.0.0.1")?;
        let address = listener.local_addr()?;
        let transport = Transport::remote(control_plane, token)?;
        let node = Node { policy: transport.clone(), audit: transport, name: node("adapter") };
        let config = Config { listener, node, allowed_hosts: Vec::new(), bounds };
        let (sender, receiver) = oneshot::channel();
        let shutdown = async {
            let _ = receiver.await;
        };
        self.running = Some(Running { stop: sender, task: tokio::spawn(adapter::serve(config, shutdown)) });
        Ok(address)
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
