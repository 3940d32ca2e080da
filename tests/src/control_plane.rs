//! A control plane alone, `trigate control-plane`, as a node or an administrator reaches it.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::gateway::trigate;
use crate::process::Process;
use crate::wait::{START, until};
use crate::workspace;

/// A running control plane on a state directory that outlives it.
#[derive(Debug)]
pub struct ControlPlane {
    process: Process,
    address: SocketAddr,
    node_token: String,
    admin_token: String,
}

impl ControlPlane {
    /// Starts one in `folder`, on a free port.
    pub fn start(folder: &Path) -> Result<Self> {
        Self::start_at(folder, workspace::free_address()?)
    }

    /// Starts one in `folder` at that address.
    pub fn start_at(folder: &Path, address: SocketAddr) -> Result<Self> {
        let mut command = trigate(folder)?;
        command.args(["control-plane", "--listen", &address.to_string()]);
        let mut process = Process::start("the control plane", command, &folder.join("control-plane.out"))?;
        until("the control plane to listen", START, || {
            process.running()?;
            Ok(std::net::TcpStream::connect(address).ok())
        })?;
        let token = |name: &str| -> Result<String> {
            let path = folder.join("state").join(name);
            let text = fs::read_to_string(&path).with_context(|| format!("reading `{}`", path.display()))?;
            Ok(text.trim().to_owned())
        };
        Ok(Self { process, address, node_token: token("node.token")?, admin_token: token("admin.token")? })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its URL.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The token of gateways and adapters.
    pub fn node_token(&self) -> &str {
        &self.node_token
    }

    /// The token of administrators.
    pub fn admin_token(&self) -> &str {
        &self.admin_token
    }

    /// Ends it as a power cut does.
    pub fn kill(mut self) -> Result<()> {
        self.process.kill()
    }

    /// What a command that prints JSON has to say.
    pub fn json(&self, folder: &Path, arguments: &[&str]) -> Result<Value> {
        let output = trigate(folder)?.args(arguments).args(["--output", "json"]).output()?;
        let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        ensure!(output.status.success(), "`trigate {}` failed: {out}{err}", arguments.join(" "));
        serde_json::from_str(&out).with_context(|| format!("`{out}` is not JSON"))
    }

    /// Makes that text the newest document.
    pub fn apply(&self, folder: &Path, document: &str) -> Result<()> {
        let path = folder.join("applied.yaml");
        fs::write(&path, document)?;
        let output = trigate(folder)?.args(["policy", "apply"]).arg(&path).output()?;
        ensure!(output.status.success(), "policy apply failed: {}", String::from_utf8_lossy(&output.stderr));
        Ok(())
    }
}
