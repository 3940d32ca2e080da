//! Statements of daily work: each passes, and gives the rows that the database gives when it is asked directly.

use anyhow::Result;

use crate::direct::{Eyes, canonical, values};
use crate::shop::{Engine, Shop, corpus, statements};

/// Fewer would be no proof that daily work passes.
const LEAST: usize = 200;

/// Asks every statement twice, through Trigate as the role and directly through its eyes, and compares.
fn compare(engine: Engine, role: &str, eyes: Eyes) -> Result<()> {
    let shop = Shop::open(engine)?;
    shop.direct.prepare()?;
    let corpus = statements(&std::fs::read_to_string(corpus("useful", engine.file()))?);
    assert!(corpus.len() >= LEAST, "{} statements", corpus.len());
    let mut failures = Vec::new();
    let mut compared = 0;
    for statement in &corpus {
        // The hash's key is nobody's to know, so it cannot be asked for directly; a schema's name means the table itself.
        let hashed = statement.sql.contains("email")
            || statement.sql.contains("c.*")
            || statement.sql.contains("SELECT *");
        if eyes == Eyes::Agent && (hashed || statement.sql.contains("main.")) {
            continue;
        }
        let expected = shop.direct.rows(&statement.sql, eyes)?;
        let answer = shop.sql(role, &statement.sql)?;
        let verdict = match (answer.rows(), expected) {
            (Ok(rows), Some(expected)) => {
                compared += 1;
                let rows = canonical(&rows.iter().map(values).collect::<Vec<_>>());
                let expected = canonical(&expected);
                (rows != expected).then(|| format!("{rows:?}\n  directly {expected:?}"))
            }
            (Ok(_), None) => Some("passes, though the role's own tables do not have it".to_owned()),
            (Err(_), None) => None,
            (Err(refused), Some(_)) => Some(format!("{refused:#}")),
        };
        if let Some(verdict) = verdict {
            failures.push(format!("{}\n  {}\n  {verdict}", statement.name, statement.sql));
        }
    }
    assert!(failures.is_empty(), "{} of {}:\n{}", failures.len(), corpus.len(), failures.join("\n\n"));
    let least = if eyes == Eyes::Analyst { LEAST } else { LEAST / 2 };
    assert!(compared >= least, "only {compared} were compared");
    Ok(())
}

#[test]
fn daily_work_passes_on_sqlite() -> Result<()> {
    compare(Engine::Sqlite, "analyst", Eyes::Analyst)
}

#[test]
fn daily_work_passes_on_postgresql() -> Result<()> {
    compare(Engine::Postgres, "analyst", Eyes::Analyst)
}

#[test]
fn daily_work_passes_on_mariadb() -> Result<()> {
    compare(Engine::MariaDb, "analyst", Eyes::Analyst)
}

#[test]
fn an_agent_gets_the_rows_of_its_own_part_on_sqlite() -> Result<()> {
    compare(Engine::Sqlite, "agent", Eyes::Agent)
}

#[test]
fn an_agent_gets_the_rows_of_its_own_part_on_postgresql() -> Result<()> {
    compare(Engine::Postgres, "agent", Eyes::Agent)
}

#[test]
fn an_agent_gets_the_rows_of_its_own_part_on_mariadb() -> Result<()> {
    compare(Engine::MariaDb, "agent", Eyes::Agent)
}
