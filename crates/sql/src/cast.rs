//! The types a value may be cast to and a column may have, in the words of each dialect, as data.
//!
//! Only built-in types that look nothing up and run nothing: no `regclass`, no `xml`, no domains, no enumerations. Every
//! usual spelling is read; the first of a type in its table is the one that is printed, so that what is printed is read
//! back as the same. Where a dialect has fewer types than words (SQLite, MySQL's CAST), the words fall together here.

use crate::dialect::Dialect;
use crate::ir::CastType;

mod words;

/// Words, and what they stand for.
struct Spelling {
    /// In the form of [`normal`], without lengths.
    words: &'static str,
    shape: Shape,
}

enum Shape {
    Char(Width),
    Numeric(Digits),
    Plain(CastType),
    /// Text of any length, whatever length is said.
    Text,
    Varchar(Width),
}

/// What a length may be.
enum Width {
    /// None is this one.
    Default(u64, Most),
    Optional(Most),
    Required(Most),
}

/// The greatest length.
type Most = u64;

enum Digits {
    /// Read and dropped, for the dialect has none.
    Dropped,
    Kept,
}

/// How a cast to the type is written; nothing where the dialect has no such cast.
pub(crate) fn printed(ty: &CastType, dialect: Dialect) -> Option<String> {
    print(ty, words::casts(dialect), dialect)
}

/// The type a cast names: `INT4`, `character varying(20)`, `double precision`, `nvarchar(max)`, `integer[]`.
pub(crate) fn read(text: &str, dialect: Dialect) -> Option<CastType> {
    parse(&normal(text), words::casts(dialect), dialect)
}

/// How a column of the type is declared.
pub(crate) fn declared(ty: &CastType, dialect: Dialect) -> Option<String> {
    print(ty, words::columns(dialect), dialect)
}

/// The type a column is declared with.
pub(crate) fn read_declared(text: &str, dialect: Dialect) -> Option<CastType> {
    parse(&normal(text), words::columns(dialect), dialect)
}

fn print(ty: &CastType, table: &[Spelling], dialect: Dialect) -> Option<String> {
    if let CastType::Array(element) = ty {
        let is_flat = dialect == Dialect::Postgres && !matches!(**element, CastType::Array(_));
        return if is_flat { Some(format!("{}[]", print(element, table, dialect)?)) } else { None };
    }
    table.iter().find_map(|spelling| spelling.print(ty))
}

fn parse(text: &str, table: &[Spelling], dialect: Dialect) -> Option<CastType> {
    if let Some(element) = text.strip_suffix("[]") {
        let is_flat = dialect == Dialect::Postgres && !element.ends_with(']');
        return if is_flat { Some(CastType::Array(Box::new(parse(element, table, dialect)?))) } else { None };
    }
    made(text, &[], table).or_else(|| {
        let (words, numbers) = text.strip_suffix(')')?.split_once('(')?;
        let numbers = numbers.split(',').map(|digits| digits.parse().ok());
        made(words, &numbers.collect::<Option<Vec<u64>>>()?, table)
    })
}

fn made(words: &str, numbers: &[u64], table: &[Spelling]) -> Option<CastType> {
    let mut spellings = table.iter().filter(|spelling| spelling.words == words);
    spellings.find_map(|spelling| spelling.shape.make(numbers))
}

/// Lower case, one space between words and none elsewhere.
fn normal(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").to_ascii_lowercase().replace(" (", "(").replace(", ", ",")
}

impl Spelling {
    fn print(&self, ty: &CastType) -> Option<String> {
        let words = self.words.to_ascii_uppercase();
        match (&self.shape, ty) {
            (Shape::Plain(plain), _) => (plain == ty).then_some(words),
            (Shape::Char(width), CastType::Char(length))
            | (Shape::Varchar(width), CastType::Varchar(length)) => match length {
                None => matches!(width, Width::Optional(_)).then_some(words),
                Some(length) => width.admits(*length).then(|| format!("{words}({length})")),
            },
            (Shape::Numeric(Digits::Kept), CastType::Numeric(precision, scale)) => match (precision, scale) {
                (None, None) => Some(words),
                (Some(precision), None) => Some(format!("{words}({precision})")),
                (Some(precision), Some(scale)) => Some(format!("{words}({precision},{scale})")),
                (None, Some(_)) => None,
            },
            (Shape::Numeric(Digits::Dropped), CastType::Numeric(None, None)) => Some(words),
            (Shape::Text, CastType::Text) => Some(words),
            (Shape::Char(_) | Shape::Numeric(_) | Shape::Text | Shape::Varchar(_), _) => None,
        }
    }
}

impl Shape {
    fn make(&self, numbers: &[u64]) -> Option<CastType> {
        match (self, numbers) {
            (Shape::Plain(ty), []) => Some(ty.clone()),
            (Shape::Char(width), _) => width.read(numbers).map(CastType::Char),
            (Shape::Varchar(width), _) => width.read(numbers).map(CastType::Varchar),
            (Shape::Numeric(Digits::Dropped), [] | [_] | [_, _]) => Some(CastType::Numeric(None, None)),
            (Shape::Numeric(Digits::Kept), []) => Some(CastType::Numeric(None, None)),
            (Shape::Numeric(Digits::Kept), [precision]) => Some(CastType::Numeric(Some(*precision), None)),
            (Shape::Numeric(Digits::Kept), [precision, scale]) => {
                Some(CastType::Numeric(Some(*precision), Some(*scale)))
            }
            (Shape::Text, [] | [_]) => Some(CastType::Text),
            (Shape::Numeric(_) | Shape::Plain(_) | Shape::Text, _) => None,
        }
    }
}

impl Width {
    fn admits(&self, length: u64) -> bool {
        let (Width::Default(_, most) | Width::Optional(most) | Width::Required(most)) = self;
        (1..=*most).contains(&length)
    }

    /// The length that the numbers in parentheses say, if it is one.
    fn read(&self, numbers: &[u64]) -> Option<Option<u64>> {
        match (self, numbers) {
            (_, [length]) => self.admits(*length).then_some(Some(*length)),
            (Width::Default(length, _), []) => Some(Some(*length)),
            (Width::Optional(_), []) => Some(None),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
