//! Which package may use which: `crates/` decides and touches nothing, the shells touch the world and decide nothing.
//!
//! Read from cargo's own resolution; for the pure tier a dependency's dependency counts as well.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use tests::workspace::root;

/// Our packages, with those of ours that each may name.
const ARROWS: [(&str, &[&str]); 15] = [
    ("mcp", &[]),
    ("content", &["mcp"]),
    ("policy", &["content", "mcp"]),
    ("sql", &[]),
    ("engine", &["content", "mcp", "policy"]),
    ("proto", &[]),
    ("node", &["engine", "policy", "proto"]),
    ("filter", &["engine", "node", "policy"]),
    ("ext-proc", &["engine", "node", "policy", "proto"]),
    ("web", &[]),
    ("control-plane", &["engine", "mcp", "policy", "proto", "sql", "web"]),
    ("adapter", &["engine", "mcp", "policy", "proto", "sql", "web"]),
    ("cli", &["adapter", "control-plane", "ext-proc", "policy", "proto", "sql", "web"]),
    ("benches", &["content", "engine", "mcp", "policy", "tests"]),
    ("tests", &["proto"]),
];

const PURE: [&str; 6] = ["mcp", "content", "policy", "sql", "engine", "node"];

/// What the pure tier may not reach, by any way: runtimes, sockets, hosts, stores, clocks with a system behind them.
const WORLD: [&str; 14] = [
    "async-std",
    "axum",
    "deadpool-postgres",
    "hyper",
    "mio",
    "nix",
    "proxy-wasm",
    "reqwest",
    "rmcp",
    "rusqlite",
    "socket2",
    "tokio",
    "tokio-postgres",
    "tonic",
];

/// Packages that only these of ours may name.
const OWNED: [(&str, &[&str]); 10] = [
    ("cel", &["policy"]),
    ("proxy-wasm", &["filter"]),
    ("sqlparser", &["sql"]),
    ("rmcp", &["adapter"]),
    ("tokio-postgres", &["adapter", "benches"]),
    ("deadpool-postgres", &["adapter"]),
    // Who does something tells it; where it goes, the binary alone knows.
    ("opentelemetry", &["adapter", "cli", "control-plane"]),
    ("opentelemetry-otlp", &["cli"]),
    ("opentelemetry_sdk", &["cli"]),
    // The control plane's store, the adapter's driver, the demo's database, the floor of a benchmark.
    ("rusqlite", &["adapter", "benches", "cli", "control-plane"]),
];

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    workspace_members: Vec<String>,
    resolve: Resolve,
}

#[derive(Deserialize)]
struct Package {
    id: String,
    name: String,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    deps: Vec<Edge>,
}

#[derive(Deserialize)]
struct Edge {
    pkg: String,
    dep_kinds: Vec<Kind>,
}

#[derive(Deserialize)]
struct Kind {
    kind: Option<String>,
    target: Option<String>,
}

/// Names of packages, with those each uses in production code.
struct Graph {
    ours: BTreeSet<String>,
    uses: BTreeMap<String, BTreeSet<String>>,
}

impl Graph {
    fn read() -> Result<Self> {
        let output = cargo()
            .args(["metadata", "--format-version", "1", "--locked"])
            .output()
            .context("running cargo metadata")?;
        ensure!(
            output.status.success(),
            "cargo metadata failed: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        let metadata: Metadata = serde_json::from_slice(&output.stdout)?;
        let names: BTreeMap<&str, &str> =
            metadata.packages.iter().map(|package| (package.id.as_str(), package.name.as_str())).collect();
        let name = |id: &str| names.get(id).map(|name| (*name).to_owned());
        let mut uses = BTreeMap::<String, BTreeSet<String>>::new();
        for node in &metadata.resolve.nodes {
            let used = node.deps.iter().filter(|edge| edge.dep_kinds.iter().any(in_production));
            // Two versions of one name become one entry: either would be too much.
            uses.entry(name(&node.id).unwrap_or_default())
                .or_default()
                .extend(used.filter_map(|edge| name(&edge.pkg)));
        }
        Ok(Self { ours: metadata.workspace_members.iter().filter_map(|id| name(id)).collect(), uses })
    }

    fn direct(&self, package: &str) -> BTreeSet<String> {
        self.uses.get(package).cloned().unwrap_or_default()
    }
}

/// Everything a package reaches when it is built alone for that target.
///
/// Not read from the graph above: there, a feature that one package asks for is switched on for all.
fn reached(package: &str, target: &str) -> Result<BTreeSet<String>> {
    let output = cargo()
        .args(["tree", "--locked", "--edges", "normal", "--prefix", "none", "--format", "{p}"])
        .args(["--package", package, "--target", target])
        .output()
        .context("running cargo tree")?;
    ensure!(output.status.success(), "cargo tree failed: {}", String::from_utf8_lossy(&output.stderr));
    let lines = String::from_utf8_lossy(&output.stdout).into_owned();
    let names: BTreeSet<String> =
        lines.lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect();
    ensure!(names.contains(package), "cargo tree says nothing of `{package}`");
    Ok(names)
}

fn cargo() -> Command {
    let mut command = Command::new(std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned()));
    command.current_dir(root());
    command
}

/// Whether an edge is there in production, on this platform or on the filter's.
fn in_production(kind: &Kind) -> bool {
    kind.kind.is_none() && !kind.target.as_deref().is_some_and(|target| target.contains("windows"))
}

#[test]
fn arrows_point_only_where_they_may() -> Result<()> {
    let graph = Graph::read()?;
    let drawn: BTreeMap<&str, &[&str]> = ARROWS.into_iter().collect();
    for package in &graph.ours {
        let allowed = drawn
            .get(package.as_str())
            .with_context(|| format!("`{package}` is not on the map of layers"))?;
        for used in graph.direct(package).intersection(&graph.ours) {
            assert!(allowed.contains(&used.as_str()), "`{package}` may not use `{used}`");
        }
    }
    Ok(())
}

#[test]
fn the_pure_tier_reaches_no_part_of_the_world() -> Result<()> {
    for package in PURE {
        let reached = reached(package, "wasm32-unknown-unknown")?;
        for forbidden in WORLD {
            assert!(!reached.contains(forbidden), "`{package}` reaches `{forbidden}`");
        }
    }
    Ok(())
}

#[test]
fn the_filter_carries_no_sql_and_no_runtime() -> Result<()> {
    let reached = reached("filter", "wasm32-wasip1")?;
    for forbidden in ["sqlparser", "tokio", "tonic", "rusqlite", "axum"] {
        assert!(!reached.contains(forbidden), "the filter reaches `{forbidden}`");
    }
    Ok(())
}

#[test]
fn drivers_and_hosts_are_named_by_their_owners_alone() -> Result<()> {
    let graph = Graph::read()?;
    for (owned, owners) in OWNED {
        // A rule about a package that nobody uses would pass for ever and say nothing.
        assert!(
            graph.uses.contains_key(owned),
            "`{owned}` is not in the lock file: drop the rule or mend it"
        );
        for package in &graph.ours {
            let names_it = graph.direct(package).contains(owned);
            assert!(!names_it || owners.contains(&package.as_str()), "`{package}` may not use `{owned}`");
        }
    }
    Ok(())
}

#[test]
fn the_pure_tier_is_linted_against_clocks_files_and_sockets() -> Result<()> {
    let lints = std::fs::read_to_string(root().join("crates/clippy.toml")).context("crates/clippy.toml")?;
    for banned in
        ["std::time::Instant::now", "std::time::SystemTime::now", "std::fs::", "std::env::", "std::net::"]
    {
        assert!(lints.contains(banned), "crates/clippy.toml does not ban `{banned}`");
    }
    Ok(())
}
