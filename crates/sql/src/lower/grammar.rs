//! The parser: which grammar reads which dialect, how deep it may go, and what is checked on the tokens before it begins.

use sqlparser::ast;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::{Location, Token, TokenWithSpan, Tokenizer};

use crate::dialect::Dialect;
use crate::ir::At;

use super::{Author, Foreign, limits, refuse};

mod mysql;
mod postgres;
mod sign;
mod sqlite;
mod sqlserver;
mod trim;

/// What a grammar has in common with the parser's own for the dialect.
macro_rules! same {
    ($($name:ident),* $(,)?) => {
        $(fn $name(&self) -> bool {
            ITS.$name()
        })*
    };
}
use same;

/// How deep the parser may recurse for a caller, on its stack of 64 MiB.
const DEEPEST_CALLER: usize = 256;
/// How deep for the printer, whose text has parentheses where the caller's had none, and a sub-select for each table.
const DEEPEST_PRINTER: usize = 1024;

/// The one statement of the text, and where its parameters without a number stand.
pub(super) fn statement(
    sql: &str,
    author: Author<'_>,
    dialect: Dialect,
) -> Result<(ast::Statement, Vec<Location>), Foreign> {
    let grammar: &dyn sqlparser::dialect::Dialect = match dialect {
        Dialect::MySql => &mysql::Grammar {},
        Dialect::Postgres => &postgres::Grammar {},
        Dialect::SqlServer => &sqlserver::Grammar {},
        Dialect::Sqlite => &sqlite::Grammar {},
    };
    let deepest = match author {
        Author::Caller(_) => {
            limits::text(sql)?;
            DEEPEST_CALLER
        }
        Author::Printer(_) => DEEPEST_PRINTER,
    };
    let tokens = Tokenizer::new(grammar, sql).tokenize_with_location().map_err(|error| {
        let place = error.location;
        Foreign {
            what: format!("this text ({})", error.message),
            at: At { line: place.line, column: place.column },
        }
    })?;
    if matches!(author, Author::Caller(_)) {
        limits::characters(sql, &tokens)?;
    }
    let marks = tokens.iter().filter(|token| is_mark(token)).map(|token| token.span.start).collect();
    let mut parser = Parser::new(grammar).with_recursion_limit(deepest).with_tokens_with_locations(tokens);
    let mut statements = parser.parse_statements().map_err(syntax)?;
    match (statements.pop(), statements.is_empty()) {
        (Some(statement), true) => Ok((statement, marks)),
        (Some(_), false) => refuse("more than one statement", At::default()),
        (None, _) => refuse("a text without a statement", At::default()),
    }
}

/// Whether the token is this word, in any case and without quotes.
fn is_word(token: &TokenWithSpan, expected: &str) -> bool {
    matches!(&token.token, Token::Word(word) if word.quote_style.is_none() && word.value.eq_ignore_ascii_case(expected))
}

fn is_mark(token: &TokenWithSpan) -> bool {
    matches!(&token.token, Token::Placeholder(text) if text == "?")
}

/// What the parser says, with the place taken out of its text.
fn syntax(error: ParserError) -> Foreign {
    let text = match error {
        ParserError::ParserError(text) | ParserError::TokenizerError(text) => text,
        ParserError::RecursionLimitExceeded => {
            return Foreign { what: "a statement nested as deep as this".to_owned(), at: At::default() };
        }
    };
    let place = text.rsplit_once(" at Line: ").and_then(|(said, place)| {
        let (line, column) = place.split_once(", Column: ")?;
        Some((said.to_owned(), At { line: line.parse().ok()?, column: column.parse().ok()? }))
    });
    let (said, at) = place.unwrap_or((text, At::default()));
    Foreign { what: format!("this syntax ({said})"), at }
}
