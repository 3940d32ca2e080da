//! The state directory: where everything of one gateway lives, and who holds it now.
//!
//! Whether a process of an earlier run is still there is told by a lock, which the kernel lets go with its holder;
//! a process id in a file may be somebody else's by now.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use control_plane::vault::{Vault, VaultError};
use serde::{Deserialize, Serialize};

/// How long a command waits for another that holds the store.
const PATIENCE: Duration = Duration::from_secs(5);

/// Why a state directory cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StateError {
    #[error("cannot use the state directory `{}`: {cause}; choose another with --state-dir", path.display())]
    Unusable { path: PathBuf, cause: io::Error },
    #[error("there is no state directory `{}`: start `trigate up`, or name one with --state-dir or a control plane with --control-plane", path.display())]
    Missing { path: PathBuf },
    #[error("the state directory `{}` is in use by another trigate: stop that one, or choose another with --state-dir", path.display())]
    InUse { path: PathBuf },
    #[error("the store in `{}` is held by a trigate that does not answer: wait for it or stop it", path.display())]
    Silent { path: PathBuf },
    #[error("cannot write `{}`: {cause}", path.display())]
    Unwritable { path: PathBuf, cause: io::Error },
}

/// Where a control plane of this directory listens; written by it once it does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Beacon {
    /// `http://ADDRESS:PORT`.
    pub(crate) url: String,
    /// The process that serves.
    pub(crate) pid: u32,
}

/// A state directory, by absolute path.
#[derive(Debug, Clone)]
pub(crate) struct StateDir {
    path: PathBuf,
}

/// Held as long as it lives.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
}

impl StateDir {
    /// Makes the directory (0700) where it is missing.
    pub(crate) fn create(path: &Path) -> Result<StateDir, StateError> {
        let unusable = |cause| StateError::Unusable { path: path.to_owned(), cause };
        fs::DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(unusable)?;
        Ok(StateDir { path: path.canonicalize().map_err(unusable)? })
    }

    /// A directory that has to be there.
    pub(crate) fn open(path: &Path) -> Result<StateDir, StateError> {
        if !path.is_dir() {
            return Err(StateError::Missing { path: path.to_owned() });
        }
        StateDir::create(path)
    }

    /// The directory itself.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// One file in it.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// URL of its store.
    pub(crate) fn store_url(&self) -> String {
        format!("sqlite://{}", self.file("control-plane.db").display())
    }

    /// What a control plane of this directory is opened with: its key, made where there is none.
    pub(crate) fn plane_options(&self) -> Result<control_plane::Options, VaultError> {
        Ok(control_plane::Options {
            vault: Some(Vault::open(&self.path)?),
            ..control_plane::Options::default()
        })
    }

    /// True where a control plane has been here before.
    pub(crate) fn has_store(&self) -> bool {
        self.file("control-plane.db").is_file()
    }

    /// Holds the whole directory for `trigate up` and `trigate serve`.
    pub(crate) fn hold(&self) -> Result<Lock, StateError> {
        self.lock("up.lock")?.ok_or_else(|| StateError::InUse { path: self.path.clone() })
    }

    /// Holds the store for a control plane.
    pub(crate) fn hold_store(&self) -> Result<Lock, StateError> {
        self.lock("store.lock")?.ok_or_else(|| StateError::InUse { path: self.path.clone() })
    }

    /// Holds the store for one command, after any other command that has it.
    pub(crate) async fn borrow_store(&self) -> Result<Lock, StateError> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(lock) = self.lock("store.lock")? {
                return Ok(lock);
            }
            if Instant::now() > deadline {
                return Err(StateError::Silent { path: self.path.clone() });
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// True while some process holds the store.
    pub(crate) fn store_is_held(&self) -> Result<bool, StateError> {
        Ok(self.lock("store.lock")?.is_none())
    }

    fn lock(&self, name: &str) -> Result<Option<Lock>, StateError> {
        let path = self.file(name);
        let unwritable = |cause| StateError::Unwritable { path: path.clone(), cause };
        let file = private().create(true).append(true).open(&path).map_err(unwritable)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Lock { _file: file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(cause)) => Err(unwritable(cause)),
        }
    }

    /// Where its control plane listens, by its own word.
    pub(crate) fn beacon(&self) -> Option<Beacon> {
        serde_json::from_slice(&fs::read(self.file("control-plane.json")).ok()?).ok()
    }

    /// Says where the control plane listens.
    pub(crate) fn set_beacon(&self, beacon: &Beacon) -> Result<(), StateError> {
        self.write_json("control-plane.json", &serde_json::json!({ "url": beacon.url, "pid": beacon.pid }))
    }

    /// Writes a file only its owner can read; readers see the old content or the new, never half.
    pub(crate) fn write(&self, name: &str, content: &[u8]) -> Result<PathBuf, StateError> {
        let path = self.file(name);
        let fresh = self.file(&format!("{name}.new"));
        let write = || {
            let _ = fs::remove_file(&fresh); // left by a run that was cut off, maybe with another mode
            let mut file = private().create_new(true).write(true).open(&fresh)?;
            file.write_all(content)?;
            fs::rename(&fresh, &path)
        };
        write().map_err(|cause| StateError::Unwritable { path: path.clone(), cause })?;
        Ok(path)
    }

    /// The same for JSON.
    pub(crate) fn write_json(&self, name: &str, value: &serde_json::Value) -> Result<(), StateError> {
        self.write(name, format!("{value:#}\n").as_bytes()).map(|_| ())
    }

    /// Removes a file; its absence is fine.
    pub(crate) fn remove(&self, name: &str) {
        let _ = fs::remove_file(self.file(name));
    }
}

fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.mode(0o600);
    options
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_directory_is_held_once() {
        let dir = tempfile::tempdir().unwrap();
        let state = StateDir::create(dir.path()).unwrap();
        let lock = state.hold().unwrap();
        assert!(matches!(state.hold(), Err(StateError::InUse { .. })));
        drop(lock);
        state.hold().unwrap();
    }

    #[test]
    fn what_is_written_is_for_its_owner_alone() {
        let dir = tempfile::tempdir().unwrap();
        let state = StateDir::create(dir.path()).unwrap();
        let path = state.write("secret", b"first").unwrap();
        state.write("secret", b"second").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"second");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_missing_directory_is_not_made_by_reading() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("none");
        assert!(matches!(StateDir::open(&path), Err(StateError::Missing { .. })));
        assert!(!path.exists());
    }
}
