//! Expressions of any form.

use crate::dialect::Dialect;
use crate::filter::Comparison;
use crate::ir::{At, Binary, Branch, Call, CastType, Expr, IsTest, Quantifier, Side, Trim, Unary, Unit};
use crate::value::Value;

use super::Maker;

const COMPARISONS: [Comparison; 6] = [
    Comparison::Equal,
    Comparison::Greater,
    Comparison::GreaterOrEqual,
    Comparison::Less,
    Comparison::LessOrEqual,
    Comparison::NotEqual,
];

impl Maker<'_> {
    pub(super) fn expr(&mut self) -> Expr {
        self.nested(Maker::leaf, |maker| match maker.pick(8) {
            0 | 1 => maker.leaf(),
            2 => maker.condition(),
            3 => maker.closed(),
            4 => Expr::Call(Box::new(maker.call())),
            5 => maker.special(),
            6 => Expr::Scalar(Box::new(maker.scalar())),
            _ => maker.operation(),
        })
    }

    pub(super) fn boxed(&mut self) -> Box<Expr> {
        Box::new(self.expr())
    }

    pub(super) fn leaf(&mut self) -> Expr {
        if self.flag() { self.column() } else { Expr::Literal(self.value()) }
    }

    pub(super) fn column(&mut self) -> Expr {
        Expr::Column { name: vec![self.part(), self.part()], at: At::default() }
    }

    /// What is true or false.
    pub(super) fn condition(&mut self) -> Expr {
        let negated = self.flag();
        let made = self.nested(Maker::leaf, |maker| match maker.pick(11) {
            0 => {
                Expr::Compare { operator: maker.one(&COMPARISONS), left: maker.boxed(), right: maker.boxed() }
            }
            1 => Expr::And(maker.many(2, 2, Maker::condition)),
            2 => Expr::Or(maker.many(2, 2, Maker::condition)),
            3 => Expr::Between { negated, operand: maker.boxed(), low: maker.boxed(), high: maker.boxed() },
            4 => Expr::Distinct { negated, left: maker.boxed(), right: maker.boxed() },
            5 => Expr::In { negated, operand: maker.boxed(), list: maker.list() },
            6 => Expr::InQuery { negated, operand: maker.boxed(), query: Box::new(maker.query()) },
            7 => maker.test(negated),
            8 => maker.like(negated),
            9 => Expr::Not(Box::new(maker.condition())),
            _ if negated => Expr::Exists { negated: maker.flag(), query: Box::new(maker.query()) },
            _ => maker.quantified(),
        });
        if self.has_other_form(&made) { self.column() } else { made }
    }

    /// What lowering reads as something else that means the same.
    fn has_other_form(&self, expr: &Expr) -> bool {
        let is_true = |expr: &Expr| *expr == Expr::Literal(Value::Boolean(true));
        match expr {
            Expr::Not(inner) => {
                self.is(Dialect::MySql) && matches!(**inner, Expr::Distinct { negated: true, .. })
            }
            Expr::Compare { operator: Comparison::Equal, left, right } => {
                self.is(Dialect::SqlServer)
                    && is_true(right)
                    && matches!(**left, Expr::Literal(Value::Boolean(_)))
            }
            _ => false,
        }
    }

    /// A list that does not begin with a query, which would be taken for one the whole list is.
    fn list(&mut self) -> Vec<Expr> {
        let mut list = vec![self.leaf()];
        list.extend(self.many(0, 2, Maker::expr));
        list
    }

    fn test(&mut self, negated: bool) -> Expr {
        let tests: &[IsTest] = match self.dialect {
            Dialect::SqlServer => &[IsTest::Null],
            Dialect::Sqlite => &[IsTest::Null, IsTest::True, IsTest::False],
            Dialect::MySql | Dialect::Postgres => {
                &[IsTest::Null, IsTest::True, IsTest::False, IsTest::Unknown]
            }
        };
        Expr::Is { negated, test: self.one(tests), operand: self.boxed() }
    }

    fn like(&mut self, negated: bool) -> Expr {
        let blind = self.is(Dialect::Sqlite) || self.flag();
        let escape = self.maybe(|maker| maker.one(&['!', '\'', '\\', '%', '"']));
        Expr::Like { negated, blind, operand: self.boxed(), pattern: self.boxed(), escape }
    }

    fn quantified(&mut self) -> Expr {
        let right = match self.pick(3) {
            0 if self.is(Dialect::Postgres) => self.boxed(),
            _ => Box::new(Expr::Scalar(Box::new(self.scalar()))),
        };
        if self.is(Dialect::Sqlite) {
            return self.column();
        }
        Expr::Quantified {
            operator: self.one(&COMPARISONS),
            left: self.boxed(),
            quantifier: self.one(&[Quantifier::Any, Quantifier::All]),
            right,
        }
    }

    fn operation(&mut self) -> Expr {
        if self.rarely() {
            let operator = self.one(&[Unary::BitNot, Unary::Minus, Unary::Plus]);
            return Expr::Unary { operator, operand: Box::new(self.column()) };
        }
        let operators = operators(self.dialect);
        Expr::Binary { operator: self.one(&operators), left: self.boxed(), right: self.boxed() }
    }

    fn closed(&mut self) -> Expr {
        match self.pick(5) {
            0 => Expr::Case {
                operand: self.maybe(Maker::boxed),
                branches: self.many(1, 2, |maker| Branch { when: maker.condition(), then: maker.expr() }),
                otherwise: self.maybe(Maker::boxed),
            },
            1 => self.cast(),
            2 => Expr::Tuple(self.many(2, 2, Maker::expr)),
            3 => Expr::Call(Box::new(self.window_call())),
            _ => self.trim(),
        }
    }

    /// In T-SQL a one or a nought as BIT is a boolean.
    fn cast(&mut self) -> Expr {
        let (operand, ty) = (self.boxed(), self.ty());
        let lenient = self.is(Dialect::SqlServer) && self.flag();
        if ty == CastType::Boolean && matches!(*operand, Expr::Literal(Value::Number(_))) {
            return *operand;
        }
        Expr::Cast { operand, ty, lenient }
    }

    /// T-SQL and SQLite have TRIM as a plain function; only PostgreSQL takes a side alone.
    fn trim(&mut self) -> Expr {
        if !matches!(self.dialect, Dialect::MySql | Dialect::Postgres) {
            return self.column();
        }
        let side = self.maybe(|maker| maker.one(&[Side::Both, Side::Leading, Side::Trailing]));
        let what = if side.is_some() || self.flag() { Some(self.expr()) } else { None };
        if side.is_none() && what.is_none() {
            return self.column();
        }
        Expr::Trim(Box::new(Trim { side, what, from: self.expr() }))
    }

    fn special(&mut self) -> Expr {
        let units =
            [Unit::Day, Unit::Hour, Unit::Month, Unit::Second, Unit::Year, Unit::Quarter, Unit::Microsecond];
        let unit = self.one(&units);
        let dialect = self.dialect;
        match dialect {
            Dialect::MySql => match self.pick(3) {
                0 => Expr::Interval { amount: self.boxed(), unit },
                1 => Expr::Extract { unit, from: self.boxed() },
                _ => self.of("timestampdiff", |maker| vec![Expr::Unit(unit), maker.expr(), maker.expr()]),
            },
            Dialect::Postgres => match self.pick(3) {
                0 => Expr::Array(self.many(1, 2, Maker::expr)),
                1 => Expr::Extract {
                    unit: self.one(&[Unit::Epoch, Unit::DayOfWeek, Unit::Week, Unit::IsoYear, unit]),
                    from: self.boxed(),
                },
                _ => Expr::AtTimeZone { operand: self.boxed(), zone: self.boxed() },
            },
            Dialect::SqlServer if self.flag() => {
                self.of("dateadd", |maker| vec![Expr::Unit(unit), maker.expr(), maker.expr()])
            }
            Dialect::SqlServer | Dialect::Sqlite => self.of("current_timestamp", |_| Vec::new()),
        }
    }

    fn of(&mut self, name: &str, arguments: impl FnOnce(&mut Self) -> Vec<Expr>) -> Expr {
        let arguments = arguments(self);
        Expr::Call(Box::new(Call { arguments, ..self.bare(name) }))
    }
}

fn operators(dialect: Dialect) -> Vec<Binary> {
    let mut all = vec![
        Binary::Add,
        Binary::Subtract,
        Binary::Multiply,
        Binary::Divide,
        Binary::Modulo,
        Binary::BitAnd,
        Binary::BitOr,
    ];
    all.extend_from_slice(match dialect {
        Dialect::MySql => &[
            Binary::BitXor,
            Binary::DivideWhole,
            Binary::Regex,
            Binary::NotRegex,
            Binary::ShiftLeft,
            Binary::ShiftRight,
        ],
        Dialect::Postgres => &[
            Binary::BitXor,
            Binary::Concat,
            Binary::Contains,
            Binary::ContainedBy,
            Binary::HasKey,
            Binary::HasAnyKey,
            Binary::HasAllKeys,
            Binary::Json,
            Binary::JsonPath,
            Binary::JsonPathText,
            Binary::JsonText,
            Binary::Overlaps,
            Binary::Power,
            Binary::Regex,
            Binary::RegexBlind,
            Binary::NotRegex,
            Binary::NotRegexBlind,
            Binary::ShiftLeft,
            Binary::ShiftRight,
        ],
        Dialect::SqlServer => &[Binary::BitXor],
        Dialect::Sqlite => &[
            Binary::Concat,
            Binary::Glob,
            Binary::Json,
            Binary::JsonText,
            Binary::ShiftLeft,
            Binary::ShiftRight,
        ],
    });
    all
}
