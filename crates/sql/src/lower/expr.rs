//! Expressions.

use sqlparser::ast::{self, Spanned};

use crate::dialect::Dialect;
use crate::ir::{Branch, Expr, IsTest};

use super::{Foreign, Lowering, absent, at, refuse};

impl Lowering<'_> {
    pub(super) fn boxed(&self, expr: &ast::Expr) -> Result<Box<Expr>, Foreign> {
        self.expr(expr).map(Box::new)
    }

    pub(super) fn expr(&self, expr: &ast::Expr) -> Result<Expr, Foreign> {
        // Parentheses are no form of their own.
        let mut expr = expr;
        while let ast::Expr::Nested(inner) = expr {
            expr = inner;
        }
        self.deeper(|| at(expr.span()), || self.expr_here(expr))
    }

    fn expr_here(&self, expr: &ast::Expr) -> Result<Expr, Foreign> {
        match expr {
            ast::Expr::Array(array) => self.array(array, expr),
            ast::Expr::AtTimeZone { timestamp, time_zone } => self.at_time_zone(timestamp, time_zone, expr),
            ast::Expr::BinaryOp { left, op, right } => self.binary(left, op, right),
            ast::Expr::Case { case_token: _, end_token: _, operand, conditions, else_result } => {
                self.case(operand.as_deref(), conditions, else_result.as_deref())
            }
            ast::Expr::Cast { .. } | ast::Expr::Convert { .. } => self.cast(expr),
            ast::Expr::CompoundIdentifier(parts) => self.column(parts),
            ast::Expr::Function(function) => self.call(function),
            ast::Expr::Identifier(ident) => self.identifier(ident),
            ast::Expr::Interval(interval) => self.interval(interval),
            ast::Expr::Subquery(query) => Ok(Expr::Scalar(Box::new(self.query(query)?))),
            ast::Expr::Tuple(parts) => self.exprs(parts).map(Expr::Tuple),
            ast::Expr::TypedString(typed) => self.typed(typed),
            ast::Expr::UnaryOp { op, expr } => self.unary(*op, expr),
            ast::Expr::Value(value) => self.value(value),
            other => match self.condition(other)? {
                Some(condition) => Ok(condition),
                None => self.special(other),
            },
        }
    }

    /// What is true or false of a value.
    fn condition(&self, expr: &ast::Expr) -> Result<Option<Expr>, Foreign> {
        let is = |operand: &ast::Expr, negated: bool, test: IsTest| {
            let operand = self.boxed(operand)?;
            Ok(Some(Expr::Is { negated, operand, test }))
        };
        match expr {
            ast::Expr::IsFalse(operand) => is(operand, false, IsTest::False),
            ast::Expr::IsNotFalse(operand) => is(operand, true, IsTest::False),
            ast::Expr::IsTrue(operand) => is(operand, false, IsTest::True),
            ast::Expr::IsNotTrue(operand) => is(operand, true, IsTest::True),
            ast::Expr::IsNull(operand) => is(operand, false, IsTest::Null),
            ast::Expr::IsNotNull(operand) => is(operand, true, IsTest::Null),
            ast::Expr::IsUnknown(operand) => is(operand, false, IsTest::Unknown),
            ast::Expr::IsNotUnknown(operand) => is(operand, true, IsTest::Unknown),
            ast::Expr::IsDistinctFrom(left, right) => {
                let (left, right) = (self.boxed(left)?, self.boxed(right)?);
                Ok(Some(Expr::Distinct { negated: false, left, right }))
            }
            ast::Expr::IsNotDistinctFrom(left, right) => {
                let (left, right) = (self.boxed(left)?, self.boxed(right)?);
                Ok(Some(Expr::Distinct { negated: true, left, right }))
            }
            ast::Expr::Between { expr, negated, low, high } => {
                let (operand, low, high) = (self.boxed(expr)?, self.boxed(low)?, self.boxed(high)?);
                Ok(Some(Expr::Between { negated: *negated, operand, low, high }))
            }
            ast::Expr::Exists { subquery, negated } => {
                Ok(Some(Expr::Exists { negated: *negated, query: Box::new(self.query(subquery)?) }))
            }
            ast::Expr::InList { expr: operand, list, negated } => {
                absent(&[(list.is_empty(), "an empty list after IN")], at(operand.span()))?;
                let (operand, list) = (self.boxed(operand)?, self.exprs(list)?);
                Ok(Some(Expr::In { negated: *negated, operand, list }))
            }
            ast::Expr::InSubquery { expr, subquery, negated } => {
                let (operand, query) = (self.boxed(expr)?, Box::new(self.query(subquery)?));
                Ok(Some(Expr::InQuery { negated: *negated, operand, query }))
            }
            ast::Expr::Like { .. } | ast::Expr::ILike { .. } | ast::Expr::RLike { .. } => {
                self.like(expr).map(Some)
            }
            ast::Expr::AllOp { .. } | ast::Expr::AnyOp { .. } => self.quantified(expr).map(Some),
            _ => Ok(None),
        }
    }

    fn case(
        &self,
        operand: Option<&ast::Expr>,
        conditions: &[ast::CaseWhen],
        otherwise: Option<&ast::Expr>,
    ) -> Result<Expr, Foreign> {
        let branches = self.each(conditions, |lowering, branch| {
            let ast::CaseWhen { condition, result } = branch;
            Ok(Branch { when: lowering.expr(condition)?, then: lowering.expr(result)? })
        })?;
        let operand = operand.map(|operand| self.boxed(operand)).transpose()?;
        let otherwise = otherwise.map(|otherwise| self.boxed(otherwise)).transpose()?;
        Ok(Expr::Case { operand, branches, otherwise })
    }

    fn array(&self, array: &ast::Array, whole: &ast::Expr) -> Result<Expr, Foreign> {
        let ast::Array { elem, named } = array;
        if self.is(Dialect::Postgres) && *named {
            return self.exprs(elem).map(Expr::Array);
        }
        refuse("an array", at(whole.span()))
    }

    fn at_time_zone(
        &self,
        operand: &ast::Expr,
        zone: &ast::Expr,
        whole: &ast::Expr,
    ) -> Result<Expr, Foreign> {
        match self.dialect {
            Dialect::Postgres | Dialect::SqlServer => {
                Ok(Expr::AtTimeZone { operand: self.boxed(operand)?, zone: self.boxed(zone)? })
            }
            Dialect::MySql | Dialect::Sqlite => refuse("AT TIME ZONE", at(whole.span())),
        }
    }

    /// A name alone: a column, a parameter of T-SQL, or one of T-SQL's words without a token of their own.
    fn identifier(&self, ident: &ast::Ident) -> Result<Expr, Foreign> {
        let ast::Ident { value, quote_style, span } = ident;
        if quote_style.is_none() {
            if self.is(Dialect::SqlServer) && value.starts_with('@') {
                return self.parameter(value, *span);
            }
            if let Some(function) = self.bare_function(value) {
                return self
                    .checked_call(function, Vec::new(), at(*span))
                    .map(|call| Expr::Call(Box::new(call)));
            }
        }
        Ok(Expr::Column { name: vec![self.part(ident)?], at: at(*span) })
    }

    fn column(&self, parts: &[ast::Ident]) -> Result<Expr, Foreign> {
        let here = parts.first().map_or_else(Default::default, |first| at(first.span));
        absent(&[(parts.len() > 3, "a name of more than three parts")], here)?;
        Ok(Expr::Column { name: self.each(parts, Self::part)?, at: here })
    }
}
