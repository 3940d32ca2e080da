//! What a condition, a field or a term of an order is about: a column, or an aggregate of one.

use crate::lexer::{Sign, SyntaxError, Token};
use crate::name::Name;
use crate::tokens::Tokens;

/// What something is said about.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Subject {
    Aggregate(Aggregate),
    Column(Name),
}

/// What many rows add up to.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Aggregate {
    pub(crate) function: AggregateFunction,
    pub(crate) distinct: bool,
    /// Nothing in `count(*)`.
    pub(crate) argument: Option<Name>,
}

/// How they add up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AggregateFunction {
    Average,
    Count,
    Largest,
    Smallest,
    Sum,
}

impl AggregateFunction {
    const ALL: [AggregateFunction; 5] = [
        AggregateFunction::Average,
        AggregateFunction::Count,
        AggregateFunction::Largest,
        AggregateFunction::Smallest,
        AggregateFunction::Sum,
    ];

    /// As callers write it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            AggregateFunction::Average => "avg",
            AggregateFunction::Count => "count",
            AggregateFunction::Largest => "max",
            AggregateFunction::Smallest => "min",
            AggregateFunction::Sum => "sum",
        }
    }
}

impl Subject {
    /// Reads what comes next. A column named like an aggregate is one unless a parenthesis follows it.
    pub(crate) fn read(tokens: &mut Tokens) -> Result<Subject, SyntaxError> {
        let function = match tokens.peek() {
            Some(Token::Plain(word)) => {
                AggregateFunction::ALL.into_iter().find(|function| word.eq_ignore_ascii_case(function.name()))
            }
            _ => None,
        };
        let name = Name::read(tokens)?;
        match function {
            Some(function) if name.parts().len() == 1 && tokens.take_sign(Sign::Open) => {
                Aggregate::read(function, tokens).map(Subject::Aggregate)
            }
            _ => Ok(Subject::Column(name)),
        }
    }
}

impl Aggregate {
    fn read(function: AggregateFunction, tokens: &mut Tokens) -> Result<Aggregate, SyntaxError> {
        if function == AggregateFunction::Count && tokens.take_sign(Sign::Star) {
            tokens.need_sign(Sign::Close)?;
            return Ok(Aggregate { function, distinct: false, argument: None });
        }
        let distinct = tokens.take_word("distinct");
        let argument = Some(Name::read(tokens)?);
        tokens.need_sign(Sign::Close)?;
        Ok(Aggregate { function, distinct, argument })
    }

    /// As a refusal repeats it.
    pub(crate) fn written(&self) -> String {
        let distinct = if self.distinct { "distinct " } else { "" };
        let argument = self.argument.as_ref().map_or("*".to_owned(), Name::written);
        format!("{}({distinct}{argument})", self.function.name())
    }
}
