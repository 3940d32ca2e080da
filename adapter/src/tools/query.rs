//! `query`: rows of one table, filtered, ordered and paged.
//!
//! Arguments become a [`sql::Query`], which only `crates/sql` can make into a statement; rows come back as JSON text and
//! stay that until they are on the wire.

use rmcp::model::{JsonObject, Tool};
use serde_json::json;
use sql::{Checked, Claims, Query, Refusal, Request};

use super::schema::{self, Listing};
use super::{Answer, Content, ToolKind, arguments};
use crate::databases::Age;
use crate::db::rows::Rows;
use crate::db::{Commit, DatabaseError, Run, Tag};
use crate::failure::Failure;
use crate::session::Session;

/// The tool as it is listed.
pub(super) fn definition(listing: &Listing) -> Tool {
    let input = listing.arguments(
        json!({
            "table": listing.table(),
            "fields": {
                "type": "array",
                "items": listing.column(),
                "description": "Columns to return; all permitted ones by default.",
            },
            "filter": {
                "type": "string",
                "description": "Condition, such as: status = 'open' AND total >= 100. Operators: = != < <= > >= IN, \
                    BETWEEN, LIKE, CONTAINS, STARTS WITH, ENDS WITH, IS NULL, IS NOT NULL, AND, OR, NOT, parentheses. \
                    Strings in single quotes.",
            },
            "order": { "type": "string", "description": "Such as: total DESC, id." },
            "limit": { "type": "integer", "minimum": 1, "maximum": listing.max_rows() },
            "offset": { "type": "integer", "minimum": 0 },
        }),
        &["table"],
    );
    let output = json!({
        "type": "object",
        "properties": {
            "rows": { "type": "array", "items": { "type": "object" } },
            "count": { "type": "integer" },
            "truncated": { "type": "boolean" },
            "hint": { "type": "string" },
        },
        "required": ["rows", "count", "truncated"],
    });
    let description = format!(
        "Reads rows of one table or view. Large integers and decimals come as strings, bytes as base64.{}",
        listing.tables_in_words()
    );
    schema::reading(ToolKind::Query.name(), "Query rows", description, input, output)
}

/// Runs it.
pub(super) async fn run(session: &Session, database: &str, given: JsonObject) -> Result<Answer, Failure> {
    let query: Query = arguments(ToolKind::Query, given)?;
    let (statement, rows) = read(session, database, &query).await?;
    let count = rows.count;
    Ok(Answer {
        content: Content::Rows(rows),
        statement: statement.sql().to_owned(),
        tables: statement.tables().to_vec(),
        rows: count,
    })
}

/// Plans and runs a query, looking at the catalogue again once where a name does not resolve.
async fn read(session: &Session, database: &str, query: &Query) -> Result<(Checked, Rows), Failure> {
    match attempt(session, database, query, Age::Fresh).await {
        Err(
            Failure::Query(Refusal::Table { .. } | Refusal::Column { .. })
            | Failure::Database(DatabaseError::Changed),
        ) => attempt(session, database, query, Age::Now).await,
        result => result,
    }
}

async fn attempt(
    session: &Session,
    database: &str,
    query: &Query,
    age: Age,
) -> Result<(Checked, Rows), Failure> {
    let scope = session.scope(database, age).await?;
    let planned =
        sql::plan(&Request::Query(query.clone()), &scope, &Claims::default()).map_err(Failure::Query)?;
    let checked = sql::check(&planned, scope.dialect()).map_err(Failure::Query)?;
    let tag = Tag::new(&session.caller.decision_id, &session.caller.subject.name);
    let run = Run { statement: &checked, tag: &tag, commit: Commit::Commit, max_cost: None };
    let outcome = session.open(database)?.driver().run(run).await.map_err(Failure::Database)?;
    Ok((checked, outcome.rows))
}
