//! One schema, one content, two engines, the same answers.

use anyhow::{Context, Result};
use serde_json::{Value, json};
use tempfile::TempDir;
use tests::agent::Agent;
use tests::gateway::trigate;
use tests::http::{Request, Url};
use tests::postgres::Postgres;
use tests::process::Process;
use tests::wait::{START, until};
use tests::workspace::free_address;

const ROWS: &str = "
    INSERT INTO people VALUES (1, 'Ada', 'O''Neill%', 12.50), (2, 'Grace', NULL, 0.10), (3, 'émile_😀', 'x_y', 9007199254740993);
";
const SQLITE: &str =
    "CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT NOT NULL, note TEXT, amount NUMERIC);";
const POSTGRES: &str =
    "CREATE TABLE people (id BIGINT PRIMARY KEY, name TEXT NOT NULL, note TEXT, amount NUMERIC);";

/// A served database.
struct Served {
    agent: Agent,
    rest: Url,
    key: String,
    _process: Process,
    _folder: TempDir,
}

fn serve(url: &str) -> Result<Served> {
    let folder = tempfile::tempdir()?;
    let address = free_address()?;
    let mut command = trigate(folder.path())?;
    command.args(["serve", "--db", &format!("shop={url}"), "--listen", &address.to_string()]);
    let mut process = Process::start("trigate serve", command, &folder.path().join("serve.log"))?;
    let key = process.line("key of role `reader`, shown once: ")?;
    let agent = Agent::modern(&format!("http://{address}/shop/mcp"), Some(&key))?;
    let rest = Url::parse(&format!("http://{address}/api/v1/shop/_table/people"))?;
    // The key is printed before the policy has arrived.
    let health = Url::parse(&format!("http://{address}/healthz"))?;
    until("the adapter's policy", START, || {
        Ok(Request::new("GET", "").send(&health).ok().filter(|answer| answer.status == 200))
    })?;
    Ok(Served { agent, rest, key, _process: process, _folder: folder })
}

struct Both {
    engines: [Served; 2],
    // Dropped after what uses them.
    _postgres: Postgres,
    _sqlite: TempDir,
}

fn both() -> Result<Both> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("shop.db");
    rusqlite::Connection::open(&path)?.execute_batch(&format!("{SQLITE}{ROWS}"))?;
    let postgres = Postgres::start()?;
    postgres.run(&format!("{POSTGRES}{ROWS}CREATE ROLE reader LOGIN; GRANT SELECT ON people TO reader;"))?;
    // A superuser's login is refused.
    let reader = postgres.url().replace("//postgres@", "//reader@");
    let engines = [serve(&format!("sqlite://{}", path.display()))?, serve(&reader)?];
    Ok(Both { engines, _postgres: postgres, _sqlite: folder })
}

impl Both {
    /// What both engines answer to a query; they must agree.
    #[track_caller]
    fn check(&self, query: Value, expected_ids: &[i64]) -> Result<()> {
        let answers: Vec<Value> = self
            .engines
            .iter()
            .map(|served| served.agent.result("query", query.clone()))
            .collect::<Result<_>>()?;
        let ids: Vec<Vec<i64>> = answers.iter().map(ids).collect::<Result<_>>()?;
        assert_eq!(ids, [expected_ids, expected_ids], "{query}: {answers:#?}");
        Ok(())
    }
}

fn rows(result: &Value) -> Result<Vec<Value>> {
    let content =
        result.get("structuredContent").with_context(|| format!("no structuredContent in {result}"))?;
    let found = content.get("rows").and_then(Value::as_array);
    found.cloned().with_context(|| format!("no rows in {content}"))
}

fn ids(result: &Value) -> Result<Vec<i64>> {
    rows(result)?
        .iter()
        .map(|row| row.get("id").and_then(Value::as_i64).with_context(|| row.to_string()))
        .collect()
}

#[test]
fn both_engines_answer_alike() -> Result<()> {
    let both = both()?;
    let ask = |filter: &str| json!({"table": "people", "filter": filter, "order": "id"});
    both.check(json!({"table": "people", "order": "id DESC"}), &[3, 2, 1])?;
    both.check(json!({"table": "people", "order": "id", "limit": 1, "offset": 1}), &[2])?;
    both.check(ask("name = 'Ada'"), &[1])?;
    both.check(ask("note IS NULL"), &[2])?;
    both.check(ask("note CONTAINS '%'"), &[1])?;
    both.check(ask("note CONTAINS '_'"), &[3])?;
    both.check(ask("note = 'O''Neill%'"), &[1])?;
    both.check(ask("id IN (1, 3) AND NOT (name = 'Ada')"), &[3])?;
    both.check(ask("name = 'émile_😀'"), &[3])
}

#[test]
fn values_have_one_form_on_every_engine() -> Result<()> {
    let both = both()?;
    let query = json!({"table": "people", "fields": ["id", "name", "note"], "order": "id"});
    let [sqlite, postgres] =
        both.engines.each_ref().map(|served| served.agent.result("query", query.clone()));
    assert_eq!(rows(&sqlite?)?, rows(&postgres?)?);
    Ok(())
}

#[test]
fn the_key_is_wanted_over_rest_as_well() -> Result<()> {
    let both = both()?;
    for served in &both.engines {
        let request = Request::new("GET", "");
        assert_eq!(request.send(&served.rest)?.status, 401);
        let answer = request.header("X-API-Key", &served.key).send(&served.rest)?;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let body = answer.message()?;
        assert_eq!(body.get("resource").and_then(Value::as_array).map(Vec::len), Some(3), "{body}");
    }
    Ok(())
}

#[test]
fn nothing_is_written_through_a_reader() -> Result<()> {
    let both = both()?;
    for served in &both.engines {
        for verb in ["POST", "PATCH", "PUT", "DELETE"] {
            let request = Request::new(verb, r#"{"resource":[{"id":9,"name":"x"}]}"#);
            let request = request.header("X-API-Key", &served.key).header("Content-Type", "application/json");
            let status = request.send(&served.rest)?.status;
            assert!(matches!(status, 403..=405), "{verb} got {status}");
        }
        assert_eq!(
            ids(&served.agent.result("query", json!({"table": "people", "order": "id"}))?)?,
            [1, 2, 3]
        );
    }
    Ok(())
}
