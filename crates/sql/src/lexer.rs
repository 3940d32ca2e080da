//! Text of a filter, an order or a name into tokens, each with its place.
//!
//! Plain names, `"quoted names"`, `'strings'`, numbers and a few signs; anything else is refused here, comments
//! and control characters included. Nothing is resolved.

use thiserror::Error;

/// The longest text that is read.
const LONGEST_TEXT: usize = 32 * 1024;
/// The longest name that is read; no engine has longer ones.
const LONGEST_NAME: usize = 128;

/// The longest number that is read: longer than any a column holds exactly.
const LONGEST_NUMBER: usize = 128;

/// Why a text cannot be read, and where.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{problem}")]
pub struct SyntaxError {
    /// The character at which reading stopped, counted from 1.
    pub offset: usize,
    /// What is wrong there.
    pub problem: SyntaxProblem,
}

/// What is wrong with a text.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SyntaxProblem {
    /// A character that begins nothing.
    #[error("`{}` is not part of the grammar; a name with unusual characters goes in double quotes", .0.escape_debug())]
    Character(char),
    /// Parentheses and NOT inside each other beyond the limit.
    #[error("nested deeper than {0} levels; write it flatter, for example with IN")]
    Depth(usize),
    /// A name of no characters.
    #[error("a name in double quotes is empty")]
    EmptyName,
    /// Something else was needed.
    #[error("expected {expected}, found {found}")]
    Expected {
        /// What would have fitted.
        expected: &'static str,
        /// What stands there.
        found: String,
    },
    /// A character that no value may hold.
    #[error("a control character stands here; remove it")]
    Invisible,
    /// A backslash at the end of a pattern.
    #[error("the pattern ends in an escape; write `\\\\` for a backslash")]
    LooseEscape,
    /// A name beyond the limit.
    #[error("a name is longer than {LONGEST_NAME} characters")]
    NameLength,
    /// NULL as a value.
    #[error("NULL compares with nothing; write `IS NULL` or `IS NOT NULL`")]
    NullValue,
    /// A number too large for any type.
    #[error("a number is out of range")]
    NumberRange,
    /// The text beyond the limit.
    #[error("longer than {LONGEST_TEXT} bytes; narrow it down")]
    TextLength,
    /// More conditions or values than are taken.
    #[error("more than {0} conditions or values; split the query")]
    TooMany(usize),
    /// A quote without its partner.
    #[error("the quote that opens here is never closed; a quote inside is written twice")]
    Unclosed,
}

/// One token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Token {
    Number(String),
    Plain(String),
    Quoted(String),
    Sign(Sign),
    Text(String),
}

/// The signs of the grammar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sign {
    Close,
    Comma,
    Dot,
    Equal,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
    NotEqual,
    Open,
    Star,
}

/// A token and the character it begins at, counted from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Placed {
    pub(crate) token: Token,
    pub(crate) offset: usize,
}

impl Token {
    /// How an error speaks of the token.
    pub(crate) fn described(&self) -> String {
        match self {
            Token::Number(text) | Token::Plain(text) => format!("`{text}`"),
            Token::Quoted(_) => "a quoted name".to_owned(),
            Token::Sign(sign) => format!("`{}`", sign.text()),
            Token::Text(_) => "a string".to_owned(),
        }
    }
}

impl Sign {
    pub(crate) fn text(self) -> &'static str {
        match self {
            Sign::Close => ")",
            Sign::Comma => ",",
            Sign::Dot => ".",
            Sign::Equal => "=",
            Sign::Greater => ">",
            Sign::GreaterOrEqual => ">=",
            Sign::Less => "<",
            Sign::LessOrEqual => "<=",
            Sign::NotEqual => "<>",
            Sign::Open => "(",
            Sign::Star => "*",
        }
    }
}

/// Cuts the text into tokens.
pub(crate) fn tokens(text: &str) -> Result<Vec<Placed>, SyntaxError> {
    if text.len() > LONGEST_TEXT {
        return Err(SyntaxError { offset: 1, problem: SyntaxProblem::TextLength });
    }
    let mut reader = Reader { rest: text.chars().peekable(), offset: 1 };
    let mut tokens = Vec::new();
    while let Some(first) = reader.skip_blanks() {
        let offset = reader.offset;
        let token = reader.token(first).map_err(|problem| SyntaxError { offset, problem })?;
        tokens.push(Placed { token, offset });
    }
    Ok(tokens)
}

struct Reader<'a> {
    rest: std::iter::Peekable<std::str::Chars<'a>>,
    offset: usize,
}

impl Reader<'_> {
    fn next(&mut self) -> Option<char> {
        let next = self.rest.next();
        self.offset += usize::from(next.is_some());
        next
    }

    fn next_if(&mut self, fits: impl FnOnce(&char) -> bool) -> Option<char> {
        let next = self.rest.next_if(fits);
        self.offset += usize::from(next.is_some());
        next
    }

    fn skip_blanks(&mut self) -> Option<char> {
        while self.next_if(|c| matches!(c, ' ' | '\t' | '\r' | '\n')).is_some() {}
        self.rest.peek().copied()
    }

    fn token(&mut self, first: char) -> Result<Token, SyntaxProblem> {
        match first {
            '\'' => Ok(Token::Text(self.quoted('\'')?)),
            '"' => self.quoted_name(),
            '0'..='9' | '-' | '+' => self.number(),
            _ if first.is_alphabetic() || first == '_' => self.plain_name(),
            _ if first.is_control() => Err(SyntaxProblem::Invisible),
            _ => self.sign(first).map(Token::Sign),
        }
    }

    /// What stands between two quotes, of which a doubled one is one of the characters.
    fn quoted(&mut self, quote: char) -> Result<String, SyntaxProblem> {
        self.next();
        let mut text = String::new();
        while let Some(c) = self.next() {
            match c {
                '\0' => return Err(SyntaxProblem::Invisible),
                _ if c != quote => text.push(c),
                _ if self.next_if(|next| *next == quote).is_some() => text.push(quote),
                _ => return Ok(text),
            }
        }
        Err(SyntaxProblem::Unclosed)
    }

    fn quoted_name(&mut self) -> Result<Token, SyntaxProblem> {
        let name = self.quoted('"')?;
        if name.is_empty() {
            return Err(SyntaxProblem::EmptyName);
        }
        within_length(name).map(Token::Quoted)
    }

    fn plain_name(&mut self) -> Result<Token, SyntaxProblem> {
        let mut name = String::new();
        while let Some(c) = self.next_if(|c| c.is_alphanumeric() || matches!(c, '_' | '$')) {
            name.push(c);
        }
        within_length(name).map(Token::Plain)
    }

    fn number(&mut self) -> Result<Token, SyntaxProblem> {
        let mut text = String::new();
        if self.next_if(|c| matches!(c, '-' | '+')) == Some('-') {
            text.push('-');
        }
        let sign_only = text.clone();
        self.digits(&mut text);
        if text == sign_only {
            return Err(SyntaxProblem::Expected {
                expected: "digits after the sign",
                found: "none".to_owned(),
            });
        }
        if let Some(dot) = self.next_if(|c| *c == '.') {
            text.push(dot);
            self.digits(&mut text);
        }
        if self.next_if(|c| matches!(c, 'e' | 'E')).is_some() {
            text.push('e');
            if let Some(sign) = self.next_if(|c| matches!(c, '-' | '+')) {
                text.push(sign);
            }
            self.digits(&mut text);
        }
        let is_number = text.ends_with(|c: char| c.is_ascii_digit());
        if !is_number || self.rest.peek().is_some_and(|c| c.is_alphanumeric() || *c == '_' || *c == '.') {
            return Err(SyntaxProblem::Expected { expected: "a number", found: format!("`{text}`") });
        }
        match text.parse::<f64>() {
            Ok(number) if number.is_finite() && text.len() <= LONGEST_NUMBER => Ok(Token::Number(text)),
            _ => Err(SyntaxProblem::NumberRange),
        }
    }

    fn digits(&mut self, text: &mut String) {
        while let Some(digit) = self.next_if(char::is_ascii_digit) {
            text.push(digit);
        }
    }

    fn sign(&mut self, first: char) -> Result<Sign, SyntaxProblem> {
        self.next();
        let sign = match first {
            '(' => Sign::Open,
            ')' => Sign::Close,
            '*' => Sign::Star,
            ',' => Sign::Comma,
            '.' => Sign::Dot,
            '=' => Sign::Equal,
            '<' if self.next_if(|c| *c == '=').is_some() => Sign::LessOrEqual,
            '<' if self.next_if(|c| *c == '>').is_some() => Sign::NotEqual,
            '<' => Sign::Less,
            '>' if self.next_if(|c| *c == '=').is_some() => Sign::GreaterOrEqual,
            '>' => Sign::Greater,
            '!' if self.next_if(|c| *c == '=').is_some() => Sign::NotEqual,
            _ => return Err(SyntaxProblem::Character(first)),
        };
        Ok(sign)
    }
}

fn within_length(name: String) -> Result<String, SyntaxProblem> {
    match name.chars().nth(LONGEST_NAME) {
        Some(_) => Err(SyntaxProblem::NameLength),
        None => Ok(name),
    }
}
