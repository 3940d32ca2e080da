//! Every place of a statement whose value is a parameter of its print, in one order.
//!
//! What is printed as digits, as a word or as a literal is none. Structures are taken apart field by field: a place that
//! is forgotten here costs a parse for each run of the statement, and lets nothing through.

use crate::ir::{
    Assignment, Body, Call, ConflictAction, Delete, Distinct, Expr, Frame, FrameBound, GroupTerm, Insert,
    Match, Order, Output, Over, Page, Query, Relation, RowSet, Select, Source, Update, Window, With,
};
use crate::value::Value;

/// One such place.
pub(super) enum Slot<'a> {
    Rows(&'a mut u64),
    Value(&'a mut Value),
}

/// Something that has such places.
pub(super) trait Parameters {
    fn parameters(&mut self, visit: &mut dyn FnMut(Slot<'_>));
}

impl<T: Parameters> Parameters for Box<T> {
    fn parameters(&mut self, visit: &mut dyn FnMut(Slot<'_>)) {
        self.as_mut().parameters(visit);
    }
}

impl<T: Parameters> Parameters for Option<T> {
    fn parameters(&mut self, visit: &mut dyn FnMut(Slot<'_>)) {
        self.iter_mut().for_each(|one| one.parameters(visit));
    }
}

impl<T: Parameters> Parameters for Vec<T> {
    fn parameters(&mut self, visit: &mut dyn FnMut(Slot<'_>)) {
        self.iter_mut().for_each(|one| one.parameters(visit));
    }
}

impl Parameters for Body {
    fn parameters(&mut self, visit: &mut dyn FnMut(Slot<'_>)) {
        match self {
            Body::Ddl(_) => {}
            Body::Delete(Delete { with, table: _, filter, returning }) => {
                with.parameters(visit);
                filter.parameters(visit);
                returning.parameters(visit);
            }
            Body::Insert(insert) => insert.parameters(visit),
            Body::Query(query) => query.parameters(visit),
            Body::Update(Update { with, table: _, assignments, filter, returning }) => {
                with.parameters(visit);
                assignments.parameters(visit);
                filter.parameters(visit);
                returning.parameters(visit);
            }
        }
    }
}

impl Parameters for Insert {
    fn parameters(&mut self, visit: &mut dyn FnMut(Slot<'_>)) {
        let Insert { table: _, columns: _, source, conflict, returning } = self;
        match source {
            Source::Query(query) => query.parameters(visit),
            Source::Values(rows) => rows.parameters(visit),
        }
        match conflict.as_mut().map(|conflict| &mut conflict.action) {
            None | Some(ConflictAction::Nothing) => {}
            Some(ConflictAction::Update { assignments, filter }) => {
                assignments.parameters(visit);
                filter.parameters(visit);
            }
        }
        returning.parameters(visit);
    }
}

impl Parameters for Assignment {
    fn parameters(&mut self, visit: &mut dyn FnMut(Slot<'_>)) {
        let Assignment { column: _, value, at: _ } = self;
        value.parameters(visit);
    }
}

impl Parameters for Query {
    fn parameters(&mut self, visit: &mut dyn FnMut(Slot<'_>)) {
        let Query { with, rows, order, page: Page { limit, offset, fenced: _ } } = self;
        with.parameters(visit);
        rows.parameters(visit);
        order.parameters(visit);
        limit.iter_mut().chain(offset).for_each(|rows| visit(Slot::Rows(rows)));
    }
}

impl Parameters for With {
    fn parameters(&mut self, visit: &mut dyn FnMut(Slot<'_>)) {
        self.queries.iter_mut().for_each(|named| named.query.parameters(visit));
    }
}

impl Parameters for RowSet {
    fn parameters(&mut self, visit: &mut dyn FnMut(Slot<'_>)) {
        match self {
            RowSet::Combined { operation: _, all: _, left, right } => {
                left.parameters(visit);
                right.parameters(visit);
            }
            RowSet::Query(query) => query.parameters(visit),
            RowSet::Select(select) => select.parameters(visit),
            RowSet::Values(rows) => rows.parameters(visit),
        }
    }
}

impl Parameters for Select {
    fn parameters(&mut self, visit: &mut dyn FnMut(Slot<'_>)) {
        let Select { distinct, outputs, from, filter, group, having, windows } = self;
        distinct.parameters(visit);
        outputs.parameters(visit);
        from.parameters(visit);
        filter.parameters(visit);
        group.parameters(visit);
        having.parameters(visit);
        windows.iter_mut().for_each(|(_, window)| window.parameters(visit));
    }
}

impl Parameters for Distinct {
    fn parameters(&mut self, visit: &mut dyn FnMut(Slot<'_>)) {
        match self {
            Distinct::No | Distinct::Rows => {}
            Distinct::On(keys) => keys.parameters(visit),
        }
    }
}

impl Parameters for Output {
    fn parameters(&mut self, visit: &mut dyn FnMut(Slot<'_>)) {
        match self {
            Output::Expr { expr, name: _ } => expr.parameters(visit),
            Output::Star(_) | Output::StarOf(_, _) => {}
        }
    }
}

impl Parameters for GroupTerm {
    fn parameters(&mut self, visit: &mut dyn FnMut(Slot<'_>)) {
        match self {
            GroupTerm::Cube(sets) | GroupTerm::Rollup(sets) | GroupTerm::Sets(sets) => sets.parameters(visit),
            GroupTerm::Expr(expr) => expr.parameters(visit),
        }
    }
}

impl Parameters for Relation {
    fn parameters(&mut self, visit: &mut dyn FnMut(Slot<'_>)) {
        match self {
            Relation::Derived { lateral: _, query, alias: _ } => query.parameters(visit),
            Relation::Function { lateral: _, call, ordinality: _, alias: _ } => call.parameters(visit),
            Relation::Join { kind: _, left, right, on } => {
                left.parameters(visit);
                right.parameters(visit);
                match on {
                    Match::Natural | Match::Nothing | Match::Using(_) => {}
                    Match::On(condition) => condition.parameters(visit),
                }
            }
            Relation::Table { name: _, alias: _, at: _ } => {}
        }
    }
}

impl Parameters for Order {
    fn parameters(&mut self, visit: &mut dyn FnMut(Slot<'_>)) {
        let Order { expr, direction: _, nulls: _ } = self;
        expr.parameters(visit);
    }
}

impl Parameters for Window {
    fn parameters(&mut self, visit: &mut dyn FnMut(Slot<'_>)) {
        let Window { base: _, partition, order, frame } = self;
        partition.parameters(visit);
        order.parameters(visit);
        if let Some(Frame { unit: _, start, end }) = frame {
            start.parameters(visit);
            end.parameters(visit);
        }
    }
}

impl Parameters for FrameBound {
    fn parameters(&mut self, visit: &mut dyn FnMut(Slot<'_>)) {
        match self {
            FrameBound::CurrentRow | FrameBound::UnboundedFollowing | FrameBound::UnboundedPreceding => {}
            FrameBound::Following(distance) | FrameBound::Preceding(distance) => distance.parameters(visit),
        }
    }
}

impl Parameters for Call {
    fn parameters(&mut self, visit: &mut dyn FnMut(Slot<'_>)) {
        let Call {
            function: _,
            arguments,
            star: _,
            distinct: _,
            order,
            within,
            separator: _,
            filter,
            over,
            at: _,
        } = self;
        arguments.parameters(visit);
        order.parameters(visit);
        within.parameters(visit);
        filter.parameters(visit);
        match over {
            None | Some(Over::Named(_)) => {}
            Some(Over::Here(window)) => window.parameters(visit),
        }
    }
}

impl Parameters for Expr {
    fn parameters(&mut self, visit: &mut dyn FnMut(Slot<'_>)) {
        match self {
            Expr::And(all) | Expr::Array(all) | Expr::Or(all) | Expr::Tuple(all) => all.parameters(visit),
            Expr::AtTimeZone { operand: left, zone: right }
            | Expr::Binary { operator: _, left, right }
            | Expr::Compare { operator: _, left, right }
            | Expr::Distinct { negated: _, left, right }
            | Expr::Like { negated: _, blind: _, operand: left, pattern: right, escape: _ }
            | Expr::Quantified { operator: _, left, quantifier: _, right } => {
                left.parameters(visit);
                right.parameters(visit);
            }
            Expr::Between { negated: _, operand, low, high } => {
                operand.parameters(visit);
                low.parameters(visit);
                high.parameters(visit);
            }
            Expr::Call(call) => call.parameters(visit),
            Expr::Case { operand, branches, otherwise } => {
                operand.parameters(visit);
                for branch in branches {
                    branch.when.parameters(visit);
                    branch.then.parameters(visit);
                }
                otherwise.parameters(visit);
            }
            Expr::Cast { operand: inner, ty: _, lenient: _ }
            | Expr::Convert { operand: inner, ty: _, style: _, lenient: _ }
            | Expr::Extract { unit: _, from: inner }
            | Expr::Interval { amount: inner, unit: _ }
            | Expr::Is { negated: _, operand: inner, test: _ }
            | Expr::Not(inner)
            | Expr::Unary { operator: _, operand: inner } => inner.parameters(visit),
            Expr::Column { name: _, at: _ } | Expr::Unit(_) => {}
            Expr::Exists { negated: _, query } | Expr::Scalar(query) => query.parameters(visit),
            Expr::In { negated: _, operand, list } => {
                operand.parameters(visit);
                list.parameters(visit);
            }
            Expr::InQuery { negated: _, operand, query } => {
                operand.parameters(visit);
                query.parameters(visit);
            }
            Expr::Literal(Value::Boolean(_) | Value::Null | Value::Number(_)) => {}
            Expr::Literal(value) => visit(Slot::Value(value)),
            Expr::Trim(trim) => {
                trim.what.parameters(visit);
                trim.from.parameters(visit);
            }
        }
    }
}
