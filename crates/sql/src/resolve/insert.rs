//! INSERT, and what it does with a row that is there already.

use crate::catalogue::Type;
use crate::check::Statement;
use crate::dialect::Dialect;
use crate::ir::{
    Alias, Assignment, At, Body, Conflict, ConflictAction, Distinct, Expr, Insert, Output, Page, Query,
    Relation, RowSet, Select, Source as Rows,
};
use crate::name::Part;
use crate::refusal::{Objection, Refusal};
use crate::rights::Operation;

use super::environment::Level;
use super::join::all;
use super::outputs::Out;
use super::write::Target;
use super::{Origin, Resolver, column, guard, quoted, refused, unknown_table, walk};

/// What the row that could not be added is called.
const EXCLUDED: &str = "excluded";

/// What the rows of a query are called that are added.
const ADDED: &str = "added";

/// How many new rows one guard is about.
const ROWS_OF_A_GUARD: usize = 50;

impl<'a> Resolver<'a> {
    pub(super) fn insert(mut self, insert: Insert) -> Result<Statement, Refusal> {
        let target = self.target(&insert.table, Operation::Insert)?;
        let columns = self.inserted(&target, &insert)?;
        self.touch(target.table, Operation::Insert, columns.iter().copied());
        let mut guards = Vec::new();
        let source = match insert.source {
            Rows::Query(query) => {
                Rows::Query(Box::new(self.added_query(&target, &columns, *query, &mut guards)?))
            }
            Rows::Values(rows) => Rows::Values(self.added_values(&target, &columns, rows, &mut guards)?),
        };
        let mut level = Level::new(vec![target.printed.clone(), EXCLUDED.to_owned()]);
        level.add(self.known(&target, &target.label, &target.printed)?);
        self.levels.push(level);
        let conflict = insert.conflict.map(|conflict| self.conflict(&target, conflict)).transpose()?;
        let (returning, outs) = self.returning(&target, Operation::Insert, insert.returning)?;
        self.read_columns(&target)?;
        self.levels.clear();
        let columns = columns.into_iter().map(|name| (quoted(name), At::default())).collect();
        let body = Body::Insert(Insert { table: target.ir, columns, source, conflict, returning });
        let row_limit = self.caller.scope.max_rows();
        Ok(Statement { guards, ..self.statement(body, &outs, row_limit) })
    }

    /// The columns that are given values: those named, or all the role knows of.
    fn inserted(&self, target: &Target<'a>, insert: &Insert) -> Result<Vec<&'a str>, Refusal> {
        let mut columns: Vec<&'a str> = Vec::new();
        let all: Vec<(Part, At)>;
        let has_none = matches!(&insert.source, Rows::Values(rows) if rows.iter().all(Vec::is_empty));
        let named = match insert.columns.is_empty() && !has_none {
            false => &insert.columns,
            true => {
                all =
                    target.table.columns.iter().map(|column| (quoted(&column.name), target.ir.at)).collect();
                &all
            }
        };
        for (name, at) in named {
            let column = self.writable(target.table, name, *at)?;
            if columns.contains(&column.name.as_str()) {
                return Err(refused(*at, Objection::Repeated(column.name.clone())));
            }
            columns.push(&column.name);
        }
        Ok(columns)
    }

    fn added_values(
        &mut self,
        target: &Target<'a>,
        columns: &[&'a str],
        mut rows: Vec<Vec<Option<Expr>>>,
        guards: &mut Vec<Body>,
    ) -> Result<Vec<Vec<Option<Expr>>>, Refusal> {
        let deciding = self.deciding(target.table)?;
        if let Some(name) = deciding.iter().find(|name| !columns.contains(name)) {
            return Err(guard::new_row(target.table, Some(name)));
        }
        let rules = self.rules(target.table)?;
        let mut kept = Vec::new();
        for row in &mut rows {
            if row.len() != columns.len() {
                let (left, right) = (columns.len(), row.len());
                return Err(refused(target.ir.at, Objection::Lengths { left, right }));
            }
            for (value, name) in row.iter_mut().zip(columns) {
                if deciding.contains(name) {
                    let column = self.writable(target.table, &quoted(name), target.ir.at)?;
                    self.deciding_value(target.table, column, value.as_ref(), &[])?;
                }
                value.iter_mut().try_for_each(|value| self.expr(value))?;
            }
            for rule in &rules {
                let mut rule = rule.clone();
                guard::replace(&mut rule, &mut |name| {
                    let place = columns.iter().position(|column| *column == name.text)?;
                    let value = row.get(place)?.as_ref()?;
                    Some(guard::compared(value, &name.text, target.table, self.dialect))
                });
                self.spend(walk::size(&rule))?;
                kept.push(rule);
            }
        }
        for rules in kept.chunks(ROWS_OF_A_GUARD) {
            guards.push(guard::unless(all(rules.to_vec())));
        }
        Ok(rows)
    }

    fn added_query(
        &mut self,
        target: &Target<'a>,
        columns: &[&'a str],
        query: Query,
        guards: &mut Vec<Body>,
    ) -> Result<Query, Refusal> {
        let (mut query, outs) = self.query(query)?;
        if outs.len() != columns.len() {
            let (left, right) = (columns.len(), outs.len());
            return Err(refused(target.ir.at, Objection::Lengths { left, right }));
        }
        let mut rules = self.rules(target.table)?;
        if rules.is_empty() {
            return Ok(query);
        }
        for name in self.deciding(target.table)? {
            let place = columns.iter().position(|column| *column == name);
            let own = target.table.every.iter().find(|column| column.name == name).map(|column| column.ty);
            let given = place.and_then(|place| outs.get(place)).map(|out| out.ty);
            // What is not plain to see may be stored as something else than it is compared as.
            if given.is_none() || given != own || given == Some(Type::Other) {
                return Err(guard::new_row(target.table, Some(name)));
            }
        }
        let name = |name: &Part| {
            let place = columns.iter().position(|column| *column == name.text)?;
            outs.get(place).map(|out| column(ADDED, &out.name))
        };
        for rule in &mut rules {
            guard::replace(rule, &mut |column| name(column));
        }
        let kept = all(rules);
        // What is added must be what was looked at, were it by chance.
        let is_open = query.page == Page::default() && query.order.is_empty();
        query.page.fenced = is_open && matches!(query.rows, RowSet::Select(_));
        let with = query.with.take();
        let from = added(query, &outs);
        guards.push(guard::outside((with.clone(), from.clone()), Vec::new(), kept.clone(), self.dialect)?);
        let outputs = outs
            .iter()
            .map(|out| Output::Expr { expr: column(ADDED, &out.name), name: Some(quoted(&out.name)) });
        let select = Select {
            distinct: Distinct::No,
            outputs: outputs.collect(),
            from: vec![from],
            filter: Some(kept),
            group: Vec::new(),
            having: None,
            windows: Vec::new(),
        };
        let rows = RowSet::Select(Box::new(select));
        Ok(Query { with, rows, order: Vec::new(), page: Page::default() })
    }

    fn conflict(&mut self, target: &Target<'a>, conflict: Conflict) -> Result<Conflict, Refusal> {
        let table = target.table;
        let mut columns = Vec::new();
        for (name, at) in conflict.columns {
            let column = self.writable(table, &name, at)?;
            if !table.permits(Operation::Read) {
                return Err(refused(at, Objection::Column(name.text)));
            }
            self.touch(table, Operation::Read, [column.name.as_str()]);
            columns.push((quoted(&column.name), at));
        }
        let ConflictAction::Update { assignments, filter } = conflict.action else {
            return Ok(Conflict { columns, action: ConflictAction::Nothing });
        };
        for operation in [Operation::Read, Operation::Update] {
            if !table.permits(operation) {
                return Err(unknown_table(&target.ir.name, target.ir.at, operation, self.caller));
            }
        }
        let rules = self.rules_of(target)?;
        if !rules.is_empty() && self.dialect == Dialect::MySql {
            return Err(refused(target.ir.at, Objection::Upsert(table.label.clone())));
        }
        let mut excluded = self.known(target, EXCLUDED, EXCLUDED)?;
        excluded.columns.retain(|column| column.instead.is_none());
        self.innermost()?.relations.push(excluded);
        let assigned: Vec<Part> = assignments.iter().map(|one| one.column.clone()).collect();
        let assignments: Vec<Assignment> = self.assignments(target, assignments, &assigned)?;
        let image = self.new_image(target, &assignments)?;
        let is_limited = !rules.is_empty();
        let mut conditions = rules;
        conditions.extend(image);
        if let Some(mut filter) = filter {
            if is_limited && self.caller.origin == Origin::Text {
                self.plain(&filter, &table.label)?;
            }
            self.expr(&mut filter)?;
            conditions.push(filter);
        }
        // RETURNING knows nothing of the row that could not be added.
        self.innermost()?.relations.truncate(1);
        let filter = (!conditions.is_empty()).then(|| all(conditions));
        Ok(Conflict { columns, action: ConflictAction::Update { assignments, filter } })
    }
}

/// The rows of a query that are added, as a relation.
fn added(query: Query, outs: &[Out]) -> Relation {
    let is_nameless = outs.iter().any(|out| out.is_nameless);
    let columns = outs.iter().filter(|_| is_nameless).map(|out| quoted(&out.name)).collect();
    let alias = Alias { name: quoted(ADDED), columns };
    Relation::Derived { lateral: false, query: Box::new(query), alias }
}
