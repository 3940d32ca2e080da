//! How much one call may make. `repeat(repeat(repeat('x', 10000), 10000), 10000)` is fifty bytes of SQL and a thousand
//! gigabytes of text, and no database stops it before its memory is gone.

use crate::ir::Expr;
use crate::value::Value;

/// The most characters that a call with a width or a count may ask for.
const MOST_CHARACTERS: u64 = 10_000;

/// The most rows of a series whose ends are literals. Other series are held by the limit of rows and of time.
const MOST_ROWS: f64 = 100_000.0;

/// The longest run of digits in a format, so that a width stays below a thousand.
const MOST_DIGITS: usize = 3;

/// What the size of a result depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bound {
    /// The argument at this place is the length of the result.
    Count(usize),
    /// The argument at this place is a format in the manner of `printf`.
    Format(usize),
    /// The first argument as many times as the second says.
    Repeat,
    /// From the first argument to the second in steps of the third.
    Series,
}

/// Why a call is too much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Excess {
    /// The argument at this place must be a literal number of at most 10,000.
    Count(usize),
    /// The argument at this place must be a literal format without `*` and without widths of 1,000 and more.
    Format(usize),
    /// What is repeated must be a literal or a column.
    Repeated,
    /// The series has more than 100,000 rows, or does not move.
    Series,
}

impl Excess {
    /// What the caller is told to write.
    pub(crate) fn described(self) -> &'static str {
        match self {
            Excess::Count(_) => "a literal number of at most 10000 as its length",
            Excess::Format(_) => "a literal format without `*` and with widths below 1000",
            Excess::Repeated => "a column or a literal as what is repeated",
            Excess::Series => "a step that is not 0 and at most 100000 rows",
        }
    }
}

impl Bound {
    pub(super) fn excess(self, arguments: &[Expr]) -> Option<Excess> {
        match self {
            Bound::Count(place) => count(arguments, place),
            Bound::Format(place) => match arguments.get(place) {
                Some(Expr::Literal(Value::Text(text) | Value::Untyped(text))) if is_narrow(text) => None,
                _ => Some(Excess::Format(place)),
            },
            Bound::Repeat => match arguments.first() {
                Some(Expr::Column { .. } | Expr::Literal(_)) => count(arguments, 1),
                _ => Some(Excess::Repeated),
            },
            Bound::Series => series(arguments),
        }
    }
}

/// An argument that is not there has a default, which is small.
fn count(arguments: &[Expr], place: usize) -> Option<Excess> {
    let argument = arguments.get(place)?;
    let is_small = number(argument).is_some_and(|number| number <= MOST_CHARACTERS as f64);
    (!is_small).then_some(Excess::Count(place))
}

fn series(arguments: &[Expr]) -> Option<Excess> {
    let (first, last) = (number(arguments.first()?)?, number(arguments.get(1)?)?);
    let step = match arguments.get(2) {
        Some(step) => number(step)?,
        None => 1.0,
    };
    let rows = (last - first) / step;
    (!rows.is_finite() || rows > MOST_ROWS).then_some(Excess::Series)
}

fn number(expr: &Expr) -> Option<f64> {
    match expr {
        Expr::Literal(Value::Integer(number)) => Some(*number as f64),
        Expr::Literal(Value::Number(digits)) => digits.parse().ok(),
        _ => None,
    }
}

fn is_narrow(format: &str) -> bool {
    let mut digits = 0;
    let has_no_long_run = format.bytes().all(|byte| {
        digits = if byte.is_ascii_digit() { digits + 1 } else { 0 };
        digits <= MOST_DIGITS
    });
    has_no_long_run && !format.contains('*')
}
