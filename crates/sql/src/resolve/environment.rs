//! What names can mean at one place of a statement: the relations of each query around it, and their columns.
//!
//! Which of it a name does mean is [`super::lookup`]'s question.

use crate::catalogue::Type;
use crate::dialect::Dialect;
use crate::ir::Expr;
use crate::name::Part;
use crate::scope::ScopedTable;

use super::column;

/// One query: the relations of its FROM, and what its names can mean.
pub(super) struct Level<'a> {
    pub(super) relations: Vec<Known<'a>>,
    /// What names without a relation can mean, and what `*` stands for, in order.
    pub(super) visible: Vec<Visible>,
    /// How many of each come before what the present place sees: ON sees its own join only, a sub-select in FROM none.
    pub(super) unseen: Unseen,
    /// Every relation's printed name, those not yet reached included.
    pub(super) names: Vec<String>,
    /// What the outputs are called, where names can mean them.
    pub(super) aliases: Vec<OutputAlias>,
    pub(super) alias_use: AliasUse,
    /// The windows that have names.
    pub(super) windows: Vec<String>,
}

/// See [`Level::unseen`].
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Unseen {
    pub(super) relations: usize,
    pub(super) visible: usize,
}

/// A relation.
pub(super) struct Known<'a> {
    /// What the caller calls it.
    pub(super) label: String,
    /// The schema it can be named with; a relation with an alias cannot.
    pub(super) schema: Option<&'a str>,
    /// What it is printed as.
    pub(super) printed: String,
    pub(super) columns: Vec<KnownColumn>,
    pub(super) origin: Source<'a>,
}

/// Where a relation's rows come from.
#[derive(Clone, Copy)]
pub(super) enum Source<'a> {
    /// A function of one column, for which the relation's name stands as well.
    Function,
    Rows,
    Table(&'a ScopedTable),
}

/// A column of a relation.
pub(super) struct KnownColumn {
    /// What the caller calls it.
    pub(super) label: String,
    /// What it is printed as.
    pub(super) name: String,
    pub(super) ty: Type,
    /// What is printed for it, if not its name.
    pub(super) instead: Option<Expr>,
    pub(super) used: bool,
}

/// What a name without a relation can mean.
#[derive(Clone)]
pub(super) enum Visible {
    /// Columns that a join makes one.
    Merged {
        label: String,
        expr: Expr,
        ty: Type,
        /// Relation and column of each.
        uses: Vec<(usize, usize)>,
    },
    One {
        relation: usize,
        column: usize,
    },
}

/// An output by its name.
#[derive(Clone)]
pub(super) struct OutputAlias {
    pub(super) label: String,
    pub(super) expr: Expr,
    pub(super) ty: Type,
    /// How much it adds to the statement where it is put in.
    pub(super) parts: usize,
}

/// Whether a name can mean an output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AliasUse {
    /// If no column has it.
    AfterColumns,
    /// Before any column.
    BeforeColumns,
    Never,
}

/// A query of WITH.
pub(super) struct NamedRows {
    pub(super) label: String,
    pub(super) printed: String,
    /// The names the caller and the print have for each column, and its type.
    pub(super) columns: Vec<(String, String, Type)>,
    /// How many relations it comes to.
    pub(super) relations: usize,
}

/// What a name turned out to mean.
pub(super) struct Found {
    /// Whether it is a column as a table holds it, and not what an expression made.
    pub(super) is_stored: bool,
    pub(super) label: String,
    pub(super) expr: Expr,
    pub(super) ty: Type,
}

/// How many of some labels a name means.
pub(super) enum Hit {
    Many,
    None,
    One(usize),
}

/// Which of the labels the name means: the one spelled exactly so, or else the one the dialect takes it for.
pub(super) fn hit<'l>(part: &Part, dialect: Dialect, labels: impl Iterator<Item = &'l str> + Clone) -> Hit {
    let exact = count(labels.clone().map(|label| label == part.text));
    match exact {
        Hit::None => count(labels.map(|label| part.is(label, dialect))),
        Hit::Many | Hit::One(_) => exact,
    }
}

fn count(matches: impl Iterator<Item = bool>) -> Hit {
    let mut places = matches.enumerate().filter(|(_, is_match)| *is_match).map(|(place, _)| place);
    match (places.next(), places.next()) {
        (None, _) => Hit::None,
        (Some(place), None) => Hit::One(place),
        (Some(_), Some(_)) => Hit::Many,
    }
}

impl<'a> Level<'a> {
    pub(super) fn new(names: Vec<String>) -> Level<'a> {
        Level {
            relations: Vec::new(),
            visible: Vec::new(),
            unseen: Unseen::default(),
            names,
            aliases: Vec::new(),
            alias_use: AliasUse::Never,
            windows: Vec::new(),
        }
    }

    /// Adds a relation, all of whose columns can be named without it.
    pub(super) fn add(&mut self, known: Known<'a>) {
        let relation = self.relations.len();
        self.visible.extend((0..known.columns.len()).map(|column| Visible::One { relation, column }));
        self.relations.push(known);
    }

    pub(super) fn seen(&self) -> &[Visible] {
        self.visible.get(self.unseen.visible..).unwrap_or_default()
    }

    pub(super) fn label<'v>(&'v self, visible: &'v Visible) -> &'v str {
        match visible {
            Visible::Merged { label, .. } => label,
            Visible::One { relation, column } => {
                let known = self.relations.get(*relation).and_then(|known| known.columns.get(*column));
                known.map_or("", |column| column.label.as_str())
            }
        }
    }

    /// What stands for it, noted as used. Nothing where there is no such thing.
    pub(super) fn take(&mut self, visible: &Visible) -> Option<Found> {
        match visible {
            Visible::Merged { label, expr, ty, uses } => {
                for (relation, column) in uses {
                    self.take_column(*relation, *column)?;
                }
                Some(Found { is_stored: false, label: label.clone(), expr: expr.clone(), ty: *ty })
            }
            Visible::One { relation, column } => self.take_column(*relation, *column),
        }
    }

    pub(super) fn take_column(&mut self, relation: usize, place: usize) -> Option<Found> {
        let known = self.relations.get_mut(relation)?;
        let is_stored = matches!(known.origin, Source::Table(_));
        let found = known.columns.get_mut(place)?;
        found.used = true;
        let expr = found.instead.clone().unwrap_or_else(|| column(&known.printed, &found.name));
        Some(Found { is_stored, label: found.label.clone(), expr, ty: found.ty })
    }

    /// The relations that a visible thing is of.
    pub(super) fn printed_relations<'v>(&'v self, visible: &'v Visible) -> Vec<&'v str> {
        let places = match visible {
            Visible::Merged { uses, .. } => uses.iter().map(|(relation, _)| *relation).collect(),
            Visible::One { relation, .. } => vec![*relation],
        };
        places
            .iter()
            .filter_map(|place| self.relations.get(*place))
            .map(|known| known.printed.as_str())
            .collect()
    }

    /// The relation a name means, among those that can be seen.
    pub(super) fn relation(&self, schema: Option<&Part>, name: &Part, dialect: Dialect) -> Hit {
        let seen = self.relations.get(self.unseen.relations..).unwrap_or_default();
        let labels = seen.iter().map(|known| {
            let fits = schema.is_none_or(|part| known.schema.is_some_and(|own| part.is(own, dialect)));
            if fits { known.label.as_str() } else { "" }
        });
        match hit(name, dialect, labels) {
            Hit::One(place) => Hit::One(place + self.unseen.relations),
            other => other,
        }
    }

    /// The output a name means.
    pub(super) fn alias(&self, name: &Part, dialect: Dialect) -> Result<Option<&OutputAlias>, ()> {
        match hit(name, dialect, self.aliases.iter().map(|alias| alias.label.as_str())) {
            Hit::Many => Err(()),
            Hit::None => Ok(None),
            Hit::One(place) => Ok(self.aliases.get(place)),
        }
    }
}
