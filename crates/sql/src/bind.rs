//! A filter's names and values bound to one table: columns resolved, literals typed.
//!
//! This is where a denied column meets its end: only the scope's columns are looked at, so nothing that names
//! another one gets further.

use crate::catalogue::{Column, Type};
use crate::dialect::Dialect;
use crate::filter::{Condition, Filter, Given, Node, Test};
use crate::ir::{At, Expr, IsTest};
use crate::name::{Name, Part};
use crate::refusal::{Place, Refusal};
use crate::scope::ScopedTable;
use crate::value::{self, Value};

/// One table of the scope, under the alias the statement gives it.
pub(crate) struct Bound<'a> {
    pub(crate) table: &'a ScopedTable,
    pub(crate) dialect: Dialect,
}

impl<'a> Bound<'a> {
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
        let columns = self.table.columns.iter();
        fits.then(|| part.find(columns, self.dialect, |column: &Column| Some(column.name.as_str()))).flatten()
    }

    /// The column as an expression.
    pub(crate) fn reference(&self, column: &Column) -> Expr {
        let part = |text: &str| Part { text: text.to_owned(), quoted: true };
        Expr::Column { name: vec![part(&self.table.name), part(&column.name)], at: At::default() }
    }

    /// The filter as an expression.
    pub(crate) fn filter(&self, filter: &Filter) -> Result<Expr, Refusal> {
        self.node(&filter.root)
    }

    fn node(&self, node: &Node) -> Result<Expr, Refusal> {
        match node {
            Node::And(all) => Ok(Expr::And(self.nodes(all)?)),
            Node::Condition(condition) => self.condition(condition),
            Node::Not(inner) => Ok(Expr::Not(Box::new(self.node(inner)?))),
            Node::Or(all) => Ok(Expr::Or(self.nodes(all)?)),
        }
    }

    fn nodes(&self, nodes: &[Node]) -> Result<Vec<Expr>, Refusal> {
        nodes.iter().map(|node| self.node(node)).collect()
    }

    fn condition(&self, condition: &Condition) -> Result<Expr, Refusal> {
        let place = Place::Filter(condition.offset);
        let column = self.column(&condition.name, place)?;
        let operand = Box::new(match self.dialect.compares_as_text(column.ty) {
            true => Expr::Cast {
                operand: Box::new(self.reference(column)),
                ty: crate::ir::CastType::Text,
                lenient: false,
            },
            false => self.reference(column),
        });
        match &condition.test {
            Test::Between { negated, low, high } => {
                let (low, high) =
                    (Box::new(self.literal(low, column)?), Box::new(self.literal(high, column)?));
                Ok(Expr::Between { negated: *negated, operand, low, high })
            }
            Test::Compare(operator, given) => {
                let right = Box::new(self.literal(given, column)?);
                Ok(Expr::Compare { operator: *operator, left: operand, right })
            }
            Test::In { negated, values } => {
                let list =
                    values.iter().map(|given| self.literal(given, column)).collect::<Result<_, _>>()?;
                Ok(Expr::In { negated: *negated, operand, list })
            }
            Test::Match { negated, pattern } if self.matches_patterns(column.ty) => {
                let pattern = Box::new(Expr::Literal(Value::Text(pattern.clone())));
                Ok(Expr::Like {
                    negated: *negated,
                    blind: true,
                    operand,
                    pattern,
                    escape: Some(crate::filter::ESCAPE),
                })
            }
            Test::Match { .. } => Err(mismatch(place, column)),
            Test::Null { negated } => {
                let operand = Box::new(self.reference(column));
                Ok(Expr::Is { negated: *negated, operand, test: IsTest::Null })
            }
        }
    }

    fn literal(&self, given: &Given, column: &Column) -> Result<Expr, Refusal> {
        value::typed(&given.literal, column.ty, self.dialect)
            .map(Expr::Literal)
            .ok_or_else(|| mismatch(Place::Filter(given.offset), column))
    }

    /// Whether LIKE and its forms make sense: on text, and on whatever the engine may hold text in.
    fn matches_patterns(&self, ty: Type) -> bool {
        match ty {
            Type::Other | Type::Text => true,
            Type::Date | Type::Time | Type::Timestamp | Type::TimestampTz | Type::Uuid => {
                !self.dialect.is_strictly_typed()
            }
            Type::Boolean | Type::Bytes | Type::Decimal | Type::Integer | Type::Json | Type::Real => false,
        }
    }
}

fn mismatch(place: Place, column: &Column) -> Refusal {
    Refusal::Mismatch { place, column: column.name.clone(), ty: column.ty }
}
