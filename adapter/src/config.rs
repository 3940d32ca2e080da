//! What whoever starts the adapter has to say: where to listen and how to reach the control plane.
//!
//! Everything else (databases, roles, keys, limits) is policy and comes with the snapshots.

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::process::Child;

use crate::transport::Transport;

/// The ways to the control plane, and the name this adapter goes by.
#[derive(Clone)]
pub struct Node {
    /// Where the policy comes from.
    pub policy: Transport,
    /// Where audit events go.
    pub audit: Transport,
    /// Name in logs, in `ListNodes` and in audit events.
    pub name: String,
}

/// The adapter as an HTTP server.
pub struct Config {
    /// Bound by the caller, who thereby knows the address.
    pub listener: TcpListener,
    /// The control plane's side.
    pub node: Node,
    /// `Host` values to accept beside loopback names and those of the policy's `gateway` section.
    pub allowed_hosts: Vec<String>,
    /// Bounds of one statement.
    pub bounds: Bounds,
    /// How programs of servers are started; without it, none is.
    pub launcher: Option<Launcher>,
}

/// A program that serves MCP on its standard input and output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// The server's name in the document.
    pub server: String,
    /// The program and its arguments.
    pub command: Vec<String>,
    /// Its environment, beside what every program gets.
    pub variables: BTreeMap<String, String>,
    /// The directory it runs in.
    pub directory: Option<PathBuf>,
}

impl Program {
    /// The program without its arguments.
    #[must_use]
    pub fn name(&self) -> &str {
        self.command.first().map_or("", String::as_str)
    }
}

/// Starts a program in a process group of its own, with its standard input and output as pipes. It is not told to end in
/// any other way than by signals to that group.
pub type Launcher = Arc<dyn Fn(&Program) -> io::Result<Child> + Send + Sync>;

/// What a revision is put into force with.
#[derive(Clone)]
pub(crate) struct Means {
    pub(crate) bounds: Bounds,
    pub(crate) launcher: Option<Launcher>,
}

/// The adapter on standard input and output, for one local caller.
pub struct StdioConfig {
    /// The control plane's side.
    pub node: Node,
    /// The role the caller has; `None` = may read every table of every database.
    pub role: Option<String>,
    /// What rules on rows may compare with.
    pub claims: policy::Claims,
    /// Bounds of one statement.
    pub bounds: Bounds,
}

/// Bounds of one statement, whatever the role.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// A statement that runs longer is cancelled.
    pub statement: Duration,
    /// Rows are no longer added once a result is this large.
    pub result_bytes: usize,
    /// The same for a result that leaves line by line and is never held as a whole.
    pub stream_bytes: usize,
    /// Connections per database.
    pub connections: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            statement: Duration::from_secs(30),
            result_bytes: 4 << 20,
            stream_bytes: 1 << 30,
            connections: 4,
        }
    }
}
