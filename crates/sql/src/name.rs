//! A name as a caller writes it, and which of the catalogue's names it means.
//!
//! Callers copy names from `describe_table`, so the exact spelling wins; then a name without quotes means what
//! the dialect makes of it. The catalogue's spelling is what goes on from here, never the caller's.

use crate::dialect::Dialect;
use crate::lexer::{self, SyntaxError, SyntaxProblem, Token};

use crate::tokens::Tokens;

/// One to three parts with dots between them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Name {
    parts: Vec<Part>,
}

/// One part of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) text: String,
    pub(crate) quoted: bool,
}

impl Name {
    /// Reads a text that is a name and nothing else.
    pub(crate) fn parse(text: &str) -> Result<Name, SyntaxError> {
        let mut tokens = Tokens::new(lexer::tokens(text)?);
        let name = Name::read(&mut tokens)?;
        tokens.end()?;
        Ok(name)
    }

    /// Reads the name that comes next.
    pub(crate) fn read(tokens: &mut Tokens) -> Result<Name, SyntaxError> {
        let mut parts = vec![Part::read(tokens)?];
        while parts.len() < 3 && tokens.take_sign(lexer::Sign::Dot) {
            parts.push(Part::read(tokens)?);
        }
        Ok(Name { parts })
    }

    pub(crate) fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The name as a refusal repeats it.
    pub(crate) fn written(&self) -> String {
        let parts: Vec<&str> = self.parts.iter().map(|part| part.text.as_str()).collect();
        parts.join(".")
    }
}

impl Part {
    pub(crate) fn read(tokens: &mut Tokens) -> Result<Part, SyntaxError> {
        let offset = tokens.offset();
        match tokens.next() {
            Some(Token::Plain(text)) => Ok(Part { text, quoted: false }),
            Some(Token::Quoted(text)) => Ok(Part { text, quoted: true }),
            other => {
                let found = other.map_or("the end".to_owned(), |token| token.described());
                Err(SyntaxError { offset, problem: SyntaxProblem::Expected { expected: "a name", found } })
            }
        }
    }

    /// Whether this part means the catalogue's `stored` name, no other candidate considered.
    pub(crate) fn is(&self, stored: &str, dialect: Dialect) -> bool {
        self.text == stored
            || dialect.quoted_is(&self.text, stored)
            || (!self.quoted && dialect.folds_to(&self.text, stored))
    }

    /// The item this part means: the one spelled exactly so, or else the one the dialect takes it for.
    pub(crate) fn find<'a, T>(
        &self,
        items: impl Iterator<Item = &'a T> + Clone,
        dialect: Dialect,
        stored: impl Fn(&'a T) -> Option<&'a str>,
    ) -> Option<&'a T> {
        let exact = items.clone().find(|item| stored(item) == Some(self.text.as_str()));
        exact.or_else(|| items.clone().find(|item| stored(item).is_some_and(|name| self.is(name, dialect))))
    }
}
