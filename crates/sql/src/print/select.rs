//! One SELECT.

use crate::dialect::Dialect;
use crate::ir::{Distinct, Expr, GroupTerm, Output, Select};

use super::Printer;

/// What T-SQL says of the page in front of the outputs.
#[derive(Clone, Copy)]
pub(super) enum Top {
    /// All rows, said so that conditions from outside stay outside.
    All,
    Count(u64),
    Unbounded,
}

impl Printer {
    pub(super) fn select(&mut self, select: &Select, top: Top) {
        let before = std::mem::replace(&mut self.apart, false);
        self.text("SELECT ");
        match &select.distinct {
            Distinct::No => {}
            Distinct::On(keys) => {
                self.text("DISTINCT ON ");
                self.closed(keys, Printer::expr);
                self.text(" ");
            }
            Distinct::Rows => self.text("DISTINCT "),
        }
        match top {
            Top::All => self.text("TOP (9223372036854775807) "),
            Top::Count(rows) => {
                self.text("TOP (");
                self.count(rows);
                self.text(") ");
            }
            Top::Unbounded => {}
        }
        self.outputs(&select.outputs);
        if !select.from.is_empty() {
            self.text(" FROM ");
            self.list(&select.from, Printer::relation);
        }
        self.filter(select.filter.as_ref());
        self.group(&select.group);
        if let Some(having) = &select.having {
            self.text(" HAVING ");
            self.condition(having);
        }
        if !select.windows.is_empty() {
            self.text(" WINDOW ");
            self.list(&select.windows, |printer, (name, window)| {
                printer.name(name);
                printer.text(" AS ");
                printer.window(window);
            });
        }
        self.apart = before;
    }

    pub(super) fn filter(&mut self, filter: Option<&Expr>) {
        if let Some(filter) = filter {
            self.text(" WHERE ");
            self.apart(|printer| printer.condition(filter));
        }
    }

    pub(super) fn outputs(&mut self, outputs: &[Output]) {
        self.list(outputs, |printer, output| match output {
            Output::Expr { expr, name } => {
                printer.expr(expr);
                if let Some(name) = name {
                    printer.text(" AS ");
                    printer.name(name);
                }
            }
            Output::Star(_) => printer.text("*"),
            Output::StarOf(name, _) => {
                printer.path(name);
                printer.text(".*");
            }
        });
    }

    fn group(&mut self, group: &[GroupTerm]) {
        if group.is_empty() {
            return;
        }
        self.text(" GROUP BY ");
        if let (Dialect::MySql, [GroupTerm::Rollup(sets)]) = (self.dialect, group) {
            self.list(sets.iter().flatten(), Printer::expr);
            self.text(" WITH ROLLUP");
            return;
        }
        self.list(group, |printer, term| match term {
            GroupTerm::Cube(sets) => printer.sets("CUBE ", sets),
            GroupTerm::Expr(expr) => printer.operand(expr),
            GroupTerm::Rollup(sets) => printer.sets("ROLLUP ", sets),
            GroupTerm::Sets(sets) => printer.sets("GROUPING SETS ", sets),
        });
    }

    fn sets(&mut self, word: &str, sets: &[Vec<Expr>]) {
        self.text(word);
        self.closed(sets, |printer, set| printer.closed(set, Printer::expr));
    }
}
