//! MySQL for the parser: its own grammar, in which `||` is OR, and MOD an operator, and operators bind as tightly as
//! <https://dev.mysql.com/doc/refman/8.4/en/operator-precedence.html> says.

use std::any::TypeId;

use sqlparser::ast::{BinaryOperator, CastKind, DataType, Expr};
use sqlparser::dialect::{Dialect, MySqlDialect, Precedence};
use sqlparser::keywords::Keyword;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::{Token, TokenWithSpan};

use super::sign::{Binding, signed};
use super::trim::{Forms, trim};
use super::{is_word, same};

#[derive(Debug)]
pub(super) struct Grammar {}

const ITS: MySqlDialect = MySqlDialect {};

/// A path into JSON belongs to its column; then come signs, `^`, `*` (40 with the parser), `+` (30), shifts, `&` (23).
const PATH: u8 = 49;
const SIGN: u8 = 48;
const XOR: u8 = 45;
const SHIFT: u8 = 25;

impl Dialect for Grammar {
    same! {
        ignores_wildcard_escapes,
        require_interval_qualifier,
        requires_single_line_comment_whitespace,
        supports_binary_kw_as_cast,
        supports_bitwise_shift_operators,
        supports_comma_separated_set_assignments,
        supports_comment_optimizer_hint,
        supports_constraint_keyword_without_name,
        supports_create_table_select,
        supports_cross_join_constraint,
        supports_data_type_signed_suffix,
        supports_double_ampersand_operator,
        supports_group_by_with_modifier,
        supports_insert_set,
        supports_key_column_option,
        supports_left_associative_joins_without_parens,
        supports_limit_comma,
        supports_match_against,
        supports_multiline_comment_hints,
        supports_numeric_prefix,
        supports_select_modifiers,
        supports_set_names,
        supports_string_literal_backslash_escape,
        supports_string_literal_concatenation,
        supports_table_hints,
        supports_update_order_by,
        supports_user_host_grantee,
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

    fn is_table_factor_alias(&self, explicit: bool, kw: &Keyword, parser: &mut Parser) -> bool {
        ITS.is_table_factor_alias(explicit, kw, parser)
    }

    fn get_next_precedence(&self, parser: &Parser) -> Option<Result<u8, ParserError>> {
        let next = parser.peek_nth_token_ref(0);
        let precedence = match next.token {
            Token::Arrow | Token::LongArrow => PATH,
            Token::Caret => XOR,
            Token::ShiftLeft | Token::ShiftRight => SHIFT,
            Token::StringConcat => self.prec_value(Precedence::Or),
            Token::Overlap => self.prec_value(Precedence::And),
            _ if is_word(next, "mod") => self.prec_value(Precedence::MulDivModOp),
            _ => return ITS.get_next_precedence(parser),
        };
        Some(Ok(precedence))
    }

    fn prec_value(&self, prec: Precedence) -> u8 {
        match prec {
            // `a = b LIKE c` is `a = (b LIKE c)`, in the grammars of both servers if not in the manual.
            Precedence::Eq => ITS.prec_value(Precedence::Is),
            Precedence::Like => ITS.prec_value(Precedence::Between),
            other => ITS.prec_value(other),
        }
    }

    fn parse_prefix(&self, parser: &mut Parser) -> Option<Result<Expr, ParserError>> {
        trim(parser, &Forms::Plain)
            .or_else(|| binary(parser))
            .or_else(|| signed(parser, &Binding { sign: SIGN, bits: SIGN }))
    }

    fn parse_infix(
        &self,
        parser: &mut Parser,
        expr: &Expr,
        precedence: u8,
    ) -> Option<Result<Expr, ParserError>> {
        let next = parser.peek_nth_token_ref(0);
        if is_open(expr, next) {
            let said = "parentheses around what stands before this, which the servers read in different ways";
            return Some(parser.expected_ref(said, next));
        }
        let op = if next.token == Token::StringConcat {
            BinaryOperator::Or
        } else if is_word(next, "mod") {
            BinaryOperator::Modulo
        } else {
            return ITS.parse_infix(parser, expr, precedence);
        };
        parser.advance_token();
        let right = parser.parse_subexpr(precedence);
        Some(right.map(|right| Expr::BinaryOp { left: Box::new(expr.clone()), op, right: Box::new(right) }))
    }
}

/// BINARY before a value, which takes no more than that: to the parser all that follows is its operand.
fn binary(parser: &mut Parser<'_>) -> Option<Result<Expr, ParserError>> {
    if !is_word(parser.peek_nth_token_ref(0), "binary") {
        return None;
    }
    parser.advance_token();
    Some(parser.parse_subexpr(SIGN).map(|operand| Expr::Cast {
        kind: CastKind::Cast,
        expr: Box::new(operand),
        data_type: DataType::Binary(None),
        format: None,
    }))
}

/// Whether MySQL and MariaDB would read it differently with the next word behind it: IS behind a comparison, or a match
/// behind another.
fn is_open(left: &Expr, next: &TokenWithSpan) -> bool {
    let is_next = |words: &[&str]| words.iter().any(|word| is_word(next, word));
    match left {
        Expr::BinaryOp { left: _, op, right: _ } => {
            let compares = matches!(
                op,
                BinaryOperator::Eq
                    | BinaryOperator::Gt
                    | BinaryOperator::GtEq
                    | BinaryOperator::Lt
                    | BinaryOperator::LtEq
                    | BinaryOperator::NotEq
                    | BinaryOperator::Spaceship
            );
            compares && is_next(&["is"])
        }
        Expr::Between { .. }
        | Expr::InList { .. }
        | Expr::InSubquery { .. }
        | Expr::Like { .. }
        | Expr::RLike { .. } => is_next(&["between", "in", "like", "not", "regexp", "rlike"]),
        _ => false,
    }
}
