//! Queries of any form.

use crate::dialect::Dialect;
use crate::ir::{
    Alias, At, Call, Direction, Distinct, Expr, GroupTerm, JoinKind, Match, NamedQuery, Nulls, Order, Output,
    Page, Query, Relation, RowSet, Select, SetOperation, With,
};

use super::Maker;

impl Maker<'_> {
    pub(super) fn query(&mut self) -> Query {
        let with = self.maybe(|maker| maker.nested(|_| None, |maker| Some(maker.with()))).flatten();
        let rows = self.rows();
        let page = self.page(&rows);
        let query = Query { with, rows, order: self.many(0, 2, Maker::order), page };
        match query {
            // Parentheses around a whole query are no form.
            Query { with: None, rows: RowSet::Query(inner), order, page }
                if order.is_empty() && page == Page::default() =>
            {
                *inner
            }
            query => query,
        }
    }

    /// A query as an expression. The parser sees that it is one by its first word.
    pub(super) fn scalar(&mut self) -> Query {
        let query = self.query();
        if query.with.is_some() || begins_with_select(&query.rows, self.dialect) {
            return query;
        }
        Query { rows: RowSet::Select(Box::new(self.select())), page: Page::default(), ..query }
    }

    pub(super) fn with(&mut self) -> With {
        With {
            // T-SQL has no word for it.
            recursive: self.flag() || self.is(Dialect::SqlServer),
            queries: self.many(1, 1, |maker| NamedQuery {
                name: maker.part(),
                columns: maker.many(0, 2, Maker::part),
                query: maker.query(),
            }),
        }
    }

    fn page(&mut self, rows: &RowSet) -> Page {
        let fenced = self.rarely() && (!self.is(Dialect::SqlServer) || matches!(rows, RowSet::Select(_)));
        if fenced {
            return Page { limit: None, offset: None, fenced };
        }
        Page {
            limit: self.maybe(|maker| maker.one(&[1, 100, 7])),
            offset: self.maybe(|maker| maker.one(&[1, 100])),
            fenced,
        }
    }

    fn rows(&mut self) -> RowSet {
        self.nested(
            |maker| RowSet::Select(Box::new(maker.select())),
            |maker| match maker.pick(7) {
                0..=3 => RowSet::Select(Box::new(maker.select())),
                4 => RowSet::Values(maker.values()),
                5 => maker.parenthesised(),
                _ => {
                    let operations = [SetOperation::Union, SetOperation::Except, SetOperation::Intersect];
                    RowSet::Combined {
                        operation: maker.one(&operations),
                        all: maker.flag(),
                        left: Box::new(maker.rows()),
                        right: Box::new(maker.rows()),
                    }
                }
            },
        )
    }

    fn values(&mut self) -> Vec<Vec<Expr>> {
        let width = 1 + self.pick(2);
        self.many(1, 1, |maker| (0..width).map(|_| maker.expr()).collect())
    }

    /// Parentheses around a query that is nothing but rows are no form.
    fn parenthesised(&mut self) -> RowSet {
        let mut query = self.query();
        if query.with.is_none() && query.order.is_empty() && query.page == Page::default() {
            query.order.push(self.order());
        }
        RowSet::Query(Box::new(query))
    }

    fn select(&mut self) -> Select {
        let distinct = match self.pick(5) {
            3 if self.is(Dialect::Postgres) => Distinct::On(self.many(1, 1, Maker::expr)),
            4 => Distinct::Rows,
            _ => Distinct::No,
        };
        Select {
            distinct,
            outputs: self.outputs(),
            from: self.many(0, 2, Maker::relation),
            filter: self.maybe(Maker::condition),
            group: self.group(),
            having: self.maybe(Maker::condition),
            windows: if self.rarely() {
                self.many(1, 1, |maker| (maker.part(), maker.window()))
            } else {
                Vec::new()
            },
        }
    }

    pub(super) fn outputs(&mut self) -> Vec<Output> {
        self.many(1, 2, |maker| Output::Expr { expr: maker.expr(), name: Some(maker.part()) })
    }

    fn group(&mut self) -> Vec<GroupTerm> {
        if !self.rarely() {
            return Vec::new();
        }
        let dialect = self.dialect;
        match dialect {
            Dialect::MySql if self.flag() => {
                vec![GroupTerm::Rollup(self.many(1, 2, |maker| vec![maker.expr()]))]
            }
            Dialect::MySql | Dialect::Sqlite => self.many(1, 2, |maker| GroupTerm::Expr(maker.expr())),
            Dialect::Postgres | Dialect::SqlServer => self.many(1, 2, |maker| match maker.pick(4) {
                0 => GroupTerm::Cube(maker.sets(1)),
                1 => GroupTerm::Rollup(maker.sets(1)),
                2 => GroupTerm::Sets(maker.sets(0)),
                _ => GroupTerm::Expr(maker.expr()),
            }),
        }
    }

    fn sets(&mut self, least: usize) -> Vec<Vec<Expr>> {
        self.many(1, 2, |maker| maker.many(least, 2, Maker::expr))
    }

    fn relation(&mut self) -> Relation {
        self.nested(Maker::table, |maker| match maker.pick(6) {
            0 | 1 => maker.table(),
            2 => maker.derived(),
            3 => maker.row_function(),
            _ => maker.join(),
        })
    }

    fn alias(&mut self) -> Alias {
        let columns = if self.is(Dialect::Sqlite) { Vec::new() } else { self.many(0, 2, Maker::part) };
        Alias { name: self.part(), columns }
    }

    fn table(&mut self) -> Relation {
        let mut name = self.many(1, 0, Maker::part);
        name.extend(self.maybe(Maker::part));
        Relation::Table {
            name,
            alias: Some(Alias { name: self.part(), columns: Vec::new() }),
            at: At::default(),
        }
    }

    fn derived(&mut self) -> Relation {
        let lateral = matches!(self.dialect, Dialect::MySql | Dialect::Postgres) && self.flag();
        Relation::Derived { lateral, query: Box::new(self.query()), alias: self.alias() }
    }

    fn row_function(&mut self) -> Relation {
        let arguments = vec![self.column()];
        let call = match self.dialect {
            Dialect::MySql => return self.table(),
            Dialect::Postgres => Call { arguments, ..self.bare("unnest") },
            Dialect::SqlServer => Call { arguments, ..self.bare("openjson") },
            Dialect::Sqlite => Call { arguments, ..self.bare("json_each") },
        };
        let is_postgres = self.is(Dialect::Postgres);
        let (lateral, ordinality) = (is_postgres && self.flag(), is_postgres && self.flag());
        // WITH ORDINALITY and LATERAL together are no form that the parser reads.
        let alias = Alias { name: self.part(), columns: Vec::new() };
        Relation::Function { lateral, call: Box::new(call), ordinality: ordinality && !lateral, alias }
    }

    fn join(&mut self) -> Relation {
        let left = Box::new(self.relation());
        let mut right = Box::new(self.relation());
        let kinds = [JoinKind::Inner, JoinKind::Left, JoinKind::Right, JoinKind::Full, JoinKind::Cross];
        let kind = self.one(&kinds);
        let applies = self.is(Dialect::SqlServer) && matches!(kind, JoinKind::Cross | JoinKind::Left);
        let mut applied = false;
        if let Relation::Derived { lateral, .. } | Relation::Function { lateral, .. } = &mut *right
            && applies
            && self.flag()
        {
            (*lateral, applied) = (true, true);
        }
        let on = match kind {
            JoinKind::Cross => Match::Nothing,
            JoinKind::Left if applied => Match::Nothing,
            JoinKind::Full | JoinKind::Inner | JoinKind::Left | JoinKind::Right => {
                Match::On(self.condition())
            }
        };
        Relation::Join { kind, left, right, on }
    }

    pub(super) fn order(&mut self) -> Order {
        Order {
            expr: self.expr(),
            direction: self.one(&[Direction::Ascending, Direction::Descending]),
            nulls: self.maybe(|maker| maker.one(&[Nulls::First, Nulls::Last])),
        }
    }
}

/// SQLite's parentheses do.
fn begins_with_select(rows: &RowSet, dialect: Dialect) -> bool {
    match rows {
        RowSet::Combined { operation, all: _, left, right: _ } => match &**left {
            RowSet::Combined { operation: inner, .. }
                if *operation == SetOperation::Intersect && *inner != SetOperation::Intersect =>
            {
                dialect == Dialect::Sqlite
            }
            other => begins_with_select(other, dialect),
        },
        RowSet::Query(_) => dialect == Dialect::Sqlite,
        RowSet::Select(_) => true,
        RowSet::Values(_) => false,
    }
}
