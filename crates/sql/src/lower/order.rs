//! ORDER BY.

use sqlparser::ast::{self, Spanned};

use crate::dialect::Dialect;
use crate::ir::{
    Branch, Direction, Distinct, Expr, IsTest, Nulls, Order, Output, Page, Query, RowSet, Select,
};
use crate::value::Value;

use super::{Foreign, Lowering, absent, at, refuse};

impl Lowering<'_> {
    pub(super) fn query_order(&self, order: Option<&ast::OrderBy>) -> Result<Vec<Order>, Foreign> {
        let Some(ast::OrderBy { kind, interpolate }) = order else { return Ok(Vec::new()) };
        match kind {
            ast::OrderByKind::All(_) => refuse("ORDER BY ALL", at(order.map_or(ast_empty(), Spanned::span))),
            ast::OrderByKind::Expressions(terms) => {
                let here = terms.first().map_or(ast_empty(), Spanned::span);
                absent(&[(interpolate.is_some(), "INTERPOLATE")], at(here))?;
                let orders = self.orders(terms)?;
                // T-SQL's OFFSET needs an order, and this is how one is said that is none.
                let is_none = self.is(Dialect::SqlServer)
                    && matches!(orders.as_slice(), [only] if is_null_query(&only.expr));
                Ok(if is_none { Vec::new() } else { orders })
            }
        }
    }

    /// The terms. MySQL and T-SQL have no NULLS FIRST and LAST; there a term that asks for NULL before the term itself says it.
    pub(super) fn orders(&self, terms: &[ast::OrderByExpr]) -> Result<Vec<Order>, Foreign> {
        let mut orders: Vec<Order> = Vec::with_capacity(terms.len());
        for term in terms {
            let mut order = self.order(term)?;
            if let Some(before) = orders.last()
                && before.nulls.is_none()
                && order.nulls.is_none()
                && self.null_test(&before.expr).is_some_and(|tested| *tested == order.expr)
            {
                order.nulls = Some(match before.direction {
                    Direction::Ascending => Nulls::Last,
                    Direction::Descending => Nulls::First,
                });
                orders.pop();
            }
            orders.push(order);
        }
        Ok(orders)
    }

    /// What the first term of such a pair asks about.
    fn null_test<'e>(&self, expr: &'e Expr) -> Option<&'e Expr> {
        match (self.dialect, expr) {
            (Dialect::MySql, _) => is_null(expr),
            (Dialect::SqlServer, Expr::Case { operand: None, branches, otherwise: Some(otherwise) }) => {
                let [Branch { when, then }] = branches.as_slice() else { return None };
                let numbers = is_number(then, "1") && is_number(otherwise, "0");
                is_null(when).filter(|_| numbers)
            }
            (Dialect::Postgres | Dialect::SqlServer | Dialect::Sqlite, _) => None,
        }
    }

    fn order(&self, term: &ast::OrderByExpr) -> Result<Order, Foreign> {
        let ast::OrderByExpr { expr, options, with_fill } = term;
        let ast::OrderByOptions { sort, nulls_first } = options;
        let has_nulls = match self.dialect {
            Dialect::Postgres | Dialect::Sqlite => true,
            Dialect::MySql | Dialect::SqlServer => false,
        };
        let unwanted = [
            (with_fill.is_some(), "WITH FILL"),
            (nulls_first.is_some() && !has_nulls, "NULLS FIRST and NULLS LAST"),
        ];
        if unwanted.iter().any(|(is_there, _)| *is_there) {
            absent(&unwanted, at(term.span()))?;
        }
        let direction = match sort {
            None | Some(ast::OrderBySort::Asc) => Direction::Ascending,
            Some(ast::OrderBySort::Desc) => Direction::Descending,
            Some(ast::OrderBySort::Using(_)) => return refuse("ORDER BY USING", at(term.span())),
        };
        let nulls = nulls_first.map(|first| if first { Nulls::First } else { Nulls::Last });
        Ok(Order { expr: self.expr(expr)?, direction, nulls })
    }
}

fn ast_empty() -> sqlparser::tokenizer::Span {
    sqlparser::tokenizer::Span::empty()
}

fn is_null(expr: &Expr) -> Option<&Expr> {
    match expr {
        Expr::Is { negated: false, operand, test: IsTest::Null } => Some(operand),
        _ => None,
    }
}

fn is_number(expr: &Expr, digits: &str) -> bool {
    matches!(expr, Expr::Literal(Value::Number(number)) if number == digits)
}

/// `(SELECT NULL)`
fn is_null_query(expr: &Expr) -> bool {
    let Expr::Scalar(query) = expr else { return false };
    let Query { with: None, rows: RowSet::Select(select), order, page } = &**query else { return false };
    let Select { distinct: Distinct::No, outputs, from, filter: None, group, having: None, windows } =
        &**select
    else {
        return false;
    };
    let nothing = order.is_empty() && *page == Page::default() && from.is_empty();
    let [Output::Expr { expr: Expr::Literal(Value::Null), name: None }] = outputs.as_slice() else {
        return false;
    };
    nothing && group.is_empty() && windows.is_empty()
}
