//! What each server offers, as the control plane last saw it, and what of that an operator has approved.
//!
//! The control plane asks and keeps; a snapshot carries what a gateway needs. Nothing here is trusted to be harmless:
//! a definition is the server's own text. [`RuleSet::tool`](crate::RuleSet::tool) is where others look a tool up.

pub mod database;
pub mod header;
pub mod name;
pub mod offer;
pub mod pretty;
pub mod role_tools;
pub mod tool;

use std::collections::{BTreeMap, HashMap};

use mcp::{Json, JsonError, Limits, Object};
use thiserror::Error;

use crate::catalogue::offer::{Entry, Offer};
use crate::catalogue::role_tools::RoleTools;
use crate::catalogue::tool::{Flaw, InvalidTool, Tool};

/// Bounds of a whole catalogue in a snapshot.
const LIMITS: Limits = Limits { bytes: 32 * 1024 * 1024, depth: 128, members: 8_000_000 };

/// What the servers offer, by server and name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Catalogue {
    servers: BTreeMap<String, HashMap<String, Tool>>,
    /// Of servers that share an endpoint: what lists of it are made of.
    offers: BTreeMap<String, Offer>,
    /// Of databases that share an endpoint: the tools that each role gets.
    roles: BTreeMap<String, RoleTools>,
}

/// What is known of a tool's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known<'c> {
    /// The server offers this tool.
    Tool(&'c Tool),
    /// The server was never heard.
    Unheard,
    /// The server was heard, and offers no tool of this name.
    Unlisted,
}

/// Why the bytes are no catalogue.
#[derive(Debug, Error)]
pub enum InvalidCatalogue {
    /// They are not strict JSON.
    #[error("the catalogue is not json: {0}")]
    Json(#[from] JsonError),
    /// They are JSON of another shape.
    #[error("the catalogue has no {0}")]
    Shape(&'static str),
    /// One of its definitions is none.
    #[error("the catalogue of server `{server}` holds a tool that cannot be used: {source}")]
    Tool {
        /// Whose it is.
        server: String,
        /// What is wrong with it.
        source: InvalidTool,
    },
}

impl Catalogue {
    /// Takes in all the tools of a server, in place of those that were known. Of two with one name the first is kept,
    /// marked as [`Flaw::Twice`].
    pub fn insert(&mut self, server: &str, tools: impl IntoIterator<Item = Tool>) {
        let mut known: HashMap<String, Tool> = HashMap::new();
        for tool in tools {
            match known.get_mut(tool.name()) {
                Some(first) => first.flaw = Some(Flaw::Twice),
                None => drop(known.insert(tool.name().to_owned(), tool)),
            }
        }
        self.servers.insert(server.to_owned(), known);
    }

    /// Takes in what else a server offers, and in which order: of one that shares its endpoint with others.
    pub fn insert_offer(&mut self, server: &str, offer: Offer) {
        self.offers.insert(server.to_owned(), offer);
    }

    /// What a server offers beside its tools, where it shares an endpoint with others and was ever heard.
    #[must_use]
    pub fn offer(&self, server: &str) -> Option<&Offer> {
        self.offers.get(server)
    }

    /// Takes in which tools a database has for each role.
    pub fn insert_roles(&mut self, database: &str, roles: RoleTools) {
        self.roles.insert(database.to_owned(), roles);
    }

    /// The tools that a database has for a role, where it shares an endpoint with others.
    #[must_use]
    pub fn tools_for(&self, database: &str, role: &str) -> &[Entry] {
        self.roles.get(database).map(|roles| roles.of(role)).unwrap_or_default()
    }

    /// The servers that were ever heard, in order of their names.
    pub fn servers(&self) -> impl Iterator<Item = &str> {
        self.servers.keys().map(String::as_str)
    }

    /// The tools of a server, in no order; none where the server was never heard.
    pub fn tools(&self, server: &str) -> Option<impl Iterator<Item = &Tool>> {
        self.servers.get(server).map(HashMap::values)
    }

    /// One tool.
    #[must_use]
    pub fn tool(&self, server: &str, name: &str) -> Option<&Tool> {
        self.servers.get(server)?.get(name)
    }

    /// What is known of a tool's name.
    #[must_use]
    pub fn known(&self, server: &str, name: &str) -> Known<'_> {
        match self.servers.get(server).map(|tools| tools.get(name)) {
            Some(Some(tool)) => Known::Tool(tool),
            Some(None) => Known::Unlisted,
            None => Known::Unheard,
        }
    }

    /// Whether no server was ever heard.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.servers.is_empty()
    }

    /// Reads the form a snapshot carries; no bytes are the empty catalogue.
    ///
    /// # Errors
    /// The bytes are not what [`Catalogue::to_json`] writes.
    pub fn from_json(bytes: &[u8]) -> Result<Catalogue, InvalidCatalogue> {
        let mut catalogue = Catalogue::default();
        if bytes.is_empty() {
            return Ok(catalogue);
        }
        let json = Json::parse(bytes, &LIMITS)?;
        let servers = json.member("servers").and_then(Json::object);
        for (server, tools) in servers.ok_or(InvalidCatalogue::Shape("`servers`"))?.iter() {
            let tools = tools.array().ok_or(InvalidCatalogue::Shape("list of tools"))?;
            let read = tools.into_iter().map(Tool::from_json).collect::<Result<Vec<_>, _>>();
            let read = read.map_err(|source| InvalidCatalogue::Tool { server: server.to_owned(), source })?;
            catalogue.insert(server, read);
        }
        for (server, offer) in json.member("offers").and_then(Json::object).iter().flat_map(Object::iter) {
            let offer = Offer::from_json(offer).ok_or(InvalidCatalogue::Shape("readable offer"))?;
            catalogue.insert_offer(server, offer);
        }
        for (name, roles) in json.member("roles").and_then(Json::object).iter().flat_map(Object::iter) {
            let roles =
                RoleTools::from_json(roles).ok_or(InvalidCatalogue::Shape("readable list of roles"))?;
            catalogue.insert_roles(name, roles);
        }
        Ok(catalogue)
    }

    /// The form a snapshot carries: the same bytes for the same catalogue.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        let mut out = b"{\"servers\":{".to_vec();
        for (index, (server, tools)) in self.servers.iter().enumerate() {
            if index > 0 {
                out.push(b',');
            }
            mcp::write_string(&mut out, server);
            out.extend_from_slice(b":[");
            let mut tools: Vec<&Tool> = tools.values().collect();
            tools.sort_unstable_by_key(|tool| tool.name());
            for (index, tool) in tools.into_iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                tool.write_json(&mut out);
            }
            out.push(b']');
        }
        out.push(b'}');
        write_member("offers", &self.offers, &mut out, Offer::write_json);
        write_member("roles", &self.roles, &mut out, RoleTools::write_json);
        out.push(b'}');
        out
    }
}

/// Writes a member that holds values by name, if there are any.
fn write_member<T>(
    member: &str,
    values: &BTreeMap<String, T>,
    out: &mut Vec<u8>,
    write: impl Fn(&T, &mut Vec<u8>),
) {
    for (index, (name, value)) in values.iter().enumerate() {
        let open = format!(",\"{member}\":{{");
        out.extend_from_slice(if index == 0 { open.as_bytes() } else { b"," });
        mcp::write_string(out, name);
        out.push(b':');
        write(value, out);
    }
    if !values.is_empty() {
        out.push(b'}');
    }
}

#[cfg(test)]
mod tests;
