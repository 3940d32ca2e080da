//! The audit as an operator reads it: `trigate audit query --output json`.

use anyhow::{Context, Result};
use serde_json::Value;

use crate::gateway::Gateway;
use crate::wait::{self, SOON};

/// The rows that these options select, oldest first.
pub fn rows(gateway: &Gateway, options: &[&str]) -> Result<Vec<Value>> {
    let found = gateway.json(&[&["audit", "query"], options].concat())?;
    found.as_array().cloned().with_context(|| format!("the audit is no array: {found}"))
}

/// Those rows, once there are enough of them: events reach the store a moment after the answer reaches the agent.
pub fn at_least(gateway: &Gateway, count: usize, options: &[&str]) -> Result<Vec<Value>> {
    wait::until(&format!("{count} audit rows of {options:?}"), SOON, || {
        let rows = rows(gateway, options)?;
        Ok((rows.len() >= count).then_some(rows))
    })
}

/// A text field of a row; empty where it is absent.
pub fn text<'a>(row: &'a Value, field: &str) -> &'a str {
    row.get(field).and_then(Value::as_str).unwrap_or_default()
}
