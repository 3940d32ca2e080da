//! What a caller can use each tool on: the databases, and the tables with which the tool's operation is permitted.
//!
//! Everything a list says comes from here, so what is not permitted is in no schema and no description.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use policy::document::ToolShape;
use sql::{Column, Operation, Scope, ScopedTable};

use super::{Needs, ToolKind};

/// The databases of a caller, with what it may see of each.
#[derive(Default)]
pub(crate) struct Listing {
    databases: Vec<Listed>,
}

/// One database.
pub(crate) struct Listed {
    /// Its name.
    pub(crate) name: String,
    /// What the caller may see of it.
    pub(crate) scope: Arc<Scope>,
    /// Which tools are made of it.
    pub(crate) shape: ToolShape,
}

/// What one tool can be used on.
pub(crate) struct Part<'a> {
    databases: Vec<(&'a Listed, Vec<&'a ScopedTable>)>,
    /// Whether more databases than these are at hand, so that one has to be named.
    several: bool,
}

/// Every table of a scope, in order of the labels.
pub(crate) fn every(scope: &Scope) -> Vec<&ScopedTable> {
    let all = [Operation::Read, Operation::Insert, Operation::Update, Operation::Delete];
    let tables = all.into_iter().flat_map(|operation| scope.tables(operation));
    let by_label: BTreeMap<&str, &ScopedTable> = tables.map(|table| (table.label.as_str(), table)).collect();
    by_label.into_values().collect()
}

/// The columns of a table that can be written: what is masked cannot.
pub(crate) fn written(table: &ScopedTable) -> impl Iterator<Item = &Column> {
    table.columns.iter().filter(|column| table.mask(&column.name).is_none())
}

/// The first line of a comment: what fits where many are listed.
pub(crate) fn first_line(comment: Option<&str>) -> Option<&str> {
    comment.and_then(|comment| comment.lines().map(str::trim).find(|line| !line.is_empty()))
}

impl Listing {
    /// Adds a database.
    pub(crate) fn add(&mut self, listed: Listed) {
        self.databases.push(listed);
    }

    /// The databases.
    pub(crate) fn databases(&self) -> &[Listed] {
        &self.databases
    }

    /// What a tool can be used on, of the databases that `keep` keeps. A tool that is made per table is none of one
    /// database in general.
    pub(crate) fn part(&self, tool: ToolKind, keep: impl Fn(&Listed) -> bool) -> Part<'_> {
        let is_made = |listed: &&Listed| !tool.is_per_table() || listed.shape == ToolShape::Generic;
        let databases = self.databases.iter().filter(is_made).filter(|listed| keep(listed));
        let databases = databases.filter_map(|listed| Some((listed, usable(tool.needs(), listed)?)));
        Part { databases: databases.collect(), several: self.databases.len() > 1 }
    }
}

/// The tables of a database that something can be used on; none where it is of no use there.
fn usable(needs: Needs, listed: &Listed) -> Option<Vec<&ScopedTable>> {
    let tables = match needs {
        Needs::Databases => return Some(Vec::new()),
        Needs::Operation(operation) => {
            let mut tables: Vec<_> = listed.scope.tables(operation).collect();
            tables.sort_by(|a, b| a.label.cmp(&b.label));
            tables
        }
        Needs::SqlText if !listed.scope.takes_sql() => return None,
        Needs::SqlText | Needs::Tables => every(&listed.scope),
    };
    (!tables.is_empty()).then_some(tables)
}

impl<'a> Part<'a> {
    /// Whether there is nothing to use the tool on.
    pub(crate) fn is_empty(&self) -> bool {
        self.databases.is_empty()
    }

    /// Whether a call has to name its database.
    pub(super) fn names_databases(&self) -> bool {
        self.several
    }

    /// The names of the databases.
    pub(super) fn databases(&self) -> impl Iterator<Item = &'a str> {
        self.databases.iter().map(|(listed, _)| listed.name.as_str())
    }

    /// The tables, each with its database.
    pub(super) fn tables(&self) -> impl Iterator<Item = (&'a str, &'a ScopedTable)> {
        self.databases
            .iter()
            .flat_map(|(listed, tables)| tables.iter().map(|table| (listed.name.as_str(), *table)))
    }

    /// The engines of the databases.
    pub(super) fn dialects(&self) -> impl Iterator<Item = (&'a str, sql::Dialect)> {
        self.databases.iter().map(|(listed, _)| (listed.name.as_str(), listed.scope.dialect()))
    }

    /// The names of the tables, each once.
    pub(super) fn labels(&self) -> BTreeSet<&'a str> {
        self.tables().map(|(_, table)| table.label.as_str()).collect()
    }

    /// The names of the columns, each once.
    pub(super) fn columns(&self) -> BTreeSet<&'a str> {
        self.tables().flat_map(|(_, table)| &table.columns).map(|column| column.name.as_str()).collect()
    }

    /// The names of the columns that can be written in some table, each once.
    pub(super) fn written_columns(&self) -> BTreeSet<&'a str> {
        self.tables().flat_map(|(_, table)| written(table)).map(|column| column.name.as_str()).collect()
    }

    /// The largest row limit of any of the databases.
    pub(super) fn max_rows(&self) -> u64 {
        self.databases.iter().map(|(listed, _)| listed.scope.max_rows()).max().unwrap_or(0)
    }
}
