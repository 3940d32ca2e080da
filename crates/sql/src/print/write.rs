//! INSERT, UPDATE and DELETE of one table.

use crate::dialect::Dialect;
use crate::ir::{
    Assignment, Conflict, ConflictAction, Delete, Expr, Insert, Output, Query, Source, Update, With,
};
use crate::name::Part;

use super::Printer;

impl Printer {
    pub(super) fn insert(&mut self, insert: &Insert) {
        let ahead = self.with_ahead(&insert.source);
        self.text("INSERT INTO ");
        self.target(&insert.table);
        if !insert.columns.is_empty() {
            self.text(" ");
            self.closed(&insert.columns, |printer, (column, _)| printer.name(column));
        }
        self.output(&insert.returning);
        self.text(" ");
        match &insert.source {
            Source::Query(query) if ahead => self.rest(query),
            Source::Query(query) => self.query(query),
            Source::Values(rows) => {
                self.text("VALUES ");
                self.list(rows, |printer, row| {
                    printer.closed(row, |printer, value| printer.value(value.as_ref()))
                });
            }
        }
        if let Some(conflict) = &insert.conflict {
            self.conflict(conflict, insert);
        }
        self.returning(&insert.returning);
    }

    pub(super) fn update(&mut self, update: &Update) {
        self.with_of(update.with.as_ref());
        self.text("UPDATE ");
        self.target(&update.table);
        self.text(" SET ");
        self.assignments(&update.assignments);
        self.output(&update.returning);
        self.filter(update.filter.as_ref());
        self.returning(&update.returning);
    }

    pub(super) fn delete(&mut self, delete: &Delete) {
        self.with_of(delete.with.as_ref());
        self.text("DELETE FROM ");
        self.target(&delete.table);
        self.output(&delete.returning);
        self.filter(delete.filter.as_ref());
        self.returning(&delete.returning);
    }

    fn with_of(&mut self, with: Option<&With>) {
        if let Some(with) = with {
            self.with(with);
        }
    }

    /// T-SQL has WITH only at the beginning of a statement. Says whether there is one.
    fn with_ahead(&mut self, source: &Source) -> bool {
        let with = match source {
            Source::Query(query) if self.dialect == Dialect::SqlServer => {
                let Query { with, rows: _, order: _, page: _ } = query.as_ref();
                with.as_ref()
            }
            Source::Query(_) | Source::Values(_) => None,
        };
        self.with_of(with);
        with.is_some()
    }

    fn value(&mut self, value: Option<&Expr>) {
        match value {
            Some(expr) => self.apart(|printer| printer.expr(expr)),
            None => self.text("DEFAULT"),
        }
    }

    fn assignments(&mut self, assignments: &[Assignment]) {
        self.list(assignments, |printer, assignment| {
            printer.name(&assignment.column);
            printer.text(" = ");
            printer.value(assignment.value.as_ref());
        });
    }

    fn conflict(&mut self, conflict: &Conflict, insert: &Insert) {
        if self.dialect == Dialect::MySql {
            self.duplicate(conflict, insert);
            return;
        }
        self.text(" ON CONFLICT ");
        if !conflict.columns.is_empty() {
            self.closed(&conflict.columns, |printer, (column, _)| printer.name(column));
            self.text(" ");
        }
        match &conflict.action {
            ConflictAction::Nothing => self.text("DO NOTHING"),
            ConflictAction::Update { assignments, filter } => {
                self.text("DO UPDATE SET ");
                self.assignments(assignments);
                self.filter(filter.as_ref());
            }
        }
    }

    /// MySQL's INSERT IGNORE would let wrong values pass, so that nothing shall happen is said by an assignment that does
    /// nothing.
    fn duplicate(&mut self, conflict: &Conflict, insert: &Insert) {
        self.text(" ON DUPLICATE KEY UPDATE ");
        match &conflict.action {
            ConflictAction::Nothing => {
                let columns = if conflict.columns.is_empty() { &insert.columns } else { &conflict.columns };
                self.list(columns.first(), |printer, (column, _)| {
                    printer.name(column);
                    printer.text(" = ");
                    printer.name(column);
                });
            }
            ConflictAction::Update { assignments, filter } => {
                self.in_duplicate = true;
                self.assignments(assignments);
                self.in_duplicate = false;
                self.filter(filter.as_ref());
            }
        }
    }

    /// A column. That of the new row of an upsert is a call in MySQL.
    pub(super) fn column(&mut self, name: &[Part]) {
        match name {
            [relation, column] if self.in_duplicate && relation.text == "excluded" => {
                self.text("VALUES(");
                self.name(column);
                self.text(")");
            }
            path => self.path(path),
        }
    }

    /// T-SQL gives rows back in the middle of the statement,
    fn output(&mut self, outputs: &[Output]) {
        if self.dialect == Dialect::SqlServer && !outputs.is_empty() {
            self.text(" OUTPUT ");
            self.outputs(outputs);
        }
    }

    /// and the others at its end.
    fn returning(&mut self, outputs: &[Output]) {
        if self.dialect != Dialect::SqlServer && !outputs.is_empty() {
            self.text(" RETURNING ");
            self.outputs(outputs);
        }
    }
}
