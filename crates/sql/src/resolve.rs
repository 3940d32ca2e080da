//! Names as written into what the caller may see: every table becomes a sub-select of its permitted and masked columns under
//! the conditions on its rows, and every name one of those columns, or it is refused.
//!
//! What a relation shows is all there is of it: a hidden column is in no list that a name is looked up in, so no
//! construct, however odd, can reach it. Printed names are the catalogue's and those made here.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::{OutputColumn, Statement};
use crate::claims::Claims;
use crate::dialect::Dialect;
use crate::ir::{At, Body, Expr, Page, Query, RowSet};
use crate::name::Part;
use crate::refusal::{Objection, Refusal};
use crate::rights::{Access, Operation};
use crate::scope::{Scope, ScopedTable};

use environment::{Level, NamedRows};
use outputs::Out;

mod ddl;
mod environment;
mod expr;
mod guard;
mod insert;
mod join;
mod lookup;
mod mask;
mod order;
mod outputs;
mod plain;
mod query;
mod relation;
mod table;
mod walk;
mod write;

#[cfg(test)]
mod tests;

/// How much a statement may unfold into: expressions read, columns that stars stand for, what aliases stand for.
const MOST_PARTS: usize = 60_000;

/// How many names may be looked at to find out what others mean.
const MOST_SCANNED: usize = 10_000_000;

/// The most relations of one FROM; engines join no more than about as many.
const MOST_RELATIONS: usize = 64;

/// How many relations a statement may come to, where each use of a query of WITH counts as all that is in it: engines that
/// copy it at each use would fill their memory with thirty that each name the one before twice.
const MOST_UNFOLDED: usize = 1_000;

/// The longest name that every engine keeps whole. A longer one would be cut, and could become another.
const LONGEST_NAME: usize = 63;

/// Whom a statement is resolved for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Caller<'a> {
    pub(crate) scope: &'a Scope,
    pub(crate) claims: &'a Claims,
    pub(crate) origin: Origin,
}

/// Where a statement comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// Made here from a structured request: its conditions compare columns with typed values and cannot fail on a row.
    Request,
    /// Lowered from a caller's SQL: its conditions can be anything, so rows must be cut out before they are tried.
    Text,
}

/// Resolves a statement.
pub(crate) fn resolve(body: Body, caller: Caller<'_>) -> Result<Statement, Refusal> {
    let resolver = Resolver::new(caller);
    match body {
        Body::Ddl(ddl) => resolver.ddl(ddl),
        Body::Delete(delete) => resolver.delete(delete),
        Body::Insert(insert) => resolver.insert(insert),
        Body::Query(query) => resolver.outermost(query),
        Body::Update(update) => resolver.update(update),
    }
}

/// One statement on its way.
struct Resolver<'a> {
    caller: Caller<'a>,
    dialect: Dialect,
    /// The queries around the present place, the innermost last.
    levels: Vec<Level<'a>>,
    /// The queries of WITH that can be named at the present place, the nearest last.
    named: Vec<NamedRows>,
    /// How many queries of WITH there have been.
    numbered: usize,
    /// How much the statement has unfolded into so far.
    parts: usize,
    /// How many names have been looked at.
    scanned: usize,
    /// How many relations there are so far; see [`MOST_UNFOLDED`].
    unfolded: usize,
    accesses: BTreeMap<(&'a str, &'a str, Operation), (&'a str, BTreeSet<&'a str>)>,
    /// The conditions on rows of the tables met so far.
    rules: BTreeMap<&'a str, Vec<Expr>>,
}

impl<'a> Resolver<'a> {
    fn new(caller: Caller<'a>) -> Resolver<'a> {
        Resolver {
            caller,
            dialect: caller.scope.dialect(),
            levels: Vec::new(),
            named: Vec::new(),
            numbered: 0,
            parts: 0,
            scanned: 0,
            unfolded: 0,
            accesses: BTreeMap::new(),
            rules: BTreeMap::new(),
        }
    }

    fn outermost(mut self, query: Query) -> Result<Statement, Refusal> {
        let query = without_parentheses(query);
        let (mut query, outs) = self.query(query)?;
        let most = self.caller.scope.max_rows();
        let row_limit = query.page.limit.map_or(most, |limit| limit.min(most));
        // T-SQL has no limit for a combination of queries without an order; the reader stops by itself.
        let takes_limit = self.dialect != Dialect::SqlServer
            || matches!(query.rows, RowSet::Select(_))
            || !query.order.is_empty();
        if !takes_limit && query.page.offset.is_some() {
            let what = "OFFSET without ORDER BY on combined queries".to_owned();
            return Err(refused(At::default(), Objection::Construct(what)));
        }
        // One more than is handed on tells whether there are more.
        let limit = takes_limit.then_some(row_limit.saturating_add(1));
        query.page = Page { limit, ..query.page };
        Ok(self.statement(Body::Query(query), &outs, row_limit))
    }

    fn statement(self, body: Body, outs: &[Out], row_limit: u64) -> Statement {
        let is_request = self.caller.origin == Origin::Request;
        let column = |out: &Out| {
            let hidden = is_request && out.name.starts_with(crate::cursor::HIDDEN);
            OutputColumn { name: out.name.clone(), ty: out.ty, hidden }
        };
        let columns = outs.iter().map(column).collect();
        let mut tables: Vec<String> = Vec::new();
        for (label, _) in self.accesses.values() {
            if !tables.iter().any(|table| table == label) {
                tables.push((*label).to_owned());
            }
        }
        let accesses = self.accesses.into_iter().map(|((schema, table, operation), (_, columns))| Access {
            schema: schema.to_owned(),
            table: table.to_owned(),
            operation,
            columns: columns.into_iter().map(str::to_owned).collect(),
        });
        Statement {
            body,
            guards: Vec::new(),
            columns,
            tables,
            accesses: accesses.collect(),
            row_limit,
            max_affected: self.caller.scope.max_affected(),
            cursor: None,
        }
    }

    /// Counts what the statement unfolds into.
    fn spend(&mut self, parts: usize) -> Result<(), Refusal> {
        self.parts = self.parts.saturating_add(parts);
        match self.parts > MOST_PARTS {
            true => Err(refused(At::default(), Objection::TooLarge)),
            false => Ok(()),
        }
    }

    /// Counts a relation, or as many as a query of WITH comes to.
    fn unfold(&mut self, relations: usize) -> Result<(), Refusal> {
        self.unfolded = self.unfolded.saturating_add(relations);
        match self.unfolded > MOST_UNFOLDED {
            true => Err(refused(At::default(), Objection::TooLarge)),
            false => Ok(()),
        }
    }

    /// Counts the names that are looked at.
    fn scan(&mut self, names: usize) -> Result<(), Refusal> {
        self.scanned = self.scanned.saturating_add(names);
        match self.scanned > MOST_SCANNED {
            true => Err(refused(At::default(), Objection::TooLarge)),
            false => Ok(()),
        }
    }

    /// Notes what is done to a table.
    fn touch(
        &mut self,
        table: &'a ScopedTable,
        operation: Operation,
        columns: impl IntoIterator<Item = &'a str>,
    ) {
        let entry = self.accesses.entry((&table.schema, &table.name, operation));
        let (_, touched) = entry.or_insert_with(|| (&table.label, BTreeSet::new()));
        touched.extend(columns);
    }

    /// A name that the statement itself gives to something, as the engine keeps it.
    fn declared(&self, part: &Part) -> Result<String, Refusal> {
        if part.text.len() > LONGEST_NAME && self.caller.origin == Origin::Text {
            return Err(refused(At::default(), Objection::LongName(LONGEST_NAME)));
        }
        Ok(match self.dialect {
            Dialect::Postgres if !part.quoted => part.text.to_ascii_lowercase(),
            Dialect::MySql | Dialect::Postgres | Dialect::SqlServer | Dialect::Sqlite => part.text.clone(),
        })
    }
}

/// A name as it is printed.
fn quoted(text: &str) -> Part {
    Part { text: text.to_owned(), quoted: true }
}

/// A column as it is printed.
fn column(relation: &str, name: &str) -> Expr {
    Expr::Column { name: vec![quoted(relation), quoted(name)], at: At::default() }
}

fn refused(at: At, objection: Objection) -> Refusal {
    Refusal::Statement { place: at.into(), objection }
}

fn written(name: &[Part]) -> String {
    let parts: Vec<&str> = name.iter().map(|part| part.text.as_str()).collect();
    parts.join(".")
}

/// A table that is not there for the operation. What a request says of it has no place in a text.
fn unknown_table(name: &[Part], at: At, operation: Operation, caller: Caller<'_>) -> Refusal {
    match (caller.origin, name, operation) {
        (Origin::Request, [schema, table], Operation::Read) if schema.text == caller.scope.home() => {
            Refusal::Table { table: table.text.clone() }
        }
        _ => refused(at, Objection::Table { table: written(name), operation }),
    }
}

/// The query itself where there is only one in parentheses.
fn without_parentheses(mut query: Query) -> Query {
    while query.with.is_none() && query.order.is_empty() && query.page == Page::default() {
        match query.rows {
            RowSet::Query(inner) => query = *inner,
            rows => return Query { rows, ..query },
        }
    }
    query
}
