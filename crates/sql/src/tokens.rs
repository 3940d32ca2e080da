//! A cursor over tokens, with the few questions the parsers ask.

use crate::lexer::{Placed, Sign, SyntaxError, SyntaxProblem, Token};

/// The tokens still to be read.
pub(crate) struct Tokens {
    rest: std::iter::Peekable<std::vec::IntoIter<Placed>>,
    end: usize,
}

impl Tokens {
    pub(crate) fn new(tokens: Vec<Placed>) -> Tokens {
        let end = tokens.last().map_or(1, |last| last.offset + 1);
        Tokens { rest: tokens.into_iter().peekable(), end }
    }

    /// Where the next token begins.
    pub(crate) fn offset(&mut self) -> usize {
        self.rest.peek().map_or(self.end, |placed| placed.offset)
    }

    pub(crate) fn next(&mut self) -> Option<Token> {
        self.rest.next().map(|placed| placed.token)
    }

    /// Takes the sign if it comes next.
    pub(crate) fn take_sign(&mut self, sign: Sign) -> bool {
        self.rest.next_if(|placed| placed.token == Token::Sign(sign)).is_some()
    }

    /// Takes the keyword if it comes next. A quoted name is never a keyword.
    pub(crate) fn take_word(&mut self, word: &str) -> bool {
        let is_word =
            |placed: &Placed| matches!(&placed.token, Token::Plain(text) if text.eq_ignore_ascii_case(word));
        self.rest.next_if(is_word).is_some()
    }

    /// Whether the keyword comes next.
    pub(crate) fn is_word(&mut self, word: &str) -> bool {
        matches!(self.peek(), Some(Token::Plain(text)) if text.eq_ignore_ascii_case(word))
    }

    /// Takes a name of two parts, of which the first is known, and gives the second.
    pub(crate) fn take_member(&mut self) -> Option<String> {
        let rest = self.rest.clone();
        self.next();
        let member = match (self.take_sign(Sign::Dot), self.next()) {
            (true, Some(Token::Plain(member) | Token::Quoted(member))) => Some(member),
            _ => None,
        };
        if member.is_none() {
            self.rest = rest;
        }
        member
    }

    /// Takes the sign or says that it is missing.
    pub(crate) fn need_sign(&mut self, sign: Sign) -> Result<(), SyntaxError> {
        if self.take_sign(sign) { Ok(()) } else { Err(self.expected(sign.text())) }
    }

    /// Takes the keyword or says that it is missing.
    pub(crate) fn need_word(&mut self, word: &'static str) -> Result<(), SyntaxError> {
        if self.take_word(word) { Ok(()) } else { Err(self.expected(word)) }
    }

    /// Says that nothing may follow.
    pub(crate) fn end(&mut self) -> Result<(), SyntaxError> {
        if self.rest.peek().is_none() { Ok(()) } else { Err(self.expected("the end")) }
    }

    pub(crate) fn peek(&mut self) -> Option<&Token> {
        self.rest.peek().map(|placed| &placed.token)
    }

    /// The error that something else than the next token was needed.
    pub(crate) fn expected(&mut self, expected: &'static str) -> SyntaxError {
        let found = self.peek().map_or("the end".to_owned(), Token::described);
        SyntaxError { offset: self.offset(), problem: SyntaxProblem::Expected { expected, found } }
    }
}
