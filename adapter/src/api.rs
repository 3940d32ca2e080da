//! APIs as MCP servers: the operations of an OpenAPI document, or the methods of a gRPC server, as tools carried out here.
//!
//! To the gates an API is a server like any other. Its description is read from the file when a revision names it (`openapi.rs`,
//! `grpc.rs`), a call becomes one request (`call.rs`), and rmcp speaks the protocol of both eras (`handler.rs`).

mod call;
mod grpc;
pub(crate) mod handler;
mod http;
mod openapi;
mod request;

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::Arc;

use policy::document::{Only, Server};
use rmcp::model::Tool;
use serde_json::Value;

use self::grpc::Service;
use self::openapi::Operation;

/// Longest description that is read, in bytes.
const LONGEST: u64 = 64 << 20;

/// What one API is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Source {
    name: String,
    /// The mark of its entry in the document.
    entry: String,
    url: String,
    description: Description,
    only: Only,
    /// The header that carries its credential.
    credential: Option<(String, String)>,
}

/// The file that says what an API offers.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Description {
    OpenApi(String),
    Protobuf(String),
}

impl Description {
    fn of(server: &Server) -> Option<Self> {
        let openapi = server.openapi.clone().map(Self::OpenApi);
        openapi.or_else(|| server.protobuf.clone().map(Self::Protobuf))
    }

    fn file(&self) -> &str {
        match self {
            Self::OpenApi(file) | Self::Protobuf(file) => file,
        }
    }
}

/// The tools of a description, and what carries each out.
#[derive(Debug)]
struct Read<T> {
    tools: Vec<(Tool, T)>,
    /// What cannot be a tool, and why.
    left_out: Vec<String>,
}

/// What carries out the tools of an API, by their names.
enum Carrier {
    Http(HashMap<String, Operation>),
    Grpc(Service),
}

/// One API, ready to be called.
pub(crate) struct Api {
    source: Source,
    /// The text its tools were made of: while it is the same, so are they.
    text: blake3::Hash,
    tools: Vec<Tool>,
    carrier: Carrier,
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
            description: Description::of(server)?,
            only: server.only.clone().unwrap_or_default(),
            credential: credentials.get(name).cloned(),
        };
        Some((name.clone(), Api::open(source, previous.get(name))))
    });
    apis.collect()
}

impl Source {
    /// Tools, and what carries them out by their names; says what was read.
    fn split<T>(&self, read: Read<T>) -> (Vec<Tool>, HashMap<String, T>) {
        let (server, file) = (&self.name, self.description.file());
        for why in &read.left_out {
            tracing::warn!(target: "trigate::server", "server `{server}`: `{file}`: left out {why}");
        }
        tracing::info!(target: "trigate::server", "server `{server}`: {} tools of `{file}`", read.tools.len());
        let named = read.tools.into_iter().map(|(tool, carrier)| {
            let name = tool.name.to_string();
            (tool, (name, carrier))
        });
        named.unzip()
    }
}

impl Api {
    fn open(source: Source, previous: Option<&Arc<Api>>) -> Arc<Api> {
        let text = match read(Path::new(source.description.file())) {
            Ok(text) => text,
            Err(why) => return Arc::new(Api::without_tools(source, blake3::hash(b""), why)),
        };
        let hash = blake3::hash(&text);
        if let Some(same) = previous.filter(|before| before.source == source && before.text == hash) {
            return Arc::clone(same);
        }
        let made = match &source.description {
            Description::OpenApi(_) => value(&text)
                .and_then(|root| openapi::read(root, &source.only).map_err(|error| error.to_string()))
                .map(|read| source.split(read))
                .map(|(tools, operations)| (tools, Carrier::Http(operations))),
            Description::Protobuf(_) => grpc::read(&text, &source.only)
                .map_err(|error| error.to_string())
                .map(|read| source.split(read))
                .map(|(tools, methods)| (tools, Carrier::Grpc(Service::of(methods)))),
        };
        Arc::new(match made {
            Ok((tools, carrier)) => Api { source, text: hash, tools, carrier, problem: None },
            Err(why) => Api::without_tools(source, hash, why),
        })
    }

    fn without_tools(source: Source, text: blake3::Hash, why: String) -> Api {
        let problem = format!("`{}`: {why}", source.description.file());
        tracing::error!(target: "trigate::server", "server `{}`: {problem}", source.name);
        let carrier = Carrier::Http(HashMap::new());
        Api { source, text, tools: Vec::new(), carrier, problem: Some(problem) }
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
