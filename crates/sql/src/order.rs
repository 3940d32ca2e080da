//! An order as written: `total DESC, id`.

use crate::filter::Subject;
use crate::ir::Direction;
use crate::lexer::{self, Sign, SyntaxError, SyntaxProblem};
use crate::tokens::Tokens;

/// How many terms an order may have.
const MOST_TERMS: usize = 32;

/// One term, and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Term {
    pub(crate) subject: Subject,
    pub(crate) offset: usize,
    pub(crate) direction: Direction,
}

/// Reads an order.
pub(crate) fn parse_order(text: &str) -> Result<Vec<Term>, SyntaxError> {
    let mut tokens = Tokens::new(lexer::tokens(text)?);
    let mut terms = Vec::new();
    loop {
        let offset = tokens.offset();
        if terms.len() == MOST_TERMS {
            return Err(SyntaxError { offset, problem: SyntaxProblem::TooMany(MOST_TERMS) });
        }
        let subject = Subject::read(&mut tokens)?;
        let descending = tokens.take_word("desc");
        let direction = if descending { Direction::Descending } else { Direction::Ascending };
        if !descending {
            tokens.take_word("asc");
        }
        terms.push(Term { subject, offset, direction });
        if !tokens.take_sign(Sign::Comma) {
            break;
        }
    }
    tokens.end()?;
    Ok(terms)
}
