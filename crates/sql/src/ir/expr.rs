//! What has a value.

use crate::filter::Comparison;
use crate::name::Part;
use crate::value::Value;

use super::{Call, Query};

/// Where something stands in the caller's text. It is no part of what is said: any two are equal.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct At {
    /// Counted from 1; 0 where there is no text.
    pub(crate) line: u64,
    pub(crate) column: u64,
}

impl PartialEq for At {
    fn eq(&self, _: &At) -> bool {
        true
    }
}

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Expr {
    /// Two or more. `a AND b AND c` is one of three.
    And(Vec<Expr>),
    /// PostgreSQL's `ARRAY[…]`.
    Array(Vec<Expr>),
    AtTimeZone {
        operand: Box<Expr>,
        zone: Box<Expr>,
    },
    Between {
        negated: bool,
        operand: Box<Expr>,
        low: Box<Expr>,
        high: Box<Expr>,
    },
    Binary {
        operator: Binary,
        left: Box<Expr>,
        right: Box<Expr>,
    },
    Call(Box<Call>),
    Case {
        operand: Option<Box<Expr>>,
        branches: Vec<Branch>,
        otherwise: Option<Box<Expr>>,
    },
    /// `lenient`: T-SQL's TRY_CAST, which gives NULL where it cannot.
    Cast {
        operand: Box<Expr>,
        ty: CastType,
        lenient: bool,
    },
    /// As written: one to three parts. Resolved: the relation's alias and the column.
    Column {
        name: Vec<Part>,
        at: At,
    },
    Compare {
        operator: Comparison,
        left: Box<Expr>,
        right: Box<Expr>,
    },
    /// T-SQL's CONVERT with a style, which says how a date or bytes are written; without one it is a cast.
    Convert {
        operand: Box<Expr>,
        ty: CastType,
        style: u16,
        lenient: bool,
    },
    /// `IS [NOT] DISTINCT FROM`; `negated` is the form with NOT (equal, NULLs too). MySQL `<=>`, SQLite `IS`.
    Distinct {
        negated: bool,
        left: Box<Expr>,
        right: Box<Expr>,
    },
    Exists {
        negated: bool,
        query: Box<Query>,
    },
    Extract {
        unit: Unit,
        from: Box<Expr>,
    },
    In {
        negated: bool,
        operand: Box<Expr>,
        list: Vec<Expr>,
    },
    InQuery {
        negated: bool,
        operand: Box<Expr>,
        query: Box<Query>,
    },
    /// MySQL's `INTERVAL 1 DAY`. PostgreSQL's `INTERVAL '1 day'` is a cast.
    Interval {
        amount: Box<Expr>,
        unit: Unit,
    },
    Is {
        negated: bool,
        operand: Box<Expr>,
        test: IsTest,
    },
    /// `blind`: ignoring case (PostgreSQL ILIKE; the dialect's way elsewhere). `escape`: the escape character.
    Like {
        negated: bool,
        blind: bool,
        operand: Box<Expr>,
        pattern: Box<Expr>,
        escape: Option<char>,
    },
    Literal(Value),
    Not(Box<Expr>),
    /// Two or more.
    Or(Vec<Expr>),
    /// `x = ANY (SELECT …)`, or of an array in PostgreSQL.
    Quantified {
        operator: Comparison,
        left: Box<Expr>,
        quantifier: Quantifier,
        right: Box<Expr>,
    },
    /// A query that gives one value.
    Scalar(Box<Query>),
    Trim(Box<Trim>),
    /// `(a, b)`, where rows are compared.
    Tuple(Vec<Expr>),
    Unary {
        operator: Unary,
        operand: Box<Expr>,
    },
    /// A word where a function wants one: `DATEADD(day, …)`, `TIMESTAMPDIFF(HOUR, …)`.
    Unit(Unit),
}

/// Operators between two values that are not comparisons. Not every dialect has every one; lowering says which.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Binary {
    Add,
    BitAnd,
    BitOr,
    BitXor,
    Concat,
    /// `@>`
    Contains,
    /// `<@`
    ContainedBy,
    Divide,
    /// MySQL DIV.
    DivideWhole,
    /// `?`, `?|`, `?&`
    HasKey,
    HasAnyKey,
    HasAllKeys,
    /// `->`, `->>`, `#>`, `#>>`
    Json,
    JsonPath,
    JsonPathText,
    JsonText,
    Modulo,
    Multiply,
    /// `&&` of arrays and ranges.
    Overlaps,
    /// `^` of PostgreSQL.
    Power,
    /// `~`, `~*`, `!~`, `!~*`; MySQL and SQLite REGEXP is `Regex` and `NotRegex`. SQLite has GLOB as well.
    Regex,
    RegexBlind,
    NotRegex,
    NotRegexBlind,
    Glob,
    ShiftLeft,
    ShiftRight,
    Subtract,
}

/// Operators before one value. A minus before a number is part of the number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unary {
    BitNot,
    Minus,
    Plus,
}

/// What IS asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum IsTest {
    False,
    Null,
    True,
    Unknown,
}

/// Of how many a comparison must hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Quantifier {
    All,
    Any,
}

/// One WHEN of a CASE.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Branch {
    pub(crate) when: Expr,
    pub(crate) then: Expr,
}

/// TRIM in its own syntax.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Trim {
    pub(crate) side: Option<Side>,
    pub(crate) what: Option<Expr>,
    pub(crate) from: Expr,
}

/// The side that is trimmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Both,
    Leading,
    Trailing,
}

/// Parts of dates, and units of intervals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    Century,
    Day,
    DayOfWeek,
    DayOfYear,
    Decade,
    Epoch,
    Hour,
    IsoDayOfWeek,
    IsoWeek,
    IsoYear,
    Microsecond,
    Millisecond,
    Minute,
    Month,
    Quarter,
    Second,
    Week,
    Weekday,
    Year,
}

/// The types a value may be cast to. None of them runs code or looks a name up (PostgreSQL's `regclass` would).
/// Length, precision and scale where they are said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum CastType {
    /// Of PostgreSQL: `integer[]`.
    Array(Box<CastType>),
    BigInt,
    Boolean,
    Bytes,
    Char(Option<u64>),
    Date,
    DateTime,
    DoublePrecision,
    Integer,
    Interval,
    Json,
    /// PostgreSQL's jsonb.
    JsonBinary,
    Numeric(Option<u64>, Option<u64>),
    Real,
    /// MySQL's SIGNED and UNSIGNED, which are its casts to integers.
    Signed,
    SmallInt,
    Text,
    Time,
    Timestamp,
    TimestampTz,
    Unsigned,
    Uuid,
    Varchar(Option<u64>),
}
