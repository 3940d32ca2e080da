//! The real control plane with a real policy, as an operator would set them up: by the `trigate` command.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail, ensure};
use serde_json::Value;

use crate::child::{Cores, Running, pinned};
use crate::frames::CALLED_TOOL;
use crate::gateway::options::Options;

/// A tool that no rule allows, in any variant that has rules.
pub(crate) const FORBIDDEN_TOOL: &str = "delete_all";
/// One tool in ten is hidden, so that lists have to be edited.
const HIDDEN_TOOLS: &str = "tool_*7";
/// Where the control plane finds the credential that the gateway sends upstream.
const CREDENTIAL: &str = "TRIGATE_BENCH_UPSTREAM_TOKEN";

/// The control plane's directory, within that of the run.
pub(crate) const STATE: &str = "state";

/// A running control plane.
#[derive(Debug)]
pub(crate) struct Plane {
    running: Running,
    program: PathBuf,
    state: PathBuf,
    pub(crate) address: SocketAddr,
    pub(crate) node_token: String,
}

impl Plane {
    /// Starts a control plane with an empty store.
    pub(crate) fn start(options: &Options, cores: &Cores) -> anyhow::Result<Self> {
        let program = options.trigate.canonicalize().with_context(|| {
            format!(
                "no `{}`: build it with `cargo build --release -p cli`, or name it with --trigate",
                options.trigate.display()
            )
        })?;
        let state = options.work.join(STATE);
        let mut command = pinned(&cores.rest, &program);
        command.args(["control-plane", "--listen", "127.0.0.1:0", "--state-dir"]).arg(&state);
        command.env(CREDENTIAL, "the-credential-of-the-upstream");
        let mut running = Running::start("control-plane", &mut command, &options.work)?;
        let beacon = state.join("control-plane.json");
        let address = running.until(|| {
            let beacon: Value = serde_json::from_str(&fs::read_to_string(&beacon)?)?;
            let url = beacon.get("url").and_then(Value::as_str).unwrap_or_default();
            url.trim_start_matches("http://").parse().context("the control plane's URL has no address")
        })?;
        let node_token = fs::read_to_string(state.join("node.token"))?.trim().to_owned();
        Ok(Self { running, program, state, address, node_token })
    }

    pub(crate) fn pid(&self) -> u32 {
        self.running.pid()
    }

    /// Applies the policy and makes the key.
    pub(crate) fn prepare(&self, upstream: SocketAddr, work: &Path) -> anyhow::Result<String> {
        let file = work.join("trigate.yaml");
        fs::write(&file, policy(upstream))?;
        self.trigate(["policy", "apply"], &[&file.to_string_lossy()])?;
        let created =
            self.trigate(["apikey", "create"], &["--role", "bench", "--name", "load", "--output", "json"])?;
        let created: Value = serde_json::from_str(&created)?;
        Ok(created
            .get("key")
            .and_then(Value::as_str)
            .context("`trigate apikey create` printed no key")?
            .to_owned())
    }

    /// Fails until decisions of the gateway are in the store.
    pub(crate) fn expect_audit(&mut self) -> anyhow::Result<()> {
        let (program, state, address) = (&self.program, &self.state, self.address);
        self.running.until(|| {
            let text =
                trigate(program, state, address, ["audit", "query"], &["--output", "json", "--limit", "1"])?;
            let events: Value = serde_json::from_str(&text)?;
            ensure!(
                events.as_array().is_some_and(|events| !events.is_empty()),
                "the audit holds no decision"
            );
            Ok(())
        })
    }

    /// What a command prints.
    pub(crate) fn trigate(&self, verb: [&str; 2], arguments: &[&str]) -> anyhow::Result<String> {
        trigate(&self.program, &self.state, self.address, verb, arguments)
    }
}

fn trigate(
    program: &Path,
    state: &Path,
    address: SocketAddr,
    verb: [&str; 2],
    arguments: &[&str],
) -> anyhow::Result<String> {
    let mut command = Command::new(program);
    command.args(verb).args(arguments).arg("--control-plane").arg(format!("http://{address}"));
    let output = command.arg("--token-file").arg(state.join("admin.token")).output()?;
    if !output.status.success() {
        bail!("`trigate {} {}` failed: {}", verb[0], verb[1], String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(String::from_utf8(output.stdout)?)
}

fn policy(upstream: SocketAddr) -> String {
    let mut servers = String::new();
    let mut endpoints = String::new();
    let mut tools = String::new();
    for name in ["mcp20", "mcp500"] {
        servers.push_str(&format!(
            "  {name}: {{ url: \"http://{upstream}/{name}\", credential: {{ bearer: {{ env: {CREDENTIAL} }} }} }}\n"
        ));
        endpoints.push_str(&format!("  /{name}: {{ servers: [{name}] }}\n"));
        for (effect, tool) in
            [("allow", CALLED_TOOL), ("allow", "tool_*"), ("deny", HIDDEN_TOOLS), ("deny", "delete_*")]
        {
            tools.push_str(&format!("      - {effect}: \"{name}.{tool}\"\n"));
        }
    }
    format!("version: 1\nservers:\n{servers}endpoints:\n{endpoints}roles:\n  bench:\n    tools:\n{tools}")
}
