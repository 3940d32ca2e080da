//! The commands against a control plane that runs: found by its state directory, or by URL and token.

#![expect(clippy::unwrap_used, reason = "a test whose ground cannot be laid has to fail")]

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::Value;
use tempfile::TempDir;

const DOCUMENT: &str = "version: 1\ndatabases:\n  mydb: { url: 'sqlite:///tmp/mydb.db' }\n";
const SOON: Duration = Duration::from_secs(20);

fn trigate(directory: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_trigate"));
    for name in ["TRIGATE_CONTROL_PLANE", "TRIGATE_TOKEN", "TRIGATE_STATE_DIR", "TRIGATE_STORE", "RUST_LOG"] {
        command.env_remove(name);
    }
    command.current_dir(directory);
    command
}

/// A control plane as a process of its own.
struct Running {
    directory: TempDir,
    child: Child,
}

impl Running {
    fn start() -> Running {
        let directory = tempfile::tempdir().unwrap();
        let child = spawn(directory.path());
        let running = Running { directory, child };
        running.beacon();
        running
    }

    /// What it wrote once it listened.
    fn beacon(&self) -> Value {
        let path = self.directory.path().join(".trigate/control-plane.json");
        let deadline = Instant::now() + SOON;
        loop {
            if let Ok(text) = std::fs::read(&path) {
                return serde_json::from_slice(&text).unwrap();
            }
            assert!(Instant::now() < deadline, "the control plane does not say where it listens");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    fn run(&self, line: &str) -> Output {
        trigate(self.directory.path()).args(line.split(' ')).output().unwrap()
    }

    #[track_caller]
    fn told(&self, line: &str) -> String {
        let output = self.run(line);
        assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    fn stop(&mut self) -> std::process::ExitStatus {
        kill(Pid::from_raw(i32::try_from(self.child.id()).unwrap()), Signal::SIGTERM).unwrap();
        self.child.wait().unwrap()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn spawn(directory: &Path) -> Child {
    let mut command = trigate(directory);
    command.args(["control-plane", "--listen", "127.0.0.1:0"]).stderr(Stdio::null());
    command.spawn().unwrap()
}

#[test]
fn a_running_control_plane_is_found_by_its_state_directory() {
    let mut running = Running::start();
    std::fs::write(running.directory.path().join("trigate.yaml"), DOCUMENT).unwrap();
    running.told("policy apply trigate.yaml");
    running.told("role add reader");
    assert!(running.told("role list").contains("reader"));
    assert!(running.stop().success());
    // The same store, now without it.
    assert!(running.told("role list").contains("reader"));
}

#[test]
fn a_control_plane_named_by_url_wants_the_administrators_token() {
    let running = Running::start();
    let url = running.beacon()["url"].as_str().unwrap().to_owned();
    let elsewhere = tempfile::tempdir().unwrap();
    let ask = |token: Option<&str>| {
        let mut command = trigate(elsewhere.path());
        command.args(["role", "list", "--control-plane", &url]);
        if let Some(token) = token {
            command.env("TRIGATE_TOKEN", token);
        }
        command.output().unwrap()
    };
    let read =
        |name: &str| std::fs::read_to_string(running.directory.path().join(".trigate").join(name)).unwrap();

    assert_eq!(ask(None).status.code(), Some(1));
    assert_eq!(ask(Some("wrong")).status.code(), Some(4));
    assert_eq!(ask(Some(read("node.token").trim())).status.code(), Some(4), "a node administers");
    assert_eq!(ask(Some(read("admin.token").trim())).status.code(), Some(0));
}

#[test]
fn a_store_is_held_by_one_control_plane() {
    let running = Running::start();
    let mut second = spawn(running.directory.path());
    assert_eq!(second.wait().unwrap().code(), Some(1));
    assert!(running.told("nodes").contains("no node is connected"));
}

#[test]
fn a_control_plane_that_was_killed_leaves_a_usable_directory() {
    let mut running = Running::start();
    running.told("role add reader");
    running.child.kill().unwrap();
    running.child.wait().unwrap();
    assert!(running.told("role list").contains("reader"));
    let first = running.beacon();
    running.child = spawn(running.directory.path());
    let deadline = Instant::now() + SOON;
    while running.beacon() == first {
        assert!(Instant::now() < deadline, "the second control plane does not say where it listens");
        std::thread::sleep(Duration::from_millis(10));
    }
    assert!(running.told("role list").contains("reader"));
}

#[test]
fn a_taken_port_is_named_with_the_option() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let directory = tempfile::tempdir().unwrap();
    for command in ["control-plane", "serve --db sqlite://x.db"] {
        let output =
            trigate(directory.path()).args(command.split(' ')).args(["--listen", &address]).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{command}: {said}");
        assert!(said.contains(&address) && said.contains("--listen"), "{command}: {said}");
    }
}

#[test]
fn a_served_database_has_a_key_that_can_be_revoked_while_it_runs() {
    let directory = tempfile::tempdir().unwrap();
    let mut command = trigate(directory.path());
    command
        .args(["serve", "--db", "shop=sqlite://shop.db", "--listen", "127.0.0.1:0"])
        .stdout(Stdio::piped());
    let child = command.stderr(Stdio::null()).spawn().unwrap();
    let mut running = Running { directory, child };
    let lines = BufReader::new(running.child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let key = lines.filter_map(|line| line.split("tg_").nth(1).map(str::to_owned)).next().unwrap();
    running.beacon();
    let id = key.split('_').next().unwrap();
    assert!(running.told("apikey list").contains(id));
    running.told(&format!("apikey revoke {id}"));
    assert!(!running.told("apikey list").contains(id));
    assert!(running.stop().success());
}
