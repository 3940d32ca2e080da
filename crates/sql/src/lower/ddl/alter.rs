//! ALTER TABLE: one column added, dropped or renamed.

use sqlparser::ast;

use crate::dialect::Dialect;
use crate::ir::{At, Ddl, DefinedType, TargetTable};

use super::within_schema;
use crate::lower::name::place;
use crate::lower::{Foreign, Lowering, absent, refuse};

impl Lowering<'_> {
    pub(in crate::lower) fn alter_table(&self, alter: &ast::AlterTable) -> Result<Ddl, Foreign> {
        let ast::AlterTable {
            name,
            if_exists,
            only,
            operations,
            location,
            on_cluster,
            table_type,
            end_token: _,
        } = alter;
        let here = place(name);
        let unwanted = [
            (*if_exists, "IF EXISTS in ALTER TABLE"),
            (*only, "ONLY"),
            (location.is_some() || on_cluster.is_some() || table_type.is_some(), "this form of ALTER TABLE"),
        ];
        absent(&unwanted, here)?;
        let table = self.ddl_target(name)?;
        match operations.as_slice() {
            [ast::AlterTableOperation::AddColumn { .. }, ..] => self.add_column(table, operations, here),
            [
                ast::AlterTableOperation::DropColumn {
                    has_column_keyword: _,
                    column_names,
                    if_exists,
                    drop_behavior,
                },
            ] => {
                let unwanted = [
                    (*if_exists, "IF EXISTS in DROP COLUMN"),
                    (drop_behavior.is_some(), "CASCADE and RESTRICT"),
                ];
                absent(&unwanted, here)?;
                let [column] = column_names.as_slice() else {
                    return refuse("DROP COLUMN of several columns", here);
                };
                Ok(Ddl::DropColumn { table, column: self.part(column)? })
            }
            [ast::AlterTableOperation::RenameColumn { old_column_name, new_column_name }]
                if !self.is(Dialect::SqlServer) =>
            {
                Ok(Ddl::RenameColumn {
                    table,
                    from: self.part(old_column_name)?,
                    to: self.part(new_column_name)?,
                })
            }
            [_] => refuse("this change of a table", here),
            _ => refuse("several changes of a table in one statement", here),
        }
    }

    /// ADD COLUMN, and in MySQL the foreign key of the column behind it.
    fn add_column(
        &self,
        table: TargetTable,
        operations: &[ast::AlterTableOperation],
        here: At,
    ) -> Result<Ddl, Foreign> {
        let (added, key) = match operations {
            [added] => (added, None),
            [added, ast::AlterTableOperation::AddConstraint { constraint, not_valid: false }]
                if self.is(Dialect::MySql) =>
            {
                (added, Some(constraint))
            }
            _ => return refuse("several changes of a table in one statement", here),
        };
        let ast::AlterTableOperation::AddColumn {
            column_keyword: _,
            if_not_exists,
            column_def,
            column_position,
        } = added
        else {
            return refuse("this change of a table", here);
        };
        let unwanted = [
            (*if_not_exists, "IF NOT EXISTS in ADD COLUMN"),
            (column_position.is_some(), "the position of a column"),
        ];
        absent(&unwanted, here)?;
        let (mut column, is_key) = self.column_definition(column_def)?;
        // In SQLite a counter says that it is the key where it says that it counts; the engine refuses to add one.
        let is_counter = self.is(Dialect::Sqlite) && column.ty == DefinedType::Counter;
        absent(&[(is_key && !is_counter, "a primary key in ADD COLUMN")], here)?;
        if let Some(constraint) = key {
            let ast::TableConstraint::ForeignKey(key) = constraint else {
                return refuse("several changes of a table in one statement", here);
            };
            let (name, references) = self.foreign_key(key, here)?;
            absent(&[(name != column.name || column.references.is_some(), "this foreign key")], here)?;
            column.references = Some(references);
        }
        if self.is(Dialect::Sqlite) {
            within_schema(&table, std::slice::from_mut(&mut column));
        }
        Ok(Ddl::AddColumn { table, column })
    }
}
