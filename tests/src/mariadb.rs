//! A MariaDB server of its own for one test, thrown away after it.

use std::fs;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use nix::unistd::{Uid, User};
use tempfile::TempDir;

use crate::process::Process;
use crate::wait::{self, START};
use crate::workspace;

/// A running server with an empty database `shop`.
#[derive(Debug)]
pub struct MariaDb {
    port: u16,
    // Dropped in this order: the process first.
    process: Process,
    folder: TempDir,
}

/// MariaDB refuses to run as root; a test that is root runs it as the user that the package made for it.
const UNPRIVILEGED: &str = "mysql";
/// The database that tests use.
const DATABASE: &str = "shop";
/// The login with all rights, which comes in without a password, by the port too.
const SETUP: &str = "CREATE DATABASE shop CHARACTER SET utf8mb4; \
    CREATE USER 'admin'@'127.0.0.1' IDENTIFIED BY ''; \
    GRANT ALL PRIVILEGES ON *.* TO 'admin'@'127.0.0.1' WITH GRANT OPTION;";

impl MariaDb {
    /// Makes and starts a server.
    pub fn start() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let data = folder.path().join("data");
        fs::create_dir(&data)?;
        if let Some(user) = other_user()? {
            let (uid, gid) = (Some(user.uid.as_raw()), Some(user.gid.as_raw()));
            chown(folder.path(), uid, gid)?;
            chown(&data, uid, gid)?;
            fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755))?;
        }
        let output = server_command("mariadb-install-db", folder.path())?
            .args(["--no-defaults", "--auth-root-authentication-method=normal", "--skip-test-db"])
            .arg(format!("--datadir={}", data.display()))
            .output()
            .context("running mariadb-install-db")?;
        let said = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "mariadb-install-db failed: {said}");

        let port = workspace::free_address()?.port();
        let mut command = server_command("mariadbd", folder.path())?;
        command
            .args(["--no-defaults", "--bind-address=127.0.0.1", "--skip-name-resolve", "--skip-log-bin"])
            .args(["--innodb-flush-log-at-trx-commit=0", "--innodb-buffer-pool-size=32M"])
            .arg(format!("--datadir={}", data.display()))
            .arg(format!("--socket={}", socket(folder.path()).display()))
            .arg(format!("--port={port}"));
        let process = Process::start("MariaDB", command, &folder.path().join("mariadb.log"))?;
        let mut server = Self { port, process, folder };
        wait::until("MariaDB to accept connections", START, || {
            server.process.running()?;
            Ok(server.client("", "SELECT 1").ok())
        })?;
        server.client("", SETUP)?;
        Ok(server)
    }

    /// The URL of its database for a login with all rights.
    pub fn url(&self) -> String {
        self.url_of("admin")
    }

    /// The URL of its database for a login without a password.
    pub fn url_of(&self, user: &str) -> String {
        format!("mysql://{user}@127.0.0.1:{}/{DATABASE}", self.port)
    }

    /// The same by the server's socket; logins there are those of `localhost`.
    pub fn socket_url_of(&self, user: &str) -> String {
        format!("mysql://{user}@localhost/{DATABASE}?socket={}", socket(self.folder.path()).display())
    }

    /// Runs statements with `mariadb` and returns what it printed: rows of fields between tabs.
    pub fn run(&self, statements: &str) -> Result<String> {
        self.client(DATABASE, statements)
    }

    fn client(&self, database: &str, statements: &str) -> Result<String> {
        let output = Command::new(program("mariadb")?)
            .args(["--no-defaults", "--user=root", "--batch", "--skip-column-names"])
            .args(["--default-character-set=utf8mb4", "--execute", statements])
            .arg(format!("--socket={}", socket(self.folder.path()).display()))
            .arg(database)
            .output()
            .context("running mariadb")?;
        ensure!(output.status.success(), "mariadb failed: {}", String::from_utf8_lossy(&output.stderr));
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }
}

impl Drop for MariaDb {
    fn drop(&mut self) {
        // At once: the data is thrown away.
        let _ = self.process.kill();
    }
}

fn socket(folder: &Path) -> PathBuf {
    folder.join("mariadb.sock")
}

fn other_user() -> Result<Option<User>> {
    if !Uid::effective().is_root() {
        return Ok(None);
    }
    let user = User::from_name(UNPRIVILEGED)?;
    user.map(Some)
        .with_context(|| format!("as root, MariaDB runs as `{UNPRIVILEGED}`, and there is no such user"))
}

fn server_command(name: &str, folder: &Path) -> Result<Command> {
    let mut command = Command::new(program(name)?);
    if let Some(user) = other_user()? {
        use std::os::unix::process::CommandExt;
        command.uid(user.uid.as_raw()).gid(user.gid.as_raw());
    }
    // A server clears the folder of its temporary tables when it starts, those of other servers too.
    command.current_dir(folder).env("TMPDIR", folder);
    Ok(command)
}

/// A program of MariaDB: on PATH, or where Debian keeps those it does not put there.
fn program(name: &str) -> Result<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain(["/usr/sbin".into(), "/usr/local/sbin".into()]);
    let found = folders.map(|folder| folder.join(name)).find(|file| file.is_file());
    found.with_context(|| format!("`{name}` is missing: install MariaDB, as `make test` does"))
}
