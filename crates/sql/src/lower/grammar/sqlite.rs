//! SQLite for the parser: its own grammar, with the operators that the parser's has not: `<<`, `>>`, NOT GLOB, ISNULL, and IS
//! between any two values, and as tightly bound as <https://www.sqlite.org/lang_expr.html> says.

use std::any::TypeId;

use sqlparser::ast::{BinaryOperator, Expr, UnaryOperator, Value};
use sqlparser::dialect::{Dialect, Precedence, SQLiteDialect};
use sqlparser::keywords::Keyword;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::Token;

use super::sign::{Binding, signed};
use super::trim::{Forms, trim};
use super::{is_word, same};

#[derive(Debug)]
pub(super) struct Grammar {}

const ITS: SQLiteDialect = SQLiteDialect {};

/// Signs, then `||` and paths into JSON, `*` (40 with the parser), `+` (30), operators of bits, `<`, `=` (20).
const SIGN: u8 = 48;
const CONCAT: u8 = 45;
const BITS: u8 = 25;
const ORDER: u8 = 22;

impl Dialect for Grammar {
    same! {
        supports_asc_desc_in_column_definition,
        supports_comma_separated_trim,
        supports_dollar_placeholder,
        supports_filter_during_aggregation,
        supports_in_empty_list,
        supports_limit_comma,
        supports_notnull_operator,
        supports_numeric_literal_underscores,
        supports_start_transaction_modifier,
    }

    fn dialect(&self) -> TypeId {
        ITS.dialect()
    }

    fn identifier_quote_style(&self, identifier: &str) -> Option<char> {
        ITS.identifier_quote_style(identifier)
    }

    fn is_delimited_identifier_start(&self, ch: char) -> bool {
        ITS.is_delimited_identifier_start(ch)
    }

    fn is_identifier_start(&self, ch: char) -> bool {
        ITS.is_identifier_start(ch)
    }

    fn is_identifier_part(&self, ch: char) -> bool {
        ITS.is_identifier_part(ch)
    }

    fn supports_bitwise_shift_operators(&self) -> bool {
        true
    }

    fn get_next_precedence(&self, parser: &Parser) -> Option<Result<u8, ParserError>> {
        let next = parser.peek_nth_token_ref(0);
        let precedence = match next.token {
            Token::Arrow | Token::LongArrow | Token::StringConcat => CONCAT,
            Token::Ampersand | Token::Pipe | Token::ShiftLeft | Token::ShiftRight => BITS,
            Token::Lt | Token::LtEq | Token::Gt | Token::GtEq => ORDER,
            _ if is_word(next, "isnull") => self.prec_value(Precedence::Is),
            _ => return ITS.get_next_precedence(parser),
        };
        Some(Ok(precedence))
    }

    fn prec_value(&self, prec: Precedence) -> u8 {
        match prec {
            // All but `<` and its like are one level, from left to right.
            Precedence::Like | Precedence::Is => ITS.prec_value(Precedence::Eq),
            other => ITS.prec_value(other),
        }
    }

    fn parse_prefix(&self, parser: &mut Parser) -> Option<Result<Expr, ParserError>> {
        trim(parser, &Forms::WithList).or_else(|| signed(parser, &Binding { sign: SIGN, bits: SIGN }))
    }

    fn parse_infix(
        &self,
        parser: &mut Parser,
        expr: &Expr,
        precedence: u8,
    ) -> Option<Result<Expr, ParserError>> {
        if is_word(parser.peek_nth_token_ref(0), "isnull") {
            parser.advance_token();
            return Some(Ok(Expr::IsNull(Box::new(expr.clone()))));
        }
        if parser.parse_keywords(&[Keyword::NOT, Keyword::GLOB]) {
            return Some(parser.parse_subexpr(precedence).map(|right| not_glob(expr, right)));
        }
        if is_between_values(parser) {
            parser.advance_token();
            let differs = parser.parse_keyword(Keyword::NOT);
            return Some(parser.parse_subexpr(precedence).map(|right| is(expr, differs, right)));
        }
        ITS.parse_infix(parser, expr, precedence)
    }
}

fn not_glob(left: &Expr, right: Expr) -> Expr {
    let glob =
        Expr::BinaryOp { left: Box::new(left.clone()), op: BinaryOperator::Glob, right: Box::new(right) };
    Expr::UnaryOp { op: UnaryOperator::Not, expr: Box::new(Expr::Nested(Box::new(glob))) }
}

/// What stands behind IS is an expression, NULL and TRUE as well: `a IS NULL + 1` is `a IS (NULL + 1)`.
fn is(left: &Expr, differs: bool, right: Expr) -> Expr {
    let left = Box::new(left.clone());
    let word = match &right {
        Expr::Value(value) => Some(&value.value),
        _ => None,
    };
    match (word, differs) {
        (Some(Value::Null), false) => Expr::IsNull(left),
        (Some(Value::Null), true) => Expr::IsNotNull(left),
        (Some(Value::Boolean(true)), false) => Expr::IsTrue(left),
        (Some(Value::Boolean(true)), true) => Expr::IsNotTrue(left),
        (Some(Value::Boolean(false)), false) => Expr::IsFalse(left),
        (Some(Value::Boolean(false)), true) => Expr::IsNotFalse(left),
        (_, false) => Expr::IsNotDistinctFrom(left, Box::new(right)),
        (_, true) => Expr::IsDistinctFrom(left, Box::new(right)),
    }
}

/// Whether an IS comes next that is an operator between two values.
fn is_between_values(parser: &Parser<'_>) -> bool {
    if !is_word(parser.peek_nth_token_ref(0), "is") {
        return false;
    }
    let behind_not = usize::from(is_word(parser.peek_nth_token_ref(1), "not"));
    let next = parser.peek_nth_token_ref(1 + behind_not);
    !["distinct", "json"].iter().any(|word| is_word(next, word))
}
