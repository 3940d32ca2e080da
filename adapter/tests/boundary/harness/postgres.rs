//! A PostgreSQL server of the test's own, in a directory of its own, gone when it is dropped.

use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// A running server with one database.
pub(crate) struct Cluster {
    directory: TempDir,
    server: Child,
    port: u16,
}

impl Cluster {
    /// Makes and starts one. Fails, with the reason, where PostgreSQL is not installed.
    pub(crate) async fn start() -> Self {
        let binaries = binaries();
        let directory = tempfile::tempdir().unwrap();
        let data = directory.path().join("data");
        if is_root() {
            // PostgreSQL refuses to run as root; the directory goes to the user that it came with.
            run(Command::new("chown").arg("-R").arg("postgres").arg(directory.path()));
            run(Command::new("chmod").arg("755").arg(directory.path()));
        }
        let mut initdb = unprivileged(&binaries.join("initdb"));
        run(initdb.args(["-U", "trigate", "-A", "trust", "-E", "UTF8", "--no-sync", "-D"]).arg(&data));
        let port = free_port();
        let mut server = unprivileged(&binaries.join("postgres"));
        server.arg("-D").arg(&data).args(["-p", &port.to_string(), "-c", "listen_addresses=127.0.0.1"]);
        server.args(["-c", "fsync=off", "-c", "unix_socket_directories="]);
        let server = server.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let cluster = Self { directory, server, port };
        cluster.ready().await;
        cluster
    }

    /// The URL that the adapter gets.
    pub(crate) fn url(&self) -> String {
        format!("postgres://trigate@127.0.0.1:{}/postgres", self.port)
    }

    /// A client of the test's own, with all rights.
    pub(crate) async fn client(&self) -> tokio_postgres::Client {
        self.connect().await.expect("the server runs")
    }

    async fn connect(&self) -> Result<tokio_postgres::Client, tokio_postgres::Error> {
        let (client, connection) = tokio_postgres::connect(&self.url(), tokio_postgres::NoTls).await?;
        tokio::spawn(connection);
        Ok(client)
    }

    async fn ready(&self) {
        let deadline = Instant::now() + Duration::from_secs(60);
        while self.connect().await.is_err() {
            assert!(Instant::now() < deadline, "PostgreSQL in {:?} did not start", self.directory.path());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // SIGINT is PostgreSQL's fast shutdown: it ends its own children.
        run(Command::new("kill").args(["-INT", &self.server.id().to_string()]));
        let _ = self.server.wait();
    }
}

fn binaries() -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> = versions.map(|version| version.path().join("bin")).collect();
    found.sort();
    found.pop().expect("PostgreSQL is needed: install the package `postgresql`")
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().unwrap();
    id.stdout.starts_with(b"0\n")
}

fn unprivileged(program: &Path) -> Command {
    let mut command = Command::new(program);
    if is_root() {
        let number = |flag: &str| {
            let id = Command::new("id").args([flag, "postgres"]).output().unwrap();
            String::from_utf8(id.stdout).unwrap().trim().parse::<u32>().expect("there is a user `postgres`")
        };
        command.gid(number("-g")).uid(number("-u"));
    }
    command.current_dir("/");
    command
}

#[track_caller]
fn run(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// A port that the system gives to nobody by itself, and another in each process.
fn free_port() -> u16 {
    let own = u16::try_from(std::process::id() % 1_000).unwrap();
    let mut ports = (0..1_000).map(|step| 9_000 + (own + step) % 1_000);
    ports.find(|port| std::net::TcpListener::bind(("127.0.0.1", *port)).is_ok()).unwrap()
}
