//! Changes of the schema.

mod alter;

use sqlparser::ast::helpers::stmt_create_table::CreateTableBuilder;
use sqlparser::ast::{self, Spanned};

use crate::dialect::Dialect;
use crate::ir::{At, ColumnDefinition, Ddl, TargetTable};
use crate::name::Part;

use super::name::place;
use super::{Foreign, Lowering, absent, at, refuse};

impl Lowering<'_> {
    fn ddl_target(&self, name: &ast::ObjectName) -> Result<TargetTable, Foreign> {
        Ok(TargetTable { name: self.object(name)?, alias: None, at: place(name) })
    }

    pub(super) fn create_table(&self, create: &ast::CreateTable) -> Result<Ddl, Foreign> {
        let table = self.ddl_target(&create.name)?;
        self.plain(create)?;
        let mut columns = Vec::with_capacity(create.columns.len());
        let mut primary_key = Vec::new();
        for column in &create.columns {
            let (column, is_key) = self.column_definition(column)?;
            if is_key {
                absent(&[(!primary_key.is_empty(), "a second primary key")], place(&create.name))?;
                primary_key.push(column.name.clone());
            }
            columns.push(column);
        }
        absent(&[(columns.is_empty(), "a table without columns")], place(&create.name))?;
        for constraint in &create.constraints {
            self.constraint_of(constraint, &mut columns, &mut primary_key, place(&create.name))?;
        }
        if self.is(Dialect::Sqlite) {
            within_schema(&table, &mut columns);
        }
        Ok(Ddl::CreateTable { table, columns, primary_key, if_not_exists: create.if_not_exists })
    }

    /// Compares with the same table made of nothing but what is read here, so that no option passes unseen.
    fn plain(&self, create: &ast::CreateTable) -> Result<(), Foreign> {
        let plain = CreateTableBuilder::new(create.name.clone())
            .columns(create.columns.clone())
            .constraints(create.constraints.clone())
            .if_not_exists(create.if_not_exists)
            .hive_formats(
                create.hive_formats.clone().filter(|formats| *formats == ast::HiveFormat::default()),
            )
            .build();
        let has_options = ast::Statement::CreateTable(create.clone()) != plain.into();
        let unwanted = [
            (create.query.is_some(), "CREATE TABLE AS"),
            (create.temporary, "a temporary table"),
            (create.or_replace, "OR REPLACE"),
            (create.if_not_exists && self.is(Dialect::SqlServer), "IF NOT EXISTS"),
            (has_options, "an option of CREATE TABLE"),
        ];
        absent(&unwanted, place(&create.name))
    }

    /// A constraint of the table: the primary key, or what could stand at one column as well.
    fn constraint_of(
        &self,
        constraint: &ast::TableConstraint,
        columns: &mut [ColumnDefinition],
        primary_key: &mut Vec<Part>,
        here: At,
    ) -> Result<(), Foreign> {
        match constraint {
            ast::TableConstraint::PrimaryKey(key) => {
                absent(&[(!primary_key.is_empty(), "a second primary key")], here)?;
                *primary_key = self.key_columns(key, here)?;
                Ok(())
            }
            ast::TableConstraint::Unique(unique) => {
                let names = self.unique_columns(unique, here)?;
                let [name] = names.as_slice() else {
                    return refuse("UNIQUE of several columns (CREATE UNIQUE INDEX says the same)", here);
                };
                match columns.iter_mut().find(|column| column.name.is(&name.text, self.dialect)) {
                    Some(column) => column.unique = true,
                    None => return refuse("UNIQUE of a column that the table has not", here),
                }
                Ok(())
            }
            ast::TableConstraint::ForeignKey(key) => {
                let (name, references) = self.foreign_key(key, here)?;
                match columns.iter_mut().find(|column| column.name.is(&name.text, self.dialect)) {
                    Some(column) if column.references.is_none() => column.references = Some(references),
                    Some(_) | None => return refuse("this foreign key", here),
                }
                Ok(())
            }
            ast::TableConstraint::Check(_) => refuse("CHECK", here),
            ast::TableConstraint::Index(_) | ast::TableConstraint::FulltextOrSpatial(_) => {
                refuse("an index within CREATE TABLE", here)
            }
            ast::TableConstraint::PrimaryKeyUsingIndex(_)
            | ast::TableConstraint::UniqueUsingIndex(_)
            | ast::TableConstraint::Exclude(_) => refuse("a constraint of this kind", here),
        }
    }

    pub(super) fn create_index(&self, create: &ast::CreateIndex) -> Result<Ddl, Foreign> {
        let ast::CreateIndex {
            name,
            table_name,
            using,
            columns,
            unique,
            concurrently,
            r#async,
            if_not_exists,
            include,
            nulls_distinct,
            with,
            predicate,
            index_options,
            alter_options,
        } = create;
        let here = place(table_name);
        let unwanted = [
            (using.is_some(), "USING in CREATE INDEX"),
            (*concurrently || *r#async, "CONCURRENTLY"),
            (*if_not_exists, "IF NOT EXISTS in CREATE INDEX"),
            (!include.is_empty(), "INCLUDE"),
            (nulls_distinct.is_some(), "NULLS DISTINCT"),
            (
                !with.is_empty() || !index_options.is_empty() || !alter_options.is_empty(),
                "options of an index",
            ),
            (predicate.is_some(), "an index of some of the rows"),
            (columns.is_empty(), "an index of no columns"),
        ];
        absent(&unwanted, here)?;
        let Some(name) = name else { return refuse("an index without a name", here) };
        let mut table = self.ddl_target(table_name)?;
        let name = self.index_name(name, &mut table)?;
        let columns = self.each(columns, |lowering, column| lowering.index_column(column, here))?;
        Ok(Ddl::CreateIndex { name, table, columns, unique: *unique })
    }

    /// In SQLite the schema is said before the name of the index, and belongs to the table.
    fn index_name(&self, name: &ast::ObjectName, table: &mut TargetTable) -> Result<Part, Foreign> {
        let mut parts = self.object(name)?;
        match (parts.pop(), parts.pop(), parts.is_empty()) {
            (Some(name), None, true) => Ok(name),
            (Some(name), Some(schema), true) if self.is(Dialect::Sqlite) && table.name.len() == 1 => {
                table.name.insert(0, schema);
                Ok(name)
            }
            (_, _, _) => refuse("a qualified name of an index", place(name)),
        }
    }

    pub(super) fn index_column(&self, column: &ast::IndexColumn, here: At) -> Result<Part, Foreign> {
        let ast::IndexColumn { column, operator_class } = column;
        let ast::OrderByExpr { expr, options, with_fill } = column;
        let ast::OrderByOptions { sort, nulls_first } = options;
        let has_order = sort.is_some() || nulls_first.is_some() || with_fill.is_some();
        absent(
            &[(operator_class.is_some(), "an operator class"), (has_order, "an order within an index")],
            here,
        )?;
        match expr {
            ast::Expr::Identifier(ident) => self.part(ident),
            _ => refuse("an index of an expression", at(expr.span())),
        }
    }

    pub(super) fn drop(&self, statement: &ast::Statement) -> Result<Ddl, Foreign> {
        let ast::Statement::Drop {
            object_type,
            if_exists,
            names,
            cascade,
            restrict,
            purge,
            temporary,
            table,
        } = statement
        else {
            return refuse("what is no DROP", at(statement.span()));
        };
        let here = names.first().map_or_else(At::default, place);
        if *object_type != ast::ObjectType::Table {
            return refuse(format!("DROP {object_type}"), here);
        }
        let unwanted = [
            (*cascade || *restrict, "CASCADE and RESTRICT"),
            (*purge || *temporary || table.is_some(), "this form of DROP TABLE"),
        ];
        absent(&unwanted, here)?;
        let [name] = names.as_slice() else { return refuse("DROP TABLE of several tables", here) };
        Ok(Ddl::DropTable { table: self.ddl_target(name)?, if_exists: *if_exists })
    }
}

/// References of SQLite are within the schema of the table, and are written without it.
fn within_schema(table: &TargetTable, columns: &mut [ColumnDefinition]) {
    let [schema, _] = table.name.as_slice() else { return };
    for (referred, _) in columns.iter_mut().filter_map(|column| column.references.as_mut()) {
        if referred.name.len() == 1 {
            referred.name.insert(0, schema.clone());
        }
    }
}
