//! LIKE, and its form that ignores case.
//!
//! Whether LIKE tells `a` from `A` depends on the column's collation in MySQL and SQL Server. The form that ignores case
//! must give the same rows on every engine, so there both sides are put in lower case, and compared by a collation that
//! tells all else apart: accents count, as they do in PostgreSQL's ILIKE. SQLite's LIKE has no other form: it ignores the case
//! of the letters A to Z alone.

use crate::dialect::Dialect;
use crate::ir::Expr;

use super::Printer;

/// A pattern match, taken apart.
pub(super) struct Match<'a> {
    pub(super) negated: bool,
    pub(super) blind: bool,
    pub(super) operand: &'a Expr,
    pub(super) pattern: &'a Expr,
    pub(super) escape: Option<char>,
}

impl Printer {
    pub(super) fn like(&mut self, like: &Match<'_>) {
        let word = if like.blind && self.dialect == Dialect::Postgres { "ILIKE " } else { "LIKE " };
        let before = if like.negated { " NOT " } else { " " };
        match (like.blind, self.dialect) {
            (true, Dialect::MySql) => {
                self.lowered("CONVERT(", like.operand, " USING utf8mb4)) COLLATE utf8mb4_bin");
                self.text(before);
                self.text(word);
                self.lowered("", like.pattern, ")");
            }
            (true, Dialect::SqlServer) => {
                self.lowered("CAST(", like.operand, " AS NVARCHAR(MAX))) COLLATE Latin1_General_100_BIN2");
                self.text(before);
                self.text(word);
                self.lowered("", like.pattern, ")");
            }
            (false, Dialect::Sqlite) => {
                // There is no such match: the text does not read back.
                self.operand(like.operand);
                self.text(before);
                self.text("LIKE BINARY ");
                self.operand(like.pattern);
            }
            (_, Dialect::MySql | Dialect::Postgres | Dialect::SqlServer | Dialect::Sqlite) => {
                self.operand(like.operand);
                self.text(before);
                self.text(word);
                self.operand(like.pattern);
            }
        }
        if let Some(escape) = like.escape {
            self.text(" ESCAPE ");
            self.escape(escape);
        }
    }

    fn lowered(&mut self, open: &str, expr: &Expr, close: &str) {
        self.text("LOWER(");
        self.text(open);
        self.expr(expr);
        self.text(close);
    }

    fn escape(&mut self, escape: char) {
        self.text("'");
        if escape == '\'' || (escape == '\\' && self.dialect == Dialect::MySql) {
            self.sql.push(escape);
        }
        self.sql.push(escape);
        self.text("'");
    }
}
