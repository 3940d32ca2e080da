//! UPDATE and DELETE, and what all statements that change rows share: the target, the columns that may be written, and
//! what is given back.
//!
//! The conditions on the table's rows are part of every condition, first. A masked column means its mask, except as a target,
//! which it cannot be.

use crate::catalogue::Column;
use crate::check::Statement;
use crate::dialect::Dialect;
use crate::ir::{Assignment, At, Body, Delete, Expr, Output, TargetTable, Update, With};
use crate::name::Part;
use crate::refusal::{Objection, Refusal};
use crate::rights::Operation;
use crate::scope::ScopedTable;

use super::environment::{Known, KnownColumn, Level, Source};
use super::guard::{self, Image};
use super::join::all;
use super::outputs::Out;
use super::{Origin, Resolver, mask, quoted, refused, unknown_table, walk};

/// A table that is changed.
#[derive(Clone)]
pub(super) struct Target<'a> {
    pub(super) table: &'a ScopedTable,
    /// What the caller calls it.
    pub(super) label: String,
    /// What it is printed as.
    pub(super) printed: String,
    pub(super) ir: TargetTable,
}

/// A change of rows that are there: the parts that UPDATE and DELETE share, resolved.
struct Change {
    with: Option<With>,
    /// The conditions on the rows and the caller's own, in this order.
    conditions: Vec<Expr>,
}

impl<'a> Resolver<'a> {
    pub(super) fn update(mut self, update: Update) -> Result<Statement, Refusal> {
        let target = self.target(&update.table, Operation::Update)?;
        let change = self.change(&target, Operation::Update, (update.with, update.filter))?;
        let Change { with, mut conditions } = change;
        let assigned: Vec<Part> = update.assignments.iter().map(|one| one.column.clone()).collect();
        let assignments = self.assignments(&target, update.assignments, &assigned)?;
        let mut guards = Vec::new();
        if let Some(image) = self.new_image(&target, &assignments)? {
            let from = (with.clone(), guard::table(&target));
            guards.push(guard::outside(from, conditions.clone(), image.clone(), self.dialect)?);
            conditions.insert(self.rules(target.table)?.len(), image);
        }
        let (returning, outs) = self.returning(&target, Operation::Update, update.returning)?;
        self.read_columns(&target)?;
        self.levels.clear();
        let filter = (!conditions.is_empty()).then(|| all(conditions));
        let body = Body::Update(Update { with, table: target.ir, assignments, filter, returning });
        let row_limit = self.caller.scope.max_rows();
        Ok(Statement { guards, ..self.statement(body, &outs, row_limit) })
    }

    pub(super) fn delete(mut self, delete: Delete) -> Result<Statement, Refusal> {
        let target = self.target(&delete.table, Operation::Delete)?;
        let change = self.change(&target, Operation::Delete, (delete.with, delete.filter))?;
        let Change { with, conditions } = change;
        self.touch(target.table, Operation::Delete, []);
        let (returning, outs) = self.returning(&target, Operation::Delete, delete.returning)?;
        self.read_columns(&target)?;
        self.levels.clear();
        let filter = (!conditions.is_empty()).then(|| all(conditions));
        let body = Body::Delete(Delete { with, table: target.ir, filter, returning });
        let row_limit = self.caller.scope.max_rows();
        Ok(self.statement(body, &outs, row_limit))
    }

    /// The table that is changed. An alias is kept where the engine takes one in every clause.
    pub(super) fn target(&self, target: &TargetTable, operation: Operation) -> Result<Target<'a>, Refusal> {
        let scope = self.caller.scope;
        let table = scope
            .find(&target.name, operation)
            .ok_or_else(|| unknown_table(&target.name, target.at, operation, self.caller))?;
        let alias = target.alias.as_ref().map(|alias| self.declared(alias)).transpose()?;
        let takes_alias = match self.dialect {
            Dialect::MySql => operation == Operation::Update,
            Dialect::Postgres => operation != Operation::Insert,
            Dialect::SqlServer | Dialect::Sqlite => false,
        };
        let printed = alias.clone().filter(|_| takes_alias);
        let name = vec![quoted(&table.schema), quoted(&table.name)];
        Ok(Target {
            table,
            label: alias.unwrap_or_else(|| table.name.clone()),
            ir: TargetTable { name, alias: printed.as_deref().map(quoted), at: At::default() },
            printed: printed.unwrap_or_else(|| table.name.clone()),
        })
    }

    /// The condition of a change, in a level that knows the target.
    fn change(
        &mut self,
        target: &Target<'a>,
        operation: Operation,
        (with, filter): (Option<With>, Option<Expr>),
    ) -> Result<Change, Refusal> {
        let with = with.map(|with| self.with(with)).transpose()?;
        let mut level = Level::new(vec![target.printed.clone()]);
        level.add(self.known(target, &target.label, &target.printed)?);
        self.levels.push(level);
        let mut conditions = self.rules_of(target)?;
        let is_limited = !conditions.is_empty();
        if let Some(mut filter) = filter {
            if is_limited && self.caller.origin == Origin::Text {
                self.plain(&filter, &target.table.label)?;
            }
            self.expr(&mut filter)?;
            conditions.push(filter);
        }
        let names_column =
            self.innermost()?.relations.iter().any(|known| known.columns.iter().any(|one| one.used));
        if !(names_column || self.caller.scope.takes_unconditional_writes()) {
            let objection = Objection::Condition { operation, table: target.table.label.clone() };
            return Err(refused(target.ir.at, objection));
        }
        Ok(Change { with, conditions })
    }

    /// The target as a relation: its columns can be named if the role may read the table.
    pub(super) fn known(
        &self,
        target: &Target<'a>,
        label: &str,
        printed: &str,
    ) -> Result<Known<'a>, Refusal> {
        let is_read = target.table.permits(Operation::Read);
        let mut columns = Vec::new();
        for column in target.table.columns.iter().filter(|_| is_read) {
            let instead = match target.table.mask(&column.name) {
                None => None,
                Some(_) => Some(mask::column(target.table, printed, &column.name, self.caller.scope)?),
            };
            let (label, name) = (column.name.clone(), column.name.clone());
            columns.push(KnownColumn { label, name, ty: column.ty, instead, used: false });
        }
        let has_alias = label != target.table.name;
        let schema = (!has_alias).then_some(target.table.schema.as_str());
        let (label, printed) = (label.to_owned(), printed.to_owned());
        Ok(Known { label, schema, printed, columns, origin: Source::Table(target.table) })
    }

    /// The conditions on the target's rows, over the target as it is printed.
    pub(super) fn rules_of(&mut self, target: &Target<'a>) -> Result<Vec<Expr>, Refusal> {
        let mut rules = self.rules(target.table)?;
        for rule in &mut rules {
            guard::replace(rule, &mut |name| Some(super::column(&target.printed, &name.text)));
        }
        Ok(rules)
    }

    /// A column that may be written.
    pub(super) fn writable(
        &self,
        table: &'a ScopedTable,
        name: &Part,
        at: At,
    ) -> Result<&'a Column, Refusal> {
        let columns = table.columns.iter();
        let column = name.find(columns, self.dialect, |column: &Column| Some(column.name.as_str()));
        let column = column.ok_or_else(|| refused(at, Objection::Column(name.text.clone())))?;
        match table.mask(&column.name) {
            None => Ok(column),
            Some(_) => Err(refused(at, Objection::Masked(column.name.clone()))),
        }
    }

    /// Assignments. `assigned` are the names of all columns that are.
    pub(super) fn assignments(
        &mut self,
        target: &Target<'a>,
        assignments: Vec<Assignment>,
        assigned: &[Part],
    ) -> Result<Vec<Assignment>, Refusal> {
        let deciding = self.deciding(target.table)?;
        let mut done: Vec<Assignment> = Vec::new();
        for Assignment { column, value, at } in assignments {
            let column = self.writable(target.table, &column, at)?;
            if done.iter().any(|other| other.column.text == column.name) {
                return Err(refused(at, Objection::Repeated(column.name.clone())));
            }
            if deciding.contains(&column.name.as_str()) {
                self.deciding_value(target.table, column, value.as_ref(), assigned)?;
            }
            let mut value = value;
            value.iter_mut().try_for_each(|value| self.expr(value))?;
            self.touch(target.table, Operation::Update, [column.name.as_str()]);
            done.push(Assignment { column: quoted(&column.name), value, at });
        }
        Ok(done)
    }

    /// The conditions on rows as they will be for the changed row, if the change is about them.
    pub(super) fn new_image(
        &mut self,
        target: &Target<'a>,
        assignments: &[Assignment],
    ) -> Result<Option<Expr>, Refusal> {
        let deciding = self.deciding(target.table)?;
        let image: Image = assignments
            .iter()
            .filter(|one| deciding.contains(&one.column.text.as_str()))
            .filter_map(|one| {
                let name = &one.column.text;
                let value = guard::compared(one.value.as_ref()?, name, target.table, self.dialect);
                Some((name.clone(), value))
            })
            .collect();
        if image.is_empty() {
            return Ok(None);
        }
        let mut rules = self.rules(target.table)?;
        for rule in &mut rules {
            guard::replace(rule, &mut |name| {
                let new =
                    image.iter().find(|(column, _)| *column == name.text).map(|(_, value)| value.clone());
                new.or_else(|| Some(super::column(&target.printed, &name.text)))
            });
            self.spend(walk::size(rule))?;
        }
        Ok(Some(all(rules)))
    }

    /// What is given back, in a level of its own where the engine has names of its own for it.
    pub(super) fn returning(
        &mut self,
        target: &Target<'a>,
        operation: Operation,
        returning: Vec<Output>,
    ) -> Result<(Vec<Output>, Vec<Out>), Refusal> {
        if returning.is_empty() {
            return Ok((Vec::new(), Vec::new()));
        }
        if self.dialect == Dialect::SqlServer {
            let images: &[&str] = match operation {
                Operation::Delete => &["deleted"],
                Operation::Insert | Operation::Read => &["inserted"],
                Operation::Update => &["inserted", "deleted"],
            };
            let mut level = Level::new(images.iter().map(|image| (*image).to_owned()).collect());
            for (place, image) in images.iter().enumerate() {
                if place == 0 {
                    level.add(self.known(target, &target.label, image)?);
                }
                level.relations.push(self.known(target, image, image)?);
            }
            self.read_columns(target)?;
            self.levels = vec![level];
        }
        self.outputs(returning)
    }

    /// Notes the columns of the target that were named.
    pub(super) fn read_columns(&mut self, target: &Target<'a>) -> Result<(), Refusal> {
        let table = target.table;
        let mut named = Vec::new();
        for known in &self.innermost()?.relations {
            let used = known.columns.iter().filter(|column| column.used).map(|column| &column.name);
            named.extend(used.filter_map(|name| table.columns.iter().find(|column| column.name == *name)));
        }
        if !named.is_empty() {
            self.touch(table, Operation::Read, named.into_iter().map(|column| column.name.as_str()));
        }
        Ok(())
    }
}
