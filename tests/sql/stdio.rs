//! The adapter on standard input and output, as a desktop client starts it.

use std::io::{BufRead, BufReader, Write};
use std::process::{ChildStdin, ChildStdout, Stdio};

use anyhow::{Context, Result};
use serde_json::{Value, json};
use tests::gateway::trigate;

struct Pipe {
    to: ChildStdin,
    from: BufReader<ChildStdout>,
}

impl Pipe {
    fn send(&mut self, message: &Value) -> Result<()> {
        writeln!(self.to, "{message}")?;
        Ok(())
    }

    /// Sends a request and reads the message with its id; whatever else comes on the output has to be a message too.
    fn ask(&mut self, id: u64, method: &str, params: Value) -> Result<Value> {
        self.send(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}))?;
        loop {
            let mut line = String::new();
            anyhow::ensure!(self.from.read_line(&mut line)? > 0, "the adapter closed its output");
            let message: Value =
                serde_json::from_str(&line).with_context(|| format!("`{line}` is no message"))?;
            if message.get("id") == Some(&json!(id)) {
                return Ok(message);
            }
        }
    }
}

#[test]
fn a_client_reads_over_standard_input_and_output() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("shop.db");
    rusqlite::Connection::open(&path)?.execute_batch(
        "CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT); INSERT INTO people VALUES (1, 'Ada');",
    )?;
    let mut child = trigate(folder.path())?
        .args(["mcp", "--db", &format!("sqlite://{}", path.display())])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let (to, from) = (child.stdin.take().context("its input")?, child.stdout.take().context("its output")?);
    let mut pipe = Pipe { to, from: BufReader::new(from) };

    let client = json!({"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "tests", "version": "1"}});
    let hello = pipe.ask(0, "initialize", client)?;
    assert!(hello.pointer("/result/serverInfo/name").is_some(), "{hello}");
    pipe.send(&json!({"jsonrpc": "2.0", "method": "notifications/initialized"}))?;
    let listed = pipe.ask(1, "tools/list", json!({}))?.to_string();
    assert!(listed.contains("describe_table") && listed.contains("people"), "{listed}");
    let read =
        pipe.ask(2, "tools/call", json!({"name": "query", "arguments": {"table": "people"}}))?.to_string();
    assert!(read.contains("Ada"), "{read}");

    // The end of its input is the end of the adapter.
    drop(pipe);
    assert!(child.wait()?.success());
    Ok(())
}
