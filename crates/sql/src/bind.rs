//! The names and values of a condition bound to what they stand for: columns resolved, literals typed.
//!
//! This is where a denied column meets its end: only the scope's columns are looked at, so nothing that names
//! another one gets further. Row rules are the exception, and are the policy's, not the caller's.

mod condition;
mod exact;

use crate::catalogue::{Column, Type};
use crate::claims::Claims;
use crate::dialect::Dialect;
use crate::filter::{self, Subject};
use crate::ir::{At, Expr};
use crate::name::{Name, Part};
use crate::refusal::{Place, Refusal};
use crate::request::Problem;
use crate::scope::ScopedTable;

pub(crate) use condition::{Binder, never};
pub(crate) use exact::{binary, is_blind};

/// What a name in a condition stands for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Operand {
    pub(crate) expr: Expr,
    pub(crate) ty: Type,
    /// The declared type, where it is a column; nothing of an aggregate.
    pub(crate) type_name: String,
    pub(crate) nullable: bool,
    /// As a refusal speaks of it.
    pub(crate) name: String,
}

/// Those who know what names stand for.
pub(crate) trait Names {
    /// What the subject stands for.
    fn operand(&self, subject: &Subject, place: Place) -> Result<Operand, Refusal>;
}

/// One table of the scope, under its own name, and the columns of it that may be named.
#[derive(Clone, Copy)]
pub(crate) struct Bound<'a> {
    pub(crate) table: &'a ScopedTable,
    pub(crate) columns: &'a [Column],
    pub(crate) dialect: Dialect,
}

impl<'a> Bound<'a> {
    /// The table with the columns that its caller may name.
    pub(crate) fn scoped(table: &'a ScopedTable, dialect: Dialect) -> Bound<'a> {
        Bound { table, columns: &table.columns, dialect }
    }

    /// The column a name means: `id`, `orders.id`, `main.orders.id`.
    pub(crate) fn column(&self, name: &Name, place: Place) -> Result<&'a Column, Refusal> {
        self.resolve(name).ok_or_else(|| Refusal::Column {
            place,
            column: name.written(),
            table: self.table.label.clone(),
        })
    }

    fn resolve(&self, name: &Name) -> Option<&'a Column> {
        let ([.., part], qualifier) = (name.parts(), name.parts().split_last()?.1) else { return None };
        let table_fits = |part: &Part| part.is(&self.table.name, self.dialect);
        let fits = match qualifier {
            [] => true,
            [table] => table_fits(table),
            [schema, table] => schema.is(&self.table.schema, self.dialect) && table_fits(table),
            _ => false,
        };
        let columns = self.columns.iter();
        fits.then(|| part.find(columns, self.dialect, |column: &Column| Some(column.name.as_str()))).flatten()
    }

    /// The column as an expression.
    pub(crate) fn reference(&self, column: &Column) -> Expr {
        Expr::Column { name: vec![part(&self.table.name), part(&column.name)], at: At::default() }
    }

    /// The column as something that can be compared.
    pub(crate) fn column_operand(&self, column: &Column) -> Operand {
        Operand {
            expr: self.reference(column),
            ty: column.ty,
            type_name: column.type_name.to_ascii_lowercase(),
            nullable: column.nullable,
            name: column.name.clone(),
        }
    }
}

impl Names for Bound<'_> {
    fn operand(&self, subject: &Subject, place: Place) -> Result<Operand, Refusal> {
        match subject {
            Subject::Aggregate(aggregate) => {
                Err(Refusal::Request { place, problem: Problem::InFilter(aggregate.written()) })
            }
            Subject::Column(name) => Ok(self.column_operand(self.column(name, place)?)),
        }
    }
}

/// A row rule of the table as an expression over all of its columns, under the table's own name. The claims it speaks of
/// become values.
pub(crate) fn row_rule(
    text: &str,
    table: &ScopedTable,
    claims: &Claims,
    dialect: Dialect,
) -> Result<Expr, Refusal> {
    let unfit = || Refusal::RowRule { table: table.label.clone() };
    let rule = filter::row_rule(text).map_err(|_| unfit())?;
    let bound = Bound { table, columns: &table.every, dialect };
    let binder =
        Binder { names: &bound, dialect, claims: Some((claims, &table.label)), place: Place::Filter };
    binder.filter(&rule).map_err(|refusal| match refusal {
        Refusal::Claim { .. } => refusal,
        // What else does not fit may be about columns that the caller may not know of.
        _ => unfit(),
    })
}

/// A name of the catalogue.
pub(crate) fn part(text: &str) -> Part {
    Part { text: text.to_owned(), quoted: true }
}
