//! Starting and stopping: what is wrong is said in one sentence, and nothing is left behind.

use std::fs;
use std::net::TcpListener;
use std::time::Duration;

use anyhow::{Context, Result};
use nix::sys::signal::Signal;
use tests::document::Document;
use tests::gateway::{Plan, trigate};
use tests::process::{Process, descendants, runs};
use tests::upstream::Upstream;
use tests::wait::{START, until};
use tests::workspace::free_address;

const DOCUMENT: &str = "version: 1\n";

/// Starts what cannot start: what it said before it ended.
#[track_caller]
fn check(plan: &Plan, listen: std::net::SocketAddr, words: &[&str]) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let command = plan.command(folder.path(), listen)?;
    let mut process = Process::start("trigate up", command, &folder.path().join("up.log"))?;
    let status = process.ended(START)?;
    let said = process.output();
    assert!(!status.success(), "{said}");
    for word in words {
        assert!(said.contains(word), "`{word}` is not in: {said}");
    }
    assert!(!said.contains("panicked"), "{said}");
    Ok(())
}

#[test]
fn a_taken_port_is_named_with_the_way_out() -> Result<()> {
    let taken = TcpListener::bind("127.0.0.1:0")?;
    let address = taken.local_addr()?;
    check(&Plan::of(DOCUMENT), address, &[&address.to_string(), "--listen"])
}

#[test]
fn all_problems_of_a_document_are_named_with_their_places() -> Result<()> {
    let document =
        "version: 1\nkeys:\n  - { id: x, name: n, role: nobody, sha256: zz }\nservers:\n  s: { url: 7 }\n";
    check(
        &Plan::of(document),
        free_address()?,
        &["3:11", "keys[0].id", "`nobody`", "sha256", "5:13", "servers.s.url"],
    )
}

#[test]
fn an_unknown_field_is_named_with_its_place() -> Result<()> {
    check(&Plan::of("version: 1\nrolls: {}\n"), free_address()?, &["2:1", "rolls", "roles"])
}

#[test]
fn a_document_that_is_no_yaml_is_refused_with_the_place() -> Result<()> {
    check(&Plan::of("version: 1\nroles: [\n"), free_address()?, &["trigate.yaml"])
}

#[test]
fn a_document_that_is_not_there_is_named() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let mut command = trigate(folder.path())?;
    command.args(["up", "--config", "absent.yaml", "--listen", &free_address()?.to_string()]);
    let output = command.output()?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        !output.status.success() && said.contains("absent.yaml") && said.trim().lines().count() <= 3,
        "{said}"
    );
    Ok(())
}

#[test]
fn a_credential_that_cannot_be_resolved_is_named() -> Result<()> {
    let document = Document::new().server(
        "s",
        "http://127.0.0.1:1/mcp",
        ", credential: { bearer: { env: NOT_SET_ANYWHERE } }",
    );
    check(&Plan::of(&document.text()), free_address()?, &["NOT_SET_ANYWHERE"])
}

#[test]
fn an_envoy_that_is_not_there_is_named_with_the_way_out() -> Result<()> {
    let plan = Plan::of(DOCUMENT).variable("TRIGATE_ENVOY", "/nowhere/envoy");
    check(&plan, free_address()?, &["/nowhere/envoy"])
}

fn stops(signal: Signal) -> Result<()> {
    let upstream = Upstream::echo()?;
    let document = Document::new().server("s", &upstream.url(), "").role("agent", "everything: true");
    let mut gateway = Plan::of(&document.text()).start()?;
    let children = descendants(gateway.process().pid())?;
    assert!(children.len() >= 2, "control plane and Envoy are children: {children:?}");
    let connect = gateway.state("connect.json");
    gateway.process().signal(signal)?;
    let status = gateway.process().ended(Duration::from_secs(10))?;
    if signal != Signal::SIGKILL {
        assert!(status.success() || status.code() == Some(130), "{status}: {}", gateway.process().output());
        assert!(!connect.exists(), "connect.json still says that it serves");
    }
    until("the children to be gone", Duration::from_secs(5), || {
        let left = children.iter().map(|(id, _)| runs(*id)).collect::<Result<Vec<_>>>()?;
        Ok((!left.contains(&true)).then_some(()))
    })
    .with_context(|| format!("of {children:?}"))
}

#[test]
fn ctrl_c_leaves_no_process() -> Result<()> {
    stops(Signal::SIGINT)
}

#[test]
fn a_polite_stop_leaves_no_process() -> Result<()> {
    stops(Signal::SIGTERM)
}

#[test]
fn a_killed_supervisor_leaves_no_process() -> Result<()> {
    stops(Signal::SIGKILL)
}

#[test]
fn secrets_of_the_state_directory_are_for_its_owner_alone() -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let gateway = Plan::demo().start()?;
    for name in ["connect.json", "node.token", "admin.token", "envoy.json"] {
        let path = gateway.state(name);
        let mode = fs::metadata(&path).with_context(|| path.display().to_string())?.permissions().mode();
        assert_eq!(mode & 0o077, 0, "{name} has mode {mode:o}");
    }
    Ok(())
}
