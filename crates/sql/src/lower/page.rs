//! LIMIT, OFFSET, FETCH and TOP.

use sqlparser::ast::{self, Spanned};

use crate::dialect::Dialect;
use crate::ir::{At, Expr, Page};
use crate::value::Value;

use super::{Foreign, Lowering, absent, at, refuse};

/// The limit that stands for none where a limit must be said: of MySQL, and of T-SQL.
const NO_LIMIT_MYSQL: u64 = u64::MAX;
const NO_LIMIT_SQLSERVER: u64 = i64::MAX.unsigned_abs();

/// What is said of the number of rows.
#[derive(Default)]
struct Said {
    limit: Limit,
    offset: Option<u64>,
}

#[derive(Default)]
enum Limit {
    /// A number that stands for no limit, in a dialect that has no other way.
    All,
    Rows(u64),
    #[default]
    Unsaid,
}

impl Lowering<'_> {
    /// What all clauses together say. Only one of them may speak of the limit.
    pub(super) fn page(
        &self,
        clause: Option<&ast::LimitClause>,
        fetch: Option<&ast::Fetch>,
        top: Page,
        place: impl Fn() -> At,
    ) -> Result<Page, Foreign> {
        let mut said = clause.map_or(Ok(Said::default()), |clause| self.limit_clause(clause, &place))?;
        if let Some(fetch) = fetch {
            let ast::Fetch { with_ties, percent, quantity } = fetch;
            absent(&[(*with_ties, "WITH TIES"), (*percent, "PERCENT")], place())?;
            absent(&[(!matches!(said.limit, Limit::Unsaid), "LIMIT beside FETCH")], place())?;
            said.limit = match quantity {
                None => Limit::Rows(1),
                Some(quantity) => Limit::Rows(self.count(quantity)?),
            };
        }
        let page = self.meant(said);
        if top == Page::default() {
            return Ok(page);
        }
        if page != Page::default() {
            return refuse("TOP beside OFFSET", place());
        }
        Ok(top)
    }

    fn limit_clause(&self, clause: &ast::LimitClause, place: &impl Fn() -> At) -> Result<Said, Foreign> {
        let (limit, offset) = match clause {
            ast::LimitClause::LimitOffset { limit, offset, limit_by } => {
                absent(&[(!limit_by.is_empty(), "LIMIT BY")], place())?;
                let offset = offset.as_ref().map(|offset| {
                    let ast::Offset { value, rows: _ } = offset;
                    value
                });
                (limit.as_ref(), offset)
            }
            ast::LimitClause::OffsetCommaLimit { offset, limit } => (Some(limit), Some(offset)),
        };
        let offset = offset.map(|offset| self.count(offset)).transpose()?;
        let limit = limit.map_or(Ok(Limit::Unsaid), |limit| self.limit(limit))?;
        Ok(Said { limit, offset })
    }

    fn limit(&self, limit: &ast::Expr) -> Result<Limit, Foreign> {
        if self.is(Dialect::Sqlite) && self.expr(limit)? == Expr::Literal(Value::Number("-1".to_owned())) {
            return Ok(Limit::All);
        }
        let rows = self.count(limit)?;
        let is_all = self.is(Dialect::MySql) && rows == NO_LIMIT_MYSQL;
        Ok(if is_all { Limit::All } else { Limit::Rows(rows) })
    }

    /// The fence is how the printer says it; a caller who writes the same says no more than that all rows are wanted.
    fn meant(&self, said: Said) -> Page {
        let Said { limit, offset } = said;
        let all = Page { limit: None, offset, fenced: false };
        match (limit, offset) {
            (Limit::All, None) => self.fence(),
            (Limit::All, Some(0)) if self.is(Dialect::Sqlite) => self.fence(),
            (Limit::All, Some(_)) => all,
            (Limit::Rows(limit), Some(0)) if self.is(Dialect::SqlServer) || !self.is_printed() => {
                Page { limit: Some(limit), offset: None, fenced: false }
            }
            (Limit::Rows(limit), offset) => Page { limit: Some(limit), offset, fenced: false },
            (Limit::Unsaid, Some(0)) if self.is(Dialect::Postgres) => self.fence(),
            (Limit::Unsaid, Some(0)) => Page::default(),
            (Limit::Unsaid, _) => all,
        }
    }

    fn fence(&self) -> Page {
        Page { limit: None, offset: None, fenced: self.is_printed() }
    }

    pub(super) fn top(&self, top: &ast::Top, here: At) -> Result<Page, Foreign> {
        let ast::Top { with_ties, percent, quantity } = top;
        absent(&[(*with_ties, "WITH TIES"), (*percent, "PERCENT")], here)?;
        let rows = match quantity {
            None => return refuse("TOP without a number", here),
            Some(ast::TopQuantity::Constant(rows)) => *rows,
            Some(ast::TopQuantity::Expr(expr)) => self.count(expr)?,
        };
        if rows == NO_LIMIT_SQLSERVER {
            return Ok(self.fence());
        }
        Ok(Page { limit: Some(rows), offset: None, fenced: false })
    }

    /// A number of rows: digits, or a parameter.
    fn count(&self, expr: &ast::Expr) -> Result<u64, Foreign> {
        let count = match self.expr(expr)? {
            Expr::Literal(Value::Integer(count)) => u64::try_from(count).ok(),
            Expr::Literal(Value::Number(digits)) => digits.parse().ok(),
            _ => None,
        };
        match count {
            Some(count) => Ok(count),
            None => refuse("a number of rows that is not a whole number", at(expr.span())),
        }
    }
}
