//! Upserts, and assignments.

use sqlparser::ast::{self, Spanned};

use crate::dialect::Dialect;
use crate::ir::{Assignment, At, Conflict, ConflictAction, Expr};
use crate::name::Part;

use crate::lower::name::place;
use crate::lower::{Foreign, Lowering, at, refuse};

impl Lowering<'_> {
    pub(super) fn conflict(&self, on: &ast::OnInsert, here: At) -> Result<Conflict, Foreign> {
        let nowhere = |_: &Part| false;
        match on {
            ast::OnInsert::DuplicateKeyUpdate(assignments) if self.is(Dialect::MySql) => {
                let assignments = self.assignments(assignments, nowhere)?;
                Ok(Conflict { columns: Vec::new(), action: kept(assignments) })
            }
            ast::OnInsert::OnConflict(conflict) if self.is(Dialect::Postgres) || self.is(Dialect::Sqlite) => {
                let ast::OnConflict { conflict_target, action } = conflict;
                let columns = match conflict_target {
                    None => Vec::new(),
                    Some(ast::ConflictTarget::Columns(columns)) => {
                        self.each(columns, |lowering, column| Ok((lowering.part(column)?, at(column.span))))?
                    }
                    Some(ast::ConflictTarget::OnConstraint(name)) => {
                        return refuse("ON CONFLICT ON CONSTRAINT (name its columns instead)", place(name));
                    }
                };
                let action = match action {
                    ast::OnConflictAction::DoNothing => ConflictAction::Nothing,
                    ast::OnConflictAction::DoUpdate(update) => {
                        let ast::DoUpdate { assignments, selection } = update;
                        ConflictAction::Update {
                            assignments: self.assignments(assignments, nowhere)?,
                            filter: selection.as_ref().map(|filter| self.expr(filter)).transpose()?,
                        }
                    }
                };
                Ok(Conflict { columns, action })
            }
            ast::OnInsert::DuplicateKeyUpdate(_) => refuse("ON DUPLICATE KEY UPDATE", here),
            ast::OnInsert::OnConflict(_) => refuse("ON CONFLICT", here),
            _ => refuse("this clause of INSERT", here),
        }
    }

    /// The assignments; a column may be qualified by the name of the table.
    pub(super) fn assignments(
        &self,
        assignments: &[ast::Assignment],
        is_target: impl Fn(&Part) -> bool,
    ) -> Result<Vec<Assignment>, Foreign> {
        let assignment = |_: &Self, assignment: &ast::Assignment| {
            let ast::Assignment { target, value } = assignment;
            let name = match target {
                ast::AssignmentTarget::ColumnName(name) => name,
                ast::AssignmentTarget::Tuple(_) => {
                    return refuse("an assignment to several columns at once", at(value.span()));
                }
            };
            let mut parts = self.object(name)?;
            let (column, qualifier) = (parts.pop(), parts.pop());
            let known =
                qualifier.is_none_or(|part| is_target(&part) && !self.is_printed()) && parts.is_empty();
            match column {
                Some(column) if known => {
                    Ok(Assignment { column, value: self.assigned(value)?, at: place(name) })
                }
                _ => refuse("an assignment to a qualified column", place(name)),
            }
        };
        self.each(assignments, assignment)
    }
}

/// `ON DUPLICATE KEY UPDATE a = a` is how the printer says in MySQL that nothing shall happen.
fn kept(assignments: Vec<Assignment>) -> ConflictAction {
    if let [Assignment { column, value: Some(Expr::Column { name, at: _ }), at: _ }] = assignments.as_slice()
        && let [same] = name.as_slice()
        && same == column
    {
        return ConflictAction::Nothing;
    }
    ConflictAction::Update { assignments, filter: None }
}
