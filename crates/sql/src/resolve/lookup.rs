//! Which of the relations, columns and outputs around it a name means, from the innermost query outwards.

use crate::ir::At;
use crate::name::Part;
use crate::refusal::{Objection, Refusal};

use super::environment::{AliasUse, Found, Hit, Source, Visible, hit};
use super::{Resolver, refused, walk, written};

impl Resolver<'_> {
    /// What a name means as a value.
    pub(super) fn column(&mut self, name: &[Part], at: At) -> Result<Found, Refusal> {
        match name {
            [column] => self.unqualified(column, at),
            [relation, column] => self.qualified((None, relation, column), at),
            [schema, relation, column] => self.qualified((Some(schema), relation, column), at),
            _ => Err(refused(at, Objection::Column(written(name)))),
        }
    }

    fn unqualified(&mut self, name: &Part, at: At) -> Result<Found, Refusal> {
        if let Some(found) = self.aliased(name, AliasUse::BeforeColumns, at)? {
            return Ok(found);
        }
        for depth in (0..self.levels.len()).rev() {
            self.scan(self.levels.get(depth).map_or(0, |level| level.seen().len()))?;
            let Some(level) = self.levels.get(depth) else { continue };
            let labels = level.seen().iter().map(|visible| level.label(visible));
            match hit(name, self.dialect, labels) {
                Hit::Many => return Err(refused(at, Objection::Ambiguous(name.text.clone()))),
                Hit::None => {}
                Hit::One(place) => {
                    let visible = level.seen().get(place).cloned();
                    return self.taken(depth, visible, at);
                }
            }
            if depth + 1 == self.levels.len()
                && let Some(found) = self.aliased(name, AliasUse::AfterColumns, at)?
            {
                return Ok(found);
            }
        }
        self.relation_as_value(name, at)
    }

    /// The output of the innermost query that the name means, if it can mean one now.
    fn aliased(&mut self, name: &Part, alias_use: AliasUse, at: At) -> Result<Option<Found>, Refusal> {
        let Some(level) = self.levels.last().filter(|level| level.alias_use == alias_use) else {
            return Ok(None);
        };
        let alias = level
            .alias(name, self.dialect)
            .map_err(|()| refused(at, Objection::Ambiguous(name.text.clone())))?;
        let Some(alias) = alias.cloned() else { return Ok(None) };
        self.spend(alias.parts)?;
        Ok(Some(Found { is_stored: false, label: alias.label, expr: alias.expr, ty: alias.ty }))
    }

    /// A bare name that is no column: a function of one column goes by its relation's name; any other relation would be
    /// a whole row, with whatever is in it.
    fn relation_as_value(&mut self, name: &Part, at: At) -> Result<Found, Refusal> {
        for depth in (0..self.levels.len()).rev() {
            let Some(level) = self.levels.get(depth) else { continue };
            let Hit::One(place) = level.relation(None, name, self.dialect) else { continue };
            let is_value =
                level.relations.get(place).is_some_and(|known| matches!(known.origin, Source::Function));
            if !is_value {
                return Err(refused(at, Objection::WholeRow(name.text.clone())));
            }
            return self.taken(depth, Some(Visible::One { relation: place, column: 0 }), at);
        }
        Err(refused(at, Objection::Column(name.text.clone())))
    }

    fn qualified(
        &mut self,
        (schema, relation, column): (Option<&Part>, &Part, &Part),
        at: At,
    ) -> Result<Found, Refusal> {
        let unknown = || match schema {
            Some(schema) => format!("{}.{}.{}", schema.text, relation.text, column.text),
            None => format!("{}.{}", relation.text, column.text),
        };
        for depth in (0..self.levels.len()).rev() {
            let Some(level) = self.levels.get(depth) else { continue };
            let Hit::One(place) = level.relation(schema, relation, self.dialect) else { continue };
            let Some(known) = level.relations.get(place) else { continue };
            return match hit(column, self.dialect, known.columns.iter().map(|column| column.label.as_str())) {
                Hit::Many => Err(refused(at, Objection::Ambiguous(column.text.clone()))),
                Hit::None => Err(refused(at, Objection::Column(unknown()))),
                Hit::One(column) => self.taken(depth, Some(Visible::One { relation: place, column }), at),
            };
        }
        Err(refused(at, Objection::Column(unknown())))
    }

    /// Takes what was found in a query around this place. A relation nearer by that is printed with the same name would
    /// take its place in the print, so that is refused.
    fn taken(&mut self, depth: usize, visible: Option<Visible>, at: At) -> Result<Found, Refusal> {
        let (Some(visible), Some(level)) = (visible, self.levels.get(depth)) else {
            return Err(Refusal::Unverified);
        };
        let nearer = self.levels.get(depth + 1..).unwrap_or_default();
        let mut names = nearer.iter().flat_map(|level| &level.names);
        let printed = level.printed_relations(&visible);
        if let Some(name) = names.find(|name| printed.iter().any(|own| own.eq_ignore_ascii_case(name))) {
            return Err(refused(at, Objection::Repeated(name.clone())));
        }
        let level = self.levels.get_mut(depth).ok_or(Refusal::Unverified)?;
        let found = level.take(&visible).ok_or(Refusal::Unverified)?;
        self.spend(walk::size(&found.expr))?;
        Ok(found)
    }
}
