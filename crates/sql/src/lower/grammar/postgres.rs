//! PostgreSQL for the parser: its own grammar, which reads `pg_catalog.substring(…)` as the plain call that it is, and operators
//! as tightly as <https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-PRECEDENCE> says.

use std::any::TypeId;

use sqlparser::ast::{Expr, ObjectName};
use sqlparser::dialect::{Dialect, PostgreSqlDialect, Precedence};
use sqlparser::keywords::Keyword;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::Token;

use super::sign::{Binding, signed};
use super::trim::{Forms, trim};
use super::{is_word, same};

#[derive(Debug)]
pub(super) struct Grammar {}

const ITS: PostgreSqlDialect = PostgreSqlDialect {};

/// Operators without a place of their own: those of patterns are among them. The parser's has the same number.
const OTHER: u8 = 70;
/// A sign binds less tightly than `::` and `[]`, and more than anything else.
const SIGN: u8 = 125;

impl Dialect for Grammar {
    same! {
        allow_extract_custom,
        allow_extract_single_quotes,
        supports_aliased_function_args,
        supports_alter_column_type_using,
        supports_alter_user_as_alter_role,
        supports_array_typedef_with_brackets,
        supports_bitwise_shift_operators,
        supports_comma_separated_trim,
        supports_comment_on,
        supports_comment_optimizer_hint,
        supports_create_index_with_clause,
        supports_create_table_like_parenthesized,
        supports_empty_projections,
        supports_exclude_constraint,
        supports_explain_with_utility_options,
        supports_factorial_operator,
        supports_filter_during_aggregation,
        supports_geometric_types,
        supports_group_by_expr,
        supports_insert_table_alias,
        supports_interval_options,
        supports_left_associative_joins_without_parens,
        supports_listen_notify,
        supports_load_extension,
        supports_named_fn_args_with_colon_operator,
        supports_named_fn_args_with_expr_name,
        supports_nested_comments,
        supports_notnull_operator,
        supports_numeric_literal_underscores,
        supports_order_by_using_operator,
        supports_select_wildcard_with_alias,
        supports_set_names,
        supports_string_escape_constant,
        supports_unicode_string_literal,
        supports_xml_expressions,
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

    fn is_reserved_for_identifier(&self, kw: Keyword) -> bool {
        ITS.is_reserved_for_identifier(kw)
    }

    fn is_table_alias(&self, kw: &Keyword, parser: &mut Parser) -> bool {
        ITS.is_table_alias(kw, parser)
    }

    fn is_custom_operator_part(&self, ch: char) -> bool {
        ITS.is_custom_operator_part(ch)
    }

    fn get_next_precedence(&self, parser: &Parser) -> Option<Result<u8, ParserError>> {
        match parser.peek_nth_token_ref(0).token {
            Token::Tilde
            | Token::TildeAsterisk
            | Token::ExclamationMarkTilde
            | Token::ExclamationMarkTildeAsterisk => Some(Ok(OTHER)),
            _ => ITS.get_next_precedence(parser),
        }
    }

    fn prec_value(&self, prec: Precedence) -> u8 {
        ITS.prec_value(prec)
    }

    fn parse_prefix(&self, parser: &mut Parser) -> Option<Result<Expr, ParserError>> {
        qualified_call(parser)
            .or_else(|| trim(parser, &Forms::WithList))
            .or_else(|| signed(parser, &Binding { sign: SIGN, bits: OTHER }))
    }
}

/// A call whose name would be a word of the grammar without its schema.
fn qualified_call(parser: &mut Parser<'_>) -> Option<Result<Expr, ParserError>> {
    let is_call = is_word(parser.peek_nth_token_ref(0), "pg_catalog")
        && parser.peek_nth_token_ref(1).token == Token::Period
        && matches!(&parser.peek_nth_token_ref(2).token, Token::Word(word) if word.quote_style.is_none())
        && parser.peek_nth_token_ref(3).token == Token::LParen;
    is_call.then(|| {
        let schema = parser.parse_identifier()?;
        parser.expect_token(&Token::Period)?;
        let name = parser.parse_identifier()?;
        parser.parse_function(ObjectName::from(vec![schema, name]))
    })
}
