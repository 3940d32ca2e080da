//! The one table that a statement changes.

use sqlparser::ast::{self, Spanned};

use crate::dialect::Dialect;
use crate::ir::{Alias, At, Relation, TargetTable};

use crate::lower::name::place;
use crate::lower::{Foreign, Lowering, absent, at, refuse};

impl Lowering<'_> {
    pub(super) fn insert_target(
        &self,
        table: &ast::TableObject,
        alias: Option<&ast::TableAliasWithoutColumns>,
        here: At,
    ) -> Result<TargetTable, Foreign> {
        let name = match table {
            ast::TableObject::TableName(name) => name,
            ast::TableObject::TableFunction(_) | ast::TableObject::TableQuery(_) => {
                return refuse("INSERT into what is not a table", here);
            }
        };
        let alias = match alias {
            None => None,
            Some(ast::TableAliasWithoutColumns { explicit, alias }) => {
                absent(&[(self.is_printed() && !explicit, "an alias without AS")], at(alias.span))?;
                Some(self.alias_part(alias)?)
            }
        };
        Ok(TargetTable { name: self.object(name)?, alias, at: place(name) })
    }

    /// A table alone.
    pub(super) fn target(&self, table: &ast::TableWithJoins) -> Result<TargetTable, Foreign> {
        let ast::TableWithJoins { relation, joins } = table;
        let here = || at(relation.span());
        absent(&[(!joins.is_empty(), "a write to several tables (a sub-query says the same)")], here())?;
        match relation {
            ast::TableFactor::Table { .. } => {}
            _ => return refuse("a write to what is not a table", here()),
        }
        match self.table(relation)? {
            Relation::Table { name, alias: None, at } => Ok(TargetTable { name, alias: None, at }),
            Relation::Table { name, alias: Some(Alias { name: alias, columns }), at } => {
                absent(&[(!columns.is_empty(), "names for the columns of the table")], at)?;
                Ok(TargetTable { name, alias: Some(alias), at })
            }
            Relation::Derived { .. } | Relation::Function { .. } | Relation::Join { .. } => {
                refuse("a write to what is not a table", here())
            }
        }
    }

    /// T-SQL's `UPDATE o SET … FROM orders AS o`: the table is the one of FROM that the alias stands for.
    pub(super) fn target_of_from(
        &self,
        table: &ast::TableWithJoins,
        from: &ast::UpdateTableFromKind,
        here: At,
    ) -> Result<TargetTable, Foreign> {
        let several = || refuse("UPDATE … FROM (a sub-query says the same)", here);
        let from = match from {
            ast::UpdateTableFromKind::AfterSet(from) if self.is(Dialect::SqlServer) && !self.is_printed() => {
                from
            }
            ast::UpdateTableFromKind::AfterSet(_) | ast::UpdateTableFromKind::BeforeSet(_) => {
                return several();
            }
        };
        let [only] = from.as_slice() else { return several() };
        let (named, meant) = (self.target(table)?, self.target(only)?);
        let [name] = named.name.as_slice() else { return several() };
        let is_same = named.alias.is_none()
            && meant.alias.as_ref().is_some_and(|alias| alias.text.eq_ignore_ascii_case(&name.text));
        if is_same { Ok(meant) } else { several() }
    }
}
