//! What is printed in place of a masked column. It is always text, and cannot fail on any value.

use crate::dialect::Dialect;
use crate::filter::Comparison;
use crate::function;
use crate::ir::{Binary, Branch, CastType, Expr};
use crate::refusal::Refusal;
use crate::rights::Mask;
use crate::scope::{Scope, ScopedTable};
use crate::value::Value;

use super::{column as plain, expr::call};

/// What hides all but the end of a text.
const STARS: &str = "****";

/// T-SQL's style of bytes as digits without a prefix.
const HEXADECIMAL: u16 = 2;

/// The column of the table as the role sees it, the table printed by this name.
pub(super) fn column(table: &ScopedTable, printed: &str, name: &str, scope: &Scope) -> Result<Expr, Refusal> {
    let column = plain(printed, name);
    match table.mask(name) {
        None => Ok(column),
        Some(Mask::Constant(constant)) => Ok(text(constant)),
        Some(Mask::Hash) => hash(column, scope),
        Some(Mask::Last4) => last4(column, scope.dialect()),
        Some(Mask::Null) => Ok(cast(Expr::Literal(Value::Null), CastType::Text)),
    }
}

/// Shorter texts are hidden whole: their last four characters would be all of them.
fn last4(column: Expr, dialect: Dialect) -> Result<Expr, Refusal> {
    let function = |name: &str, arguments: Vec<Expr>| call(function::find(dialect, name), arguments);
    let column = as_text(column);
    let (length, end) = match dialect {
        Dialect::MySql => {
            (function("char_length", vec![column.clone()])?, function("right", vec![column, number("4")])?)
        }
        Dialect::Postgres => {
            (function("length", vec![column.clone()])?, function("right", vec![column, number("4")])?)
        }
        Dialect::SqlServer => {
            (function("LEN", vec![column.clone()])?, function("RIGHT", vec![column, number("4")])?)
        }
        Dialect::Sqlite => {
            (function("length", vec![column.clone()])?, function("substr", vec![column, number("-4")])?)
        }
    };
    let shown = match dialect {
        Dialect::MySql | Dialect::SqlServer => function("concat", vec![text(STARS), end])?,
        Dialect::Postgres | Dialect::Sqlite => concatenated(text(STARS), end),
    };
    let is_long =
        Expr::Compare { operator: Comparison::Greater, left: Box::new(length), right: Box::new(number("4")) };
    Ok(Expr::Case {
        operand: None,
        branches: vec![Branch { when: is_long, then: shown }],
        otherwise: Some(Box::new(text(STARS))),
    })
}

fn hash(column: Expr, scope: &Scope) -> Result<Expr, Refusal> {
    let dialect = scope.dialect();
    let function = |name: &str, arguments: Vec<Expr>| call(function::find(dialect, name), arguments);
    let (key, column) = (text(scope.mask_key()), as_text(column));
    match dialect {
        Dialect::MySql => function("sha2", vec![function("concat", vec![key, column])?, number("256")]),
        Dialect::Postgres => {
            let bytes = function("convert_to", vec![concatenated(key, column), text("UTF8")])?;
            function("encode", vec![function("sha256", vec![bytes])?, text("hex")])
        }
        Dialect::SqlServer => {
            let joined = Expr::Binary { operator: Binary::Add, left: Box::new(key), right: Box::new(column) };
            let bytes = function("HASHBYTES", vec![text("SHA2_256"), joined])?;
            let digits = Expr::Convert {
                operand: Box::new(bytes),
                ty: CastType::Varchar(Some(64)),
                style: HEXADECIMAL,
                lenient: false,
            };
            function("LOWER", vec![digits])
        }
        Dialect::Sqlite => function("trigate_sha256", vec![concatenated(key, column)]),
    }
}

fn as_text(column: Expr) -> Expr {
    cast(column, CastType::Text)
}

fn cast(operand: Expr, ty: CastType) -> Expr {
    Expr::Cast { operand: Box::new(operand), ty, lenient: false }
}

fn concatenated(left: Expr, right: Expr) -> Expr {
    Expr::Binary { operator: Binary::Concat, left: Box::new(left), right: Box::new(right) }
}

fn text(text: &str) -> Expr {
    Expr::Literal(Value::Text(text.to_owned()))
}

fn number(digits: &str) -> Expr {
    Expr::Literal(Value::Number(digits.to_owned()))
}
