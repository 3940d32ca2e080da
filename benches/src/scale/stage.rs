//! A real control plane and a real Envoy with two workers, under one policy.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;

use anyhow::{Context, ensure};
use clap::Parser;

use crate::child::{Cores, Running, pinned};
use crate::frames;
use crate::gateway::envoy::{self, Addresses};
use crate::gateway::plane::Plane;
use crate::gateway::probe;
use crate::gateway::stage::{free_address, start_upstream};
use crate::procfs::{self, Memory};
use crate::scale::Options;
use crate::scale::documents::{self, PATH, Size};

/// All processes.
pub(crate) struct Stage {
    pub(crate) plane: Plane,
    pub(crate) address: SocketAddr,
    envoy: Running,
    _upstream: Running,
}

impl Stage {
    /// Starts everything, and waits until a caller of the policy is let through.
    pub(crate) fn set(options: &Options, size: Size) -> anyhow::Result<Self> {
        let work = options.work.join(size.roles.to_string());
        fs::create_dir_all(&work)?;
        let all = procfs::cores()?.iter().map(u32::to_string).collect::<Vec<_>>().join(",");
        let cores = Cores { tested: all.clone(), rest: all };
        let (upstream, upstream_address) = start_upstream(&cores, &work)?;
        let plane = Plane::start(&gateway(options, &work), &cores)?;
        let file = work.join("trigate.yaml");
        let url = format!("http://{upstream_address}/mcp20");
        fs::write(&file, documents::document(size, &url)?.to_yaml())?;
        plane.trigate(["policy", "apply"], &[&file.to_string_lossy()])?;
        let addresses =
            Addresses { listen: free_address()?, admin: free_address()?, upstream: upstream_address };
        let module = options.filter.canonicalize().context("there is no module: `make filter`")?;
        // The upstream answers at the path of its list, whatever the endpoint's.
        let config = envoy::rewritten(envoy::trigate(addresses, &module, &plane), "/mcp20");
        let config_file = work.join("envoy.json");
        fs::write(&config_file, serde_json::to_string_pretty(&config)?)?;
        let program = options.envoy.canonicalize().context("there is no Envoy: `make tools`")?;
        let mut command = pinned(&cores.tested, &program);
        command.arg("-c").arg(&config_file).args([
            "--concurrency",
            "2",
            "--disable-hot-restart",
            "-l",
            "warn",
        ]);
        let mut running = Running::start("envoy", &mut command, &work)?;
        let body = frames::call(&documents::tool_of(size, 0), 300);
        running.until(|| {
            let answer = probe::post(addresses.listen, PATH, Some(&documents::key(0)), &body)?;
            ensure!(answer.is_result(), "Envoy answers {}: {}", answer.status, answer.body);
            Ok(())
        })?;
        Ok(Self { plane, address: addresses.listen, envoy: running, _upstream: upstream })
    }

    /// Resident memory of Envoy, MiB.
    pub(crate) fn resident_mib(&self) -> anyhow::Result<f64> {
        Ok(Memory::of(self.envoy.pid())?.resident_kib as f64 / 1024.0)
    }
}

/// The options of the gateway's benchmark that a control plane is started with.
fn gateway(options: &Options, work: &Path) -> crate::gateway::Options {
    crate::gateway::Options {
        trigate: options.trigate.clone(),
        work: work.to_owned(),
        ..crate::gateway::Options::parse_from(["gateway"])
    }
}
