//! What many rows add up to, with the same type and the same answer on every engine.

use crate::bind::{Bound, Operand, binary, is_blind};
use crate::catalogue::Type;
use crate::dialect::Dialect;
use crate::filter::{Aggregate, AggregateFunction};
use crate::function;
use crate::ir::{At, Call, CastType, Distinct, Expr};
use crate::refusal::{Place, Refusal};
use crate::request::Problem;

/// The aggregate over the rows of the table.
pub(super) fn operand(aggregate: &Aggregate, bound: &Bound<'_>, place: Place) -> Result<Operand, Refusal> {
    let of = |expr, ty, nullable| Operand {
        expr,
        ty,
        type_name: String::new(),
        nullable,
        name: aggregate.written(),
    };
    let Some(name) = &aggregate.argument else {
        return Ok(of(call(aggregate, None, bound.dialect)?, Type::Integer, false));
    };
    let column = bound.column(name, place)?;
    let argument = bound.column_operand(column);
    let Some(ty) = result(aggregate, argument.ty, bound.dialect) else {
        let (function, column) = (aggregate.function.name(), column.name.clone());
        return Err(Refusal::Request {
            place,
            problem: Problem::Aggregate { function, column, ty: argument.ty },
        });
    };
    let nullable = argument.nullable && aggregate.function != AggregateFunction::Count;
    let made = call(aggregate, Some(prepared(aggregate, &argument, bound.dialect)), bound.dialect)?;
    Ok(of(finished(made, aggregate.function, argument.ty, bound.dialect), ty, nullable))
}

/// The name it has in the answer unless another is asked for: `count`, `sum_total`, `count_distinct_customer_id`.
pub(super) fn name(aggregate: &Aggregate) -> String {
    let distinct = if aggregate.distinct { "_distinct" } else { "" };
    let argument = aggregate.argument.as_ref().and_then(|name| name.parts().last());
    let argument = argument.map_or(String::new(), |part| format!("_{}", part.text));
    format!("{}{distinct}{argument}", aggregate.function.name())
}

/// The type of the result; nothing if not every engine can do it.
fn result(aggregate: &Aggregate, ty: Type, dialect: Dialect) -> Option<Type> {
    let is_number = matches!(ty, Type::Decimal | Type::Integer | Type::Real)
        || (ty == Type::Other && dialect == Dialect::Sqlite);
    match aggregate.function {
        AggregateFunction::Average => is_number.then_some(Type::Real),
        AggregateFunction::Count => (!aggregate.distinct || ty.has_order()).then_some(Type::Integer),
        AggregateFunction::Largest | AggregateFunction::Smallest => {
            let is_sorted =
                matches!(ty, Type::Date | Type::Text | Type::Time | Type::Timestamp | Type::TimestampTz);
            (is_number || is_sorted).then_some(ty)
        }
        AggregateFunction::Sum => is_number.then_some(ty),
    }
}

/// What the function is given. Averages are made of floating point numbers everywhere, and T-SQL would add up whole numbers
/// in their own narrow type.
fn prepared(aggregate: &Aggregate, argument: &Operand, dialect: Dialect) -> Expr {
    let expr = argument.expr.clone();
    match aggregate.function {
        // The one type of floating point numbers that SQLite has.
        AggregateFunction::Average if dialect == Dialect::Sqlite => cast(expr, CastType::Real),
        AggregateFunction::Average => cast(expr, CastType::DoublePrecision),
        AggregateFunction::Count if aggregate.distinct && is_blind(argument, dialect) => binary(expr),
        AggregateFunction::Sum if argument.ty == Type::Integer && dialect == Dialect::SqlServer => {
            cast(expr, CastType::BigInt)
        }
        _ => expr,
    }
}

/// What becomes of its result: sums of whole numbers are whole numbers.
fn finished(call: Expr, function: AggregateFunction, ty: Type, dialect: Dialect) -> Expr {
    match (function, ty, dialect) {
        (AggregateFunction::Sum, Type::Integer, Dialect::Postgres) => cast(call, CastType::BigInt),
        (AggregateFunction::Sum, Type::Integer, Dialect::MySql) => cast(call, CastType::Signed),
        _ => call,
    }
}

fn call(aggregate: &Aggregate, argument: Option<Expr>, dialect: Dialect) -> Result<Expr, Refusal> {
    let name = match (aggregate.function, dialect) {
        (AggregateFunction::Count, Dialect::SqlServer) => "count_big",
        (function, _) => function.name(),
    };
    // Every dialect's table has them.
    let function = function::find(dialect, name).ok_or(Refusal::Unverified)?;
    Ok(Expr::Call(Box::new(Call {
        function,
        star: argument.is_none(),
        arguments: argument.into_iter().collect(),
        distinct: if aggregate.distinct { Distinct::Rows } else { Distinct::No },
        order: Vec::new(),
        within: Vec::new(),
        separator: None,
        filter: None,
        over: None,
        at: At::default(),
    })))
}

fn cast(operand: Expr, ty: CastType) -> Expr {
    Expr::Cast { operand: Box::new(operand), ty, lenient: false }
}
