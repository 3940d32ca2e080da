//! The list of tools of one caller: each tool where it is of use, with the names of what it can be used on.

use std::time::Instant;

use policy::document::ToolShape;
use rmcp::model::Tool;

use super::listing::{Listed, Listing};
use super::{Needs, ToolKind, generic, names, per_table};
use crate::databases::Age;
use crate::session::{Recorded, Session};
use crate::telemetry;

/// The tools that the caller can use, with the names of what each can be used on.
pub(crate) async fn list(session: &Session) -> Vec<Tool> {
    let began = Instant::now();
    let told = telemetry::Call::of_method(session);
    let tools = known(session, Age::Now).await;
    let database = match session.databases().as_slice() {
        [only] => (*only).to_owned(),
        _ => String::new(),
    };
    let recorded = Recorded {
        database: &database,
        rule: "own rights".to_owned(),
        took: began.elapsed(),
        ..Recorded::default()
    };
    if let Some(told) = told {
        told.end(&recorded, None);
    }
    session.record_allowed(recorded);
    tools
}

/// The same, of tables as they were this long ago at most, for nobody who asked: no record is made.
pub(crate) async fn known(session: &Session, age: Age) -> Vec<Tool> {
    let listing = listing(session, age).await;
    tools(&listing, |database, name| session.shows(database, name))
}

/// A digest of the list as it is now: another one, another list.
pub(crate) async fn fingerprint(session: &Session) -> blake3::Hash {
    let mut hasher = blake3::Hasher::new();
    for tool in known(session, Age::Fresh).await {
        hasher.update(&serde_json::to_vec(&tool).unwrap_or_default());
    }
    hasher.finalize()
}

/// What the caller may see of each of its databases.
pub(crate) async fn listing(session: &Session, age: Age) -> Listing {
    let mut listing = Listing::default();
    for database in session.databases() {
        match session.scope(database, age).await {
            Ok(scope) => {
                listing.add(Listed { name: database.to_owned(), scope, shape: session.tool_shape(database) })
            }
            // The tools of the other databases can still be used.
            Err(failure) => tracing::warn!(database, %failure, "database left out of the list of tools"),
        }
    }
    listing
}

/// The tools of a listing; `shows` says whether rules let a tool be used on a database.
fn tools(listing: &Listing, shows: impl Fn(&str, &str) -> bool) -> Vec<Tool> {
    let mut tools = Vec::new();
    let several = listing.databases().len() > 1;
    for kind in ToolKind::ALL {
        if kind.needs() == Needs::Databases && !several {
            continue;
        }
        let part = listing.part(kind, |listed| shows(&listed.name, kind.name()));
        if !part.is_empty() {
            tools.push(generic::definition(kind, &part));
        }
    }
    for listed in listing.databases().iter().filter(|listed| listed.shape == ToolShape::PerTable) {
        let database = several.then_some(listed.name.as_str());
        tools.extend(of_tables(listed, database, |name| shows(&listed.name, name)));
    }
    tools
}

/// The tools of a database's tables, table by table.
fn of_tables(listed: &Listed, database: Option<&str>, shows: impl Fn(&str) -> bool) -> Vec<Tool> {
    let mut tools = Vec::new();
    for table in super::listing::every(&listed.scope) {
        for kind in ToolKind::ALL {
            let Needs::Operation(operation) = kind.needs() else { continue };
            // Rules speak of the name that a database's own list has.
            let ruled = names::of(None, &table.label, kind);
            if table.operations.contains(&operation) && shows(&ruled) {
                let name = names::of(database, &table.label, kind);
                tools.push(per_table::definition(kind, name, table, listed.scope.max_rows()));
            }
        }
    }
    tools
}

#[cfg(test)]
mod tests;
