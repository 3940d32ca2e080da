//! One entry of a list of fields: a column or an aggregate, and the name it has in the answer.

use crate::bind::Bound;
use crate::catalogue::Column;
use crate::filter::Subject;
use crate::lexer::{self, SyntaxError, SyntaxProblem};
use crate::name::{Name, Part};
use crate::refusal::{Place, Refusal};
use crate::tokens::Tokens;

use super::shortened;

/// A field as written.
pub(super) struct Field {
    pub(super) subject: Subject,
    /// The name after AS.
    pub(super) alias: Option<String>,
}

/// The column that an entry means which can only be a column. An entry is a value of its own, so a column's exact name needs
/// no quotes even when it holds spaces or dots.
pub(super) fn column<'a>(text: &str, bound: &Bound<'a>, place: Place) -> Result<&'a Column, Refusal> {
    if let Some(column) = exactly(text, bound) {
        return Ok(column);
    }
    bound.column(&Name::parse(text).map_err(|_| unknown(text, bound, place))?, place)
}

/// The column spelled exactly so.
pub(super) fn exactly<'a>(text: &str, bound: &Bound<'a>) -> Option<&'a Column> {
    bound.columns.iter().find(|column| column.name == text)
}

/// Reads a field that is not a column's exact name: `total`, `total AS amount`, `count(*)`, `sum(total) AS sales`.
pub(super) fn parse(text: &str, bound: &Bound<'_>, place: Place) -> Result<Field, Refusal> {
    read(text).map_err(|error| match text.contains('(') {
        true => Refusal::Syntax { place, error },
        false => unknown(text, bound, place),
    })
}

fn read(text: &str) -> Result<Field, SyntaxError> {
    let mut tokens = Tokens::new(lexer::tokens(text)?);
    let subject = Subject::read(&mut tokens)?;
    let offset = tokens.offset();
    let alias = if tokens.take_word("as") { Some(Part::read(&mut tokens)?.text) } else { None };
    tokens.end()?;
    if alias.as_ref().is_some_and(|alias| alias.chars().any(char::is_control)) {
        return Err(SyntaxError { offset, problem: SyntaxProblem::Invisible });
    }
    Ok(Field { subject, alias })
}

fn unknown(text: &str, bound: &Bound<'_>, place: Place) -> Refusal {
    Refusal::Column { place, column: shortened(text), table: bound.table.label.clone() }
}
