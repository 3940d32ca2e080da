//! A filter as written: the conditions on rows that a caller asks for, not yet resolved.
//!
//! ```text
//! or      := and { OR and }
//! and     := not { AND not }
//! not     := NOT not | '(' or ')' | condition
//! condition := name ( = | != | <> | < | <= | > | >= ) value
//!            | name [NOT] IN '(' value { , value } ')'
//!            | name [NOT] BETWEEN value AND value
//!            | name [NOT] ( LIKE | CONTAINS | STARTS WITH | ENDS WITH ) string
//!            | name IS [NOT] NULL
//! name    := part { . part }, a part plain or in double quotes
//! value   := 'string' | number | TRUE | FALSE
//! ```
//!
//! Keywords are case-blind. Depth, conditions and values are bounded here, so that nothing later recurses
//! further than the caller's text was allowed to.

use crate::lexer::{self, Sign, SyntaxError, SyntaxProblem, Token};
use crate::name::Name;
use crate::tokens::Tokens;

/// How deep NOT and parentheses may nest.
const DEEPEST: usize = 32;
/// How many conditions one filter may have.
const MOST_CONDITIONS: usize = 200;
/// How many values one filter may have.
const MOST_VALUES: usize = 2000;
/// Words that are never a plain name.
const RESERVED: [&str; 9] = ["and", "between", "false", "in", "is", "like", "not", "null", "or"];

/// A filter that has been read.
#[derive(Clone, Debug, PartialEq)]
pub struct Filter {
    pub(crate) root: Node,
}

/// One node of a filter.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Node {
    And(Vec<Node>),
    Condition(Condition),
    Not(Box<Node>),
    Or(Vec<Node>),
}

/// What is asked of one column, and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Condition {
    pub(crate) name: Name,
    pub(crate) offset: usize,
    pub(crate) test: Test,
}

/// The question asked of a column.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Test {
    Between { negated: bool, low: Given, high: Given },
    Compare(Comparison, Given),
    In { negated: bool, values: Vec<Given> },
    Match { negated: bool, pattern: String },
    Null { negated: bool },
}

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comparison {
    Equal,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
    NotEqual,
}

/// A value as written, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Given {
    pub(crate) literal: Literal,
    pub(crate) offset: usize,
}

/// A value as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Literal {
    Boolean(bool),
    Number(String),
    Text(String),
}

/// Reads a filter.
pub fn parse_filter(text: &str) -> Result<Filter, SyntaxError> {
    let mut parser = Parser { tokens: Tokens::new(lexer::tokens(text)?), conditions: 0, values: 0 };
    let root = parser.or(0)?;
    parser.tokens.end()?;
    Ok(Filter { root })
}

/// Whether the text is a condition on rows as a policy has it: a filter in which `claims.NAME` stands for a value.
///
/// # Errors
/// It cannot be read, and where.
pub fn parse_row_rule(text: &str) -> Result<(), SyntaxError> {
    parse_filter(text).map(|_| ())
}

struct Parser {
    tokens: Tokens,
    conditions: usize,
    values: usize,
}

impl Parser {
    fn or(&mut self, depth: usize) -> Result<Node, SyntaxError> {
        let first = self.and(depth)?;
        let mut all = vec![first];
        while self.tokens.take_word("or") {
            all.push(self.and(depth)?);
        }
        Ok(joined(all, Node::Or))
    }

    fn and(&mut self, depth: usize) -> Result<Node, SyntaxError> {
        let mut all = vec![self.not(depth)?];
        while self.tokens.take_word("and") {
            all.push(self.not(depth)?);
        }
        Ok(joined(all, Node::And))
    }

    fn not(&mut self, depth: usize) -> Result<Node, SyntaxError> {
        if depth > DEEPEST {
            let offset = self.tokens.offset();
            return Err(SyntaxError { offset, problem: SyntaxProblem::Depth(DEEPEST) });
        }
        if self.tokens.take_word("not") {
            return Ok(Node::Not(Box::new(self.not(depth + 1)?)));
        }
        if self.tokens.take_sign(Sign::Open) {
            let inner = self.or(depth + 1)?;
            self.tokens.need_sign(Sign::Close)?;
            return Ok(inner);
        }
        self.condition().map(Node::Condition)
    }

    fn condition(&mut self) -> Result<Condition, SyntaxError> {
        let offset = self.tokens.offset();
        self.conditions += 1;
        if self.conditions > MOST_CONDITIONS {
            return Err(SyntaxError { offset, problem: SyntaxProblem::TooMany(MOST_CONDITIONS) });
        }
        if let Some(Token::Plain(word)) = self.tokens.peek()
            && RESERVED.iter().any(|reserved| word.eq_ignore_ascii_case(reserved))
        {
            return Err(self.tokens.expected("a column (one named like a keyword goes in double quotes)"));
        }
        let name = Name::read(&mut self.tokens)?;
        Ok(Condition { name, offset, test: self.test()? })
    }

    fn test(&mut self) -> Result<Test, SyntaxError> {
        if let Some(comparison) = self.comparison() {
            return Ok(Test::Compare(comparison, self.value()?));
        }
        if self.tokens.take_word("is") {
            let negated = self.tokens.take_word("not");
            self.tokens.need_word("null")?;
            return Ok(Test::Null { negated });
        }
        let negated = self.tokens.take_word("not");
        if self.tokens.take_word("in") {
            return Ok(Test::In { negated, values: self.values()? });
        }
        if self.tokens.take_word("between") {
            let low = self.value()?;
            self.tokens.need_word("and")?;
            return Ok(Test::Between { negated, low, high: self.value()? });
        }
        Ok(Test::Match { negated, pattern: self.pattern()? })
    }

    fn comparison(&mut self) -> Option<Comparison> {
        let signs = [
            (Sign::Equal, Comparison::Equal),
            (Sign::NotEqual, Comparison::NotEqual),
            (Sign::Less, Comparison::Less),
            (Sign::LessOrEqual, Comparison::LessOrEqual),
            (Sign::Greater, Comparison::Greater),
            (Sign::GreaterOrEqual, Comparison::GreaterOrEqual),
        ];
        signs.into_iter().find(|(sign, _)| self.tokens.take_sign(*sign)).map(|(_, comparison)| comparison)
    }

    fn values(&mut self) -> Result<Vec<Given>, SyntaxError> {
        self.tokens.need_sign(Sign::Open)?;
        let mut values = vec![self.value()?];
        while self.tokens.take_sign(Sign::Comma) {
            values.push(self.value()?);
        }
        self.tokens.need_sign(Sign::Close)?;
        Ok(values)
    }

    fn value(&mut self) -> Result<Given, SyntaxError> {
        let offset = self.tokens.offset();
        self.values += 1;
        if self.values > MOST_VALUES {
            return Err(SyntaxError { offset, problem: SyntaxProblem::TooMany(MOST_VALUES) });
        }
        if self.tokens.take_word("null") {
            return Err(SyntaxError { offset, problem: SyntaxProblem::NullValue });
        }
        let literal = match self.tokens.peek() {
            Some(Token::Number(text)) => Literal::Number(text.clone()),
            Some(Token::Plain(word)) if word.eq_ignore_ascii_case("true") => Literal::Boolean(true),
            Some(Token::Plain(word)) if word.eq_ignore_ascii_case("false") => Literal::Boolean(false),
            Some(Token::Text(text)) => Literal::Text(text.clone()),
            _ => return Err(self.tokens.expected("a value: a 'string', a number, TRUE or FALSE")),
        };
        self.tokens.next();
        Ok(Given { literal, offset })
    }

    /// The pattern of LIKE and its three easier forms, in the escapes that are printed.
    fn pattern(&mut self) -> Result<String, SyntaxError> {
        let form = if self.tokens.take_word("like") {
            Form::Like
        } else if self.tokens.take_word("contains") {
            Form::Contains
        } else if self.tokens.take_word("starts") {
            self.tokens.need_word("with")?;
            Form::Starts
        } else if self.tokens.take_word("ends") {
            self.tokens.need_word("with")?;
            Form::Ends
        } else {
            return Err(self.tokens.expected(
                "a comparison: = != < <= > >= IN, BETWEEN, LIKE, CONTAINS, STARTS WITH, ENDS WITH or IS NULL",
            ));
        };
        let offset = self.tokens.offset();
        let Some(Token::Text(text)) = self.tokens.peek().cloned() else {
            return Err(self.tokens.expected("a 'string'"));
        };
        self.tokens.next();
        form.pattern(&text).map_err(|problem| SyntaxError { offset, problem })
    }
}

fn joined(mut all: Vec<Node>, join: fn(Vec<Node>) -> Node) -> Node {
    match (all.len(), all.pop()) {
        (1, Some(only)) => only,
        (_, last) => join(all.into_iter().chain(last).collect()),
    }
}

enum Form {
    Contains,
    Ends,
    Like,
    Starts,
}

impl Form {
    fn pattern(&self, text: &str) -> Result<String, SyntaxProblem> {
        match self {
            Form::Contains => Ok(format!("%{}%", escaped(text))),
            Form::Ends => Ok(format!("%{}", escaped(text))),
            Form::Like => with_printed_escapes(text),
            Form::Starts => Ok(format!("{}%", escaped(text))),
        }
    }
}

/// The escape character of printed patterns: unlike the backslash it means nothing in any engine's strings.
pub(crate) const ESCAPE: char = '!';

fn escaped(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 2);
    for c in text.chars() {
        if matches!(c, '%' | '_' | ESCAPE) {
            pattern.push(ESCAPE);
        }
        pattern.push(c);
    }
    pattern
}

/// A LIKE pattern as written, `%` and `_` wild and the backslash escaping, in the printed escapes.
fn with_printed_escapes(text: &str) -> Result<String, SyntaxProblem> {
    let mut pattern = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        match c {
            '\\' => {
                let literal = rest.next().ok_or(SyntaxProblem::LooseEscape)?;
                pattern.push_str(&escaped(literal.encode_utf8(&mut [0; 4])));
            }
            '%' | '_' => pattern.push(c),
            _ => pattern.push_str(&escaped(c.encode_utf8(&mut [0; 4]))),
        }
    }
    Ok(pattern)
}
