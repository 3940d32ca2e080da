//! T-SQL for the parser: its own grammar, with names that may not begin with `@` or `#`, so that `@p1` is a parameter wherever
//! a value is and no variable is a name; with GROUPING SETS; and without statements of T-SQL other than the common ones.

use std::any::TypeId;

use sqlparser::ast::Expr;
use sqlparser::dialect::{Dialect, MsSqlDialect, Precedence};
use sqlparser::keywords::Keyword;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::Token;

use super::same;
use super::sign::{Binding, signed};
use super::trim::{Forms, trim};

#[derive(Debug)]
pub(super) struct Grammar {}

const ITS: MsSqlDialect = MsSqlDialect {};

/// Signs bind more tightly than `*` (40 with the parser).
const SIGN: u8 = 48;

impl Dialect for Grammar {
    same! {
        convert_type_before_value,
        supports_boolean_literals,
        supports_eq_alias_assignment,
        supports_nested_comments,
        supports_try_convert,
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
        !matches!(ch, '@' | '#') && ITS.is_identifier_start(ch)
    }

    fn is_identifier_part(&self, ch: char) -> bool {
        ITS.is_identifier_part(ch)
    }

    fn supports_group_by_expr(&self) -> bool {
        true
    }

    fn is_select_item_alias(&self, explicit: bool, kw: &Keyword, parser: &mut Parser) -> bool {
        ITS.is_select_item_alias(explicit, kw, parser)
    }

    fn is_table_factor_alias(&self, explicit: bool, kw: &Keyword, parser: &mut Parser) -> bool {
        ITS.is_table_factor_alias(explicit, kw, parser)
    }

    fn get_next_precedence(&self, parser: &Parser) -> Option<Result<u8, ParserError>> {
        match parser.peek_nth_token_ref(0).token {
            Token::Ampersand | Token::Caret | Token::Pipe => Some(Ok(ITS.prec_value(Precedence::PlusMinus))),
            _ => ITS.get_next_precedence(parser),
        }
    }

    fn parse_prefix(&self, parser: &mut Parser) -> Option<Result<Expr, ParserError>> {
        trim(parser, &Forms::Plain).or_else(|| signed(parser, &Binding { sign: SIGN, bits: SIGN }))
    }
}
