//! The columns of a query's rows: what they are called, in the answer and by what stands around the query, and what they hold.

use std::collections::BTreeMap;

use crate::catalogue::Type;
use crate::dialect::Dialect;
use crate::ir::{At, CastType, Expr, Output};
use crate::name::Part;
use crate::refusal::{Objection, Refusal};
use crate::value::Value;

use super::environment::{Hit, OutputAlias, Visible};
use super::{Resolver, refused, written};

/// One column of a query's rows.
#[derive(Clone, Debug)]
pub(super) struct Out {
    /// What it can be named by.
    pub(super) label: Option<String>,
    /// What it is called where nothing names it.
    pub(super) shown: Option<String>,
    /// What it is printed as; no two of a query are the same.
    pub(super) name: String,
    pub(super) ty: Type,
    /// How much it adds to the statement where it is put in.
    pub(super) parts: usize,
    /// Whether it is of VALUES, whose columns have no names in the print.
    pub(super) is_nameless: bool,
    /// Whether it is the word NULL, which is of any type.
    pub(super) is_null: bool,
}

impl Out {
    pub(super) fn new(label: Option<String>, ty: Type) -> Out {
        Out { label, shown: None, name: String::new(), ty, parts: 1, is_nameless: false, is_null: false }
    }

    /// With the rows of another query under its own: what both hold, if that is the same.
    pub(super) fn above(self, other: &Out) -> Out {
        let ty = match (self.ty, other.ty) {
            _ if other.is_null => self.ty,
            (_, ty) if self.is_null => ty,
            (Type::Real, Type::Decimal | Type::Integer) | (Type::Decimal | Type::Integer, Type::Real) => {
                Type::Real
            }
            (Type::Decimal, Type::Integer) | (Type::Integer, Type::Decimal) => Type::Decimal,
            (one, another) if one == another => one,
            _ => Type::Other,
        };
        Out { ty, is_null: self.is_null && other.is_null, ..self }
    }

    /// A column of VALUES, as the engine calls it.
    pub(super) fn of_values(place: usize, ty: Type, dialect: Dialect) -> Out {
        let name = match dialect {
            Dialect::MySql => format!("column_{place}"),
            Dialect::Postgres | Dialect::SqlServer | Dialect::Sqlite => format!("column{}", place + 1),
        };
        Out { name: name.clone(), is_nameless: true, ..Out::new(Some(name), ty) }
    }

    /// What it is called by what stands around the query.
    pub(super) fn shown_label(&self) -> String {
        self.label.clone().unwrap_or_else(|| self.name.clone())
    }
}

/// Gives every output the name it is printed with.
pub(super) fn name(outs: &mut [Out]) {
    let place = |place: usize| format!("column{}", place + 1);
    let wanted: Vec<String> = outs
        .iter()
        .enumerate()
        .map(|(at, out)| out.label.clone().or(out.shown.clone()).unwrap_or_else(|| place(at)))
        .collect();
    for (out, name) in outs.iter_mut().zip(distinct(wanted.iter().map(String::as_str))) {
        out.name = name;
    }
}

/// The names, a number after those that are there already.
pub(super) fn distinct<'n>(names: impl Iterator<Item = &'n str>) -> Vec<String> {
    // Each name, and the number that was last put after it.
    let mut taken: BTreeMap<String, usize> = BTreeMap::new();
    let mut give = |name: &str| {
        let plain = name.to_ascii_lowercase();
        let Some(mut number) = taken.get(&plain).copied() else {
            taken.insert(plain, 1);
            return name.to_owned();
        };
        let mut given;
        loop {
            number += 1;
            given = format!("{name}_{number}");
            if !taken.contains_key(&given.to_ascii_lowercase()) {
                break;
            }
        }
        taken.insert(plain, number);
        taken.insert(given.to_ascii_lowercase(), 1);
        given
    };
    names.map(&mut give).collect()
}

/// The output as something that names can mean.
pub(super) fn alias((out, output): (&Out, &Output)) -> Option<OutputAlias> {
    let (label, Output::Expr { expr, name: _ }) = (out.label.clone()?, output) else { return None };
    Some(OutputAlias { label, expr: expr.clone(), ty: out.ty, parts: out.parts })
}

/// The name that the engine gives an output without one (and that can be named), and the name it is shown with.
pub(super) fn implied(expr: &Expr, dialect: Dialect) -> (Option<String>, Option<String>) {
    let shown = match expr {
        Expr::Call(call) => Some(call.function.name.to_ascii_lowercase()),
        Expr::Case { .. } => Some("case".to_owned()),
        Expr::Cast { operand, .. } => match &**operand {
            Expr::Column { name, .. } => name.last().map(|part| part.text.clone()),
            _ => implied(operand, dialect).1,
        },
        Expr::Exists { .. } => Some("exists".to_owned()),
        Expr::Extract { .. } => Some("extract".to_owned()),
        _ => None,
    };
    match dialect {
        Dialect::Postgres => (shown.as_ref().map(|name| name.to_ascii_lowercase()), None),
        Dialect::MySql | Dialect::SqlServer | Dialect::Sqlite => (None, shown),
    }
}

impl Resolver<'_> {
    pub(super) fn star(&mut self, at: At, exprs: &mut Vec<Expr>, outs: &mut Vec<Out>) -> Result<(), Refusal> {
        let level = self.innermost()?;
        let all = level.visible.clone();
        if all.is_empty() {
            return Err(refused(at, Objection::Widthless));
        }
        self.stand_for(&all, exprs, outs)
    }

    pub(super) fn star_of(
        &mut self,
        name: &[Part],
        at: At,
        exprs: &mut Vec<Expr>,
        outs: &mut Vec<Out>,
    ) -> Result<(), Refusal> {
        let dialect = self.dialect;
        let (schema, relation) = match name {
            [relation] => (None, relation),
            [schema, relation] => (Some(schema), relation),
            _ => return Err(refused(at, Objection::Column(format!("{}.*", written(name))))),
        };
        let level = self.innermost()?;
        let Hit::One(relation) = level.relation(schema, relation, dialect) else {
            return Err(refused(at, Objection::Column(format!("{}.*", written(name)))));
        };
        let width = level.relations.get(relation).map_or(0, |known| known.columns.len());
        let all: Vec<Visible> = (0..width).map(|column| Visible::One { relation, column }).collect();
        self.stand_for(&all, exprs, outs)
    }

    fn stand_for(
        &mut self,
        all: &[Visible],
        exprs: &mut Vec<Expr>,
        outs: &mut Vec<Out>,
    ) -> Result<(), Refusal> {
        self.spend(all.len())?;
        let level = self.innermost()?;
        for visible in all {
            let found = level.take(visible).ok_or(Refusal::Unverified)?;
            outs.push(Out::new(Some(found.label), found.ty));
            exprs.push(found.expr);
        }
        Ok(())
    }

    /// Resolves an output: what it holds, and its name if it is a column.
    pub(super) fn typed_column(&mut self, expr: &mut Expr) -> Result<(Type, Option<String>), Refusal> {
        let Expr::Column { name, at } = expr else {
            let ty = self.typed(expr)?;
            return Ok((ty, None));
        };
        self.spend(1)?;
        let found = self.column(name, *at)?;
        *expr = found.expr;
        Ok((found.ty, Some(found.label)))
    }

    /// Resolves an expression: what it holds, as far as that is plain to see.
    pub(super) fn typed(&mut self, expr: &mut Expr) -> Result<Type, Refusal> {
        let carried = match expr {
            Expr::Column { .. } => return self.typed_column(expr).map(|(ty, _)| ty),
            Expr::Call(call) if carries(call.function.name) => match call.arguments.as_slice() {
                [Expr::Column { name, at }] => Some(self.column(name, *at)?.ty),
                _ => None,
            },
            Expr::Scalar(query) => {
                let outs = self.within(query)?;
                return Ok(outs.first().map_or(Type::Other, |out| out.ty));
            }
            _ => None,
        };
        self.expr(expr)?;
        Ok(carried.unwrap_or_else(|| held(expr)))
    }
}

/// Functions whose value is one of those that their one argument has.
fn carries(function: &str) -> bool {
    ["first_value", "lag", "last_value", "lead", "max", "min"]
        .iter()
        .any(|name| function.eq_ignore_ascii_case(name))
}

/// What an expression that is no column and no query holds.
fn held(expr: &Expr) -> Type {
    match expr {
        Expr::And(_)
        | Expr::Between { .. }
        | Expr::Compare { .. }
        | Expr::Distinct { .. }
        | Expr::Exists { .. }
        | Expr::In { .. }
        | Expr::InQuery { .. }
        | Expr::Is { .. }
        | Expr::Like { .. }
        | Expr::Not(_)
        | Expr::Or(_)
        | Expr::Quantified { .. } => Type::Boolean,
        Expr::Call(call) if call.function.name.eq_ignore_ascii_case("count") => Type::Integer,
        Expr::Cast { ty, .. } => cast(ty),
        Expr::Literal(value) => literal(value),
        _ => Type::Other,
    }
}

fn literal(value: &Value) -> Type {
    match value {
        Value::Boolean(_) => Type::Boolean,
        Value::Bytes(_) => Type::Bytes,
        Value::Date(_) => Type::Date,
        Value::Decimal(_) => Type::Decimal,
        Value::Integer(_) => Type::Integer,
        Value::Number(digits) if digits.parse::<i64>().is_ok() => Type::Integer,
        Value::Number(_) => Type::Decimal,
        Value::Null => Type::Other,
        Value::Real(_) => Type::Real,
        Value::Text(_) | Value::Untyped(_) => Type::Text,
        Value::Time(_) => Type::Time,
        Value::Timestamp(_) => Type::Timestamp,
        Value::TimestampTz(_) => Type::TimestampTz,
        Value::Uuid(_) => Type::Uuid,
    }
}

fn cast(ty: &CastType) -> Type {
    match ty {
        CastType::Array(_) | CastType::Interval => Type::Other,
        CastType::BigInt | CastType::Integer | CastType::Signed | CastType::SmallInt | CastType::Unsigned => {
            Type::Integer
        }
        CastType::Boolean => Type::Boolean,
        CastType::Bytes => Type::Bytes,
        CastType::Char(_) | CastType::Text | CastType::Varchar(_) => Type::Text,
        CastType::Date => Type::Date,
        CastType::DateTime | CastType::Timestamp => Type::Timestamp,
        CastType::DoublePrecision | CastType::Real => Type::Real,
        CastType::Json | CastType::JsonBinary => Type::Json,
        CastType::Numeric(_, _) => Type::Decimal,
        CastType::Time => Type::Time,
        CastType::TimestampTz => Type::TimestampTz,
        CastType::Uuid => Type::Uuid,
    }
}
