//! Queries: WITH, sets of rows, and SELECT in the order in which its names come to mean something.

use crate::catalogue::Type;
use crate::dialect::Dialect;
use crate::ir::{
    Alias, At, Distinct, Expr, NamedQuery, Order, Output, Query, Relation, RowSet, Select, With,
};
use crate::name::Part;
use crate::refusal::{Objection, Refusal};
use crate::value::Value;

use super::environment::{AliasUse, Level, NamedRows};
use super::outputs::{self, Out};
use super::{MOST_RELATIONS, Resolver, quoted, refused};

/// A query of WITH that may speak of itself: its name becomes known with its first SELECT.
struct Recursion<'q> {
    label: String,
    printed: String,
    columns: &'q [Part],
}

impl<'a> Resolver<'a> {
    /// A query, and the columns of its rows.
    pub(super) fn query(&mut self, query: Query) -> Result<(Query, Vec<Out>), Refusal> {
        let outer = self.named.len();
        let with = query.with.map(|with| self.with(with)).transpose()?;
        let (rows, order, outs) = match query.rows {
            RowSet::Select(select) => {
                let (select, order, outs) = self.select(*select, query.order)?;
                (RowSet::Select(Box::new(select)), order, outs)
            }
            rows => {
                let (rows, outs) = self.rows(rows, None)?;
                let order = self.order_of_names(query.order, &outs)?;
                (rows, order, outs)
            }
        };
        self.named.truncate(outer);
        Ok((Query { with, rows, order, page: query.page }, outs))
    }

    pub(super) fn with(&mut self, with: With) -> Result<With, Refusal> {
        let start = self.named.len();
        let mut queries = Vec::new();
        for named in with.queries {
            let label = self.declared(&named.name)?;
            let known = self.named.get(start..).unwrap_or_default();
            if known.iter().any(|known| known.label.eq_ignore_ascii_case(&label)) {
                return Err(refused(At::default(), Objection::Repeated(label)));
            }
            queries.push(self.named_query(named, label, with.recursive)?);
        }
        Ok(With { recursive: with.recursive, queries })
    }

    /// The printed name begins with a number, so that none is ever taken for a table, wherever an engine looks.
    fn named_query(
        &mut self,
        named: NamedQuery,
        label: String,
        is_recursive: bool,
    ) -> Result<NamedQuery, Refusal> {
        self.numbered += 1;
        let short: String = label.chars().take(40).collect();
        let printed = format!("{} {short}", self.numbered);
        // These two have recursion without the word.
        let is_recursive = is_recursive || matches!(self.dialect, Dialect::Sqlite | Dialect::SqlServer);
        let (outer, before) = (self.named.len(), self.unfolded);
        let (query, outs) = match named.query.rows {
            rows @ RowSet::Combined { .. } if is_recursive => {
                let with = named.query.with.map(|with| self.with(with)).transpose()?;
                let recursion =
                    Recursion { label: label.clone(), printed: printed.clone(), columns: &named.columns };
                let (rows, outs) = self.rows(rows, Some(&recursion))?;
                let order = self.order_of_names(named.query.order, &outs)?;
                (Query { with, rows, order, page: named.query.page }, outs)
            }
            rows => self.query(Query { rows, ..named.query })?,
        };
        self.named.truncate(outer);
        let rows = self.named_rows(label, printed.clone(), &named.columns, &outs)?;
        let rows = NamedRows { relations: self.unfolded.saturating_sub(before).max(1), ..rows };
        let columns = rows.columns.iter().map(|(_, printed, _)| quoted(printed)).collect();
        self.named.push(rows);
        Ok(NamedQuery { name: quoted(&printed), columns, query })
    }

    fn named_rows(
        &mut self,
        label: String,
        printed: String,
        columns: &[Part],
        outs: &[Out],
    ) -> Result<NamedRows, Refusal> {
        let labels = self.relabelled(outs.iter().map(|out| out.shown_label()), columns)?;
        let names = outputs::distinct(labels.iter().map(String::as_str));
        let columns =
            labels.into_iter().zip(names).zip(outs).map(|((label, name), out)| (label, name, out.ty));
        Ok(NamedRows { label, printed, columns: columns.collect(), relations: 1 })
    }

    /// The names of columns where a list renames the first of them.
    pub(super) fn relabelled(
        &self,
        labels: impl ExactSizeIterator<Item = String>,
        renamed: &[Part],
    ) -> Result<Vec<String>, Refusal> {
        if renamed.len() > labels.len() {
            let (left, right) = (labels.len(), renamed.len());
            return Err(refused(At::default(), Objection::Lengths { left, right }));
        }
        let mut names = renamed.iter().map(|part| self.declared(part)).collect::<Result<Vec<_>, _>>()?;
        names.extend(labels.skip(renamed.len()));
        Ok(names)
    }

    fn rows(
        &mut self,
        rows: RowSet,
        recursion: Option<&Recursion<'_>>,
    ) -> Result<(RowSet, Vec<Out>), Refusal> {
        let (rows, outs) = match rows {
            RowSet::Combined { operation, all, left, right } => {
                let (left, outs) = self.rows(*left, recursion)?;
                let (right, others) = self.rows(*right, None)?;
                if outs.len() != others.len() {
                    let lengths = Objection::Lengths { left: outs.len(), right: others.len() };
                    return Err(refused(At::default(), lengths));
                }
                let outs = outs.into_iter().zip(&others).map(|(out, other)| out.above(other)).collect();
                let rows = RowSet::Combined { operation, all, left: Box::new(left), right: Box::new(right) };
                return Ok((rows, outs));
            }
            RowSet::Query(query) => {
                let (query, outs) = self.query(*query)?;
                (RowSet::Query(Box::new(query)), outs)
            }
            RowSet::Select(select) => {
                let (select, _, outs) = self.select(*select, Vec::new())?;
                (RowSet::Select(Box::new(select)), outs)
            }
            RowSet::Values(rows) => self.values(rows)?,
        };
        if let Some(recursion) = recursion {
            let (label, printed) = (recursion.label.clone(), recursion.printed.clone());
            let known = self.named_rows(label, printed, recursion.columns, &outs)?;
            self.named.push(known);
        }
        Ok((rows, outs))
    }

    fn values(&mut self, mut rows: Vec<Vec<Expr>>) -> Result<(RowSet, Vec<Out>), Refusal> {
        let width = rows.first().map_or(0, Vec::len);
        let mut types = vec![Type::Other; width];
        for (place, row) in rows.iter_mut().enumerate() {
            if row.len() != width {
                let lengths = Objection::Lengths { left: width, right: row.len() };
                return Err(refused(At::default(), lengths));
            }
            for (expr, ty) in row.iter_mut().zip(&mut types) {
                let own = self.typed(expr)?;
                *ty = if place == 0 || *ty == own { own } else { Type::Other };
            }
        }
        let outs = types.into_iter().enumerate().map(|(place, ty)| Out::of_values(place, ty, self.dialect));
        Ok((RowSet::Values(rows), outs.collect()))
    }

    fn select(
        &mut self,
        mut select: Select,
        mut order: Vec<Order>,
    ) -> Result<(Select, Vec<Order>, Vec<Out>), Refusal> {
        let names = self.printed_names(&select.from)?;
        self.levels.push(Level::new(names));
        let mut from = Vec::new();
        for relation in select.from {
            from.push(self.relation(relation)?);
        }
        let windows =
            select.windows.iter().map(|(name, _)| self.declared(name)).collect::<Result<Vec<_>, _>>()?;
        self.innermost()?.windows = windows;
        let (outputs, outs) = self.outputs(select.outputs)?;
        let in_conditions = match self.dialect {
            Dialect::Sqlite => AliasUse::AfterColumns,
            Dialect::MySql | Dialect::Postgres | Dialect::SqlServer => AliasUse::Never,
        };
        let in_groups = match self.dialect {
            Dialect::MySql | Dialect::Sqlite => AliasUse::AfterColumns,
            Dialect::Postgres | Dialect::SqlServer => AliasUse::Never,
        };
        let in_order = match self.dialect {
            Dialect::MySql => AliasUse::BeforeColumns,
            Dialect::Sqlite => AliasUse::AfterColumns,
            Dialect::Postgres | Dialect::SqlServer => AliasUse::Never,
        };
        self.innermost()?.aliases = outs.iter().zip(&outputs).filter_map(outputs::alias).collect();
        self.innermost()?.alias_use = in_conditions;
        select.filter.iter_mut().try_for_each(|filter| self.expr(filter))?;
        self.innermost()?.alias_use = in_groups;
        self.groups(&mut select.group, &outputs, &outs)?;
        select.having.iter_mut().try_for_each(|having| self.expr(having))?;
        self.innermost()?.alias_use = AliasUse::Never;
        for (name, window) in &mut select.windows {
            *name = quoted(&self.declared(name)?);
            self.window(window)?;
        }
        self.innermost()?.alias_use = in_order;
        let is_distinct = select.distinct != Distinct::No;
        if let Distinct::On(list) = &mut select.distinct {
            for expr in list {
                self.order_expr(expr, &outputs, &outs, is_distinct)?;
            }
        }
        for term in &mut order {
            self.order_term(term, &outputs, &outs, is_distinct)?;
        }
        self.complete(&mut select.group)?;
        let level = self.levels.pop().ok_or(Refusal::Unverified)?;
        let mut known = level.relations.iter();
        let from =
            from.into_iter().map(|relation| self.scoped(relation, &mut known)).collect::<Result<_, _>>()?;
        Ok((Select { outputs, from, ..select }, order, outs))
    }

    pub(super) fn innermost(&mut self) -> Result<&mut Level<'a>, Refusal> {
        self.levels.last_mut().ok_or(Refusal::Unverified)
    }

    /// The names that the relations of a FROM will be printed with; no two may be the same.
    fn printed_names(&self, from: &[Relation]) -> Result<Vec<String>, Refusal> {
        let mut names = Vec::new();
        let mut rest: Vec<&Relation> = from.iter().collect();
        while let Some(relation) = rest.pop() {
            let (name, at) = match relation {
                Relation::Derived { lateral: _, query: _, alias }
                | Relation::Function { lateral: _, call: _, ordinality: _, alias } => {
                    (&alias.name, At::default())
                }
                Relation::Join { kind: _, left, right, on: _ } => {
                    rest.extend([&**left, right]);
                    continue;
                }
                Relation::Table { name, alias, at } => match (alias, name.last()) {
                    (Some(Alias { name, columns: _ }), _) | (None, Some(name)) => (name, *at),
                    (None, None) => return Err(Refusal::Unverified),
                },
            };
            let name = self.declared(name)?;
            if names.iter().any(|other: &String| other.eq_ignore_ascii_case(&name)) {
                return Err(refused(at, Objection::Repeated(name)));
            }
            names.push(name);
            if names.len() > MOST_RELATIONS {
                return Err(refused(at, Objection::TooLarge));
            }
        }
        Ok(names)
    }

    /// The outputs of a SELECT, stars written out.
    pub(super) fn outputs(&mut self, list: Vec<Output>) -> Result<(Vec<Output>, Vec<Out>), Refusal> {
        let mut exprs = Vec::new();
        let mut outs: Vec<Out> = Vec::new();
        for output in list {
            match output {
                Output::Expr { mut expr, name } => {
                    let name = name.map(|name| self.declared(&name)).transpose()?;
                    let before = self.parts;
                    let (label, shown) = outputs::implied(&expr, self.dialect);
                    let is_null = expr == Expr::Literal(Value::Null);
                    let found = self.typed_column(&mut expr)?;
                    let label = name.or(found.1).or(label);
                    let parts = self.parts - before;
                    outs.push(Out { shown, parts, is_null, ..Out::new(label, found.0) });
                    exprs.push(expr);
                }
                Output::Star(at) => self.star(at, &mut exprs, &mut outs)?,
                Output::StarOf(name, at) => self.star_of(&name, at, &mut exprs, &mut outs)?,
            }
        }
        outputs::name(&mut outs);
        let exprs = exprs.into_iter().zip(&outs);
        let outputs = exprs.map(|(expr, out)| Output::Expr { expr, name: Some(quoted(&out.name)) });
        Ok((outputs.collect(), outs))
    }
}
