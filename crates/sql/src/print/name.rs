//! Names, in the quotes of the dialect.

use crate::dialect::Dialect;
use crate::ir::{Alias, TargetTable};
use crate::name::Part;

use super::Printer;

impl Printer {
    pub(super) fn name(&mut self, part: &Part) {
        self.quoted(&part.text);
    }

    /// The parts with dots between them.
    pub(super) fn path(&mut self, parts: &[Part]) {
        for (index, part) in parts.iter().enumerate() {
            if index > 0 {
                self.text(".");
            }
            self.name(part);
        }
    }

    pub(super) fn names(&mut self, parts: &[Part]) {
        self.closed(parts, Printer::name);
    }

    /// ` AS "name"`, and the names of columns where those are given.
    pub(super) fn alias(&mut self, alias: &Alias) {
        self.text(" AS ");
        self.name(&alias.name);
        if !alias.columns.is_empty() {
            self.text(" ");
            self.names(&alias.columns);
        }
    }

    pub(super) fn target(&mut self, table: &TargetTable) {
        self.path(&table.name);
        if let Some(alias) = &table.alias {
            self.text(" AS ");
            self.name(alias);
        }
    }

    /// A quote within the name is doubled; in T-SQL only the closing one.
    pub(super) fn quoted(&mut self, text: &str) {
        let (open, close) = match self.dialect {
            Dialect::MySql => ('`', '`'),
            Dialect::Postgres | Dialect::Sqlite => ('"', '"'),
            Dialect::SqlServer => ('[', ']'),
        };
        self.sql.push(open);
        for c in text.chars() {
            if c == close {
                self.sql.push(close);
            }
            self.sql.push(c);
        }
        self.sql.push(close);
    }
}
