//! The text of a filter into its nodes.

use super::{Comparison, Condition, Filter, Form, Given, Literal, Node, Source, Subject, Test};
use crate::dialect::Dialect;
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

/// Whose text is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Author {
    Caller,
    /// Its conditions may speak of claims.
    Policy,
}

/// Reads a filter.
pub(super) fn parse(text: &str, author: Author) -> Result<Filter, SyntaxError> {
    let tokens = Tokens::new(lexer::tokens(text)?);
    let mut parser = Parser { tokens, author, conditions: 0, values: 0 };
    let root = parser.or(0)?;
    parser.tokens.end()?;
    Ok(Filter { root })
}

struct Parser {
    tokens: Tokens,
    author: Author,
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
        if self.at_reserved() {
            return Err(self.tokens.expected("a column (one named like a keyword goes in double quotes)"));
        }
        let subject = Subject::read(&mut self.tokens)?;
        Ok(Condition { subject, offset, test: self.test()? })
    }

    fn at_reserved(&mut self) -> bool {
        matches!(self.tokens.peek(), Some(Token::Plain(word))
            if RESERVED.iter().any(|reserved| word.eq_ignore_ascii_case(reserved)))
    }

    fn test(&mut self) -> Result<Test, SyntaxError> {
        if let Some(comparison) = self.comparison() {
            return self.compared(comparison);
        }
        if self.tokens.take_word("is") {
            let negated = self.tokens.take_word("not");
            self.tokens.need_word("null")?;
            return Ok(Test::Null { negated });
        }
        let negated = self.tokens.take_word("not");
        if self.tokens.take_word("in") {
            return Ok(match self.claim() {
                Some(claim) => Test::InClaim { negated, claim },
                None => Test::In { negated, values: self.values()? },
            });
        }
        if self.tokens.take_word("between") {
            let low = self.value()?;
            self.tokens.need_word("and")?;
            return Ok(Test::Between { negated, low, high: self.value()? });
        }
        self.matched(negated)
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

    /// What a comparison compares with: a value, or another column.
    fn compared(&mut self, comparison: Comparison) -> Result<Test, SyntaxError> {
        let offset = self.tokens.offset();
        if let Some(claim) = self.claim() {
            return Ok(Test::Compare(comparison, Given { source: Source::Claim(claim), offset }));
        }
        let is_name = matches!(self.tokens.peek(), Some(Token::Plain(_) | Token::Quoted(_)));
        if is_name && !self.at_reserved() && !self.tokens.is_word("true") {
            return Ok(Test::CompareColumn(comparison, Name::read(&mut self.tokens)?, offset));
        }
        Ok(Test::Compare(comparison, self.value()?))
    }

    /// The claim that comes next, in a text that may speak of claims.
    fn claim(&mut self) -> Option<String> {
        let is_claim = self.author == Author::Policy && self.tokens.is_word("claims");
        is_claim.then(|| self.tokens.take_member()).flatten()
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
        if let Some(claim) = self.claim() {
            return Ok(Given { source: Source::Claim(claim), offset });
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
        Ok(Given { source: Source::Literal(literal), offset })
    }

    fn matched(&mut self, negated: bool) -> Result<Test, SyntaxError> {
        let form = if self.tokens.take_word("like") || self.tokens.take_word("ilike") {
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
        let text = self.value()?;
        let is_sound = match &text.source {
            // A pattern that a policy takes from a claim would be the caller's to write.
            Source::Claim(_) if form == Form::Like => false,
            Source::Claim(_) => true,
            Source::Literal(Literal::Text(pattern)) => {
                let syntax = |problem| SyntaxError { offset: text.offset, problem };
                form.pattern(pattern, Dialect::Sqlite).map_err(syntax)?;
                true
            }
            Source::Literal(_) => false,
        };
        if !is_sound {
            let problem =
                SyntaxProblem::Expected { expected: "a 'string'", found: "another value".to_owned() };
            return Err(SyntaxError { offset: text.offset, problem });
        }
        Ok(Test::Match { negated, form, text })
    }
}

fn joined(mut all: Vec<Node>, join: fn(Vec<Node>) -> Node) -> Node {
    match (all.len(), all.pop()) {
        (1, Some(only)) => only,
        (_, last) => join(all.into_iter().chain(last).collect()),
    }
}
