//! GROUP BY and ORDER BY, where a name or a number can mean an output.
//!
//! An output is named in the order by the name it is printed with, which every engine takes for it first. A group has no
//! such rule, so the output's expression is put there; in MySQL its place, because there every parameter is another.

use crate::dialect::Dialect;
use crate::ir::{At, Expr, GroupTerm, Order, Output};
use crate::name::Part;
use crate::refusal::{Objection, Refusal};
use crate::value::Value;

use super::environment::{Hit, Source, hit};
use super::outputs::Out;
use super::{Resolver, column, quoted, refused, walk};

impl Resolver<'_> {
    pub(super) fn groups(
        &mut self,
        group: &mut [GroupTerm],
        outputs: &[Output],
        outs: &[Out],
    ) -> Result<(), Refusal> {
        for term in group {
            match term {
                GroupTerm::Expr(expr) => self.group(expr, outputs, outs)?,
                GroupTerm::Cube(lists) | GroupTerm::Rollup(lists) | GroupTerm::Sets(lists) => {
                    for expr in lists.iter_mut().flatten() {
                        self.group(expr, outputs, outs)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn group(&mut self, expr: &mut Expr, outputs: &[Output], outs: &[Out]) -> Result<(), Refusal> {
        let place = match expr {
            Expr::Literal(Value::Number(digits)) => Some(position(digits, outs.len())?),
            Expr::Column { name, at } => match name.as_slice() {
                [name] => self.grouped_output(name, *at, outs)?,
                _ => None,
            },
            _ => None,
        };
        if place.is_none() {
            self.expr(expr)?;
        }
        let place = place.or_else(|| {
            let is_same = |output: &Output| matches!(output, Output::Expr { expr: own, .. } if own == expr);
            (self.dialect == Dialect::MySql && binds(expr))
                .then(|| outputs.iter().position(is_same))
                .flatten()
        });
        let Some(place) = place else { return Ok(()) };
        let (Some(Output::Expr { expr: own, name: _ }), Some(out)) = (outputs.get(place), outs.get(place))
        else {
            return Err(Refusal::Unverified);
        };
        let is_by_place = matches!(own, Expr::Literal(_)) || (self.dialect == Dialect::MySql && binds(own));
        *expr = if is_by_place {
            Expr::Literal(Value::Number((place + 1).to_string()))
        } else {
            self.spend(out.parts)?;
            own.clone()
        };
        Ok(())
    }

    /// A table's whole primary key in GROUP BY lets the outputs speak of its other columns. A sub-select has no key, so the
    /// columns that are used are put there as well, which changes no group.
    pub(super) fn complete(&mut self, group: &mut Vec<GroupTerm>) -> Result<(), Refusal> {
        let is_plain = group.iter().all(|term| matches!(term, GroupTerm::Expr(_)));
        if group.is_empty() || !is_plain || !matches!(self.dialect, Dialect::MySql | Dialect::Postgres) {
            return Ok(());
        }
        let has = |group: &[GroupTerm], expr: &Expr| {
            group.iter().any(|term| matches!(term, GroupTerm::Expr(own) if own == expr))
        };
        for known in &self.innermost()?.relations {
            let Source::Table(table) = known.origin else { continue };
            let mut key = table.every.iter().filter(|column| column.primary_key).peekable();
            let is_whole = key.peek().is_some()
                && key.all(|own| {
                    table.mask(&own.name).is_none() && has(group, &column(&known.printed, &own.name))
                });
            let used = known.columns.iter().filter(|column| is_whole && column.used);
            for expr in used.map(|own| column(&known.printed, &own.name)) {
                if !has(group, &expr) {
                    group.push(GroupTerm::Expr(expr));
                }
            }
        }
        Ok(())
    }

    /// The output that a name in GROUP BY means: none if a column has the name, and none in T-SQL.
    fn grouped_output(&mut self, name: &Part, at: At, outs: &[Out]) -> Result<Option<usize>, Refusal> {
        if self.dialect == Dialect::SqlServer {
            return Ok(None);
        }
        let Some(level) = self.levels.last() else { return Ok(None) };
        let labels = level.visible.iter().map(|visible| level.label(visible));
        match hit(name, self.dialect, labels) {
            Hit::None => self.output(name, at, outs),
            Hit::Many | Hit::One(_) => Ok(None),
        }
    }

    /// The output that a name means.
    fn output(&self, name: &Part, at: At, outs: &[Out]) -> Result<Option<usize>, Refusal> {
        let labels = outs.iter().map(|out| out.label.as_deref().unwrap_or_default());
        match hit(name, self.dialect, labels) {
            Hit::Many => Err(refused(at, Objection::Ambiguous(name.text.clone()))),
            Hit::None => Ok(None),
            Hit::One(place) => Ok(Some(place)),
        }
    }

    pub(super) fn order_term(
        &mut self,
        order: &mut Order,
        outputs: &[Output],
        outs: &[Out],
        is_distinct: bool,
    ) -> Result<(), Refusal> {
        // T-SQL says where NULLs stand by an expression, in which outputs have no name.
        let by_expression = self.dialect == Dialect::SqlServer && order.nulls.is_some();
        self.order_expr(&mut order.expr, outputs, outs, is_distinct)?;
        if by_expression
            && let Expr::Column { name, at: _ } = &order.expr
            && let [name] = name.as_slice()
        {
            let is_named =
                |output: &&Output| matches!(output, Output::Expr { name: Some(own), .. } if own == name);
            if let Some(Output::Expr { expr, name: _ }) = outputs.iter().find(is_named) {
                order.expr = expr.clone();
            }
        }
        Ok(())
    }

    pub(super) fn order_expr(
        &mut self,
        expr: &mut Expr,
        outputs: &[Output],
        outs: &[Out],
        is_distinct: bool,
    ) -> Result<(), Refusal> {
        let place = match expr {
            Expr::Literal(Value::Number(digits)) => Some(position(digits, outs.len())?),
            Expr::Column { name, at } => match name.as_slice() {
                [name] => match self.output(name, *at, outs) {
                    // Several outputs of one name may all be the one column that the name means.
                    Err(refusal) => Some(same_output(name, outputs, outs, self.dialect).ok_or(refusal)?),
                    Ok(place) => place,
                },
                _ => None,
            },
            _ => None,
        };
        if place.is_none() {
            self.expr(expr)?;
        }
        let place = place.or_else(|| {
            let is_same = |output: &Output| matches!(output, Output::Expr { expr: own, .. } if own == expr);
            let needs_output = is_distinct || (self.dialect == Dialect::MySql && binds(expr));
            needs_output.then(|| outputs.iter().position(is_same)).flatten()
        });
        if let Some(out) = place.and_then(|place| outs.get(place)) {
            *expr = by_name(out);
        }
        Ok(())
    }

    /// The order of combined queries, which can only be by their outputs.
    pub(super) fn order_of_names(
        &mut self,
        mut order: Vec<Order>,
        outs: &[Out],
    ) -> Result<Vec<Order>, Refusal> {
        for term in &mut order {
            let place = match &term.expr {
                Expr::Literal(Value::Number(digits)) => position(digits, outs.len())?,
                Expr::Column { name, at } => match name.as_slice() {
                    [name] => self
                        .output(name, *at, outs)?
                        .ok_or_else(|| refused(*at, Objection::Column(name.text.clone())))?,
                    _ => return Err(combined_order(*at)),
                },
                _ => return Err(combined_order(At::default())),
            };
            term.expr = by_name(outs.get(place).ok_or(Refusal::Unverified)?);
        }
        Ok(order)
    }
}

fn combined_order(at: At) -> Refusal {
    let what = "an order of combined queries by anything but the names or positions of their columns";
    refused(at, Objection::Construct(what.to_owned()))
}

fn by_name(out: &Out) -> Expr {
    Expr::Column { name: vec![quoted(&out.name)], at: At::default() }
}

/// Of several outputs of a name, the first, if all are the same.
fn same_output(name: &Part, outputs: &[Output], outs: &[Out], dialect: Dialect) -> Option<usize> {
    let is_meant = |out: &Out| out.label.as_ref().is_some_and(|label| name.is(label, dialect));
    let places: Vec<usize> =
        outs.iter().enumerate().filter(|(_, out)| is_meant(out)).map(|(place, _)| place).collect();
    let (first, rest) = places.split_first()?;
    let expr = |place: &usize| match outputs.get(*place) {
        Some(Output::Expr { expr, name: _ }) => Some(expr),
        _ => None,
    };
    rest.iter().all(|place| expr(place) == expr(first)).then_some(*first)
}

/// The place of an output that a number means.
fn position(digits: &str, count: usize) -> Result<usize, Refusal> {
    let place = digits.parse::<usize>().ok().filter(|place| (1..=count).contains(place));
    let unknown = || Objection::Position { position: digits.to_owned(), count };
    place.map(|place| place - 1).ok_or_else(|| refused(At::default(), unknown()))
}

/// Whether the expression has a parameter.
fn binds(expr: &Expr) -> bool {
    walk::any(expr, &mut |expr| matches!(expr, Expr::Literal(value) if value.bind().is_some()))
}
