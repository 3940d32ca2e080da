//! Operators before a value. The parser lets them take more than the engines do: `-2 ^ 2` is 4 in PostgreSQL.

use sqlparser::ast::{Expr, UnaryOperator};
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::Token;

/// How tightly they bind.
pub(super) struct Binding {
    pub(super) sign: u8,
    pub(super) bits: u8,
}

/// A sign and its operand, if that is what comes next.
pub(super) fn signed(parser: &mut Parser<'_>, binding: &Binding) -> Option<Result<Expr, ParserError>> {
    let (op, precedence) = match parser.peek_nth_token_ref(0).token {
        Token::Minus => (UnaryOperator::Minus, binding.sign),
        Token::Plus => (UnaryOperator::Plus, binding.sign),
        Token::Tilde => (UnaryOperator::BitwiseNot, binding.bits),
        _ => return None,
    };
    parser.advance_token();
    Some(parser.parse_subexpr(precedence).map(|operand| Expr::UnaryOp { op, expr: Box::new(operand) }))
}
