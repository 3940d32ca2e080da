//! GROUP BY.

use sqlparser::ast::{self, Spanned};

use crate::dialect::Dialect;
use crate::ir::{At, GroupTerm};

use super::{Foreign, Lowering, at, refuse};

impl Lowering<'_> {
    pub(super) fn group(&self, group: &ast::GroupByExpr, here: At) -> Result<Vec<GroupTerm>, Foreign> {
        let (exprs, modifiers) = match group {
            ast::GroupByExpr::All(_) => return refuse("GROUP BY ALL", here),
            ast::GroupByExpr::Expressions(exprs, modifiers) => (exprs, modifiers),
        };
        match modifiers.as_slice() {
            [] => self.each(exprs, Self::group_term),
            [ast::GroupByWithModifier::Rollup] if self.is(Dialect::MySql) => {
                let terms = self.each(exprs, |lowering, expr| lowering.expr(expr).map(|expr| vec![expr]))?;
                Ok(vec![GroupTerm::Rollup(terms)])
            }
            [
                ast::GroupByWithModifier::Rollup
                | ast::GroupByWithModifier::Cube
                | ast::GroupByWithModifier::Totals
                | ast::GroupByWithModifier::GroupingSets(_),
                ..,
            ] => refuse("WITH after GROUP BY", here),
        }
    }

    fn group_term(&self, expr: &ast::Expr) -> Result<GroupTerm, Foreign> {
        let has_sets = match self.dialect {
            Dialect::Postgres | Dialect::SqlServer => true,
            Dialect::MySql | Dialect::Sqlite => false,
        };
        let sets = |sets: &[Vec<ast::Expr>]| {
            if !has_sets {
                return refuse("ROLLUP, CUBE and GROUPING SETS", at(expr.span()));
            }
            self.each(sets, |lowering, set| lowering.exprs(set))
        };
        match expr {
            ast::Expr::Cube(terms) => sets(terms).map(GroupTerm::Cube),
            ast::Expr::GroupingSets(terms) => sets(terms).map(GroupTerm::Sets),
            ast::Expr::Rollup(terms) => sets(terms).map(GroupTerm::Rollup),
            other => self.expr(other).map(GroupTerm::Expr),
        }
    }
}
