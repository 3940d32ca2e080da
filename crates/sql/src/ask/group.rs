//! Groups of rows, and what they add up to.

use crate::bind::{Bound, Names, Operand, binary, is_blind, part};
use crate::catalogue::Column;
use crate::filter::Subject;
use crate::ir::{Body, Direction, Distinct, Expr, GroupTerm, Order, Output, Query as Rows, RowSet, Select};
use crate::refusal::{Place, Refusal};
use crate::request::{Problem, Query};

use super::field::{self, Field};
use super::{Asked, aggregate, condition, filter, ordered, page, relation, terms};

/// What a grouped query can name: the columns of its groups, and its fields.
struct Groups<'a> {
    bound: &'a Bound<'a>,
    columns: Vec<&'a Column>,
    fields: Vec<(String, Operand)>,
}

/// Whether the query is about groups: it says so, or an aggregate is among its fields.
pub(super) fn is_grouped(query: &Query, bound: &Bound<'_>) -> bool {
    let is_aggregate = |text: &String| {
        field::exactly(text, bound).is_none()
            && field::parse(text, bound, Place::Fields(0))
                .is_ok_and(|field| matches!(field.subject, Subject::Aggregate(_)))
    };
    !query.group.is_empty() || query.having.is_some() || query.fields.iter().any(is_aggregate)
}

/// The query as a statement.
pub(super) fn query(query: &Query, bound: &Bound<'_>) -> Result<Asked, Refusal> {
    if query.cursor.is_some() {
        return Err(Refusal::Request { place: Place::Cursor, problem: Problem::CursorUnknown });
    }
    let mut groups = Groups { bound, columns: columns(query, bound)?, fields: Vec::new() };
    groups.fields = groups.fields(query)?;
    let filter = filter(query.filter.as_deref(), bound)?;
    let having = condition(query.having.as_deref(), &groups, bound.dialect, Place::Having)?;
    let order = groups.order(query)?;
    let outputs = groups
        .fields
        .iter()
        .map(|(name, operand)| Output::Expr { expr: operand.expr.clone(), name: Some(part(name)) });
    let select = Select {
        distinct: Distinct::No,
        outputs: outputs.collect(),
        from: vec![relation(bound.table)],
        filter,
        group: groups.keys().into_iter().map(GroupTerm::Expr).collect(),
        having,
        windows: Vec::new(),
    };
    let rows = Rows { with: None, rows: RowSet::Select(Box::new(select)), order, page: page(query)? };
    Ok(Asked { body: Body::Query(rows), cursor: None })
}

/// The columns whose equal values make one group.
fn columns<'a>(query: &Query, bound: &Bound<'a>) -> Result<Vec<&'a Column>, Refusal> {
    let mut columns: Vec<&Column> = Vec::new();
    for (index, text) in query.group.iter().enumerate() {
        let place = Place::Group(index + 1);
        let column = field::column(text, bound, place)?;
        if !column.ty.has_order() {
            return Err(Refusal::Mismatch { place, column: column.name.clone(), ty: column.ty });
        }
        if columns.iter().any(|other| other.name == column.name) {
            return Err(Refusal::Repeated { place, column: column.name.clone() });
        }
        columns.push(column);
    }
    Ok(columns)
}

impl Groups<'_> {
    /// The fields under their names in the answer; without any, the columns of the groups.
    fn fields(&self, query: &Query) -> Result<Vec<(String, Operand)>, Refusal> {
        if query.fields.is_empty() {
            let operand = |column: &&Column| (column.name.clone(), self.bound.column_operand(column));
            let fields: Vec<(String, Operand)> = self.columns.iter().map(operand).collect();
            let empty = Refusal::Request { place: Place::Fields(1), problem: Problem::Empty };
            return if fields.is_empty() { Err(empty) } else { Ok(fields) };
        }
        let mut fields: Vec<(String, Operand)> = Vec::new();
        for (index, text) in query.fields.iter().enumerate() {
            let place = Place::Fields(index + 1);
            let (name, operand) = self.field(text, place)?;
            if fields.iter().any(|(other, _)| *other == name) {
                return Err(Refusal::Repeated { place, column: name });
            }
            fields.push((name, operand));
        }
        Ok(fields)
    }

    fn field(&self, text: &str, place: Place) -> Result<(String, Operand), Refusal> {
        if let Some(column) = field::exactly(text, self.bound) {
            return Ok((column.name.clone(), self.grouped(column, place)?));
        }
        if text == "*" {
            let problem = Problem::Differs(text.to_owned());
            return Err(Refusal::Request { place, problem });
        }
        let Field { subject, alias } = field::parse(text, self.bound, place)?;
        Ok(match &subject {
            Subject::Aggregate(aggregate) => {
                let operand = aggregate::operand(aggregate, self.bound, place)?;
                (alias.unwrap_or_else(|| aggregate::name(aggregate)), operand)
            }
            Subject::Column(name) => {
                let column = self.bound.column(name, place)?;
                (alias.unwrap_or_else(|| column.name.clone()), self.grouped(column, place)?)
            }
        })
    }

    /// The column, if a group has one value of it.
    fn grouped(&self, column: &Column, place: Place) -> Result<Operand, Refusal> {
        if self.columns.iter().any(|other| other.name == column.name) {
            return Ok(self.bound.column_operand(column));
        }
        Err(Refusal::Request { place, problem: Problem::Differs(column.name.clone()) })
    }

    /// What tells groups apart. Where the engine finds different texts equal their bytes do it, beside the text, which
    /// alone may be a field.
    fn keys(&self) -> Vec<Expr> {
        let mut keys = Vec::new();
        for column in &self.columns {
            let operand = self.bound.column_operand(column);
            let bytes = is_blind(&operand, self.bound.dialect).then(|| binary(operand.expr.clone()));
            keys.push(operand.expr);
            keys.extend(bytes);
        }
        keys
    }

    /// The order asked for, and then what tells groups apart, so that equals do not change places between pages.
    fn order(&self, query: &Query) -> Result<Vec<Order>, Refusal> {
        let mut order: Vec<Order> = Vec::new();
        for term in terms(query)? {
            let place = Place::Order(term.offset);
            let operand = self.operand(&term.subject, place)?;
            if !operand.ty.has_order() {
                return Err(Refusal::Mismatch { place, column: operand.name, ty: operand.ty });
            }
            if order.iter().any(|other| other.expr == operand.expr) {
                return Err(Refusal::Repeated { place, column: operand.name });
            }
            order.push(ordered(operand.expr, term.direction, operand.nullable));
        }
        for column in &self.columns {
            let operand = self.bound.column_operand(column);
            let is_blind = is_blind(&operand, self.bound.dialect);
            let bytes = is_blind.then(|| binary(operand.expr.clone()));
            if !order.iter().any(|other| other.expr == operand.expr) {
                order.push(ordered(operand.expr, Direction::Ascending, operand.nullable));
            }
            // Where the text is NULL its bytes are, and one place for them is enough.
            order.extend(bytes.map(|bytes| ordered(bytes, Direction::Ascending, false)));
        }
        Ok(order)
    }
}

impl Names for Groups<'_> {
    /// A field by its name in the answer, or else a column of the groups, or an aggregate of their rows.
    fn operand(&self, subject: &Subject, place: Place) -> Result<Operand, Refusal> {
        let name = match subject {
            Subject::Aggregate(aggregate) => return aggregate::operand(aggregate, self.bound, place),
            Subject::Column(name) => name,
        };
        if let [only] = name.parts()
            && let Some((_, operand)) =
                only.find(self.fields.iter(), self.bound.dialect, |(name, _)| Some(name.as_str()))
        {
            return Ok(operand.clone());
        }
        let not_of_group = || Refusal::Request { place, problem: Problem::NotOfGroup(name.written()) };
        let column = self.bound.column(name, place).map_err(|_| not_of_group())?;
        self.grouped(column, place).map_err(|_| not_of_group())
    }
}
