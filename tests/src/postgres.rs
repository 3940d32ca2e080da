//! A PostgreSQL cluster of its own for one test, thrown away after it.

use std::fs;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use nix::sys::signal::Signal;
use nix::unistd::{Uid, User};
use tempfile::TempDir;

use crate::process::Process;
use crate::wait::{self, START};
use crate::workspace;

/// A running cluster with an empty database.
#[derive(Debug)]
pub struct Postgres {
    port: u16,
    // Dropped in this order: the process first.
    process: Process,
    _folder: TempDir,
}

/// PostgreSQL refuses to run as root; a test that is root runs it as the user that the package made for it.
const UNPRIVILEGED: &str = "postgres";

impl Postgres {
    /// Makes and starts a cluster.
    pub fn start() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let data = folder.path().join("data");
        fs::create_dir(&data)?;
        if let Some(user) = other_user()? {
            fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o711))?;
            chown(&data, Some(user.uid.as_raw()), Some(user.gid.as_raw()))?;
        }
        fs::set_permissions(&data, fs::Permissions::from_mode(0o700))?;
        let output = server_command("initdb", folder.path())?
            .args(["--auth=trust", "--username=postgres", "--no-sync", "--encoding=UTF8", "--locale=C", "-D"])
            .arg(&data)
            .output()
            .context("running initdb")?;
        ensure!(output.status.success(), "initdb failed: {}", String::from_utf8_lossy(&output.stderr));

        let port = workspace::free_address()?.port();
        let mut command = server_command("postgres", folder.path())?;
        command.arg("-D").arg(&data).args([
            "-p",
            &port.to_string(),
            "-h",
            "127.0.0.1",
            "-k",
            "",
            "-c",
            "fsync=off",
        ]);
        let process = Process::start("PostgreSQL", command, &folder.path().join("postgres.log"))?;
        let mut cluster = Self { port, process, _folder: folder };
        wait::until("PostgreSQL to accept connections", START, || {
            cluster.process.running()?;
            Ok(cluster.run("SELECT 1").ok())
        })?;
        Ok(cluster)
    }

    /// Its URL, as a document names a database.
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// Runs statements with `psql` and returns what it printed.
    pub fn run(&self, statements: &str) -> Result<String> {
        let output = Command::new(program("psql")?)
            .args([
                "--no-psqlrc",
                "--quiet",
                "--tuples-only",
                "--no-align",
                "--set=ON_ERROR_STOP=1",
                "--command",
                statements,
            ])
            .arg(self.url())
            .output()
            .context("running psql")?;
        ensure!(output.status.success(), "psql failed: {}", String::from_utf8_lossy(&output.stderr));
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // At once, without waiting for clients: the data is thrown away.
        let _ = self.process.signal(Signal::SIGQUIT);
    }
}

fn other_user() -> Result<Option<User>> {
    if !Uid::effective().is_root() {
        return Ok(None);
    }
    let user = User::from_name(UNPRIVILEGED)?;
    user.map(Some)
        .with_context(|| format!("as root, PostgreSQL runs as `{UNPRIVILEGED}`, and there is no such user"))
}

fn server_command(name: &str, folder: &Path) -> Result<Command> {
    let mut command = Command::new(program(name)?);
    if let Some(user) = other_user()? {
        use std::os::unix::process::CommandExt;
        command.uid(user.uid.as_raw()).gid(user.gid.as_raw());
    }
    command.current_dir(folder);
    Ok(command)
}

/// A program of PostgreSQL: on PATH, or where Debian keeps those it does not put there.
fn program(name: &str) -> Result<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    if let Ok(versions) = fs::read_dir("/usr/lib/postgresql") {
        folders.extend(versions.flatten().map(|version| version.path().join("bin")));
    }
    let found = folders.into_iter().map(|folder| folder.join(name)).find(|file| file.is_file());
    found.with_context(|| format!("`{name}` is missing: install PostgreSQL, as `make test` does"))
}
