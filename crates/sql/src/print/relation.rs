//! What rows come from.

use crate::dialect::Dialect;
use crate::ir::{JoinKind, Match, Relation};

use super::Printer;

impl Printer {
    pub(super) fn relation(&mut self, relation: &Relation) {
        match relation {
            Relation::Derived { lateral, query, alias } => {
                self.lateral(*lateral);
                self.nested(query);
                self.alias(alias);
            }
            Relation::Function { lateral, call, ordinality, alias } => {
                self.lateral(*lateral);
                self.call(call);
                self.text(if *ordinality { " WITH ORDINALITY" } else { "" });
                self.alias(alias);
            }
            Relation::Join { kind, left, right, on } => self.join(*kind, (left, right), on),
            Relation::Table { name, alias, at: _ } => {
                self.path(name);
                if let Some(alias) = alias {
                    self.alias(alias);
                }
            }
        }
    }

    /// T-SQL says it in the join.
    fn lateral(&mut self, lateral: bool) {
        if lateral && self.dialect != Dialect::SqlServer {
            self.text("LATERAL ");
        }
    }

    fn join(&mut self, kind: JoinKind, sides: (&Relation, &Relation), on: &Match) {
        let (left, right) = sides;
        self.relation(left);
        self.text(if matches!(on, Match::Natural) { " NATURAL" } else { "" });
        self.text(match (kind, is_applied(self.dialect, right)) {
            (JoinKind::Cross, true) => " CROSS APPLY ",
            (JoinKind::Left, true) => " OUTER APPLY ",
            (JoinKind::Cross, false) => " CROSS JOIN ",
            (JoinKind::Full, _) => " FULL JOIN ",
            (JoinKind::Inner, _) => " JOIN ",
            (JoinKind::Left, false) => " LEFT JOIN ",
            (JoinKind::Right, _) => " RIGHT JOIN ",
        });
        if matches!(right, Relation::Join { .. }) {
            self.text("(");
            self.relation(right);
            self.text(")");
        } else {
            self.relation(right);
        }
        match on {
            Match::Natural | Match::Nothing => {}
            Match::On(condition) => {
                self.text(" ON ");
                self.apart(|printer| printer.condition(condition));
            }
            Match::Using(columns) => {
                self.text(" USING ");
                self.closed(columns, |printer, (column, _)| printer.name(column));
            }
        }
    }
}

fn is_applied(dialect: Dialect, relation: &Relation) -> bool {
    dialect == Dialect::SqlServer
        && match relation {
            Relation::Derived { lateral, .. } | Relation::Function { lateral, .. } => *lateral,
            Relation::Join { .. } | Relation::Table { .. } => false,
        }
}
