//! The shop of `crates/sql/tests/useful`: on each engine that runs here, behind `trigate serve`, for two roles.
//!
//! The analyst sees all of it. The agent sees what [`AGENT`] says; what that comes to in the database's own words is the
//! view of each table in `*_VIEWS`, so that the same question can be asked of the database directly.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use tempfile::TempDir;
use tests::gateway::trigate;
use tests::http::{Request, Url};
use tests::keys::Key;
use tests::mariadb::MariaDb;
use tests::postgres::Postgres;
use tests::process::Process;
use tests::wait::{START, until};
use tests::workspace::free_address;

/// What the agent's role has: no ssn, no credit_card, no salaries, no secrets; only orders of its own region.
const AGENT: &str = "
        tables: { categories: [read], products: [read], customers: [read], orders: [read],
          order_items: [read], payments: [read], employees: [read], events: [read], stock: [read], order_totals: [read] }
        deny_columns: { customers: [ssn, credit_card] }
        mask_columns: { customers: { email: hash, phone: last4 } }
        rows: { orders: region = claims.region }
        max_rows: 5000
        raw_sql: true";

/// The agent's, with changes.
const CLERK: (&str, &str) = (
    "customers: [read], orders: [read]",
    "customers: [read, update], orders: [read, insert, update, delete]",
);

const ANALYST: &str = "
        tables: { \"*\": [read, write] }
        max_rows: 5000
        max_affected: 1000
        raw_sql: true";

/// An engine that runs here.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Engine {
    MariaDb,
    Postgres,
    Sqlite,
}

impl Engine {
    /// The name of its files among the statements.
    pub(crate) fn file(self) -> &'static str {
        match self {
            Engine::MariaDb => "mysql",
            Engine::Postgres => "postgres",
            Engine::Sqlite => "sqlite",
        }
    }
}

/// The database itself, with all rights.
pub(crate) enum Direct {
    MariaDb(MariaDb),
    Postgres(Postgres),
    Sqlite(PathBuf),
}

/// The shop, served.
pub(crate) struct Shop {
    base: String,
    _process: Process,
    pub(crate) direct: Direct,
    _folder: TempDir,
}

/// What `trigate serve` answered.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Result<Value> {
        serde_json::from_str(&self.text).with_context(|| format!("`{}` is no JSON", self.text))
    }

    /// Its rows, as lists of values in no order.
    pub(crate) fn rows(&self) -> Result<Vec<Value>> {
        ensure!(self.status == 200, "refused with {}: {}", self.status, self.text);
        let json = self.json()?;
        let rows = json.get("resource").and_then(Value::as_array);
        rows.cloned().with_context(|| format!("no rows in {json}"))
    }
}

impl Shop {
    /// Starts the engine, fills it and serves it.
    pub(crate) fn open(engine: Engine) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let schema = fs::read_to_string(corpus("useful", &format!("schema_{}", engine.file())))?;
        let (direct, url) = match engine {
            Engine::MariaDb => {
                let server = MariaDb::start()?;
                // One argument of a command has a bound, the schema is larger.
                for statement in statements(&schema) {
                    server.run(&statement.sql)?;
                }
                let url = server.url();
                (Direct::MariaDb(server), url)
            }
            Engine::Postgres => {
                let cluster = Postgres::start()?;
                cluster.run(&schema)?;
                let url = cluster.url();
                (Direct::Postgres(cluster), url)
            }
            Engine::Sqlite => {
                let path = folder.path().join("shop.db");
                rusqlite::Connection::open(&path)?.execute_batch(&schema)?;
                let url = format!("sqlite://{}", path.display());
                (Direct::Sqlite(path), url)
            }
        };
        let address = free_address()?;
        fs::write(folder.path().join("trigate.yaml"), document(&url))?;
        let mut command = trigate(folder.path())?;
        command.args(["serve", "--config", "trigate.yaml", "--listen", &address.to_string()]);
        command.args(["--statement-timeout", "3"]);
        let process = Process::start("trigate serve", command, &folder.path().join("serve.log"))?;
        let health = Url::parse(&format!("http://{address}/healthz"))?;
        until("the adapter's policy", START, || {
            Ok(Request::new("GET", "").send(&health).ok().filter(|answer| answer.status == 200))
        })?;
        let base = format!("http://{address}");
        Ok(Self { base, _process: process, direct, _folder: folder })
    }

    /// Runs SQL text as a role.
    pub(crate) fn sql(&self, role: &str, sql: &str) -> Result<Answer> {
        self.post(role, "/api/v1/shop/_sql", &json!({ "sql": sql }))
    }

    /// Posts JSON as a role.
    pub(crate) fn post(&self, role: &str, path: &str, body: &Value) -> Result<Answer> {
        self.send(
            role,
            Request::new("POST", body.to_string()).header("Content-Type", "application/json"),
            path,
        )
    }

    fn send(&self, role: &str, request: Request, path: &str) -> Result<Answer> {
        let request = request.header("X-API-Key", &Key::of(role).text);
        let answer = request.send(&Url::parse(&format!("{}{path}", self.base))?)?;
        Ok(Answer { status: answer.status, text: answer.text() })
    }
}

fn document(url: &str) -> String {
    let keys = ["agent", "analyst", "clerk"]
        .map(|role| Key::of(role).line(role))
        .map(|line| line.replace(" }", ", claims: { region: EU } }"));
    let role = |name: &str, rights: &str| {
        format!("  {name}:\n    tools: [ {{ allow: shop.* }} ]\n    databases:\n      shop:{rights}\n")
    };
    format!(
        "version: 1\ndatabases:\n  shop: {{ url: \"{url}\", allow_unsafe_login: true }}\nkeys:\n{}\nroles:\n{}{}",
        keys.join("\n"),
        role("agent", AGENT),
        role("analyst", ANALYST) + &role("clerk", &AGENT.replace(CLERK.0, CLERK.1))
    )
}

/// A file of statements.
pub(crate) fn corpus(folder: &str, name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../crates/sql/tests/{folder}/{name}.sql"))
}

/// A statement of a corpus and what it is called.
#[derive(Debug)]
pub(crate) struct Named {
    pub(crate) name: String,
    pub(crate) sql: String,
}

/// The statements of a text: each ends with `;` at the end of a line, the comment before it names it.
pub(crate) fn statements(text: &str) -> Vec<Named> {
    let mut found = Vec::new();
    let (mut name, mut sql) = (String::new(), String::new());
    for line in text.lines() {
        if sql.is_empty() && (line.trim().is_empty() || line.starts_with("--")) {
            name = line.trim_start_matches("--").trim().to_owned();
            continue;
        }
        sql.push_str(line);
        if line.ends_with(';') {
            let statement = sql.trim_end_matches(';').to_owned();
            found.push(Named { name: name.clone(), sql: statement });
            sql.clear();
        } else {
            sql.push('\n');
        }
    }
    found
}

/// How long one statement may take, refusal or not.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);
