//! Values: printed where they are digits or words, numbered and bound where they are anything else.

use std::fmt::Write;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::mem::discriminant;

use crate::dialect::Dialect;
use crate::value::Value;

use super::Printer;

impl Printer {
    /// A value where a value stands. T-SQL has no word for a boolean.
    pub(super) fn literal(&mut self, value: &Value) {
        match value {
            Value::Null => self.text("NULL"),
            Value::Boolean(value) => self.boolean(*value),
            Value::Number(digits) if digits.starts_with('-') => {
                self.text("(");
                self.text(digits);
                self.text(")");
            }
            Value::Number(digits) => self.text(digits),
            bound => self.parameter(bound),
        }
    }

    fn boolean(&mut self, value: bool) {
        self.text(match (self.dialect, value) {
            (Dialect::SqlServer, true) => "CAST(1 AS BIT)",
            (Dialect::SqlServer, false) => "CAST(0 AS BIT)",
            (Dialect::MySql | Dialect::Postgres | Dialect::Sqlite, true) => "TRUE",
            (Dialect::MySql | Dialect::Postgres | Dialect::Sqlite, false) => "FALSE",
        });
    }

    /// A number of rows. Resolution keeps it within the engines' range; beyond it the read-back would differ.
    pub(super) fn count(&mut self, rows: u64) {
        self.parameter(&Value::Integer(i64::try_from(rows).unwrap_or(i64::MAX)));
    }

    fn parameter(&mut self, value: &Value) {
        let casts = self.dialect.casts(value);
        for _ in casts {
            self.text("CAST(");
        }
        self.text(self.dialect.parameter_sign());
        let number = self.number(value);
        if self.dialect.numbers_parameters() {
            // Writing to a string cannot fail.
            let _ = write!(self.sql, "{number}");
        }
        for cast in casts {
            self.text(" AS ");
            self.text(cast);
            self.text(")");
        }
    }

    /// Prints what has nothing that it must equal.
    pub(super) fn apart(&mut self, print: impl FnOnce(&mut Self)) {
        let before = std::mem::replace(&mut self.apart, true);
        print(self);
        self.apart = before;
    }

    /// The number of the parameter that holds the value, counted from 1.
    fn number(&mut self, value: &Value) -> usize {
        // PostgreSQL gives a parameter one type, and two places may give the same text two.
        let stands_apart =
            self.apart && self.dialect == Dialect::Postgres && matches!(value, Value::Untyped(_));
        // Nothing equals what has a digest that no value has.
        let digest = if stands_apart { !digest(value) } else { digest(value) };
        if self.dialect.numbers_parameters() && !stands_apart {
            let known = self.digests.iter().zip(&self.values);
            let equal = known.enumerate().find(|(_, (known, held))| **known == digest && *held == value);
            if let Some((index, _)) = equal {
                return index + 1;
            }
        }
        self.digests.push(digest);
        self.values.push(value.clone());
        self.values.len()
    }

    /// A text that is written out, where no engine takes a parameter. What it says is no secret and no value of a row.
    pub(super) fn string(&mut self, text: &str) {
        if self.dialect == Dialect::SqlServer {
            self.text("N");
        }
        self.text("'");
        for c in text.chars() {
            if c == '\'' || (c == '\\' && self.dialect == Dialect::MySql) {
                self.sql.push(c);
            }
            self.sql.push(c);
        }
        self.text("'");
    }

    /// A value that is written out whatever it is.
    pub(super) fn inline(&mut self, value: &Value) {
        match value {
            Value::Text(text) | Value::Untyped(text) => self.string(text),
            other => self.literal(other),
        }
    }
}

fn digest(value: &Value) -> u64 {
    let mut hasher = DefaultHasher::new();
    discriminant(value).hash(&mut hasher);
    match value {
        Value::Null => {}
        Value::Boolean(value) => value.hash(&mut hasher),
        Value::Bytes(bytes) => bytes.hash(&mut hasher),
        Value::Integer(value) => value.hash(&mut hasher),
        Value::Real(value) => value.to_bits().hash(&mut hasher),
        Value::Date(text)
        | Value::Decimal(text)
        | Value::Number(text)
        | Value::Text(text)
        | Value::Time(text)
        | Value::Timestamp(text)
        | Value::TimestampTz(text)
        | Value::Untyped(text)
        | Value::Uuid(text) => text.hash(&mut hasher),
    }
    hasher.finish()
}
