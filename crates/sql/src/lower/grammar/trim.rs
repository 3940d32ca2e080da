//! TRIM, of which the parser reads fewer forms than the engines, and one of them as another.

use sqlparser::ast::{Expr, TrimWhereField};
use sqlparser::keywords::Keyword;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::Token;

use super::is_word;

/// Which forms a dialect has.
#[derive(PartialEq)]
pub(super) enum Forms {
    Plain,
    /// `TRIM(x, 'characters')` as well.
    WithList,
}

/// The whole call, if that is what comes next.
pub(super) fn trim(parser: &mut Parser<'_>, forms: &Forms) -> Option<Result<Expr, ParserError>> {
    let begins =
        is_word(parser.peek_nth_token_ref(0), "trim") && parser.peek_nth_token_ref(1).token == Token::LParen;
    begins.then(|| {
        parser.advance_token();
        parser.advance_token();
        inside(parser, forms)
    })
}

fn inside(parser: &mut Parser<'_>, forms: &Forms) -> Result<Expr, ParserError> {
    let trim_where = side(parser);
    let mut trim_what = None;
    let mut trim_characters = None;
    let expr = if trim_where.is_some() && parser.parse_keyword(Keyword::FROM) {
        parser.parse_expr()?
    } else {
        let first = parser.parse_expr()?;
        if parser.parse_keyword(Keyword::FROM) {
            trim_what = Some(Box::new(first));
            parser.parse_expr()?
        } else {
            if trim_where.is_none() && *forms == Forms::WithList && parser.consume_token(&Token::Comma) {
                trim_characters = Some(vec![parser.parse_expr()?]);
            }
            first
        }
    };
    parser.expect_token(&Token::RParen)?;
    Ok(Expr::Trim { expr: Box::new(expr), trim_where, trim_what, trim_characters })
}

/// The word for a side, which a column may be called as well.
fn side(parser: &mut Parser<'_>) -> Option<TrimWhereField> {
    let side = [
        (Keyword::BOTH, TrimWhereField::Both),
        (Keyword::LEADING, TrimWhereField::Leading),
        (Keyword::TRAILING, TrimWhereField::Trailing),
    ];
    let ends = matches!(parser.peek_nth_token_ref(1).token, Token::RParen | Token::Comma | Token::Period);
    if ends {
        return None;
    }
    side.into_iter().find(|(word, _)| parser.parse_keyword(*word)).map(|(_, side)| side)
}
