//! The tools: what there is to call, for whom, and the one way every call goes.
//!
//! A call is permitted, run and recorded here, whether it came by MCP or by REST; the files below say what a tool's
//! arguments are, how it is listed and what it does. Nothing of a list is built for a call.

pub(crate) mod ask;
pub(crate) mod column;
mod databases;
mod describe_table;
mod generic;
mod list;
mod list_tables;
pub(crate) mod listing;
mod names;
mod per_table;
mod schema;
mod statement;

use std::borrow::Cow;
use std::time::Instant;

use futures::future::Either;
use opentelemetry::trace::FutureExt as _;
use policy::document::ToolShape;
use sql::Operation;

use crate::databases::Age;
use crate::db::Commit;
use crate::db::rows::{Rows, Sink};
use crate::failure::Failure;
use crate::session::{Recorded, Session};
use crate::telemetry;

use ask::{Ask, Asked};
pub(crate) use list::{fingerprint, known, list, listing as listing_of};

/// A tool by what it does.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum ToolKind {
    /// `aggregate`
    Aggregate,
    /// `delete`
    Delete,
    /// `describe_table`
    DescribeTable,
    /// `insert`
    Insert,
    /// `list_databases`
    ListDatabases,
    /// `list_tables`
    ListTables,
    /// `query`
    Query,
    /// `run_sql`
    RunSql,
    /// `update`
    Update,
}

/// What a tool needs to be of use.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Needs {
    /// Several databases.
    Databases,
    /// A table that may be used at all.
    Tables,
    /// A table with which this may be done.
    Operation(Operation),
    /// The right to hand in SQL text.
    SqlText,
}

/// One call of a tool.
pub(crate) struct Call<'a> {
    /// The tool.
    pub(crate) tool: ToolKind,
    /// The name by which it was called, which is the one that rules speak of.
    pub(crate) name: Cow<'a, str>,
    /// What is asked of it, or why that cannot be read.
    pub(crate) asked: Result<Asked, Failure>,
    /// The arguments as rules judge them: JSON. A call that came in another form has none, and no rule about arguments
    /// can be met.
    pub(crate) arguments: Option<&'a [u8]>,
    /// Where rows go.
    pub(crate) sink: Sink,
}

/// What a tool gives, and what the audit wants to know of how it was made.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) content: Content,
    pub(crate) statement: String,
    pub(crate) tables: Vec<String>,
    /// Rows given, or changed.
    pub(crate) rows: u64,
}

/// What a tool gives. Each protocol puts it into an envelope of its own.
#[derive(Debug)]
pub(crate) enum Content {
    /// What changed.
    Changed(Changed),
    /// A JSON object as text.
    Object(Vec<u8>),
    /// Rows.
    Rows(Rows),
}

/// What a statement changed, or would have changed.
#[derive(Debug)]
pub(crate) struct Changed {
    /// How many rows.
    pub(crate) affected: u64,
    /// The rows asked for with `returning`.
    pub(crate) rows: Option<Rows>,
    /// Whether it stays.
    pub(crate) commit: Commit,
}

impl ToolKind {
    /// In the order they are listed.
    pub(crate) const ALL: [ToolKind; 9] = [
        ToolKind::ListDatabases,
        ToolKind::ListTables,
        ToolKind::DescribeTable,
        ToolKind::Query,
        ToolKind::Aggregate,
        ToolKind::Insert,
        ToolKind::Update,
        ToolKind::Delete,
        ToolKind::RunSql,
    ];

    /// The tool of a name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tool| tool.name() == name)
    }

    /// Its name.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            ToolKind::Aggregate => "aggregate",
            ToolKind::Delete => "delete",
            ToolKind::DescribeTable => "describe_table",
            ToolKind::Insert => "insert",
            ToolKind::ListDatabases => "list_databases",
            ToolKind::ListTables => "list_tables",
            ToolKind::Query => "query",
            ToolKind::RunSql => "run_sql",
            ToolKind::Update => "update",
        }
    }

    /// What it needs to be of use.
    pub(crate) const fn needs(self) -> Needs {
        match self {
            ToolKind::Aggregate | ToolKind::Query => Needs::Operation(Operation::Read),
            ToolKind::Delete => Needs::Operation(Operation::Delete),
            ToolKind::DescribeTable | ToolKind::ListTables => Needs::Tables,
            ToolKind::Insert => Needs::Operation(Operation::Insert),
            ToolKind::ListDatabases => Needs::Databases,
            ToolKind::RunSql => Needs::SqlText,
            ToolKind::Update => Needs::Operation(Operation::Update),
        }
    }

    /// Whether there is one of it for each table where tools are made per table.
    pub(crate) const fn is_per_table(self) -> bool {
        matches!(self.needs(), Needs::Operation(_))
    }
}

/// The call of a tool by its name, with its arguments as JSON text.
///
/// # Errors
/// There is no such tool for this caller; the refusal is recorded.
pub(crate) async fn by_name<'a>(
    session: &Session,
    name: &'a str,
    arguments: &'a [u8],
) -> Result<Call<'a>, Failure> {
    let found = match ToolKind::named(name) {
        Some(tool) => Some((tool, None)),
        None => names::find(session, name).await,
    };
    let Some((tool, place)) = found else {
        let shown: String = name.chars().take(128).collect();
        let failure = Failure::UnknownTool { tool: shown.clone() };
        let told = telemetry::Call::of_method(session);
        if let Some(told) = told {
            told.end(&Recorded::default(), Some(&failure));
        }
        session.record_failure(Recorded { name: &shown, ..Recorded::default() }, &failure);
        return Err(failure);
    };
    let asked = ask::read(tool, name, place, arguments);
    Ok(Call { tool, name: Cow::Borrowed(name), asked, arguments: Some(arguments), sink: Sink::Answer })
}

/// Permits, runs and records one call. One that is dropped before its end is recorded too.
///
/// # Errors
/// It was refused, or the database failed.
pub(crate) async fn call(session: &Session, call: Call<'_>) -> Result<Answer, Failure> {
    let began = Instant::now();
    let Call { tool, name, asked, arguments, sink } = call;
    let told = telemetry::Call::of_tool(session, &name);
    let context = told.as_ref().map(telemetry::Call::context);
    let mut record =
        Record { session, recorded: Recorded { name: &name, ..Recorded::default() }, open: true };
    let result = async {
        let Asked { database: named, ask } = asked?;
        if matches!(ask, Ask::Databases) {
            record.recorded.rule = session.permit_any(&name, arguments)?;
            return Ok(databases::run(session));
        }
        let database = session.database(named.as_deref())?;
        record.recorded.database = database;
        record.recorded.rule = session.permit(database, &name, arguments)?;
        // Where tools are made per table there is no such tool, whatever a rule says of its name.
        let is_generic = tool.is_per_table() && name == tool.name();
        if is_generic && session.tool_shape(database) == ToolShape::PerTable {
            return Err(Failure::UnknownTool { tool: name.to_string() });
        }
        match ask {
            Ask::Databases => Ok(databases::run(session)),
            Ask::Describe { table } => describe_table::run(session, database, &table).await,
            Ask::Schema => describe_table::run_all(session, database).await,
            Ask::Statement(asked) => statement::run(session, database, asked, sink).await,
            Ask::Tables(page) => list_tables::run(session, database, &page).await,
        }
    };
    let result = match context {
        Some(context) => Either::Left(result.with_context(context)),
        None => Either::Right(result),
    }
    .await;
    let mut recorded = record.close();
    recorded.took = began.elapsed();
    if let Some(told) = told {
        told.end(&recorded, result.as_ref().err());
    }
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

/// What is recorded of a call, even if its client goes away and it is dropped.
struct Record<'a> {
    session: &'a Session,
    recorded: Recorded<'a>,
    open: bool,
}

impl<'a> Record<'a> {
    /// The call has come to its end.
    fn close(mut self) -> Recorded<'a> {
        self.open = false;
        std::mem::take(&mut self.recorded)
    }
}

impl Drop for Record<'_> {
    fn drop(&mut self) {
        if self.open {
            self.session.record_failure(std::mem::take(&mut self.recorded), &Failure::Cancelled);
        }
    }
}

/// The name by which rules know a tool that is called under a URL: that of the list for the same database.
pub(crate) async fn name_for(session: &Session, database: &str, tool: ToolKind, table: &str) -> String {
    let is_per_table = tool.is_per_table() && session.tool_shape(database) == ToolShape::PerTable;
    // The name says the table as the catalogue does, however the URL spells it.
    let scope = if is_per_table { session.scope(database, Age::Fresh).await.ok() } else { None };
    let label = scope.as_ref().and_then(|scope| scope.table(table)).map_or(table, |table| &table.label);
    name_in(session, database, tool, label)
}

/// The same, of a table by its label.
pub(crate) fn name_in(session: &Session, database: &str, tool: ToolKind, label: &str) -> String {
    match session.tool_shape(database) {
        ToolShape::PerTable if tool.is_per_table() => names::of(None, label, tool),
        ToolShape::Generic | ToolShape::PerTable => tool.name().to_owned(),
    }
}
