//! What stands in FROM: tables, queries of WITH, sub-selects, functions, and joins with the columns they make one.

use crate::catalogue::Type;
use crate::dialect::Dialect;
use crate::filter::Comparison;
use crate::function::{self, FunctionKind};
use crate::ir::{Alias, At, Call, Expr, JoinKind, Match, Query, Relation};
use crate::name::Part;
use crate::refusal::{Objection, Refusal};
use crate::rights::Operation;
use crate::value::Value;

use super::environment::{Hit, Known, KnownColumn, Source, Unseen, Visible, hit};
use super::{Resolver, expr, quoted, refused, unknown_table, walk};

impl Resolver<'_> {
    /// Resolves a relation and makes its columns known to the innermost query. A table stays one until it is known which
    /// of its columns are used.
    pub(super) fn relation(&mut self, relation: Relation) -> Result<Relation, Refusal> {
        match relation {
            Relation::Derived { lateral, query, alias } => self.derived(lateral, *query, &alias),
            Relation::Function { lateral, call, ordinality, alias } => {
                let (call, alias) = self.rows_of(call, ordinality, &alias)?;
                Ok(Relation::Function { lateral, call, ordinality, alias })
            }
            Relation::Join { kind, left, right, on } => self.join(kind, *left, *right, on),
            Relation::Table { name, alias, at } => match name.as_slice() {
                [single] if let Some(place) = self.named_place(single) => {
                    self.named_relation(place, single, alias)
                }
                _ => self.table(&name, alias, at),
            },
        }
    }

    /// The query of WITH that a name means: the nearest.
    fn named_place(&self, name: &Part) -> Option<usize> {
        let exact = self.named.iter().rposition(|named| named.label == name.text);
        exact.or_else(|| self.named.iter().rposition(|named| name.is(&named.label, self.dialect)))
    }

    fn named_relation(
        &mut self,
        place: usize,
        name: &Part,
        alias: Option<Alias>,
    ) -> Result<Relation, Refusal> {
        let alias = alias.unwrap_or_else(|| Alias { name: name.clone(), columns: Vec::new() });
        let label = self.declared(&alias.name)?;
        let named = self.named.get(place).ok_or(Refusal::Unverified)?;
        let labels =
            self.relabelled(named.columns.iter().map(|(label, _, _)| label.clone()), &alias.columns)?;
        let columns = labels.into_iter().zip(&named.columns).map(|(label, (_, name, ty))| KnownColumn {
            label,
            name: name.clone(),
            ty: *ty,
            instead: None,
            used: false,
        });
        let printed = vec![quoted(&named.printed)];
        let columns = columns.collect();
        let known = Known {
            label: label.clone(),
            schema: None,
            printed: label.clone(),
            columns,
            origin: Source::Rows,
        };
        self.innermost()?.add(known);
        let alias = Some(Alias { name: quoted(&label), columns: Vec::new() });
        Ok(Relation::Table { name: printed, alias, at: At::default() })
    }

    fn table(&mut self, name: &[Part], alias: Option<Alias>, at: At) -> Result<Relation, Refusal> {
        let scope = self.caller.scope;
        let Some(table) = scope.find(name, Operation::Read) else {
            return Err(unknown_table(name, at, Operation::Read, self.caller));
        };
        let (label, renamed) = match &alias {
            Some(alias) => (self.declared(&alias.name)?, alias.columns.as_slice()),
            None => (table.name.clone(), [].as_slice()),
        };
        self.spend(1)?;
        let labels = self.relabelled(table.columns.iter().map(|column| column.name.clone()), renamed)?;
        let columns = labels.into_iter().zip(&table.columns).map(|(label, column)| KnownColumn {
            label,
            name: column.name.clone(),
            ty: column.ty,
            instead: None,
            used: false,
        });
        let columns = columns.collect();
        let schema = alias.is_none().then_some(table.schema.as_str());
        let known = Known {
            label: label.clone(),
            schema,
            printed: label.clone(),
            columns,
            origin: Source::Table(table),
        };
        self.innermost()?.add(known);
        let alias = Some(Alias { name: quoted(&label), columns: Vec::new() });
        Ok(Relation::Table { name: vec![quoted(&table.schema), quoted(&table.name)], alias, at })
    }

    fn derived(&mut self, lateral: bool, query: Query, alias: &Alias) -> Result<Relation, Refusal> {
        let label = self.declared(&alias.name)?;
        let level = self.innermost()?;
        let before = level.unseen;
        if !lateral {
            level.unseen = Unseen { relations: level.relations.len(), visible: level.visible.len() };
        }
        let (query, outs) = self.query(query)?;
        self.innermost()?.unseen = before;
        let labels = self.relabelled(outs.iter().map(|out| out.shown_label()), &alias.columns)?;
        // VALUES gives its columns no names; SQLite has no way to, but names of its own.
        let is_nameless = outs.iter().any(|out| out.is_nameless) && self.dialect != Dialect::Sqlite;
        let names = match is_nameless {
            true => super::outputs::distinct(labels.iter().map(String::as_str)),
            false => outs.iter().map(|out| out.name.clone()).collect(),
        };
        let printed = names.iter().filter(|_| is_nameless).map(|name| quoted(name)).collect();
        let columns = labels.into_iter().zip(names).zip(&outs).map(|((label, name), out)| KnownColumn {
            label,
            name,
            ty: out.ty,
            instead: None,
            used: false,
        });
        let columns = columns.collect();
        let known = Known {
            label: label.clone(),
            schema: None,
            printed: label.clone(),
            columns,
            origin: Source::Rows,
        };
        self.innermost()?.add(known);
        let alias = Alias { name: quoted(&label), columns: printed };
        Ok(Relation::Derived { lateral, query: Box::new(query), alias })
    }

    /// A function in FROM. Its arguments see what stands before it, lateral or not.
    fn rows_of(&mut self, mut call: Call, ordinality: bool, alias: &Alias) -> Result<(Call, Alias), Refusal> {
        if call.function.kind != FunctionKind::Rows {
            let what = format!("the function `{}` in FROM", call.function.name);
            return Err(refused(call.at, Objection::Construct(what)));
        }
        let label = self.declared(&alias.name)?;
        for argument in &mut call.arguments {
            self.expr(argument)?;
        }
        let own = call.function.traits.columns;
        let mut labels: Vec<String> = own.iter().map(|name| (*name).to_owned()).collect();
        if labels.is_empty() {
            labels.push(label.clone());
        }
        if ordinality {
            labels.push("ordinality".to_owned());
        }
        // Only PostgreSQL takes names for them; elsewhere they have their own, which the caller's replace for the caller.
        let names = labels.clone();
        let width = labels.len().max(alias.columns.len());
        labels.resize(width, String::new());
        let labels = self.relabelled(labels.into_iter(), &alias.columns)?;
        let prints_names = self.dialect == Dialect::Postgres && (own.len() < 2 || !alias.columns.is_empty());
        let names = if prints_names || names.len() < width { labels.clone() } else { names };
        let printed = if prints_names { names.iter().map(|name| quoted(name)).collect() } else { Vec::new() };
        let columns: Vec<KnownColumn> = labels
            .into_iter()
            .zip(names)
            .map(|(label, name)| KnownColumn { label, name, ty: Type::Other, instead: None, used: false })
            .collect();
        let origin = if own.len() < 2 { Source::Function } else { Source::Rows };
        self.innermost()?.add(Known {
            label: label.clone(),
            schema: None,
            printed: label.clone(),
            columns,
            origin,
        });
        Ok((call, Alias { name: quoted(&label), columns: printed }))
    }

    fn join(
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
