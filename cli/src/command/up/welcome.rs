//! What `trigate up` says once it serves: to people on standard output, to programs in `connect.json`.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::net::SocketAddr;

use policy::Document;
use serde_json::{Value, json};

use super::endpoint_urls;
use crate::document::Settled;
use crate::output;
use crate::state::StateDir;

/// What one needs to connect.
pub(super) struct Connect {
    pub(super) control_plane: String,
    pub(super) listen: SocketAddr,
    /// Texts of the demo's keys, by role.
    pub(super) keys: BTreeMap<String, String>,
}

impl Connect {
    /// The content of `connect.json`.
    pub(super) fn to_json(&self, document: &Document) -> Value {
        let endpoints: BTreeMap<_, _> = endpoint_urls(self.listen, document).into_iter().collect();
        json!({
            "control_plane": self.control_plane,
            "endpoints": endpoints,
            "keys": self.keys,
            "pid": std::process::id(),
        })
    }
}

/// Says that it serves, and what to do next.
pub(super) fn print(connect: &Connect, settled: &Settled, state: &StateDir) -> anyhow::Result<()> {
    Ok(output::text(&text(connect, settled, state))?)
}

fn text(connect: &Connect, settled: &Settled, state: &StateDir) -> String {
    let urls = endpoint_urls(connect.listen, &settled.document);
    let mut out = format!("\nTrigate is ready (policy revision {}).\n\nEndpoints\n", settled.revision);
    if urls.is_empty() {
        out.push_str("  none yet: the document has no `endpoints`\n");
    }
    for (path, url) in &urls {
        let servers = settled.document.endpoints.get(path).map(|endpoint| endpoint.servers.join(", "));
        let _ = writeln!(out, "  {url}  ({})", servers.unwrap_or_default());
    }
    if !connect.keys.is_empty() {
        out.push_str("\nKeys\n");
        for (role, key) in &connect.keys {
            let description = settled.document.roles.get(role).map_or("", |role| role.description.as_str());
            let _ = writeln!(out, "  {role:<24}{key}  {description}");
        }
    }
    if let Some((_, url)) = urls.first() {
        out.push_str(&commands(url, connect.keys.get("support_agent"), settled.is_demo));
    }
    let _ = write!(
        out,
        "\nNext\n  trigate audit tail{dir}\n  trigate role list{dir}\n  trigate apikey create --role ROLE --name NAME{dir}\n\
         \nLogs, store and tokens are in {path}. Ctrl-C stops everything.\n",
        dir = state_option(state),
        path = state.path().display(),
    );
    out
}

/// The option other commands need to find this state directory; none where it is the one they look in by default.
fn state_option(state: &StateDir) -> String {
    let default = std::env::current_dir().map(|directory| directory.join(".trigate"));
    if default.is_ok_and(|default| default == state.path()) {
        return String::new();
    }
    format!(" --state-dir {}", quoted(&state.path().display().to_string()))
}

fn commands(url: &str, key: Option<&String>, is_demo: bool) -> String {
    let key = key.map_or("KEY", String::as_str);
    let call = json!({
        "jsonrpc": "2.0", "id": 1, "method": "tools/call",
        "params": { "name": "query", "arguments": { "table": "orders", "filter": "status = 'shipped'", "limit": 3 } }
    });
    let list = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/list" });
    let body = if is_demo { call } else { list }.to_string();
    let client = json!({ "mcpServers": { "trigate": {
        "type": "http", "url": url, "headers": { "Authorization": format!("Bearer {key}") }
    } } });
    format!(
        "\nAsk as an agent would\n  curl -sS {url} \\\n    -H 'Authorization: Bearer {key}' \\\n    \
         -H 'Content-Type: application/json' -H 'Accept: application/json, text/event-stream' \\\n    -d {body}\n\
         \nMCP Inspector\n  npx -y @modelcontextprotocol/inspector@2.12.0 --cli {url} --transport http \\\n    \
         --header 'Authorization: Bearer {key}' --method tools/list\n\
         \nClaude Code\n  claude mcp add --transport http trigate {url} --header 'Authorization: Bearer {key}'\n\
         \nOther clients (JSON)\n  {client}\n",
        body = quoted(&body),
    )
}

/// Text as one word of a shell.
fn quoted(text: &str) -> String {
    let plain = |char: char| char.is_ascii_alphanumeric() || "/._-:".contains(char);
    if !text.is_empty() && text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_with_quotes_is_one_word_of_a_shell() {
        assert_eq!(quoted("a'b"), "'a'\\''b'");
        assert_eq!(quoted("/tmp/x-1.y"), "/tmp/x-1.y");
        assert_eq!(quoted(""), "''");
    }

    #[test]
    fn every_command_names_the_endpoint_and_the_key() {
        let key = "tg_abc_def".to_owned();
        let text = commands("http://127.0.0.1:10000/shop/mcp", Some(&key), true);
        for start in ["curl", "npx", "claude mcp add --transport http", "{\"mcpServers\""] {
            assert!(text.contains(start), "{start} is missing in {text}");
        }
        assert_eq!(text.matches("http://127.0.0.1:10000/shop/mcp").count(), 4);
        assert_eq!(text.matches("Bearer tg_abc_def").count(), 4);
    }
}
