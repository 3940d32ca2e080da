//! The attack history of database servers for agents, put to the live databases: no answer holds a denied value, nothing
//! changes, nothing hangs, and no lock is left.

use std::time::Instant;

use anyhow::Result;

use crate::direct::{Eyes, canonical};
use crate::shop::{Direct, Engine, PATIENCE, Shop, corpus, statements};

/// What every denied cell begins with.
const CANARY: &str = "CANARY";
/// Fewer would not be the history.
const LEAST: usize = 250;
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

/// What must stay as it is.
#[derive(Clone, Copy)]
enum Kept {
    /// Everything.
    All,
    /// What a role that may change orders of its own region, and columns of customers, cannot reach.
    Others,
}

impl Kept {
    fn question(self, table: &str) -> String {
        match (self, table) {
            (Kept::Others, "orders") => "SELECT * FROM orders WHERE region <> 'EU' ORDER BY id".to_owned(),
            (Kept::Others, "customers") => {
                "SELECT ssn, credit_card, email, phone FROM customers ORDER BY ssn, credit_card, email"
                    .to_owned()
            }
            _ => format!("SELECT * FROM {table} ORDER BY 1, 2"),
        }
    }

    /// All rows of it, table by table.
    fn contents(self, shop: &Shop) -> Result<Vec<Vec<Vec<String>>>> {
        let table = |table: &&str| {
            let rows = shop.direct.rows(&self.question(table), Eyes::Analyst)?;
            Ok(canonical(&rows.unwrap_or_default()))
        };
        TABLES.iter().map(table).collect()
    }
}

fn attack(engine: Engine, role: &str, kept: Kept) -> Result<()> {
    let shop = Shop::open(engine)?;
    let before = kept.contents(&shop)?;
    assert!(format!("{before:?}").contains(CANARY), "the denied cells are not marked");
    let corpus = statements(&std::fs::read_to_string(corpus("attacks", engine.file()))?);
    assert!(corpus.len() >= LEAST, "{} attacks", corpus.len());
    let mut failures = Vec::new();
    for attack in &corpus {
        let began = Instant::now();
        let answer = shop.sql(role, &attack.sql)?;
        let took = began.elapsed();
        let found = if answer.text.contains(CANARY) {
            "a denied value came out".to_owned()
        } else if took > PATIENCE {
            format!("took {took:?}")
        } else if !matches!(answer.status, 200..=499 | 503 | 504) {
            format!("status {}", answer.status)
        } else {
            continue;
        };
        failures.push(format!("{}\n  {}\n  {found}: {}", attack.name, attack.sql, answer.text));
    }
    assert!(failures.is_empty(), "{} of {}:\n{}", failures.len(), corpus.len(), failures.join("\n\n"));
    for ((table, before), after) in TABLES.iter().zip(&before).zip(&kept.contents(&shop)?) {
        assert_eq!(before, after, "{table} changed");
    }
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
    attack(Engine::Sqlite, "agent", Kept::All)
}

#[test]
fn a_role_that_writes_changes_only_what_is_its_own_on_sqlite() -> Result<()> {
    attack(Engine::Sqlite, "clerk", Kept::Others)
}

#[test]
fn nothing_gets_past_the_guard_on_postgresql() -> Result<()> {
    attack(Engine::Postgres, "agent", Kept::All)
}

#[test]
fn a_role_that_writes_changes_only_what_is_its_own_on_postgresql() -> Result<()> {
    attack(Engine::Postgres, "clerk", Kept::Others)
}

#[test]
fn nothing_gets_past_the_guard_on_mariadb() -> Result<()> {
    attack(Engine::MariaDb, "agent", Kept::All)
}

#[test]
fn a_role_that_writes_changes_only_what_is_its_own_on_mariadb() -> Result<()> {
    attack(Engine::MariaDb, "clerk", Kept::Others)
}
