//! Which statement it is.

use sqlparser::ast::{self, Spanned};

use crate::ir::{Body, Expr, Page, Query, RowSet, Source, With};

use super::{Foreign, Lowering, absent, at, refuse};

impl Lowering<'_> {
    pub(super) fn statement(&self, statement: &ast::Statement) -> Result<Body, Foreign> {
        match statement {
            ast::Statement::AlterTable(alter) => self.alter_table(alter).map(Body::Ddl),
            ast::Statement::CreateIndex(index) => self.create_index(index).map(Body::Ddl),
            ast::Statement::CreateTable(table) => self.create_table(table).map(Body::Ddl),
            ast::Statement::Delete(delete) => self.delete(delete, None).map(Body::Delete),
            ast::Statement::Drop { .. } => self.drop(statement).map(Body::Ddl),
            ast::Statement::Insert(insert) => self.insert(insert).map(Body::Insert),
            ast::Statement::Query(query) => self.query_statement(query),
            ast::Statement::Update(update) => self.update(update, None).map(Body::Update),
            other => refuse(kind(other), at(other.span())),
        }
    }

    /// A query, or a write behind WITH.
    fn query_statement(&self, query: &ast::Query) -> Result<Body, Foreign> {
        let write = match &*query.body {
            ast::SetExpr::Delete(write) | ast::SetExpr::Insert(write) | ast::SetExpr::Update(write) => write,
            _ => return self.query(query).map(Body::Query),
        };
        let with = self.only_with(query)?;
        match write {
            ast::Statement::Delete(delete) => self.delete(delete, with).map(Body::Delete),
            ast::Statement::Insert(insert) => {
                let mut insert = self.insert(insert)?;
                if let Some(with) = with {
                    let place = || at(query.span());
                    insert.source = behind(with, insert.source)
                        .ok_or_else(|| Foreign { what: "WITH before this INSERT".to_owned(), at: place() })?;
                }
                Ok(Body::Insert(insert))
            }
            ast::Statement::Update(update) => self.update(update, with).map(Body::Update),
            other => refuse("a write of this kind after WITH", at(other.span())),
        }
    }

    /// The WITH of a query that has nothing else but its body.
    fn only_with(&self, query: &ast::Query) -> Result<Option<With>, Foreign> {
        let ast::Query {
            with,
            body: _,
            order_by,
            limit_clause,
            fetch,
            locks,
            for_clause,
            settings,
            format_clause,
            pipe_operators,
        } = query;
        let more = [
            order_by.is_some(),
            limit_clause.is_some(),
            fetch.is_some(),
            !locks.is_empty(),
            for_clause.is_some(),
            settings.is_some(),
            format_clause.is_some(),
            !pipe_operators.is_empty(),
        ];
        if more.contains(&true) {
            absent(&[(true, "ORDER BY, LIMIT and locks around a write")], at(query.span()))?;
        }
        with.as_ref().map(|with| self.with(with)).transpose()
    }

    /// The query of an INSERT.
    pub(super) fn source(&self, query: &ast::Query) -> Result<Box<Query>, Foreign> {
        self.query(query).map(Box::new)
    }
}

/// The source with the queries that stand before its INSERT. DEFAULT is no value of a query, and a second WITH is none.
fn behind(with: With, source: Source) -> Option<Source> {
    match source {
        Source::Query(query) if query.with.is_none() => {
            Some(Source::Query(Box::new(Query { with: Some(with), ..*query })))
        }
        Source::Query(_) => None,
        Source::Values(rows) => {
            let rows =
                rows.into_iter().map(|row| row.into_iter().collect()).collect::<Option<Vec<Vec<Expr>>>>()?;
            let (order, page) = (Vec::new(), Page::default());
            Some(Source::Query(Box::new(Query { with: Some(with), rows: RowSet::Values(rows), order, page })))
        }
    }
}

/// What other statements are called.
fn kind(statement: &ast::Statement) -> String {
    let text = statement.to_string();
    let words: Vec<&str> = text.split_whitespace().take(2).collect();
    let is_word = |word: &&str| word.bytes().all(|byte| byte.is_ascii_alphabetic());
    match words.as_slice() {
        [verb, object] if is_word(verb) && is_word(object) && names_object(verb) => {
            format!("{verb} {object}")
        }
        [verb, ..] if is_word(verb) => (*verb).to_owned(),
        _ => "a statement of this kind".to_owned(),
    }
}

/// Whether the verb alone does not say what is done.
fn names_object(verb: &str) -> bool {
    ["ALTER", "CREATE", "DROP", "REFRESH", "LOCK", "UNLOCK"]
        .iter()
        .any(|word| verb.eq_ignore_ascii_case(word))
}
