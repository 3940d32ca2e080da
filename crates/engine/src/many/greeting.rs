//! What an endpoint of several servers says of itself: to `initialize`, and to `server/discover`.

use mcp::{Json, Object, list::ListKind, revision};
use policy::{Backend, Endpoint, Operation};
use serde_json::{Value, json};

use crate::{
    Era,
    many::{changes, pages::LIFETIME},
    standing::Standing,
};

/// Where a modern result says who made it.
pub(crate) const SERVER_INFO: &str = "io.modelcontextprotocol/serverInfo";

/// The result of `initialize`.
pub(crate) fn initialized(endpoint: &Endpoint, standing: &Standing, params: Option<&Object<'_>>) -> String {
    let named = params.and_then(|params| params.get("protocolVersion")).and_then(Json::as_str);
    let spoken = revision::LEGACY.into_iter().find(|known| named.as_deref() == Some(*known));
    let mut result = json!({
        "protocolVersion": spoken.unwrap_or(revision::LEGACY[0]),
        "capabilities": capabilities(endpoint, standing, Era::Legacy),
        "serverInfo": who(),
    });
    add_instructions(&mut result, endpoint, standing);
    result.to_string()
}

/// The result of `server/discover`.
pub(crate) fn discovered(endpoint: &Endpoint, standing: &Standing) -> String {
    let mut result = json!({
        "supportedVersions": [revision::MODERN],
        "capabilities": capabilities(endpoint, standing, Era::Modern),
        "resultType": "complete",
        "ttlMs": LIFETIME.parse::<u64>().unwrap_or_default(),
        "cacheScope": "private",
        "_meta": { SERVER_INFO: who() },
    });
    add_instructions(&mut result, endpoint, standing);
    result.to_string()
}

/// What the gate calls itself.
pub(crate) fn who() -> Value {
    json!({ "name": "trigate", "title": "Trigate", "version": env!("CARGO_PKG_VERSION") })
}

/// The servers that the caller has any business with.
fn servers<'e>(endpoint: &'e Endpoint, standing: &Standing) -> impl Iterator<Item = &'e Backend> {
    let enters = |backend: &&Backend| {
        let greeting = Operation::List(ListKind::Tools);
        standing.revision.decide(&standing.subject, &backend.server, &greeting).permits()
    };
    endpoint.several().unwrap_or_default().iter().filter(enters)
}

/// What any of the servers can do, and of which lists the caller would be told that they changed.
fn capabilities(endpoint: &Endpoint, standing: &Standing, era: Era) -> Value {
    let told = changes::told(endpoint, standing, era);
    let listed = |name: &str| if told.contains(&name) { json!({ "listChanged": true }) } else { json!({}) };
    let mut capabilities = json!({ "tools": listed("tools") });
    let catalogue = standing.revision.rules().catalogue();
    for offer in servers(endpoint, standing).filter_map(|backend| catalogue.offer(&backend.server)) {
        let has = |kind: ListKind| !offer.entries(kind).is_empty();
        let found = [
            ("prompts", has(ListKind::Prompts)),
            ("resources", has(ListKind::Resources) || has(ListKind::ResourceTemplates)),
            ("completions", offer.greeting.completions),
        ];
        for (name, _) in found.into_iter().filter(|(_, found)| *found) {
            add(&mut capabilities, name, listed(name));
        }
    }
    capabilities
}

fn add_instructions(result: &mut Value, endpoint: &Endpoint, standing: &Standing) {
    let catalogue = standing.revision.rules().catalogue();
    let mut told = Vec::new();
    for Backend { server, .. } in servers(endpoint, standing) {
        if let Some(words) = catalogue.offer(server).and_then(|offer| offer.greeting.instructions.as_deref())
        {
            told.push(format!("Server `{server}`, whose tools and prompts begin with `{server}__`: {words}"));
        }
    }
    if !told.is_empty() {
        add(result, "instructions", json!(told.join("\n\n")));
    }
}

fn add(object: &mut Value, name: &str, value: Value) {
    if let Value::Object(members) = object {
        members.insert(name.to_owned(), value);
    }
}
