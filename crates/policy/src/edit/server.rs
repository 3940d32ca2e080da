//! Upstream servers: adding one, and removing one with everything that names it.

use crate::document::{Document, Role, Server};
use crate::edit::{EditError, Thing, refuse_taken_name, unknown};
use crate::pattern::literal_server;
use crate::problem::{item, member};

/// Adds an upstream server.
///
/// # Errors
/// There is a server or a database of this name.
pub fn add_server(document: &mut Document, name: &str, server: Server) -> Result<(), EditError> {
    refuse_taken_name(document, name)?;
    document.servers.insert(name.to_owned(), server);
    Ok(())
}

/// Removes an upstream server. What names it (endpoints, rules about it alone, cases) goes with it where `force` says so:
/// an endpoint that has other servers keeps those. Gives the paths of what went with it, as they were.
///
/// # Errors
/// There is no such server, or it is still named and nobody forces it.
pub fn remove_server(document: &mut Document, name: &str, force: bool) -> Result<Vec<String>, EditError> {
    if !document.servers.contains_key(name) {
        return Err(unknown(Thing::Server, name, document.servers.keys()));
    }
    let places = places(document, name);
    if !force && !places.is_empty() {
        return Err(EditError::InUse { what: Thing::Server, name: name.to_owned(), places });
    }
    document.servers.remove(name);
    document.endpoints.retain(|_, endpoint| {
        let before = endpoint.servers.len();
        endpoint.servers.retain(|server| server != name);
        // One that was empty before is somebody's mistake, and is told as such.
        before == 0 || !endpoint.servers.is_empty()
    });
    for role in document.roles.values_mut() {
        role.asks.remove(name);
        for rules in role.sections_mut() {
            rules.retain(|rule| literal_server(&rule.pattern) != Some(name));
        }
    }
    document.tests.retain(|case| {
        ![&case.tool, &case.prompt, &case.resource].into_iter().flatten().any(|named| is_of(named, name))
    });
    Ok(places)
}

/// Where a document names a server.
fn places(document: &Document, name: &str) -> Vec<String> {
    let endpoints = document
        .endpoints
        .iter()
        .filter(|(_, endpoint)| endpoint.servers.iter().any(|server| server == name))
        .map(|(path, _)| member("endpoints", path));
    let roles =
        document.roles.iter().flat_map(|(role, written)| of_role(&member("roles", role), written, name));
    let cases = document.tests.iter().enumerate().filter_map(|(index, case)| {
        let mut named = [&case.tool, &case.prompt, &case.resource].into_iter().flatten();
        named.any(|named| is_of(named, name)).then(|| item("tests", index))
    });
    endpoints.chain(roles).chain(cases).collect()
}

fn of_role(place: &str, role: &Role, name: &str) -> Vec<String> {
    let rules = role.sections().into_iter().flat_map(|(section, rules)| {
        let list = member(place, section);
        let named = rules.iter().enumerate().filter(|(_, rule)| literal_server(&rule.pattern) == Some(name));
        named.map(|(index, _)| item(&list, index)).collect::<Vec<_>>()
    });
    let asks = role.asks.contains_key(name).then(|| member(&member(place, "asks"), name));
    rules.chain(asks).collect()
}

/// Whether `server.name` is about this server.
fn is_of(named: &str, server: &str) -> bool {
    named.split_once('.').is_some_and(|(of, _)| of == server)
}
