//! INSERT, UPDATE and DELETE of one table.

use sqlparser::ast::{self, Spanned};

use crate::dialect::Dialect;
use crate::ir::{At, Delete, Expr, Insert, Output, Source, TargetTable, Update, With};
use crate::name::Part;

use super::{Foreign, Lowering, absent, at, refuse};

mod conflict;
mod target;

impl Lowering<'_> {
    pub(super) fn insert(&self, insert: &ast::Insert) -> Result<Insert, Foreign> {
        let ast::Insert {
            insert_token,
            optimizer_hints,
            or,
            ignore,
            into: _,
            table,
            table_alias,
            columns,
            overwrite,
            source,
            assignments,
            partitioned,
            after_columns,
            has_table_keyword,
            on,
            returning,
            output,
            replace_into,
            priority,
            insert_alias,
            settings,
            format_clause,
            multi_table_insert_type,
            multi_table_into_clauses,
            multi_table_when_clauses,
            multi_table_else_clause,
        } = insert;
        let ast::helpers::attached_token::AttachedToken(token) = insert_token;
        let here = at(token.span);
        let several = multi_table_insert_type.is_some()
            || !multi_table_into_clauses.is_empty()
            || !multi_table_when_clauses.is_empty()
            || multi_table_else_clause.is_some();
        let unwanted = [
            (!optimizer_hints.is_empty(), "a hint"),
            (or.is_some(), "INSERT OR (ON CONFLICT says the same)"),
            (*ignore, "INSERT IGNORE (ON DUPLICATE KEY UPDATE says what happens to rows that are there)"),
            (*overwrite || *has_table_keyword, "INSERT OVERWRITE and INSERT INTO TABLE"),
            (partitioned.is_some() || !after_columns.is_empty(), "PARTITION"),
            (*replace_into, "REPLACE INTO"),
            (priority.is_some(), "a priority"),
            (insert_alias.is_some(), "an alias for the new row (VALUES(column) says the same)"),
            (settings.is_some() || format_clause.is_some(), "SETTINGS and FORMAT"),
            (several, "INSERT into several tables"),
        ];
        absent(&unwanted, here)?;
        let table = self.insert_target(table, table_alias.as_ref(), here)?;
        let (columns, source) = match (source, assignments.as_slice()) {
            (Some(query), []) => (self.each(columns, Self::single)?, self.insert_source(query)?),
            (None, [_, ..]) if columns.is_empty() && !self.is_printed() => self.set(assignments)?,
            _ => return refuse("INSERT without VALUES or a query", here),
        };
        Ok(Insert {
            table,
            columns,
            source,
            conflict: on.as_ref().map(|on| self.conflict(on, here)).transpose()?,
            returning: self.returning(returning.as_deref(), output.as_ref(), here)?,
        })
    }

    /// VALUES with nothing around them are the rows themselves, in which DEFAULT may stand.
    fn insert_source(&self, query: &ast::Query) -> Result<Source, Foreign> {
        let ast::Query {
            with: None,
            body,
            order_by: None,
            limit_clause: None,
            fetch: None,
            locks,
            for_clause: None,
            settings: None,
            format_clause: None,
            pipe_operators,
        } = query
        else {
            return self.source(query).map(Source::Query);
        };
        match &**body {
            // `VALUES ROW(1)` is a query of MySQL, where DEFAULT cannot stand.
            ast::SetExpr::Values(ast::Values { explicit_row: false, value_keyword: _, rows })
                if locks.is_empty() && pipe_operators.is_empty() =>
            {
                let rows = self.each(rows, |lowering, row| {
                    let ast::Parens { opening_token: _, content, closing_token: _ } = row;
                    lowering.each(content, Self::assigned)
                })?;
                Ok(Source::Values(rows))
            }
            _ => self.source(query).map(Source::Query),
        }
    }

    /// MySQL's `INSERT INTO t SET a = 1`.
    fn set(&self, assignments: &[ast::Assignment]) -> Result<(Vec<(Part, At)>, Source), Foreign> {
        let mut columns = Vec::with_capacity(assignments.len());
        let mut row = Vec::with_capacity(assignments.len());
        for assignment in assignments {
            let ast::Assignment { target, value } = assignment;
            match target {
                ast::AssignmentTarget::ColumnName(name) => columns.push(self.single(name)?),
                ast::AssignmentTarget::Tuple(_) => {
                    return refuse("an assignment to several columns", at(value.span()));
                }
            }
            row.push(self.assigned(value)?);
        }
        Ok((columns, Source::Values(vec![row])))
    }

    /// A value that is stored; nothing for DEFAULT.
    fn assigned(&self, value: &ast::Expr) -> Result<Option<Expr>, Foreign> {
        match value {
            ast::Expr::Identifier(ast::Ident { value, quote_style: None, span: _ })
                if value.eq_ignore_ascii_case("default") =>
            {
                Ok(None)
            }
            other => self.expr(other).map(Some),
        }
    }

    pub(super) fn update(&self, update: &ast::Update, with: Option<With>) -> Result<Update, Foreign> {
        let ast::Update {
            update_token,
            optimizer_hints,
            table,
            assignments,
            from,
            selection,
            returning,
            output,
            or,
            order_by,
            limit,
        } = update;
        let ast::helpers::attached_token::AttachedToken(token) = update_token;
        let here = at(token.span);
        let unwanted = [
            (!optimizer_hints.is_empty(), "a hint"),
            (or.is_some(), "UPDATE OR"),
            (!order_by.is_empty() || limit.is_some(), "ORDER BY and LIMIT in UPDATE"),
        ];
        absent(&unwanted, here)?;
        let table = match from {
            None => self.target(table)?,
            Some(from) => self.target_of_from(table, from, here)?,
        };
        let assignments = self.assignments(assignments, |part| table.is_called(part, self.dialect))?;
        Ok(Update {
            with,
            assignments,
            filter: selection.as_ref().map(|filter| self.expr(filter)).transpose()?,
            returning: self.returning(returning.as_deref(), output.as_ref(), here)?,
            table,
        })
    }

    pub(super) fn delete(&self, delete: &ast::Delete, with: Option<With>) -> Result<Delete, Foreign> {
        let ast::Delete {
            delete_token,
            optimizer_hints,
            tables,
            from,
            using,
            selection,
            returning,
            output,
            order_by,
            limit,
        } = delete;
        let ast::helpers::attached_token::AttachedToken(token) = delete_token;
        let here = at(token.span);
        let unwanted = [
            (!optimizer_hints.is_empty(), "a hint"),
            (!tables.is_empty(), "DELETE with a list of tables"),
            (using.is_some(), "DELETE … USING (a sub-query in the condition says the same)"),
            (!order_by.is_empty() || limit.is_some(), "ORDER BY and LIMIT in DELETE"),
        ];
        absent(&unwanted, here)?;
        let from = match from {
            ast::FromTable::WithFromKeyword(from) => from,
            ast::FromTable::WithoutKeyword(from) if self.is(Dialect::SqlServer) && !self.is_printed() => from,
            ast::FromTable::WithoutKeyword(_) => return refuse("DELETE without FROM", here),
        };
        let [table] = from.as_slice() else { return refuse("DELETE from several tables", here) };
        Ok(Delete {
            with,
            table: self.target(table)?,
            filter: selection.as_ref().map(|filter| self.expr(filter)).transpose()?,
            returning: self.returning(returning.as_deref(), output.as_ref(), here)?,
        })
    }

    /// RETURNING, or T-SQL's OUTPUT.
    fn returning(
        &self,
        returning: Option<&[ast::SelectItem]>,
        output: Option<&ast::OutputClause>,
        here: At,
    ) -> Result<Vec<Output>, Foreign> {
        match (returning, output) {
            (None, None) => Ok(Vec::new()),
            (Some(items), None) if !self.is(Dialect::SqlServer) => self.outputs(items),
            (None, Some(ast::OutputClause::Output { output_token: _, select_items, into_table: None }))
                if self.is(Dialect::SqlServer) =>
            {
                self.outputs(select_items)
            }
            (
                _,
                Some(ast::OutputClause::Output { output_token: _, select_items: _, into_table: Some(_) }),
            ) => refuse("OUTPUT … INTO", here),
            (_, _) => refuse("RETURNING or OUTPUT", here),
        }
    }
}

impl TargetTable {
    /// Whether a column qualified by this part is one of the table.
    fn is_called(&self, part: &Part, dialect: Dialect) -> bool {
        let own = self.alias.as_ref().or(self.name.last());
        own.is_some_and(|own| part.is(&own.text, dialect))
    }
}
