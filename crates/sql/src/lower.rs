//! SQL text into the IR: the only file that names sqlparser.
//!
//! Structures are taken apart field by field, without `..`, so that a field a newer parser adds fails the build
//! instead of passing unseen. Whatever the IR has no word for is [`Foreign`], and a statement with anything
//! foreign in it does not run.

mod clauses;

use sqlparser::ast;
use sqlparser::dialect::{MsSqlDialect, MySqlDialect, PostgreSqlDialect, SQLiteDialect};
use sqlparser::parser::Parser;
use thiserror::Error;

use crate::dialect::Dialect;
use crate::filter::{Comparison, ESCAPE};
use crate::ir::{Body, Direction, Expr, Nulls, Order, Output, Relation, Select};
use crate::value::Value;

use clauses::{base, clauses};

/// Something the IR has no word for, or the parser refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the text says something that is not in the closed form of statements")]
pub(crate) struct Foreign;

/// How deep the parser may recurse. Filters nest at most half as deep.
const DEEPEST: usize = 128;

/// Reads one statement back. The values stand in for its parameters.
pub(crate) fn lower(sql: &str, values: &[Value], dialect: Dialect) -> Result<Body, Foreign> {
    let grammar: &dyn sqlparser::dialect::Dialect = match dialect {
        Dialect::MySql => &MySqlDialect {},
        Dialect::Postgres => &PostgreSqlDialect {},
        Dialect::SqlServer => &MsSqlDialect {},
        Dialect::Sqlite => &SQLiteDialect {},
    };
    let mut parser =
        Parser::new(grammar).with_recursion_limit(DEEPEST).try_with_sql(sql).map_err(|_| Foreign)?;
    let statements = parser.parse_statements().map_err(|_| Foreign)?;
    let [ast::Statement::Query(query)] = <[ast::Statement; 1]>::try_from(statements).map_err(|_| Foreign)?
    else {
        return Err(Foreign);
    };
    Lowering { dialect, values }.select(*query).map(Body::Select)
}

struct Lowering<'a> {
    dialect: Dialect,
    values: &'a [Value],
}

impl Lowering<'_> {
    fn select(&self, query: ast::Query) -> Result<Select, Foreign> {
        let clauses = clauses(query)?;
        let outputs =
            clauses.projection.into_iter().map(|item| self.output(item)).collect::<Result<_, _>>()?;
        let from = Relation::Base(base(clauses.from)?);
        let filter = clauses.selection.map(|expr| self.expr(expr)).transpose()?;
        let order = clauses.order.into_iter().map(|order| self.order(order)).collect::<Result<_, _>>()?;
        let (limit, offset) = self.counts(clauses.limit.ok_or(Foreign)?)?;
        Ok(Select { outputs, from, filter, order, limit: limit.checked_sub(1).ok_or(Foreign)?, offset })
    }

    fn output(&self, item: ast::SelectItem) -> Result<Output, Foreign> {
        let ast::SelectItem::ExprWithAlias { expr, alias } = item else { return Err(Foreign) };
        Ok(Output { expr: self.expr(expr)?, name: quoted(alias)? })
    }

    fn counts(&self, clause: ast::LimitClause) -> Result<(u64, u64), Foreign> {
        let ast::LimitClause::LimitOffset { limit: Some(limit), offset, limit_by } = clause else {
            return Err(Foreign);
        };
        if !limit_by.is_empty() {
            return Err(Foreign);
        }
        let offset = match offset {
            None => 0,
            Some(ast::Offset { value, rows: ast::OffsetRows::None }) => self.count(value)?,
            Some(_) => return Err(Foreign),
        };
        Ok((self.count(limit)?, offset))
    }

    fn count(&self, expr: ast::Expr) -> Result<u64, Foreign> {
        match self.expr(expr)? {
            Expr::Literal(Value::Integer(count)) => u64::try_from(count).map_err(|_| Foreign),
            _ => Err(Foreign),
        }
    }

    fn order(&self, order: ast::OrderByExpr) -> Result<Order, Foreign> {
        let ast::OrderByExpr { expr, options: ast::OrderByOptions { sort, nulls_first }, with_fill: None } =
            order
        else {
            return Err(Foreign);
        };
        let direction = match sort {
            Some(ast::OrderBySort::Asc) => Direction::Ascending,
            Some(ast::OrderBySort::Desc) => Direction::Descending,
            Some(ast::OrderBySort::Using(_)) | None => return Err(Foreign),
        };
        let nulls = nulls_first.map(|first| if first { Nulls::First } else { Nulls::Last });
        Ok(Order { expr: self.expr(expr)?, direction, nulls })
    }

    fn boxed(&self, expr: ast::Expr) -> Result<Box<Expr>, Foreign> {
        self.expr(expr).map(Box::new)
    }

    fn expr(&self, expr: ast::Expr) -> Result<Expr, Foreign> {
        match expr {
            ast::Expr::Between { expr, negated, low, high } => {
                let (low, high) = (self.boxed(*low)?, self.boxed(*high)?);
                Ok(Expr::Between { negated, operand: self.boxed(*expr)?, low, high })
            }
            ast::Expr::BinaryOp { left, op, right } => self.binary(*left, op, *right),
            ast::Expr::Cast { kind: ast::CastKind::Cast, expr, data_type, format: None } => {
                self.cast(*expr, &data_type)
            }
            ast::Expr::CompoundIdentifier(parts) => {
                let [relation, name] = <[ast::Ident; 2]>::try_from(parts).map_err(|_| Foreign)?;
                Ok(Expr::Column { relation: quoted(relation)?, name: quoted(name)? })
            }
            ast::Expr::ILike { negated, any: false, expr, pattern, escape_char: Some(escape) }
                if self.dialect.like() == "ILIKE" =>
            {
                self.like(negated, *expr, (*pattern, *escape))
            }
            ast::Expr::InList { expr, list, negated } => {
                let list = list.into_iter().map(|one| self.expr(one)).collect::<Result<_, _>>()?;
                Ok(Expr::In { negated, operand: self.boxed(*expr)?, list })
            }
            ast::Expr::IsNotNull(operand) => Ok(Expr::Null { negated: true, operand: self.boxed(*operand)? }),
            ast::Expr::IsNull(operand) => Ok(Expr::Null { negated: false, operand: self.boxed(*operand)? }),
            ast::Expr::Like { negated, any: false, expr, pattern, escape_char: Some(escape) }
                if self.dialect.like() == "LIKE" =>
            {
                self.like(negated, *expr, (*pattern, *escape))
            }
            ast::Expr::UnaryOp { op: ast::UnaryOperator::Not, expr } => match *expr {
                ast::Expr::Nested(inner) => Ok(Expr::Not(self.boxed(*inner)?)),
                _ => Err(Foreign),
            },
            ast::Expr::Value(_) => self.parameter(&expr, &[]),
            _ => Err(Foreign),
        }
    }

    fn binary(&self, left: ast::Expr, op: ast::BinaryOperator, right: ast::Expr) -> Result<Expr, Foreign> {
        let operator = match op {
            ast::BinaryOperator::And => return self.chain((left, right), &op).map(Expr::And),
            ast::BinaryOperator::Eq => Comparison::Equal,
            ast::BinaryOperator::Gt => Comparison::Greater,
            ast::BinaryOperator::GtEq => Comparison::GreaterOrEqual,
            ast::BinaryOperator::Lt => Comparison::Less,
            ast::BinaryOperator::LtEq => Comparison::LessOrEqual,
            ast::BinaryOperator::NotEq => Comparison::NotEqual,
            ast::BinaryOperator::Or => return self.chain((left, right), &op).map(Expr::Or),
            _ => return Err(Foreign),
        };
        Ok(Expr::Compare { operator, left: self.boxed(left)?, right: self.boxed(right)? })
    }

    /// `(a) AND (b) AND (c)` leans to the left; its operands all stand in parentheses.
    fn chain(&self, pair: (ast::Expr, ast::Expr), op: &ast::BinaryOperator) -> Result<Vec<Expr>, Foreign> {
        let (mut left, right) = pair;
        let mut operands = vec![right];
        while let ast::Expr::BinaryOp { left: further, op: other, right } = left {
            if other != *op {
                return Err(Foreign);
            }
            operands.push(*right);
            left = *further;
        }
        operands.push(left);
        let inner = |operand| match operand {
            ast::Expr::Nested(inner) => self.expr(*inner),
            _ => Err(Foreign),
        };
        operands.into_iter().rev().map(inner).collect()
    }

    fn like(
        &self,
        negated: bool,
        operand: ast::Expr,
        pattern: (ast::Expr, ast::Expr),
    ) -> Result<Expr, Foreign> {
        let (pattern, escape) = pattern;
        match escape {
            ast::Expr::Value(ast::ValueWithSpan { value: ast::Value::SingleQuotedString(text), span: _ })
                if text.chars().eq([ESCAPE]) =>
            {
                Ok(Expr::Like { negated, operand: self.boxed(operand)?, pattern: self.boxed(pattern)? })
            }
            _ => Err(Foreign),
        }
    }

    /// A column in its text form, or the casts around a parameter.
    fn cast(&self, inner: ast::Expr, target: &ast::DataType) -> Result<Expr, Foreign> {
        let target = target.to_string();
        if matches!(inner, ast::Expr::CompoundIdentifier(_)) && target == "TEXT" {
            return Ok(Expr::AsText(self.boxed(inner)?));
        }
        match inner {
            ast::Expr::Cast { kind: ast::CastKind::Cast, expr, data_type, format: None } => {
                self.parameter(&expr, &[data_type.to_string().as_str(), &target])
            }
            _ => self.parameter(&inner, &[&target]),
        }
    }

    /// The value of a parameter that is cast the way this dialect casts such a value.
    fn parameter(&self, expr: &ast::Expr, casts: &[&str]) -> Result<Expr, Foreign> {
        let ast::Expr::Value(ast::ValueWithSpan { value: ast::Value::Placeholder(text), span: _ }) = expr
        else {
            return Err(Foreign);
        };
        let number = text.strip_prefix(self.dialect.parameter_sign()).ok_or(Foreign)?;
        let index = number.parse::<usize>().ok().and_then(|number| number.checked_sub(1)).ok_or(Foreign)?;
        let value = self.values.get(index).ok_or(Foreign)?;
        if self.dialect.casts(value) != casts {
            return Err(Foreign);
        }
        Ok(Expr::Literal(value.clone()))
    }
}

fn quoted(ident: ast::Ident) -> Result<String, Foreign> {
    let ast::Ident { value, quote_style, span: _ } = ident;
    if quote_style == Some('"') { Ok(value) } else { Err(Foreign) }
}
