//! Text compared character by character where the engine's own comparison overlooks case, accents or trailing blanks.

use crate::catalogue::Type;
use crate::dialect::Dialect;
use crate::function;
use crate::ir::{At, Call, CastType, Distinct, Expr};

use super::Operand;

/// Whether the engine's own comparison of it may find different texts equal.
pub(crate) fn is_blind(operand: &Operand, dialect: Dialect) -> bool {
    match dialect {
        Dialect::MySql | Dialect::SqlServer => operand.ty == Type::Text,
        Dialect::Postgres | Dialect::Sqlite => false,
    }
}

/// The bytes of a text in the one encoding in which values arrive. An index on the text is of no use for them, so they are
/// compared beside the text and not instead of it.
pub(crate) fn binary(expr: Expr) -> Expr {
    cast(cast(expr, CastType::Text), CastType::Bytes)
}

/// The bytes of an operand. The blanks that fill up a fixed length are none of its text.
pub(super) fn operand_binary(operand: &Operand, dialect: Dialect) -> Expr {
    let is_padded = operand.type_name.starts_with("char") || operand.type_name.starts_with("nchar");
    let trim =
        (dialect == Dialect::SqlServer && is_padded).then(|| function::find(dialect, "rtrim")).flatten();
    binary(match trim {
        None => operand.expr.clone(),
        Some(function) => Expr::Call(Box::new(Call {
            function,
            arguments: vec![operand.expr.clone()],
            star: false,
            distinct: Distinct::No,
            order: Vec::new(),
            within: Vec::new(),
            separator: None,
            filter: None,
            over: None,
            at: At::default(),
        })),
    })
}

pub(super) fn cast(operand: Expr, ty: CastType) -> Expr {
    Expr::Cast { operand: Box::new(operand), ty, lenient: false }
}
