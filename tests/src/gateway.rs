//! A gateway as an operator starts it: `trigate up` with a document, its own state directory, free ports.
//!
//! Control plane, adapter and Envoy are the real ones. Dropping the gateway stops all of them.

use std::collections::BTreeMap;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use anyhow::{Context, Result, ensure};
use nix::sys::signal::Signal;
use serde::Deserialize;
use serde_json::Value;
use tempfile::TempDir;

use crate::agent::Agent;
use crate::host::Host;
use crate::http::{Request, Url};
use crate::keys::Key;
use crate::process::{Process, descendants};
use crate::wait::{self, SOON, START};
use crate::workspace;

/// What `trigate up` writes once it serves.
#[derive(Clone, Debug, Deserialize)]
pub struct Connect {
    /// Address of the control plane.
    pub control_plane: String,
    /// Public URLs by path.
    pub endpoints: BTreeMap<String, String>,
    /// Keys by role, in the demo.
    #[serde(default)]
    pub keys: BTreeMap<String, String>,
}

/// What a gateway is started with.
#[derive(Debug)]
pub struct Plan {
    document: Option<String>,
    environment: Vec<(String, String)>,
    arguments: Vec<String>,
    listen: Option<SocketAddr>,
}

impl Plan {
    /// A gateway under this document.
    pub fn of(document: &str) -> Self {
        Self {
            document: Some(document.to_owned()),
            environment: Vec::new(),
            arguments: Vec::new(),
            listen: None,
        }
    }

    /// The demo: no document at all.
    pub fn demo() -> Self {
        Self { document: None, environment: Vec::new(), arguments: Vec::new(), listen: None }
    }

    /// With a variable that credentials may name.
    #[must_use]
    pub fn variable(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Listening at that address, for a document that has to name it.
    #[must_use]
    pub fn listen(mut self, address: SocketAddr) -> Self {
        self.listen = Some(address);
        self
    }

    /// With so many Envoy workers.
    #[must_use]
    pub fn workers(mut self, count: u8) -> Self {
        self.arguments.extend(["--concurrency".to_owned(), count.to_string()]);
        self
    }

    /// With Envoy's own administration at that address.
    #[must_use]
    pub fn envoy_admin(mut self, address: SocketAddr) -> Self {
        self.arguments.extend(["--envoy-admin".to_owned(), address.to_string()]);
        self
    }

    /// The command, for tests of what it prints. The state directory is `folder`/state.
    pub fn command(&self, folder: &Path, listen: SocketAddr) -> Result<Command> {
        let mut command = trigate(folder)?;
        command
            .arg("up")
            .args(["--listen", &listen.to_string(), "--host", Host::of_this_run().name()])
            .args(&self.arguments);
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        if let Some(document) = &self.document {
            let path = folder.join("trigate.yaml");
            fs::write(&path, document)?;
            command.arg("--config").arg(path);
        }
        Ok(command)
    }

    /// Starts it and waits until it serves.
    pub fn start(self) -> Result<Gateway> {
        let folder = tempfile::tempdir()?;
        let listen = self.listen.map_or_else(workspace::free_address, Ok)?;
        let mut command = self.command(folder.path(), listen)?;
        command.args(["--control-plane-listen", &workspace::free_address()?.to_string()]);
        let mut process = Process::start("trigate up", command, &folder.path().join("up.log"))?;
        let path = folder.path().join("state/connect.json");
        let connect = wait::until("connect.json", START, || {
            process.running()?;
            Ok(fs::read(&path).ok().and_then(|text| serde_json::from_slice::<Connect>(&text).ok()))
        })?;
        let gateway = Gateway { process, connect, folder };
        gateway.every_worker_serves()?;
        Ok(gateway)
    }
}

/// `trigate` run in this folder, with the folder's own state directory, the tests' Envoy and the built filter.
pub fn trigate(folder: &Path) -> Result<Command> {
    let mut command = Command::new(workspace::trigate()?);
    command
        .current_dir(folder)
        .env("TRIGATE_STATE_DIR", folder.join("state"))
        .env("TRIGATE_ENVOY", workspace::envoy()?)
        .env("TRIGATE_FILTER", workspace::filter()?)
        .env_remove("TRIGATE_CONTROL_PLANE")
        .env_remove("TRIGATE_TOKEN");
    Ok(command)
}

/// A running gateway.
#[derive(Debug)]
pub struct Gateway {
    process: Process,
    /// What it wrote when it began to serve.
    pub connect: Connect,
    folder: TempDir,
}

impl Gateway {
    /// The public URL of an endpoint.
    pub fn url(&self, path: &str) -> Result<&str> {
        let url = self.connect.endpoints.get(path);
        url.map(String::as_str)
            .with_context(|| format!("no endpoint `{path}` in {:?}", self.connect.endpoints))
    }

    /// A modern agent with the key of a role.
    pub fn modern(&self, path: &str, role: &str) -> Result<Agent> {
        Agent::modern(self.url(path)?, Some(&Key::of(role).text))
    }

    /// A legacy agent with the key of a role.
    pub fn legacy(&self, path: &str, role: &str) -> Result<Agent> {
        Agent::legacy(self.url(path)?, Some(&Key::of(role).text))
    }

    /// A file of the state directory.
    pub fn state(&self, name: &str) -> PathBuf {
        self.folder.path().join("state").join(name)
    }

    /// The folder that everything of this gateway lies in.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The `trigate up` process.
    pub fn process(&mut self) -> &mut Process {
        &mut self.process
    }

    /// Runs another command of `trigate` against this gateway.
    pub fn run(&self, arguments: &[&str]) -> Result<Output> {
        Ok(trigate(self.folder.path())?.args(arguments).output()?)
    }

    /// The same, for a command that has to succeed: what it printed.
    pub fn told(&self, arguments: &[&str]) -> Result<String> {
        let output = self.run(arguments)?;
        let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        ensure!(output.status.success(), "`trigate {}` failed: {out}{err}", arguments.join(" "));
        Ok(out.into_owned())
    }

    /// The same, for one that prints JSON.
    pub fn json(&self, arguments: &[&str]) -> Result<Value> {
        let text = self.told(&[arguments, &["--output", "json"]].concat())?;
        serde_json::from_str(&text).with_context(|| format!("`{text}` is not JSON"))
    }

    /// The process id of the child that runs this program (`envoy`, `control-plane`).
    pub fn child(&self, program: &str) -> Result<u32> {
        let children = descendants(self.process.pid())?;
        let found = children.iter().find(|(_, command)| command.contains(program));
        found.map(|(id, _)| *id).with_context(|| format!("no `{program}` among {children:?}"))
    }

    /// Ends everything of this gateway. Gives the command that starts its Envoy again, alone and with one worker.
    pub fn envoy_alone(&mut self) -> Result<Command> {
        let bootstrap = self.folder().join("bootstrap.json");
        fs::copy(self.state("envoy.json"), &bootstrap)?;
        self.process.signal(Signal::SIGINT)?;
        self.process.ended(START)?;
        let mut command = Command::new(workspace::envoy()?);
        command.arg("-c").arg(bootstrap).args([
            "--concurrency",
            "1",
            "--use-dynamic-base-id",
            "--log-level",
            "warn",
        ]);
        Ok(command)
    }

    /// Envoy listens before its workers have the policy: until then they refuse everybody, the unknown included, with 503 or
    /// a JSON-RPC error. A stranger's 401 on many fresh connections in a row says that they have it.
    fn every_worker_serves(&self) -> Result<()> {
        let Some(url) = self.connect.endpoints.values().next() else { return Ok(()) };
        let (url, stranger) =
            (Url::parse(url)?, Request::new("POST", "{}").header("Content-Type", "application/json"));
        wait::until("all workers to have the policy", SOON, || {
            let strangers = (0..20).map(|_| stranger.send(&url).map(|response| response.status));
            Ok(strangers
                .collect::<Result<Vec<_>>>()
                .is_ok_and(|all| all.iter().all(|status| *status == 401))
                .then_some(()))
        })
    }
}
