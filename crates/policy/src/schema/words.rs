//! What a schema found, in words a caller or an operator can act on. The arguments themselves are not repeated.

use std::fmt::{self, Display};

use serde_json::Value;

use crate::problem::{item, member};
use crate::schema::format::Format;
use crate::schema::part::{Bound, Contains, Count, Counted, End, Kinds, Limit, Side};

/// What a value does not meet, and where in it.
#[derive(Debug)]
pub(super) struct Unmet<'s> {
    what: Complaint<'s>,
    /// From within to without.
    path: Vec<Step>,
}

#[derive(Debug)]
enum Step {
    Item(usize),
    Member(String),
}

/// What is wrong with a value.
#[derive(Debug)]
pub(super) enum Complaint<'s> {
    Bound(&'s Bound),
    Constant(&'s Value),
    Contains(&'s Contains),
    Count(&'s Count),
    Format(Format),
    Kinds(Kinds),
    Missing(&'s str),
    MoreItems(usize),
    MoreMembers(String),
    Multiple(&'s Limit),
    Name(Box<Unmet<'s>>),
    Never,
    NoneOf(&'static str),
    Not,
    Options(&'s [Value]),
    Pattern(&'s str),
    SeveralOf(&'static str),
    Twice,
}

/// Most values of a list that are told.
const SHOWN: usize = 3;

impl<'s> Unmet<'s> {
    pub(super) fn here(what: Complaint<'s>) -> Unmet<'s> {
        Unmet { what, path: Vec::new() }
    }

    pub(super) fn leave_item(&mut self, index: usize) {
        self.path.push(Step::Item(index));
    }

    pub(super) fn leave_member(&mut self, name: &str) {
        self.path.push(Step::Member(name.to_owned()));
    }
}

impl Display for Unmet<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() {
            return write!(f, "the arguments: {}", self.what);
        }
        let path = self.path.iter().rev().fold("args".to_owned(), |path, step| match step {
            Step::Item(index) => item(&path, *index),
            Step::Member(name) => member(&path, name),
        });
        write!(f, "`{path}`: {}", self.what)
    }
}

impl Display for Complaint<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Complaint::Bound(bound) => self::bound(f, bound),
            Complaint::Constant(value) => write!(f, "{value} was expected"),
            Complaint::Contains(asked) => contains(f, asked),
            Complaint::Count(count) => self::count(f, count),
            Complaint::Format(format) => write!(f, "it is not a \"{}\"", format.name()),
            Complaint::Kinds(kinds) => self::kinds(f, *kinds),
            Complaint::Missing(name) => write!(f, "{name:?} is a required property"),
            Complaint::MoreItems(1) => f.write_str("it has 1 item more than is allowed"),
            Complaint::MoreItems(more) => write!(f, "it has {more} items more than are allowed"),
            Complaint::MoreMembers(name) => {
                write!(f, "Additional properties are not allowed ('{name}' was unexpected)")
            }
            Complaint::Multiple(limit) => write!(f, "it is not a multiple of {}", limit.shown),
            Complaint::Name(unmet) => write!(f, "a name in it is not allowed: {}", unmet.what),
            Complaint::Never => f.write_str("it is not allowed"),
            Complaint::NoneOf(keyword) => {
                write!(f, "it is not valid under any of the schemas listed in the '{keyword}' keyword")
            }
            Complaint::Not => f.write_str("it is what the schema in the 'not' keyword rules out"),
            Complaint::Options(values) => options(f, values),
            Complaint::Pattern(pattern) => write!(f, "it does not match \"{pattern}\""),
            Complaint::SeveralOf(keyword) => {
                write!(f, "it is valid under more than one of the schemas listed in the '{keyword}' keyword")
            }
            Complaint::Twice => f.write_str("it has non-unique elements"),
        }
    }
}

fn bound(f: &mut fmt::Formatter<'_>, bound: &Bound) -> fmt::Result {
    let words = match bound.side {
        Side::Above => "less than or equal to the minimum of",
        Side::AtLeast => "less than the minimum of",
        Side::AtMost => "greater than the maximum of",
        Side::Below => "greater than or equal to the maximum of",
    };
    write!(f, "it is {words} {}", bound.limit.shown)
}

fn count(f: &mut fmt::Formatter<'_>, count: &Count) -> fmt::Result {
    let Count { of, end, limit } = count;
    let (one, several) = match of {
        Counted::Characters => ("character", "characters"),
        Counted::Items => ("item", "items"),
        Counted::Properties => ("property", "properties"),
    };
    let words = match (of, end) {
        (Counted::Characters, End::Least) => "is shorter than",
        (Counted::Characters, End::Most) => "is longer than",
        (_, End::Least) => "has less than",
        (_, End::Most) => "has more than",
    };
    write!(f, "it {words} {limit} {}", if *limit == 1 { one } else { several })
}

fn contains(f: &mut fmt::Formatter<'_>, asked: &Contains) -> fmt::Result {
    match (asked.least, asked.most) {
        (1, None) => f.write_str("no item in it is valid under the schema in the 'contains' keyword"),
        (least, most) => {
            write!(f, "at least {least}")?;
            if let Some(most) = most {
                write!(f, " and at most {most}")?;
            }
            f.write_str(" of its items have to be valid under the schema in the 'contains' keyword")
        }
    }
}

fn kinds(f: &mut fmt::Formatter<'_>, kinds: Kinds) -> fmt::Result {
    let names = kinds.names();
    let types = if names.len() == 1 { "type" } else { "types" };
    write!(f, "it is not of {types} \"{}\"", names.join("\", \""))
}

fn options(f: &mut fmt::Formatter<'_>, values: &[Value]) -> fmt::Result {
    f.write_str("it is not one of ")?;
    let shown = if values.len() <= SHOWN { values.len() } else { SHOWN - 1 };
    for (at, value) in values.iter().take(shown).enumerate() {
        let sign = match at {
            0 => "",
            at if at + 1 == values.len() => " or ",
            _ => ", ",
        };
        write!(f, "{sign}{value}")?;
    }
    match values.len() - shown {
        0 => Ok(()),
        more => write!(f, " or {more} other candidates"),
    }
}
