//! Policies of a given size, and the callers they know.

use std::fmt;

use anyhow::Context;
use engine::{Revision, ServerSecret, SnapshotParts};
use policy::catalogue::tool::Tool;
use policy::document::{Endpoint, Key, Role, Rule, Server};
use policy::{ApiKeyText, Catalogue, Conditions, Document};

use crate::frames;

/// The server that all tools belong to.
pub(crate) const SERVER: &str = "s";
/// Its endpoint.
pub(crate) const PATH: &str = "/s/mcp";
/// Rules of each role; each allows one tool.
const RULES: usize = 10;

/// How large a policy is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Size {
    pub(crate) roles: usize,
    pub(crate) keys: usize,
}

impl Size {
    /// One role with its key.
    pub(crate) const SMALL: Self = Self { roles: 1, keys: 1 };
    /// A thousand roles, ten thousand tools.
    pub(crate) const LARGE: Self = Self { roles: 1_000, keys: 1_000 };
    /// The same with a hundred thousand keys.
    pub(crate) const KEYS: Self = Self { roles: 1_000, keys: 100_000 };

    /// How many tools there are rules for.
    pub(crate) fn tools(self) -> usize {
        self.roles * RULES
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural =
            |count: usize, name: &str| format!("{count} {name}{}", if count == 1 { "" } else { "s" });
        let (roles, keys) = (plural(self.roles, "role"), plural(self.keys, "key"));
        write!(f, "{roles}, {} and {keys}", plural(self.tools(), "tool"))
    }
}

/// The document of this size; its server is at a URL.
pub(crate) fn document(size: Size, url: &str) -> anyhow::Result<Document> {
    let mut document = Document::default();
    let server = Server::at(url);
    document.servers.insert(SERVER.to_owned(), server);
    document
        .endpoints
        .insert(PATH.to_owned(), Endpoint { servers: vec![SERVER.to_owned()], ..Endpoint::default() });
    for role in 0..size.roles {
        let allow = |rule: usize| Rule::allow(format!("{SERVER}.{}", frames::tool_name(role * RULES + rule)));
        let rules = Role { tools: (0..RULES).map(allow).collect(), ..Role::default() };
        document.roles.insert(role_name(role), rules);
    }
    for number in 0..size.keys {
        let text = key(number);
        let parsed = ApiKeyText::parse(&text).context("the key's text is none")?;
        document.keys.push(Key {
            id: parsed.id().to_owned(),
            name: format!("caller-{number}"),
            role: role_name(number % size.roles),
            sha256: parsed.digest_hex(),
            expires: None,
            claims: Default::default(),
            scopes: None,
        });
    }
    Ok(document)
}

/// A role's name.
pub(crate) fn role_name(number: usize) -> String {
    format!("role-{number:04}")
}

/// The text of a key.
pub(crate) fn key(number: usize) -> String {
    let digits =
        format!("{number:012}").replace('0', "k").replace('1', "l").replace('8', "m").replace('9', "n");
    format!("tg_{digits}_{}", "a".repeat(52))
}

/// A tool that the holder of a key may call.
pub(crate) fn tool_of(size: Size, number: usize) -> String {
    frames::tool_name(number % size.roles * RULES + number % RULES)
}

/// What the control plane sends of a policy of this size.
pub(crate) struct Snapshot {
    document: Vec<u8>,
    conditions: Vec<u8>,
    catalogue: Vec<u8>,
}

impl Snapshot {
    pub(crate) fn of(size: Size) -> anyhow::Result<Self> {
        let document = document(size, "http://127.0.0.1:9/mcp")?.for_gateway();
        let mut catalogue = Catalogue::default();
        let tools: Result<Vec<Tool>, _> =
            (0..size.tools()).map(|number| Tool::read(&frames::tool(number))).collect();
        catalogue.insert(SERVER, tools?);
        let conditions = Conditions::parse(&document).to_json();
        Ok(Self { document: document.to_json(), conditions, catalogue: catalogue.to_json() })
    }

    /// How long it is.
    pub(crate) fn bytes(&self) -> usize {
        self.document.len() + self.conditions.len() + self.catalogue.len()
    }

    /// What a worker makes of it.
    pub(crate) fn revision(&self) -> anyhow::Result<Revision> {
        let secret = ServerSecret {
            server: SERVER.to_owned(),
            credential: Some(("authorization".to_owned(), "Bearer upstream".to_owned())),
            assertion_key: Vec::new(),
        };
        Ok(Revision::from_snapshot(SnapshotParts {
            revision: 1,
            digest: &blake3::hash(&self.document).to_hex(),
            document: &self.document,
            conditions: &self.conditions,
            secrets: vec![secret],
            session_keys: vec![vec![7; 32]],
            catalogue: &self.catalogue,
            ..SnapshotParts::default()
        })?)
    }
}
