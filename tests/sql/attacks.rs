//! The attack history of database servers for agents, put to the live databases: no answer holds a denied value, nothing
//! changes, nothing hangs, and no lock is left.

use std::time::Instant;

use anyhow::Result;

use crate::direct::{Eyes, canonical};
use crate::shop::{Direct, Engine, PATIENCE, Shop, corpus, statements};

/// What every denied cell begins with.
const CANARY: &str = "CANARY";
const TABLES: [&str; 11] = [
    "categories",
    "products",
    "customers",
    "orders",
    "order_items",
    "payments",
    "employees",
    "events",
    "stock",
    "salaries",
    "secrets",
];

/// All rows of all tables.
fn contents(shop: &Shop) -> Result<Vec<Vec<Vec<String>>>> {
    let table = |table: &&str| {
        let rows = shop.direct.rows(&format!("SELECT * FROM {table} ORDER BY 1, 2"), Eyes::Analyst)?;
        Ok(canonical(&rows.unwrap_or_default()))
    };
    TABLES.iter().map(table).collect()
}

fn attack(engine: Engine) -> Result<()> {
    let shop = Shop::open(engine)?;
    let before = contents(&shop)?;
    assert!(format!("{before:?}").contains(CANARY), "the denied cells are not marked");
    let corpus = statements(&std::fs::read_to_string(corpus("attacks", engine.file()))?);
    assert!(corpus.len() >= 100, "{} attacks", corpus.len());
    let mut failures = Vec::new();
    for attack in &corpus {
        let began = Instant::now();
        let answer = shop.sql("agent", &attack.sql)?;
        let mut found = Vec::new();
        if answer.text.contains(CANARY) {
            found.push("a denied value came out".to_owned());
        }
        if began.elapsed() > PATIENCE {
            found.push(format!("took {:?}", began.elapsed()));
        }
        if answer.status >= 500 && answer.status != 503 && answer.status != 504 {
            found.push(format!("status {}", answer.status));
        }
        for found in found {
            failures.push(format!("{}\n  {}\n  {found}: {}", attack.name, attack.sql, answer.text));
        }
    }
    assert!(failures.is_empty(), "{} of {}:\n{}", failures.len(), corpus.len(), failures.join("\n\n"));
    assert_eq!(contents(&shop)?, before, "something changed");
    no_lock_is_left(&shop)
}

/// Every table can be written at once by somebody else.
fn no_lock_is_left(shop: &Shop) -> Result<()> {
    match &shop.direct {
        Direct::MariaDb(server) => {
            server.run("SET lock_wait_timeout = 1, innodb_lock_wait_timeout = 1; UPDATE customers SET name = name; ALTER TABLE orders COMMENT 'x'")?;
        }
        Direct::Postgres(cluster) => {
            cluster.run(
                "BEGIN; SET LOCAL lock_timeout = '1s'; LOCK TABLE customers, orders, salaries; COMMIT",
            )?;
            assert_eq!(cluster.run("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")?, "0");
        }
        Direct::Sqlite(path) => {
            rusqlite::Connection::open(path)?.execute_batch("BEGIN EXCLUSIVE; COMMIT")?;
        }
    }
    Ok(())
}

#[test]
fn nothing_gets_past_the_guard_on_sqlite() -> Result<()> {
    attack(Engine::Sqlite)
}

#[test]
fn nothing_gets_past_the_guard_on_postgresql() -> Result<()> {
    attack(Engine::Postgres)
}

#[test]
fn nothing_gets_past_the_guard_on_mariadb() -> Result<()> {
    attack(Engine::MariaDb)
}
