//! `list_tables`: the tables and views of a database that the caller has rights on, a page at a time and searchable.
//!
//! An entry is short on purpose: what a table is made of is for `describe_table` to say.

use serde::Serialize;
use sql::{Kind, ScopedTable};

use super::ask::TablesPage;
use super::listing::{every, first_line};
use super::{Answer, Content};
use crate::databases::Age;
use crate::failure::Failure;
use crate::session::Session;

/// Tables on a page where the caller does not say.
const PAGE: usize = 100;
/// Tables on a page at most.
const LARGEST_PAGE: usize = 500;
/// Characters of a comment.
const COMMENT: usize = 100;

#[derive(Serialize)]
struct Tables<'a> {
    database: &'a str,
    tables: Vec<Summary<'a>>,
    /// All that the search finds, on whatever page.
    total: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<&'a str>,
}

#[derive(Serialize)]
struct Summary<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "is_table")]
    kind: Kind,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<String>,
    columns: usize,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands in references")]
fn is_table(kind: &Kind) -> bool {
    *kind == Kind::Table
}

/// Lists them.
pub(super) async fn run(session: &Session, database: &str, page: &TablesPage) -> Result<Answer, Failure> {
    let scope = session.scope(database, Age::Now).await?;
    let (json, rows) = page_of(database, every(&scope), page);
    Ok(Answer { content: Content::Object(json), statement: String::new(), tables: Vec::new(), rows })
}

/// One page as JSON, and how many tables are on it.
pub(super) fn page_of(database: &str, tables: Vec<&ScopedTable>, page: &TablesPage) -> (Vec<u8>, u64) {
    let searched = page.search.as_deref().map(str::to_lowercase).unwrap_or_default();
    let found: Vec<&ScopedTable> = tables.into_iter().filter(|table| finds(table, &searched)).collect();
    let after = |table: &&&ScopedTable| page.cursor.as_ref().is_none_or(|cursor| table.label > *cursor);
    let limit = page.limit.unwrap_or(PAGE).clamp(1, LARGEST_PAGE);
    let mut rest = found.iter().filter(after);
    let shown: Vec<&ScopedTable> = rest.by_ref().take(limit).copied().collect();
    let is_last = rest.next().is_none();
    let next_cursor = shown.last().filter(|_| !is_last).map(|table| table.label.as_str());
    let rows = shown.len() as u64;
    let tables = shown.into_iter().map(summary).collect();
    let listed = Tables { database, tables, total: found.len(), next_cursor };
    (serde_json::to_vec(&listed).unwrap_or_default(), rows)
}

fn finds(table: &ScopedTable, searched: &str) -> bool {
    let has = |text: &str| text.to_lowercase().contains(searched);
    searched.is_empty()
        || has(&table.label)
        || table.comment.as_deref().is_some_and(has)
        || table.columns.iter().any(|column| has(&column.name))
}

fn summary(table: &ScopedTable) -> Summary<'_> {
    Summary {
        name: &table.label,
        kind: table.kind,
        comment: first_line(table.comment.as_deref()).map(|line| line.chars().take(COMMENT).collect()),
        columns: table.columns.len(),
    }
}
