//! How much a caller's text may be, and what may not stand in it whatever it means.

use sqlparser::tokenizer::{Location, Token, TokenWithSpan};

use crate::ir::At;

use super::{Foreign, Lowering, refuse};

/// Bytes of a caller's text.
const LONGEST: usize = 32 * 1024;
/// How deep the closed form may nest: a caller's, and a printed one with all that resolution adds.
const DEEPEST_CALLER: usize = 200;
const DEEPEST_PRINTER: usize = 800;
/// How many parts the closed form may have.
const MOST_NODES_CALLER: usize = 20_000;
const MOST_NODES_PRINTER: usize = 400_000;
/// What begins a comment that MySQL or MariaDB executes, or that an engine takes hints from.
const OPENINGS: [&str; 4] = ["/*!", "/*M!", "/*m!", "/*+"];

/// Refuses a text that is too long.
pub(super) fn text(sql: &str) -> Result<(), Foreign> {
    if sql.len() > LONGEST {
        return refuse(format!("a statement of more than {LONGEST} bytes"), At::default());
    }
    Ok(())
}

/// Refuses comments that engines execute, and characters that are not seen, outside literals.
///
/// The text itself is searched, not the tokens: what a parser takes for a blank or a comment another may not.
pub(super) fn characters(sql: &str, tokens: &[TokenWithSpan]) -> Result<(), Foreign> {
    let mut place = Location { line: 1, column: 1 };
    for (offset, c) in sql.char_indices() {
        let rest = sql.get(offset..).unwrap_or_default();
        let opening = OPENINGS.into_iter().find(|opening| rest.starts_with(opening));
        let at = At { line: place.line, column: place.column };
        if let Some(opening) = opening
            && within(place, tokens).is_none_or(|token| !is_literal(token) && !is_quoted(token))
        {
            return refuse(format!("a comment that begins with `{opening}`"), at);
        }
        if is_hidden(c) && !within(place, tokens).is_some_and(is_literal) {
            return refuse(format!("the invisible character U+{:04X}", u32::from(c)), at);
        }
        place = match c {
            '\n' => Location { line: place.line + 1, column: 1 },
            _ => Location { line: place.line, column: place.column + 1 },
        };
    }
    Ok(())
}

/// The token that a place lies in.
fn within(place: Location, tokens: &[TokenWithSpan]) -> Option<&Token> {
    let index = tokens.partition_point(|token| token.span.start <= place).checked_sub(1)?;
    tokens.get(index).filter(|token| place < token.span.end).map(|token| &token.token)
}

fn is_literal(token: &Token) -> bool {
    matches!(
        token,
        Token::SingleQuotedString(_)
            | Token::DoubleQuotedString(_)
            | Token::NationalStringLiteral(_)
            | Token::EscapedStringLiteral(_)
            | Token::DollarQuotedString(_)
    )
}

fn is_quoted(token: &Token) -> bool {
    matches!(token, Token::Word(word) if word.quote_style.is_some())
}

/// Control characters, blanks that are not the blank, and what takes no room or turns the direction of the text.
fn is_hidden(c: char) -> bool {
    match c {
        ' ' | '\t' | '\r' | '\n' => false,
        '!'..='~' => false,
        '\u{00AD}'
        | '\u{034F}'
        | '\u{061C}'
        | '\u{115F}'..='\u{1160}'
        | '\u{17B4}'..='\u{17B5}'
        | '\u{180B}'..='\u{180F}'
        | '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}'
        | '\u{3164}'
        | '\u{FE00}'..='\u{FE0F}'
        | '\u{FEFF}'
        | '\u{FFA0}'
        | '\u{FFF0}'..='\u{FFFB}'
        | '\u{E0000}'..='\u{E0FFF}' => true,
        _ => c.is_control() || c.is_whitespace(),
    }
}

impl Lowering<'_> {
    /// Lowers something one level further in, and counts it.
    pub(super) fn deeper<T>(
        &self,
        place: impl Fn() -> At,
        inner: impl FnOnce() -> Result<T, Foreign>,
    ) -> Result<T, Foreign> {
        let (deepest, most) = self.bounds();
        let (depth, nodes) = (self.depth.get() + 1, self.nodes.get() + 1);
        if depth > deepest {
            return refuse(format!("a statement nested deeper than {deepest} levels"), place());
        }
        if nodes > most {
            return refuse(format!("a statement of more than {most} parts"), place());
        }
        self.depth.set(depth);
        self.nodes.set(nodes);
        let result = inner();
        self.depth.set(depth - 1);
        result
    }

    /// Refuses a chain that leans to the left, of so many links, where there is no room for it.
    pub(super) fn room(&self, links: usize, place: impl Fn() -> At) -> Result<(), Foreign> {
        let (deepest, _) = self.bounds();
        if self.depth.get() + links > deepest {
            return refuse(format!("a statement nested deeper than {deepest} levels"), place());
        }
        Ok(())
    }

    fn bounds(&self) -> (usize, usize) {
        match self.is_printed() {
            true => (DEEPEST_PRINTER, MOST_NODES_PRINTER),
            false => (DEEPEST_CALLER, MOST_NODES_CALLER),
        }
    }
}
