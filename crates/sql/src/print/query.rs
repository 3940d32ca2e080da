//! Queries: what precedes their rows, how rows are combined, and which of them are wanted.

use crate::dialect::Dialect;
use crate::ir::{Page, Query, RowSet, SetOperation, With};

use super::Printer;
use super::select::Top;

impl Printer {
    pub(super) fn query(&mut self, query: &Query) {
        if let Some(with) = &query.with {
            self.with(with);
        }
        self.rest(query);
    }

    /// The query without what precedes it.
    pub(super) fn rest(&mut self, query: &Query) {
        match &query.rows {
            RowSet::Select(select) => self.select(select, top(self.dialect, query.page)),
            other => self.rows(other),
        }
        self.order_by(&query.order);
        match self.dialect {
            Dialect::MySql => self.page(query.page, "18446744073709551615"),
            Dialect::Postgres => self.page(query.page, ""),
            Dialect::Sqlite => self.page(query.page, "-1"),
            Dialect::SqlServer => self.fetch(query),
        }
    }

    /// T-SQL finds out by itself which queries are recursive.
    pub(super) fn with(&mut self, with: &With) {
        let recursive = with.recursive && self.dialect != Dialect::SqlServer;
        self.text(if recursive { "WITH RECURSIVE " } else { "WITH " });
        self.list(&with.queries, |printer, named| {
            printer.name(&named.name);
            if !named.columns.is_empty() {
                printer.text(" ");
                printer.names(&named.columns);
            }
            printer.text(" AS ");
            printer.nested(&named.query);
        });
        self.text(" ");
    }

    pub(super) fn rows(&mut self, rows: &RowSet) {
        match rows {
            RowSet::Combined { operation, all, left, right } => {
                self.left(*operation, left);
                self.text(match operation {
                    SetOperation::Except => " EXCEPT ",
                    SetOperation::Intersect => " INTERSECT ",
                    SetOperation::Union => " UNION ",
                });
                self.text(if *all { "ALL " } else { "" });
                self.right(right);
            }
            RowSet::Query(query) => self.enclosed(|printer| printer.query(query)),
            RowSet::Select(select) => self.select(select, Top::Unbounded),
            RowSet::Values(rows) => {
                self.text("VALUES ");
                self.list(rows, |printer, row| {
                    printer.text(if printer.dialect == Dialect::MySql { "ROW" } else { "" });
                    printer.closed(row, Printer::expr);
                });
            }
        }
    }

    /// All engines combine from left to right, and all but SQLite do INTERSECT first.
    fn left(&mut self, operation: SetOperation, left: &RowSet) {
        match left {
            RowSet::Combined { operation: inner, .. }
                if operation == SetOperation::Intersect && *inner != SetOperation::Intersect =>
            {
                self.enclosed(|printer| printer.rows(left));
            }
            other => self.rows(other),
        }
    }

    fn right(&mut self, right: &RowSet) {
        match right {
            RowSet::Combined { .. } => self.enclosed(|printer| printer.rows(right)),
            other => self.rows(other),
        }
    }

    /// SQLite has no parentheses around the parts of a set operation.
    fn enclosed(&mut self, inner: impl FnOnce(&mut Self)) {
        self.text(if self.dialect == Dialect::Sqlite { "SELECT * FROM (" } else { "(" });
        inner(self);
        self.text(")");
    }

    /// `every` is the limit of an engine that takes no offset without one.
    fn page(&mut self, page: Page, every: &str) {
        match page.limit {
            Some(limit) => {
                self.text(" LIMIT ");
                self.count(limit);
            }
            None if !every.is_empty() && (page.fenced || page.offset.is_some()) => {
                self.text(" LIMIT ");
                self.text(every);
            }
            None => {}
        }
        match page.offset {
            Some(offset) => {
                self.text(" OFFSET ");
                self.count(offset);
            }
            None if page.fenced && self.dialect != Dialect::MySql => self.text(" OFFSET 0"),
            None => {}
        }
    }

    /// T-SQL wants an order for its OFFSET, any order.
    fn fetch(&mut self, query: &Query) {
        let Page { limit, offset, fenced: _ } = query.page;
        let done = match top(self.dialect, query.page) {
            Top::Unbounded => limit.is_none() && offset.is_none(),
            Top::All | Top::Count(_) => matches!(query.rows, RowSet::Select(_)),
        };
        if done {
            return;
        }
        self.text(if query.order.is_empty() { " ORDER BY (SELECT NULL) OFFSET " } else { " OFFSET " });
        match offset {
            Some(offset) => self.count(offset),
            None => self.text("0"),
        }
        self.text(" ROWS");
        if let Some(limit) = limit {
            self.text(" FETCH NEXT ");
            self.count(limit);
            self.text(" ROWS ONLY");
        }
    }
}

/// What of the page a SELECT of T-SQL says by itself.
fn top(dialect: Dialect, page: Page) -> Top {
    match (dialect, page) {
        (Dialect::SqlServer, Page { limit: None, offset: None, fenced: true }) => Top::All,
        (Dialect::SqlServer, Page { limit: Some(limit), offset: None, fenced: false }) => Top::Count(limit),
        (Dialect::MySql | Dialect::Postgres | Dialect::SqlServer | Dialect::Sqlite, _) => Top::Unbounded,
    }
}
