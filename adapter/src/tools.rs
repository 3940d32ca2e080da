//! The tools: what there is to call, for whom, and the one way every call goes.
//!
//! A call is permitted, run and recorded here, whether it came by MCP or by REST; the files below only say what a tool's
//! arguments are and what it does with them.

pub(crate) mod describe_table;
pub(crate) mod list_tables;
pub(crate) mod query;
mod schema;

use std::time::Instant;

use rmcp::model::{JsonObject, Tool};
use sql::Operation;

use crate::databases::Age;
use crate::db::rows::Rows;
use crate::failure::Failure;
use crate::session::{Recorded, Session};

pub(crate) use schema::Listing;

/// A tool by name.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum ToolKind {
    /// `describe_table`
    DescribeTable,
    /// `list_tables`
    ListTables,
    /// `query`
    Query,
}

/// What a tool gives, and what the audit wants to know of how it was made.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) content: Content,
    pub(crate) statement: String,
    pub(crate) tables: Vec<String>,
    pub(crate) rows: u64,
}

/// What a tool gives. Each protocol puts rows into an envelope of its own.
#[derive(Debug)]
pub(crate) enum Content {
    /// A JSON object as text.
    Object(Vec<u8>),
    /// Rows.
    Rows(Rows),
}

impl ToolKind {
    /// In the order they are listed.
    pub(crate) const ALL: [ToolKind; 3] = [ToolKind::ListTables, ToolKind::DescribeTable, ToolKind::Query];

    /// The tool of a name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tool| tool.name() == name)
    }

    /// Its name.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            ToolKind::DescribeTable => "describe_table",
            ToolKind::ListTables => "list_tables",
            ToolKind::Query => "query",
        }
    }

    fn definition(self, listing: &Listing) -> Tool {
        match self {
            ToolKind::DescribeTable => describe_table::definition(listing),
            ToolKind::ListTables => list_tables::definition(listing),
            ToolKind::Query => query::definition(listing),
        }
    }

    async fn run(self, session: &Session, database: &str, arguments: JsonObject) -> Result<Answer, Failure> {
        match self {
            ToolKind::DescribeTable => describe_table::run(session, database, arguments).await,
            ToolKind::ListTables => list_tables::run(session, database, arguments).await,
            ToolKind::Query => query::run(session, database, arguments).await,
        }
    }
}

/// Permits, runs and records one call.
///
/// # Errors
/// It was refused, or the database failed.
pub(crate) async fn call(
    session: &Session,
    tool: ToolKind,
    mut arguments: JsonObject,
) -> Result<Answer, Failure> {
    let began = Instant::now();
    let mut recorded = Recorded { name: tool.name(), ..Recorded::default() };
    let result = async {
        let named = database_argument(tool, &mut arguments)?;
        let database = session.database(named.as_deref())?;
        recorded.database = database;
        recorded.rule = session.permit(database, tool.name())?;
        tool.run(session, database, arguments).await
    }
    .await;
    recorded.took = began.elapsed();
    match &result {
        Ok(answer) => {
            recorded.statement.clone_from(&answer.statement);
            recorded.tables.clone_from(&answer.tables);
            recorded.rows = answer.rows;
            session.record_allowed(recorded);
        }
        Err(failure) => session.record_failure(recorded, failure),
    }
    result
}

/// The tools that the caller can use, with the names of what each can be used on.
pub(crate) async fn list(session: &Session) -> Vec<Tool> {
    let began = Instant::now();
    let mut listing = Listing::default();
    for database in session.databases() {
        match session.scope(database, Age::Now).await {
            Ok(scope) => listing.add(database, &scope, Operation::Read),
            // The tools of the other databases can still be used.
            Err(failure) => tracing::warn!(database, %failure, "database left out of the list of tools"),
        }
    }
    let shown = ToolKind::ALL.into_iter().filter_map(|tool| {
        let part = listing.only(|database| session.shows(database, tool.name()));
        (!part.is_empty()).then(|| tool.definition(&part))
    });
    let tools = shown.collect();
    let database = match session.databases().as_slice() {
        [only] => (*only).to_owned(),
        _ => String::new(),
    };
    session.record_allowed(Recorded {
        database: &database,
        rule: "own rights".to_owned(),
        took: began.elapsed(),
        ..Recorded::default()
    });
    tools
}

/// Takes the `database` argument out, which all tools have.
fn database_argument(tool: ToolKind, arguments: &mut JsonObject) -> Result<Option<String>, Failure> {
    match arguments.remove("database") {
        None => Ok(None),
        Some(serde_json::Value::String(name)) => Ok(Some(name)),
        Some(_) => {
            Err(Failure::Arguments { tool: tool.name(), problem: "`database` must be a string".to_owned() })
        }
    }
}

/// Reads a tool's own arguments.
fn arguments<T: serde::de::DeserializeOwned>(tool: ToolKind, arguments: JsonObject) -> Result<T, Failure> {
    serde_json::from_value(serde_json::Value::Object(arguments))
        .map_err(|error| Failure::Arguments { tool: tool.name(), problem: error.to_string() })
}
