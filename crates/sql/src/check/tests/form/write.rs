//! Changes of rows and of the schema.

use crate::dialect::Dialect;
use crate::ir::{
    Assignment, At, CastType, ColumnDefinition, Conflict, ConflictAction, Ddl, DefinedType, Delete, Expr,
    Insert, Output, Page, Query, RowSet, Source, TargetTable, Update, With,
};
use crate::name::Part;
use crate::value::Value;

use super::Maker;

impl Maker<'_> {
    pub(super) fn insert(&mut self) -> Insert {
        let columns = self.many(1, 2, Maker::part_at);
        let source = if self.rarely() {
            match self.query() {
                // VALUES alone are the source itself.
                Query { with: None, rows: RowSet::Values(rows), order, page }
                    if order.is_empty() && page == Page::default() =>
                {
                    Source::Values(rows.into_iter().map(|row| row.into_iter().map(Some).collect()).collect())
                }
                query => Source::Query(Box::new(query)),
            }
        } else {
            Source::Values(self.many(1, 1, |maker| {
                columns.iter().map(|_| if maker.rarely() { None } else { Some(maker.expr()) }).collect()
            }))
        };
        let conflict = if self.is(Dialect::SqlServer) || matches!(source, Source::Query(_)) {
            None
        } else {
            self.maybe(Maker::conflict)
        };
        let table = self.target();
        Insert { table, columns, source, conflict, returning: self.returning() }
    }

    /// In MySQL without columns of its own and without a condition, and never a column that stays as it is: that is the form
    /// for nothing.
    fn conflict(&mut self) -> Conflict {
        let is_mysql = self.is(Dialect::MySql);
        let columns = if is_mysql { Vec::new() } else { self.many(1, 1, Maker::part_at) };
        let action = if self.flag() {
            ConflictAction::Nothing
        } else {
            let filter = if is_mysql { None } else { self.maybe(Maker::condition) };
            let excluded = Part { text: "excluded".to_owned(), quoted: true };
            let mut assignments = self.assignments();
            assignments.push(Assignment {
                column: self.part(),
                value: Some(Expr::Column { name: vec![excluded, self.part()], at: At::default() }),
                at: At::default(),
            });
            ConflictAction::Update { assignments, filter }
        };
        Conflict { columns, action }
    }

    fn assignments(&mut self) -> Vec<Assignment> {
        let has_default = !self.is(Dialect::Sqlite);
        self.many(1, 1, |maker| Assignment {
            column: maker.part(),
            value: if has_default && maker.rarely() { None } else { Some(maker.expr()) },
            at: At::default(),
        })
    }

    pub(super) fn update(&mut self) -> Update {
        Update {
            with: self.with_of_write(),
            table: self.target(),
            assignments: self.assignments(),
            filter: self.maybe(Maker::condition),
            returning: self.returning(),
        }
    }

    pub(super) fn delete(&mut self) -> Delete {
        Delete {
            with: self.with_of_write(),
            table: self.target(),
            filter: self.maybe(Maker::condition),
            returning: self.returning(),
        }
    }

    fn with_of_write(&mut self) -> Option<With> {
        self.maybe(Maker::with)
    }

    fn target(&mut self) -> TargetTable {
        TargetTable { name: vec![self.part(), self.part()], alias: None, at: At::default() }
    }

    fn returning(&mut self) -> Vec<Output> {
        if self.rarely() && !self.is(Dialect::MySql) { self.outputs() } else { Vec::new() }
    }

    pub(super) fn ddl(&mut self) -> Ddl {
        let table = self.target();
        let flag = self.flag();
        match self.pick(6) {
            0 => {
                // A counter is there from the beginning of a table or not at all.
                let mut column = self.definition(&table);
                if column.ty == DefinedType::Counter {
                    column.ty = DefinedType::Plain(CastType::Integer);
                }
                Ddl::AddColumn { table, column }
            }
            1 => Ddl::CreateIndex {
                name: self.part(),
                columns: self.many(1, 2, Maker::part),
                unique: flag,
                table,
            },
            2 => Ddl::DropColumn { table, column: self.part() },
            3 => Ddl::DropTable { table, if_exists: flag },
            4 if !self.is(Dialect::SqlServer) => {
                Ddl::RenameColumn { table, from: self.part(), to: self.part() }
            }
            _ => {
                let mut columns = self.many(1, 2, |maker| maker.definition(&table));
                // SQLite's counter is the primary key, of which there is one.
                let counters = columns.iter_mut().filter(|column| column.ty == DefinedType::Counter);
                counters.skip(1).for_each(|column| column.ty = DefinedType::Plain(CastType::Integer));
                let counter = columns.iter().find(|column| column.ty == DefinedType::Counter);
                let primary_key = match counter {
                    Some(counter) if self.is(Dialect::Sqlite) => vec![counter.name.clone()],
                    Some(_) | None => self.many(0, 2, Maker::part),
                };
                let if_not_exists = flag && !self.is(Dialect::SqlServer);
                Ddl::CreateTable { table, columns, primary_key, if_not_exists }
            }
        }
    }

    /// In SQLite a reference is to a table of the same schema.
    fn definition(&mut self, table: &TargetTable) -> ColumnDefinition {
        let counts = self.rarely();
        let ty = if counts { DefinedType::Counter } else { DefinedType::Plain(self.column_type()) };
        let default = self.maybe(|maker| {
            Expr::Literal(match maker.pick(4) {
                0 => Value::Null,
                1 => Value::Number(maker.one(&["0", "-1", "2.5"]).to_owned()),
                2 => Value::Boolean(maker.flag()),
                _ => Value::Untyped(maker.text(0)),
            })
        });
        let references = self.maybe(|maker| {
            let mut target = maker.target();
            if maker.is(Dialect::Sqlite) {
                target.name[0] = table.name[0].clone();
            }
            (target, maker.part())
        });
        ColumnDefinition {
            name: self.part(),
            ty,
            not_null: self.flag(),
            unique: self.flag(),
            default,
            references,
        }
    }
}
