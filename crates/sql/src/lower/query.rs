//! Queries: WITH, set operations, and where the rows come from.

use sqlparser::ast::{self, Spanned};

use crate::dialect::Dialect;
use crate::ir::{At, NamedQuery, Page, Query, RowSet, SetOperation, With};

use super::{Foreign, Lowering, absent, at, refuse};

impl Lowering<'_> {
    pub(super) fn query(&self, query: &ast::Query) -> Result<Query, Foreign> {
        self.deeper(|| at(query.span()), || self.query_here(query))
    }

    fn query_here(&self, query: &ast::Query) -> Result<Query, Foreign> {
        let ast::Query {
            with,
            body,
            order_by,
            limit_clause,
            fetch,
            locks,
            for_clause,
            settings,
            format_clause,
            pipe_operators,
        } = query;
        let unwanted = [
            (!locks.is_empty(), "a lock (FOR UPDATE, FOR SHARE)"),
            (for_clause.is_some(), "FOR XML, FOR JSON or FOR BROWSE"),
            (settings.is_some(), "SETTINGS"),
            (format_clause.is_some(), "FORMAT"),
            (!pipe_operators.is_empty(), "a pipe operator"),
        ];
        if unwanted.iter().any(|(is_there, _)| *is_there) {
            absent(&unwanted, at(query.span()))?;
        }
        let with = with.as_ref().map(|with| self.with(with)).transpose()?;
        let (rows, top) = match &**body {
            ast::SetExpr::Select(select) => match self.enclosed(select)? {
                Some(query) => (bare(query), Page::default()),
                None => {
                    let (select, top) = self.select(select)?;
                    (RowSet::Select(Box::new(select)), top)
                }
            },
            body @ (ast::SetExpr::Query(_)
            | ast::SetExpr::SetOperation { .. }
            | ast::SetExpr::Values(_)
            | ast::SetExpr::Insert(_)
            | ast::SetExpr::Update(_)
            | ast::SetExpr::Delete(_)
            | ast::SetExpr::Merge(_)
            | ast::SetExpr::Table(_)) => (self.rows(body)?, Page::default()),
        };
        let order = self.query_order(order_by.as_ref())?;
        let page = self.page(limit_clause.as_ref(), fetch.as_ref(), top, || at(query.span()))?;
        match (with, rows) {
            // Parentheses around a whole query are no form of their own.
            (None, RowSet::Query(inner)) if order.is_empty() && page == Page::default() => Ok(*inner),
            (with, rows) => Ok(Query { with, rows, order, page }),
        }
    }

    /// SQLite has no parentheses around the parts of a set operation; there the printer writes `SELECT * FROM (…)`.
    fn enclosed(&self, select: &ast::Select) -> Result<Option<Query>, Foreign> {
        if !self.is(Dialect::Sqlite) || !self.is_printed() {
            return Ok(None);
        }
        let [ast::TableWithJoins { relation, joins }] = select.from.as_slice() else { return Ok(None) };
        match relation {
            ast::TableFactor::Derived { lateral: false, subquery, alias: None, sample: None }
                if joins.is_empty() =>
            {
                let text = format!("SELECT * FROM {relation}");
                absent(&[(select.to_string() != text, "a sub-query without an alias")], at(subquery.span()))?;
                self.query(subquery).map(Some)
            }
            _ => Ok(None),
        }
    }

    pub(super) fn with(&self, with: &ast::With) -> Result<With, Foreign> {
        let ast::With { with_token: _, recursive, cte_tables } = with;
        let queries = self.each(cte_tables, Self::named_query)?;
        // T-SQL has no word for it: a query is always visible in itself.
        Ok(With { recursive: *recursive || self.is(Dialect::SqlServer), queries })
    }

    fn named_query(&self, cte: &ast::Cte) -> Result<NamedQuery, Foreign> {
        let ast::Cte { alias, query, from, materialized, closing_paren_token: _ } = cte;
        let ast::TableAlias { explicit: _, name, columns, at: position } = alias;
        let unwanted = [
            (from.is_some(), "FROM after a query of WITH"),
            (position.is_some(), "`AT`"),
            // How a query is computed is not what it says: a caller's word on it is dropped.
            (self.is_printed() && materialized.is_some(), "MATERIALIZED"),
        ];
        absent(&unwanted, at(name.span))?;
        let columns = self.each(columns, Self::alias_column)?;
        Ok(NamedQuery { name: self.part(name)?, columns, query: self.query(query)? })
    }

    fn rows(&self, rows: &ast::SetExpr) -> Result<RowSet, Foreign> {
        let place = || at(rows.span());
        match rows {
            ast::SetExpr::Select(select) => {
                if let Some(query) = self.enclosed(select)? {
                    return Ok(bare(query));
                }
                let (select, top) = self.select(select)?;
                if top == Page::default() {
                    return Ok(RowSet::Select(Box::new(select)));
                }
                let query = Query {
                    with: None,
                    rows: RowSet::Select(Box::new(select)),
                    order: Vec::new(),
                    page: top,
                };
                Ok(RowSet::Query(Box::new(query)))
            }
            ast::SetExpr::Query(query) => self.query(query).map(bare),
            ast::SetExpr::SetOperation { left, op, set_quantifier, right } => {
                self.deeper(place, || self.combined((left, right), *op, *set_quantifier))
            }
            ast::SetExpr::Values(values) => self.values(values),
            ast::SetExpr::Insert(_) | ast::SetExpr::Update(_) | ast::SetExpr::Delete(_) => {
                refuse("a write within a query", place())
            }
            ast::SetExpr::Merge(_) => refuse("MERGE", place()),
            ast::SetExpr::Table(_) => refuse("TABLE as a query (SELECT * FROM says the same)", place()),
        }
    }

    fn combined(
        &self,
        (left, right): (&ast::SetExpr, &ast::SetExpr),
        op: ast::SetOperator,
        quantifier: ast::SetQuantifier,
    ) -> Result<RowSet, Foreign> {
        let place = || at(right.span());
        let operation = match op {
            ast::SetOperator::Except => SetOperation::Except,
            ast::SetOperator::Intersect => SetOperation::Intersect,
            ast::SetOperator::Union => SetOperation::Union,
            ast::SetOperator::Minus => return refuse("MINUS", place()),
        };
        let all = match quantifier {
            ast::SetQuantifier::All => true,
            ast::SetQuantifier::Distinct | ast::SetQuantifier::None => false,
            ast::SetQuantifier::ByName
            | ast::SetQuantifier::AllByName
            | ast::SetQuantifier::DistinctByName => return refuse("BY NAME", place()),
        };
        let left = Box::new(self.rows(left)?);
        // INTERSECT binds more tightly, except in SQLite, where all are equal and the text means another thing.
        let leans_right = matches!(right, ast::SetExpr::SetOperation { .. });
        let what = "INTERSECT after another set operation without a sub-query around it";
        absent(&[(leans_right && self.is(Dialect::Sqlite), what)], place())?;
        let right = self.rows(right)?;
        Ok(RowSet::Combined { operation, all, left, right: Box::new(right) })
    }

    fn values(&self, values: &ast::Values) -> Result<RowSet, Foreign> {
        let ast::Values { explicit_row: _, value_keyword, rows } = values;
        absent(&[(*value_keyword, "VALUE")], At::default())?;
        let rows = self.each(rows, |lowering, row| {
            let ast::Parens { opening_token: _, content, closing_token: _ } = row;
            lowering.exprs(content)
        })?;
        Ok(RowSet::Values(rows))
    }
}

/// A query in parentheses; those around what is nothing but rows are no form of their own.
fn bare(query: Query) -> RowSet {
    match query {
        Query { with: None, rows, order, page } if order.is_empty() && page == Page::default() => rows,
        query => RowSet::Query(Box::new(query)),
    }
}
