//! Statements of any form that a dialect has, made of bytes: fewer and smaller bytes make a simpler statement, so that a
//! counterexample shrinks to what matters.

mod call;
mod expr;
mod query;
mod write;

use crate::dialect::Dialect;
use crate::ir::{At, Body, CastType};
use crate::name::Part;
use crate::value::Value;
use crate::{cast, function};

/// Letters that a name or a text may be made of; every quote of every dialect is among them.
const LETTERS: [char; 20] =
    ['a', 'b', 'Z', '_', '1', ' ', '"', '`', '[', ']', '\'', '\\', ';', '-', '.', '%', '$', 'é', '(', '/'];

/// How deep statements nest.
const DEEPEST: usize = 5;

pub(super) fn body(bytes: &[u8], dialect: Dialect) -> Body {
    let mut maker = Maker { bytes: bytes.iter(), dialect, depth: 0 };
    match maker.pick(6) {
        0..=2 => Body::Query(maker.query()),
        3 => Body::Insert(maker.insert()),
        4 => Body::Update(maker.update()),
        _ => match maker.pick(3) {
            0 => Body::Delete(maker.delete()),
            _ => Body::Ddl(maker.ddl()),
        },
    }
}

struct Maker<'a> {
    bytes: std::slice::Iter<'a, u8>,
    dialect: Dialect,
    depth: usize,
}

impl Maker<'_> {
    fn byte(&mut self) -> usize {
        self.bytes.next().copied().map_or(0, usize::from)
    }

    fn pick(&mut self, of: usize) -> usize {
        self.byte() % of
    }

    fn one<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.pick(of.len())].clone()
    }

    fn flag(&mut self) -> bool {
        self.byte() % 2 == 1
    }

    fn rarely(&mut self) -> bool {
        self.byte() % 5 == 4
    }

    fn many<T>(&mut self, least: usize, more: usize, mut one: impl FnMut(&mut Self) -> T) -> Vec<T> {
        let count = least + self.pick(more + 1);
        (0..count).map(|_| one(self)).collect()
    }

    fn maybe<T>(&mut self, one: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.rarely().then(|| one(self))
    }

    /// What `deep` makes, or beyond the deepest level what `flat` makes.
    fn nested<T>(&mut self, flat: impl FnOnce(&mut Self) -> T, deep: impl FnOnce(&mut Self) -> T) -> T {
        if self.depth >= DEEPEST {
            return flat(self);
        }
        self.depth += 1;
        let made = deep(self);
        self.depth -= 1;
        made
    }

    fn is(&self, dialect: Dialect) -> bool {
        self.dialect == dialect
    }

    fn part(&mut self) -> Part {
        let text = self.text(1);
        Part { text, quoted: true }
    }

    fn part_at(&mut self) -> (Part, At) {
        (self.part(), At::default())
    }

    fn text(&mut self, least: usize) -> String {
        self.many(least, 4, |maker| maker.one(&LETTERS)).into_iter().collect()
    }

    fn value(&mut self) -> Value {
        match self.pick(15) {
            0 => Value::Null,
            1 => Value::Number(self.one(&["0", "1", "-1", "42", "-7.5", "0.25", "1e3"]).to_owned()),
            2 => Value::Boolean(self.flag()),
            3 | 4 => Value::Untyped(self.text(0)),
            5 => Value::Text(self.text(0)),
            6 => Value::Integer(self.one(&[0, 1, -1, i64::MAX, i64::MIN])),
            7 => Value::Real(self.one(&[0.0, 1.5, -2.25e30])),
            8 => Value::Bytes(self.text(0).into_bytes()),
            9 => Value::Date(self.text(0)),
            10 => Value::Decimal(self.text(0)),
            11 => Value::Time(self.text(0)),
            12 => Value::Timestamp(self.text(0)),
            13 => Value::TimestampTz(self.text(0)),
            _ => Value::Uuid(self.text(0)),
        }
    }

    /// A type that has a word of its own in the dialect.
    fn ty(&mut self) -> CastType {
        let dialect = self.dialect;
        let own = |ty: &CastType| {
            cast::printed(ty, dialect).and_then(|text| cast::read(&text, dialect)).as_ref() == Some(ty)
        };
        self.one(&types().into_iter().filter(own).collect::<Vec<_>>())
    }

    fn column_type(&mut self) -> CastType {
        let dialect = self.dialect;
        let own = |ty: &CastType| {
            cast::declared(ty, dialect).and_then(|text| cast::read_declared(&text, dialect)).as_ref()
                == Some(ty)
        };
        self.one(&types().into_iter().filter(own).collect::<Vec<_>>())
    }

    /// The function of the dialect.
    fn function(&self, name: &str) -> &'static function::Function {
        function::find(self.dialect, name).unwrap()
    }
}

fn types() -> Vec<CastType> {
    vec![
        CastType::Text,
        CastType::Integer,
        CastType::Array(Box::new(CastType::Integer)),
        CastType::BigInt,
        CastType::Boolean,
        CastType::Bytes,
        CastType::Char(None),
        CastType::Char(Some(3)),
        CastType::Date,
        CastType::DateTime,
        CastType::DoublePrecision,
        CastType::Interval,
        CastType::Json,
        CastType::JsonBinary,
        CastType::Numeric(None, None),
        CastType::Numeric(Some(10), None),
        CastType::Numeric(Some(10), Some(2)),
        CastType::Real,
        CastType::Signed,
        CastType::SmallInt,
        CastType::Time,
        CastType::Timestamp,
        CastType::TimestampTz,
        CastType::Unsigned,
        CastType::Uuid,
        CastType::Varchar(None),
        CastType::Varchar(Some(20)),
    ]
}
