//! A `server.json` for a server behind this gateway: its endpoints as remotes, with an API key as their header.

use std::collections::BTreeMap;

use super::{Input, Remote, SCHEMA, ServerJson};

/// Longest description the registry takes.
pub(crate) const DESCRIPTION: usize = 100;

/// What is said of a server.
#[derive(Debug)]
pub(crate) struct About<'a> {
    /// The registry's name, `com.example/tickets`.
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) version: &'a str,
    /// Where agents reach the gateway, without a path.
    pub(crate) gateway: &'a str,
}

/// Writes one.
pub(crate) fn export(about: &About<'_>, endpoints: &[String]) -> ServerJson {
    let key = Input {
        description: "An API key of the gateway".to_owned(),
        is_required: true,
        is_secret: true,
        ..Input::default()
    };
    let header = Input {
        name: "Authorization".to_owned(),
        description: "Who calls: an API key of the gateway".to_owned(),
        is_required: true,
        is_secret: true,
        value: Some("Bearer {api_key}".to_owned()),
        variables: BTreeMap::from([("api_key".to_owned(), key)]),
        ..Input::default()
    };
    let remote = |path: &String| Remote {
        kind: "streamable-http".to_owned(),
        url: format!("{}{path}", about.gateway.trim_end_matches('/')),
        headers: vec![header.clone()],
        variables: BTreeMap::new(),
    };
    ServerJson {
        schema: SCHEMA.to_owned(),
        name: about.name.clone(),
        description: about.description.chars().take(DESCRIPTION).collect(),
        version: about.version.to_owned(),
        remotes: endpoints.iter().map(remote).collect(),
        packages: Vec::new(),
    }
}

/// A name in the registry's form: the host's parts the other way round, and the server's name.
pub(crate) fn name_of(gateway: &str, server: &str) -> String {
    let host = gateway.split("://").nth(1).and_then(|rest| rest.split(['/', ':']).next()).unwrap_or_default();
    let parts: Vec<&str> = host.split('.').rev().filter(|part| !part.is_empty()).collect();
    format!("{}/{server}", parts.join("."))
}
