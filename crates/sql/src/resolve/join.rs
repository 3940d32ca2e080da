//! Joins, and the columns that USING and NATURAL make one: a condition, and what their names mean from there on.

use crate::dialect::Dialect;
use crate::filter::Comparison;
use crate::function;
use crate::ir::{At, Expr, JoinKind, Match, Relation};
use crate::name::Part;
use crate::refusal::{Objection, Refusal};
use crate::value::Value;

use super::environment::{Hit, Unseen, Visible, hit};
use super::{Resolver, expr, quoted, refused, walk};

impl Resolver<'_> {
    pub(super) fn join(
        &mut self,
        kind: JoinKind,
        left: Relation,
        right: Relation,
        on: Match,
    ) -> Result<Relation, Refusal> {
        let level = self.innermost()?;
        let before = level.unseen;
        let start = Unseen { relations: level.relations.len(), visible: level.visible.len() };
        let left = Box::new(self.relation(left)?);
        let middle = self.innermost()?.visible.len();
        let right = Box::new(self.relation(right)?);
        let (kind, on) = match on {
            Match::Natural => {
                let names = self.common(start.visible, middle)?;
                (kind, Match::On(self.merged(kind, &names, (start.visible, middle))?))
            }
            Match::Nothing => match kind {
                JoinKind::Cross | JoinKind::Inner => (JoinKind::Cross, Match::Nothing),
                // OUTER APPLY has no condition.
                JoinKind::Left if self.dialect == Dialect::SqlServer => (kind, Match::Nothing),
                JoinKind::Full | JoinKind::Left | JoinKind::Right => {
                    (kind, Match::On(Expr::Literal(Value::Boolean(true))))
                }
            },
            Match::On(mut condition) => {
                // SQLite lets ON speak of everything before it.
                if self.dialect != Dialect::Sqlite {
                    self.innermost()?.unseen = start;
                }
                self.expr(&mut condition)?;
                self.innermost()?.unseen = before;
                (kind, Match::On(condition))
            }
            Match::Using(names) => (kind, Match::On(self.merged(kind, &names, (start.visible, middle))?)),
        };
        Ok(Relation::Join { kind, left, right, on })
    }

    /// The names that both sides of a NATURAL join have, hidden columns not counted, in the order of the left side.
    fn common(&mut self, start: usize, middle: usize) -> Result<Vec<(Part, At)>, Refusal> {
        let dialect = self.dialect;
        let level = self.innermost()?;
        let pairs = level.visible.len().saturating_mul(level.visible.len());
        self.scan(pairs)?;
        let level = self.innermost()?;
        let left = level.visible.get(start..middle).unwrap_or_default();
        let right = level.visible.get(middle..).unwrap_or_default();
        let labels: Vec<&str> = right.iter().map(|visible| level.label(visible)).collect();
        let names = left.iter().map(|visible| quoted(level.label(visible)));
        let names: Vec<(Part, At)> = names.map(|name| (name, At::default())).collect();
        let is_common = |name: &Part| !matches!(hit(name, dialect, labels.iter().copied()), Hit::None);
        let common: Vec<(Part, At)> = names.into_iter().filter(|(name, _)| is_common(name)).collect();
        match common.is_empty() {
            true => Err(refused(
                At::default(),
                Objection::Construct("NATURAL without a common column".to_owned()),
            )),
            false => Ok(common),
        }
    }

    /// Makes one column of each two that have the name: the condition, and what the names mean from here on.
    fn merged(
        &mut self,
        kind: JoinKind,
        names: &[(Part, At)],
        (start, middle): (usize, usize),
    ) -> Result<Expr, Refusal> {
        let dialect = self.dialect;
        let level = self.innermost()?;
        let mut merged = Vec::new();
        let mut conditions = Vec::new();
        let mut gone = Vec::new();
        for (name, at) in names {
            let place = |from: usize, to: usize| {
                let labels =
                    level.visible.get(from..to).unwrap_or_default().iter().map(|one| level.label(one));
                match hit(name, dialect, labels) {
                    Hit::Many => Err(refused(*at, Objection::Ambiguous(name.text.clone()))),
                    Hit::None => Err(refused(*at, Objection::Column(name.text.clone()))),
                    Hit::One(place) => Ok(from + place),
                }
            };
            let (left, right) = (place(start, middle)?, place(middle, level.visible.len())?);
            if gone.contains(&left) {
                return Err(refused(*at, Objection::Repeated(name.text.clone())));
            }
            gone.extend([left, right]);
            let both = (level.visible.get(left).cloned(), level.visible.get(right).cloned());
            let (Some(left), Some(right)) = both else { return Err(Refusal::Unverified) };
            let uses = [uses(&left), uses(&right)].concat();
            let left = level.take(&left).ok_or(Refusal::Unverified)?;
            let right = level.take(&right).ok_or(Refusal::Unverified)?;
            let (one, other) = (Box::new(left.expr.clone()), Box::new(right.expr.clone()));
            conditions.push(Expr::Compare { operator: Comparison::Equal, left: one, right: other });
            let expr = match kind {
                JoinKind::Cross | JoinKind::Inner | JoinKind::Left => left.expr,
                JoinKind::Full => {
                    expr::call(function::find(dialect, "coalesce"), vec![left.expr, right.expr])?
                }
                JoinKind::Right => right.expr,
            };
            merged.push(Visible::Merged { label: left.label, expr, ty: left.ty, uses });
        }
        let rest = level.visible.split_off(start);
        let rest: Vec<(usize, Visible)> =
            rest.into_iter().enumerate().map(|(at, one)| (at + start, one)).collect();
        level.visible.extend(merged);
        level.visible.extend(rest.into_iter().filter(|(at, _)| !gone.contains(at)).map(|(_, one)| one));
        let condition = all(conditions);
        self.spend(walk::size(&condition))?;
        Ok(condition)
    }
}

fn uses(visible: &Visible) -> Vec<(usize, usize)> {
    match visible {
        Visible::Merged { uses, .. } => uses.clone(),
        Visible::One { relation, column } => vec![(*relation, *column)],
    }
}

/// All of the conditions.
pub(super) fn all(conditions: Vec<Expr>) -> Expr {
    let mut flat = Vec::new();
    for condition in conditions {
        match condition {
            Expr::And(inner) => flat.extend(inner),
            other => flat.push(other),
        }
    }
    match flat.len() {
        1 => flat.swap_remove(0),
        _ => Expr::And(flat),
    }
}
