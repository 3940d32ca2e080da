//! The whole way to a database: gate 2 decides on the call, gate 3 on the statement, and the two rows are one story.

use anyhow::{Context, Result};
use serde_json::{Value, json};
use tempfile::TempDir;
use tests::agent::{Agent, error_code};
use tests::audit::{at_least, text};
use tests::document::Document;
use tests::gateway::{Gateway, Plan};
use tests::lists;
use tests::postgres::Postgres;

const SCHEMA: &str = "
    CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT, ssn TEXT);
    CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customers(id), total NUMERIC(10,2));
    CREATE TABLE payroll (id INTEGER PRIMARY KEY, salary INTEGER);
    INSERT INTO customers VALUES (1, 'Ada', 'ada@example.com', '111'), (2, 'Grace', 'grace@example.com', '222'), (3, 'Edsger', NULL, '333');
    INSERT INTO orders VALUES (10, 1, 12.50), (11, 1, 7.25), (12, 2, 99.99);
    INSERT INTO payroll VALUES (1, 90000);
";

const RIGHTS: &str = "tools: [{ allow: shop.* }], databases: { shop: { \
    tables: { customers: [read], orders: [read] }, deny_columns: { customers: [ssn] }, max_rows: 2 } }";

trait Engine {
    fn url(&self) -> String;
    fn execute(&self, statements: &str) -> Result<()>;
}

struct Sqlite(TempDir);

impl Sqlite {
    fn open(&self) -> Result<rusqlite::Connection> {
        Ok(rusqlite::Connection::open(self.0.path().join("shop.db"))?)
    }
}

impl Engine for Sqlite {
    fn url(&self) -> String {
        format!("sqlite://{}", self.0.path().join("shop.db").display())
    }

    fn execute(&self, statements: &str) -> Result<()> {
        Ok(self.open()?.execute_batch(statements)?)
    }
}

impl Engine for Postgres {
    fn url(&self) -> String {
        Postgres::url(self)
    }

    fn execute(&self, statements: &str) -> Result<()> {
        self.run(statements).map(drop)
    }
}

fn scene(engine: &dyn Engine) -> Result<Gateway> {
    engine.execute(SCHEMA)?;
    let document = Document::new()
        .database("shop", &engine.url())
        .role("reader", RIGHTS)
        .role("blind", "tools: [{ allow: shop.query }]");
    Plan::of(&document.text()).start()
}

/// Rows as the tool gives them.
fn rows(result: &Value) -> Result<Vec<Value>> {
    let content =
        result.get("structuredContent").with_context(|| format!("no structuredContent in {result}"))?;
    let found = content.get("rows").and_then(Value::as_array);
    found.cloned().with_context(|| format!("no rows in {content}"))
}

#[track_caller]
fn check_refused(result: &Value) {
    assert_eq!(result.get("isError"), Some(&Value::Bool(true)), "{result}");
}

fn reads_what_it_may(agent: &Agent) -> Result<()> {
    let tools = lists::tools(agent)?;
    for name in ["list_tables", "describe_table", "query"] {
        assert!(tools.iter().any(|tool| tool == name), "no {name} in {tools:?}");
    }
    let tables = agent.result("list_tables", json!({}))?.to_string();
    assert!(
        tables.contains("customers") && tables.contains("orders") && !tables.contains("payroll"),
        "{tables}"
    );
    let described = agent.result("describe_table", json!({"table": "customers"}))?.to_string();
    assert!(described.contains("email") && !described.contains("ssn"), "{described}");

    let found = rows(&agent.result("query", json!({"table": "customers", "filter": "name = 'Grace'"}))?)?;
    assert_eq!(found.len(), 1);
    assert!(
        found
            .iter()
            .all(|row| row.to_string().contains("grace@example.com") && !row.to_string().contains("222"))
    );
    let all = agent.result("query", json!({"table": "orders"}))?;
    assert_eq!(rows(&all)?.len(), 2, "max_rows bounds what comes: {all}");
    Ok(())
}

fn is_refused_the_rest(agent: &Agent) -> Result<()> {
    let unknown = agent.result("query", json!({"table": "no_such_table"}))?;
    let forbidden = agent.result("query", json!({"table": "payroll"}))?;
    check_refused(&unknown);
    check_refused(&forbidden);
    // Every refusal has a decision of its own; all else has to be the same.
    let generic = |result: &Value| {
        let decision = result.pointer("/_meta/trigate~1refusal/decision").and_then(Value::as_str);
        let text = result.to_string().replace("no_such_table", "T").replace("payroll", "T");
        decision.map_or(text.clone(), |decision| text.replace(decision, "D"))
    };
    assert_eq!(generic(&unknown), generic(&forbidden), "unknown and forbidden look different");
    for arguments in [
        json!({"table": "customers", "fields": ["ssn"]}),
        json!({"table": "customers", "filter": "ssn = '111'"}),
        json!({"table": "customers", "order": "ssn"}),
        json!({"table": "customers\"; DROP TABLE customers; --"}),
        json!({"table": "customers", "filter": "1 = 1; DROP TABLE customers"}),
        json!({"table": "customers", "filter": "name = 'x' OR (SELECT 1 FROM payroll) = 1"}),
    ] {
        check_refused(&agent.result("query", arguments)?);
    }
    Ok(())
}

fn sees_a_new_column_at_once(agent: &Agent, engine: &dyn Engine) -> Result<()> {
    engine.execute("ALTER TABLE customers ADD COLUMN loyalty_tier TEXT DEFAULT 'gold'")?;
    let described = agent.result("describe_table", json!({"table": "customers"}))?.to_string();
    assert!(described.contains("loyalty_tier"), "{described}");
    let read =
        agent.result("query", json!({"table": "customers", "fields": ["loyalty_tier"], "limit": 1}))?;
    assert!(rows(&read)?.iter().any(|row| row.to_string().contains("gold")), "{read}");
    Ok(())
}

fn leaves_two_rows_that_share_an_id(gateway: &Gateway) -> Result<()> {
    let gates = at_least(gateway, 1, &["--gate", "database", "--name", "query", "--decision", "allowed"])?;
    let third = gates.first().context("no row of gate 3")?;
    assert!(text(third, "statement").to_uppercase().contains("SELECT"), "{third:#}");
    assert!(third.get("tables").is_some_and(|tables| tables.to_string().contains("customers")), "{third:#}");
    assert!(third.get("rows").and_then(Value::as_u64).is_some_and(|rows| rows > 0), "{third:#}");
    let both = at_least(gateway, 2, &["--decision-id", text(third, "decision_id")])?;
    let mut gates: Vec<&str> = both.iter().map(|row| text(row, "gate")).collect();
    gates.sort_unstable();
    assert_eq!(gates, ["database", "mcp"], "{both:#?}");
    for field in ["subject", "key_id", "role", "trace_id"] {
        let values: Vec<&str> = both.iter().map(|row| text(row, field)).collect();
        assert_eq!(values.first(), values.last(), "{field} of {both:#?}");
    }
    Ok(())
}

fn whole_story(engine: &dyn Engine) -> Result<()> {
    let gateway = scene(engine)?;
    for agent in [gateway.modern("/shop/mcp", "reader")?, gateway.legacy("/shop/mcp", "reader")?] {
        reads_what_it_may(&agent)?;
        is_refused_the_rest(&agent)?;
    }
    leaves_two_rows_that_share_an_id(&gateway)?;
    sees_a_new_column_at_once(&gateway.modern("/shop/mcp", "reader")?, engine)
}

#[test]
fn sqlite_is_read_within_its_rights() -> Result<()> {
    whole_story(&Sqlite(tempfile::tempdir()?))
}

#[test]
fn postgres_is_read_within_its_rights() -> Result<()> {
    whole_story(&Postgres::start()?)
}

#[test]
fn a_right_to_the_tool_is_no_right_to_the_data() -> Result<()> {
    let gateway = scene(&Sqlite(tempfile::tempdir()?))?;
    let message = gateway.modern("/shop/mcp", "blind")?.call("query", json!({"table": "customers"}))?;
    let refused =
        error_code(&message).is_some() || message.pointer("/result/isError") == Some(&Value::Bool(true));
    assert!(refused && !message.to_string().contains("Ada"), "{message}");
    Ok(())
}

#[test]
fn roles_made_on_the_command_line_work_at_once() -> Result<()> {
    let engine = Sqlite(tempfile::tempdir()?);
    let gateway = scene(&engine)?;
    gateway.told(&["role", "add", "ai-reader", "--description", "Read-only agent access"])?;
    gateway.told(&[
        "role",
        "grant",
        "ai-reader",
        "shop",
        "--tables",
        "customers,orders",
        "--verbs",
        "GET",
    ])?;
    gateway.told(&["role", "deny-columns", "ai-reader", "shop.customers", "--columns", "email,ssn"])?;
    let said = gateway.told(&["apikey", "create", "--role", "ai-reader", "--name", "my-agent"])?;
    let key = said
        .split_whitespace()
        .find(|word| word.starts_with("tg_"))
        .with_context(|| format!("no key in {said}"))?;
    let agent = Agent::modern(gateway.url("/shop/mcp")?, Some(key))?;
    tests::wait::until("the key to count", tests::wait::SOON, || {
        Ok((agent.send("tools/list", json!({}))?.status == 200).then_some(()))
    })?;
    let found = agent.result("query", json!({"table": "customers", "limit": 1}))?;
    assert!(
        rows(&found)?.iter().all(|row| row.to_string().contains("Ada") && !row.to_string().contains("ada@")),
        "{found}"
    );
    Ok(())
}
