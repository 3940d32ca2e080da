//! APIs as MCP servers: the operations of an OpenAPI document as tools, carried out here.
//!
//! To the gates an API is a server like any other. Its document is read from the file when a revision names it (`openapi.rs`),
//! a call becomes one HTTP request (`request.rs`, `call.rs`), and rmcp speaks the protocol of both eras (`handler.rs`).

mod call;
pub(crate) mod handler;
mod openapi;
mod request;

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::Arc;

use policy::document::{Only, Server};
use rmcp::model::Tool;
use serde_json::Value;

use self::openapi::Operation;

/// Longest document that is read, in bytes.
const LONGEST: u64 = 64 << 20;

/// What one API is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Source {
    name: String,
    /// The mark of its entry in the document.
    entry: String,
    url: String,
    openapi: String,
    only: Only,
    /// The header that carries its credential.
    credential: Option<(String, String)>,
}

/// One API, ready to be called.
pub(crate) struct Api {
    source: Source,
    /// The text its tools were made of: while it is the same, so are they.
    text: blake3::Hash,
    tools: Vec<Tool>,
    operations: HashMap<String, Operation>,
    /// Why there are no tools.
    problem: Option<String>,
}

/// The APIs of a document; those whose entry and file are as before stay.
pub(crate) fn open(
    servers: &BTreeMap<String, Server>,
    credentials: &BTreeMap<String, (String, String)>,
    previous: &BTreeMap<String, Arc<Api>>,
) -> BTreeMap<String, Arc<Api>> {
    let apis = servers.iter().filter_map(|(name, server)| {
        let source = Source {
            name: name.clone(),
            entry: server.entry(),
            url: server.url.clone()?,
            openapi: server.openapi.clone()?,
            only: server.only.clone().unwrap_or_default(),
            credential: credentials.get(name).cloned(),
        };
        Some((name.clone(), Api::open(source, previous.get(name))))
    });
    apis.collect()
}

impl Api {
    fn open(source: Source, previous: Option<&Arc<Api>>) -> Arc<Api> {
        let text = match read(Path::new(&source.openapi)) {
            Ok(text) => text,
            Err(why) => return Arc::new(Api::without_tools(source, blake3::hash(b""), why)),
        };
        let hash = blake3::hash(&text);
        if let Some(same) = previous.filter(|before| before.source == source && before.text == hash) {
            return Arc::clone(same);
        }
        let tools = value(&text)
            .and_then(|root| openapi::read(root, &source.only).map_err(|error| error.to_string()));
        Arc::new(match tools {
            Ok(read) => Api::of(source, hash, read),
            Err(why) => Api::without_tools(source, hash, why),
        })
    }

    fn of(source: Source, text: blake3::Hash, read: openapi::Read) -> Api {
        let (server, file) = (&source.name, &source.openapi);
        for why in &read.left_out {
            tracing::warn!(target: "trigate::server", "server `{server}`: `{file}`: left out {why}");
        }
        tracing::info!(target: "trigate::server", "server `{server}`: {} tools of `{file}`", read.tools.len());
        let mut operations = HashMap::new();
        let mut tools = Vec::new();
        for (tool, operation) in read.tools {
            operations.insert(tool.name.to_string(), operation);
            tools.push(tool);
        }
        Api { source, text, tools, operations, problem: None }
    }

    fn without_tools(source: Source, text: blake3::Hash, why: String) -> Api {
        let problem = format!("`{}`: {why}", source.openapi);
        tracing::error!(target: "trigate::server", "server `{}`: {problem}", source.name);
        Api { source, text, tools: Vec::new(), operations: HashMap::new(), problem: Some(problem) }
    }

    /// Why it has no tools, if it has none.
    pub(crate) fn problem(&self) -> Option<&str> {
        self.problem.as_deref()
    }

    /// The mark of its entry.
    pub(crate) fn entry(&self) -> &str {
        &self.source.entry
    }
}

fn read(file: &Path) -> Result<Vec<u8>, String> {
    use std::io::Read as _;
    let mut text = Vec::new();
    std::fs::File::open(file)
        .and_then(|file| file.take(LONGEST + 1).read_to_end(&mut text))
        .map_err(|error| format!("it cannot be read: {error}"))?;
    if text.len() as u64 > LONGEST { Err(format!("it is longer than {LONGEST} bytes")) } else { Ok(text) }
}

/// JSON, or YAML.
fn value(text: &[u8]) -> Result<Value, String> {
    if text.trim_ascii_start().starts_with(b"{") {
        return serde_json::from_slice(text).map_err(|error| format!("it is no JSON: {error}"));
    }
    let text = std::str::from_utf8(text).map_err(|_| "it is no UTF-8".to_owned())?;
    policy::read_yaml(text).map_err(|problems| format!("it is no YAML: {problems}"))
}
