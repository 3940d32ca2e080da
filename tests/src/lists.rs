//! What a list shows.

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::agent::Agent;

/// The names (or URIs) in one page's message.
pub fn names(message: &Value, array: &str, key: &str) -> Result<Vec<String>> {
    let items = message
        .pointer(&format!("/result/{array}"))
        .and_then(Value::as_array)
        .with_context(|| format!("there is no `{array}` in {message}"))?;
    Ok(items.iter().filter_map(|item| item.get(key)).filter_map(Value::as_str).map(str::to_owned).collect())
}

/// Follows the cursors of `tools/list` to the end: the names of each page.
pub fn tool_pages(agent: &Agent) -> Result<Vec<Vec<String>>> {
    let mut pages = Vec::new();
    let mut params = json!({});
    loop {
        let message = agent.ask("tools/list", params)?;
        pages.push(names(&message, "tools", "name")?);
        match message.pointer("/result/nextCursor") {
            Some(cursor) => params = json!({"cursor": cursor}),
            None => return Ok(pages),
        }
    }
}

/// All names of `tools/list`.
pub fn tools(agent: &Agent) -> Result<Vec<String>> {
    Ok(tool_pages(agent)?.concat())
}
