//! `describe_table`: the columns of one table, with types, keys and comments, and its relations in both directions.

use serde::Serialize;
use sql::{Column, ForeignKey, Kind, Mask, Operation, Refusal, Scope, ScopedTable};

use super::listing::every;
use super::{Answer, Content};
use crate::databases::Age;
use crate::failure::Failure;
use crate::session::Session;

#[derive(Serialize)]
struct Described<'a> {
    database: &'a str,
    name: &'a str,
    kind: Kind,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<&'a str>,
    /// What the caller may do with its rows.
    operations: Vec<Operation>,
    columns: Vec<DescribedColumn<'a>>,
    foreign_keys: Vec<Reference<'a>>,
    referenced_by: Vec<Reference<'a>>,
}

#[derive(Serialize)]
struct DescribedColumn<'a> {
    name: &'a str,
    #[serde(rename = "type")]
    type_name: &'a str,
    nullable: bool,
    primary_key: bool,
    /// What stands in place of the values.
    #[serde(skip_serializing_if = "Option::is_none")]
    masked: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<&'a str>,
}

/// `columns` here, `references` in the other table.
#[derive(Serialize)]
struct Reference<'a> {
    columns: &'a [String],
    table: &'a str,
    references: &'a [String],
}

#[derive(Serialize)]
struct Schema<'a> {
    database: &'a str,
    tables: Vec<Described<'a>>,
}

/// Describes one table.
pub(super) async fn run(session: &Session, database: &str, table: &str) -> Result<Answer, Failure> {
    let scope = session.scope(database, Age::Now).await?;
    let Some(found) = scope.table(table) else {
        return Err(Failure::Query(Refusal::Table { table: table.chars().take(128).collect() }));
    };
    let json = serde_json::to_vec(&describe(database, found, &scope)).unwrap_or_default();
    let (tables, rows) = (vec![found.label.clone()], found.columns.len() as u64);
    Ok(Answer { content: Content::Object(json), statement: String::new(), tables, rows })
}

/// Describes all tables.
pub(super) async fn run_all(session: &Session, database: &str) -> Result<Answer, Failure> {
    let scope = session.scope(database, Age::Now).await?;
    let described: Vec<Described<'_>> =
        every(&scope).into_iter().map(|table| describe(database, table, &scope)).collect();
    let tables = described.iter().map(|table| table.name.to_owned()).collect();
    let rows = described.len() as u64;
    let json = serde_json::to_vec(&Schema { database, tables: described }).unwrap_or_default();
    Ok(Answer { content: Content::Object(json), statement: String::new(), tables, rows })
}

fn describe<'a>(database: &'a str, table: &'a ScopedTable, scope: &'a Scope) -> Described<'a> {
    Described {
        database,
        name: &table.label,
        kind: table.kind,
        comment: table.comment.as_deref(),
        operations: table.operations.iter().copied().collect(),
        columns: table.columns.iter().map(|column| described(column, table)).collect(),
        foreign_keys: table.foreign_keys.iter().filter_map(|key| outward(key, scope)).collect(),
        referenced_by: inward(table, scope),
    }
}

fn described<'a>(column: &'a Column, table: &ScopedTable) -> DescribedColumn<'a> {
    DescribedColumn {
        name: &column.name,
        type_name: &column.type_name,
        nullable: column.nullable,
        primary_key: column.primary_key,
        masked: table.mask(&column.name).map(mask),
        comment: column.comment.as_deref(),
    }
}

const fn mask(mask: &Mask) -> &'static str {
    match mask {
        Mask::Constant(_) => "constant",
        Mask::Hash => "hash",
        Mask::Last4 => "last4",
        Mask::Null => "null",
    }
}

/// The table a key refers to, under the name by which callers know it.
fn target<'a>(key: &ForeignKey, scope: &'a Scope) -> Option<&'a ScopedTable> {
    let schema = key.schema.as_deref().unwrap_or(scope.home());
    let quoted = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
    scope.table(&format!("{}.{}", quoted(schema), quoted(&key.table)))
}

fn outward<'a>(key: &'a ForeignKey, scope: &'a Scope) -> Option<Reference<'a>> {
    let table = &target(key, scope)?.label;
    Some(Reference { columns: &key.columns, table, references: &key.references })
}

fn inward<'a>(table: &ScopedTable, scope: &'a Scope) -> Vec<Reference<'a>> {
    let mut references = Vec::new();
    for other in every(scope) {
        for key in &other.foreign_keys {
            if target(key, scope).is_some_and(|target| target.label == table.label) {
                references.push(Reference {
                    columns: &key.references,
                    table: &other.label,
                    references: &key.columns,
                });
            }
        }
    }
    references
}
