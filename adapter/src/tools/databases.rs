//! `list_databases`: the databases that the caller has rights in.

use serde::Serialize;

use super::{Answer, Content};
use crate::session::Session;

#[derive(Serialize)]
struct Databases<'a> {
    databases: Vec<Database<'a>>,
}

#[derive(Serialize)]
struct Database<'a> {
    name: &'a str,
}

/// Lists them.
pub(super) fn run(session: &Session) -> Answer {
    let databases: Vec<Database<'_>> =
        session.databases().into_iter().map(|name| Database { name }).collect();
    let rows = databases.len() as u64;
    let json = serde_json::to_vec(&Databases { databases }).unwrap_or_default();
    Answer { content: Content::Object(json), statement: String::new(), tables: Vec::new(), rows }
}
