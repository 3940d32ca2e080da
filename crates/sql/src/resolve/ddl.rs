//! Changes of the schema: of tables that the role sees, and in schemas that it sees tables of.
//!
//! Conditions on rows and masks go by the names of columns, so a table that has any keeps its form.

use crate::check::Statement;
use crate::ir::{At, Body, ColumnDefinition, Ddl, Expr, TargetTable};
use crate::name::Part;
use crate::refusal::{Objection, Refusal};
use crate::rights::Operation;
use crate::scope::ScopedTable;

use super::{Resolver, quoted, refused, unknown_table};

impl<'a> Resolver<'a> {
    pub(super) fn ddl(mut self, ddl: Ddl) -> Result<Statement, Refusal> {
        if !self.caller.scope.takes_ddl() {
            return Err(refused(At::default(), Objection::Ddl));
        }
        let (ddl, label) = match ddl {
            Ddl::AddColumn { table, column } => {
                let (table, target) = self.altered(&table)?;
                (Ddl::AddColumn { table: target, column: self.definition(column)? }, table.label.clone())
            }
            Ddl::CreateIndex { name, table, columns, unique } => {
                let (table, target) = self.altered(&table)?;
                let columns = self.own(table, &columns)?;
                let name = quoted(&self.declared(&name)?);
                (Ddl::CreateIndex { name, table: target, columns, unique }, table.label.clone())
            }
            Ddl::CreateTable { table, columns, primary_key, if_not_exists } => {
                let (table, label) = self.created(&table)?;
                let columns = columns
                    .into_iter()
                    .map(|column| self.definition(column))
                    .collect::<Result<Vec<_>, _>>()?;
                let key = primary_key.iter().map(|name| self.declared(name).map(|name| quoted(&name)));
                let primary_key = key.collect::<Result<Vec<_>, _>>()?;
                (Ddl::CreateTable { table, columns, primary_key, if_not_exists }, label)
            }
            Ddl::DropColumn { table, column } => {
                let (table, target) = self.altered(&table)?;
                let column = quoted(&self.writable(table, &column, target.at)?.name);
                (Ddl::DropColumn { table: target, column }, table.label.clone())
            }
            Ddl::DropTable { table, if_exists } => {
                let (table, target) = self.altered(&table)?;
                (Ddl::DropTable { table: target, if_exists }, table.label.clone())
            }
            Ddl::RenameColumn { table, from, to } => {
                let (table, target) = self.altered(&table)?;
                let from = quoted(&self.writable(table, &from, target.at)?.name);
                (
                    Ddl::RenameColumn { table: target, from, to: quoted(&self.declared(&to)?) },
                    table.label.clone(),
                )
            }
        };
        let mut statement = self.statement(Body::Ddl(ddl), &[], 0);
        if !statement.tables.contains(&label) {
            statement.tables.insert(0, label);
        }
        Ok(statement)
    }

    /// A table that is there, and that nothing of the role's rights depends on.
    fn altered(&self, target: &TargetTable) -> Result<(&'a ScopedTable, TargetTable), Refusal> {
        let scope = self.caller.scope;
        let table = scope
            .named(&target.name)
            .ok_or_else(|| unknown_table(&target.name, target.at, Operation::Read, self.caller))?;
        if !(table.rows.is_empty() && table.masks.is_empty()) {
            return Err(refused(target.at, Objection::DdlGuarded(table.label.clone())));
        }
        Ok((table, named(&table.schema, &table.name, target.at)))
    }

    /// A table that is not there yet, and what callers will call it.
    fn created(&self, target: &TargetTable) -> Result<(TargetTable, String), Refusal> {
        let scope = self.caller.scope;
        let (schema, name) = match target.name.as_slice() {
            [name] => (Some(scope.home()), name),
            [schema, name] => (scope.schema(schema), name),
            _ => return Err(refused(target.at, Objection::DdlElsewhere(super::written(&target.name)))),
        };
        let elsewhere = || refused(target.at, Objection::DdlElsewhere(super::written(&target.name)));
        let schema = schema.ok_or_else(elsewhere)?;
        let name = self.declared(name)?;
        if self.dialect.is_system(schema, &name) || name.is_empty() {
            return Err(elsewhere());
        }
        let label = if schema == scope.home() { name.clone() } else { format!("{schema}.{name}") };
        Ok((named(schema, &name, target.at), label))
    }

    fn own(&self, table: &'a ScopedTable, columns: &[Part]) -> Result<Vec<Part>, Refusal> {
        let own = |name: &Part| self.writable(table, name, At::default()).map(|column| quoted(&column.name));
        columns.iter().map(own).collect()
    }

    /// A reference can be asked whether a value is there, so it is to what the role may read whole.
    fn definition(&mut self, column: ColumnDefinition) -> Result<ColumnDefinition, Refusal> {
        let name = quoted(&self.declared(&column.name)?);
        if column.default.as_ref().is_some_and(|default| !matches!(default, Expr::Literal(_))) {
            let what = "a default that is not a literal".to_owned();
            return Err(refused(At::default(), Objection::Construct(what)));
        }
        let references = match column.references {
            None => None,
            Some((target, to)) => {
                let scope = self.caller.scope;
                let table = scope
                    .find(&target.name, Operation::Read)
                    .ok_or_else(|| unknown_table(&target.name, target.at, Operation::Read, self.caller))?;
                if !table.rows.is_empty() {
                    return Err(refused(target.at, Objection::DdlGuarded(table.label.clone())));
                }
                let to = self.writable(table, &to, target.at)?;
                self.touch(table, Operation::Read, [to.name.as_str()]);
                Some((named(&table.schema, &table.name, target.at), quoted(&to.name)))
            }
        };
        Ok(ColumnDefinition { name, references, ..column })
    }
}

fn named(schema: &str, name: &str, at: At) -> TargetTable {
    TargetTable { name: vec![quoted(schema), quoted(name)], alias: None, at }
}
