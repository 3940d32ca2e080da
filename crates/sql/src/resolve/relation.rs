//! What stands in FROM: tables, queries of WITH, sub-selects and functions.

use crate::catalogue::Type;
use crate::dialect::Dialect;
use crate::function::FunctionKind;
use crate::ir::{Alias, At, Call, Query, Relation};
use crate::name::Part;
use crate::refusal::{Objection, Refusal};
use crate::rights::Operation;

use super::environment::{Known, KnownColumn, Source, Unseen};
use super::{Resolver, quoted, refused, unknown_table};

impl Resolver<'_> {
    /// Resolves a relation and makes its columns known to the innermost query. A table stays one until it is known which
    /// of its columns are used.
    pub(super) fn relation(&mut self, relation: Relation) -> Result<Relation, Refusal> {
        match relation {
            Relation::Derived { lateral, query, alias } => self.derived(lateral, *query, &alias),
            Relation::Function { lateral, call, ordinality, alias } => {
                let (call, alias) = self.rows_of(*call, ordinality, &alias)?;
                Ok(Relation::Function { lateral, call: Box::new(call), ordinality, alias })
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
        self.unfold(self.named.get(place).map_or(1, |named| named.relations))?;
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
        self.unfold(1)?;
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
}
