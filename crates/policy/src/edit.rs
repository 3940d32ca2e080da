//! What the verbs of the command line and of the admin service do to a document, as pure edits.
//!
//! An edit changes the document or says why not; that the result still compiles is checked when it becomes a revision.

mod server;

use thiserror::Error;

use crate::document::{Database, Document, Endpoint, Key, Role, Rule, Verb};
pub use crate::edit::server::{add_server, remove_server};
use crate::pattern::Pattern;
use crate::ruleset::rights;

/// Why a document was not changed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum EditError {
    /// The role, key, server, database or endpoint is there.
    #[error("{what} `{name}` exists already; choose another name")]
    AlreadyThere {
        /// The kind of thing.
        what: Thing,
        /// Its name.
        name: String,
    },
    /// The role, key, database or server is not there.
    #[error("unknown {what} `{name}`{}", known_text(known))]
    Unknown {
        /// The kind of thing.
        what: Thing,
        /// Its name.
        name: String,
        /// The names there are.
        known: Vec<String>,
    },
    /// The edit names nothing to change.
    #[error("name at least one {what}")]
    NothingNamed {
        /// The kind of thing.
        what: Thing,
    },
    /// Something of the document still names what is to go.
    #[error("{what} `{name}` is still named by {}; change that first, or force it", places.join(", "))]
    InUse {
        /// The kind of thing.
        what: Thing,
        /// Its name.
        name: String,
        /// Paths in the document.
        places: Vec<String>,
    },
    /// The role has no right on the table, so there are no columns to deny.
    #[error("role `{role}` has no right on table `{database}.{table}`; grant one first")]
    TableNotGranted {
        /// The role.
        role: String,
        /// The database.
        database: String,
        /// The table.
        table: String,
    },
}

/// What an edit is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Thing {
    /// A column.
    Column,
    /// A database.
    Database,
    /// An endpoint.
    Endpoint,
    /// An API key.
    Key,
    /// An operation.
    Operation,
    /// A role.
    Role,
    /// An upstream server.
    Server,
    /// A table.
    Table,
}

impl std::fmt::Display for Thing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Thing::Column => "column",
            Thing::Database => "database",
            Thing::Endpoint => "endpoint",
            Thing::Key => "key",
            Thing::Operation => "operation",
            Thing::Role => "role",
            Thing::Server => "server",
            Thing::Table => "table",
        })
    }
}

fn known_text(known: &[String]) -> String {
    if known.is_empty() {
        "; there is none yet".to_owned()
    } else {
        format!("; there is {}", known.join(", "))
    }
}

fn unknown<'a>(what: Thing, name: &str, known: impl Iterator<Item = &'a String>) -> EditError {
    EditError::Unknown { what, name: name.to_owned(), known: known.cloned().collect() }
}

fn already(what: Thing, name: &str) -> EditError {
    EditError::AlreadyThere { what, name: name.to_owned() }
}

/// Adds a role that may do nothing yet.
///
/// # Errors
/// There is a role of this name.
pub fn add_role(document: &mut Document, name: &str, description: &str) -> Result<(), EditError> {
    if document.roles.contains_key(name) {
        return Err(already(Thing::Role, name));
    }
    let role = Role { description: description.to_owned(), ..Role::default() };
    document.roles.insert(name.to_owned(), role);
    Ok(())
}

/// Lets a role do something with tables of a database. What it could do before stays. Where no rule lets the role's calls
/// for this database through the gateway yet, `allow: <database>.*` is added to its tools: the rights inside the database
/// still bound what they do.
///
/// # Errors
/// The role or the database is unknown, or no table or no operation is named.
pub fn grant(
    document: &mut Document,
    role: &str,
    database: &str,
    tables: &[&str],
    verbs: &[Verb],
) -> Result<(), EditError> {
    if tables.is_empty() {
        return Err(EditError::NothingNamed { what: Thing::Table });
    }
    if verbs.is_empty() {
        return Err(EditError::NothingNamed { what: Thing::Operation });
    }
    let role = role_with_database(document, role, database)?;
    if !role.everything && !role.tools.iter().any(|rule| allows_on(rule, database)) {
        role.tools.push(Rule::allow(format!("{database}.*")));
    }
    let grants = role.databases.entry(database.to_owned()).or_default();
    for table in tables {
        let granted = grants.tables.entry((*table).to_owned()).or_default();
        granted.extend_from_slice(verbs);
        simplify(granted);
    }
    Ok(())
}

/// Hides columns of a table from a role.
///
/// # Errors
/// The role or the database is unknown, the role has no right on the table, or no column is named.
pub fn deny_columns(
    document: &mut Document,
    role: &str,
    database: &str,
    table: &str,
    columns: &[&str],
) -> Result<(), EditError> {
    if columns.is_empty() {
        return Err(EditError::NothingNamed { what: Thing::Column });
    }
    let name = role;
    let role = role_with_database(document, role, database)?;
    let grants = role.databases.get_mut(database).filter(|grants| rights::is_granted(grants, table));
    let Some(grants) = grants else {
        let (role, database, table) = (name.to_owned(), database.to_owned(), table.to_owned());
        return Err(EditError::TableNotGranted { role, database, table });
    };
    let denied = grants.deny_columns.entry(table.to_owned()).or_default();
    for column in columns {
        if !denied.iter().any(|known| known == column) {
            denied.push((*column).to_owned());
        }
    }
    Ok(())
}

/// Adds a key.
///
/// # Errors
/// There is a key of this id, or its role is unknown.
pub fn add_key(document: &mut Document, key: Key) -> Result<(), EditError> {
    if !document.roles.contains_key(&key.role) {
        return Err(unknown(Thing::Role, &key.role, document.roles.keys()));
    }
    if document.keys.iter().any(|known| known.id == key.id) {
        return Err(already(Thing::Key, &key.id));
    }
    document.keys.push(key);
    Ok(())
}

/// Removes a key; who presents it from now on is unknown.
///
/// # Errors
/// There is no key of this id.
pub fn revoke_key(document: &mut Document, id: &str) -> Result<(), EditError> {
    let before = document.keys.len();
    document.keys.retain(|key| key.id != id);
    if document.keys.len() == before {
        return Err(unknown(Thing::Key, id, document.keys.iter().map(|key| &key.id)));
    }
    Ok(())
}

/// Adds a database.
///
/// # Errors
/// There is a server or a database of this name.
pub fn add_database(document: &mut Document, name: &str, url: &str) -> Result<(), EditError> {
    refuse_taken_name(document, name)?;
    document.databases.insert(name.to_owned(), Database { url: Some(url.to_owned()), ..Database::default() });
    Ok(())
}

/// Adds an endpoint in front of a server or database.
///
/// # Errors
/// There is an endpoint of this path, or no such server or database.
pub fn add_endpoint(document: &mut Document, path: &str, server: &str) -> Result<(), EditError> {
    if document.endpoints.contains_key(path) {
        return Err(already(Thing::Endpoint, path));
    }
    if !document.servers.contains_key(server) && !document.databases.contains_key(server) {
        return Err(unknown(Thing::Server, server, document.servers.keys().chain(document.databases.keys())));
    }
    document
        .endpoints
        .insert(path.to_owned(), Endpoint { servers: vec![server.to_owned()], ..Endpoint::default() });
    Ok(())
}

fn refuse_taken_name(document: &Document, name: &str) -> Result<(), EditError> {
    if document.servers.contains_key(name) {
        return Err(already(Thing::Server, name));
    }
    if document.databases.contains_key(name) {
        return Err(already(Thing::Database, name));
    }
    Ok(())
}

fn role_with_database<'d>(
    document: &'d mut Document,
    role: &str,
    database: &str,
) -> Result<&'d mut Role, EditError> {
    if !document.roles.contains_key(role) {
        return Err(unknown(Thing::Role, role, document.roles.keys()));
    }
    if !document.databases.contains_key(database) {
        return Err(unknown(Thing::Database, database, document.databases.keys()));
    }
    Ok(document.roles.entry(role.to_owned()).or_default())
}

fn allows_on(rule: &Rule, server: &str) -> bool {
    rule.allows() && Pattern::parse(&rule.pattern).is_ok_and(|pattern| pattern.server.matches(server))
}

/// Sorts, drops what is said twice, and what `write` says already.
fn simplify(verbs: &mut Vec<Verb>) {
    verbs.sort_unstable();
    verbs.dedup();
    if verbs.contains(&Verb::Write) {
        verbs.retain(|verb| matches!(verb, Verb::Read | Verb::Write));
    }
}

#[cfg(test)]
mod tests;
