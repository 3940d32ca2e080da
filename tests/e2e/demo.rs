//! The demo, `trigate up` and nothing else: three roles, one database, and what each role may and may not do.

use anyhow::{Context, Result};
use serde_json::{Value, json};
use tests::agent::{Agent, error_code};
use tests::gateway::{Gateway, Plan};
use tests::lists;

const ROLES: [&str; 3] = ["support_agent", "analytics_agent", "order_management_agent"];

fn agent(gateway: &Gateway, role: &str) -> Result<Agent> {
    let key = gateway
        .connect
        .keys
        .get(role)
        .with_context(|| format!("no key of {role} in {:?}", gateway.connect))?;
    let url = gateway.connect.endpoints.values().next().context("the demo has no endpoint")?;
    Agent::modern(url, Some(key))
}

#[test]
fn every_role_works_at_once() -> Result<()> {
    let gateway = Plan::demo().start()?;
    for role in ROLES {
        let agent = agent(&gateway, role)?;
        let tools = lists::tools(&agent)?;
        assert!(tools.iter().any(|name| name == "query"), "{role} sees {tools:?}");
        let tables = agent.result("list_tables", json!({}))?;
        assert_ne!(tables.get("isError"), Some(&Value::Bool(true)), "{role}: {tables}");
    }
    Ok(())
}

#[test]
fn the_support_agent_reads_customers_without_their_secrets() -> Result<()> {
    let gateway = Plan::demo().start()?;
    let agent = agent(&gateway, "support_agent")?;
    let rows = agent.result("query", json!({"table": "customers", "limit": 3}))?;
    let said = rows.to_string();
    assert!(!said.contains("ssn") && !said.contains("credit_card"), "{said}");
    assert!(rows.pointer("/structuredContent").is_some(), "{said}");
    let secret = agent.result("query", json!({"table": "customers", "fields": ["ssn"]}))?;
    assert_eq!(secret.get("isError"), Some(&Value::Bool(true)), "{secret}");
    assert!(error_code(&agent.call("run_sql", json!({"sql": "SELECT ssn FROM customers"}))?).is_some());
    Ok(())
}
