//! Operators, LIKE and ANY/ALL.

use sqlparser::ast::{self, Spanned};

use crate::dialect::Dialect;
use crate::filter::Comparison;
use crate::ir::{Binary, Expr, Quantifier, Unary};
use crate::value::Value;

use super::{Foreign, Lowering, absent, at, refuse};

/// What an operator of the parser's is in the IR.
enum Meaning {
    And,
    Binary(Binary),
    Compare(Comparison),
    /// MySQL's `<=>`.
    Same,
    Or,
}

impl Lowering<'_> {
    pub(super) fn binary(
        &self,
        left: &ast::Expr,
        op: &ast::BinaryOperator,
        right: &ast::Expr,
    ) -> Result<Expr, Foreign> {
        let Some(meaning) = meaning(op, self.dialect) else {
            return refuse(format!("the operator `{op}`"), at(right.span()));
        };
        let both = || Ok((self.boxed(left)?, self.boxed(right)?));
        match meaning {
            Meaning::And => self.chain((left, right), op).map(Expr::And),
            Meaning::Binary(operator) => {
                let (left, right) = both()?;
                Ok(Expr::Binary { operator, left, right })
            }
            Meaning::Compare(operator) => {
                let (left, right) = both()?;
                Ok(self.condition_of((left, right), operator))
            }
            Meaning::Or => self.chain((left, right), op).map(Expr::Or),
            Meaning::Same => {
                let (left, right) = both()?;
                Ok(Expr::Distinct { negated: true, left, right })
            }
        }
    }

    /// T-SQL takes no boolean for a condition: there TRUE is printed as the comparison of a boolean with TRUE.
    fn condition_of(&self, (left, right): (Box<Expr>, Box<Expr>), operator: Comparison) -> Expr {
        let is_true = *right == Expr::Literal(Value::Boolean(true));
        let is_boolean = matches!(*left, Expr::Literal(Value::Boolean(_)));
        if self.is(Dialect::SqlServer) && operator == Comparison::Equal && is_true && is_boolean {
            return *left;
        }
        Expr::Compare { operator, left, right }
    }

    /// `a AND b AND c` leans to the left, and is one of three; what stands in parentheses is a part of its own.
    fn chain(
        &self,
        (left, right): (&ast::Expr, &ast::Expr),
        op: &ast::BinaryOperator,
    ) -> Result<Vec<Expr>, Foreign> {
        let (mut left, mut operands) = (left, vec![right]);
        while let ast::Expr::BinaryOp { left: further, op: other, right } = left {
            if other != op {
                break;
            }
            operands.push(right);
            left = further;
        }
        operands.push(left);
        operands.into_iter().rev().map(|operand| self.expr(operand)).collect()
    }

    pub(super) fn unary(&self, op: ast::UnaryOperator, operand: &ast::Expr) -> Result<Expr, Foreign> {
        let operator = match op {
            ast::UnaryOperator::BitwiseNot => Unary::BitNot,
            ast::UnaryOperator::Minus => Unary::Minus,
            ast::UnaryOperator::Not => {
                return Ok(match self.expr(operand)? {
                    // MySQL has `<=>` and nothing for its opposite.
                    Expr::Distinct { negated: true, left, right } if self.is(Dialect::MySql) => {
                        Expr::Distinct { negated: false, left, right }
                    }
                    inner => Expr::Not(Box::new(inner)),
                });
            }
            ast::UnaryOperator::Plus => Unary::Plus,
            other @ (ast::UnaryOperator::AtDashAt
            | ast::UnaryOperator::BangNot
            | ast::UnaryOperator::DoubleAt
            | ast::UnaryOperator::Hash
            | ast::UnaryOperator::PGAbs
            | ast::UnaryOperator::PGCubeRoot
            | ast::UnaryOperator::PGPostfixFactorial
            | ast::UnaryOperator::PGPrefixFactorial
            | ast::UnaryOperator::PGSquareRoot
            | ast::UnaryOperator::QuestionDash
            | ast::UnaryOperator::QuestionPipe) => {
                return refuse(format!("the operator `{other}`"), at(operand.span()));
            }
        };
        match (operator, self.expr(operand)?) {
            // A minus before a number is part of it.
            (Unary::Minus, Expr::Literal(Value::Number(digits))) if !digits.starts_with('-') => {
                Ok(Expr::Literal(Value::Number(format!("-{digits}"))))
            }
            (_, operand) => Ok(Expr::Unary { operator, operand: Box::new(operand) }),
        }
    }

    pub(super) fn like(&self, expr: &ast::Expr) -> Result<Expr, Foreign> {
        let here = || at(expr.span());
        match expr {
            ast::Expr::Like { negated, any, expr: operand, pattern, escape_char } => {
                absent(&[(*any, "LIKE ANY")], here())?;
                let lowered = self.lowered(operand, pattern);
                let (operand, pattern) = lowered.unwrap_or((operand, pattern));
                // SQLite has no other LIKE than the one that ignores case; in MySQL and SQL Server the collation decides.
                let blind = lowered.is_some() || self.is(Dialect::Sqlite);
                let (operand, pattern) = (self.boxed(operand)?, self.boxed(pattern)?);
                let escape = self.escape(escape_char.as_deref())?;
                Ok(Expr::Like { negated: *negated, blind, operand, pattern, escape })
            }
            ast::Expr::ILike { negated, any, expr: operand, pattern, escape_char } => {
                let foreign = !self.is(Dialect::Postgres);
                absent(&[(*any, "ILIKE ANY"), (foreign, "ILIKE")], here())?;
                let (operand, pattern) = (self.boxed(operand)?, self.boxed(pattern)?);
                let escape = self.escape(escape_char.as_deref())?;
                Ok(Expr::Like { negated: *negated, blind: true, operand, pattern, escape })
            }
            ast::Expr::RLike { negated, expr: operand, pattern, regexp: _ } => {
                let foreign = matches!(self.dialect, Dialect::Postgres | Dialect::SqlServer);
                absent(&[(foreign, "REGEXP")], here())?;
                let operator = if *negated { Binary::NotRegex } else { Binary::Regex };
                Ok(Expr::Binary { operator, left: self.boxed(operand)?, right: self.boxed(pattern)? })
            }
            _ => refuse("what is no pattern match", here()),
        }
    }

    /// The two sides of a match that ignores case, as the printer writes it for MySQL and SQL Server: both in lower case, and
    /// compared by a collation that tells all else apart.
    fn lowered<'e>(
        &self,
        operand: &'e ast::Expr,
        pattern: &'e ast::Expr,
    ) -> Option<(&'e ast::Expr, &'e ast::Expr)> {
        let ast::Expr::Collate { expr, collation } = operand else { return None };
        let converted = argument(expr, "LOWER")?;
        let (inner, exact) = match (self.dialect, converted) {
            (
                Dialect::MySql,
                ast::Expr::Convert {
                    is_try: false,
                    expr,
                    data_type: None,
                    charset: Some(charset),
                    target_before_value: false,
                    styles,
                },
            ) if styles.is_empty() && charset.to_string() == "utf8mb4" => (&**expr, "utf8mb4_bin"),
            (
                Dialect::SqlServer,
                ast::Expr::Cast { kind: ast::CastKind::Cast, expr, data_type, format: None },
            ) if data_type.to_string() == "NVARCHAR(MAX)" => (&**expr, "Latin1_General_100_BIN2"),
            _ => return None,
        };
        (collation.to_string() == exact).then_some((inner, argument(pattern, "LOWER")?))
    }

    fn escape(&self, escape: Option<&ast::Expr>) -> Result<Option<char>, Foreign> {
        let Some(escape) = escape else { return Ok(None) };
        let text = match escape {
            ast::Expr::Value(ast::ValueWithSpan { value: ast::Value::SingleQuotedString(text), span: _ }) => {
                text
            }
            _ => return refuse("an ESCAPE that is not a string", at(escape.span())),
        };
        let mut characters = text.chars();
        match (characters.next(), characters.next()) {
            (Some(only), None) => Ok(Some(only)),
            (_, _) => refuse("an ESCAPE that is not one character", at(escape.span())),
        }
    }

    pub(super) fn quantified(&self, expr: &ast::Expr) -> Result<Expr, Foreign> {
        let (left, op, right, quantifier) = match expr {
            ast::Expr::AllOp { left, compare_op, right } => (left, compare_op, right, Quantifier::All),
            ast::Expr::AnyOp { left, compare_op, right, is_some: _ } => {
                (left, compare_op, right, Quantifier::Any)
            }
            _ => return refuse("what is no comparison with ANY or ALL", at(expr.span())),
        };
        let Some(Meaning::Compare(operator)) = meaning(op, self.dialect) else {
            return refuse(format!("`{op}` before ANY or ALL"), at(expr.span()));
        };
        absent(&[(self.is(Dialect::Sqlite), "ANY or ALL (IN and EXISTS say the same)")], at(expr.span()))?;
        let (left, right) = (self.boxed(left)?, self.boxed(right)?);
        if !matches!(*right, Expr::Scalar(_)) && !self.is(Dialect::Postgres) {
            return refuse("ANY or ALL of what is not a query", at(expr.span()));
        }
        Ok(Expr::Quantified { operator, left, quantifier, right })
    }
}

/// The one argument of a plain call of the function.
fn argument<'e>(expr: &'e ast::Expr, function: &str) -> Option<&'e ast::Expr> {
    let ast::Expr::Function(ast::Function {
        name,
        uses_odbc_syntax: false,
        parameters: ast::FunctionArguments::None,
        args: ast::FunctionArguments::List(list),
        within_group,
        filter: None,
        null_treatment: None,
        over: None,
    }) = expr
    else {
        return None;
    };
    let ast::FunctionArgumentList { duplicate_treatment: None, args, clauses } = list else { return None };
    let [ast::FunctionArg::Unnamed(ast::FunctionArgExpr::Expr(argument))] = args.as_slice() else {
        return None;
    };
    let is_plain = within_group.is_empty() && clauses.is_empty() && name.to_string() == function;
    is_plain.then_some(argument)
}

/// What the operator means in the dialect, if the IR has a word for it.
fn meaning(op: &ast::BinaryOperator, dialect: Dialect) -> Option<Meaning> {
    use ast::BinaryOperator as Op;
    let everywhere = match op {
        Op::And => Meaning::And,
        Op::Or => Meaning::Or,
        Op::Eq => Meaning::Compare(Comparison::Equal),
        Op::Gt => Meaning::Compare(Comparison::Greater),
        Op::GtEq => Meaning::Compare(Comparison::GreaterOrEqual),
        Op::Lt => Meaning::Compare(Comparison::Less),
        Op::LtEq => Meaning::Compare(Comparison::LessOrEqual),
        Op::NotEq => Meaning::Compare(Comparison::NotEqual),
        Op::Plus => Meaning::Binary(Binary::Add),
        Op::Minus => Meaning::Binary(Binary::Subtract),
        Op::Multiply => Meaning::Binary(Binary::Multiply),
        Op::Divide => Meaning::Binary(Binary::Divide),
        Op::Modulo => Meaning::Binary(Binary::Modulo),
        Op::BitwiseAnd => Meaning::Binary(Binary::BitAnd),
        Op::BitwiseOr => Meaning::Binary(Binary::BitOr),
        other => return special(other, dialect),
    };
    Some(everywhere)
}

/// The operators that not every dialect has.
fn special(op: &ast::BinaryOperator, dialect: Dialect) -> Option<Meaning> {
    use Dialect::{MySql, Postgres, SqlServer, Sqlite};
    use ast::BinaryOperator as Op;
    let operator = match (op, dialect) {
        (Op::Spaceship, MySql) => return Some(Meaning::Same),
        // In MySQL `||` is OR or the concatenation, as the session has it.
        (Op::StringConcat, Postgres | Sqlite | SqlServer) => Binary::Concat,
        (Op::Arrow, MySql | Postgres | Sqlite) => Binary::Json,
        (Op::LongArrow, MySql | Postgres | Sqlite) => Binary::JsonText,
        (Op::HashArrow, Postgres) => Binary::JsonPath,
        (Op::HashLongArrow, Postgres) => Binary::JsonPathText,
        (Op::AtArrow, Postgres) => Binary::Contains,
        (Op::ArrowAt, Postgres) => Binary::ContainedBy,
        (Op::Question, Postgres) => Binary::HasKey,
        (Op::QuestionPipe, Postgres) => Binary::HasAnyKey,
        (Op::QuestionAnd, Postgres) => Binary::HasAllKeys,
        (Op::PGOverlap, Postgres) => Binary::Overlaps,
        (Op::PGExp, Postgres) => Binary::Power,
        (Op::PGBitwiseXor, Postgres) | (Op::BitwiseXor, MySql | SqlServer) => Binary::BitXor,
        (Op::PGBitwiseShiftLeft, MySql | Postgres | Sqlite) => Binary::ShiftLeft,
        (Op::PGBitwiseShiftRight, MySql | Postgres | Sqlite) => Binary::ShiftRight,
        (Op::MyIntegerDivide, MySql) => Binary::DivideWhole,
        (Op::PGRegexMatch, Postgres) | (Op::Regexp, Sqlite | MySql) => Binary::Regex,
        (Op::PGRegexIMatch, Postgres) => Binary::RegexBlind,
        (Op::PGRegexNotMatch, Postgres) => Binary::NotRegex,
        (Op::PGRegexNotIMatch, Postgres) => Binary::NotRegexBlind,
        (Op::Glob, Sqlite) => Binary::Glob,
        _ => return None,
    };
    Some(Meaning::Binary(operator))
}
